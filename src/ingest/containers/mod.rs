//! What a raw folder holds: files, and what is packed in them. Archives, compressed texts, workbooks and JSON are
//! unpacked into a scratch folder whose file names are numbers, so that no entry's name reaches the disk; sheets and
//! JSON become CSV whose first field is the row's number. Everything after this reads text files.

mod binary;
mod json;
mod packed;
mod sheets;
mod zipped;

use super::veil;
use crate::base::{Diagnostic, Error, Place, Result, files};
use rayon::prelude::*;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that one container may hold when unpacked: more than any month of any shop.
const MOST_BYTES: u64 = 16 << 30;
/// From this size on an unpacked file must not be more than `MOST_RATIO` times as large as its packed form.
const RATIO_FROM: u64 = 256 << 20;
const MOST_RATIO: u64 = 250;
/// Entries of one archive, sheets of one workbook.
const MOST_ENTRIES: usize = 10_000;

/// How a piece's bytes are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it was delivered: CSV or other text in some encoding.
    Text,
    /// CSV in UTF-8 made of a sheet or of JSON: the first field is the row's number.
    Numbered,
}

/// Something with rows in it.
#[derive(Debug, Clone)]
pub struct Piece {
    /// What the lineage calls it: relative to the raw folder, with `/`; an entry is `a.zip/b.csv`, a sheet `a.xlsx#b`.
    pub name: String,
    /// Where its bytes lie.
    pub path: PathBuf,
    pub form: Form,
    /// What it was before it was unpacked: `xlsx`, `json`; `None` for a text.
    pub made_of: Option<&'static str>,
    /// Length of the file that a `Numbered` piece was made of; with its hash the identity of the piece.
    pub origin: Option<(u64, String)>,
    /// The sheet's place in its workbook, from 1, and its name.
    pub sheet: Option<(usize, String)>,
}

impl Piece {
    /// Its name without the sheet: of the file, or of the entry of an archive.
    pub fn file(&self) -> &str {
        let sheet = self.sheet.as_ref().and_then(|(_, sheet)| self.name.strip_suffix(sheet.as_str()));
        sheet.and_then(|name| name.strip_suffix('#')).unwrap_or(&self.name)
    }

    /// Hash of the file that it is, or was made of.
    pub fn sha256(&self) -> Result<String> {
        match &self.origin {
            Some((_, sha256)) => Ok(sha256.clone()),
            None => Ok(files::hash(&self.path)?.1),
        }
    }
}

/// What was found, file by file in the order of their names.
#[derive(Debug, Default)]
pub struct Found {
    pub pieces: Vec<Piece>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Found {
    fn wrong(&mut self, code: &'static str, name: &str, message: &str, help: &str) {
        let d = Diagnostic::error(code, format!("{name} {message}")).at(Place::file(name, "this file"));
        self.diagnostics.push(d.help(help));
    }

    fn add(&mut self, other: Found) {
        self.pieces.extend(other.pieces);
        self.diagnostics.extend(other.diagnostics);
    }
}

/// The scratch folder of a data folder.
pub const SCRATCH: &str = ".unpacked";

/// Where things are unpacked; the folder is removed when it is dropped.
#[derive(Debug)]
pub struct Scratch {
    dir: PathBuf,
    next: AtomicU64,
}

impl Scratch {
    /// A new scratch folder; what a killed run left there is removed first.
    pub fn new(dir: &Path) -> Result<Scratch> {
        files::remove_dir(dir)?;
        Ok(Scratch { dir: dir.to_path_buf(), next: AtomicU64::new(0) })
    }

