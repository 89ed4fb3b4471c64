//! One value of a row: a text made into what its column holds.

use super::reject::Reject;
use super::{parse, private};
use crate::base::Zone;
use crate::lake::schema::{Column, Type};
use std::borrow::Cow;

/// Columns of numbers that are longer than those that a spreadsheet keeps.
pub const IDS: [&str; 2] = ["order_id", "refund_id"];

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Cell<'r> {
    Null,
    Text(Cow<'r, str>),
    /// Whole numbers, times in ms, days, 0 and 1.
    Number(i64),
}

impl Cell<'_> {
    /// The same, no longer lent by the row.
    pub fn owned(self) -> Cell<'static> {
        match self {
            Cell::Null => Cell::Null,
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Number(n) => Cell::Number(n),
        }
    }
}

/// A text that needs nothing but its column's type and words. `formats`: patterns of times, `zone`: theirs.
///
/// # Errors
/// What was expected instead.
pub fn plain<'r>(column: &Column, text: &'r str, formats: &[String], zone: Zone) -> Result<Cell<'r>, Reject> {
    let name = column.name;
    Ok(match column.kind {
        Type::Date => Cell::Number(parse::date(name, text)?.into()),
        Type::Time => Cell::Number(parse::time(name, text, formats, zone)?),
        Type::Int64 if name.ends_with("_ms") => Cell::Number(parse::duration(name, text)?),
        Type::Int64 if name.ends_with("_rate") => Cell::Number(parse::rate(name, text)?),
        Type::Int32 if name == "points" => Cell::Number(parse::points(name, text)?),
        Type::Int64 | Type::Int32 => Cell::Number(parse::whole(name, text)?),
        Type::Bool => Cell::Number(parse::flag(name, text)?.into()),
        Type::Utf8 | Type::Utf8List | Type::Evidence => {
            if !column.words.is_empty() && !column.words.contains(&text) {
                let words = column.words.join(", ");
                let reason = format!("expected one of {words}; map other words with `values` of the source");
                return Err(Reject::value(name, text, reason));
            }
            if column.free {
                return Ok(Cell::Text(private::scrub(text)));
            }
            let text = if IDS.contains(&name) { parse::id(name, text)? } else { text };
            Cell::Text(text.into())
        }
    })
}
