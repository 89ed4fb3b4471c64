//! Reading Parquet columns: typed access to record batches, with the file in every error.

use super::names::{NONE, Names};
use crate::base::{Error, Result};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::Path;

fn broken(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::Failed(format!(
        "{} is not a table this version can read ({what}); delete the lake folder and run `kaohe ingest` again",
        path.display()
    ))
}

/// Opens a table's file for some of its columns.
pub fn open(path: &Path, columns: &[&str]) -> Result<ParquetRecordBatchReader> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| broken(path, e))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    builder.with_projection(mask).with_batch_size(65_536).build().map_err(|e| broken(path, e))
}

/// One batch with the name of its file.
pub struct Rows<'a> {
    pub batch: &'a RecordBatch,
    pub path: &'a Path,
}

impl Rows<'_> {
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn column(&self, name: &str) -> Result<&ArrayRef> {
        self.batch.column_by_name(name).ok_or_else(|| broken(self.path, format!("column `{name}` is missing")))
    }

    fn as_type(&self, name: &str, kind: &DataType) -> Result<ArrayRef> {
        let column = self.column(name)?;
        if column.data_type() == kind {
            return Ok(column.clone());
        }
        cast(column, kind).map_err(|e| broken(self.path, format!("column `{name}`: {e}")))
    }

    /// Whole numbers and times (ms).
    pub fn int64(&self, name: &str) -> Result<Int64Array> {
        Ok(self.as_type(name, &DataType::Int64)?.as_primitive::<Int64Type>().clone())
    }

    pub fn int32(&self, name: &str) -> Result<Int32Array> {
        Ok(self.as_type(name, &DataType::Int32)?.as_primitive::<Int32Type>().clone())
    }

    pub fn date(&self, name: &str) -> Result<Date32Array> {
        Ok(self.as_type(name, &DataType::Date32)?.as_primitive::<Date32Type>().clone())
    }

    pub fn bool(&self, name: &str) -> Result<BooleanArray> {
        Ok(self.as_type(name, &DataType::Boolean)?.as_boolean().clone())
    }

    pub fn text(&self, name: &str) -> Result<StringArray> {
        Ok(self.as_type(name, &DataType::Utf8)?.as_string::<i32>().clone())
    }

    /// A text column with few values, each looked up once per batch: one number a row.
    pub fn coded(&self, name: &str, code: &dyn Fn(&str) -> u32) -> Result<Vec<u32>> {
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let column = self.as_type(name, &kind)?;
        let column = column.as_dictionary::<Int32Type>();
        let values = column.values().as_string::<i32>();
        let codes: Vec<u32> = values.iter().map(|v| v.map_or(NONE, code)).collect();
        let key = |i: usize| codes.get(column.keys().value(i) as usize).copied().unwrap_or(NONE);
        Ok((0..column.len()).map(|i| if column.is_null(i) { NONE } else { key(i) }).collect())
    }

    /// A text column as numbers of `names`.
    pub fn named(&self, name: &str, names: &Names) -> Result<Vec<u32>> {
        self.coded(name, &|text| names.id(text))
    }

    /// A list of structs per row, each list read by `f`.
    pub fn structs<T>(&self, name: &str, f: impl Fn(&Rows<'_>) -> Result<Vec<T>>) -> Result<Vec<Vec<T>>> {
        let kind_error = || broken(self.path, format!("`{name}` is no list of structs"));
        let column = self.column(name)?;
        let lists: Vec<ArrayRef> = match (column.as_list_opt::<i32>(), column.as_list_opt::<i64>()) {
            (Some(l), _) => (0..l.len()).map(|i| l.value(i)).collect(),
            (_, Some(l)) => (0..l.len()).map(|i| l.value(i)).collect(),
            _ => return Err(kind_error()),
        };
        let one = |list: ArrayRef| -> Result<Vec<T>> {
            let batch = RecordBatch::from(list.as_struct_opt().ok_or_else(kind_error)?);
            f(&Rows { batch: &batch, path: self.path })
        };
        lists.into_iter().map(one).collect()
    }

    /// A list of texts per row (empty where null).
    pub fn lists(&self, name: &str) -> Result<Vec<Vec<String>>> {
        let column = self.column(name)?;
        let lists = column.as_list_opt::<i32>().ok_or_else(|| broken(self.path, format!("`{name}` is no list")))?;
        Ok((0..lists.len())
            .map(|i| {
                if lists.is_null(i) {
                    return Vec::new();
                }
                let items = lists.value(i);
                items
                    .as_string_opt::<i32>()
                    .map(|s| s.iter().flatten().map(str::to_owned).collect())
                    .unwrap_or_default()
            })
            .collect())
    }
}

/// `None` where the row is null.
pub fn get<T: arrow::datatypes::ArrowPrimitiveType>(
    column: &arrow::array::PrimitiveArray<T>,
    row: usize,
) -> Option<T::Native> {
    column.is_valid(row).then(|| column.value(row))
}

/// `None` where the row is null.
pub fn get_text(column: &StringArray, row: usize) -> Option<String> {
    column.is_valid(row).then(|| column.value(row).to_owned())
}

/// Reads all batches of a file.
pub fn each(path: &Path, columns: &[&str], mut f: impl FnMut(&Rows<'_>) -> Result<()>) -> Result<()> {
    for batch in open(path, columns)? {
        let batch = batch.map_err(|e| broken(path, e))?;
        f(&Rows { batch: &batch, path })?;
    }
    Ok(())
}
