//! What rows of accounts and orders leave in doubt, each for itself in order: told, for it moves figures.

use super::settle::{Pool, Settled};
use crate::base::{Diagnostic, Place};
use crate::lake::schema::{ACCOUNTS, ORDERS};
use arrow::array::{Array, AsArray, StringArray};
use arrow::datatypes::{Date32Type, Int64Type};
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Places that a finding shows.
const PLACES: usize = 5;
/// Digits of an order number that no other shop has.
const UNIQUE: usize = 15;

/// The findings on a table's rows.
pub fn of(pool: &Pool<'_>, settled: &Settled) -> Vec<Diagnostic> {
    let found = match pool.table.name {
        name if name == ACCOUNTS.name => [two_owners(pool, settled), None],
        name if name == ORDERS.name => [two_shops(pool, settled), paid_when(pool, settled)],
        _ => [None, None],
    };
    found.into_iter().flatten().collect()
}

impl Pool<'_> {
    fn text(&self, column: &str) -> Option<&StringArray> {
        self.rows.column_by_name(column)?.as_string_opt::<i32>()
    }

    fn place(&self, row: u32, column: &'static str, label: &str) -> Place {
        let (file, line) = (self.origins[row as usize], self.lines[row as usize]);
        Place::row(self.files[file as usize].name.clone(), line.max(0) as u64, Some(column), label)
    }
}

/// One list gives an account to two people from the same day: the last row counts.
fn two_owners(pool: &Pool<'_>, settled: &Settled) -> Option<Diagnostic> {
    let [shops, accounts, staff] = [pool.text("shop")?, pool.text("account")?, pool.text("staff_id")?];
    let from = pool.rows.column_by_name("valid_from")?.as_primitive_opt::<Date32Type>()?;
    let key = |row: u32| {
        let row = row as usize;
        (shops.value(row), accounts.value(row), from.is_valid(row).then(|| from.value(row)))
    };
    let kept: HashMap<_, u32> = settled.kept.iter().map(|&row| (key(row), row)).collect();
    let differs = |row: u32, other: u32| {
        pool.origins[row as usize] == pool.origins[other as usize]
            && staff.value(row as usize) != staff.value(other as usize)
    };
    let pairs = settled.replaced.iter().filter_map(|&row| kept.get(&key(row)).map(|&kept| (row, kept)));
    let pairs: Vec<(u32, u32)> = pairs.filter(|&(row, kept)| differs(row, kept)).collect();
    let message = format!("{} row(s) give an account to somebody else from the same day as a later row", pairs.len());
    let d = Diagnostic::warning("K0228", message)
        .help("the later row counts; give the first one its last day, and the second one its first day");
    let places = |(row, kept): &(u32, u32)| {
        [pool.place(*row, "staff_id", "does not count"), pool.place(*kept, "staff_id", "counts")]
    };
    let d = pairs.iter().take(PLACES).flat_map(places).fold(d, Diagnostic::at);
    (!pairs.is_empty()).then_some(d)
}

/// A platform's order number is one of all shops: under two of them it is one order that counts twice.
fn two_shops(pool: &Pool<'_>, settled: &Settled) -> Option<Diagnostic> {
    let [shops, orders] = [pool.text("shop")?, pool.text("order_id")?];
    let first = settled.kept.first().map(|row| shops.value(*row as usize))?;
    if settled.kept.iter().all(|row| shops.value(*row as usize) == first) {
        return None;
    }
    let mut known: HashMap<&str, u32> = HashMap::default();
    known.reserve(settled.kept.len());
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for &row in &settled.kept {
        let order = orders.value(row as usize);
        if order.len() >= UNIQUE {
            let other = *known.entry(order).or_insert(row);
            if shops.value(other as usize) != shops.value(row as usize) {
                pairs.push((other, row));
            }
        }
    }
    let message = format!("{} order(s) stand under two shops and count twice", pairs.len());
    let d = Diagnostic::warning("K0229", message)
        .help("put the files of a shop into a folder of its name, always the same, or map `shop` in the source");
    let label = |row: u32| format!("shop `{}`", shops.value(row as usize));
    let places = |(a, b): &(u32, u32)| [*a, *b].map(|row| pool.place(row, "order_id", &label(row)));
    let d = pairs.iter().take(PLACES).flat_map(places).fold(d, Diagnostic::at);
    (!pairs.is_empty()).then_some(d)
}

/// Money counts on the day of its payment: without one it is in no figure.
fn paid_when(pool: &Pool<'_>, settled: &Settled) -> Option<Diagnostic> {
    let status = pool.text("status")?;
    let paid = pool.rows.column_by_name("paid_fen")?.as_primitive_opt::<Int64Type>()?;
    let times = pool.rows.column_by_name("paid_at")?;
    let untimed = |row: u32| {
        let row = row as usize;
        let is_paid = status.is_valid(row) && ["paid", "shipped", "signed"].contains(&status.value(row));
        is_paid && paid.is_valid(row) && paid.value(row) > 0 && times.is_null(row)
    };
    let mut files: BTreeMap<u32, (u32, u64)> = BTreeMap::new();
    for &row in settled.kept.iter().filter(|&&row| untimed(row)) {
        files.entry(pool.origins[row as usize]).or_insert((row, 0)).1 += 1;
    }
    let all: u64 = files.values().map(|(_, n)| n).sum();
    let message = format!("{all} paid order(s) have no time of payment: their money is in no sales figure");
    let d = Diagnostic::warning("K0230", message)
        .help("export them again with the column of the payment's time (支付时间, 支付完成时间, 订单付款时间)");
    let d =
        files.values().take(PLACES).fold(d, |d, (row, n)| d.at(pool.place(*row, "paid_at", &format!("{n} order(s)"))));
    (all > 0).then_some(d)
}