    /// A place for a file; the first one makes the folder, for its owner alone.
    pub fn place(&self) -> Result<PathBuf> {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        files::make_private_dir(&self.dir)?;
        Ok(self.dir.join(n.to_string()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = files::remove_dir(&self.dir);
    }
}

/// Why a container could not be unpacked.
#[derive(Debug)]
enum Broken {
    /// The machine.
    Failed(Error),
    /// What is wrong with the file: message and help.
    File(String, &'static str),
}

impl From<Error> for Broken {
    fn from(e: Error) -> Broken {
        Broken::Failed(e)
    }
}

const AGAIN: &str = "export it again; a download that broke off looks like this";
const TOO_BIG: &str = "unpack it by hand and look at what is in it";

/// All pieces of a raw folder. Files that nobody reads are noted, broken ones are errors.
pub fn pieces(raw: &Path, scratch: &Scratch) -> Result<Found> {
    let (mut wanted, mut all) = (Vec::new(), Found::default());
    for path in files::walk(raw)? {
        let name = path.strip_prefix(raw).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let file = name.rsplit('/').next().unwrap_or("");
        // `~$…` are the locks of an open spreadsheet.
        if file.starts_with('.') || file.starts_with("~$") {
            continue;
        }
        if path.is_file() {
            wanted.push((path, name));
        } else {
            let d = Diagnostic::warning("K0214", format!("{name} is not read: a link to a folder, or to nothing"));
            all.diagnostics.push(d.at(Place::file(name, "passed over")).help("copy what it stands for to this place"));
        }
    }
    let each: Vec<Found> =
        wanted.into_par_iter().map(|(path, name)| one(&path, &name, 0, scratch)).collect::<Result<_>>()?;
    each.into_iter().for_each(|found| all.add(found));
    Ok(all)
}

/// The pieces of one file. `depth`: how many archives it lies in.
pub fn one(path: &Path, name: &str, depth: u32, scratch: &Scratch) -> Result<Found> {
    let mut found = Found::default();
    let mut head = [0; 8];
    let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
    let n = read_head(&mut file, &mut head).map_err(Error::io("cannot read", path))?;
    let head = &head[..n];
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit('/').next().and_then(|f| f.rsplit_once('.')).map_or("", |(_, e)| e);
    let done = match head {
        // Workbooks of today are zip archives; the name does not matter.
        [b'P', b'K', 3 | 5, 4 | 6, ..] if zipped::is_workbook(path) => sheets::xlsx(path, name, scratch, &mut found),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => zipped::unpack(path, name, depth, scratch, &mut found),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => sheets::xls(path, name, scratch, &mut found),
        [0x1F, 0x8B, ..] => packed::gz(path, name, depth, scratch, &mut found),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => packed::zst(path, name, depth, scratch, &mut found),
        _ => match ending {
            "json" | "jsonl" | "ndjson" => json::read(path, name, scratch, &mut found),
            "csv" | "tsv" | "txt" | "log" => {
                let (name, path) = (name.to_owned(), path.to_path_buf());
                found.pieces.push(Piece { name, path, form: Form::Text, made_of: None, origin: None, sheet: None });
                Ok(())
            }
            "xlsx" | "xlsm" | "xls" | "zip" | "gz" | "zst" => {
                let web = head.iter().position(|b| !b.is_ascii_whitespace()).is_some_and(|i| head[i] == b'<');
                Err(if web {
                    let help = "open it in a spreadsheet program and save it as xlsx or as CSV";
                    Broken::File("is a web page that is called a workbook".to_owned(), help)
                } else {
                    Broken::File(format!("is no {ending} file"), AGAIN)
                })
            }
            _ => {
                let d = Diagnostic::note("K0214", format!("{name} is not read: no kind of file that is known"));
                found.diagnostics.push(d.at(Place::file(name, "passed over")));
                Ok(())
            }
        },
    };
    match done {
        Ok(()) => {}
        Err(Broken::Failed(e)) => return Err(e),
        Err(Broken::File(message, help)) => found.wrong("K0219", name, &message, help),
    }
    Ok(found)
}

/// The piece that the lineage calls so again, for `kaohe explain`: unpacked anew where it lies in a container.
pub fn again(raw: &Path, name: &str, scratch: &Scratch) -> Result<Option<Piece>> {
    if veil::may_be(name) {
        for piece in pieces(raw, scratch)?.pieces {
            if veil::is(name, &piece, &piece.sha256()?) {
                return Ok(Some(piece));
            }
        }
    }
    let Some(file) = on_disk(raw, name) else { return Ok(None) };
    let found = one(&raw.join(file), file, 0, scratch)?;
    Ok(found.pieces.into_iter().find(|p| p.name == name))
}

/// The raw file in which a piece lies: the longest beginning of its name that is a file.
pub fn on_disk<'n>(raw: &Path, name: &'n str) -> Option<&'n str> {
    let ends = name.match_indices(['/', '#']).map(|(i, _)| i).chain([name.len()]);
    ends.map(|i| &name[..i]).rfind(|file| raw.join(file).is_file())
}

fn read_head(file: &mut File, head: &mut [u8]) -> std::io::Result<usize> {
    let mut n = 0;
    while n < head.len() {
        match file.read(&mut head[n..])? {
            0 => break,
            more => n += more,
        }
    }
    Ok(n)
}

/// Copies until the end, or until more comes out than a real export could hold.
fn copy(from: &mut dyn Read, to: &Path, packed: u64) -> std::result::Result<u64, Broken> {
    let mut out = File::create(to).map_err(Error::io("cannot write", to))?;
    let most = MOST_BYTES.min(RATIO_FROM.max(packed.saturating_mul(MOST_RATIO)));
    let unreadable = |e: std::io::Error| Broken::File(format!("cannot be unpacked: {e}"), AGAIN);
    let written = std::io::copy(&mut from.take(most + 1), &mut out).map_err(unreadable)?;
    if written > most {
        return Err(Broken::File(format!("holds more than {} MB, packed {packed} bytes", most >> 20), TOO_BIG));
    }
    Ok(written)
}
