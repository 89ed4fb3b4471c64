//! What the charts with axes share: the size, the axes, the legend, the lines across and upright, the hover areas.

use super::Plot;
use super::canvas::{Canvas, SIZE, look};
use super::legend::Legend;
use super::scale::{Axis, part, spread, text_width};
use super::svg::{Svg, px};
use std::cmp::Reverse;

/// Height of the drawing without the legend, tenths of a pixel.
const HEIGHT: i64 = 2_200;
/// Room for figures above the highest mark.
const HEAD: i64 = 160;
/// Room above that for the name of the upright line.
const NAME: i64 = 160;
/// Narrowest hover area.
const HIT: i64 = 60;

/// Places of the drawing, in tenths of a pixel.
#[derive(Debug)]
pub struct Frame {
    width: i64,
    height: i64,
    left: i64,
    right: i64,
    top: i64,
    bottom: i64,
    axis: Axis,
    /// Number of places on the horizontal axis.
    count: i64,
    legend: Legend,
}

impl Frame {
    pub fn new(plot: &Plot, width: i64, show: &dyn Fn(i64) -> String) -> Frame {
        let heights = (0..plot.ticks.len()).filter_map(|i| plot.height(i));
        let largest = heights.chain(plot.reference.iter().map(|r| r.value)).max().unwrap_or(0);
        let axis = Axis::new(plot.ceiling.map_or(largest, |c| largest.min(c)), plot.steps);
        let widest = axis.lines().map(|v| text_width(&show(v), SIZE)).max().unwrap_or(0);
        let width = width * 10;
        let legend = Legend::new(plot, width);
        let top = legend.height + HEAD + if plot.divide.is_some() { NAME } else { 0 };
        let height = top + HEIGHT;
        Frame {
            width,
            height,
            left: (widest + 80).min(width / 2),
            right: width - 80,
            top,
            bottom: height - 260,
            axis,
            count: plot.ticks.len() as i64,
            legend,
        }
    }

    /// Width of one place on the horizontal axis.
    pub fn band(&self) -> i64 {
        (self.right - self.left) / self.count.max(1)
    }

    /// Left edge of place `i`; `count` is the right end.
    pub fn edge(&self, i: i64) -> i64 {
        self.left + part(i, self.count, self.right - self.left)
    }

    /// Middle of place `i`.
    pub fn x(&self, i: usize) -> i64 {
        (self.edge(i as i64) + self.edge(i as i64 + 1)) / 2
    }

    /// Height at which a value stands. Values below 0 stand on the axis.
    pub fn y(&self, value: i64) -> i64 {
        self.bottom - part(value.clamp(0, self.axis.top), self.axis.top, self.bottom - self.top)
    }

    /// Whether the figures of all values have room: some with and some without would look like a fault.
    pub fn fit(&self, mut values: impl Iterator<Item = i64>, room: i64, show: &dyn Fn(i64) -> String) -> bool {
        values.all(|v| text_width(&show(v), SIZE) <= room)
    }

    /// The whole drawing around the marks.
    pub fn finish(&self, plot: &Plot, marks: &Svg, show: &dyn Fn(i64) -> String) -> String {
        let mut svg = Svg::default();
        self.value_axis(&mut svg, show);
        self.ticks(&mut svg, plot);
        self.legend.draw(&mut svg, plot);
        svg.append(marks);
        self.lines(&mut svg, plot);
        self.hover(&mut svg, plot, show);
        let (width, height) = (self.width, self.height);
        Canvas { id: &plot.id, title: &plot.title, description: &plot.description, width, height }.around(&svg)
    }

    fn value_axis(&self, svg: &mut Svg, show: &dyn Fn(i64) -> String) {
        for value in self.axis.lines() {
            let y = self.y(value);
            line(svg, if value == 0 { "base" } else { "grid" }, (self.left, y), (self.right, y));
            let place = [("class", "end"), ("x", &px(self.left - 60)), ("y", &px(y + 40))];
            svg.text("text", &place, &show(value));
        }
    }

    /// Labels below the axis, as many as fit side by side; of the same labels in a row (the hours of a day) the first.
    fn ticks(&self, svg: &mut Svg, plot: &Plot) {
        let mut before = "";
        let labels = plot.ticks.iter().enumerate().map(|(i, tick)| {
            let text = if tick.short == before { "" } else { tick.short.as_str() };
            before = &tick.short;
            (text, self.x(i))
        });
        let labels: Vec<_> = labels.collect();
        for (i, x) in spread(&labels, self.width, SIZE) {
            svg.text("text", &[("class", "mid"), ("x", &px(x)), ("y", &px(self.bottom + 180))], labels[i].0);
        }
    }

    /// The line across, named in the legend (beside the line its name would cover the marks), and the upright one, named
    /// above everything.
    fn lines(&self, svg: &mut Svg, plot: &Plot) {
        if let Some(reference) = &plot.reference {
            let y = self.y(reference.value);
            line(svg, "target", (self.left, y), (self.right, y));
        }
        if let Some((place, name)) = &plot.divide {
            let x = self.edge((*place as i64).saturating_add(1).min(self.count));
            let over = self.top - HEAD;
            line(svg, "target", (x, over), (x, self.bottom));
            let start = (x - text_width(name, SIZE) / 2).min(self.width - text_width(name, SIZE)).max(0);
            svg.text("text", &[("x", &px(start)), ("y", &px(over - 40))], name);
        }
    }

    /// Areas over the places, which say all their values on hover. Where places are narrower than a pointer can tell
    /// apart, an area speaks for the highest of its places.
    fn hover(&self, svg: &mut Svg, plot: &Plot, show: &dyn Fn(i64) -> String) {
        let per = (HIT + self.band() - 1) / self.band().max(1);
        let places: Vec<usize> = (0..plot.ticks.len()).collect();
        for area in places.chunks(per.clamp(1, 1_000) as usize) {
            let (Some(first), Some(last)) = (area.first(), area.last()) else { continue };
            let highest = area.iter().max_by_key(|i| (plot.height(**i), Reverse(**i)));
            let Some((i, tick)) = highest.and_then(|i| Some((*i, plot.ticks.get(*i)?))) else { continue };
            let mut text = tick.long.clone();
            for series in &plot.series {
                let value = series.values.get(i).copied().flatten().map_or_else(|| "–".to_owned(), show);
                text.push_str(&format!("\n{}  {value}", series.name));
            }
            let (from, to) = (self.edge(*first as i64), self.edge(*last as i64 + 1));
            svg.hint("hit", from, self.top, to - from, self.bottom - self.top, &text);
        }
    }
}

fn line(svg: &mut Svg, class: &str, from: (i64, i64), to: (i64, i64)) {
    let places = [("x1", px(from.0)), ("x2", px(to.0)), ("y1", px(from.1)), ("y2", px(to.1))];
    let places = places.iter().map(|(name, value)| (*name, value.as_str()));
    let attributes: Vec<_> = std::iter::once(("class", class)).chain(places).collect();
    svg.empty("line", &attributes);
}

/// The mark of series `i` at a place: a disc, a square or a triangle.
pub fn marker(svg: &mut Svg, i: usize, x: i64, y: i64) {
    let class = format!("dot {}", look(i));
    match i % 3 {
        0 => svg.empty("circle", &[("class", &class), ("cx", &px(x)), ("cy", &px(y)), ("r", "2.6")]),
        1 => svg.rect(&class, x - 24, y - 24, 48, 48),
        _ => {
            let d = format!("M{} {}l3.2 5.6h-6.4z", px(x), px(y - 32));
            svg.empty("path", &[("class", &class), ("d", &d)]);
        }
    }
}
