//! Rows that cannot be read: which, where, why; the value's shape and never the value.

use crate::base::{Diagnostic, Place};
use crate::lake::dimensions::QuarantineRow;
use crate::lake::schema::Table;

/// How many rejected rows are shown.
const SHOWN: usize = 5;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub column: Option<&'static str>,
    pub value_mask: Option<String>,
    pub reason: String,
    /// Nothing is wrong: the row is of a buyer who asked to be forgotten.
    pub forgotten: bool,
}

impl Reject {
    fn new(column: Option<&'static str>, value_mask: Option<String>, reason: impl Into<String>) -> Reject {
        Reject { column, value_mask, reason: reason.into(), forgotten: false }
    }

    /// A row of which nothing is kept, not even that it was there.
    pub fn forgotten() -> Reject {
        Reject { forgotten: true, ..Reject::row("") }
    }

    pub fn value(column: &'static str, value: &str, reason: impl Into<String>) -> Reject {
        Reject::new(Some(column), Some(shape(value)), reason)
    }

    pub fn missing(column: &'static str) -> Reject {
        Reject::new(Some(column), None, "no value; this column must have one")
    }

    pub fn row(reason: impl Into<String>) -> Reject {
        Reject::new(None, None, reason)
    }

    /// As a row of the quarantine.
    pub fn at(self, table: &str, file: &str, row: u64) -> QuarantineRow {
        QuarantineRow {
            table: table.to_owned(),
            file: file.to_owned(),
            row: row as i64,
            column: self.column.map(str::to_owned),
            value_mask: self.value_mask,
            reason: self.reason,
        }
    }
}

/// `2026-05-99` → `9999-99-99`, letters `A`, Chinese `字`; at most 24 characters.
pub fn shape(value: &str) -> String {
    let of = |c: char| match c {
        '0'..='9' => '9',
        'a'..='z' | 'A'..='Z' => 'A',
        c if c.is_ascii_punctuation() || c == ' ' => c,
        c if c.is_whitespace() => ' ',
        c if c.is_alphabetic() => '字',
        _ => '?',
    };
    let mut mask: String = value.chars().take(24).map(of).collect();
    if value.chars().nth(24).is_some() {
        mask.push('…');
    }
    mask
}

fn place(r: &QuarantineRow) -> Place {
    let seen = r.value_mask.as_ref().map(|m| format!(" (`{m}`)")).unwrap_or_default();
    Place::row(r.file.clone(), r.row as u64, r.column.as_deref(), format!("{}{seen}", r.reason))
}

/// The finding where too many of `read` rows of a table's new files cannot be read. `limit`: thousandths.
pub fn refused(table: &Table, rejects: &[QuarantineRow], read: u64, limit: u32) -> Diagnostic {
    let message = format!(
        "{} of {read} rows of `{}` cannot be read; at most {}.{} % may fail",
        rejects.len(),
        table.name,
        limit / 10,
        limit % 10
    );
    let d = rejects.iter().take(SHOWN).map(place).fold(Diagnostic::error("K0217", message), Diagnostic::at);
    d.help("mend the mapping in pipelines/sources or export again; `rejects_max` of the pipeline sets the share")
}

/// The finding where a few rows cannot be read.
pub fn quarantined(table: &Table, rejects: &[QuarantineRow]) -> Diagnostic {
    let d = Diagnostic::warning("K0218", format!("{} row(s) of `{}` went to quarantine", rejects.len(), table.name));
    rejects.iter().take(SHOWN).map(place).fold(d, Diagnostic::at)
}
