//! Rows of several files that tell of the same thing: which of them count. The lake is an archive: rows of earlier files
//! come out of it and take part like those of new ones, and what is replaced is kept aside, so that a file can be taken
//! out again.

use super::input::Fate;
use super::period;
use crate::base::time::date_of;
use crate::base::{Error, Month, Result, Zone};
use crate::lake::schema::{ORDERS, Table, Type};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Int64Type, TimestampMillisecondType};
use arrow::row::{RowConverter, Rows, SortField};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Tables in which rows may share their key: two of them are two events, not two versions of one.
const REPEATED: [&str; 6] = ["order_items", "waivers", "awards", "tickets", "incidents", "submissions"];

/// Tables that machines export. All others are kept by people, and so are the sheets of the registers' workbook: a new
/// version of a file of the same name stands for the old one, for the months that it holds.
const EXPORTED: [&str; 10] = [
    "messages",
    "orders",
    "order_items",
    "refunds",
    "presence",
    "calls",
    "reviews",
    "ratings",
    "attendance",
    "tool_figures",
];

/// Whether a new version of a file takes the old one's place.
fn kept_by_people(table: &str, file: &Origin) -> bool {
    file.form || !EXPORTED.contains(&table)
}

/// A file that rows are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub name: String,
    pub sha256: String,
    pub version: u32,
    /// A sheet of the registers' workbook.
    pub form: bool,
}

/// Rows and where they are from. Columns in the table's order without lineage; `origins` are places in `files`.
pub struct Pool<'a> {
    pub table: &'static Table,
    pub rows: &'a RecordBatch,
    pub origins: &'a [u32],
    pub lines: &'a [i64],
    pub files: &'a [Origin],
    pub zone: Zone,
}

/// What counts, in the table's order, and what does not.
#[derive(Debug, Default)]
pub struct Settled {
    pub kept: Vec<u32>,
    pub replaced: Vec<u32>,
    /// Month of each row of the pool; `None` for a table without months.
    pub months: Option<Vec<Month>>,
    /// One of each file.
    pub fates: Vec<Fate>,
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::Failed(format!("cannot build a table: {e}"))
}

