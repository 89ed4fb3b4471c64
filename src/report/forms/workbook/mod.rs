//! `report.xlsx`: every table on a sheet of its own, numbers and dates as such, charts as the spreadsheet's own. Tables of
//! pages in a folder (people, shops, rules) stand one below the other on one sheet, each row with the name of its page.

mod grid;
mod names;
mod plot;
mod write;

use super::{File, Report};
use crate::base::{Error, Result};
use grid::Grid;
use names::Names;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Url, Workbook, XlsxError};
use write::Formats;

/// Seconds of 9999-12-31, the last day that a workbook can name.
const LAST_DAY: i64 = 253_402_214_400;

pub fn files(report: &Report) -> Result<Vec<File>> {
    let bytes = workbook(report).map_err(|e| Error::Failed(format!("report.xlsx: {e}")))?;
    Ok(vec![("report.xlsx".to_owned(), bytes)])
}

fn workbook(report: &Report) -> std::result::Result<Vec<u8>, XlsxError> {
    let words = report.words;
    let mut names = Names::default();
    let index = names.unique(&words.text("workbook.index"));
    let grids = grid::grids(&report.chapters, words);
    let sheets: Vec<(String, &Grid)> = grids
        .iter()
        .map(|g| (names.unique(&words.fill("workbook.one", &[("page", &g.page), ("table", &g.title)])), g))
        .collect();

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    let formats = Formats::new();
    let sheet = workbook.add_worksheet().set_name(&index)?;
    contents(sheet, report, &sheets)?;
    for (name, grid) in &sheets {
        let sheet = workbook.add_worksheet().set_name(name)?;
        write::grid(sheet, grid, &formats)?;
        plot::insert(sheet, name, grid)?;
    }
    workbook.save_to_buffer()
}

/// The workbook says the report's time, not its own: the same report is the same bytes.
fn properties(report: &Report) -> std::result::Result<DocProperties, XlsxError> {
    let at = ExcelDateTime::from_timestamp((report.inputs.as_of / 1000).clamp(0, LAST_DAY))?;
    let title = report.chapters.first().map_or("", |c| &c.title);
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&at))
}

/// The first sheet: what the report covers, and a link to every other sheet.
fn contents(
    sheet: &mut rust_xlsxwriter::Worksheet,
    report: &Report,
    sheets: &[(String, &Grid)],
) -> std::result::Result<(), XlsxError> {
    let words = report.words;
    let bold = Format::new().set_bold();
    let mut row = 0;
    if let Some(page) = report.pages.first() {
        let title = report.chapters.first().map_or("", |c| &c.title);
        sheet.write_string_with_format(row, 0, write::cut(title), &bold)?;
        for said in
            page.frame.draft.iter().map(|d| (words.text("draft_mark"), d.clone())).chain(page.frame.colophon.clone())
        {
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
