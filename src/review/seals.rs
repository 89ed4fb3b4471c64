//! `seals.jsonl`: one line for each bundle that was sealed, each holding the hash of the line before, so that a line changed
//! later is noticed, and with it a bundle put in another's place. It only ever grows.

use crate::base::{Diagnostic, Error, Ms, Place, Result, files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What stands for the line before the first one.
const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A sealed bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// `2026H1`, or a year.
    pub period: String,
    pub version: u32,
    /// SHA-256 of the bundle's `manifest.json`, which names every file's.
    pub seal: String,
    /// SHA-256 of each archive as it was written.
    pub archives: BTreeMap<String, String>,
    /// SHA-256 over what it was made of.
    pub basis: String,
    /// The clock.
    pub as_of: Ms,
    pub program: String,
    /// SHA-256 of the line before.
    #[serde(default)]
    pub previous: String,
    /// SHA-256 of this line without this field: the last line has nobody after it.
    #[serde(default)]
    pub line: String,
}

impl Seal {
    /// How bundles are called: `2026H1-v1`.
    pub fn name(&self) -> String {
        format!("{}-v{}", self.period, self.version)
    }

    fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|e| Error::Failed(e.to_string()))
    }

    fn own_hash(&self) -> Result<String> {
        Ok(hash(Seal { line: String::new(), ..self.clone() }.text()?.as_bytes()))
    }
}

/// The log as it was read.
#[derive(Debug, Default)]
pub struct Log {
    /// Lines that can be read, in order.
    pub seals: Vec<Seal>,
    /// Damaged lines.
    pub wrong: Vec<Diagnostic>,
    last: Option<String>,
}

/// Where it lies.
pub fn path(data: &Path) -> PathBuf {
    data.join("seals.jsonl")
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Log {
    /// Reads and checks the log; one that is not there is empty.
    ///
    /// # Errors
    /// The machine; what is damaged is told in [`Log::wrong`].
    pub fn read(data: &Path) -> Result<Log> {
        let path = path(data);
        if !path.is_file() {
            return Ok(Log::default());
        }
        // Bytes, for a flipped one need not leave UTF-8.
        let bytes = files::read(&path)?;
        let mut log = Log::default();
        let mut before = FIRST.to_owned();
        for (i, line) in bytes.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.is_empty()) {
            let mut wrong = |line: usize, what: String| {
                let d = Diagnostic::error("K0430", format!("seals.jsonl: line {line} {what}"));
                let d = d.at(Place::row(path.display().to_string(), line as u64, None, "changed after it was written"));
                log.wrong.push(d.help("restore the file from a backup; lines are only ever added to it"));
            };
            match serde_json::from_slice::<Seal>(line) {
                Err(_) => wrong(i + 1, "is damaged".to_owned()),
                Ok(seal) => {
                    let changed = seal.text()?.as_bytes() != line || seal.own_hash()? != seal.line;
                    if changed {
                        wrong(i + 1, format!("({}) is not as it was written", seal.name()));
                    } else if seal.previous != before && i == 0 {
                        wrong(i + 1, "is not the first one: lines before it are gone".to_owned());
                    } else if seal.previous != before {
                        wrong(
                            i,
                            format!("or lines behind it were changed or taken out: line {} follows another", i + 1),
                        );
                    }
                    log.seals.push(seal);
                }
            }
            before = hash(line);
            log.last = Some(before.clone());
        }
        Ok(log)
    }

    /// The log, where nothing of it is damaged.
    ///
    /// # Errors
    /// Exit 3 with the damaged lines.
    pub fn sound(data: &Path) -> Result<Log> {
        let log = Log::read(data)?;
        if log.wrong.is_empty() { Ok(log) } else { Err(Error::Refused(log.wrong)) }
    }

    /// The newest version of a period.
    pub fn newest(&self, period: &str) -> Option<&Seal> {
        self.seals.iter().filter(|s| s.period == period).max_by_key(|s| s.version)
    }

    /// One bundle's seal.
    pub fn find(&self, period: &str, version: u32) -> Option<&Seal> {
        self.seals.iter().find(|s| s.period == period && s.version == version)
    }

    /// Adds a line, with the hash of the line before.
    ///
    /// # Errors
    /// The machine; the log is whole then, with the line or without.
    pub fn append(&mut self, data: &Path, seal: Seal) -> Result<()> {
        let previous = self.last.clone().unwrap_or_else(|| FIRST.to_owned());
        let mut seal = Seal { previous, line: String::new(), ..seal };
        seal.line = seal.own_hash()?;
        let path = path(data);
        let mut bytes = if path.is_file() { files::read(&path)? } else { Vec::new() };
        let text = seal.text()?;
        bytes.extend(text.as_bytes());
        bytes.push(b'\n');
        files::write_atomic(&path, &bytes)?;
        self.last = Some(hash(text.as_bytes()));
        self.seals.push(seal);
        Ok(())
    }
}
