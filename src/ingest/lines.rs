//! On which line of its file a record starts. The csv reader tells from where it went on reading: before the LF of a line
//! that ends in CR LF, and before empty lines.

use csv::{Reader, StringRecord};
use std::io::{Read, Result};

/// A text whose line ends are looked at on the way.
pub struct Lines<R> {
    text: R,
    /// Of the first line end, which tells for all.
    crlf: Option<bool>,
    last: u8,
    /// The text is at its end, and its last line has none.
    open: bool,
}

impl<R: Read> Lines<R> {
    pub fn new(text: R) -> Lines<R> {
        Lines { text, crlf: None, last: 0, open: false }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let n = self.text.read(out)?;
        if self.crlf.is_none() {
            let piece = &out[..n];
            let end = memchr::memchr(b'\n', piece);
            self.crlf = end.map(|at| at.checked_sub(1).map_or(self.last, |before| piece[before]) == b'\r');
        }
        self.last = out[..n].last().copied().unwrap_or(self.last);
        self.open = n == 0 && !out.is_empty() && self.last != b'\n';
        Ok(n)
    }
}

/// The line of the record that was read last, 1-based.
pub fn line<R: Read>(reader: &Reader<Lines<R>>, record: &StringRecord) -> u64 {
    let inside = memchr::memchr_iter(b'\n', record.as_slice().as_bytes()).count() as u64;
    // The LF of a CR LF is not read yet.
    let end = u64::from(reader.get_ref().crlf == Some(false) && !reader.get_ref().open);
    reader.position().line().saturating_sub(inside + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<u64> {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).from_reader(Lines::new(text.as_bytes()));
        let (mut record, mut found) = (StringRecord::new(), Vec::new());
        while reader.read_record(&mut record).unwrap() {
            found.push(line(&reader, &record));
        }
        found
    }

    #[test]
    fn every_line_end_counts_alike() {
        let text = "a,b\n1,2\n\"x\ny\",3\n\n4,5\n";
        assert_eq!(lines(text), [1, 2, 3, 6]);
        assert_eq!(lines(text.trim_end()), [1, 2, 3, 6]);
        assert_eq!(lines(&text.replace('\n', "\r\n")), [1, 2, 3, 6]);
        assert_eq!(lines(text.replace('\n', "\r\n").trim_end()), [1, 2, 3, 6]);
        assert_eq!(lines("a"), [1]);
        assert_eq!(lines("\n\na\n"), [3]);
    }
}
