//! A raw row read again, for `kaohe explain`.

use super::decode;
use crate::settings::source::Encoding;
use csv::{ReaderBuilder, StringRecord};
use std::path::Path;

/// The record that starts on a line, as `header: value` pairs.
///
/// # Errors
/// Why it cannot be shown (the file has moved, the line is not there any more).
pub fn record(path: &Path, line: u64) -> Result<String, String> {
    if !path.is_file() {
        return Err(format!("the raw file {} is not there any more", path.display()));
    }
    let examined = decode::examine(path).map_err(|e| e.to_string())?;
    let text = decode::open(path, &examined, Encoding::Auto).map_err(|e| e.to_string())?;
    let (text, _) = text.map_err(|_| "the raw file is in no known encoding".to_owned())?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    let mut header = StringRecord::new();
    reader.read_record(&mut header).map_err(|e| e.to_string())?;
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| e.to_string())? {
        if record.position().is_some_and(|p| p.line() == line) {
            let pairs = header.iter().zip(record.iter()).filter(|(_, v)| !v.is_empty());
            return Ok(pairs.map(|(h, v)| format!("{h}: {v}")).collect::<Vec<_>>().join(" | "));
        }
    }
    Err(format!("{} has no row that starts on line {line} any more", path.display()))
}
