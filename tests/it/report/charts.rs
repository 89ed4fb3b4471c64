//! Charts of every kind and size: each text inside the drawing and apart from the others, marks inside, values on hover.

use kaohe::report::charts::funnel::{self, Funnel, Stage};
use kaohe::report::charts::heat::{self, Heat};
use kaohe::report::charts::scale::{Steps, text_width};
use kaohe::report::charts::{Kind, Plot, Reference, Series, Tick, draw};
use std::collections::BTreeMap;

/// Widths at which pages draw, px.
const WIDTHS: [i64; 2] = [640, 340];

/// An element: its name, its attributes, the text between its tags.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    /// An attribute in tenths of a pixel.
    fn tenths(&self, name: &str) -> i64 {
        let px: f64 = self.attributes[name].parse().unwrap_or_else(|_| panic!("{name} of {}", self.name));
        (px * 10.0).round() as i64
    }

    fn is(&self, class: &str) -> bool {
        self.attributes.get("class").is_some_and(|c| c.split(' ').any(|c| c == class))
    }
}

fn elements(svg: &str) -> Vec<Element> {
    let tags = svg.split('<').skip(1).filter(|t| !t.starts_with('/'));
    let element = |tag: &str| {
        let (head, text) = tag.split_once('>').expect("a tag that ends");
        let head = head.trim_end_matches('/');
        let (name, mut rest) = head.split_once(' ').unwrap_or((head, ""));
        let mut attributes = BTreeMap::new();
        while let Some((key, after)) = rest.trim_start().split_once("=\"") {
            let (value, after) = after.split_once('"').expect("a quoted attribute");
            attributes.insert(key.to_owned(), value.to_owned());
            rest = after;
        }
        let text = text.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&");
        Element { name: name.to_owned(), attributes, text }
    };
    tags.map(element).collect()
}

/// Left, right, top, bottom of a text, tenths of a pixel.
fn place(text: &Element) -> [i64; 4] {
    let size = if text.is("figure") { 11 } else { 12 };
    let (x, y, width) = (text.tenths("x"), text.tenths("y"), text_width(&text.text, size));
    let left = match () {
        () if text.is("mid") => x - width / 2,
        () if text.is("end") => x - width,
        () => x,
    };
    [left, left + width, y - size * 9, y + size * 2]
}

/// Checks what holds for every drawing and gives its elements.
fn checked(svg: &str, what: &str) -> Vec<Element> {
    let all = elements(svg);
    let view: Vec<i64> = all[0].attributes["viewBox"].split(' ').map(|n| n.parse().unwrap_or(0) * 10).collect();
    let (width, height) = (view[2], view[3]);
    assert_eq!(all[0].attributes["role"], "img", "{what}");
    assert_eq!((all[1].name.as_str(), all[2].name.as_str()), ("title", "desc"), "{what}");
    assert_eq!(
        all[0].attributes["aria-labelledby"],
        format!("{} {}", all[1].attributes["id"], all[2].attributes["id"]),
        "{what}"
    );
    assert!(!svg.contains("style="), "{what}: a page's policy forbids styles on elements");
    let texts: Vec<(&str, [i64; 4])> =
        all.iter().filter(|e| e.name == "text").map(|e| (e.text.as_str(), place(e))).collect();
    for (i, (text, [left, right, top, bottom])) in texts.iter().enumerate() {
        assert!(*left >= -1 && *right <= width + 1, "{what}: `{text}` from {left} to {right} of {width}");
        assert!(*top >= -10 && *bottom <= height + 10, "{what}: `{text}` from {top} to {bottom} of {height}");
        for (other, [l, r, t, b]) in &texts[..i] {
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "{what}: `{text}` and `{other}` overlap: {left}-{right} {top}-{bottom}, {l}-{r} {t}-{b}");
        }
    }
    for rect in all.iter().filter(|e| e.name == "rect") {
        let (x, y, w, h) = (rect.tenths("x"), rect.tenths("y"), rect.tenths("width"), rect.tenths("height"));
        assert!(w >= 0 && h >= 0 && x >= -1 && y >= -1, "{what}: a mark at {x} {y}, {w} × {h}");
        assert!(
            x + w <= width + 10 && y + h <= height + 10,
            "{what}: a mark at {x} {y}, {w} × {h} of {width} {height}"
        );
    }
    all
}

