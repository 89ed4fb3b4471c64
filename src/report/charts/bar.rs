//! Upright bars from 0, one group for each place.

use super::Plot;
use super::canvas::look;
use super::frame::Frame;
use super::svg::{Svg, px};

/// Widest bar, tenths of a pixel.
pub const WIDEST: i64 = 320;

pub fn marks(plot: &Plot, frame: &Frame, show: &dyn Fn(i64) -> String) -> Svg {
    let mut svg = Svg::default();
    let bars = plot.series.len().max(1) as i64;
    let width = (frame.band() * 7 / 10 / bars).clamp(10, WIDEST);
    // Bars side by side leave room for their own width alone, a lone bar for its whole place.
    let room = if bars == 1 { frame.band() } else { width };
    let labelled = frame.fit(plot.series.iter().flat_map(|s| s.values.iter().flatten().copied()), room, show);
    for i in 0..plot.ticks.len() {
        let start = frame.x(i) - width * bars / 2;
        for (n, series) in plot.series.iter().enumerate() {
            let Some(value) = series.values.get(i).copied().flatten() else { continue };
            let (x, y) = (start + width * n as i64, frame.y(value));
            svg.rect(&format!("bar {}", look(n)), x, y, (width - 10).max(5), frame.y(0) - y);
            if labelled {
                label(&mut svg, x + width / 2, y, &show(value));
            }
        }
    }
    svg
}

/// A figure above a bar.
pub fn label(svg: &mut Svg, middle: i64, top: i64, text: &str) {
    svg.text("text", &[("class", "mid"), ("x", &px(middle)), ("y", &px(top - 40))], text);
}
