//! Delimited text into records, the same as the `csv` crate reads, and the line on which each begins. Nearly all lines of an export hold no quote: those are
//! cut at their delimiters where they lie; `csv-core` reads a record that has one.

use csv::StringRecord;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr_iter, memchr3};
use std::io::{Error, ErrorKind, Read};

/// Bytes that are read at once.
const PIECE: usize = 1 << 18;

/// A record's line, and whether it is text: else it holds bytes that are not.
pub type Line = (u64, bool);

/// Reads records of any number of fields.
pub struct Delimited {
    text: Box<dyn Read + Send>,
    delimiter: u8,
    /// Keeps the number of the line, too.
    core: Reader,
    /// Bytes read and not used yet: `buffer[from..to]`.
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    ended: bool,
    /// The first record is left to `csv-core`: it knows marks at the beginning of a text.
    begun: bool,
    fields: Vec<u8>,
    ends: Vec<usize>,
}

impl Delimited {
    pub fn new(text: Box<dyn Read + Send>, delimiter: u8) -> Delimited {
        Delimited {
            text,
            delimiter,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            buffer: vec![0; PIECE],
            from: 0,
            to: 0,
            ended: false,
            begun: false,
            fields: vec![0; 1024],
            ends: vec![0; 64],
        }
    }

    /// The next record into `record`; empty lines are passed over. `None` at the end.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<Option<Line>, Error> {
        record.clear();
        self.pass_ends()?;
        let line = self.core.line();
        let mut seen = 0;
        while self.begun {
            let rest = &self.buffer[self.from..self.to];
            let Some(at) = memchr3(b'\n', b'\r', b'"', &rest[seen..]).map(|at| seen + at) else {
                seen = rest.len();
                if self.more()? {
                    continue;
                }
                break;
            };
            if rest[at] == b'"' {
                break;
            }
            let found = at > 0;
            if found {
                let Ok(text) = simdutf8::basic::from_utf8(&rest[..at]) else { break };
                let mut start = 0;
                for end in memchr_iter(self.delimiter, text.as_bytes()) {
                    record.push_field(&text[start..end]);
                    start = end + 1;
                }
                record.push_field(&text[start..]);
            }
            if rest[at] == b'\n' {
                self.core.set_line(self.core.line() + 1);
            }
            self.from += at + 1;
            seen = 0;
            if found {
                return Ok(Some((line, true)));
            }
        }
        self.begun = true;
        Ok(self.quoted(record)?.map(|text| (line, text)))
    }

    /// Passes over what is left of a line's end and over empty lines: they lie before the record.
    fn pass_ends(&mut self) -> Result<(), Error> {
        loop {
            let rest = &self.buffer[self.from..self.to];
            let ends = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            if ends > 0 && !self.begun {
                // A mark behind an empty line marks no beginning: csv-core sees that there was one.
                self.core.read_record(&rest[..1], &mut self.fields, &mut self.ends);
                self.from += 1;
                self.begun = true;
                continue;
            }
            let lines = memchr_iter(b'\n', &rest[..ends]).count() as u64;
            self.core.set_line(self.core.line() + lines);
            self.from += ends;
            if self.from < self.to || !self.more()? {
                return Ok(());
            }
        }
    }

    /// The next record by `csv-core`; whether it is text.
    fn quoted(&mut self, record: &mut StringRecord) -> Result<Option<bool>, Error> {
        let (mut filled, mut count) = (0, 0);
        loop {
            if self.from == self.to {
                self.more()?;
            }
            let rest = &self.buffer[self.from..self.to];
            let (result, taken, written, ended) =
                self.core.read_record(rest, &mut self.fields[filled..], &mut self.ends[count..]);
            self.from += taken;
            filled += written;
            count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.fields.resize(2 * self.fields.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
            }
        }
        let mut start = 0;
        for end in &self.ends[..count] {
            let Ok(field) = simdutf8::basic::from_utf8(&self.fields[start..*end]) else { return Ok(Some(false)) };
            record.push_field(field);
            start = *end;
        }
        Ok(Some(true))
    }

    /// Reads on behind what is not used yet; false at the end.
    fn more(&mut self) -> Result<bool, Error> {
        self.buffer.copy_within(self.from..self.to, 0);
        (self.from, self.to) = (0, self.to - self.from);
        if self.to == self.buffer.len() {
            self.buffer.resize(2 * self.to, 0);
        }
        while !self.ended {
            match self.text.read(&mut self.buffer[self.to..]) {
                Ok(n) => {
                    self.to += n;
                    self.ended = n == 0;
                    return Ok(n > 0);
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that gives a few bytes at a time, so that records lie over its pieces.
    struct Few(Vec<u8>, usize);

    impl Read for Few {
        fn read(&mut self, out: &mut [u8]) -> Result<usize, Error> {
            let n = self.1.min(self.0.len()).min(out.len());
            out[..n].copy_from_slice(&self.0[..n]);
            self.0.drain(..n);
            Ok(n)
        }
    }

    type Found = Vec<(u64, Option<Vec<String>>)>;

    fn ours(bytes: &[u8], delimiter: u8, few: usize) -> Found {
        let mut reader = Delimited::new(Box::new(Few(bytes.to_vec(), few)), delimiter);
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        while let Some((line, text)) = reader.next(&mut record).unwrap() {
            found.push((line, text.then(|| record.iter().map(str::to_owned).collect())));
        }
        found
    }

    fn theirs(bytes: &[u8], delimiter: u8, few: usize) -> Found {
        let (mut builder, text) = (csv::ReaderBuilder::new(), Few(bytes.to_vec(), few));
        let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        // The csv crate tells where it went on reading; the record begins behind what is left of the line before.
        let line = |at: Option<&csv::Position>| {
            let at = at.unwrap().byte() as usize;
            let ends = bytes[at..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            1 + memchr_iter(b'\n', &bytes[..at + ends]).count() as u64
        };
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return found,
                Ok(true) => {
                    let fields = record.iter().map(str::to_owned).collect();
                    found.push((line(record.position()), Some(fields)));
                }
                Err(e) => found.push((line(e.position()), None)),
            }
        }
    }

    proptest! {
        #[test]
        fn records_and_lines_are_those_of_csv(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    &b"a"[..], "字".as_bytes(), b",", b",,", b";", b"\"", b"\"\"", b"\",\"", b"\n", b"\r\n", b"\r", b"\n\n",
                    b" ", b"\xEF\xBB\xBF", b"\xFF", b"\xE5\xAD", b"text of a row", b"\"a,\nb\"",
                ]),
                0..60,
            ),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
            few in 1_usize..40,
        ) {
            let bytes = parts.concat();
            prop_assert_eq!(ours(&bytes, delimiter, few), theirs(&bytes, delimiter, few));
        }
    }

    #[test]
    fn long_records_grow_the_room() {
        let long = "字".repeat(PIECE);
        let text = format!("a,b\n{long},\"{long}\n\"\n{}\n", ",".repeat(100));
        assert_eq!(ours(text.as_bytes(), b',', 1 << 20), theirs(text.as_bytes(), b',', 1 << 20));
    }
}
