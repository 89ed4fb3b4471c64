//! Delimited text into records, the same as the `csv` crate reads, and the line on which each begins. Nearly all lines of
//! an export hold no quote: those are cut at their delimiters where they lie; `csv-core` reads a record that has one.

use super::lines::Counter;
use super::record::{Cut, Record};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr_iter, memchr3};
use simdutf8::compat::from_utf8;
use std::io::{Error, ErrorKind, Read};

/// Bytes that are read at once: few enough to stay near the processor until they are used.
const PIECE: usize = 1 << 16;
/// What some programs write at the beginning of UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// A record's line, and whether it is text: else it holds bytes that are not.
pub type Line = (u64, bool);

/// Reads records of any number of fields.
pub struct Delimited {
    source: Box<dyn Read + Send>,
    delimiter: u8,
    core: Reader,
    lines: Counter,
    piece: Vec<u8>,
    /// Bytes at the beginning of `piece`: of a character that the last one cut.
    held: usize,
    /// What was read; `text[at..]` is not used yet.
    text: String,
    /// Takes the text's place as soon as there is something among it that is none: all the rest, for `csv-core` alone.
    torn: Option<Vec<u8>>,
    at: usize,
    ended: bool,
    /// The first record is left to `csv-core`: it knows marks at the beginning of a text.
    begun: bool,
    fields: Vec<u8>,
    ends: Vec<usize>,
    /// Where the record's fields lie: in `unquoted` where it held a quote, else in `text`.
    cuts: Vec<Cut>,
    held_quote: bool,
    unquoted: String,
}

impl Delimited {
    pub fn new(source: Box<dyn Read + Send>, delimiter: u8) -> Delimited {
        Delimited {
            source,
            delimiter,
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            lines: Counter::default(),
            piece: vec![0; PIECE],
            held: 0,
            text: String::new(),
            torn: None,
            at: 0,
            ended: false,
            begun: false,
            fields: vec![0; 1024],
            ends: vec![0; 64],
            cuts: Vec::new(),
            held_quote: false,
            unquoted: String::new(),
        }
    }

