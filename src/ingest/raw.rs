//! A raw row read again, for `kaohe explain`.

use super::containers::{Form, Scratch, again};
use super::decode;
use crate::settings::source::Encoding;
use csv::{ReaderBuilder, StringRecord};
use std::path::Path;

/// The record that starts on a row of a file (or of an entry or sheet of one), as `header: value` pairs; of a text without
/// a header its line.
///
/// # Errors
/// Why it cannot be shown (the file has moved, the row is not there any more).
pub fn record(raw: &Path, name: &str, row: u64, scratch: &Path) -> Result<String, String> {
    let scratch = Scratch::new(scratch).map_err(|e| e.to_string())?;
    let piece = again(raw, name, &scratch).map_err(|e| e.to_string())?;
    let piece = piece.ok_or_else(|| format!("the raw file {name} is not there any more"))?;
    let examined = decode::examine(&piece.path).map_err(|e| e.to_string())?;
    let text = decode::open(&piece.path, &examined, Encoding::Auto).map_err(|e| e.to_string())?;
    let (text, _) = text.map_err(|_| "the raw file is in no known encoding".to_owned())?;
    let numbered = piece.form == Form::Numbered;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut header = StringRecord::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| e.to_string())? {
        let at = match (numbered, record.position()) {
            (true, _) => record.get(0).and_then(|n| n.parse().ok()),
            (false, position) => position.map(csv::Position::line),
        };
        if at == Some(row) {
            let pairs = header.iter().zip(record.iter()).skip(usize::from(numbered)).filter(|(_, v)| !v.is_empty());
            let shown: Vec<String> =
                pairs.map(|(h, v)| if h.is_empty() { v.to_owned() } else { format!("{h}: {v}") }).collect();
            return Ok(shown.join(" | "));
        }
        // The widest record before it is the header: titles above it are narrower.
        if record.iter().filter(|c| !c.is_empty()).count() > header.iter().filter(|c| !c.is_empty()).count()
            && header_like(&record)
        {
            header = record.clone();
        }
    }
    Err(format!("{name} has no row {row} any more"))
}

/// Names, not values.
fn header_like(record: &StringRecord) -> bool {
    record.iter().skip(1).all(|c| c.is_empty() || !c.starts_with(|c: char| c.is_ascii_digit()))
}
