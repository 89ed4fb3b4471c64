//! All tables but the messages: typed columns, sorted by their key, the newest row of a key kept.

use super::Options;
use super::buyers::Buyers;
use super::cell::Cell;
use super::doubts;
use super::input::{Fate, Input, Tally};
use super::merge::Merged;
use super::plan::lake_name;
use super::row::Reader;
use super::settle::{self, Origin, Pool, Settled};
use crate::base::{Diagnostic, Error, Month, Result};
use crate::lake::earlier;
use crate::lake::partition::{bucket_of, buckets_for, conversation_hash};
use crate::lake::schema::{LINEAGE, Table, Type};
use crate::lake::write::{NewTable, schema};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, DictionaryArray, Int32Array, Int32Builder, Int64Array,
    Int64Builder, RecordBatch, StringArray, StringBuilder, TimestampMillisecondBuilder, UInt32Array,
};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Field, Int32Type, Int64Type, Schema};
use foldhash::HashMap;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

enum Builder {
    Text(StringBuilder),
    Long(Int64Builder),
    Int(Int32Builder),
    Bool(BooleanBuilder),
    Date(Date32Builder),
    Time(TimestampMillisecondBuilder),
}

impl Builder {
    fn new(kind: Type) -> Builder {
        match kind {
            Type::Int64 => Builder::Long(Int64Builder::new()),
            Type::Int32 => Builder::Int(Int32Builder::new()),
            Type::Bool => Builder::Bool(BooleanBuilder::new()),
            Type::Date => Builder::Date(Date32Builder::new()),
            Type::Time => Builder::Time(TimestampMillisecondBuilder::new().with_timezone("UTC")),
            Type::Utf8 | Type::Utf8List | Type::Evidence => Builder::Text(StringBuilder::new()),
        }
    }

    fn push(&mut self, cell: &Cell<'_>) {
        let number = match cell {
            Cell::Number(n) => Some(*n),
            _ => None,
        };
        match self {
            Builder::Text(b) => b.append_option(match cell {
                Cell::Text(t) => Some(t.as_ref()),
                _ => None,
            }),
            Builder::Long(b) => b.append_option(number),
            Builder::Int(b) => b.append_option(number.map(|n| n as i32)),
            Builder::Bool(b) => b.append_option(number.map(|n| n != 0)),
            Builder::Date(b) => b.append_option(number.map(|n| n as i32)),
            Builder::Time(b) => b.append_option(number),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(b) => Arc::new(b.finish()),
            Builder::Long(b) => Arc::new(b.finish()),
            Builder::Int(b) => Arc::new(b.finish()),
            Builder::Bool(b) => Arc::new(b.finish()),
            Builder::Date(b) => Arc::new(b.finish()),
            Builder::Time(b) => Arc::new(b.finish()),
        }
    }
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::Failed(format!("cannot build a table: {e}"))
}

/// Rows of an earlier ingest, with the files that they are from.
#[derive(Debug, Default)]
pub struct Earlier {
    pub files: Vec<Origin>,
    /// All that the table's files in the lake hold; rows of files that are not among `files` are left out.
    pub paths: Vec<PathBuf>,
}

/// A table's new state as it was written.
#[derive(Debug, Default)]
pub struct Made {
    /// Rows and buckets of each month.
    pub parts: BTreeMap<Option<Month>, (u64, u32)>,
    /// One of each input, then one of each earlier file.
    pub fates: Vec<Fate>,
    /// What is in doubt.
    pub told: Vec<Diagnostic>,
}

