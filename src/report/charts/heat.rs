//! A heat map: rows and columns of shaded cells, each with its figure where it has room and on hover.

use super::Tick;
use super::canvas::{Canvas, SIZE};
use super::scale::{part, spread, text_width, wrap};
use super::svg::{Svg, px};

/// What is to be drawn: `cells[row][column]`; `None` is a missing value, which is not 0.
#[derive(Debug, Clone)]
pub struct Heat {
    /// Unique on the page; letters, digits and `-`.
    pub id: String,
    pub title: String,
    pub description: String,
    pub rows: Vec<String>,
    pub columns: Vec<Tick>,
    pub cells: Vec<Vec<Option<i64>>>,
}

impl Heat {
    /// Whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().flatten().all(Option::is_none)
    }
}

/// Text height of the figures in px; `.chart .figure` of the style.
const FIGURE: i64 = 11;
/// Least height of a row, tenths of a pixel.
const ROW: i64 = 240;
/// Height of a line of a row's name.
const LINE: i64 = 160;
/// Room of the columns' names above, and of the legend below.
const HEAD: i64 = 200;
const FOOT: i64 = 320;
/// A column narrower than this has no room for a figure: rows and columns are exchanged.
const NARROWEST: i64 = 200;
/// Side of a swatch of the legend.
const SWATCH: i64 = 140;

/// Draws a heat map `width` px wide; `show` writes a value for people. Empty where there is nothing to draw.
///
/// With many columns on a phone the columns run downwards.
pub fn draw(heat: &Heat, width: i64, show: &dyn Fn(i64) -> String) -> String {
    if heat.is_empty() {
        return String::new();
    }
    let width = width * 10;
    let grid = Grid::new(heat, width);
    let shades = Shades::of(heat.cells.iter().flatten().flatten().copied());
    let mut svg = Svg::default();
    let mut y = HEAD;
    grid.column_names(&mut svg, width);
    let figures = grid.figures(show);
    for (r, name) in grid.down.iter().enumerate() {
        let lines = wrap(name.0, grid.left - 60, SIZE);
        let height = ROW.max(lines.len() as i64 * LINE + 80);
        let first = y + height / 2 + 40 - (lines.len() as i64 - 1) * LINE / 2;
        for (i, line) in lines.iter().enumerate() {
            let place = [("class", "end"), ("x", &px(grid.left - 60)), ("y", &px(first + LINE * i as i64))];
            svg.text("text", &place, line);
        }
        for (c, column) in grid.across.iter().enumerate() {
            let (value, x, w) = (grid.value(r, c), grid.edge(c), grid.edge(c + 1) - grid.edge(c));
            let shade = value.map_or_else(|| "none".to_owned(), |v| format!("h{}", shades.level(v)));
            let said = value.map_or_else(|| "–".to_owned(), show);
            let hint = format!("{} {}\n{said}", name.1, column.1);
            svg.hint(&format!("heat {shade}"), x + 5, y + 5, w - 10, height - 10, &hint);
            if figures && text_width(&said, FIGURE) + 20 <= w {
                let class = format!("figure mid {shade}");
                svg.text("text", &[("class", &class), ("x", &px(x + w / 2)), ("y", &px(y + height / 2 + 40))], &said);
            }
        }
        y += height;
    }
    shades.legend(&mut svg, width, y + 100, show);
    let (title, description) = (&heat.title, &heat.description);
    Canvas { id: &heat.id, title, description, width, height: y + FOOT }.around(&svg)
}

/// Rows and columns as they are drawn: (short, long).
struct Grid<'a> {
    heat: &'a Heat,
    across: Vec<(&'a str, &'a str)>,
    down: Vec<(&'a str, &'a str)>,
    turned: bool,
    /// Where the cells begin and end.
    left: i64,
    right: i64,
}

