//! Bytes into text: the same as a decoder in one piece makes of them, or the offset of the first bad byte. The first two
//! bytes say how much stands before, so that the seams of the pieces lie anywhere.
#![no_main]

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use kaohe_fuzz::files;
use kaohe_fuzz::ingest::decode::{examine, open};
use kaohe_fuzz::settings::source::Encoding;
use libfuzzer_sys::fuzz_target;
use std::io::Read;

fuzz_target!(|data: &[u8]| {
    let Some((seam, data)) = data.split_first_chunk::<2>() else { return };
    let mut bytes = data.to_vec();
    let before = usize::from(u16::from_le_bytes(*seam));
    if before > 255 {
        // Behind the marks, in pairs, so that UTF-16 stays in step.
        let at = if data.starts_with(&[0xEF, 0xBB, 0xBF]) {
            3
        } else if data.starts_with(&[0xFF, 0xFE]) || data.starts_with(&[0xFE, 0xFF]) {
            2
        } else {
            0
        };
        bytes.splice(at..at, std::iter::repeat_n(b'a', before));
    }
    files(&bytes, |path| {
        let examined = examine(path).expect("a file");
        for encoding in [Encoding::Auto, Encoding::Utf8, Encoding::Gb18030] {
            match open(path, &examined, encoding).expect("a file") {
                Ok((mut text, name)) => {
                    let mut all = String::new();
                    text.read_to_string(&mut all).expect("UTF-8");
                    let other = match name {
                        "utf-8" => {
                            assert_eq!(all.as_bytes(), bytes);
                            continue;
                        }
                        "utf-8-bom" => {
                            assert_eq!(all.as_bytes(), &bytes[3..]);
                            continue;
                        }
                        "gb18030" => GB18030,
                        "utf-16le" => UTF_16LE,
                        _ => UTF_16BE,
                    };
                    let (expected, wrong) = other.decode_with_bom_removal(&bytes);
                    assert!(!wrong && expected == all, "{name}");
                }
                Err(offset) => {
                    assert!(offset < bytes.len() as u64, "{offset} of {}", bytes.len());
                    let good = &bytes[..offset as usize];
                    if examined.utf16.is_none() && examined.bom {
                        assert_eq!(offset as usize, std::str::from_utf8(&bytes).expect_err("bad").valid_up_to());
                    } else if examined.utf16.is_none() && encoding == Encoding::Auto {
                        let utf8 = std::str::from_utf8(good).map_or_else(|e| e.error_len().is_none(), |_| true);
                        assert!(utf8 || !GB18030.decode_without_bom_handling(good).1, "a bad byte before {offset}");
                        assert!(GB18030.decode_without_bom_handling(&bytes).1);
                    }
                }
            }
        }
    });
});
