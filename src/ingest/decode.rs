//! Bytes into text: BOM, then strict UTF-8, then GB18030; anything else is refused with the offset of the first bad byte.

use crate::base::{Error, Result};
use crate::settings::source::Encoding;
use encoding_rs::GB18030;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    pub sha256: String,
    pub bytes: u64,
    pub bom: bool,
    /// Length of the valid UTF-8 at the start; equal to `bytes` where all of it is.
    pub utf8_until: u64,
}

/// Reads a file once: its hash and whether it is UTF-8.
pub fn examine(path: &Path) -> Result<Examined> {
    let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 20];
    let (mut bytes, mut valid, mut bom) = (0_u64, true, false);
    // Bytes of a character that the last chunk cut.
    let mut rest: Vec<u8> = Vec::new();
    let mut utf8_until = 0_u64;
    loop {
        let n = file.read(&mut chunk).map_err(Error::io("cannot read", path))?;
        if n == 0 {
            break;
        }
        let piece = &chunk[..n];
        hash.update(piece);
        if bytes == 0 {
            bom = piece.starts_with(&[0xEF, 0xBB, 0xBF]);
        }
        bytes += n as u64;
        if valid {
            let joined;
            let text = if rest.is_empty() {
                piece
            } else {
                joined = [rest.as_slice(), piece].concat();
                &joined
            };
            match std::str::from_utf8(text) {
                Ok(_) => {
                    utf8_until += text.len() as u64;
                    rest = Vec::new();
                }
                Err(e) => {
                    utf8_until += e.valid_up_to() as u64;
                    valid = e.error_len().is_none();
                    rest = text[e.valid_up_to()..].to_vec();
                }
            }
        }
    }
    Ok(Examined { sha256: hex::encode(hash.finalize()), bytes, bom, utf8_until })
}

/// A readable text and its encoding's name, or the offset of the first byte that fits none.
pub type Text = std::result::Result<(Box<dyn Read + Send>, &'static str), u64>;

/// Opens a file as UTF-8 text.
pub fn open(path: &Path, examined: &Examined, encoding: Encoding) -> Result<Text> {
    let utf8 = examined.utf8_until == examined.bytes;
    if utf8 && encoding != Encoding::Gb18030 {
        let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
        if examined.bom {
            file.seek(SeekFrom::Start(3)).map_err(Error::io("cannot read", path))?;
        }
        return Ok(Ok((Box::new(file), if examined.bom { "utf-8-bom" } else { "utf-8" })));
    }
    if encoding == Encoding::Utf8 || examined.bom {
        return Ok(Err(examined.utf8_until));
    }
    let bytes = crate::base::files::read(path)?;
    match GB18030.decode_without_bom_handling_and_without_replacement(&bytes) {
        Some(text) => Ok(Ok((Box::new(Cursor::new(text.into_owned().into_bytes())), "gb18030"))),
        None => Ok(Err(first_bad_gb18030(&bytes))),
    }
}

fn first_bad_gb18030(bytes: &[u8]) -> u64 {
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(0));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut out, true);
    match result {
        encoding_rs::DecoderResult::Malformed(bad, extra) => (read as u64).saturating_sub(u64::from(bad + extra)),
        _ => read as u64,
    }
}