    /// The record that was read last.
    #[inline]
    pub fn record(&self) -> Record<'_> {
        Record::new(if self.held_quote { &self.unquoted } else { &self.text }, &self.cuts)
    }

    /// Goes on to the next record; empty lines are passed over. `None` at the end.
    pub fn advance(&mut self) -> Result<Option<Line>, Error> {
        self.cuts.clear();
        self.pass_ends()?;
        let line = self.lines.line();
        let mut seen = self.at;
        while self.begun && self.torn.is_none() {
            let text = self.text.as_bytes();
            let Some(end) = memchr3(b'\n', b'\r', b'"', &text[seen..]).map(|n| seen + n) else {
                seen = text.len() - self.at;
                if self.more()? {
                    continue;
                }
                break;
            };
            if text[end] == b'"' {
                break;
            }
            let mut from = self.at;
            for to in memchr_iter(self.delimiter, &text[from..end]) {
                self.cuts.push((from, self.at + to));
                from = self.at + to + 1;
            }
            self.cuts.push((from, end));
            self.lines.pass_line(text[end]);
            self.at = end + 1;
            self.held_quote = false;
            return Ok(Some((line, true)));
        }
        // A mark alone would be the end to csv-core.
        while !self.begun && self.rest() == MARK && self.more()? {}
        self.begun = true;
        Ok(self.quoted()?.map(|text| (line, text)))
    }

    /// What is not used yet.
    fn rest(&self) -> &[u8] {
        &self.torn.as_deref().unwrap_or(self.text.as_bytes())[self.at..]
    }

    /// Goes on behind bytes that are used.
    fn pass(&mut self, count: usize) {
        let bytes = self.torn.as_deref().unwrap_or(self.text.as_bytes());
        self.lines.pass(&bytes[self.at..self.at + count]);
        self.at += count;
    }

    /// Passes over what is left of a line's end and over empty lines: they lie before the record.
    fn pass_ends(&mut self) -> Result<(), Error> {
        loop {
            let rest = self.rest();
            let ends = rest.iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            if ends > 0 && !self.begun {
                // A mark behind an empty line marks no beginning: csv-core sees that there was one.
                let end = [rest[0]];
                self.core.read_record(&end, &mut self.fields, &mut self.ends);
                self.pass(1);
                self.begun = true;
                continue;
            }
            let all = rest.len();
            if ends > 0 {
                self.pass(ends);
            }
            if ends < all || !self.more()? {
                return Ok(());
            }
        }
    }

    /// The next record by `csv-core`; whether it is text.
    fn quoted(&mut self) -> Result<Option<bool>, Error> {
        let (mut filled, mut count) = (0, 0);
        loop {
            // Nothing at all is the end to `csv-core`; a piece may hold but the beginning of a character.
            while self.rest().is_empty() && self.more()? {}
            let rest = &self.torn.as_deref().unwrap_or(self.text.as_bytes())[self.at..];
            let (result, taken, written, ended) =
                self.core.read_record(rest, &mut self.fields[filled..], &mut self.ends[count..]);
            self.pass(taken);
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
        self.held_quote = true;
        self.unquoted.clear();
        let Ok(fields) = from_utf8(&self.fields[..filled]) else { return Ok(Some(false)) };
        self.unquoted.push_str(fields);
        let mut from = 0;
        for end in &self.ends[..count] {
            // Halves of a character in two fields are no text.
            if !fields.is_char_boundary(*end) {
                return Ok(Some(false));
            }
            self.cuts.push((from, *end));
            from = *end;
        }
        Ok(Some(true))
    }

    /// Reads on behind what is not used yet, which moves to the beginning; false at the end.
    fn more(&mut self) -> Result<bool, Error> {
        match &mut self.torn {
            Some(bytes) => drop(bytes.drain(..self.at)),
            None => drop(self.text.drain(..self.at)),
        }
        self.at = 0;
        while !self.ended {
            match self.source.read(&mut self.piece[self.held..]) {
                Ok(n) => {
                    self.ended = n == 0;
                    return Ok(self.take(self.held + n));
                }
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(false)
    }

    /// Takes the beginning of `piece`; whether there was anything.
    fn take(&mut self, to: usize) -> bool {
        let piece = &self.piece[..to];
        self.held = 0;
        match &mut self.torn {
            Some(bytes) => bytes.extend_from_slice(piece),
            None => match from_utf8(piece) {
                Ok(text) => self.text.push_str(text),
                Err(e) if e.error_len().is_none() && !self.ended => {
                    self.text.push_str(from_utf8(&piece[..e.valid_up_to()]).unwrap_or_default());
                    self.piece.copy_within(e.valid_up_to()..to, 0);
                    self.held = to - e.valid_up_to();
                }
                Err(_) => self.torn = Some([self.text.as_bytes(), piece].concat()),
            },
        }
        to > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::StringRecord;
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
        let mut found = Vec::new();
        while let Some((line, text)) = reader.advance().unwrap() {
            found.push((line, text.then(|| reader.record().iter().map(str::to_owned).collect())));
        }
        found
    }

    /// In one piece: cut into bytes, a mark at the beginning is a field to the csv crate.
    fn theirs(bytes: &[u8], delimiter: u8) -> Found {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        // The csv crate tells where it went on reading; the record begins behind what is left of the line before.
        let line = |at: Option<&csv::Position>| {
            let at = at.unwrap().byte() as usize;
            let ends = bytes[at..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
            let before: String = bytes[..at + ends].iter().map(|b| char::from(*b)).collect();
            1 + before.replace("\r\n", "\n").replace('\r', "\n").matches('\n').count() as u64
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
                    b" ", b"\xEF\xBB\xBF", b"\xFF", b"\xE5\xAD", b"\x97", b"text of a row", b"\"a,\nb\"",
                ]),
                0..60,
            ),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
            few in 1_usize..40,
        ) {
            let bytes = parts.concat();
            prop_assert_eq!(ours(&bytes, delimiter, few), theirs(&bytes, delimiter));
        }
    }

    #[test]
    fn a_piece_may_end_within_a_character() {
        for text in [
            "\u{feff}a,b\n1,2\n",
            "\u{feff}",
            "\u{feff}\"a\"",
            "\u{feff}\n\u{feff}a",
            "a字\n",
            "a字",
            "\"字\"字,\"\n字\"",
            "字\n字",
        ] {
            assert_eq!(ours(text.as_bytes(), b',', 1), theirs(text.as_bytes(), b','), "{text}");
        }
    }

    #[test]
    fn long_records_grow_the_room() {
        let long = "字".repeat(PIECE);
        let text = format!("a,b\n{long},\"{long}\n\"\n{}\n", ",".repeat(100));
        assert_eq!(ours(text.as_bytes(), b',', 1 << 20), theirs(text.as_bytes(), b','));
    }
}
