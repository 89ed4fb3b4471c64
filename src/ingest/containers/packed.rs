//! Single texts, compressed: gz and zst. The text keeps the name of the file that it came in.

use super::{Broken, Found, Scratch, copy, one};
use crate::base::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

pub fn gz(path: &Path, name: &str, depth: u32, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    // A file of several members is read to its end.
    unpack(&mut flate2::read::MultiGzDecoder::new(BufReader::new(file)), path, name, depth, scratch, found)
}

pub fn zst(path: &Path, name: &str, depth: u32, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut text = zstd::Decoder::new(file).map_err(Error::io("cannot open", path))?;
    // Frames may ask for as much memory as they like; 128 MB is what the format's own tool grants.
    text.window_log_max(27).map_err(Error::io("cannot open", path))?;
    unpack(&mut text, path, name, depth, scratch, found)
}

fn unpack(
    text: &mut dyn Read,
    path: &Path,
    name: &str,
    depth: u32,
    scratch: &Scratch,
    found: &mut Found,
) -> Result<(), Broken> {
    let packed = path.metadata().map_err(Error::io("cannot read", path))?.len();
    let place = scratch.place()?;
    copy(text, &place, packed)?;
    // What is inside is judged by the name without the last ending; a compressed archive counts as one level.
    let inner = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if depth > 1 {
        return Err(Broken::File("is packed more than twice".to_owned(), super::TOO_BIG));
    }
    let mut inside = one(&place, inner, depth + 1, scratch)?;
    for piece in &mut inside.pieces {
        let rest = piece.name.strip_prefix(inner).unwrap_or("").to_owned();
        piece.name = format!("{name}{rest}");
    }
    found.add(inside);
    Ok(())
}
