//! Orders on their way: how long each step took and with whom, what was paid and not shipped, money, products, buyers who
//! came again.

use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::overview::headline;
use super::sheet::{Section, Sheet};
use super::table::{Cell, Table};
use super::{grid, trend};
use crate::report::charts::scale::Steps;
use crate::report::data::{Product, Step, Unshipped};
use crate::report::format::{Quantity, Ratio};
use std::collections::BTreeMap;

/// Most rows of the list of unshipped orders, and of products.
const MOST_UNSHIPPED: usize = 200;
const MOST_PRODUCTS: usize = 30;
/// A product is slow where it sold less than this share (hundredths of a percent) of its usual month.
const SLOW: i64 = 5_000;
/// Months before that say what is usual.
const USUAL: i32 = 3;

pub fn orders(desk: &Desk) -> Sheet {
    let words = desk.words;
    let figures: [&'static Kpi; 6] =
        [&kpi::ORDERS, &kpi::SALES, &kpi::SALES_NET, &kpi::ORDER_VALUE, &kpi::REFUND_RATE, &kpi::UNSHIPPED];
    let month = desk.now.month;
    let at = month.unshipped.iter().map(|u| u.at).max();
    let list = Section::new("unshipped", words).table(unshipped(desk, From::Root, &month.unshipped));
    let list = match at {
        Some(at) => list.note(words.fill("orders.unshipped", &[("at", &desk.inputs.zone.format(at))])),
        None => list,
    };
    Sheet::new("orders", words.text("nav.orders"))
        .section(
            Section::new("figures", words)
                .headlines(figures.map(|k| headline(desk, k, |t| Some(t.whole()), vec![])).to_vec()),
        )
        .section(
            Section::new("steps", words)
                .note(words.text("orders.steps"))
                .table(steps(desk, From::Root, "steps", |s| s.shop.is_empty() && s.staff_id.is_empty(), &[]))
                .table(steps(
                    desk,
                    From::Root,
                    "steps_shops",
                    |s| !s.shop.is_empty() && s.staff_id.is_empty(),
                    &["shop"],
                ))
                .table(steps(
                    desk,
                    From::Root,
                    "steps_people",
                    |s| s.shop.is_empty() && !s.staff_id.is_empty(),
                    &["responsible"],
                )),
        )
        .section(list)
        .section(
            Section::new("money", words)
                .chart(trend::daily(desk, "sales_days", &[&kpi::SALES, &kpi::SALES_NET], Steps::Decimal(100), |_| true))
                .table(grid::shops(desk, From::Root, "orders_shops", &figures)),
        )
        .section(
            Section::new("products", words).note(words.text("orders.products")).table(best(desk)).table(slow(desk)),
        )
        .section(Section::new("repeat", words).note(words.text("orders.repeat")).table(repeat(desk)))
}

/// Step times of the groupings that `keep` keeps; `names`: the columns that tell whose they are.
pub fn steps(desk: &Desk, from: From, id: &str, keep: impl Fn(&Step) -> bool, names: &[&str]) -> Table {
    let words = desk.words;
    let mut columns = names.to_vec();
    columns.extend(["step", "#count", "#p50", "#p90", "#within", "#undone"]);
    // The limit is the step's, whosever step it is: said once.
    let limits = names.is_empty();
    if limits {
        columns.insert(columns.len() - 1, "#limit");
    }
    let mut table = Table::new(id, &columns, words);
    let mut rows: Vec<&Step> = desk.now.month.steps.iter().filter(|s| keep(s)).collect();
    let order = |s: &Step| ["paid", "shipped", "signed"].iter().position(|n| *n == s.step);
    rows.sort_by_key(|s| (s.shop.as_str(), s.staff_id.as_str(), order(s)));
    for s in rows {
        let taken = |n: i64| (s.count > 0).then_some(Quantity::Duration(n));
        let within = Ratio::new(Some(s.met), Some(s.count)).map(|r| Quantity::Share(r.scaled(10_000)));
        let whose = names.iter().map(|name| match *name {
            "shop" => Cell::link(desk.shop_link(from, &s.shop)),
            _ => Cell::link(desk.person_link(from, &s.staff_id)),
        });
        let mut row: Vec<Cell> = whose.collect();
        let open = Cell::count(s.open, words);
        row.extend([
            Cell::text(words.text(&format!("step.{}", s.step))),
            Cell::count(s.count, words),
            Cell::quantity(taken(s.p50), words),
            Cell::quantity(taken(s.p90), words),
            Cell::quantity(within, words),
        ]);
        row.extend(limits.then(|| Cell::quantity(Some(Quantity::Duration(s.limit_ms)), words)));
        row.push(if s.open > 0 { open.mark("warn") } else { open });
        table.push(row);
    }
    table
}

/// Paid and not shipped, the longest first.
pub fn unshipped(desk: &Desk, from: From, rows: &[Unshipped]) -> Table {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let columns = ["order", "shop", "responsible", "paid_at", "#waiting", "#paid", "evidence"];
    let mut table = Table::new("unshipped", &columns, words);
    let mut rows: Vec<&Unshipped> = rows.iter().collect();
    rows.sort_by_key(|u| (u.paid_at, u.shop.as_str(), u.order_id.as_str()));
    for u in rows {
        table.push(vec![
            Cell::text(&u.order_id),
            Cell::link(desk.shop_link(from, &u.shop)),
            Cell::link(desk.person_link(from, &u.staff_id)),
            Cell::time(Some(u.paid_at), zone),
            Cell::quantity(Some(Quantity::Duration(u.at - u.paid_at)), words),
            Cell::quantity(u.paid_fen.map(Quantity::Fen), words),
            Cell::text(format!("{}:{}", u.file, u.row)),
        ]);
    }
    table.at_most(MOST_UNSHIPPED, words)
}

/// What sold most.
fn best(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("products_best", &["product", "shop", "#quantity", "#orders", "#sales"], words);
    let mut rows: Vec<&Product> = desk.now.month.products.iter().collect();
    rows.sort_by_key(|p| (-p.sales_fen, p.shop.as_str(), p.sku.as_str()));
    for p in rows {
        table.push(vec![
            Cell::text(&p.title).note(&p.sku),
            Cell::link(desk.shop_link(From::Root, &p.shop)),
            Cell::count(p.quantity, words),
            Cell::count(p.orders, words),
            Cell::quantity(Some(Quantity::Fen(p.sales_fen)), words),
        ]);
    }
    table.at_most(MOST_PRODUCTS, words)
}

/// What sold less than half of what it sold in a usual month of the three before, most missed first: candidates to be
/// taken down or promoted.
fn slow(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("products_slow", &["product", "shop", "#quantity", "#usual", "#of_usual"], words);
    let month = desk.now.month.month;
    let before: Vec<_> =
        desk.earlier.iter().filter(|t| (1..=USUAL).any(|n| t.month.month == month.offset(-n))).collect();
    let mut usual: BTreeMap<(&str, &str), (i64, &Product)> = BTreeMap::new();
    for p in before.iter().flat_map(|t| &t.month.products) {
        let entry = usual.entry((&p.shop, &p.sku)).or_insert((0, p));
        *entry = (entry.0 + p.quantity, p);
    }
    let now: BTreeMap<(&str, &str), i64> =
        desk.now.month.products.iter().map(|p| ((p.shop.as_str(), p.sku.as_str()), p.quantity)).collect();
    let months = before.len() as i64;
    let mut rows = Vec::new();
    for (key, (sum, product)) in usual {
        let sold = now.get(&key).copied().unwrap_or(0);
        let part = Ratio::new(Some(sold * months), Some(sum)).map(|r| r.scaled(10_000));
        if let Some(part) = part.filter(|p| *p < SLOW) {
            rows.push((sold * months - sum, key, sold, part, sum, product));
        }
    }
    rows.sort_by_key(|(missed, key, ..)| (*missed, *key));
    for (_, (shop, _), sold, part, sum, product) in rows {
        let per_month = Ratio::new(Some(sum), Some(months)).map(|r| Quantity::Tenths(r.scaled(10)));
        table.push(vec![
            Cell::text(&product.title).note(&product.sku),
            Cell::link(desk.shop_link(From::Root, shop)),
            Cell::count(sold, words),
            Cell::quantity(per_month, words),
            Cell::quantity(Some(Quantity::Share(part)), words),
        ]);
    }
    table.at_most(MOST_PRODUCTS, words)
}

/// Buyers who paid for more than one order of the month.
fn repeat(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("repeat", &["shop", "#buyers", "#again", "#share"], words);
    for r in &desk.now.month.repeat {
        let share = Ratio::new(Some(r.again), Some(r.buyers)).map(|r| Quantity::Share(r.scaled(10_000)));
        table.push(vec![
            Cell::link(desk.shop_link(From::Root, &r.shop)),
            Cell::count(r.buyers, words),
            Cell::count(r.again, words),
            Cell::quantity(share, words),
        ]);
    }
    table
}