/// Reads the new files of a table and writes its new state: their rows and those of earlier files that still count.
pub fn ingest(
    table: &'static Table,
    inputs: &mut [Input<'_>],
    earlier: &Earlier,
    new: &NewTable,
    options: &Options,
    buyers: &Buyers,
) -> Result<Made> {
    let mut pool = Growing::new(table);
    for (i, input) in inputs.iter_mut().enumerate() {
        read(table, input, i as u32, &mut pool, options, buyers)?;
    }
    let mut parts = vec![pool.finish()?];
    let mut forgotten = vec![0; inputs.len() + earlier.files.len()];
    let places: HashMap<(&str, &str), u32> = earlier
        .files
        .iter()
        .enumerate()
        .map(|(i, f)| ((f.name.as_str(), f.sha256.as_str()), (inputs.len() + i) as u32))
        .collect();
    for path in earlier.paths.iter().filter(|_| !earlier.files.is_empty()) {
        earlier::each(path, table, |batch| {
            parts.push(of_files(&batch, &places, buyers, &mut forgotten)?);
            Ok(())
        })?;
    }
    let rows = match parts.as_slice() {
        [only] => only.rows.clone(),
        several => concat_batches(&several[0].rows.schema(), several.iter().map(|p| &p.rows)).map_err(failed)?,
    };
    let origins: Vec<u32> = parts.iter().flat_map(|p| p.origins.iter().copied()).collect();
    let lines: Vec<i64> = parts.iter().flat_map(|p| p.lines.iter().copied()).collect();
    drop(parts);
    let mut files: Vec<Origin> = inputs.iter().map(Input::origin).collect();
    files.extend(earlier.files.iter().cloned());
    let pool = Pool { table, rows: &rows, origins: &origins, lines: &lines, files: &files, zone: options.zone };
    let mut settled = pool.settle()?;
    settled.fates.iter_mut().zip(forgotten).for_each(|(fate, n)| fate.forgotten = n);
    let told = doubts::of(&pool, &settled);
    let whole = with_lineage(&rows, &origins, &lines, &files)?;
    let aside = UInt32Array::from(settled.replaced.clone());
    new.set_aside(&take_record_batch(&whole, &aside).map_err(failed)?)?;
    let parts = write(table, &whole, &settled, new, options)?;
    Ok(Made { parts, fates: settled.fates, told })
}

/// Reads one file's rows into the pool.
fn read(
    table: &'static Table,
    input: &mut Input<'_>,
    origin: u32,
    pool: &mut Growing,
    options: &Options,
    buyers: &Buyers,
) -> Result<()> {
    let mut records = input.records()?;
    let reader = Reader::new(table, input, buyers, options.zone)?;
    let mut merged = Merged::new(table, input.source, |raw| lake_name(table.name, raw).to_owned());
    let shop_at = table.columns.iter().position(|c| c.name == "shop");
    let mut tally = Tally::default();
    while let Some(line) = records.advance()? {
        if line.is_ok() && input.plan.unfilled(records.record()) {
            records.skipped += 1;
            continue;
        }
        tally.read += 1;
        let record = records.record();
        match line.and_then(|line| reader.row(record).map(|cells| (line, cells)).map_err(|r| (line, r))) {
            Err((line, reject)) => tally.reject(&input.name, table.name, line, reject),
            Ok((line, cells)) => {
                if let Some(Cell::Text(shop)) = shop_at.map(|at| &cells[at])
                    && !tally.shops.contains(shop.as_ref())
                {
                    tally.shops.insert(shop.to_string());
                }
                match &mut merged {
                    Some(merged) => tally.merged += u64::from(merged.take(line, cells)),
                    None => pool.push(line, &cells, origin),
                }
            }
        }
    }
    for (line, cells) in merged.map_or_else(Vec::new, Merged::rows) {
        pool.push(line, &cells, origin);
    }
    tally.skipped = records.skipped;
    input.tally = tally;
    Ok(())
}

/// Reads one file for what it counts alone.
pub fn count(table: &'static Table, input: &mut Input<'_>, options: &Options, buyers: &Buyers) -> Result<()> {
    read(table, input, 0, &mut Growing::new(table), options, buyers)
}

/// Reads one file for a text column alone.
pub fn texts(
    table: &'static Table,
    input: &mut Input<'_>,
    column: &str,
    options: &Options,
    buyers: &Buyers,
) -> Result<Vec<String>> {
    let mut pool = Growing::new(table);
    read(table, input, 0, &mut pool, options, buyers)?;
    let rows = pool.finish()?.rows;
    let texts = rows.column_by_name(column).and_then(|c| c.as_string_opt::<i32>());
    Ok(texts.into_iter().flatten().flatten().map(str::to_owned).collect())
}

/// Rows without lineage, and where they are from.
struct Part {
    rows: RecordBatch,
    origins: Vec<u32>,
    lines: Vec<i64>,
}

/// A part that is being read.
struct Growing {
    table: &'static Table,
    builders: Vec<Builder>,
    origins: Vec<u32>,
    lines: Vec<i64>,
}

impl Growing {
    fn new(table: &'static Table) -> Growing {
        let builders = table.columns.iter().map(|c| Builder::new(c.kind)).collect();
        Growing { table, builders, origins: Vec::new(), lines: Vec::new() }
    }

    fn push(&mut self, line: u64, cells: &[Cell<'_>], origin: u32) {
        self.builders.iter_mut().zip(cells).for_each(|(b, c)| b.push(c));
        self.origins.push(origin);
        self.lines.push(line as i64);
    }

    fn finish(mut self) -> Result<Part> {
        let arrays: Vec<ArrayRef> = self.builders.iter_mut().map(Builder::finish).collect();
        let rows = RecordBatch::try_new(bare(self.table), arrays).map_err(failed)?;
        Ok(Part { rows, origins: self.origins, lines: self.lines })
    }
}

/// A table's schema without its lineage.
fn bare(table: &Table) -> Arc<Schema> {
    let fields = schema(table).fields().iter().take(table.columns.len()).cloned().collect::<Vec<_>>();
    Arc::new(Schema::new(fields))
}

/// The rows of a batch of the lake that are from the wanted files.
fn of_files(
    batch: &RecordBatch,
    places: &HashMap<(&str, &str), u32>,
    buyers: &Buyers,
    forgotten: &mut [u64],
) -> Result<Part> {
    let text =
        |name: &str| batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>()).ok_or_else(|| failed(name));
    let (names, hashes) = (text("source_file")?, text("source_sha256")?);
    let lines = batch.column_by_name("source_row").and_then(|c| c.as_primitive_opt::<Int64Type>());
    let lines = lines.ok_or_else(|| failed("source_row"))?;
    let keys = batch.column_by_name("buyer_key").and_then(|c| c.as_string_opt::<i32>());
    let keys = keys.filter(|_| !buyers.leaves_all());
    let (mut wanted, mut origins, mut carried) = (Vec::new(), Vec::new(), StringBuilder::new());
    for i in 0..batch.num_rows() {
        let Some(&place) = places.get(&(names.value(i), hashes.value(i))) else { continue };
        if let Some(keys) = keys {
            let known = keys.is_valid(i).then(|| keys.value(i));
            let now = known.and_then(|k| buyers.again_text(k));
            if known.is_some() && now.is_none() {
                forgotten[place as usize] += 1;
                continue;
            }
            carried.append_option(now);
        }
        wanted.push(i as u32);
        origins.push(place);
    }
    let lines = wanted.iter().map(|&i| lines.value(i as usize)).collect();
    let bare: Vec<usize> = (0..batch.num_columns() - 3).collect();
    let mut rows = batch.project(&bare).and_then(|b| take_record_batch(&b, &UInt32Array::from(wanted)));
    if keys.is_some() {
        rows = rows.and_then(|rows| {
            let mut columns = rows.columns().to_vec();
            columns[rows.schema().index_of("buyer_key")?] = Arc::new(carried.finish());
            RecordBatch::try_new(rows.schema(), columns)
        });
    }
    Ok(Part { rows: rows.map_err(failed)?, origins, lines })
}

fn with_lineage(rows: &RecordBatch, origins: &[u32], lines: &[i64], files: &[Origin]) -> Result<RecordBatch> {
    let mut arrays = rows.columns().to_vec();
    arrays.push(of_file(origins, files.iter().map(|f| f.name.as_str()))?);
    arrays.push(of_file(origins, files.iter().map(|f| f.sha256.as_str()))?);
    arrays.push(Arc::new(Int64Array::from(lines.to_vec())));
    let mut fields: Vec<Arc<Field>> = rows.schema().fields().iter().cloned().collect();
    for (lineage, array) in LINEAGE.iter().zip(&arrays[fields.len()..]) {
        fields.push(Arc::new(Field::new(lineage.name, array.data_type().clone(), lineage.null)));
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(failed)
}

/// A text of each row's file.
fn of_file<'a>(origins: &[u32], texts: impl Iterator<Item = &'a str>) -> Result<ArrayRef> {
    let keys = Int32Array::from_iter_values(origins.iter().map(|o| *o as i32));
    let values = Arc::new(StringArray::from_iter_values(texts));
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values).map_err(failed)?))
}