impl<'a> Grid<'a> {
    fn new(heat: &'a Heat, width: i64) -> Grid<'a> {
        let mut across: Vec<_> = heat.columns.iter().map(|t| (t.short.as_str(), t.long.as_str())).collect();
        let mut down: Vec<_> = heat.rows.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let left = |names: &[(&str, &str)]| {
            let widest = names.iter().map(|(short, _)| text_width(short, SIZE)).max().unwrap_or(0);
            (widest + 60).min(width / 3)
        };
        let turned = across.len() > down.len() && (width - left(&down)) / (across.len() as i64) < NARROWEST;
        if turned {
            std::mem::swap(&mut across, &mut down);
        }
        Grid { heat, turned, left: left(&down), right: width, across, down }
    }

    fn value(&self, row: usize, column: usize) -> Option<i64> {
        let (row, column) = if self.turned { (column, row) } else { (row, column) };
        self.heat.cells.get(row)?.get(column).copied().flatten()
    }

    fn edge(&self, column: usize) -> i64 {
        self.left + part(column as i64, self.across.len() as i64, self.right - self.left)
    }

    fn column_names(&self, svg: &mut Svg, width: i64) {
        let middle = |c: usize| (self.edge(c) + self.edge(c + 1)) / 2;
        let names: Vec<_> = self.across.iter().enumerate().map(|(c, (short, _))| (*short, middle(c))).collect();
        for (c, x) in spread(&names, width, SIZE) {
            svg.text("text", &[("class", "mid"), ("x", &px(x)), ("y", &px(HEAD - 60))], names[c].0);
        }
    }

    /// Whether the cells show their figures: three quarters of them must have room.
    fn figures(&self, show: &dyn Fn(i64) -> String) -> bool {
        let room = (self.right - self.left) / (self.across.len().max(1) as i64) - 20;
        let values = || self.heat.cells.iter().flatten().flatten();
        values().filter(|v| text_width(&show(**v), FIGURE) <= room).count() * 4 >= values().count() * 3
    }
}

/// From values to shades: 0 is the lightest, then five equal steps up to the value that one in twenty exceeds, so that
/// one bad hour does not flatten the others.
struct Shades {
    top: i64,
}

/// The darkest shade.
const DARKEST: i64 = 5;

impl Shades {
    fn of(values: impl Iterator<Item = i64>) -> Shades {
        let mut values: Vec<i64> = values.filter(|v| *v > 0).collect();
        values.sort_unstable();
        Shades { top: values.get((values.len() * 95).div_ceil(100).saturating_sub(1)).copied().unwrap_or(0) }
    }

    fn level(&self, value: i64) -> i64 {
        if value <= 0 || self.top <= 0 {
            return 0;
        }
        let step = (i128::from(value) * i128::from(DARKEST) - 1) / i128::from(self.top);
        i64::try_from(step).unwrap_or(DARKEST).saturating_add(1).min(DARKEST)
    }

    /// From 0 to all above the last step, at the right.
    fn legend(&self, svg: &mut Svg, right: i64, y: i64, show: &dyn Fn(i64) -> String) {
        if self.top <= 0 {
            return;
        }
        let (zero, above) = (show(0), format!("> {}", show(part(DARKEST - 1, DARKEST, self.top))));
        let swatches = (DARKEST + 1) * (SWATCH + 10);
        let start = right - text_width(&above, SIZE) - 60 - swatches;
        svg.text("text", &[("class", "end"), ("x", &px(start - 60)), ("y", &px(y + 110))], &zero);
        for level in 0..=DARKEST {
            svg.rect(&format!("heat h{level}"), start + level * (SWATCH + 10), y, SWATCH, SWATCH);
        }
        svg.text("text", &[("class", "end"), ("x", &px(right)), ("y", &px(y + 110))], &above);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_equal_steps_up_to_what_one_in_twenty_exceeds() {
        let shades = Shades::of((1..=100).chain([0, 0, 0]));
        assert_eq!(shades.top, 95);
        // 95 / 5 = 19 a step, the upper end included.
        assert_eq!([0, 1, 19, 20, 38, 39, 76, 77, 95, 100].map(|v| shades.level(v)), [0, 1, 1, 2, 2, 3, 4, 5, 5, 5]);
        assert_eq!(Shades::of([7].into_iter()).level(7), 5);
        assert_eq!(Shades::of([0].into_iter()).level(0), 0);
        assert_eq!(Shades::of([i64::MAX].into_iter()).level(i64::MAX), 5);
    }
}