fn count(all: &[Element], name: &str, class: &str) -> usize {
    all.iter().filter(|e| e.name == name && e.is(class)).count()
}

fn plot(kind: Kind, places: usize, series: &[&str]) -> Plot {
    let value = |s: usize, i: usize| (i % 11 != 7).then_some(((i * 37 + s * 13) % 90) as i64);
    Plot {
        id: "p".to_owned(),
        title: "积压".to_owned(),
        description: "每日清点时尚未回复的轮次。".to_owned(),
        kind,
        ticks: (0..places)
            .map(|i| Tick { short: format!("5/{}", i + 1), long: format!("5月{}日 周五", i + 1) })
            .collect(),
        series: series
            .iter()
            .enumerate()
            .map(|(s, name)| Series { name: (*name).to_owned(), values: (0..places).map(|i| value(s, i)).collect() })
            .collect(),
        reference: None,
        divide: None,
        steps: Steps::Decimal(1),
        ceiling: None,
    }
}

#[test]
fn every_kind_at_every_size_stays_inside_and_apart() {
    let names = [
        "不足 1 小时",
        "1 至 4 小时",
        "4 至 24 小时",
        "超过 24 小时",
        "云岭户外专营店的全部轮次",
        "yunling-outlet",
        "七",
    ];
    for kind in [Kind::Line, Kind::Bar, Kind::Stack] {
        for places in [1, 2, 7, 24, 31, 100, 744] {
            for series in [1, 2, 4, 7] {
                for width in WIDTHS {
                    let mut plot = plot(kind, places, &names[..series]);
                    plot.reference = (series == 2).then(|| Reference { name: "目标 45秒".to_owned(), value: 45 });
                    plot.divide = (series < 4).then(|| (places / 3, "目标 45秒".to_owned()));
                    let what = format!("{kind:?} {places} places {series} series {width} px");
                    let svg = draw(&plot, width, &|n| n.to_string());
                    let all = checked(&svg, &what);
                    assert!(count(&all, "rect", "hit") > 0, "{what}");
                    assert!(kind != Kind::Line || series > 2 || svg.len() < 60_000, "{what}: {} bytes", svg.len());
                }
            }
        }
    }
}

#[test]
fn nothing_to_draw_is_no_drawing() {
    let show = |n: i64| n.to_string();
    for kind in [Kind::Line, Kind::Bar, Kind::Stack] {
        assert_eq!(draw(&plot(kind, 0, &["a"]), 640, &show), "");
        assert_eq!(draw(&plot(kind, 5, &[]), 640, &show), "");
        let mut without = plot(kind, 3, &["a"]);
        without.series[0].values = vec![None; 3];
        assert_eq!(draw(&without, 640, &show), "");
    }
    assert_eq!(heat::draw(&heat(&["周一"], 24, |_, _| None), 640, &show), "");
    assert_eq!(heat::draw(&heat(&[], 0, |_, _| Some(1)), 640, &show), "");
    assert_eq!(funnel::draw(&funnel(&[("咨询", 0, "")]), 640, &show), "");
    assert_eq!(funnel::draw(&funnel(&[]), 640, &show), "");
}

