//! A chart as a page shows it: two drawings (wide, and narrow for phones) and the table of the same values.

use super::table::{Cell, Table};
use crate::report::charts::funnel::{self, Funnel};
use crate::report::charts::heat::{self, Heat};
use crate::report::charts::{Plot, draw};
use crate::report::format::{NOTHING, Quantity};
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
                    None => Cell::text(NOTHING),
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

    /// Draws a heat map; `first_column` heads the column of its rows.
    pub fn heat(heat: Heat, first_column: &str, words: &Words, show: &dyn Fn(i64) -> String) -> Chart {
        let mut table = Table::new("values", &[first_column], words);
        table.id = format!("{}-values", heat.id);
        heat.columns.iter().for_each(|c| table.figure_column(c.long.clone()));
        for (name, cells) in heat.rows.iter().zip(&heat.cells).filter(|_| !heat.is_empty()) {
            let cell = |value: &Option<i64>| match value {
                Some(value) => Cell { text: show(*value), value: Some(*value), ..Cell::default() },
                None => Cell::text(NOTHING),
            };
            table.push(std::iter::once(Cell::text(name)).chain(cells.iter().map(cell)).collect());
        }
        Chart {
            wide: heat::draw(&heat, WIDE, show),
            narrow: heat::draw(&heat, NARROW, show),
            id: heat.id,
            title: heat.title,
            description: heat.description,
            table,
        }
    }

    /// Draws a funnel of counts.
    pub fn funnel(funnel: Funnel, words: &Words) -> Chart {
        let mut table = Table::new("values", &["step", "#count", "notes"], words);
        table.id = format!("{}-values", funnel.id);
        for stage in funnel.stages.iter().filter(|_| !funnel.is_empty()) {
            table.push(vec![Cell::text(&stage.name), Cell::count(stage.value, words), Cell::text(&stage.note)]);
        }
        let show = |n: i64| Quantity::Count(n).show(words);
        Chart {
            wide: funnel::draw(&funnel, WIDE, &show),
            narrow: funnel::draw(&funnel, NARROW, &show),
            id: funnel.id,
            title: funnel.title,
            description: funnel.description,
            table,
        }
    }
}
