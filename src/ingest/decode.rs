//! Bytes into text: BOM (UTF-8, UTF-16), then strict UTF-8, then GB18030; anything else is refused with the offset of the
//! first bad byte.

use crate::base::{Error, Result};
use crate::settings::source::Encoding;
use encoding_rs::{Decoder, DecoderResult, Encoding as RealEncoding, GB18030, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub sha256: String,
    pub bytes: u64,
    pub bom: bool,
    /// Length of the valid UTF-8 at the start; equal to `bytes` where all of it is.
    pub utf8_until: u64,
    /// Which UTF-16 its mark says it is.
    pub utf16: Option<&'static RealEncoding>,
    /// Where no UTF-8: the first byte that fits neither UTF-16 (if it is marked as such) nor GB18030.
    pub other_bad: Option<u64>,
}

/// Reads a file once: its hash and whether it is UTF-8.
pub fn examine(path: &Path) -> Result<Examined> {
    let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut hash = Sha256::new();
    // A piece stays near the processor while it is looked at twice.
    let mut chunk = vec![0; 1 << 16];
    let (mut bytes, mut valid, mut bom) = (0_u64, true, false);
    // Bytes of a character that the last piece cut: they stand before the next one.
    let mut held = 0;
    let (mut utf8_until, mut utf16) = (0_u64, None);
    loop {
        let n = file.read(&mut chunk[held..]).map_err(Error::io("cannot read", path))?;
        if n == 0 {
            break;
        }
        let piece = &chunk[held..held + n];
        hash.update(piece);
        if bytes == 0 {
            bom = piece.starts_with(&[0xEF, 0xBB, 0xBF]);
            utf16 = match piece {
                [0xFF, 0xFE, ..] => Some(UTF_16LE),
                [0xFE, 0xFF, ..] => Some(UTF_16BE),
                _ => None,
            };
        }
        bytes += n as u64;
        if valid {
            let all = held + n;
            let text = match simdutf8::compat::from_utf8(&chunk[..all]) {
                Ok(_) => all,
                Err(e) => {
                    valid = e.error_len().is_none();
                    e.valid_up_to()
                }
            };
            utf8_until += text as u64;
            held = if valid { all - text } else { 0 };
            chunk.copy_within(text..text + held, 0);
        }
    }
    let other = if utf8_until == bytes || bom { None } else { Some(utf16.unwrap_or(GB18030)) };
    let other_bad = other.map(|encoding| first_bad(path, encoding)).transpose()?.flatten();
    Ok(Examined { sha256: hex::encode(hash.finalize()), bytes, bom, utf8_until, utf16, other_bad })
}

/// A readable text and its encoding's name, or the offset of the first byte that fits none.
pub type Text = std::result::Result<(Box<dyn Read + Send>, &'static str), u64>;

/// Opens a file as UTF-8 text.
pub fn open(path: &Path, examined: &Examined, encoding: Encoding) -> Result<Text> {
    if let Some(utf16) = examined.utf16 {
        return Ok(match examined.other_bad {
            None => {
                Ok((Box::new(Transcoded::open(path, utf16)?), if utf16 == UTF_16LE { "utf-16le" } else { "utf-16be" }))
            }
            Some(offset) => Err(offset),
        });
    }
    let utf8 = examined.utf8_until == examined.bytes;
    // A mark of UTF-8 is believed, whatever a mapping says.
    if utf8 && (examined.bom || encoding != Encoding::Gb18030) {
        let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
        if examined.bom {
            file.seek(SeekFrom::Start(3)).map_err(Error::io("cannot read", path))?;
        }
        return Ok(Ok((Box::new(file), if examined.bom { "utf-8-bom" } else { "utf-8" })));
    }
    if encoding == Encoding::Utf8 || examined.bom {
        return Ok(Err(examined.utf8_until));
    }
    // A text in UTF-8 that a mapping calls GB18030 was not tried as such yet.
    let bad = if utf8 { first_bad(path, GB18030)? } else { examined.other_bad };
    Ok(match bad {
        None => Ok((Box::new(Transcoded::open(path, GB18030)?), "gb18030")),
        // Of two encodings that it might be in, the one that went further is more likely meant.
        Some(offset) if encoding == Encoding::Auto => Err(offset.max(examined.utf8_until)),
        Some(offset) => Err(offset),
    })
}

/// A file made into UTF-8 piece by piece.
struct Transcoded {
    file: File,
    decoder: Decoder,
    /// Bytes read and not decoded yet: `raw[from..to]`.
    raw: Vec<u8>,
    from: usize,
    to: usize,
    text: Vec<u8>,
    given: usize,
    ended: bool,
    /// Offset of the first byte that fits nothing.
    bad: Option<u64>,
    read: u64,
}

impl Transcoded {
    fn open(path: &Path, encoding: &'static RealEncoding) -> Result<Transcoded> {
        let file = File::open(path).map_err(Error::io("cannot open", path))?;
        let (raw, decoder) = (vec![0; 1 << 16], encoding.new_decoder_with_bom_removal());
        let text = Vec::with_capacity(1 << 18);
        Ok(Transcoded { file, decoder, raw, from: 0, to: 0, text, given: 0, ended: false, bad: None, read: 0 })
    }

    /// Decodes the next piece into `text`; false at the end.
    fn next(&mut self) -> std::io::Result<bool> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            if self.from == self.to {
                self.from = 0;
                self.to = self.file.read(&mut self.raw)?;
                self.read += self.to as u64;
            }
            let last = self.to == 0;
            let room = self.decoder.max_utf8_buffer_length_without_replacement(self.to - self.from).unwrap_or(0);
            self.text.resize(room.max(64), 0);
            let piece = &self.raw[self.from..self.to];
            let (result, used, written) = self.decoder.decode_to_utf8_without_replacement(piece, &mut self.text, last);
            self.from += used;
            self.text.truncate(written);
            if let DecoderResult::Malformed(bad, extra) = result {
                let behind = (self.to - self.from) as u64 + u64::from(bad) + u64::from(extra);
                self.bad = Some(self.read.saturating_sub(behind));
                self.ended = true;
            }
            self.ended |= last;
        }
        Ok(!self.text.is_empty())
    }
}

impl Read for Transcoded {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.text.len() && !self.next()? {
            return Ok(0);
        }
        let n = out.len().min(self.text.len() - self.given);
        out[..n].copy_from_slice(&self.text[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}

/// Where a file stops being text of an encoding; `None` where all of it is.
fn first_bad(path: &Path, encoding: &'static RealEncoding) -> Result<Option<u64>> {
    let mut text = Transcoded::open(path, encoding)?;
    while text.next().map_err(Error::io("cannot read", path))? {}
    Ok(text.bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_believed_whatever_a_mapping_says() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "\u{feff}订单编号").unwrap();
        let examined = examine(&path).unwrap();
        for encoding in [Encoding::Auto, Encoding::Utf8, Encoding::Gb18030] {
            let (mut text, name) = open(&path, &examined, encoding).unwrap().unwrap_or_else(|at| panic!("{at}"));
            let mut all = String::new();
            text.read_to_string(&mut all).unwrap();
            assert_eq!((all.as_str(), name), ("订单编号", "utf-8-bom"));
        }
    }
}
