//! Reading Parquet columns: typed access to record batches, with the file in every error.

use super::names::{NONE, Names};
use crate::base::{Error, Result};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, DictionaryArray, Int32Array, Int64Array, ListArray,
    RecordBatch, StringArray,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ColumnChunkMetaData;
use rayon::prelude::*;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

fn broken(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::Failed(format!(
        "{} is not a table this version can read ({what}); delete the lake folder and run `kaohe ingest` again",
        path.display()
    ))
}

fn coded_type() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}

/// A table's file of which some columns are read.
struct Open<'a> {
    path: &'a Path,
    columns: &'a [&'a str],
    metadata: ArrowReaderMetadata,
}

impl<'a> Open<'a> {
    /// Texts that lie as a dictionary are read as one: each is then looked at once, not once a row.
    fn new(path: &'a Path, columns: &'a [&'a str]) -> Result<Open<'a>> {
        let file = File::open(path).map_err(Error::io("cannot open", path))?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|e| broken(path, e))?;
        let chunks = plain.metadata().row_groups().first().map_or(&[][..], |g| g.columns());
        let coded = |name: &str| {
            let chunk = chunks.iter().find(|c| c.column_path().parts() == [name]);
            // Where all is null there is no dictionary to keep.
            let nulls = |c: &ColumnChunkMetaData| c.statistics().and_then(|s| s.null_count_opt());
            chunk.is_some_and(|c| c.dictionary_page_offset().is_some() && nulls(c) != Some(c.num_values() as u64))
        };
        let of = |f: &Arc<Field>| match f.data_type() {
            DataType::Utf8 if coded(f.name()) => Arc::new(f.as_ref().clone().with_data_type(coded_type())),
            _ => f.clone(),
        };
        let schema = Schema::new(plain.schema().fields().iter().map(of).collect::<Vec<_>>());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        let metadata = ArrowReaderMetadata::try_new(plain.metadata().clone(), options).map_err(|e| broken(path, e))?;
        Ok(Open { path, columns, metadata })
    }

    fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// Rows of the file.
    fn total(&self) -> usize {
        self.metadata.metadata().file_metadata().num_rows().max(0) as usize
    }

    /// Reads some of the row groups.
    fn read(&self, groups: Vec<usize>) -> Result<ParquetRecordBatchReader> {
        let file = File::open(self.path).map_err(Error::io("cannot open", self.path))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        let mask = ProjectionMask::columns(builder.parquet_schema(), self.columns.iter().copied());
        let builder = builder.with_projection(mask).with_row_groups(groups).with_batch_size(65_536);
        builder.build().map_err(|e| broken(self.path, e))
    }
}

/// One batch with the name of its file.
pub struct Rows<'a> {
    pub batch: &'a RecordBatch,
    pub path: &'a Path,
    /// Rows of the whole file.
    pub total: usize,
}

/// Texts by number; the numbers hold inside one batch.
pub struct Coded(DictionaryArray<Int32Type>);

impl Coded {
    /// The number of a row's text; no meaning where the row is null.
    pub fn key(&self, row: usize) -> i32 {
        self.0.keys().value(row)
    }

    /// A row's text; empty where it is null.
    pub fn text(&self, row: usize) -> &str {
        let values = self.0.values().as_string::<i32>();
        self.0.key(row).map_or("", |key| values.value(key))
    }
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
        if self.column(name)?.null_count() == self.len() {
            return Ok(vec![NONE; self.len()]);
        }
        let column = self.texts(name)?.0;
        let codes: Vec<u32> = column.values().as_string::<i32>().iter().map(|v| v.map_or(NONE, code)).collect();
        let code = |key: Option<i32>| key.and_then(|k| codes.get(k as usize)).copied().unwrap_or(NONE);
        Ok(column.keys().iter().map(code).collect())
    }

    /// A text column with each text once.
    pub fn texts(&self, name: &str) -> Result<Coded> {
        Ok(Coded(self.as_type(name, &coded_type())?.as_dictionary::<Int32Type>().clone()))
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
            f(&Rows { batch: &batch, path: self.path, total: batch.num_rows() })
        };
        lists.into_iter().map(one).collect()
    }

    /// A list of texts per row, each looked at where it is asked for.
    pub fn lists(&self, name: &str) -> Result<Lists> {
        let column = self.column(name)?;
        let lists = column.as_list_opt::<i32>().ok_or_else(|| broken(self.path, format!("`{name}` is no list")))?;
        Ok(Lists(lists.clone()))
    }
}

/// Lists of texts.
pub struct Lists(ListArray);

impl Lists {
    /// The texts of a row; none where it is null.
    pub fn get(&self, row: usize) -> Vec<String> {
        if self.0.is_null(row) || self.0.value_length(row) == 0 {
            return Vec::new();
        }
        let items = self.0.value(row);
        items.as_string_opt::<i32>().map(|s| s.iter().flatten().map(str::to_owned).collect()).unwrap_or_default()
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
    let open = Open::new(path, columns)?;
    for batch in open.read((0..open.groups()).collect())? {
        let batch = batch.map_err(|e| broken(path, e))?;
        f(&Rows { batch: &batch, path, total: open.total() })?;
    }
    Ok(())
}

/// The same with row groups side by side; what the batches give comes in their order.
pub fn gather<T: Send>(
    path: &Path,
    columns: &[&str],
    f: impl Fn(&Rows<'_>) -> Result<Vec<T>> + Sync,
) -> Result<Vec<Vec<T>>> {
    let open = Open::new(path, columns)?;
    let group = |n: usize| -> Result<Vec<Vec<T>>> {
        let batches = open.read(vec![n])?;
        batches.map(|b| f(&Rows { batch: &b.map_err(|e| broken(path, e))?, path, total: open.total() })).collect()
    };
    let groups: Vec<Vec<Vec<T>>> = (0..open.groups()).into_par_iter().map(group).collect::<Result<_>>()?;
    Ok(groups.into_iter().flatten().collect())
}