#[test]
fn stacked_bars_add_up_to_their_sum() {
    let mut two = plot(Kind::Stack, 2, &["a", "b", "c"]);
    two.series[0].values = vec![Some(30), None];
    two.series[1].values = vec![Some(20), None];
    two.series[2].values = vec![Some(50), Some(0)];
    let all = checked(&draw(&two, 640, &|n| n.to_string()), "two");
    // Three pieces in the first place (and three samples of the legend), none of height 0 in the second.
    let bars: Vec<&Element> = all.iter().filter(|e| e.is("bar")).skip(3).collect();
    assert_eq!(bars.len(), 3);
    let heights: Vec<i64> = bars.iter().map(|b| b.tenths("height")).collect();
    assert_eq!((heights[0] * 20 - heights[1] * 30).abs() / 50, 0, "{heights:?}");
    for pair in bars.windows(2) {
        assert_eq!(pair[0].tenths("y"), pair[1].tenths("y") + pair[1].tenths("height"), "one on top of the other");
    }
    // The axis reaches the sum, and the sums are written: 100 and 0.
    let texts: Vec<&str> = all.iter().filter(|e| e.name == "text" && e.is("mid")).map(|e| e.text.as_str()).collect();
    assert_eq!(texts, ["5/1", "5/2", "100", "0"]);
    let hints: Vec<&str> = all.iter().filter(|e| e.name == "title").map(|e| e.text.as_str()).collect();
    assert_eq!(hints[1], "5月1日 周五\na  30\nb  20\nc  50");
    assert_eq!(hints[2], "5月2日 周五\na  –\nb  –\nc  0");
}

#[test]
fn the_upright_line_stands_behind_its_place() {
    let mut limit = plot(Kind::Bar, 4, &["次数"]);
    limit.divide = Some((1, "目标 45秒".to_owned()));
    let all = checked(&draw(&limit, 640, &|n| n.to_string()), "limit");
    let hits: Vec<&Element> = all.iter().filter(|e| e.is("hit")).collect();
    let line = all.iter().find(|e| e.name == "line" && e.is("target")).expect("the line");
    assert_eq!(line.tenths("x1"), line.tenths("x2"));
    assert_eq!(line.tenths("x1"), hits[2].tenths("x"));
    assert!(all.iter().any(|e| e.name == "text" && e.text == "目标 45秒"));
}

#[test]
fn many_places_share_hover_areas_that_name_the_highest() {
    let mut hours = plot(Kind::Line, 744, &["未回复"]);
    hours.series[0].values = (0..744).map(|i| Some(i64::from(i == 400) * 9)).collect();
    for (i, tick) in hours.ticks.iter_mut().enumerate() {
        *tick = Tick { short: format!("5/{}", i / 24 + 1), long: format!("第 {i} 小时") };
    }
    let all = checked(&draw(&hours, 640, &|n| n.to_string()), "hours");
    let hits = count(&all, "rect", "hit");
    assert!((60..=110).contains(&hits), "{hits} areas");
    assert!(all.iter().any(|e| e.name == "title" && e.text == "第 400 小时\n未回复  9"));
    // The hours of a day have its name once.
    let days: Vec<&str> = all.iter().filter(|e| e.name == "text" && e.is("mid")).map(|e| e.text.as_str()).collect();
    let mut once = days.clone();
    once.dedup();
    assert!(days.len() > 8 && once == days, "{days:?}");
}

fn heat(rows: &[&str], columns: usize, cell: impl Fn(usize, usize) -> Option<i64>) -> Heat {
    Heat {
        id: "h".to_owned(),
        title: "星期与时段".to_owned(),
        description: "每格为该时段的轮次。".to_owned(),
        rows: rows.iter().map(|r| (*r).to_owned()).collect(),
        columns: (0..columns).map(|h| Tick { short: h.to_string(), long: format!("{h}–{} 时", h + 1) }).collect(),
        cells: (0..rows.len()).map(|r| (0..columns).map(|c| cell(r, c)).collect()).collect(),
    }
}

const WEEK: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

