//! Reading registers: rows of any register table, their columns found by name.

use super::columns;
use super::manifest::Manifest;
use super::names::Names;
use super::partition::{conversation_hash, path_of};
use super::schema::{FOLLOWUPS, REGISTERS, Table, Type};
use crate::base::{Month, Result};
use arrow::array::StringArray;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// One value: numbers, times (ms), days, 0 and 1, hundredths are all whole numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Int(i64),
    Text(Arc<str>),
}

impl Value {
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// One row; `values` in the order of the table's columns, `file` a number of [`Names`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub values: Vec<Value>,
    pub file: u32,
    pub row: i64,
}

/// The rows of one table, in the order of its key.
#[derive(Debug, Clone)]
pub struct Register {
    pub table: &'static Table,
    pub rows: Vec<Row>,
    /// (hash of shop and buyer_key, place of a row), sorted.
    by_buyer: Vec<(u64, u32)>,
}

impl Register {
    /// Place of a column in each row's values.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.table.columns.iter().position(|c| c.name == column)
    }

    /// The rows of one shop's buyer, in order.
    pub fn of_buyer<'r>(&'r self, shop: &'r str, buyer_key: &'r str) -> impl Iterator<Item = &'r Row> {
        let hash = conversation_hash(shop, buyer_key);
        let from = self.by_buyer.partition_point(|(h, _)| *h < hash);
        let columns = self.at("shop").zip(self.at("buyer_key"));
        let is = move |row: &&Row| {
            columns.is_some_and(|(s, b)| row.values[s].text() == Some(shop) && row.values[b].text() == Some(buyer_key))
        };
        let same = self.by_buyer[from..].iter().take_while(move |(h, _)| *h == hash);
        same.filter_map(|(_, place)| self.rows.get(*place as usize)).filter(is)
    }

    fn new(table: &'static Table, rows: Vec<Row>) -> Register {
        let mut register = Register { table, rows, by_buyer: Vec::new() };
        if let Some((shop, buyer)) = register.at("shop").zip(register.at("buyer_key")) {
            let hash = |(i, row): (usize, &Row)| {
                let (shop, buyer) = (row.values[shop].text()?, row.values[buyer].text()?);
                Some((conversation_hash(shop, buyer), i as u32))
            };
            register.by_buyer = register.rows.par_iter().enumerate().filter_map(hash).collect();
            register.by_buyer.par_sort_unstable();
        }
        register
    }

    /// A row's value; null where the table has no such column.
    pub fn get<'r>(&self, row: &'r Row, column: &str) -> &'r Value {
        self.at(column).and_then(|i| row.values.get(i)).unwrap_or(&Value::Null)
    }
}

/// All registers of a stretch of months.
#[derive(Debug, Clone, Default)]
pub struct Registers(BTreeMap<&'static str, Register>);

impl Registers {
    /// Reads what a month's rules look at: its own rows and those of the months beside it (a night shift, a week over
    /// the border), of follow-ups its own alone; tables without months whole. Of `tables` alone.
    pub fn read(
        lake: &Path,
        manifest: &Manifest,
        month: Month,
        tables: &BTreeSet<&str>,
        names: &Names,
    ) -> Result<Registers> {
        let near = [month.previous(), month, month.next()];
        let wanted = |table: &Table, m: &Option<Month>| {
            m.is_none_or(|m| if table.name == FOLLOWUPS.name { m == month } else { near.contains(&m) })
        };
        let one = |table: &'static Table| -> Result<Option<Register>> {
            let months: Vec<Option<Month>> =
                manifest.partitions(table.name).into_iter().filter(|m| wanted(table, m)).collect();
            let parts: Vec<Vec<Row>> = months
                .into_par_iter()
                .map(|month| read(&path_of(lake, table, month, None), table, names))
                .collect::<Result<_>>()?;
            let rows: Vec<Row> = parts.into_iter().flatten().collect();
            Ok((!rows.is_empty()).then(|| Register::new(table, rows)))
        };
        let needed = REGISTERS.into_par_iter().filter(|t| tables.contains(t.name));
        let all: Vec<Option<Register>> = needed.map(one).collect::<Result<_>>()?;
        Ok(Registers(all.into_iter().flatten().map(|r| (r.table.name, r)).collect()))
    }

    /// Puts a table's rows there.
    pub fn set(&mut self, table: &'static Table, rows: Vec<Row>) {
        self.0.insert(table.name, Register::new(table, rows));
    }

    /// The tables with rows, by name.
    pub fn all(&self) -> impl Iterator<Item = &Register> {
        self.0.values()
    }

    /// A table's rows; `None` where there are none.
    pub fn get(&self, table: &str) -> Option<&Register> {
        self.0.get(table)
    }
}

/// Texts, each kept once where it follows soon after itself: shops, people, words.
fn texts(column: &StringArray) -> Vec<Value> {
    let mut known: Vec<Arc<str>> = Vec::new();
    let mut text = |t: &str| {
        if let Some(found) = known.iter().find(|k| ***k == *t) {
            return Value::Text(found.clone());
        }
        let new: Arc<str> = t.into();
        if known.len() == FEW {
            known.clear();
        }
        known.push(new.clone());
        Value::Text(new)
    };
    column.iter().map(|v| v.map_or(Value::Null, &mut text)).collect()
}

/// How many texts of a column are looked through.
const FEW: usize = 16;

fn read(path: &Path, table: &Table, names: &Names) -> Result<Vec<Row>> {
    let wanted: Vec<&str> = table.columns.iter().map(|c| c.name).chain(["source_file", "source_row"]).collect();
    let mut out: Vec<Row> = Vec::new();
    columns::each(path, &wanted, |rows| {
        let mut values: Vec<Vec<Value>> = Vec::new();
        for column in table.columns {
            values.push(match column.kind {
                // No rule looks at it.
                Type::Utf8 if column.name == "buyer_mask" => vec![Value::Null; rows.len()],
                Type::Utf8 => texts(&rows.text(column.name)?),
                Type::Bool => {
                    rows.bool(column.name)?.iter().map(|v| v.map_or(Value::Null, |b| Value::Int(b.into()))).collect()
                }
                Type::Date => {
                    rows.date(column.name)?.iter().map(|v| v.map_or(Value::Null, |d| Value::Int(d.into()))).collect()
                }
                _ => rows.int64(column.name)?.iter().map(|v| v.map_or(Value::Null, Value::Int)).collect(),
            });
        }
        let (file, row) = (rows.named("source_file", names)?, rows.int64("source_row")?);
        let mut columns: Vec<_> = values.into_iter().map(Vec::into_iter).collect();
        out.extend((0..row.len()).map(|i| Row {
            values: columns.iter_mut().map(|c| c.next().unwrap_or(Value::Null)).collect(),
            file: file[i],
            row: row.value(i),
        }));
        Ok(())
    })?;
    Ok(out)
}
