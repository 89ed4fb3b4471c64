//! All tables but the messages: typed columns, sorted by their key, the newest row of a key kept.

use super::Options;
use super::cell::{self, Cell};
use super::key::{BuyerKey, mask};
use super::parse;
use super::period;
use super::plan::Plan;
use super::reject::Reject;
use super::stage::{Input, Tally};
use super::text::{chars, text_hash};
use crate::base::time::date_of;
use crate::base::{Error, Month, Result, Zone};
use crate::lake::partition::{bucket_of, buckets_for, conversation_hash};
use crate::lake::schema::{Column, SUBMISSIONS, Table, Type};
use crate::lake::write::{NewTable, schema};
use crate::settings::source::PaidIs;
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanBuilder, Date32Builder, DictionaryArray, Int32Array, Int32Builder, Int64Array,
    Int64Builder, RecordBatch, StringArray, StringBuilder, TimestampMillisecondBuilder, UInt32Array,
};
use arrow::compute::take_record_batch;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Schema, TimestampMillisecondType};
use arrow::row::{RowConverter, SortField};
use csv::StringRecord;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Tables in which rows may share their key: two of them are two events, not two versions of one.
const REPEATED: [&str; 6] = ["order_items", "waivers", "awards", "tickets", "incidents", "submissions"];

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

    fn push(&mut self, cell: &Cell) {
        let number = match cell {
            Cell::Number(n) => Some(*n),
            _ => None,
        };
        match self {
            Builder::Text(b) => b.append_option(match cell {
                Cell::Text(t) => Some(t.as_str()),
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

/// Reads all files of a table and writes its new state. Gives the rows and buckets of each month.
pub fn ingest(
    table: &'static Table,
    inputs: &mut [Input<'_>],
    new: &NewTable,
    options: &Options,
    key: &BuyerKey,
) -> Result<BTreeMap<Option<Month>, (u64, u32)>> {
    let mut builders: Vec<Builder> = table.columns.iter().map(|c| Builder::new(c.kind)).collect();
    let shop_at = table.columns.iter().position(|c| c.name == "shop");
    let mut lines: Vec<i64> = Vec::new();
    // Of each row: its file's number and, for the tally, its month.
    let mut origins: Vec<u32> = Vec::new();
    let mut tallies: Vec<Tally> = Vec::new();
    for (i, input) in inputs.iter_mut().enumerate() {
        let mut records = input.records()?;
        let plan = input.take_plan();
        let reader = Reader { table, plan: &plan, key, zone: plan.source.zone.unwrap_or(options.zone) };
        let mut tally = Tally::default();
        let mut record = StringRecord::new();
        let name = input.name.clone();
        while let Some(line) = records.next(&mut record)? {
            tally.read += 1;
            match line.and_then(|line| reader.row(&record).map(|cells| (line, cells)).map_err(|r| (line, r))) {
                Err((line, reject)) => tally.reject(&name, table.name, line, reject),
                Ok((line, cells)) => {
                    lines.push(line as i64);
                    builders.iter_mut().zip(&cells).for_each(|(b, c)| b.push(c));
                    origins.push(i as u32);
                    if let Some(Cell::Text(shop)) = shop_at.map(|at| &cells[at])
                        && !tally.shops.contains(shop)
                    {
                        tally.shops.insert(shop.clone());
                    }
                }
            }
        }
        input.keep_plan(plan);
        tallies.push(tally);
    }
    let mut arrays: Vec<ArrayRef> = builders.iter_mut().map(Builder::finish).collect();
    arrays.push(of_file(&origins, inputs.iter().map(|i| i.name.as_str()))?);
    arrays.push(of_file(&origins, inputs.iter().map(|i| i.examined.sha256.as_str()))?);
    arrays.push(Arc::new(Int64Array::from(lines)));
    let fields = schema(table)
        .fields()
        .iter()
        .zip(&arrays)
        .map(|(f, a)| {
            if matches!(f.data_type(), DataType::Utf8) {
                f.as_ref().clone().with_data_type(a.data_type().clone())
            } else {
                f.as_ref().clone()
            }
        })
        .collect::<Vec<_>>();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(failed)?;
    let (order, replaced) = order(table, &batch, &origins)?;
    for row in &replaced {
        tallies[origins[*row as usize] as usize].replaced += 1;
    }
    let months = months(table, &batch, options.zone)?;
    for &row in &order {
        tallies[origins[row as usize] as usize].keep(months.as_ref().map(|m| m[row as usize]));
    }
    for (input, tally) in inputs.iter_mut().zip(tallies) {
        input.finish_kept(tally);
    }
    write(table, &batch, &order, months.as_deref(), new, options)
}

/// A text of each row's file.
fn of_file<'a>(origins: &[u32], texts: impl Iterator<Item = &'a str>) -> Result<ArrayRef> {
    let keys = Int32Array::from_iter_values(origins.iter().map(|o| *o as i32));
    let values = Arc::new(StringArray::from_iter_values(texts));
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, values).map_err(failed)?))
}

/// Rows in the table's order (key, then file and row), without those that a later row replaces; and those.
fn order(table: &Table, batch: &RecordBatch, origins: &[u32]) -> Result<(Vec<u32>, Vec<u32>)> {
    let keys: Vec<ArrayRef> = table.key.iter().filter_map(|k| batch.column_by_name(k).cloned()).collect();
    let fields = keys.iter().map(|k| SortField::new(k.data_type().clone())).collect();
    let rows = RowConverter::new(fields).and_then(|c| c.convert_columns(&keys)).map_err(failed)?;
    let mut order: Vec<u32> = (0..batch.num_rows() as u32).collect();
    // Rows were read file by file in order: a row's number is its place.
    order.par_sort_unstable_by(|&a, &b| {
        let (a, b) = (a as usize, b as usize);
        rows.row(a).cmp(&rows.row(b)).then(origins[a].cmp(&origins[b])).then(a.cmp(&b))
    });
    if REPEATED.contains(&table.name) {
        return Ok((order, Vec::new()));
    }
    let (mut kept, mut replaced): (Vec<u32>, Vec<u32>) = (Vec::with_capacity(order.len()), Vec::new());
    for row in order {
        match kept.last_mut() {
            Some(last) if rows.row(*last as usize) == rows.row(row as usize) => {
                replaced.push(std::mem::replace(last, row));
            }
            _ => kept.push(row),
        }
    }
    Ok((kept, replaced))
}

/// The month of each row; `None` for a table without months.
fn months(table: &Table, batch: &RecordBatch, zone: Zone) -> Result<Option<Vec<Month>>> {
    let Some(by) = table.month_by else { return Ok(None) };
    let column = batch.column_by_name(by).ok_or_else(|| failed(by))?;
    let of = |i: usize| match (
        column.as_primitive_opt::<TimestampMillisecondType>(),
        column.as_primitive_opt::<Date32Type>(),
    ) {
        (Some(times), _) => Month::of(zone.date(times.value(i))),
        (_, Some(days)) => Month::of(date_of(days.value(i))),
        _ => Month::of(date_of(0)),
    };
    Ok(Some((0..batch.num_rows()).map(of).collect()))
}

fn write(
    table: &'static Table,
    batch: &RecordBatch,
    order: &[u32],
    months: Option<&[Month]>,
    new: &NewTable,
    options: &Options,
) -> Result<BTreeMap<Option<Month>, (u64, u32)>> {
    let mut parts: BTreeMap<Option<Month>, Vec<u32>> = BTreeMap::new();
    for &row in order {
        parts.entry(months.map(|m| m[row as usize])).or_default().push(row);
    }
    let mut written = BTreeMap::new();
    for (month, rows) in parts {
        let buckets = if table.bucketed { buckets_for(rows.len() as u64, options.bucket_rows) } else { 0 };
        written.insert(month, (rows.len() as u64, buckets));
        let mut split: Vec<Vec<u32>> = vec![Vec::new(); buckets.max(1) as usize];
        for row in rows {
            let at = if buckets > 1 { bucket_of(hash(batch, row as usize), buckets) } else { 0 };
            split[at as usize].push(row);
        }
        for (b, rows) in split.into_iter().enumerate() {
            let part = take_record_batch(batch, &UInt32Array::from(rows)).map_err(failed)?;
            new.write_groups(month, (buckets > 0).then_some((b as u32, buckets)), &part)?;
        }
    }
    Ok(written)
}

/// Orders lie beside their buyer's messages; without a buyer by their number.
fn hash(batch: &RecordBatch, row: usize) -> u64 {
    let text = |name: &str| {
        let column = batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
        column.filter(|c| c.is_valid(row)).map(|c| c.value(row))
    };
    conversation_hash(text("shop").unwrap_or(""), text("buyer_key").or(text("order_id")).unwrap_or(""))
}

struct Reader<'a> {
    table: &'static Table,
    plan: &'a Plan<'a>,
    key: &'a BuyerKey,
    zone: Zone,
}

