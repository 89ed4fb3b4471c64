//! A register's sheet: the question whether there was nothing, the header, and cells that check what is typed.

use super::check;
use super::lists::{FIRST_ROW, LAST_ROW, Lists};
use super::style::{Style, height, width};
use super::view::{Column, Kind, Sheet};
use crate::ingest::nothing::Asked;
use crate::report::words::Words;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, IgnoreError, Note, ObjectMovement, Worksheet, XlsxError,
};

/// Widths of columns.
const NARROW: usize = 11;
const WIDE: usize = 44;
/// Width of the first two columns at least: question and answer stand in them.
const QUESTION: usize = 15;
const A4: u8 = 9;

/// Writes a register's sheet.
///
/// # Errors
/// A name that a spreadsheet refuses.
pub fn write(
    out: &mut Worksheet,
    sheet: &Sheet,
    asked: &Asked,
    lists: &Lists<'_>,
    words: &Words,
    style: &Style,
) -> Result<(), XlsxError> {
    out.set_name(&sheet.title)?;
    let header = FIRST_ROW - 1;
    let mut widths = Vec::new();
    for (at, column) in (0..).zip(&sheet.columns) {
        let wide = wide(column).max(if at < 2 { QUESTION } else { NARROW });
        widths.push(wide);
        out.set_column_width(at, wide as f64)?;
        out.set_column_format(at, &check::format(&column.kind))?;
        let format = if column.required { &style.required } else { &style.optional };
        out.write_string_with_format(header, at, &column.header, format)?;
        out.insert_note(header, at, &note(&check::message(column, words)))?;
        let validation = check::validation(column, at, sheet, lists, words)?;
        out.add_data_validation(FIRST_ROW, at, LAST_ROW, at, &validation)?;
    }
    let last = (sheet.columns.len() as u16).saturating_sub(1);
    question(out, asked, &widths, words, style)?;
    out.set_row_height(header, 22)?;
    out.ignore_error_range(FIRST_ROW, 0, LAST_ROW, last, IgnoreError::NumberStoredAsText)?;
    out.set_freeze_panes(FIRST_ROW, 0)?;
    out.set_selection(FIRST_ROW, 0, FIRST_ROW, 0)?;
    out.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_gridlines(true);
    out.set_repeat_rows(header, header)?.set_header("&A").set_footer("&P / &N");
    Ok(())
}

/// Whether there was nothing: asked above the header, see [`crate::ingest::nothing`].
fn question(
    out: &mut Worksheet,
    asked: &Asked,
    widths: &[usize],
    words: &Words,
    style: &Style,
) -> Result<(), XlsxError> {
    let hint = words.fill("registers.hint", &[("answer", asked.answer)]);
    out.write_string_with_format(0, 0, asked.question, &style.question)?;
    out.write_blank(0, 1, &style.answer)?;
    let last = widths.len().saturating_sub(1) as u16;
    if last > 2 {
        out.merge_range(0, 2, 0, last, &hint, &style.hint)?;
    } else {
        out.write_string_with_format(0, 2, &hint, &style.hint)?;
    }
    out.set_row_height(0, height(&hint, widths.iter().skip(2).sum()).max(34.0))?;
    let wrong = words.fill("registers.wrong.answer", &[("answer", asked.answer)]);
    let answer = DataValidation::new()
        .allow_list_strings(&[asked.answer])?
        .set_input_message(check::cut(&hint, check::MOST_MESSAGE))?
        .set_error_style(DataValidationErrorStyle::Stop)
        .set_error_message(wrong)?;
    out.add_data_validation(0, 1, 0, 1, &answer)?;
    Ok(())
}

/// As wide as its header, its example and its words.
fn wide(column: &Column) -> usize {
    let words = match &column.kind {
        Kind::Words(all) => all.iter().map(|w| width(w)).max().unwrap_or(0),
        Kind::Rule(all) => all.iter().map(|c| width(&c.shown)).max().unwrap_or(0),
        Kind::Time { seconds } => 16 + if *seconds { 3 } else { 0 },
        _ => 0,
    };
    (words.max(width(&column.header)).max(width(&column.example)) + 3).min(WIDE)
}

/// A header's note: large enough for its text.
fn note(text: &str) -> Note {
    let lines = (height(text, 30) / 16.0).ceil() as u32;
    Note::new(text)
        .add_author_prefix(false)
        .set_width(240)
        .set_height(18 * (lines + 1))
        .set_object_movement(ObjectMovement::DontMoveOrSizeWithCells)
}
