//! The names of the series and of the reference line above the drawing: side by side, on further lines where the width
//! is used up.

use super::canvas::{SIZE, look};
use super::frame::marker;
use super::scale::{text_width, wrap};
use super::svg::{Svg, px};
use super::{Kind, Plot};

/// Height of a line.
const LINE: i64 = 200;
/// Room of a sample before its name, tenths of a pixel.
const SAMPLE: i64 = 280;
/// Between a name and the next sample.
const GAP: i64 = 200;

/// Where each name stands.
#[derive(Debug)]
pub struct Legend {
    entries: Vec<Entry>,
    pub height: i64,
}

#[derive(Debug)]
struct Entry {
    x: i64,
    y: i64,
    lines: Vec<String>,
}

impl Legend {
    /// One series of bars needs no name; a line across always does.
    pub fn new(plot: &Plot, width: i64) -> Legend {
        let named = plot.kind == Kind::Line || plot.series.len() > 1 || plot.reference.is_some();
        let mut legend = Legend { entries: Vec::new(), height: 0 };
        let (mut x, mut y) = (0, 0);
        let names = plot.series.iter().map(|s| &s.name).chain(plot.reference.iter().map(|r| &r.name));
        for name in names.filter(|_| named) {
            let lines = wrap(name, width - SAMPLE, SIZE);
            let needed = SAMPLE + lines.iter().map(|l| text_width(l, SIZE)).max().unwrap_or(0);
            if x > 0 && x + needed > width {
                (x, y) = (0, legend.height);
            }
            legend.height = legend.height.max(y + LINE * lines.len() as i64);
            legend.entries.push(Entry { x, y, lines });
            x += needed + GAP;
        }
        legend
    }

    pub fn draw(&self, svg: &mut Svg, plot: &Plot) {
        for (i, entry) in self.entries.iter().enumerate() {
            let middle = entry.y + 100;
            match plot.kind {
                _ if i >= plot.series.len() => {
                    let (from, to, y) = (px(entry.x), px(entry.x + 220), px(middle));
                    svg.empty("line", &[("class", "target"), ("x1", &from), ("x2", &to), ("y1", &y), ("y2", &y)]);
                }
                Kind::Line => {
                    let path = format!("M{} {}h22", px(entry.x), px(middle));
                    svg.empty("path", &[("class", &format!("line {}", look(i))), ("d", &path)]);
                    marker(svg, i, entry.x + 110, middle);
                }
                Kind::Bar | Kind::Stack => svg.rect(&format!("bar {}", look(i)), entry.x + 60, middle - 50, 100, 100),
            }
            for (n, line) in entry.lines.iter().enumerate() {
                let y = middle + 40 + LINE * n as i64;
                svg.text("text", &[("x", &px(entry.x + SAMPLE)), ("y", &px(y))], line);
            }
        }
    }
}
