//! What all charts share: the size, the axes, the legend, the reference line, the hover areas.

use super::scale::{Axis, part, text_width};
use super::svg::{Svg, px};
use super::{Kind, Plot};

/// Text height in px.
pub const SIZE: i64 = 12;
/// Height of the drawing without the legend, tenths of a pixel.
const HEIGHT: i64 = 2_200;
/// Height of a line of the legend.
const LEGEND_LINE: i64 = 200;

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
    narrow: bool,
    /// Where each series, and then the reference line, stands in the legend.
    legend: Vec<(i64, i64)>,
}

impl Frame {
    pub fn new(plot: &Plot, width: i64, show: &dyn Fn(i64) -> String) -> Frame {
        let largest = plot.series.iter().flat_map(|s| s.values.iter().flatten().copied());
        let largest = largest.chain(plot.reference.iter().map(|r| r.value)).max().unwrap_or(0);
        let axis = Axis::new(plot.ceiling.map_or(largest, |c| largest.min(c)), plot.steps);
        let widest = axis.lines().map(|v| text_width(&show(v), SIZE)).max().unwrap_or(0);
        let narrow = width < 500;
        let width = width * 10;
        let legend = place_legend(plot, width);
        let legend_height = legend.last().map_or(0, |(_, y)| y + LEGEND_LINE);
        let top = legend_height + 140;
        let height = top + HEIGHT;
        Frame {
            width,
            height,
            left: (widest + 80).min(width / 3),
            right: width - 80,
            top,
            bottom: height - 260,
            axis,
            count: plot.ticks.len() as i64,
            narrow,
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

    /// The whole drawing around the marks.
    pub fn finish(&self, plot: &Plot, marks: &Svg, show: &dyn Fn(i64) -> String) -> String {
        let mut svg = Svg::default();
        let variant = if self.narrow { "n" } else { "w" };
        let (title, desc) = (format!("{}-{variant}-t", plot.id), format!("{}-{variant}-d", plot.id));
        let labels = format!("{title} {desc}");
        let view = format!("0 0 {} {}", px(self.width), px(self.height));
        let class = if self.narrow { "chart narrow" } else { "chart wide" };
        svg.open("svg", &[("class", class), ("viewBox", &view), ("role", "img"), ("aria-labelledby", &labels)]);
        svg.text("title", &[("id", &title)], &plot.title);
        svg.text("desc", &[("id", &desc)], &plot.description);
        self.value_axis(&mut svg, show);
        self.ticks(&mut svg, plot);
        self.legend(&mut svg, plot);
        svg.append(marks);
        self.reference(&mut svg, plot);
        self.hover(&mut svg, plot, show);
        svg.close("svg");
        svg.into_string()
    }

    fn value_axis(&self, svg: &mut Svg, show: &dyn Fn(i64) -> String) {
        for value in self.axis.lines() {
            let y = px(self.y(value));
            let class = if value == 0 { "base" } else { "grid" };
            svg.empty(
                "line",
                &[("class", class), ("x1", &px(self.left)), ("x2", &px(self.right)), ("y1", &y), ("y2", &y)],
            );
            let place = [("class", "end"), ("x", &px(self.left - 60)), ("y", &px(self.y(value) + 40))];
            svg.text("text", &place, &show(value));
        }
    }

    /// Labels below the axis, as many as fit side by side.
    fn ticks(&self, svg: &mut Svg, plot: &Plot) {
        let widest = plot.ticks.iter().map(|t| text_width(&t.short, SIZE)).max().unwrap_or(0) + 100;
        let every = (widest + self.band() - 1) / self.band().max(1);
        // The last label may lean over the edge less than half a band, so it stays inside.
        for (i, tick) in plot.ticks.iter().enumerate().step_by(every.clamp(1, 10_000) as usize) {
            let half = text_width(&tick.short, SIZE) / 2;
            let x = self.x(i).clamp(half, self.width - half);
            svg.text("text", &[("class", "mid"), ("x", &px(x)), ("y", &px(self.bottom + 180))], &tick.short);
        }
    }

    fn legend(&self, svg: &mut Svg, plot: &Plot) {
        for (i, (series, (x, y))) in plot.series.iter().zip(&self.legend).enumerate() {
            let (class, middle) = (format!("s{}", i + 1), y + 100);
            match plot.kind {
                Kind::Line => {
                    let path = format!("M{} {}h22", px(*x), px(middle));
                    svg.empty("path", &[("class", &format!("line {class}")), ("d", &path)]);
                    marker(svg, i, x + 110, middle);
                }
                Kind::Bar | Kind::Stack => svg.empty(
                    "rect",
                    &[
                        ("class", &format!("bar {class}")),
                        ("x", &px(x + 60)),
                        ("y", &px(middle - 50)),
                        ("width", "10"),
                        ("height", "10"),
                    ],
                ),
            }
            svg.text("text", &[("x", &px(x + 280)), ("y", &px(middle + 40))], &series.name);
        }
    }

    /// The line across, named in the legend: beside the line its name would cover the marks.
    fn reference(&self, svg: &mut Svg, plot: &Plot) {
        let Some(reference) = &plot.reference else { return };
        let y = px(self.y(reference.value));
        let (left, right) = (px(self.left), px(self.right));
        svg.empty("line", &[("class", "target"), ("x1", &left), ("x2", &right), ("y1", &y), ("y2", &y)]);
        let Some((x, y)) = self.legend.get(plot.series.len()) else { return };
        let middle = px(y + 100);
        let line = [("class", "target"), ("x1", &px(*x)), ("x2", &px(x + 220)), ("y1", &middle), ("y2", &middle)];
        svg.empty("line", &line);
        svg.text("text", &[("x", &px(x + 280)), ("y", &px(y + 140))], &reference.name);
    }

    /// One area over each place, which says all its values on hover.
    fn hover(&self, svg: &mut Svg, plot: &Plot, show: &dyn Fn(i64) -> String) {
        for (i, tick) in plot.ticks.iter().enumerate() {
            let mut text = tick.long.clone();
            for series in &plot.series {
                let value = series.values.get(i).copied().flatten().map_or_else(|| "–".to_owned(), show);
                text.push_str(&format!("\n{}  {value}", series.name));
            }
            let (from, to) = (self.edge(i as i64), self.edge(i as i64 + 1));
            svg.open(
                "rect",
                &[
                    ("class", "hit"),
                    ("x", &px(from)),
                    ("y", &px(self.top)),
                    ("width", &px(to - from)),
                    ("height", &px(self.bottom - self.top)),
                ],
            );
            svg.text("title", &[], &text);
            svg.close("rect");
        }
    }
}

/// The mark of series `i` at a place: a disc, a square or a triangle.
pub fn marker(svg: &mut Svg, i: usize, x: i64, y: i64) {
    let class = format!("dot s{}", i + 1);
    match i % 3 {
        0 => svg.empty("circle", &[("class", &class), ("cx", &px(x)), ("cy", &px(y)), ("r", "2.6")]),
        1 => svg.empty(
            "rect",
            &[("class", &class), ("x", &px(x - 24)), ("y", &px(y - 24)), ("width", "4.8"), ("height", "4.8")],
        ),
        _ => {
            let d = format!("M{} {}l3.2 5.6h-6.4z", px(x), px(y - 32));
            svg.empty("path", &[("class", &class), ("d", &d)]);
        }
    }
}

/// Places of the names of the series and then of the reference line: side by side, on further lines where the width
/// is used up. One series of bars needs none.
fn place_legend(plot: &Plot, width: i64) -> Vec<(i64, i64)> {
    if plot.kind != Kind::Line && plot.series.len() < 2 {
        return Vec::new();
    }
    let (mut x, mut y) = (0, 0);
    let mut places = Vec::new();
    for name in plot.series.iter().map(|s| &s.name).chain(plot.reference.iter().map(|r| &r.name)) {
        let needed = text_width(name, SIZE) + 480;
        if x > 0 && x + needed > width {
            (x, y) = (0, y + LEGEND_LINE);
        }
        places.push((x, y));
        x += needed;
    }
    places
}
