//! Rows that cannot be read: which, where, why; the value's shape and never the value.

use crate::lake::dimensions::QuarantineRow;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    pub column: Option<&'static str>,
    pub value_mask: Option<String>,
    pub reason: String,
}

impl Reject {
    pub fn value(column: &'static str, value: &str, reason: impl Into<String>) -> Reject {
        Reject { column: Some(column), value_mask: Some(shape(value)), reason: reason.into() }
    }

    pub fn missing(column: &'static str) -> Reject {
        Reject { column: Some(column), value_mask: None, reason: "no value; this column must have one".to_owned() }
    }

    pub fn row(reason: impl Into<String>) -> Reject {
        Reject { column: None, value_mask: None, reason: reason.into() }
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
