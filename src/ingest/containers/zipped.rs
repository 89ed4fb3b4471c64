//! Zip archives, also one inside another. Entries are written under numbers, never under their names.

use super::{Broken, Found, MOST_ENTRIES, Scratch, TOO_BIG, copy, one};
use crate::base::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// Nothing deflates to less than the 1032nd part.
const DEFLATED: u64 = 1032;

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, Broken> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    ZipArchive::new(BufReader::new(file)).map_err(|e| Broken::File(format!("is a broken archive: {e}"), super::AGAIN))
}

/// Whether an archive is a workbook.
pub fn is_workbook(path: &Path) -> bool {
    open(path).is_ok_and(|zip| zip.index_for_name("xl/workbook.xml").is_some())
}

/// Whether an archive holds more than `most` bytes. What it says of itself is not believed: its entries are unpacked into
/// nothing, except where it is too small to hold so much.
pub fn exceeds(path: &Path, packed: u64, most: u64) -> Result<bool, Broken> {
    if packed.saturating_mul(DEFLATED) <= most {
        return Ok(false);
    }
    let mut zip = open(path)?;
    let mut left = most;
    for i in 0..zip.len() {
        let unreadable = |e: &dyn std::fmt::Display| Broken::File(format!("cannot be unpacked: {e}"), super::AGAIN);
        let entry = zip.by_index(i).map_err(|e| unreadable(&e))?;
        let bytes = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|e| unreadable(&e))?;
        match left.checked_sub(bytes) {
            Some(rest) => left = rest,
            None => return Ok(true),
        }
    }
    Ok(false)
}

pub fn unpack(path: &Path, name: &str, depth: u32, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    if depth > 1 {
        return Err(Broken::File("lies in an archive in an archive: that is one too many".to_owned(), TOO_BIG));
    }
    let mut zip = open(path)?;
    if zip.len() > MOST_ENTRIES {
        return Err(Broken::File(format!("holds {} entries; at most {MOST_ENTRIES} are read", zip.len()), TOO_BIG));
    }
    let mut total = 0_u64;
    for i in 0..zip.len() {
        let bad = |e: zip::result::ZipError| Broken::File(format!("cannot be unpacked: {e}"), super::AGAIN);
        let raw = zip.by_index_raw(i).map_err(bad)?;
        let inner = entry_name(raw.name_raw());
        let (folder, locked, packed) = (raw.is_dir(), raw.encrypted(), raw.compressed_size());
        drop(raw);
        let file = inner.rsplit('/').next().unwrap_or("");
        let of_a_mac = inner.starts_with("__MACOSX/");
        if folder || of_a_mac || file.is_empty() || file.starts_with('.') || file.starts_with("~$") {
            continue;
        }
        let inner = format!("{name}/{inner}");
        if locked {
            found.wrong("K0219", &inner, "is encrypted", "unpack it with its password");
            continue;
        }
        let place = scratch.place()?;
        let mut entry = zip.by_index(i).map_err(bad)?;
        let done = copy(&mut entry, &place, packed);
        drop(entry);
        match done {
            Ok(bytes) => total = total.saturating_add(bytes),
            Err(Broken::File(message, help)) => {
                found.wrong("K0219", &inner, &message, help);
                continue;
            }
            Err(e) => return Err(e),
        }
        if total > super::MOST_BYTES {
            return Err(Broken::File(format!("holds more than {} GB", super::MOST_BYTES >> 30), TOO_BIG));
        }
        found.add(one(&place, &inner, depth + 1, scratch)?);
    }
    Ok(())
}

/// An entry's name: UTF-8, else as archives of Chinese Windows have it. Only told, never used as a path; parts that
/// point elsewhere are taken out so that nobody is misled.
fn entry_name(raw: &[u8]) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    let clean: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).collect();
    let parts = clean.split(['/', '\\']).filter(|p| !p.is_empty() && *p != "." && *p != "..");
    parts.collect::<Vec<_>>().join("/")
}
