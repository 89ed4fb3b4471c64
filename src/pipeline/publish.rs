//! A month of the mart, made beside the old one and put in place whole.

use super::state::State;
use crate::base::{Error, Month, Result, files};
use crate::lake::batch::{Batch, long, plain};
use crate::lake::mart;
use crate::lake::schema;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A month that is being made.
pub struct Draft {
    mart: PathBuf,
    dir: PathBuf,
    pub month: Month,
    rows: Mutex<BTreeMap<String, u64>>,
}

impl Draft {
    /// An empty draft; what a killed run left behind is removed.
    pub fn begin(mart: &Path, month: Month) -> Result<Draft> {
        let dir = mart.join(format!(".draft-{month}"));
        files::remove_dir(&dir)?;
        files::make_dir(&dir)?;
        Ok(Draft { mart: mart.to_path_buf(), dir, month, rows: Mutex::new(BTreeMap::new()) })
    }

    /// Writes a table, or a bucket of it.
    pub fn write(&self, rows: &Batch, table: &str, bucket: Option<u32>) -> Result<()> {
        mart::write(rows, &self.place(table, bucket)?)?;
        self.note(table, rows.rows());
        Ok(())
    }

    /// Writes a big table in one piece, a row group at a time: `make` gives the rows of a range.
    pub fn write_groups(
        &self,
        rows: usize,
        make: impl Fn(Range<usize>) -> Result<Batch> + Sync,
        table: &str,
    ) -> Result<()> {
        mart::write_groups(rows, make, &self.place(table, None)?)?;
        self.note(table, rows);
        Ok(())
    }

    fn place(&self, table: &str, bucket: Option<u32>) -> Result<PathBuf> {
        let table = schema::table(table).ok_or_else(|| Error::Failed(format!("there is no table `{table}`")))?;
        let dir = mart::month_dir(&self.dir, table, self.month);
        Ok(bucket.map_or(dir.clone(), |b| dir.join(format!("bucket={b:02}"))).join(mart::PART))
    }

    fn note(&self, table: &str, rows: usize) {
        let mut all = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        *all.entry(table.to_owned()).or_insert(0) += rows as u64;
    }

    /// Where the draft's tables lie.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Rows of each table so far.
    pub fn rows(&self) -> BTreeMap<String, u64> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts every table in place. The month's note is taken away first and written last, so that a run killed in
    /// between leaves a month that counts as not computed.
    pub fn publish(self, state: &State) -> Result<()> {
        State::clear(&self.mart, self.month)?;
        for table in self.rows().keys() {
            let Some(table) = schema::table(table) else { continue };
            let (from, to) =
                (mart::month_dir(&self.dir, table, self.month), mart::month_dir(&self.mart, table, self.month));
            if let Some(parent) = to.parent() {
                files::make_dir(parent)?;
            }
            files::replace_dir(&from, &to)?;
        }
        files::remove_dir(&self.dir)?;
        state.write(&self.mart)
    }
}

/// `quality` as a table: (kind, subject, shop) → count.
pub fn quality(month: Month, rows: &BTreeMap<(String, String, String), i64>) -> Result<Batch> {
    let period = month.to_string();
    Batch::new(
        &schema::QUALITY,
        vec![
            plain("period", rows.keys().map(|_| period.as_str())),
            plain("kind", rows.keys().map(|k| k.0.as_str())),
            plain("subject", rows.keys().map(|k| k.1.as_str())),
            plain("shop", rows.keys().map(|k| k.2.as_str())),
            long("count", rows.values().map(|n| Some(*n))),
        ],
    )
}
