//! Lines over time: a missing value is a gap, a value between two gaps is a dot.

use super::Plot;
use super::canvas::look;
use super::frame::{Frame, marker};
use super::svg::{Svg, px};

/// Most places at which every value gets its marker.
const MARKED: usize = 45;

pub fn marks(plot: &Plot, frame: &Frame) -> Svg {
    let mut svg = Svg::default();
    for (n, series) in plot.series.iter().enumerate() {
        let values: Vec<Option<i64>> = series.values.iter().copied().take(plot.ticks.len()).collect();
        let mut path = String::new();
        let mut alone = Vec::new();
        let mut i = 0;
        // One run of values after the other.
        for run in values.split(Option::is_none) {
            for (j, value) in run.iter().flatten().enumerate() {
                let (x, y) = (frame.x(i + j), frame.y(*value));
                path.push_str(if j == 0 { "M" } else { "L" });
                path.push_str(&format!("{} {}", px(x), px(y)));
                if run.len() == 1 || values.len() <= MARKED {
                    alone.push((x, y));
                }
            }
            i += run.len() + 1;
        }
        svg.empty("path", &[("class", &format!("line {}", look(n))), ("d", &path)]);
        for (x, y) in alone {
            marker(&mut svg, n, x, y);
        }
    }
    svg
}
