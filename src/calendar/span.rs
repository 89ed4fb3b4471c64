//! Lengths of time as people type them.

use crate::base::time::{HOUR, MINUTE, SECOND};

/// `90s`, `2h30m`, `8h`, `500ms`, `1h 15min`; days are refused, since a day of open time has no fixed length.
///
/// # Errors
/// What was written instead.
pub fn parse(text: &str) -> Result<i64, String> {
    let wrong = || format!("`{text}` is not a length of time such as 8h, 2h30m, 90s or 500ms");
    let mut rest = text.trim();
    let mut sum: i64 = 0;
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => 1,
            "s" => SECOND,
            "m" | "min" => MINUTE,
            "h" => HOUR,
            _ => return Err(wrong()),
        };
        rest = rest[letters..].trim_start();
        sum = number.checked_mul(unit).and_then(|ms| sum.checked_add(ms)).ok_or_else(wrong)?;
    }
    Ok(sum)
}
