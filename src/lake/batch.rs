//! Columns of a table that is about to be written, held to the table's schema.

use super::names::NONE;
use super::schema::{Table, Type};
use super::write::data_type;
use crate::base::{Error, Result};
use arrow::array::{
    Array, ArrayBuilder, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int32Builder, Int64Builder, ListArray,
    RecordBatch, StringArray, StringBuilder, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use std::sync::Arc;

/// One column's values.
#[derive(Debug, Clone)]
pub struct Column {
    name: &'static str,
    array: ArrayRef,
}

/// Texts, one a row.
pub fn text<'a>(name: &'static str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    let rows = values.size_hint().0;
    // Room for keys of up to 24 bytes without growing; what is not used is never touched.
    let mut texts = StringBuilder::with_capacity(rows, rows * 24);
    values.for_each(|v| texts.append_option(v));
    Column { name, array: Arc::new(texts.finish()) }
}

/// Ids as 16 hex digits.
pub fn id(name: &'static str, values: impl Iterator<Item = Option<u64>>) -> Column {
    let rows = values.size_hint().0;
    let mut texts = StringBuilder::with_capacity(rows, rows * 16);
    let mut digits = [0; 16];
    for value in values {
        let hex = value.and_then(|v| hex::encode_to_slice(v.to_be_bytes(), &mut digits).ok());
        texts.append_option(hex.and_then(|()| std::str::from_utf8(&digits).ok()));
    }
    Column { name, array: Arc::new(texts.finish()) }
}

/// Texts that are always there.
pub fn plain<'a>(name: &'static str, values: impl Iterator<Item = &'a str>) -> Column {
    text(name, values.map(Some))
}

/// Texts of which few differ: a number into `texts` a row; [`NONE`] is no text.
pub fn coded(name: &'static str, codes: impl Iterator<Item = u32>, texts: &Texts) -> Result<Column> {
    let mut keys = Int32Builder::with_capacity(codes.size_hint().0);
    codes.for_each(|c| keys.append_option((c != NONE).then_some(c as i32)));
    let array = DictionaryArray::<Int32Type>::try_new(keys.finish(), texts.0.clone()).map_err(failed)?;
    Ok(Column { name, array: Arc::new(array) })
}

/// Whole numbers and times.
pub fn long(name: &'static str, values: impl Iterator<Item = Option<i64>>) -> Column {
    let mut numbers = Int64Builder::with_capacity(values.size_hint().0);
    values.for_each(|v| numbers.append_option(v));
    Column { name, array: Arc::new(numbers.finish()) }
}

/// Small whole numbers.
pub fn int(name: &'static str, values: impl Iterator<Item = i32>) -> Column {
    Column { name, array: Arc::new(Int32Array::from_iter_values(values)) }
}

/// Days since 1970-01-01.
pub fn day(name: &'static str, values: impl Iterator<Item = Option<i32>>) -> Column {
    let mut days = Int32Builder::with_capacity(values.size_hint().0);
    values.for_each(|v| days.append_option(v));
    Column { name, array: Arc::new(days.finish()) }
}

pub fn flag(name: &'static str, values: impl Iterator<Item = bool>) -> Column {
    Column { name, array: Arc::new(values.map(Some).collect::<BooleanArray>()) }
}

/// Lists of (table, source_file, source_row), one list a row.
pub fn evidence<'a, I>(name: &'static str, rows: impl Iterator<Item = I>) -> Result<Column>
where
    I: Iterator<Item = (&'a str, &'a str, i64)>,
{
    let (mut tables, mut files) = (StringBuilder::new(), StringBuilder::new());
    let (mut lines, mut lengths) = (Int64Builder::new(), Vec::new());
    for row in rows {
        let before = lines.len();
        for (table, file, line) in row {
            tables.append_value(table);
            files.append_value(file);
            lines.append_value(line);
        }
        lengths.push(lines.len() - before);
    }
    let parts: Vec<ArrayRef> = vec![Arc::new(tables.finish()), Arc::new(files.finish()), Arc::new(lines.finish())];
    let items = StructArray::try_new(evidence_fields().into(), parts, None).map_err(failed)?;
    let item = Arc::new(Field::new("item", items.data_type().clone(), true));
    let list = ListArray::try_new(item, OffsetBuffer::from_lengths(lengths), Arc::new(items), None).map_err(failed)?;
    Ok(Column { name, array: Arc::new(list) })
}

/// The parts of a piece of evidence.
pub fn evidence_fields() -> Vec<Field> {
    vec![
        Field::new("table", DataType::Utf8, true),
        Field::new("source_file", DataType::Utf8, true),
        Field::new("source_row", DataType::Int64, true),
    ]
}

/// Texts by number, shared by coded columns.
#[derive(Debug, Clone)]
pub struct Texts(ArrayRef);

impl Texts {
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Texts {
        Texts(Arc::new(StringArray::from_iter_values(texts)))
    }
}

/// A table's rows, ready to be written.
#[derive(Debug, Clone)]
pub struct Batch(pub(super) RecordBatch);

fn failed(e: impl std::fmt::Display) -> Error {
    Error::Failed(format!("cannot build a table: {e}"))
}

impl Batch {
    /// Puts the columns into the schema's order and types.
    ///
    /// # Errors
    /// A column that is missing, or empty where it must not be: a bug of ours.
    pub fn new(table: &Table, columns: Vec<Column>) -> Result<Batch> {
        let mut arrays = Vec::new();
        let mut fields = Vec::new();
        for f in table.all_columns() {
            let found = columns.iter().find(|c| c.name == f.name);
            let array = found.ok_or_else(|| failed(format!("`{}` lacks `{}`", table.name, f.name)))?.array.clone();
            if !f.null && array.null_count() > 0 {
                return Err(failed(format!("`{}`.`{}` holds {} empty values", table.name, f.name, array.null_count())));
            }
            let coded = matches!(array.data_type(), DataType::Dictionary(..)) && f.kind == Type::Utf8;
            let kind = if coded { array.data_type().clone() } else { data_type(f.kind) };
            arrays.push(if *array.data_type() == kind { array } else { cast(&array, &kind).map_err(failed)? });
            fields.push(Field::new(f.name, kind, f.null));
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map(Batch).map_err(failed)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.0.num_rows()
    }
}
