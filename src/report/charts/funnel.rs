//! A funnel: what is left after each step, as bars one below the other.

use super::canvas::{Canvas, SIZE};
use super::scale::{part, text_width, wrap};
use super::svg::{Svg, px};

/// One step: its name, how many came so far, and what is said beside it (a share).
#[derive(Debug, Clone)]
pub struct Stage {
    pub name: String,
    pub value: i64,
    pub note: String,
}

/// What is to be drawn.
#[derive(Debug, Clone)]
pub struct Funnel {
    /// Unique on the page; letters, digits and `-`.
    pub id: String,
    pub title: String,
    pub description: String,
    pub stages: Vec<Stage>,
}

impl Funnel {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.stages.iter().all(|s| s.value == 0)
    }
}

/// Height of a line of text, tenths of a pixel.
const LINE: i64 = 180;
/// Height of a bar, and the room below it.
const BAR: i64 = 140;
const GAP: i64 = 120;

/// Draws a funnel `width` px wide; `show` writes a value for people. Empty where there is nothing to draw.
///
/// The name stands over the bar on the left, figure and note on the right, or below the name where both have no room.
pub fn draw(funnel: &Funnel, width: i64, show: &dyn Fn(i64) -> String) -> String {
    if funnel.is_empty() {
        return String::new();
    }
    let width = width * 10;
    let largest = funnel.stages.iter().map(|s| s.value).max().unwrap_or(0).max(1);
    let (mut svg, mut y) = (Svg::default(), 0);
    for stage in &funnel.stages {
        let start = y;
        let note = if stage.note.is_empty() { String::new() } else { format!(" · {}", stage.note) };
        let said = format!("{}{note}", show(stage.value));
        let beside = text_width(&stage.name, SIZE) + 160 + text_width(&said, SIZE) <= width;
        let names = wrap(&stage.name, width, SIZE);
        for (i, line) in names.iter().enumerate() {
            svg.text("text", &[("class", "ink"), ("x", "0"), ("y", &px(y + LINE * (i as i64 + 1) - 50))], line);
        }
        y += LINE * names.len() as i64;
        if beside {
            svg.text("text", &[("class", "ink end"), ("x", &px(width)), ("y", &px(y - 50))], &said);
        } else {
            for line in wrap(&said, width, SIZE) {
                y += LINE;
                svg.text("text", &[("class", "ink"), ("x", "0"), ("y", &px(y - 50))], &line);
            }
        }
        svg.rect("track", 0, y, width, BAR);
        if stage.value > 0 {
            svg.rect("bar s1", 0, y, part(stage.value, largest, width).max(10), BAR);
        }
        y += BAR;
        svg.hint("hit", 0, start, width, y - start, &format!("{}\n{said}", stage.name));
        y += GAP;
    }
    let (title, description) = (&funnel.title, &funnel.description);
    Canvas { id: &funnel.id, title, description, width, height: y - GAP }.around(&svg)
}
