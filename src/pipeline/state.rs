//! What was computed from what: a month whose inputs, settings, program and clock are the same is left alone.

use crate::base::{Month, Ms, Result, Zone, files};
use crate::facts::days::Window;
use crate::lake::manifest::Manifest;
use crate::lake::schema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The note beside a computed month, written last: without it the month counts as not computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    pub month: Month,
    /// Over inputs, settings, program version and clock.
    pub inputs: String,
    pub as_of: Ms,
    pub preset: String,
    pub rulebook_version: String,
    pub program: String,
    /// Some deadline or window is not over.
    pub provisional: bool,
    /// Rows of each table of the mart.
    pub rows: std::collections::BTreeMap<String, u64>,
}

/// Version of the program, as reports and the mart's notes name it.
pub const PROGRAM: &str = env!("CARGO_PKG_VERSION");

fn path(mart: &Path, month: Month) -> PathBuf {
    mart.join("months").join(format!("{month}.json"))
}

fn shown(mart: &Path, month: Month) -> PathBuf {
    mart.join("months").join(format!("{month}.shown"))
}

impl State {
    /// The note of a month, if it was computed.
    pub fn read(mart: &Path, month: Month) -> Result<Option<State>> {
        let path = path(mart, month);
        if !path.is_file() {
            return Ok(None);
        }
        // An unreadable note is no note: the month is computed again.
        Ok(serde_json::from_str(&files::read_text(&path)?).ok())
    }

    pub fn write(&self, mart: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        files::write_atomic(&path(mart, self.month), text.as_bytes())
    }

    /// Notes of which results a month's pages are.
    pub fn note_shown(&self, mart: &Path) -> Result<()> {
        files::write_atomic(&shown(mart, self.month), self.inputs.as_bytes())
    }

    /// Of which results a month's pages are; see [`State::inputs`].
    pub fn shown(mart: &Path, month: Month) -> Result<Option<String>> {
        let path = shown(mart, month);
        if path.is_file() { files::read_text(&path).map(Some) } else { Ok(None) }
    }

    /// Takes the note away before the month's tables are replaced.
    pub fn clear(mart: &Path, month: Month) -> Result<()> {
        let path = path(mart, month);
        if path.is_file() {
            std::fs::remove_file(&path).map_err(crate::base::Error::io("cannot remove", &path))?;
        }
        Ok(())
    }
}

/// Hash over all that a month's results depend on.
pub fn inputs_hash(manifest: &Manifest, window: &Window, settings_hash: &str, as_of: Ms, zone: Zone) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    add(PROGRAM);
    add(&schema::VERSION.to_string());
    // A mart that lacks a table or a column is made anew.
    for table in schema::tables().filter(|t| t.floor == schema::Floor::Mart) {
        add(table.name);
        table.columns.iter().for_each(|c| add(c.name));
    }
    add(settings_hash);
    add(&zone.to_string());
    add(&as_of.to_string());
    for text in manifest.fingerprint(&window.months) {
        add(&text);
    }
    hex::encode(hash.finalize())
}
