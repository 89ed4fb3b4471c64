//! The workbook in which people keep the registers: what it says ([`view`]) → its sheets, help and lists → xlsx.

pub mod appeals;
mod check;
mod help;
mod lists;
mod page;
mod style;
pub mod view;

pub use view::Book;

use super::words::Words;
use crate::base::{Diagnostic, Error, Result};
use crate::ingest::nothing::asked;
use lists::Lists;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use style::Style;

/// Writes the workbook: the help sheet, a sheet for each register, and a hidden one with the drop-downs' lists. The same
/// book gives the same bytes.
///
/// # Errors
/// A sheet's name that a spreadsheet refuses, or that two sheets have; texts that the catalogue lacks.
pub fn workbook(book: &Book, words: &Words) -> Result<Vec<u8>> {
    let bytes = write(book, words).map_err(failed)?;
    words.check()?;
    Ok(bytes)
}

fn write(book: &Book, words: &Words) -> Result<Vec<u8>, XlsxError> {
    let mut out = Workbook::new();
    // A spreadsheet asks for the time at which it was made; it is no part of what it says.
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    out.set_properties(&DocProperties::new().set_title(words.text("registers.title")).set_creation_datetime(&made));
    let style = Style::new();
    let (lists, asked) = (Lists::new(book, words), asked(&book.lang));
    help::write(out.add_worksheet(), book, words, &style)?;
    for sheet in &book.sheets {
        page::write(out.add_worksheet(), sheet, asked, &lists, words, &style)?;
    }
    lists.write(out.add_worksheet())?;
    out.save_to_buffer()
}

fn failed(e: XlsxError) -> Error {
    match &e {
        XlsxError::SheetnameCannotBeBlank(_)
        | XlsxError::SheetnameLengthExceeded(_)
        | XlsxError::SheetnameReused(_)
        | XlsxError::SheetnameContainsInvalidCharacter(_)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(_) => {
            let d = Diagnostic::error("K0904", format!("a sheet cannot be called so: {e}"));
            d.help("set another `title` under [sheet] of the source, or another word under [lake] of the catalogue")
                .into()
        }
        _ => Error::Failed(format!("cannot write the workbook: {e}")),
    }
}
