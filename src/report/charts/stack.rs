//! Upright bars from 0, one series on top of the other, with their sum above.

use super::Plot;
use super::bar::{WIDEST, label};
use super::canvas::look;
use super::frame::Frame;
use super::svg::Svg;

pub fn marks(plot: &Plot, frame: &Frame, show: &dyn Fn(i64) -> String) -> Svg {
    let mut svg = Svg::default();
    let width = (frame.band() * 7 / 10).clamp(10, WIDEST);
    let sums: Vec<Option<i64>> = (0..plot.ticks.len()).map(|i| plot.height(i)).collect();
    let labelled = frame.fit(sums.iter().flatten().copied(), frame.band(), show);
    for (i, sum) in sums.iter().enumerate() {
        let x = frame.x(i) - width / 2;
        let mut below = 0_i64;
        for (n, series) in plot.series.iter().enumerate() {
            let value = series.values.get(i).copied().flatten().unwrap_or(0).max(0);
            let above = below.saturating_add(value);
            let (top, bottom) = (frame.y(above), frame.y(below));
            below = above;
            if bottom > top {
                svg.rect(&format!("bar piece {}", look(n)), x, top, width, bottom - top);
            }
        }
        if let Some(sum) = sum.filter(|_| labelled) {
            label(&mut svg, frame.x(i), frame.y(sum), &show(sum));
        }
    }
    svg
}
