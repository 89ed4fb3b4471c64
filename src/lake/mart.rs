//! The mart's files: written whole, found month by month.

use super::batch::Batch;
use super::schema::Table;
use super::write::{self, GROUP};
use crate::base::{Error, Month, Result, files};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Name of every table file.
pub const PART: &str = "part.parquet";

/// Writes rows as one file.
pub fn write(rows: &Batch, path: &Path) -> Result<()> {
    put(path, |tmp| write::file(tmp, &rows.0, write::Floor::Mart))
}

/// Writes `rows` rows as one file, a row group at a time: `make` gives those of a range.
pub fn write_groups(rows: usize, make: impl Fn(Range<usize>) -> Result<Batch> + Sync, path: &Path) -> Result<()> {
    let group = |n: usize| make(n * GROUP..((n + 1) * GROUP).min(rows)).map(|b| b.0);
    put(path, |tmp| write::groups(tmp, rows.div_ceil(GROUP), group, write::Floor::Mart))
}

fn put(path: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    if let Some(dir) = path.parent() {
        files::make_dir(dir)?;
    }
    let tmp = files::temporary(path);
    write(&tmp)?;
    std::fs::rename(&tmp, path).map_err(Error::io("cannot put in place", path))
}

/// Where a table's month lies below `mart`.
pub fn month_dir(mart: &Path, table: &Table, month: Month) -> PathBuf {
    mart.join(table.name).join(format!("month={month}"))
}

/// The files of a table's month, in order of their buckets; none where it was not computed.
pub fn month_files(mart: &Path, table: &Table, month: Month) -> Result<Vec<PathBuf>> {
    let dir = month_dir(mart, table, month);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    Ok(files::walk(&dir)?.into_iter().filter(|p| p.file_name().is_some_and(|n| n == PART)).collect())
}
