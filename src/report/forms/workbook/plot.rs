//! A sheet of values drawn with the spreadsheet's own charts; a heat map as shaded cells.

use super::grid::Grid;
use super::write::code;
use crate::report::charts::Kind;
use crate::report::views::chart::Shape;
use rust_xlsxwriter::{Chart, ChartFormat, ChartLine, ChartSolidFill, ChartType, ConditionalFormat2ColorScale};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// The report's colours, in the order of the series.
const COLOURS: [&str; 6] = ["#1d58a8", "#d9741e", "#287f6a", "#35195c", "#9c80c0", "#7d1020"];
/// From nothing to much, on a heat map.
const HEAT: [&str; 2] = ["#eef2f5", "#3a78a8"];

/// Draws the figures of a sheet beside them, where they are to be drawn.
pub fn insert(sheet: &mut Worksheet, name: &str, grid: &Grid) -> Result<(), XlsxError> {
    let Some((title, shape)) = &grid.chart else { return Ok(()) };
    let last = grid.rows.len() as u32;
    let columns: Vec<u16> = (0..).zip(&grid.columns).filter(|(_, c)| c.class == "num").map(|(i, _)| i).collect();
    let (Some(from), Some(to)) = (columns.first().copied(), columns.last().copied()) else { return Ok(()) };
    let kind = match shape {
        Shape::Heat => {
            let scale = ConditionalFormat2ColorScale::new().set_minimum_color(HEAT[0]).set_maximum_color(HEAT[1]);
            sheet.add_conditional_format(1, from, last, to, &scale)?;
            return Ok(());
        }
        Shape::Funnel => ChartType::Bar,
        Shape::Plot(Kind::Line) => ChartType::Line,
        Shape::Plot(Kind::Bar) => ChartType::Column,
        Shape::Plot(Kind::Stack) => ChartType::ColumnStacked,
    };
    let mut chart = Chart::new(kind);
    // A title that begins with `=` would be read as a formula.
    chart.title().set_name(title.trim_start_matches('='));
    for (column, colour) in columns.iter().zip(COLOURS.iter().cycle()) {
        let mut format = ChartFormat::new();
        match kind {
            ChartType::Line => format.set_line(ChartLine::new().set_color(*colour).set_width(1.75)),
            _ => format.set_solid_fill(ChartSolidFill::new().set_color(*colour)),
        };
        chart
            .add_series()
            .set_name((name, 0, *column))
            .set_categories((name, 1, 0, last, 0))
            .set_values((name, 1, *column, last, *column))
            .set_format(&mut format);
    }
    if let Some(unit) = grid.rows.iter().flatten().find_map(|c| c.unit) {
        chart.y_axis().set_num_format(code(unit));
    }
    if kind == ChartType::Bar {
        // The first step on top.
        chart.x_axis().set_reverse();
    }
    if columns.len() == 1 {
        chart.legend().set_hidden();
    }
    chart.set_width(720).set_height(360);
    sheet.insert_chart(1, grid.columns.len() as u16 + 1, &chart)?;
    Ok(())
}
