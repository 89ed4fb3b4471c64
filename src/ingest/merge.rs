//! Rows of one file that are one: an order's parts, a day's punches. The first row gives the lineage.

use super::cell::Cell;
use crate::lake::schema::Table;
use crate::settings::source::{Merge, Source};
use foldhash::HashMap;

/// Rows by key, in the order in which the keys came up.
pub struct Merged {
    key: Vec<usize>,
    /// What becomes of each column; `None`: the last value counts.
    how: Vec<Option<Merge>>,
    places: HashMap<Vec<Cell<'static>>, usize>,
    /// Of each row the least values of the columns that need several.
    least: Vec<Vec<Cell<'static>>>,
    rows: Vec<(u64, Vec<Cell<'static>>)>,
}

impl Merged {
    /// `None` where the source's rows are rows of the table as they are. `lake_name`: raw column → column.
    pub fn new(table: &Table, source: &Source, lake_name: impl Fn(&str) -> String) -> Option<Merged> {
        if source.merge.is_empty() {
            return None;
        }
        let place = |name: &str| table.columns.iter().position(|c| c.name == name);
        let mut how = vec![None; table.columns.len()];
        for (raw, merge) in &source.merge {
            if let Some(at) = place(&lake_name(raw)) {
                how[at] = Some(*merge);
            }
        }
        let key = table.key.iter().filter_map(|k| place(k)).collect();
        Some(Merged { key, how, places: HashMap::default(), least: Vec::new(), rows: Vec::new() })
    }

    /// Takes a row; true where it joins an earlier one.
    pub fn take(&mut self, line: u64, cells: Vec<Cell<'_>>) -> bool {
        let cells: Vec<Cell<'static>> = cells.into_iter().map(Cell::owned).collect();
        let key: Vec<Cell<'static>> = self.key.iter().filter_map(|&i| cells.get(i).cloned()).collect();
        let next = self.rows.len();
        let place = *self.places.entry(key).or_insert(next);
        let of_several = self.how.iter().zip(&cells).filter(|(how, _)| **how == Some(Merge::LatestOfSeveral));
        let values: Vec<Cell<'static>> = of_several.map(|(_, cell)| cell.clone()).collect();
        let (Some((_, known)), Some(least)) = (self.rows.get_mut(place), self.least.get_mut(place)) else {
            self.rows.push((line, cells));
            self.least.push(values);
            return false;
        };
        least.iter_mut().zip(values).for_each(|(least, cell)| join(least, cell, Some(Merge::Earliest)));
        for ((known, cell), how) in known.iter_mut().zip(cells).zip(&self.how) {
            join(known, cell, *how);
        }
        true
    }

    /// The rows with their lines, in the order of their first lines.
    pub fn rows(mut self) -> Vec<(u64, Vec<Cell<'static>>)> {
        for ((_, cells), least) in self.rows.iter_mut().zip(self.least) {
            let of_several = self.how.iter().zip(cells).filter(|(how, _)| **how == Some(Merge::LatestOfSeveral));
            of_several
                .zip(least)
                .filter(|((_, cell), least)| *cell == least)
                .for_each(|((_, cell), _)| *cell = Cell::Null);
        }
        self.rows
    }
}

fn join(known: &mut Cell<'static>, cell: Cell<'static>, how: Option<Merge>) {
    match (how, &*known, &cell) {
        (Some(Merge::LatestOfAll), Cell::Null, _) => {}
        (Some(Merge::LatestOfAll), _, Cell::Null) => *known = Cell::Null,
        (_, _, Cell::Null) => {}
        (_, Cell::Null, _) => *known = cell,
        (Some(Merge::Sum), Cell::Number(a), Cell::Number(b)) => *known = Cell::Number(a.saturating_add(*b)),
        (Some(Merge::Earliest), Cell::Number(a), Cell::Number(b)) => *known = Cell::Number(*a.min(b)),
        (Some(Merge::Latest | Merge::LatestOfAll | Merge::LatestOfSeveral), Cell::Number(a), Cell::Number(b)) => {
            *known = Cell::Number(*a.max(b));
        }
        (Some(Merge::First), ..) => {}
        (Some(Merge::Distinct), Cell::Text(a), Cell::Text(b)) => {
            if !a.split('、').any(|word| word == b) {
                *known = Cell::Text(format!("{a}、{b}").into());
            }
        }
        _ => *known = cell,
    }
}
