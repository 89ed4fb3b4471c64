//! Writing the mart: frames that are held to their schema, put in place month by month.

use super::schema::{Column as Field, Table, Type};
use crate::base::{Error, Month, Result, files};
use polars::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Name of every table file.
pub const PART: &str = "part.parquet";

fn broken(table: &Table, what: impl std::fmt::Display) -> Error {
    Error::Failed(format!("mart table `{}`: {what}", table.name))
}

/// polars' type of a column.
pub fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Utf8 => DataType::String,
        Type::Utf8List => DataType::List(Box::new(DataType::String)),
        Type::Int64 => DataType::Int64,
        Type::Int32 => DataType::Int32,
        Type::Bool => DataType::Boolean,
        Type::Date => DataType::Date,
        Type::Time => DataType::Datetime(TimeUnit::Milliseconds, TimeZone::opt_try_new(Some("UTC")).ok().flatten()),
        Type::Evidence => DataType::List(Box::new(DataType::Struct(vec![
            polars::prelude::Field::new("table".into(), DataType::String),
            polars::prelude::Field::new("source_file".into(), DataType::String),
            polars::prelude::Field::new("source_row".into(), DataType::Int64),
        ]))),
    }
}

/// Puts the columns into the schema's order and types; a missing or empty one that must be there is an error of ours.
pub fn conform(table: &Table, frame: &DataFrame) -> Result<DataFrame> {
    let fields = table.all_columns();
    let columns: Vec<Column> = fields.iter().map(|f| column(table, f, frame)).collect::<Result<_>>()?;
    DataFrame::new(frame.height(), columns).map_err(|e| broken(table, e))
}

fn column(table: &Table, field: &Field, frame: &DataFrame) -> Result<Column> {
    let column = frame.column(field.name).map_err(|e| broken(table, e))?;
    if !field.null && column.null_count() > 0 {
        return Err(broken(table, format!("column `{}` holds {} empty value(s)", field.name, column.null_count())));
    }
    column.cast(&data_type(field.kind)).map_err(|e| broken(table, e))
}

/// Writes a frame as one file.
pub fn write(table: &Table, frame: &DataFrame, path: &Path) -> Result<()> {
    if let Some(dir) = path.parent() {
        files::make_dir(dir)?;
    }
    let mut frame = conform(table, frame)?;
    let tmp = files::temporary(path);
    let file = File::create(&tmp).map_err(Error::io("cannot write", &tmp))?;
    ParquetWriter::new(&file)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::empty())
        .set_parallel(false)
        .finish(&mut frame)
        .map_err(|e| broken(table, e))?;
    file.sync_all().map_err(Error::io("cannot write", &tmp))?;
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
