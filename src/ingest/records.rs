//! CSV records with the line on which each starts.

use super::decode::{self, Examined};
use super::reject::Reject;
use crate::base::{Error, Result};
use crate::settings::source::{Encoding, Source};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file's records after its header.
pub struct Records {
    reader: csv::Reader<Box<dyn Read + Send>>,
    width: usize,
    path: PathBuf,
}

fn reader(text: Box<dyn Read + Send>, delimiter: u8) -> csv::Reader<Box<dyn Read + Send>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(1 << 18)
        .from_reader(text)
}

impl Records {
    /// The header of a file in whatever encoding it is; the offset of the first bad byte where it is in none.
    pub fn header(path: &Path, examined: &Examined) -> Result<std::result::Result<StringRecord, u64>> {
        let text = match decode::open(path, examined, Encoding::Auto)? {
            Ok((text, _)) => text,
            Err(offset) => return Ok(Err(offset)),
        };
        let ending = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv"));
        let mut record = StringRecord::new();
        let read = reader(text, if ending { b'\t' } else { b',' }).read_record(&mut record);
        read.map_err(|e| Error::Failed(format!("cannot read the header of {}: {e}", path.display())))?;
        Ok(Ok(record))
    }

    /// Opens a file behind its header.
    ///
    /// # Errors
    /// The machine; and a text that is not what it was when it was examined.
    pub fn open(path: &Path, examined: &Examined, source: &Source, width: usize) -> Result<Records> {
        let changed = || Error::Failed(format!("{} was changed while it was read", path.display()));
        let (text, _) = decode::open(path, examined, source.encoding)?.map_err(|_| changed())?;
        let tabs = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv"));
        let mut reader = reader(text, if tabs { b'\t' } else { source.delimiter });
        let mut header = StringRecord::new();
        reader.read_record(&mut header).map_err(|_| changed())?;
        Ok(Records { reader, width, path: path.to_path_buf() })
    }

    /// The next record into `record`: its line, or the line and what is wrong with it; `None` at the end.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<Option<std::result::Result<u64, (u64, Reject)>>> {
        match self.reader.read_record(record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                if record.len() == self.width {
                    return Ok(Some(Ok(line)));
                }
                let reason = format!("{} fields where the header has {}", record.len(), self.width);
                Ok(Some(Err((line, Reject::row(reason)))))
            }
            Err(e) => match e.kind() {
                ErrorKind::Utf8 { pos, .. } => {
                    let line = pos.as_ref().map_or(0, csv::Position::line);
                    Ok(Some(Err((line, Reject::row("the row holds bytes that are no text")))))
                }
                _ => Err(Error::Failed(format!("cannot read {}: {e}", self.path.display()))),
            },
        }
    }
}
