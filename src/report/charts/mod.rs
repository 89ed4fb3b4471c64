//! Small charts as SVG: whole numbers in, one string out. Colours come from the page's style (`--series-1` …), so that
//! dark mode and print need no second drawing; series differ by dash, marker and lightness too, for print in grey.

mod bar;
mod canvas;
mod frame;
pub mod funnel;
pub mod heat;
mod legend;
mod line;
pub mod scale;
mod stack;
mod svg;

use scale::Steps;

/// How the marks are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines with gaps where days are missing.
    Line,
    /// Upright bars from 0, side by side.
    Bar,
    /// Upright bars, one series on top of the other.
    Stack,
}

/// A place on the horizontal axis.
#[derive(Debug, Clone)]
pub struct Tick {
    /// Below the axis: `5/1`.
    pub short: String,
    /// On hover: `5月1日 周五`.
    pub long: String,
}

/// One series; `None` is a missing value, which is not 0.
#[derive(Debug, Clone)]
pub struct Series {
    pub name: String,
    pub values: Vec<Option<i64>>,
}

/// A line across the chart, such as a target.
#[derive(Debug, Clone)]
pub struct Reference {
    pub name: String,
    pub value: i64,
}

/// What is to be drawn.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Unique on the page; letters, digits and `-`.
    pub id: String,
    pub title: String,
    pub description: String,
    pub kind: Kind,
    pub ticks: Vec<Tick>,
    pub series: Vec<Series>,
    pub reference: Option<Reference>,
    /// An upright line behind the place of that number, with its name: a limit among the places.
    pub divide: Option<(usize, String)>,
    /// The distances that the value axis may have between its lines.
    pub steps: Steps,
    /// The axis goes no higher; what is above stands at its top, so that one bad day does not flatten the others.
    pub ceiling: Option<i64>,
}

impl Plot {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.ticks.is_empty() || self.series.iter().all(|s| s.values.iter().all(Option::is_none))
    }

    /// How high the marks reach at place `i`; `None` without any value.
    fn height(&self, i: usize) -> Option<i64> {
        let values = self.series.iter().filter_map(|s| s.values.get(i).copied().flatten());
        match self.kind {
            Kind::Line | Kind::Bar => values.max(),
            Kind::Stack => values.map(|v| v.max(0)).reduce(i64::saturating_add),
        }
    }
}

/// Draws a plot `width` px wide; `show` writes a value for people. Empty where there is nothing to draw.
pub fn draw(plot: &Plot, width: i64, show: &dyn Fn(i64) -> String) -> String {
    if plot.is_empty() {
        return String::new();
    }
    let frame = frame::Frame::new(plot, width, show);
    let marks = match plot.kind {
        Kind::Line => line::marks(plot, &frame),
        Kind::Bar => bar::marks(plot, &frame, show),
        Kind::Stack => stack::marks(plot, &frame, show),
    };
    frame.finish(plot, &marks, show)
}