#[test]
fn a_week_of_hours_shows_every_figure() {
    let week = heat(&WEEK, 24, |r, c| (c > 8).then_some((r * 24 + c) as i64));
    for width in WIDTHS {
        let all = checked(&heat::draw(&week, width, &|n| n.to_string()), &format!("week {width}"));
        assert_eq!(count(&all, "title", ""), 0);
        let cells: Vec<&Element> = all.iter().filter(|e| e.name == "rect" && e.is("heat")).collect();
        // 168 cells and six samples of the legend.
        assert_eq!(cells.len(), 174, "{width}");
        assert_eq!(cells.iter().filter(|c| c.is("none")).count(), 63);
        assert_eq!(count(&all, "text", "figure"), 168, "{width} px leaves room for all figures");
        let hints = all.iter().filter(|e| e.name == "title").skip(1);
        let named = if width == 640 { "周二 9–10 时\n33" } else { "9–10 时 周二\n33" };
        assert!(hints.map(|e| e.text.as_str()).any(|t| t == named), "{width}");
        // On a phone the hours run downwards.
        let across: Vec<&str> = all
            .iter()
            .filter(|e| e.name == "text" && e.is("mid") && !e.is("figure"))
            .map(|e| e.text.as_str())
            .collect();
        assert_eq!(across[0], if width == 640 { "0" } else { "周一" });
    }
}

#[test]
fn heat_maps_of_other_sizes_stay_inside_and_apart() {
    let agents = ["一个名字非常非常长的客服账号在这里", "K02 with a rather long account name", "王"];
    let seconds = |n: i64| format!("{}分{}秒", n / 60, n % 60);
    for (rows, columns) in [(&WEEK[..], 1), (&WEEK[..1], 1), (&WEEK[..], 24), (&agents[..], 31), (&agents[..], 5)] {
        for width in WIDTHS {
            for top in [0, 1, 7, 4_000_000] {
                let map = heat(rows, columns, |r, c| Some((r * 31 + c) as i64 * top));
                checked(
                    &heat::draw(&map, width, &|n| n.to_string()),
                    &format!("{}×{columns} {width} {top}", rows.len()),
                );
                checked(&heat::draw(&map, width, &seconds), &format!("{}×{columns} {width} {top} times", rows.len()));
            }
        }
    }
}

fn funnel(stages: &[(&str, i64, &str)]) -> Funnel {
    let stage = |(name, value, note): &(&str, i64, &str)| Stage {
        name: (*name).to_owned(),
        value: *value,
        note: (*note).to_owned(),
    };
    Funnel {
        id: "f".to_owned(),
        title: "转化".to_owned(),
        description: "从咨询到付款。".to_owned(),
        stages: stages.iter().map(stage).collect(),
    }
}

#[test]
fn a_funnel_narrows_in_proportion() {
    let all = checked(
        &funnel::draw(
            &funnel(&[("咨询", 1_000, ""), ("下单", 250, "25.00%"), ("付款", 0, "0.00%")]),
            640,
            &|n| n.to_string(),
        ),
        "funnel",
    );
    let bars: Vec<i64> = all.iter().filter(|e| e.is("bar")).map(|e| e.tenths("width")).collect();
    assert_eq!(bars, [6_400, 1_600]);
    assert_eq!(count(&all, "rect", "track"), 3);
    let texts: Vec<&str> = all.iter().filter(|e| e.name == "text").map(|e| e.text.as_str()).collect();
    assert_eq!(texts, ["咨询", "1000", "下单", "250 · 25.00%", "付款", "0 · 0.00%"]);
    assert!(all.iter().any(|e| e.name == "title" && e.text == "下单\n250 · 25.00%"));
}

#[test]
fn a_funnel_with_long_names_takes_further_lines() {
    let long = "售前咨询中在咨询日起两天之内下单并且订单归属客服的买家人数（不含静默下单）";
    for width in WIDTHS {
        for note in ["", "25.00%", long] {
            let stages = [(long, 1_234_567, note), ("一", 1, note)];
            checked(&funnel::draw(&funnel(&stages), width, &|n| n.to_string()), &format!("{width} {note}"));
        }
    }
}
