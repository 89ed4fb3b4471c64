//! What the last run was and how it ended, so that `kaohe status` can tell of one that failed or was killed.

use crate::base::{Error, Result, files};
use crate::lake::lock::Lock;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It works, or was killed while it did.
    Begun,
    Done,
    Failed,
}

/// The last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub command: String,
    /// By the wall clock of whoever called it; nothing is computed from it.
    pub begun_at: String,
    pub stage: Stage,
    /// The summary, or why it failed.
    pub message: String,
    pub exit_code: u8,
}

fn path(data: &Path) -> PathBuf {
    data.join("last-run.json")
}

/// Notes that a run begins.
pub fn begin(data: &Path, command: &str, begun_at: &str) -> Result<()> {
    let (command, begun_at) = (command.to_owned(), begun_at.to_owned());
    write(data, &Entry { command, begun_at, stage: Stage::Begun, message: String::new(), exit_code: 0 })
}

/// Notes how it ended.
pub fn end(data: &Path, message: &str, exit_code: u8) -> Result<()> {
    let Some(entry) = last(data)? else { return Ok(()) };
    let stage = if exit_code == 0 { Stage::Done } else { Stage::Failed };
    write(data, &Entry { stage, message: message.to_owned(), exit_code, ..entry })
}

fn write(data: &Path, entry: &Entry) -> Result<()> {
    files::make_dir(data)?;
    let text = serde_json::to_string_pretty(entry).map_err(|e| Error::Failed(e.to_string()))?;
    files::write_atomic(&path(data), (text + "\n").as_bytes())
}

/// The last run; an unreadable note is none.
pub fn last(data: &Path) -> Result<Option<Entry>> {
    let path = path(data);
    if !path.is_file() {
        return Ok(None);
    }
    Ok(serde_json::from_str(&files::read_text(&path)?).ok())
}

/// Whether the last run was killed: it never ended, and nobody works on the data now.
pub fn interrupted(data: &Path) -> Result<bool> {
    Ok(last(data)?.is_some_and(|e| e.stage == Stage::Begun) && !Lock::is_held(data))
}
