//! Rows of registers on their way to their files: one file a table and month, in the order of time, a header even where
//! nothing happened.

use crate::base::{Month, Result};
use crate::sample::judge::Finding;
use crate::sample::sheet::{Monthly, Sheet};
use crate::sample::truth::Truth;
use crate::sample::wall::{Stamp, Wall};
use crate::sample::world::World;
use std::collections::BTreeMap;
use std::path::Path;

/// Tables and their headers.
const TABLES: [(&str, &[&str]); 12] = [
    ("presence", &["staff_id", "ts", "state", "at_desk", "covered_by", "told_director"]),
    ("calls", &["shop", "account", "rang_at", "answered_at", "overloaded", "asked_support"]),
    ("reviews", &["shop", "order_id", "buyer", "staff_id", "rating", "cause", "has_text", "ts"]),
    ("ratings", &["shop", "buyer", "account", "score", "ts"]),
    ("custody", &["staff_id", "kind", "ref", "received_at", "handed_on_at", "harm"]),
    ("tickets", &["kind", "staff_id", "opened_at", "solved_at", "escalated_at"]),
    ("meetings", &["staff_id", "kind", "starts_at", "present", "late_minutes"]),
    ("listings", &["staff_id", "kind", "product", "handed_over_at", "due_at", "online_at"]),
    ("tasks", &["staff_id", "kind", "title", "due_at", "done_at", "points"]),
    ("incidents", &["staff_id", "rule_id", "occurred_at", "points", "serious", "confirmed", "note"]),
    ("attendance", &["staff_id", "date", "in_at", "out_at", "result"]),
    ("targets", &["staff_id", "shop", "period", "sales"]),
];

/// One row; `at` decides its place in the file.
#[derive(Debug)]
pub struct Row {
    pub table: &'static str,
    pub month: Month,
    pub at: Wall,
    pub shop: Option<usize>,
    pub cells: Vec<String>,
    pub owed: Vec<Finding>,
}

#[derive(Debug, Default)]
pub struct Rows(BTreeMap<(&'static str, Month), Vec<Row>>);

impl Rows {
    pub fn add(&mut self, row: Row) {
        self.0.entry((row.table, row.month)).or_default().push(row);
    }

    /// Writes all files and enters what the rows owe.
    pub fn write(mut self, world: &World, dir: &Path, truth: &mut Truth) -> Result<()> {
        for (table, header) in TABLES {
            for month in world.months() {
                let mut sheet = Sheet::create(&dir.join(Monthly::file_name(table, month)), header)?;
                let mut rows = self.0.remove(&(table, month)).unwrap_or_default();
                // Stable: what was written wrongly stays so.
                rows.sort_by_key(|r| r.at);
                for row in rows {
                    let line = sheet.row(&row.cells)?;
                    if !row.owed.is_empty() {
                        let mark = truth.enter_row(row.owed, row.shop);
                        truth.place(mark, table, month, line);
                    }
                }
                sheet.finish()?;
            }
        }
        Ok(())
    }
}

/// A time in whole seconds; empty where there is none.
pub fn seconds(at: Option<Wall>) -> String {
    let mut stamp = Stamp::default();
    at.map(|t| String::from_utf8_lossy(stamp.seconds(t)).into_owned()).unwrap_or_default()
}

/// A time with its milliseconds.
pub fn millis(at: Wall) -> String {
    String::from_utf8_lossy(Stamp::default().ms(at)).into_owned()
}

/// A date.
pub fn date(day: i32) -> String {
    String::from_utf8_lossy(Stamp::default().date(day)).into_owned()
}
