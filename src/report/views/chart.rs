//! A chart as a page shows it: two drawings (wide, and narrow for phones) and the table of the same values.

use super::table::{Cell, Table};
use crate::report::charts::{Plot, draw};
use crate::report::words::Words;
use serde::Serialize;

/// Width of the drawings in px; the page scales them.
const WIDE: i64 = 640;
const NARROW: i64 = 340;

#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    pub id: String,
    pub title: String,
    pub description: String,
    /// SVG; empty where there is nothing to draw.
    pub wide: String,
    pub narrow: String,
    pub table: Table,
}

impl Chart {
    /// Draws a plot; `first_column` heads the column of places, `show` writes a value.
    pub fn new(plot: Plot, first_column: &str, words: &Words, show: &dyn Fn(i64) -> String) -> Chart {
        let mut table = Table::new("values", &[first_column], words);
        table.id = format!("{}-values", plot.id);
        plot.series.iter().for_each(|s| table.figure_column(s.name.clone()));
        if !plot.is_empty() {
            for (i, tick) in plot.ticks.iter().enumerate() {
                let mut row = vec![Cell::text(&tick.long)];
                row.extend(plot.series.iter().map(|s| match s.values.get(i).copied().flatten() {
                    Some(value) => Cell { text: show(value), value: Some(value), ..Cell::default() },
                    None => Cell::text(crate::report::format::NOTHING),
                }));
                table.push(row);
            }
        }
        Chart {
            wide: draw(&plot, WIDE, show),
            narrow: draw(&plot, NARROW, show),
            id: plot.id,
            title: plot.title,
            description: plot.description,
            table,
        }
    }
}
