//! A raw row read again, for `kaohe explain`.

use super::containers::{Form, Scratch, again};
use super::decode;
use super::delimited::Delimited;
use super::lines::{Counter, lines};
use super::record::Record;
use crate::settings::source::Encoding;
use std::io::Read;
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
    let open = || -> Result<Box<dyn Read + Send>, String> {
        let text = decode::open(&piece.path, &examined, Encoding::Auto).map_err(|e| e.to_string())?;
        text.map(|(text, _)| text).map_err(|_| "the raw file is in no known encoding".to_owned())
    };
    let numbered = piece.form == Form::Numbered;
    let (mut best, mut more_lines): (Option<Shown>, usize) = (None, 0);
    // The delimiter is the one that takes the header apart furthest.
    for delimiter in if numbered { b",".as_slice() } else { b",\t;" } {
        let found = shown(open()?, numbered, *delimiter, row)?;
        more_lines = found.as_ref().map_or(0, |f| f.more_lines).max(more_lines);
        if let Some(found) = found.filter(|f| best.as_ref().is_none_or(|b| f.width > b.width)) {
            best = Some(found);
        }
    }
    // What is but one column wide has no header: a text, whose quotation marks are its own.
    let shown = match best {
        Some(Shown { width, text, .. }) if numbered || width > 1 => Some(text),
        _ => {
            let line = usize::try_from(row).ok().and_then(|row| row.checked_sub(1)).filter(|_| !numbered);
            let mut text = String::new();
            open()?.read_to_string(&mut text).map_err(|e| e.to_string())?;
            // A record without a known header may take several lines all the same.
            let lines = line.map(|line| lines(&text).skip(line).take(1 + more_lines).collect::<Vec<_>>());
            lines.filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n"))
        }
    };
    shown.ok_or_else(|| format!("{name} has no row {row} any more"))
}

/// The record that starts on a row.
struct Shown {
    /// Columns of the header before it.
    width: usize,
    text: String,
    /// Line ends inside it.
    more_lines: usize,
}

/// Looks for the record that starts on a row.
fn shown(text: Box<dyn Read + Send>, numbered: bool, delimiter: u8, row: u64) -> Result<Option<Shown>, String> {
    let mut reader = Delimited::new(text, delimiter);
    let mut header: Vec<String> = Vec::new();
    while let Some((line, is_text)) = reader.advance().map_err(|e| e.to_string())? {
        if !is_text {
            return Err("the row holds bytes that are no text".to_owned());
        }
        let record = reader.record();
        let at = if numbered { record.get(0).and_then(|n| n.parse().ok()) } else { Some(line) };
        if at == Some(row) {
            let names = |i: usize| header.get(i).filter(|h| !h.is_empty());
            let cells = record.iter().enumerate().skip(usize::from(numbered)).filter(|(_, v)| !v.is_empty());
            let shown: Vec<String> =
                cells.map(|(i, v)| names(i).map_or_else(|| v.to_owned(), |h| format!("{h}: {v}"))).collect();
            let mut ends = Counter::default();
            record.iter().for_each(|cell| ends.pass(cell.as_bytes()));
            let more_lines = ends.line() as usize - 1;
            return Ok(Some(Shown { width: header.len(), text: shown.join(" | "), more_lines }));
        }
        // The widest record before it is the header: titles above it are narrower.
        if filled(record.iter()) > filled(header.iter().map(String::as_str)) && header_like(record) {
            header = record.iter().map(str::to_owned).collect();
        }
    }
    Ok(None)
}

fn filled<'a>(cells: impl Iterator<Item = &'a str>) -> usize {
    cells.filter(|c| !c.is_empty()).count()
}

/// Names, not values.
fn header_like(record: Record<'_>) -> bool {
    record.iter().skip(1).all(|c| c.is_empty() || !c.starts_with(|c: char| c.is_ascii_digit()))
}
