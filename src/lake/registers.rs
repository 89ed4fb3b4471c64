//! Reading registers: rows of any register table, their columns found by name.

use super::columns;
use super::manifest::Manifest;
use super::names::Names;
use super::partition::path_of;
use super::schema::{REGISTERS, Table, Type};
use crate::base::{Month, Result};
use foldhash::HashMap;
use std::collections::BTreeMap;
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
    /// Places of the rows of a (shop, buyer_key).
    by_buyer: HashMap<String, Vec<u32>>,
}

impl Register {
    /// Place of a column in each row's values.
    pub fn at(&self, column: &str) -> Option<usize> {
        self.table.columns.iter().position(|c| c.name == column)
    }

    /// The rows of one shop's buyer, in order.
    pub fn of_buyer(&self, shop: &str, buyer_key: &str) -> impl Iterator<Item = &Row> {
        let places = self.by_buyer.get(&buyer(shop, buyer_key)).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|&i| self.rows.get(i as usize))
    }

    fn push(&mut self, rows: Vec<Row>) {
        let columns = self.at("shop").zip(self.at("buyer_key"));
        for row in rows {
            if let Some((shop, key)) = columns
                && let (Some(shop), Some(key)) = (row.values[shop].text(), row.values[key].text())
            {
                self.by_buyer.entry(buyer(shop, key)).or_default().push(self.rows.len() as u32);
            }
            self.rows.push(row);
        }
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
    /// Reads the months' rows; tables without months whole.
    pub fn read(lake: &Path, manifest: &Manifest, months: &[Month], names: &Names) -> Result<Registers> {
        let mut all = Registers::default();
        for table in REGISTERS {
            for month in manifest.partitions(table.name) {
                if month.is_none_or(|m| months.contains(&m)) {
                    let rows = read(&path_of(lake, table, month, None), table, names)?;
                    all.add(table, rows);
                }
            }
        }
        Ok(all)
    }

    pub fn add(&mut self, table: &'static Table, rows: Vec<Row>) {
        self.0
            .entry(table.name)
            .or_insert_with(|| Register { table, rows: Vec::new(), by_buyer: HashMap::default() })
            .push(rows);
    }

    /// A table's rows; `None` where there are none.
    pub fn get(&self, table: &str) -> Option<&Register> {
        self.0.get(table)
    }
}

fn buyer(shop: &str, buyer_key: &str) -> String {
    format!("{shop}\0{buyer_key}")
}

fn read(path: &Path, table: &Table, names: &Names) -> Result<Vec<Row>> {
    let wanted: Vec<&str> = table.columns.iter().map(|c| c.name).chain(["source_file", "source_row"]).collect();
    let mut out: Vec<Row> = Vec::new();
    columns::each(path, &wanted, |rows| {
        let mut values: Vec<Vec<Value>> = Vec::new();
        for column in table.columns {
            values.push(match column.kind {
                Type::Utf8 => {
                    rows.text(column.name)?.iter().map(|v| v.map_or(Value::Null, |t| Value::Text(t.into()))).collect()
                }
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
