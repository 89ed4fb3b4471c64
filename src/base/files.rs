//! The one small file helper: everything that is not a Parquet table is written here, whole or not at all.

use super::error::{Error, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// Makes a folder and its parents.
pub fn make_dir(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).map_err(Error::io("cannot make the folder", dir))
}

/// Makes a folder that only its owner can look into.
pub fn make_private_dir(dir: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(Error::io("cannot make the folder", dir))
}

/// Length and SHA-256 (hex) of a file.
pub fn hash(path: &Path) -> Result<(u64, String)> {
    let mut file = fs::File::open(path).map_err(Error::io("cannot open", path))?;
    let (mut hash, mut chunk, mut bytes) = (Sha256::new(), vec![0; 1 << 20], 0);
    loop {
        match file.read(&mut chunk).map_err(Error::io("cannot read", path))? {
            0 => return Ok((bytes, hex::encode(hash.finalize()))),
            n => {
                hash.update(&chunk[..n]);
                bytes += n as u64;
            }
        }
    }
}

/// Writes a file whole: temporary file beside it, fsync, rename.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    let tmp = temporary(path);
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&tmp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&tmp, path)
    };
    write().map_err(|e| {
        let _ = fs::remove_file(&tmp);
        Error::io("cannot write", path)(e)
    })
}

/// Where a file is put together before it gets its name: same folder, so that the rename is atomic.
pub fn temporary(path: &Path) -> PathBuf {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.tmp"))
}

/// Reads a text file.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(Error::io("cannot read", path))
}

/// Reads a file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(Error::io("cannot read", path))
}

/// A second name for every file of a folder, below another folder; copies where the disk knows no second names.
pub fn link_dir(from: &Path, to: &Path) -> Result<()> {
    for path in walk(from)? {
        let place = to.join(path.strip_prefix(from).unwrap_or(&path));
        if let Some(dir) = place.parent() {
            make_dir(dir)?;
        }
        if fs::hard_link(&path, &place).is_err() {
            fs::copy(&path, &place).map_err(Error::io("cannot copy", &path))?;
        }
    }
    Ok(())
}

/// Removes a folder and all that is in it; a folder that is not there is fine.
pub fn remove_dir(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("cannot remove", dir)(e)),
        _ => Ok(()),
    }
}

/// Puts a finished folder in the place of another: the old one steps aside first, so that a reader sees one or the other.
pub fn replace_dir(new: &Path, place: &Path) -> Result<()> {
    let old = temporary(place).with_extension("old");
    remove_dir(&old)?;
    if place.exists() {
        fs::rename(place, &old).map_err(Error::io("cannot move aside", place))?;
    }
    fs::rename(new, place).map_err(Error::io("cannot put in place", place))?;
    remove_dir(&old)
}

/// Mends what a run left that was killed inside [`replace_dir`]: a folder that had stepped aside comes back where nothing
/// has taken its place, else it goes.
pub fn recover_dirs(dir: &Path) -> Result<()> {
    let Ok(entries) = fs::read_dir(dir) else { return Ok(()) };
    for entry in entries {
        let path = entry.map_err(Error::io("cannot read the folder", dir))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(place) = name.strip_prefix('.').and_then(|n| n.strip_suffix(".old")) else { continue };
        let place = dir.join(place);
        if place.exists() {
            remove_dir(&path)?;
        } else {
            fs::rename(&path, &place).map_err(Error::io("cannot put back", &place))?;
        }
    }
    Ok(())
}

/// Files below a folder, sorted by their relative name, links not followed out of it.
pub fn walk(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(Error::io("cannot read the folder", &folder))?;
        for entry in entries {
            let entry = entry.map_err(Error::io("cannot read the folder", &folder))?;
            let kind = entry.file_type().map_err(Error::io("cannot read", entry.path()))?;
            if kind.is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