fn write(
    table: &'static Table,
    batch: &RecordBatch,
    settled: &Settled,
    new: &NewTable,
    options: &Options,
) -> Result<BTreeMap<Option<Month>, (u64, u32)>> {
    let mut written = BTreeMap::new();
    for (month, rows) in settle::by_month(settled) {
        let buckets = if table.bucketed { buckets_for(rows.len() as u64, options.bucket_rows) } else { 0 };
        written.insert(month, (rows.len() as u64, buckets));
        let mut split: Vec<Vec<u32>> = vec![Vec::new(); buckets.max(1) as usize];
        let text = |name: &str| batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
        let (shops, keys, orders) = (text("shop"), text("buyer_key"), text("order_id"));
        // Orders lie beside their buyer's messages; without a buyer by their number.
        let hash = |row: usize| {
            let [shop, key, order] = [shops, keys, orders].map(|c| c.filter(|c| c.is_valid(row)).map(|c| c.value(row)));
            conversation_hash(shop.unwrap_or(""), key.or(order).unwrap_or(""))
        };
        for row in rows {
            let at = if buckets > 1 { bucket_of(hash(row as usize), buckets) } else { 0 };
            split[at as usize].push(row);
        }
        for (b, rows) in split.into_iter().enumerate() {
            let take = |rows: &[u32]| take_record_batch(batch, &UInt32Array::from(rows.to_vec())).map_err(failed);
            new.write_groups(month, (buckets > 0).then_some((b as u32, buckets)), &rows, take)?;
        }
    }
    Ok(written)
}
