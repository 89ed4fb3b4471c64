//! A grid as a worksheet: numbers with the format of their unit, texts as texts (never as formulas), a frozen header that
//! filters, widths that show what is there.

use super::grid::Grid;
use super::names::first;
use crate::base::time::DAY;
use crate::report::format::{NOTHING, Unit};
use crate::report::views::table::Cell;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

/// Days from the spreadsheets' day 0 to 1970-01-01.
const EPOCH: f64 = 25_569.0;
/// Day 61 is 1900-03-01: spreadsheets and the calendar differ before it.
const FIRST_DAY: f64 = 61.0;
/// Longest text of a cell in UTF-16 units.
const LONGEST: usize = 32_767;
/// Widths in characters.
const WIDTHS: (usize, usize) = (8, 60);
/// Rows that are looked at for a column's width.
const MEASURED: usize = 500;

/// The formats of a workbook.
pub struct Formats {
    head: Format,
    text: Format,
    units: [(Unit, Format); 9],
}

impl Formats {
    pub fn new() -> Formats {
        let format = |unit: Unit| (unit, Format::new().set_num_format(code(unit)).set_align(FormatAlign::Top));
        Formats {
            head: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top),
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            units: [
                Unit::Count,
                Unit::Tenths,
                Unit::Ms,
                Unit::Share,
                Unit::Fen,
                Unit::Points,
                Unit::Number,
                Unit::Date,
                Unit::Time,
            ]
            .map(format),
        }
    }

    fn of(&self, unit: Unit) -> &Format {
        self.units.iter().find(|(u, _)| *u == unit).map_or(&self.text, |(_, f)| f)
    }
}

/// The number format of a unit.
pub fn code(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "#,##0",
        Unit::Tenths => "#,##0.0",
        Unit::Ms => "[h]:mm:ss.0",
        Unit::Share => "0.00%",
        Unit::Fen => "\"¥\"#,##0.00",
        Unit::Points => "0.00",
        Unit::Number => "0",
        Unit::Date => "yyyy-mm-dd",
        Unit::Time => "yyyy-mm-dd hh:mm:ss",
    }
}

/// A bare number as spreadsheets count; `None` where they cannot: times below 0, days before March 1900.
pub fn number(value: i64, unit: Unit) -> Option<f64> {
    let n = value as f64;
    match unit {
        Unit::Count | Unit::Number => Some(n),
        Unit::Tenths => Some(n / 10.0),
        Unit::Ms => (value >= 0).then_some(n / DAY as f64),
        Unit::Share => Some(n / 10_000.0),
        Unit::Fen | Unit::Points => Some(n / 100.0),
        Unit::Date => Some(n + EPOCH).filter(|d| *d >= FIRST_DAY),
        Unit::Time => Some(n / DAY as f64 + EPOCH).filter(|d| *d >= FIRST_DAY),
    }
}

pub fn grid(sheet: &mut Worksheet, grid: &Grid, formats: &Formats) -> Result<(), XlsxError> {
    for (i, column) in (0..).zip(&grid.columns) {
        let title = match &column.tag {
            Some(tag) => format!("{} ({tag})", column.title),
            None => column.title.clone(),
        };
        sheet.write_string_with_format(0, i, cut(&title), &formats.head)?;
        let cells = grid.rows.iter().take(MEASURED).filter_map(|r| r.get(usize::from(i)));
        let widest = cells.map(|c| width(&c.text)).chain([width(&title).min(20)]).max().unwrap_or(0);
        sheet.set_column_width(i, (widest + 2).clamp(WIDTHS.0, WIDTHS.1) as f64)?;
    }
    for (row, cells) in (1..).zip(&grid.rows) {
        for (i, cell) in (0..).zip(cells) {
            write(sheet, row, i, cell, formats)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    let (rows, columns) = (grid.rows.len() as u32, grid.columns.len() as u16);
    if columns > 0 {
        sheet.autofilter(0, 0, rows, columns - 1)?;
    }
    if let Some(note) = &grid.note {
        sheet.write_string(rows + 2, 0, cut(note))?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    let typed = cell.value.zip(cell.unit).and_then(|(value, unit)| Some((number(value, unit)?, unit)));
    match typed {
        Some((n, unit)) => sheet.write_number_with_format(row, column, n, formats.of(unit))?,
        None if cell.text.is_empty() || cell.text == NOTHING => sheet,
        None => sheet.write_string_with_format(row, column, cut(&cell.text), &formats.text)?,
    };
    Ok(())
}

/// As much of a text as a cell holds.
pub fn cut(text: &str) -> &str {
    first(text, LONGEST)
}

/// How wide a text is, in characters of a digit's width; of several lines the widest.
fn width(text: &str) -> usize {
    let line = |l: &str| l.chars().map(|c| if (c as u32) < 0x2e80 { 1 } else { 2 }).sum();
    text.lines().map(line).max().unwrap_or(0)
}
