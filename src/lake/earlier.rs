//! The lake as an archive: all rows that a table holds, those included that newer ones replace, for an ingest that goes on
//! from them.

use super::manifest::Manifest;
use super::partition::{aside_of, path_of};
use super::schema::Table;
use super::write::schema;
use crate::base::{Error, Result};
use arrow::array::{ArrayRef, RecordBatch, new_null_array};
use arrow::compute::cast;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The files of a table: its partitions, and last the rows that are kept aside.
pub fn files(lake: &Path, manifest: &Manifest, table: &Table) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for part in manifest.partitions.iter().filter(|p| p.table == table.name && p.rows > 0) {
        match part.buckets {
            0 => all.push(path_of(lake, table, part.month, None)),
            n => all.extend((0..n).map(|b| path_of(lake, table, part.month, Some((b, n))))),
        }
    }
    let aside = aside_of(lake, table);
    if aside.is_file() {
        all.push(aside);
    }
    all
}

/// Hands over a file's rows batch by batch, in the table's schema; a column that an older version did not have is null.
///
/// # Errors
/// A file that cannot be read: the lake's state and its manifest do not fit each other.
pub fn each(path: &Path, table: &Table, mut f: impl FnMut(RecordBatch) -> Result<()>) -> Result<()> {
    let broken = |e: &dyn std::fmt::Display| {
        Error::Failed(format!("{} cannot be read ({e}); restore the lake, or ingest into a new one", path.display()))
    };
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|b| b.with_batch_size(65_536).build());
    let wanted = schema(table);
    for batch in reader.map_err(|e| broken(&e))? {
        let batch = batch.map_err(|e| broken(&e))?;
        let column = |field: &arrow::datatypes::FieldRef| -> Result<ArrayRef> {
            match batch.column_by_name(field.name()) {
                Some(column) if column.data_type() == field.data_type() => Ok(column.clone()),
                Some(column) => cast(column, field.data_type()).map_err(|e| broken(&e)),
                None => Ok(new_null_array(field.data_type(), batch.num_rows())),
            }
        };
        let columns = wanted.fields().iter().map(column).collect::<Result<Vec<_>>>()?;
        f(RecordBatch::try_new(wanted.clone(), columns).map_err(|e| broken(&e))?)?;
    }
    Ok(())
}
