//! A month of the mart, made beside the old one and put in place whole.

use super::state::State;
use crate::base::{Error, Month, Result, files};
use crate::lake::mart;
use crate::lake::schema;
use polars::prelude::*;
use std::collections::BTreeMap;
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
    pub fn write(&self, frame: &DataFrame, table: &str, bucket: Option<u32>) -> Result<()> {
        let table = schema::table(table).ok_or_else(|| Error::Failed(format!("there is no table `{table}`")))?;
        let mut path = mart::month_dir(&self.dir, table, self.month);
        if let Some(bucket) = bucket {
            path = path.join(format!("bucket={bucket:02}"));
        }
        mart::write(table, frame, &path.join(mart::PART))?;
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        *rows.entry(table.name.to_owned()).or_insert(0) += frame.height() as u64;
        Ok(())
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

/// `quality` as a frame: (kind, subject, shop) → count.
pub fn quality_frame(month: Month, rows: &BTreeMap<(String, String, String), i64>) -> Result<DataFrame> {
    let text = |name: &str, f: &dyn Fn(&(String, String, String)) -> String| {
        StringChunked::from_iter_values(name.into(), rows.keys().map(f)).into_column()
    };
    let columns = vec![
        text("period", &|_| month.to_string()),
        text("kind", &|k| k.0.clone()),
        text("subject", &|k| k.1.clone()),
        text("shop", &|k| k.2.clone()),
        Int64Chunked::from_vec("count".into(), rows.values().copied().collect()).into_column(),
    ];
    DataFrame::new(rows.len(), columns).map_err(|e| Error::Failed(format!("cannot build the quality frame: {e}")))
}
