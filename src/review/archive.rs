//! Files as one zip: the same files give the same bytes, whenever and wherever they are packed. Encrypted with a passphrase
//! (AES-256, which 7-Zip and WinRAR open) they do not: each entry has a random salt.

use super::Files;
use crate::base::error::contained;
use crate::base::{Error, Result};
use std::io::{Cursor, Read, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// No bundle holds more bytes than this; an archive that says it does is not unpacked.
const MOST_BYTES: u64 = 2 << 30;

/// What archives are encrypted with. Never shown, and overwritten when it is let go.
pub struct Passphrase(Vec<u8>);

impl Passphrase {
    /// `None` where it is empty.
    pub fn new(text: String) -> Option<Passphrase> {
        let text = Passphrase(text.into_bytes());
        if text.0.is_empty() { None } else { Some(text) }
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

impl Drop for Passphrase {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// Files as a zip, sorted by name, all of one time.
///
/// # Errors
/// A file that no zip holds (4 GiB and more).
pub fn pack<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    passphrase: Option<&Passphrase>,
) -> Result<Vec<u8>> {
    let failed = |e: ZipError| Error::Failed(format!("cannot pack the archive: {e}"));
    let mut all: Vec<(&str, &[u8])> = files.into_iter().collect();
    all.sort_unstable();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644)
        .system(System::Unix);
    for (name, bytes) in all {
        let options = match passphrase {
            Some(p) => plain.with_aes_encryption_bytes(AesMode::Aes256, &p.0),
            None => plain,
        };
        zip.start_file(name, options).map_err(failed)?;
        zip.write_all(bytes).map_err(|e| failed(e.into()))?;
    }
    Ok(zip.finish().map_err(failed)?.into_inner())
}

/// What an archive gives.
#[derive(Debug, Default)]
pub struct Unpacked {
    pub files: Files,
    /// Entries that cannot be read: name and why.
    pub damaged: Vec<(String, String)>,
}

/// Why an archive gives nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// It is encrypted, and no passphrase was given.
    Locked,
    /// No entry opens with the passphrase.
    WrongPassphrase,
    /// It is no archive, or its directory is damaged.
    Broken(String),
}

/// Takes an archive apart, in memory. Nothing that it says of itself is believed.
///
/// # Errors
/// See [`Closed`].
pub fn unpack(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<Unpacked, Closed> {
    let broken = || Closed::Broken("its structure makes no sense".to_owned());
    contained(|| entries(bytes, passphrase)).unwrap_or_else(|| Err(broken()))
}

fn entries(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<Unpacked, Closed> {
    let broken = |e: ZipError| Closed::Broken(e.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let (mut all, mut left, mut locked, mut refused) = (Unpacked::default(), MOST_BYTES, 0, 0);
    for i in 0..zip.len() {
        let raw = zip.by_index_raw(i).map_err(broken)?;
        let (name, encrypted) = (String::from_utf8_lossy(raw.name_raw()).into_owned(), raw.encrypted());
        drop(raw);
        let entry = match (encrypted, passphrase) {
            (false, _) => zip.by_index(i),
            (true, Some(p)) => zip.by_index_decrypt(i, &p.0),
            (true, None) => {
                locked += 1;
                continue;
            }
        };
        let mut content = Vec::new();
        let read = entry.and_then(|entry| Ok(entry.take(left + 1).read_to_end(&mut content)?));
        match read {
            Ok(n) if n as u64 > left => return Err(Closed::Broken("it holds more than any bundle".to_owned())),
            Ok(n) => {
                left -= n as u64;
                if all.files.insert(name.clone(), content).is_some() {
                    all.damaged.push((name, "is there twice".to_owned()));
                }
            }
            Err(e) => {
                refused += usize::from(matches!(e, ZipError::InvalidPassword));
                all.damaged.push((name, e.to_string()));
            }
        }
    }
    if locked > 0 {
        return Err(Closed::Locked);
    }
    if refused > 0 && refused == zip.len() {
        return Err(Closed::WrongPassphrase);
    }
    Ok(all)
}

/// Where two archives of the same files begin to differ: the entry whose bytes lie there, else the directory at the end.
pub fn place_of_difference(good: &[u8], other: &[u8]) -> Option<(usize, String)> {
    let at = (0..good.len().max(other.len())).find(|&i| good.get(i) != other.get(i))?;
    let mut zip = ZipArchive::new(Cursor::new(good)).ok()?;
    let mut place = "the archive's directory".to_owned();
    for i in 0..zip.len() {
        let entry = zip.by_index_raw(i).ok()?;
        let end = entry.data_start().unwrap_or(0) + entry.compressed_size();
        if (entry.header_start()..end).contains(&(at as u64)) {
            place = String::from_utf8_lossy(entry.name_raw()).into_owned();
        }
    }
    Some((at, place))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &[u8]); 3] = [("b", b"2222222222222222"), ("a/x", b"1"), ("c", b"")];

    #[test]
    fn the_order_of_files_does_not_matter() {
        let back = FILES.into_iter().rev();
        assert_eq!(pack(FILES, None).unwrap(), pack(back, None).unwrap());
    }

    #[test]
    fn what_is_packed_comes_out() {
        let key = Passphrase::new("口令".to_owned());
        for key in [None, key.as_ref()] {
            let files = unpack(&pack(FILES, key).unwrap(), key).unwrap().files;
            assert_eq!(files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect::<Vec<_>>(), {
                let mut all = FILES.to_vec();
                all.sort_unstable();
                all
            });
        }
    }

    #[test]
    fn without_its_passphrase_it_stays_closed() {
        let (right, wrong) = (Passphrase::new("口令".to_owned()), Passphrase::new("x".to_owned()));
        let bytes = pack(FILES, right.as_ref()).unwrap();
        assert_eq!(unpack(&bytes, None).unwrap_err(), Closed::Locked);
        assert_eq!(unpack(&bytes, wrong.as_ref()).unwrap_err(), Closed::WrongPassphrase);
        assert!(Passphrase::new(String::new()).is_none());
    }

    #[test]
    fn no_damage_is_a_panic() {
        let good = pack(FILES, None).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x5a;
            let _ = unpack(&bad, None);
            assert_eq!(place_of_difference(&good, &bad).map(|(i, _)| i), Some(at));
        }
    }
}
