//! A heat map: rows and columns of shaded cells, each with its figure on hover.

use super::Tick;

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

/// Draws a heat map `width` px wide; `show` writes a value for people. Empty where there is nothing to draw.
pub fn draw(_heat: &Heat, _width: i64, _show: &dyn Fn(i64) -> String) -> String {
    String::new()
}
