//! Lines of a text: they end in LF, CR LF or, in files of old programs, CR alone.

use memchr::memchr2_iter;

/// The lines of a text without their ends.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').flat_map(|line| {
        let line = line.strip_suffix('\n').unwrap_or(line);
        line.strip_suffix('\r').unwrap_or(line).split('\r')
    })
}

/// Counts the lines of a text that comes in pieces.
#[derive(Debug)]
pub struct Counter {
    line: u64,
    /// The piece ended in CR: LF at the beginning of the next one belongs to it.
    held_cr: bool,
}

impl Default for Counter {
    fn default() -> Counter {
        Counter { line: 1, held_cr: false }
    }
}

impl Counter {
    /// The line, from 1, that the next piece goes on with.
    #[inline]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Goes on behind a piece.
    pub fn pass(&mut self, piece: &[u8]) {
        let mut from = 0;
        for at in memchr2_iter(b'\n', b'\r', piece) {
            let paired = piece[at] == b'\n' && if at == 0 { self.held_cr } else { piece[at - 1] == b'\r' };
            self.line += u64::from(!paired);
            from = at + 1;
        }
        if let Some(last) = piece.last() {
            self.held_cr = from == piece.len() && *last == b'\r';
        }
    }

    /// The same of a piece that is not empty but for its end, which is this one.
    #[inline]
    pub fn pass_line(&mut self, end: u8) {
        self.line += 1;
        self.held_cr = end == b'\r';
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_any_of_three_ways() {
        for (text, wanted) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("a\n", &["a"]),
            ("a\r", &["a"]),
            ("a\r\nb\rc\nd", &["a", "b", "c", "d"]),
            ("\r\r\n\n\r", &["", "", "", ""]),
            ("a\n\r", &["a", ""]),
        ] {
            assert_eq!(lines(text).collect::<Vec<_>>(), wanted, "{text:?}");
            for cut in 0..=text.len() {
                let mut counter = Counter::default();
                [&text[..cut], &text[cut..]].iter().for_each(|piece| counter.pass(piece.as_bytes()));
                let ended = text.ends_with(['\n', '\r']) || text.is_empty();
                assert_eq!(counter.line(), wanted.len() as u64 + u64::from(ended), "{text:?} cut at {cut}");
            }
        }
    }
}