impl Reader<'_> {
    fn row(&self, record: &StringRecord) -> std::result::Result<Vec<Cell>, Reject> {
        let mut cells = Vec::with_capacity(self.table.columns.len() + 3);
        // A shift's and a time clock's times of day stand on the row's date.
        let day = match self.raw("date", record) {
            Some(text) => Some(parse::date("date", &text)?),
            None => None,
        };
        let mut start = None;
        for column in self.table.columns {
            let cell = self.cell(column, record, day, start)?;
            if let (Cell::Number(at), "start" | "in_at") = (&cell, column.name) {
                start = Some(*at);
            }
            if matches!(cell, Cell::Null) && !column.null {
                return Err(Reject::missing(column.name));
            }
            cells.push(cell);
        }
        Ok(cells)
    }

    fn raw(&self, name: &str, record: &StringRecord) -> Option<String> {
        self.plan.get(self.plan.index(name), record).map(|t| t.into_owned())
    }

    fn cell(
        &self,
        column: &Column,
        record: &StringRecord,
        day: Option<i32>,
        start: Option<i64>,
    ) -> std::result::Result<Cell, Reject> {
        let (name, zone) = (column.name, self.zone);
        let amount = |raw: &str| -> std::result::Result<Option<i64>, Reject> {
            self.raw(raw, record).map(|t| parse::fen(name, &t)).transpose()
        };
        let number = |n: Option<i64>| n.map_or(Cell::Null, Cell::Number);
        match name {
            "buyer_key" => Ok(self
                .raw("buyer", record)
                .map_or(Cell::Null, |nick| Cell::Text(hex::encode(self.key.pseudonym(&nick))))),
            "buyer_mask" => Ok(self.raw("buyer", record).map_or(Cell::Null, |nick| Cell::Text(mask(&nick)))),
            "goods_fen" => Ok(number(amount("goods")?)),
            "refund_fen" => Ok(number(amount("refund")?)),
            "sales_fen" => Ok(number(amount("sales")?)),
            "paid_fen" => {
                let net = self.plan.source.paid_is == PaidIs::Net;
                let refund = if net { amount("refund")?.unwrap_or(0) } else { 0 };
                Ok(number(amount("paid")?.map(|p| p + refund)))
            }
            // Texts stay in the raw file: their length or their hash is enough.
            "chars" => match self.raw("chars", record) {
                Some(text) => Ok(Cell::Number(parse::whole(name, &text)?)),
                None => Ok(Cell::Number(self.raw("text", record).map_or(0, |t| i64::from(chars(t.trim()))))),
            },
            "text_sha256" => Ok(self.raw("text", record).map_or(Cell::Null, |t| Cell::Text(text_hash(&t)))),
            "period" | "on" if self.table.name == SUBMISSIONS.name => {
                let kind = self.raw("kind", record).unwrap_or_default();
                let Some(text) = self.raw("period", record) else { return Ok(Cell::Null) };
                let (period, on) = period::parse(&kind, &text)?;
                Ok(if name == "on" { Cell::Number(on.into()) } else { Cell::Text(period) })
            }
            _ => {
                let Some(text) = self.raw(name, record) else { return Ok(Cell::Null) };
                let formats = self.plan.formats(self.plan.index(name));
                match (column.kind, day) {
                    (Type::Time, Some(day)) => {
                        Ok(Cell::Number(parse::time_on(name, &text, day, zone, start.filter(|_| name != "start"))?))
                    }
                    _ => cell::plain(column, &text, formats, zone),
                }
            }
        }
    }
}

/// Names of the agents' accounts in account files, for the filter of the own staff.
pub fn account_names(inputs: &mut [Input<'_>]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for input in inputs {
        let mut records = input.records()?;
        let plan = input.take_plan();
        let at = plan.index("account");
        let mut record = StringRecord::new();
        while let Some(line) = records.next(&mut record)? {
            if line.is_ok() {
                names.extend(plan.get(at, &record).map(|a| a.into_owned()));
            }
        }
        input.keep_plan(plan);
    }
    Ok(names)
}
