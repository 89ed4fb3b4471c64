//! The raw rows behind a figure, as its page and the pages of people show them.

use super::desk::{Desk, From};
use super::sheet::Section;
use super::table::{Cell, Table, cut};
use crate::facts::rows::{ALL, Listing, Unit};
use crate::report::data::{MonthInputs, Proof};
use crate::report::format::{Quantity, grouped};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A month's rows and how many there are, by (list, person; empty: all).
#[derive(Debug, Default)]
pub struct Proofs<'a> {
    rows: BTreeMap<(&'a str, &'a str), Vec<&'a Proof>>,
    counts: BTreeMap<(&'a str, &'a str), i64>,
}

impl<'a> Proofs<'a> {
    pub fn new(month: &'a MonthInputs) -> Proofs<'a> {
        let mut proofs = Proofs::default();
        for proof in &month.proofs {
            proofs.rows.entry((&proof.list, &proof.of)).or_default().push(proof);
        }
        proofs.counts = month.proven.iter().map(|p| ((p.list.as_str(), p.staff_id.as_str()), p.rows)).collect();
        proofs
    }
}

/// A person's rows of one list.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OwnRows {
    /// Where a link to them leads.
    pub anchor: String,
    pub title: String,
    pub table: Table,
}

/// Name of a list.
pub fn title(desk: &Desk, list: &Listing) -> String {
    desk.words.text(&format!("rows.{}.name", list.id))
}

/// Where a list's rows stand on a page.
pub fn anchor(list: &Listing) -> String {
    format!("rows-{}", list.id)
}

/// How many rows a list has: of a person, or (empty id) of all; `None` where the mart does not say.
pub fn count(desk: &Desk, list: &Listing, staff_id: &str) -> Option<i64> {
    desk.proofs.counts.get(&(list.id, staff_id)).copied()
}

/// A section with a title of its own.
pub fn titled(id: &'static str, title: String) -> Section {
    Section {
        id,
        title,
        notes: Vec::new(),
        headlines: Vec::new(),
        charts: Vec::new(),
        tables: Vec::new(),
        folded: false,
    }
}

/// The first rows of all, what they are, and how to get them all.
pub fn section(desk: &Desk, list: &'static Listing) -> Section {
    let words = desk.words;
    let command = format!("kaohe rows {} --month {}", list.id, desk.now.month.month);
    titled(list.id, title(desk, list))
        .note(words.text(&format!("rows.{}.note", list.id)))
        .note(words.fill("figure_page.command", &[("command", &command)]))
        .table(table(desk, list, ""))
}

/// A person's own rows, list by list, as far as there are any.
pub fn own(desk: &Desk, staff_id: &str) -> Vec<OwnRows> {
    let lists = ALL.iter().filter(|l| count(desk, l, staff_id).is_some_and(|n| n > 0));
    lists
        .map(|list| OwnRows {
            anchor: anchor(list),
            title: format!("{} · {}", title(desk, list), grouped(count(desk, list, staff_id).unwrap_or(0))),
            table: table(desk, list, staff_id),
        })
        .filter(|own| !own.table.rows.is_empty())
        .collect()
}

/// The rows kept for all, or for a person.
fn table(desk: &Desk, list: &Listing, of: &str) -> Table {
    let words = desk.words;
    let columns: &[&str] = if of.is_empty() { &["time", "shop", "person"] } else { &["time", "shop"] };
    let mut table = Table::new("figure_rows", columns, words);
    table.id = anchor(list);
    if list.unit != Unit::Nothing {
        let title = match list.unit {
            Unit::Ms => "rows_value.ms",
            Unit::Fen => "rows_value.fen",
            Unit::Messages | Unit::Nothing => "rows_value.messages",
        };
        table.figure_column(words.text(title));
    }
    for title in ["event", "file"] {
        table.text_column(words.text(&format!("rows_column.{title}")));
    }
    table.figure_column(words.text("rows_column.row"));
    for proof in desk.proofs.rows.get(&(list.id, of)).into_iter().flatten() {
        let mut row = vec![Cell::text(desk.inputs.zone.format(proof.at)), Cell::text(&proof.shop)];
        if of.is_empty() {
            row.push(Cell::link(desk.person_link(From::Folder, &proof.staff_id)));
        }
        if list.unit != Unit::Nothing {
            row.push(value(desk, list, of, proof));
        }
        row.push(Cell::text(&proof.what));
        row.push(Cell::text(&proof.file));
        // A row number is looked up in a file, so it is written without separators.
        row.push(Cell { text: proof.row.to_string(), value: Some(proof.row), ..Cell::default() });
        table.push(row);
    }
    let all = count(desk, list, of).and_then(|n| usize::try_from(n).ok()).unwrap_or(table.rows.len());
    table.note = cut(all, table.rows.len(), words);
    table
}

/// The value, marked where it is the percentile that the rows stand around.
fn value(desk: &Desk, list: &Listing, of: &str, proof: &Proof) -> Cell {
    let words = desk.words;
    let quantity = match list.unit {
        Unit::Ms => Quantity::Duration,
        Unit::Fen => Quantity::Fen,
        Unit::Messages | Unit::Nothing => Quantity::Count,
    };
    let centre = list.around().and_then(|percentile| {
        let of = if of.is_empty() { desk.now.whole().first } else { desk.now.person(of).and_then(|t| t.first) }?;
        Some(if percentile == "p50_ms" { ("median", of.p50) } else { ("p90", of.p90) })
    });
    let cell = Cell::quantity(proof.value.map(quantity), words);
    // Read to the ms: that decides whether it was in time.
    let exact =
        proof.value.filter(|_| list.unit == Unit::Ms).map(|ms| words.fill("rows_value.exact", &[("n", &exact(ms))]));
    let mark =
        centre.filter(|(_, at)| proof.value == Some(*at)).map(|(name, _)| words.text(&format!("rows_value.{name}")));
    cell.note(exact.unwrap_or_default()).tag(mark)
}

/// Seconds with three digits: `1,234.567`.
fn exact(ms: i64) -> String {
    format!("{}.{:03}", grouped(ms / 1_000), ms.rem_euclid(1_000))
}
