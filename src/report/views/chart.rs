//! A chart as a page shows it: two drawings (wide, and narrow for phones) and the table of the same values.

use super::table::{Cell, Table};
use crate::report::charts::funnel::{self, Funnel};
use crate::report::charts::heat::{self, Heat};
use crate::report::charts::{Kind, Plot, draw};
use crate::report::format::Quantity;
use crate::report::words::Words;
use schemars::JsonSchema;
use serde::Serialize;

/// Width of the drawings in px; the page scales them.
const WIDE: i64 = 640;
const NARROW: i64 = 340;

/// How a chart is drawn, for forms that draw with means of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Plot(Kind),
    Heat,
    Funnel,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Chart {
    pub id: String,
    pub title: String,
    pub description: String,
    /// SVG; empty where there is nothing to draw.
    pub wide: String,
    pub narrow: String,
    pub table: Table,
    #[serde(skip)]
    pub shape: Shape,
}

impl Chart {
    /// Draws a plot; `first_column` heads the column of places, `unit` is any quantity of the values' unit.
    pub fn new(plot: Plot, first_column: &str, words: &Words, unit: Quantity) -> Chart {
        let show = |n: i64| unit.with(n).show(words);
        let mut table = Table::new("values", &[first_column], words);
        table.id = format!("{}-values", plot.id);
        plot.series.iter().for_each(|s| table.figure_column(s.name.clone()));
        if !plot.is_empty() {
            for (i, tick) in plot.ticks.iter().enumerate() {
                let mut row = vec![Cell::text(&tick.long)];
                let value = |values: &[Option<i64>]| values.get(i).copied().flatten().map(|n| unit.with(n));
                row.extend(plot.series.iter().map(|s| Cell::quantity(value(&s.values), words)));
                table.push(row);
            }
        }
        Chart {
            wide: draw(&plot, WIDE, &show),
            narrow: draw(&plot, NARROW, &show),
            shape: Shape::Plot(plot.kind),
            id: plot.id,
            title: plot.title,
            description: plot.description,
            table,
        }
    }

    /// Draws a heat map; `first_column` heads the column of its rows, `unit` is any quantity of the values' unit.
    pub fn heat(heat: Heat, first_column: &str, words: &Words, unit: Quantity) -> Chart {
        let show = |n: i64| unit.with(n).show(words);
        let mut table = Table::new("values", &[first_column], words);
        table.id = format!("{}-values", heat.id);
        heat.columns.iter().for_each(|c| table.figure_column(c.long.clone()));
        for (name, cells) in heat.rows.iter().zip(&heat.cells).filter(|_| !heat.is_empty()) {
            let cell = |value: &Option<i64>| Cell::quantity(value.map(|n| unit.with(n)), words);
            table.push(std::iter::once(Cell::text(name)).chain(cells.iter().map(cell)).collect());
        }
        Chart {
            wide: heat::draw(&heat, WIDE, &show),
            narrow: heat::draw(&heat, NARROW, &show),
            shape: Shape::Heat,
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
            shape: Shape::Funnel,
            id: funnel.id,
            title: funnel.title,
            description: funnel.description,
            table,
        }
    }
}
