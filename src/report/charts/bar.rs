//! Upright bars from 0, one group for each place.

use super::Plot;
use super::frame::{Frame, SIZE};
use super::scale::text_width;
use super::svg::{Svg, px};

/// Widest bar, tenths of a pixel.
const WIDEST: i64 = 320;

pub fn marks(plot: &Plot, frame: &Frame, show: &dyn Fn(i64) -> String) -> Svg {
    let mut svg = Svg::default();
    let bars = plot.series.len().max(1) as i64;
    let width = (frame.band() * 7 / 10 / bars).clamp(10, WIDEST);
    for i in 0..plot.ticks.len() {
        let start = frame.x(i) - width * bars / 2;
        for (n, series) in plot.series.iter().enumerate() {
            let Some(value) = series.values.get(i).copied().flatten() else { continue };
            let (x, y) = (start + width * n as i64, frame.y(value));
            let size = [
                ("class", format!("bar s{}", n + 1)),
                ("x", px(x)),
                ("y", px(y)),
                ("width", px((width - 10).max(5))),
                ("height", px(frame.y(0) - y)),
            ];
            let size: Vec<(&str, &str)> = size.iter().map(|(k, v)| (*k, v.as_str())).collect();
            svg.empty("rect", &size);
            let label = show(value);
            // Bars side by side leave room for their own width alone, a lone bar for its whole place.
            let room = if bars == 1 { frame.band() } else { width };
            if text_width(&label, SIZE) <= room {
                svg.text("text", &[("class", "mid"), ("x", &px(x + width / 2)), ("y", &px(y - 40))], &label);
            }
        }
    }
    svg
}
