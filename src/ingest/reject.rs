//! What is wrong with a row that cannot be read: the column, the value's shape (never the value), the reason.

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
