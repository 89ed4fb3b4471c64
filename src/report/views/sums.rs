//! The sums and counts of one month, added up once for every grouping that a page shows.

use crate::report::data::{MonthInputs, Percentiles, StaffDay};
use crate::report::format::Ratio;
use std::collections::BTreeMap;

/// Added-up measures of `staff_day`. A measure that no row carried is unknown, not 0.
#[derive(Debug, Clone, Default)]
pub struct Sums(BTreeMap<&'static str, i64>);

impl Sums {
    /// Sums that were added up already.
    pub fn from(sums: BTreeMap<&'static str, i64>) -> Sums {
        Sums(sums)
    }

    pub fn of<'a>(rows: impl IntoIterator<Item = &'a StaffDay>) -> Sums {
        let mut sums = Sums::default();
        rows.into_iter().for_each(|row| sums.add(row));
        sums
    }

    /// `_max` measures keep the largest, all others add up.
    pub fn add(&mut self, row: &StaffDay) {
        for (&name, &value) in &row.measures {
            let sum = self.0.entry(name);
            if name.ends_with("_max") {
                sum.and_modify(|s| *s = value.max(*s)).or_insert(value);
            } else {
                sum.and_modify(|s| *s = s.saturating_add(value)).or_insert(value);
            }
        }
    }

    /// Whether no row carried anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }

    pub fn ratio(&self, sum: &str, count: &str) -> Option<Ratio> {
        Ratio::new(self.get(sum), self.get(count))
    }
}

/// What the figures of one grouping are made of: the whole department, a shop or a person.
#[derive(Debug, Clone, Copy)]
pub struct Totals<'a> {
    pub sums: &'a Sums,
    /// First responses.
    pub first: Option<&'a Percentiles>,
    /// Orders whose buyer is known.
    pub link: Option<Ratio>,
    /// Open rounds at the last cut-off of the month.
    pub backlog: Option<i64>,
    /// Paid and not shipped, at the same time.
    pub unshipped: Option<i64>,
}

impl<'a> Totals<'a> {
    /// Sums alone: percentiles and what is open cannot be added up.
    pub fn bare(sums: &'a Sums) -> Totals<'a> {
        Totals { sums, first: None, link: None, backlog: None, unshipped: None }
    }
}

/// A month with its groupings.
#[derive(Debug)]
pub struct Tally<'a> {
    pub month: &'a MonthInputs,
    all: Sums,
    shops: BTreeMap<&'a str, Sums>,
    staff: BTreeMap<&'a str, Sums>,
    rows: BTreeMap<&'a str, Vec<&'a StaffDay>>,
    /// By (shop, staff_id), as in the data.
    first: BTreeMap<(&'a str, &'a str), &'a Percentiles>,
    /// By shop: known, all orders.
    linked: BTreeMap<&'a str, (i64, i64)>,
    rounds: Open<'a>,
    unshipped: Open<'a>,
}

/// What was open at the last instant at which somebody counted, added up.
#[derive(Debug, Default)]
struct Open<'a> {
    /// `None`: nobody counted.
    all: Option<i64>,
    shops: BTreeMap<&'a str, i64>,
    staff: BTreeMap<&'a str, i64>,
}

impl<'a> Open<'a> {
    fn of(month: &'a MonthInputs, kind: &str) -> Self {
        let rows = || month.backlog.iter().filter(|b| b.kind == kind);
        let Some(last) = rows().map(|b| b.at).max() else { return Open::default() };
        let mut open = Open { all: Some(0), ..Open::default() };
        for b in rows().filter(|b| b.at == last) {
            let add = |sum: &mut i64| *sum = sum.saturating_add(b.open);
            open.all.iter_mut().for_each(add);
            add(open.shops.entry(&b.shop).or_default());
            add(open.staff.entry(&b.staff_id).or_default());
        }
        open
    }

    fn shop(&self, shop: &str) -> Option<i64> {
        self.all.map(|_| self.shops.get(shop).copied().unwrap_or(0))
    }

    fn person(&self, staff_id: &str) -> Option<i64> {
        self.all.map(|_| self.staff.get(staff_id).copied().unwrap_or(0))
    }
}

impl<'a> Tally<'a> {
    pub fn new(month: &'a MonthInputs) -> Self {
        let mut tally = Tally {
            month,
            all: Sums::default(),
            shops: BTreeMap::new(),
            staff: BTreeMap::new(),
            rows: BTreeMap::new(),
            first: BTreeMap::new(),
            linked: BTreeMap::new(),
            rounds: Open::of(month, "rounds"),
            unshipped: Open::of(month, "unshipped"),
        };
        for row in &month.staff_day {
            tally.all.add(row);
            tally.shops.entry(&row.shop).or_default().add(row);
            tally.staff.entry(&row.staff_id).or_default().add(row);
            tally.rows.entry(&row.staff_id).or_default().push(row);
        }
        for p in month.percentiles.iter().filter(|p| p.of == "first" && p.count > 0) {
            tally.first.insert((&p.shop, &p.staff_id), p);
        }
        for q in month.quality.iter().filter(|q| q.kind == "linked") {
            let known = if q.subject == "none" { 0 } else { q.count };
            let entry = tally.linked.entry(&q.shop).or_default();
            *entry = (entry.0.saturating_add(known), entry.1.saturating_add(q.count));
        }
        tally
    }

    /// Shops with any row, sorted.
    pub fn shops(&self) -> impl Iterator<Item = &'a str> {
        self.shops.keys().copied()
    }

    /// Everyone with any row, sorted.
    pub fn staff(&self) -> impl Iterator<Item = &'a str> {
        self.staff.keys().copied()
    }

    /// A person's days in the order of the data.
    pub fn rows(&self, staff_id: &str) -> &[&'a StaffDay] {
        self.rows.get(staff_id).map_or(&[], Vec::as_slice)
    }

    pub fn whole(&self) -> Totals<'_> {
        let linked = self.linked.values().fold((0, 0), |a: (i64, i64), b| (a.0 + b.0, a.1 + b.1));
        Totals {
            sums: &self.all,
            first: self.first.get(&("", "")).copied(),
            link: Ratio::new(Some(linked.0), Some(linked.1)),
            backlog: self.rounds.all,
            unshipped: self.unshipped.all,
        }
    }

    pub fn shop(&self, shop: &str) -> Option<Totals<'_>> {
        Some(Totals {
            sums: self.shops.get(shop)?,
            first: self.first.get(&(shop, "")).copied(),
            link: self.linked.get(shop).and_then(|(known, all)| Ratio::new(Some(*known), Some(*all))),
            backlog: self.rounds.shop(shop),
            unshipped: self.unshipped.shop(shop),
        })
    }

    pub fn person(&self, staff_id: &str) -> Option<Totals<'_>> {
        Some(Totals {
            sums: self.staff.get(staff_id)?,
            first: self.first.get(&("", staff_id)).copied(),
            link: None,
            backlog: self.rounds.person(staff_id),
            unshipped: self.unshipped.person(staff_id),
        })
    }

    /// First responses of a person in a shop; either may be empty for all.
    pub fn first_of(&self, shop: &str, staff_id: &str) -> Option<&'a Percentiles> {
        self.first.get(&(shop, staff_id)).copied()
    }

    /// The last instant at which the open rounds were counted.
    pub fn counted_at(&self) -> Option<i64> {
        self.month.backlog.iter().filter(|b| b.kind == "rounds").map(|b| b.at).max()
    }
}
