//! Records of a delimited text are those that the `csv` crate finds, however the text is cut into pieces.
#![no_main]

use csv::{ReaderBuilder, StringRecord};
use kaohe_fuzz::ingest::delimited::Delimited;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read, Result};

/// Gives a few bytes at a time.
struct Few(Cursor<Vec<u8>>, usize);

impl Read for Few {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let few = self.1.min(out.len());
        self.0.read(&mut out[..few])
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&[delimiter, few], text)) = data.split_first_chunk() else { return };
    let delimiter = b",\t;"[usize::from(delimiter) % 3];
    let mut ours = Delimited::new(Box::new(Few(Cursor::new(text.to_vec()), 1 + usize::from(few))), delimiter);
    let mut theirs = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let (mut record, mut last) = (StringRecord::new(), 0);
    loop {
        let found = ours.advance().expect("bytes");
        match theirs.read_record(&mut record) {
            Ok(false) => return assert!(found.is_none(), "{found:?}"),
            Ok(true) => {
                let (line, is_text) = found.expect("a record");
                assert!(is_text && line > last, "{line} after {last}");
                last = line;
                assert!(ours.record().iter().eq(record.iter()), "{:?} {record:?}", ours.record());
            }
            Err(_) => {
                let (line, is_text) = found.expect("a record");
                assert!(!is_text && line > last, "{line} after {last}");
                last = line;
            }
        }
    }
});
