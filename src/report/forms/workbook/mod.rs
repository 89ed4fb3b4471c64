//! `report.xlsx`: every table on a sheet of its own, numbers and dates as such, charts as the spreadsheet's own. Tables of
//! pages in a folder (people, shops, rules) stand one below the other on one sheet, each row with the name of its page.

mod grid;
mod names;
mod plot;
mod write;

use super::{File, Report};
use crate::base::Ms;
use crate::base::{Error, Result};
use crate::report::views::Frame;
use crate::report::views::chapter::Chapter;
use crate::report::words::Words;
use grid::Grid;
use names::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Url, Workbook, XlsxError};
use write::Formats;

/// Seconds of 9999-12-31, the last day that a workbook can name.
const LAST_DAY: i64 = 253_402_214_400;

pub fn files(report: &Report) -> Result<Vec<File>> {
    let frame = report.pages.first().map(|p| &p.frame);
    let bytes = book("report.xlsx", frame, &report.chapters, report.inputs.as_of, report.words)?;
    Ok(vec![("report.xlsx".to_owned(), bytes)])
}

/// A workbook of the tables of these chapters. Its first sheet says what `frame` says of all pages; `file` is for messages.
///
/// # Errors
/// What the library refuses.
pub fn book(file: &str, frame: Option<&Frame>, chapters: &[Chapter], as_of: Ms, words: &Words) -> Result<Vec<u8>> {
    workbook(frame, chapters, as_of, words).map_err(|e| Error::Failed(format!("{file}: {e}")))
}

fn workbook(
    frame: Option<&Frame>,
    chapters: &[Chapter],
    as_of: Ms,
    words: &Words,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut names = Names::default();
    let index = names.unique(&words.text("workbook.index"));
    let grids = grid::grids(chapters, words);
    let sheets: Vec<(String, &Grid)> = grids
        .iter()
        .map(|g| (names.unique(&words.fill("workbook.one", &[("page", &g.page), ("table", &g.title)])), g))
        .collect();
    let title = chapters.first().map_or("", |c| &c.title);

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(title, as_of)?);
    let formats = Formats::new();
    let sheet = workbook.add_worksheet().set_name(&index)?;
    contents(sheet, title, frame, &sheets, words)?;
    for (name, grid) in &sheets {
        let sheet = workbook.add_worksheet().set_name(name)?;
        write::grid(sheet, grid, &formats)?;
        plot::insert(sheet, name, grid)?;
    }
    workbook.save_to_buffer()
}

/// The workbook says the report's time, not its own: the same report is the same bytes.
fn properties(title: &str, as_of: Ms) -> std::result::Result<DocProperties, XlsxError> {
    let at = ExcelDateTime::from_timestamp((as_of / 1000).clamp(0, LAST_DAY))?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&at))
}

/// The first sheet: what the report covers, and a link to every other sheet.
fn contents(
    sheet: &mut rust_xlsxwriter::Worksheet,
    title: &str,
    frame: Option<&Frame>,
    sheets: &[(String, &Grid)],
    words: &Words,
) -> std::result::Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let mut row = 0;
    if let Some(frame) = frame {
        sheet.write_string_with_format(row, 0, write::cut(title), &bold)?;
        for said in frame.draft.iter().map(|d| (words.text("draft_mark"), d.clone())).chain(frame.colophon.clone()) {
            row += 1;
            sheet.write_string(row, 0, write::cut(&said.0))?.write_string(row, 1, write::cut(&said.1))?;
        }
        row += 2;
    }
    for (column, key) in (0..).zip(["page", "sheet", "rows"]) {
        sheet.write_string_with_format(row, column, words.text(&format!("workbook.{key}")), &bold)?;
    }
    for (name, grid) in sheets {
        row += 1;
        sheet.write_string(row, 0, write::cut(&grid.page))?;
        let link = Url::new(format!("internal:'{name}'!A1"));
        sheet.write_url_with_text(row, 1, link, write::cut(&grid.title))?;
        sheet.write_number(row, 2, grid.rows.len() as f64)?;
    }
    for (column, width) in [(0, 24.0), (1, 60.0), (2, 10.0)] {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}
