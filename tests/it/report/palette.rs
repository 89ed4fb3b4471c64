//! The colours of the shipped style by numbers (WCAG 2 contrast): text, marks, shades, in light, dark and print.

use std::collections::BTreeMap;

type Palette = BTreeMap<String, f64>;

/// Relative luminance of each `--name: #…` of a block.
fn palette(block: &str) -> Palette {
    let mut found = Palette::new();
    for declaration in block.split(';') {
        let Some((name, value)) = declaration.split_once(": #") else { continue };
        let name = name.rsplit("--").next().unwrap_or_default().trim();
        let digits: Vec<u32> = value.trim().chars().filter_map(|c| c.to_digit(16)).collect();
        let channels: Vec<u32> = match digits.len() {
            3 => digits.iter().map(|d| d * 17).collect(),
            6 => digits.chunks(2).map(|d| d[0] * 16 + d[1]).collect(),
            n => panic!("{name} has {n} digits"),
        };
        let linear = |c: u32| {
            let c = f64::from(c) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let light = 0.2126 * linear(channels[0]) + 0.7152 * linear(channels[1]) + 0.0722 * linear(channels[2]);
        found.insert(name.to_owned(), light);
    }
    found
}

/// Light, dark, print; each has all names.
fn palettes() -> [(&'static str, Palette); 3] {
    let style = include_str!("../../../templates/partials/style.css");
    let blocks: Vec<&str> = style.split(":root {").skip(1).filter_map(|b| b.split('}').next()).collect();
    assert_eq!(blocks.len(), 3, "light, dark, print");
    let light = palette(blocks[0]);
    // What a later block does not say again stays.
    let over = |block: &str| light.clone().into_iter().chain(palette(block)).collect();
    [("light", light.clone()), ("dark", over(blocks[1])), ("print", over(blocks[2]))]
}

fn contrast(a: f64, b: f64) -> f64 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Panics where two colours are nearer than `least`.
fn apart(name: &str, palette: &Palette, a: &str, b: &str, least: f64) {
    let ratio = contrast(palette[a], palette[b]);
    assert!(ratio >= least, "{name}: {a} on {b} is {ratio:.2}:1, needed {least}:1");
}

#[test]
fn text_is_readable_on_every_ground() {
    for (name, p) in palettes() {
        for ground in ["bg", "card", "soft", "draft"] {
            for text in ["ink", "mute", "link", "good", "bad", "warn"] {
                apart(name, &p, text, ground, 4.5);
            }
        }
        apart(name, &p, "ink", "share", 4.5);
    }
}

#[test]
fn marks_stand_out_and_apart() {
    for (name, p) in palettes() {
        let series: Vec<String> = (1..=6).map(|n| format!("series-{n}")).collect();
        for (i, one) in series.iter().enumerate() {
            apart(name, &p, one, "card", 3.0);
            // The first four also in grey; further ones have a dash or a place of their own.
            for other in series[..i].iter().filter(|_| i < 4) {
                apart(name, &p, one, other, 1.35);
            }
        }
    }
}

#[test]
fn shades_go_one_way_and_carry_their_figures() {
    for (name, p) in palettes() {
        let shade = |n: usize| p[&format!("heat-{n}")];
        let steps: Vec<f64> = (1..=5).map(|n| shade(n) - shade(n - 1)).collect();
        assert!(steps.iter().all(|s| *s < 0.0) || steps.iter().all(|s| *s > 0.0), "{name}: {steps:?}");
        for n in 1..=5 {
            apart(name, &p, &format!("heat-{n}"), &format!("heat-{}", n - 1), 1.15);
        }
        apart(name, &p, "heat-5", "heat-0", 3.0);
        for (n, ink) in ["on-low", "on-low", "on-low", "on-middle", "on-high", "on-high"].iter().enumerate() {
            apart(name, &p, ink, &format!("heat-{n}"), 4.5);
        }
    }
}
