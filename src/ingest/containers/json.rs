//! JSON: one object a line, or one array of objects. Its fields become columns; what lies deeper is named `outer.inner`.

use super::{Broken, Form, Found, Piece, Scratch};
use crate::base::{Error, files};
use crate::ingest::decode;
use crate::settings::source::Encoding;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// Different fields that are told apart.
const MOST_FIELDS: usize = 4096;
/// Bytes of one object (a line), and of a file that is one array.
const MOST_OBJECT: u64 = 64 << 20;
const MOST_ARRAY: u64 = 1 << 30;

pub fn read(path: &Path, name: &str, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    let origin = files::hash(path)?;
    let mut columns: BTreeMap<String, usize> = BTreeMap::new();
    // Fields are numbered as they come up; the header is written when all are known.
    let body = scratch.place()?;
    let mut rows = writer(&body)?;
    each(path, |number, object| {
        let mut cells: Vec<String> = vec![number.to_string()];
        let mut too_many = false;
        flatten("", &object, &mut |field, text| {
            let next = columns.len();
            let at = *columns.entry(field.to_owned()).or_insert(next);
            too_many |= at >= MOST_FIELDS;
            if !too_many {
                cells.resize(cells.len().max(at + 2), String::new());
                cells[at + 1] = text;
            }
        });
        if too_many {
            return Err(Broken::File(format!("has more than {MOST_FIELDS} different fields"), super::TOO_BIG));
        }
        rows.write_record(&cells).map_err(|e| failed(&body, e))
    })?;
    rows.flush().map_err(Error::io("cannot write", &body))?;
    let place = scratch.place()?;
    let mut header = vec![String::new(); columns.len()];
    for (field, at) in columns {
        header[at] = field;
    }
    let mut out = writer(&place)?;
    let line = std::iter::once("0").chain(header.iter().map(String::as_str));
    out.write_record(line).map_err(|e| failed(&place, e))?;
    let mut out = out.into_inner().map_err(|e| Broken::Failed(Error::Failed(e.to_string())))?;
    let mut text = File::open(&body).map_err(Error::io("cannot open", &body))?;
    std::io::copy(&mut text, &mut out).map_err(Error::io("cannot write", &place))?;
    out.flush().map_err(Error::io("cannot write", &place))?;
    let (name, made_of) = (name.to_owned(), Some("json"));
    found.pieces.push(Piece { name, path: place, form: Form::Numbered, made_of, origin: Some(origin), sheet: None });
    Ok(())
}

fn writer(path: &Path) -> Result<csv::Writer<BufWriter<File>>, Broken> {
    let file = File::create(path).map_err(Error::io("cannot write", path))?;
    Ok(csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(file)))
}

fn failed(path: &Path, e: csv::Error) -> Broken {
    Broken::Failed(Error::Failed(format!("cannot write {}: {e}", path.display())))
}

/// Each object with its number: the line it stands on, in an array its place.
fn each(path: &Path, mut f: impl FnMut(u64, Map<String, Value>) -> Result<(), Broken>) -> Result<(), Broken> {
    let examined = decode::examine(path)?;
    let text = match decode::open(path, &examined, Encoding::Auto)? {
        Ok((text, _)) => text,
        Err(offset) => {
            let message = format!("is in no known encoding (first bad byte at offset {offset})");
            return Err(Broken::File(message, "export it again as UTF-8"));
        }
    };
    let mut text = BufReader::new(text);
    let first = first_sign(&mut text).map_err(Error::io("cannot read", path))?;
    let no_json = |at: u64, e: &dyn std::fmt::Display| {
        Broken::File(format!("is no JSON of objects (object {at}: {e})"), super::AGAIN)
    };
    if first == Some(b'[') {
        if examined.bytes > MOST_ARRAY {
            return Err(Broken::File("is one array of more than 1 GB".to_owned(), "write one object a line"));
        }
        // serde_json refuses to go deeper than 128 levels.
        let all: Vec<Map<String, Value>> = serde_json::from_reader(text).map_err(|e| no_json(0, &reason(&e)))?;
        return all.into_iter().enumerate().try_for_each(|(i, object)| f(i as u64 + 1, object));
    }
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let n =
            (&mut text).take(MOST_OBJECT + 1).read_until(b'\n', &mut line).map_err(Error::io("cannot read", path))?;
        if n == 0 {
            break;
        }
        if n as u64 > MOST_OBJECT {
            return Err(no_json(number, &"longer than 64 MB"));
        }
        if line.iter().any(|b| !b.is_ascii_whitespace()) {
            f(number, serde_json::from_slice(&line).map_err(|e| no_json(number, &reason(&e)))?)?;
        }
    }
    Ok(())
}

/// What is wrong without the text that it is wrong with: that may be a customer's.
fn reason(e: &serde_json::Error) -> String {
    format!("{:?} error at line {}, column {}", e.classify(), e.line(), e.column())
}

fn first_sign(text: &mut impl BufRead) -> std::io::Result<Option<u8>> {
    loop {
        let buffer = text.fill_buf()?;
        if buffer.is_empty() {
            return Ok(None);
        }
        let blank = buffer.iter().take_while(|b| b.is_ascii_whitespace()).count();
        if let Some(sign) = buffer.get(blank) {
            return Ok(Some(*sign));
        }
        text.consume(blank);
    }
}

fn flatten(prefix: &str, object: &Map<String, Value>, f: &mut impl FnMut(&str, String)) {
    for (key, value) in object {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Object(inner) => flatten(&name, inner, f),
            Value::Null => f(&name, String::new()),
            Value::String(s) => f(&name, s.clone()),
            other => f(&name, other.to_string()),
        }
    }
}