impl Pool<'_> {
    /// Decides. A key's rows are those of the newest file that names it; where two rows of a file share it, the later one
    /// counts, or both where they are two events. Of an order the newest state counts, whichever file it is from.
    pub fn settle(&self) -> Result<Settled> {
        let months = self.months()?;
        let times = self.newest_times();
        let mut fates = vec![Fate::default(); self.files.len()];
        for (row, origin) in self.origins.iter().enumerate() {
            let fate = &mut fates[*origin as usize];
            fate.newest = fate.newest.max(times[row]);
        }
        let ranks = self.ranks(&fates);
        let stands = self.versions(months.as_deref());
        let keys = self.keys()?;
        let of_orders = |name: &str| self.rows.column_by_name(name).filter(|_| self.table.name == ORDERS.name);
        let refunds = of_orders("refund_fen").and_then(|c| c.as_primitive_opt::<Int64Type>());
        let status = of_orders("status").and_then(|c| c.as_string_opt::<i32>());
        // Closed is the end of an order, whichever times the export of it tells.
        let closed = |row: usize| status.is_some_and(|s| s.is_valid(row) && s.value(row) == "closed");
        // The newer of two rows with one key; the last one counts.
        let newer = |a: usize, b: usize| -> Ordering {
            let state = match refunds {
                Some(refunds) => (closed(a).cmp(&closed(b)))
                    .then(times[a].cmp(&times[b]))
                    .then(refunds.value(a).cmp(&refunds.value(b))),
                None => Ordering::Equal,
            };
            let file = |row: usize| ranks[self.origins[row] as usize];
            state.then(file(a).cmp(&file(b))).then(self.lines[a].cmp(&self.lines[b])).then(a.cmp(&b))
        };
        let (mut order, old): (Vec<u32>, Vec<u32>) =
            (0..self.origins.len() as u32).partition(|&row| stands[row as usize].is_none());
        order.par_sort_unstable_by(|&a, &b| {
            keys.row(a as usize).cmp(&keys.row(b as usize)).then_with(|| newer(a as usize, b as usize))
        });
        let mut settled = Settled { kept: Vec::with_capacity(order.len()), ..Settled::default() };
        let mut lose = |row: u32, to: u32| {
            let fate = &mut fates[self.origins[row as usize] as usize];
            fate.replaced += 1;
            if self.origins[row as usize] != to {
                *fate.replaced_by.entry(self.files[to as usize].name.clone()).or_insert(0) += 1;
            }
            settled.replaced.push(row);
        };
        for row in old {
            lose(row, stands[row as usize].unwrap_or(0));
        }
        let several = REPEATED.contains(&self.table.name);
        for same in order.chunk_by(|&a, &b| keys.row(a as usize) == keys.row(b as usize)) {
            let Some(&last) = same.last() else { continue };
            let winner = self.origins[last as usize];
            for &row in same {
                if row == last || several && self.origins[row as usize] == winner {
                    settled.kept.push(row);
                } else {
                    lose(row, winner);
                }
            }
        }
        settled.replaced.sort_unstable_by_key(|&row| (self.origins[row as usize], self.lines[row as usize], row));
        for &row in &settled.kept {
            let fate = &mut fates[self.origins[row as usize] as usize];
            fate.kept += 1;
            if let Some(months) = &months {
                *fate.months.entry(months[row as usize]).or_insert(0) += 1;
            }
        }
        settled.months = months;
        settled.fates = fates;
        Ok(settled)
    }

    fn keys(&self) -> Result<Rows> {
        let keys: Vec<ArrayRef> = self.table.key.iter().filter_map(|k| self.rows.column_by_name(k).cloned()).collect();
        let fields = keys.iter().map(|k| SortField::new(k.data_type().clone())).collect();
        RowConverter::new(fields).and_then(|c| c.convert_columns(&keys)).map_err(failed)
    }

    /// The newest time that each row tells.
    fn newest_times(&self) -> Vec<Option<i64>> {
        let mut newest = vec![None; self.origins.len()];
        for column in self.table.columns.iter().filter(|c| c.kind == Type::Time) {
            let Some(times) = self.rows.column_by_name(column.name) else { continue };
            if let Some(times) = times.as_primitive_opt::<TimestampMillisecondType>() {
                newest.iter_mut().zip(times.iter()).for_each(|(n, t)| *n = (*n).max(t));
            }
        }
        newest
    }

    /// The place of each file in the order of their age: by the time in its name, by what it tells, by its name.
    fn ranks(&self, fates: &[Fate]) -> Vec<usize> {
        let age = |i: usize| {
            let file = &self.files[i];
            (period::stamp(&file.name), fates[i].newest, file.name.as_str(), file.version, file.sha256.as_str())
        };
        let mut order: Vec<usize> = (0..self.files.len()).collect();
        order.sort_by(|&a, &b| age(a).cmp(&age(b)));
        let mut ranks = vec![0; order.len()];
        order.into_iter().enumerate().for_each(|(rank, file)| ranks[file] = rank);
        ranks
    }

    /// For each row whether a newer version of its file stands for it, and which.
    fn versions(&self, months: Option<&[Month]>) -> Vec<Option<u32>> {
        let mut stands = vec![None; self.origins.len()];
        let newer: Vec<Vec<u32>> = self
            .files
            .iter()
            .map(|f| {
                let same = |g: &&(usize, &Origin)| {
                    g.1.name == f.name && g.1.version > f.version && kept_by_people(self.table.name, g.1)
                };
                self.files.iter().enumerate().filter(|g| same(&g)).map(|(i, _)| i as u32).collect()
            })
            .collect();
        if newer.iter().all(Vec::is_empty) {
            return stands;
        }
        // The months of each file, first and last.
        let mut spans: Vec<Option<(Month, Month)>> = vec![None; self.files.len()];
        if let Some(months) = months {
            for (row, origin) in self.origins.iter().enumerate() {
                let (m, span) = (months[row], &mut spans[*origin as usize]);
                *span = Some(span.map_or((m, m), |(a, b)| (a.min(m), b.max(m))));
            }
        }
        for (row, origin) in self.origins.iter().enumerate() {
            let covers = |newer: &&u32| match months {
                None => true,
                Some(months) => {
                    let named = period::named_month(&self.files[**newer as usize].name);
                    let span = named.map(|m| (m, m)).or(spans[**newer as usize]);
                    span.is_some_and(|(first, last)| first <= months[row] && months[row] <= last)
                }
            };
            stands[row] = newer[*origin as usize].iter().find(covers).copied();
        }
        stands
    }

    /// The month of each row; `None` for a table without months.
    fn months(&self) -> Result<Option<Vec<Month>>> {
        let Some(by) = self.table.month_by else { return Ok(None) };
        let column = self.rows.column_by_name(by).ok_or_else(|| failed(by))?;
        let (times, days) =
            (column.as_primitive_opt::<TimestampMillisecondType>(), column.as_primitive_opt::<Date32Type>());
        let of = |i: usize| match (times, days) {
            (Some(times), _) => Month::of(self.zone.date(times.value(i))),
            (_, Some(days)) => Month::of(date_of(days.value(i))),
            _ => Month::of(date_of(0)),
        };
        Ok(Some((0..self.rows.num_rows()).map(of).collect()))
    }
}

/// Rows of each month, in their order; one of no month for a table without months.
pub fn by_month(settled: &Settled) -> BTreeMap<Option<Month>, Vec<u32>> {
    let mut parts: BTreeMap<Option<Month>, Vec<u32>> = BTreeMap::new();
    for &row in &settled.kept {
        parts.entry(settled.months.as_ref().map(|m| m[row as usize])).or_default().push(row);
    }
    parts
}
