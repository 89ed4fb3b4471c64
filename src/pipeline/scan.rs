//! A month's tables of the mart as polars sees them.

use crate::base::{Diagnostic, Error, Month, Result};
use crate::facts::rows::Tables;
use crate::lake::{mart, schema};
use polars::prelude::*;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The files of a month's tables, bucket by bucket.
pub struct Files {
    /// By table, in the order of [`TABLES`].
    files: Vec<Vec<PathBuf>>,
}

const TABLES: [&str; 7] = ["sessions", "rounds", "inquiries", "credits", "orders_beside", "still_open", "staff_day"];

impl Files {
    /// Looks them up.
    ///
    /// # Errors
    /// Exit 3 where a table is missing: an older version computed the month.
    pub fn of(mart: &Path, month: Month) -> Result<Files> {
        let files = TABLES.iter().map(|name| {
            let table = schema::table(name).ok_or_else(|| Error::Failed(format!("there is no table `{name}`")))?;
            let files = mart::month_files(mart, table, month)?;
            if files.is_empty() {
                return Err(not_computed(month));
            }
            Ok(files)
        });
        Ok(Files { files: files.collect::<Result<_>>()? })
    }

    /// Cuts the buckets into runs of about `bytes` of rounds each.
    pub fn runs(&self, bytes: u64) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        let mut size = 0;
        for (i, path) in self.files[1].iter().enumerate() {
            let own = std::fs::metadata(path).map_or(0, |m| m.len());
            match runs.last_mut().filter(|_| size + own <= bytes) {
                Some(run) => run.end = i + 1,
                None => {
                    runs.push(i..i + 1);
                    size = 0;
                }
            }
            size += own;
        }
        runs
    }

    /// The tables as queries see them: of some buckets.
    ///
    /// # Errors
    /// A file that polars cannot read.
    pub fn tables(&self, buckets: Range<usize>) -> Result<Tables> {
        let scan = |n: usize| -> Result<LazyFrame> {
            let files = &self.files[n];
            let of = if schema::table(TABLES[n]).is_some_and(|t| t.bucketed) {
                &files[buckets.start.min(files.len())..buckets.end.min(files.len())]
            } else {
                files
            };
            let paths = of.iter().map(|p| PlRefPath::try_from_path(p)).collect::<PolarsResult<Vec<_>>>();
            let args = ScanArgsParquet { cache: false, ..ScanArgsParquet::default() };
            LazyFrame::scan_parquet_files(paths.map_err(failed)?.into(), args).map_err(failed)
        };
        Ok(Tables {
            sessions: scan(0)?,
            rounds: scan(1)?,
            inquiries: scan(2)?,
            credits: scan(3)?,
            orders_beside: scan(4)?,
            still_open: scan(5)?,
            staff_day: scan(6)?,
        })
    }
}

/// A query's rows, in one piece.
///
/// # Errors
/// A query that polars cannot run.
pub fn collected(query: LazyFrame) -> Result<DataFrame> {
    let mut frame = query.collect().map_err(failed)?;
    frame.rechunk_mut();
    Ok(frame)
}

/// What polars finds wrong.
pub fn failed(e: PolarsError) -> Error {
    Error::Failed(format!("the rows of a figure could not be read: {e}"))
}

/// A month without results.
pub fn not_computed(month: Month) -> Error {
    let d = Diagnostic::error("K0202", format!("{month} has not been computed"));
    Error::Refused(vec![d.help(format!("run `kaohe compute --month {month}` first"))])
}
