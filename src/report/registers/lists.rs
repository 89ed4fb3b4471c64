//! The hidden sheet with what drop-downs offer that is too long for them: the rules, with the points each allows.

use super::view::{Book, Choice, Sheet};
use crate::lake::schema::ROSTER;
use crate::report::words::Words;
use rust_xlsxwriter::utility::{quote_sheet_name, row_col_to_cell_absolute as cell};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Rows of a sheet.
pub const LAST_ROW: u32 = 1_048_575;
/// The first row below a register's header.
pub const FIRST_ROW: u32 = 2;
/// Columns that a list of rules takes: what is shown, least and most points.
const WIDE: u16 = 3;
/// Rows of the roster that are offered.
const STAFF: u32 = 1_000;

/// Where the lists are.
#[derive(Debug)]
pub struct Lists<'a> {
    title: String,
    /// (sheet, its rules), in the order in which they stand side by side.
    rules: Vec<(&'a str, &'a [Choice])>,
    /// The roster's ids: its sheet and the column.
    staff: Option<(String, u16)>,
}

impl<'a> Lists<'a> {
    pub fn new(book: &'a Book, words: &Words) -> Lists<'a> {
        let of = |s: &'a Sheet| s.columns.iter().find_map(|c| c.kind.choices()).map(|rules| (s.title.as_str(), rules));
        let rules = book.sheets.iter().filter_map(of).collect();
        let roster = book.sheets.iter().find(|s| s.table == ROSTER.name);
        let staff = roster.and_then(|s| {
            let at = s.columns.iter().position(|c| c.name == "staff_id")?;
            Some((s.title.clone(), at as u16))
        });
        Lists { title: words.text("registers.lists"), rules, staff }
    }

    /// Writes the sheet.
    pub fn write(&self, out: &mut Worksheet) -> Result<(), XlsxError> {
        out.set_name(&self.title)?.set_hidden(true);
        for (n, (_, choices)) in self.rules.iter().enumerate() {
            let at = n as u16 * WIDE;
            for (row, choice) in choices.iter().enumerate() {
                out.write_string(row as u32, at, &choice.shown)?;
                out.write_number(row as u32, at + 1, f64::from(choice.points.0) / 100.0)?;
                out.write_number(row as u32, at + 2, f64::from(choice.points.1) / 100.0)?;
            }
        }
        Ok(())
    }

    /// The cells that hold a sheet's rules, `columns` of them side by side; `None` where it has none.
    pub fn rules(&self, sheet: &str, columns: u16) -> Option<String> {
        let n = self.rules.iter().position(|(s, _)| *s == sheet)?;
        let choices = self.rules[n].1;
        let at = n as u16 * WIDE;
        let last = choices.len().checked_sub(1)? as u32;
        Some(format!("{}!{}:{}", quote_sheet_name(&self.title), cell(0, at), cell(last, at + columns - 1)))
    }

    /// The ids on the roster's sheet as far as it is filled.
    pub fn staff(&self) -> Option<String> {
        let (sheet, at) = self.staff.as_ref()?;
        let sheet = quote_sheet_name(sheet);
        let (first, last) = (cell(FIRST_ROW, *at), cell(FIRST_ROW + STAFF, *at));
        Some(format!("OFFSET({sheet}!{first},0,0,MAX(1,COUNTA({sheet}!{first}:{last})),1)"))
    }
}
