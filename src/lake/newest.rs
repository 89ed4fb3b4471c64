//! The newest event of the lake: the clock where no `--as-of` is given. Read off the files' statistics.

use super::manifest::Manifest;
use super::partition::path_of;
use super::schema::{MESSAGES, ORDERS, Table};
use crate::base::{Error, Month, Ms, Result};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::statistics::Statistics;
use std::fs::File;
use std::path::Path;

/// Newest message and newest step of an order, whichever is later; `None` in an empty lake.
pub fn event(lake: &Path, manifest: &Manifest) -> Result<Option<Ms>> {
    let mut newest = None;
    for (table, columns) in
        [(&MESSAGES, &["ts"][..]), (&ORDERS, &["created_at", "paid_at", "shipped_at", "signed_at", "closed_at"][..])]
    {
        for month in manifest.partitions(table.name).into_iter().flatten() {
            newest = newest.max(month_newest(lake, manifest, table, month, columns)?);
        }
    }
    Ok(newest)
}

fn month_newest(lake: &Path, manifest: &Manifest, table: &Table, month: Month, columns: &[&str]) -> Result<Option<Ms>> {
    let mut newest = None;
    let buckets = manifest.buckets(table.name, month).unwrap_or(0);
    for bucket in 0..buckets {
        let path = path_of(lake, table, Some(month), Some((bucket, buckets)));
        newest = newest.max(file_newest(&path, columns)?);
    }
    Ok(newest)
}

fn file_newest(path: &Path, columns: &[&str]) -> Result<Option<Ms>> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|e| Error::Failed(format!("{} cannot be read: {e}", path.display())))?;
    let mut newest = None;
    for group in reader.metadata().row_groups() {
        for column in group.columns().iter().filter(|c| columns.contains(&c.column_descr().name())) {
            if let Some(Statistics::Int64(s)) = column.statistics() {
                newest = newest.max(s.max_opt().copied());
            }
        }
    }
    Ok(newest)
}
