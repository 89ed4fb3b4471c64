//! Deductions as people read them: one event with its times and its proof, the events of a rule, the sums by clause.

use super::desk::{Desk, From};
use super::table::{Cell, Link, Table, cut};
use crate::report::data::Deduction;
use crate::report::format::{Quantity, cost, duration, grouped};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Most events of one rule on a person's page; all of them are in the mart.
const MOST_EVENTS: usize = 60;
/// Most events on a rule's page.
const MOST_ROWS: usize = 300;

/// One entry of the ledger.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Event {
    pub id: String,
    pub shop: String,
    pub occurred: String,
    pub due: Option<String>,
    pub done: Option<String>,
    /// How late it was, or that it was never done.
    pub late: Option<String>,
    pub points: String,
    /// `bad`, `mute` (waived, monitored).
    pub mark: &'static str,
    /// Charged, waived, monitored.
    pub state: String,
    /// "3rd time in the month, ×2".
    pub occurrence: Option<String>,
    pub waived_by: Option<String>,
    /// Who did it, where that is not who pays.
    pub caused_by: Option<Link>,
    pub evidence: Vec<Evidence>,
}

/// A raw row that proves it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    pub table: String,
    pub file: String,
    pub row: String,
}

/// The events of one rule, below its quote.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Group {
    pub rule: Link,
    pub rule_id: String,
    pub clause: String,
    pub quote: String,
    pub count: String,
    pub points: String,
    pub events: Vec<Event>,
    pub note: Option<String>,
}

/// What was charged, waived and noted, added up.
#[derive(Debug, Clone, Default)]
pub struct Sum<'a> {
    pub charged: i64,
    pub waived: i64,
    pub monitored: i64,
    /// Hundredths, a cost.
    pub points: i64,
    pub people: BTreeSet<&'a str>,
}

impl<'a> Sum<'a> {
    pub fn of(desk: &Desk, deductions: impl IntoIterator<Item = &'a Deduction>) -> Sum<'a> {
        let mut sum = Sum::default();
        for d in deductions {
            match state(desk, d) {
                State::Charged => sum.charged += 1,
                State::Waived => sum.waived += 1,
                State::Monitored => sum.monitored += 1,
            }
            sum.points = sum.points.saturating_add(d.points.saturating_abs());
            sum.people.insert(&d.staff_id);
        }
        sum
    }
}

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Charged,
    Waived,
    Monitored,
}

fn state(desk: &Desk, d: &Deduction) -> State {
    if d.waived_by.is_some() {
        State::Waived
    } else if desk.is_monitored(d) && d.points == 0 {
        State::Monitored
    } else {
        State::Charged
    }
}

/// One deduction, read from a page at `from`.
pub fn event(desk: &Desk, from: From, d: &Deduction) -> Event {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let late = match (d.due_at, d.done_at) {
        (Some(due), Some(done)) if done > due => {
            Some(words.fill("event.late_by", &[("by", &duration(words, done - due))]))
        }
        (Some(_), None) => Some(words.text("event.never_done")),
        // A stretch of time: nothing was due, it lasted.
        (None, Some(until)) => {
            let by = duration(words, until - d.occurred_at);
            Some(words.fill("event.lasted", &[("until", &zone.format(until)), ("by", &by)]))
        }
        _ => None,
    };
    let (state, mark) = match state(desk, d) {
        State::Charged => ("event.charged", "bad"),
        State::Waived => ("event.waived", "mute"),
        State::Monitored => ("event.monitored", "mute"),
    };
    let number = (d.occurrence_no > 1 || d.factor != 1).then(|| {
        let key = if d.factor == 1 { "event.nth" } else { "event.nth_factor" };
        words.fill(key, &[("n", &grouped(d.occurrence_no)), ("factor", &grouped(d.factor))])
    });
    Event {
        id: d.deduction_id.clone(),
        shop: d.shop.clone(),
        occurred: zone.format(d.occurred_at),
        due: d.due_at.map(|at| zone.format(at)),
        done: d.done_at.filter(|_| d.due_at.is_some()).map(|at| zone.format(at)),
        late,
        points: cost(d.points),
        mark,
        state: words.text(state),
        occurrence: number,
        waived_by: d.waived_by.clone(),
        caused_by: (d.caused_by != d.staff_id && !d.caused_by.is_empty()).then(|| desk.person_link(from, &d.caused_by)),
        evidence: d.evidence.iter().map(|(table, file, row)| proof(desk, table, file, *row)).collect(),
    }
}

fn proof(desk: &Desk, table: &str, file: &str, row: i64) -> Evidence {
    // A row number is looked up in a file, so it is written without separators.
    Evidence { table: desk.words.named("lake", table), file: file.to_owned(), row: row.to_string() }
}

/// Deductions by rule, in the rulebook's order.
pub fn by_rule<'a>(
    desk: &Desk<'a>,
    deductions: impl IntoIterator<Item = &'a Deduction>,
) -> Vec<(&'a str, Vec<&'a Deduction>)> {
    let mut found: BTreeMap<&str, Vec<&Deduction>> = BTreeMap::new();
    for d in deductions {
        found.entry(&d.rule_id).or_default().push(d);
    }
    let mut rules = Vec::new();
    for id in &desk.rule_ids {
        if let Some(mut of_rule) = found.remove(id) {
            of_rule.sort_by_key(|d| (d.occurred_at, d.deduction_id.as_str()));
            rules.push((*id, of_rule));
        }
    }
    rules
}

/// The events of one rule on a person's page.
pub fn group(desk: &Desk, rule_id: &str, deductions: &[&Deduction]) -> Group {
    let rule = desk.rule(rule_id);
    let sum = Sum::of(desk, deductions.iter().copied());
    let shown = deductions.iter().take(MOST_EVENTS).map(|d| event(desk, From::Folder, d));
    Group {
        rule: desk.rule_link(From::Folder, rule_id),
        rule_id: rule_id.to_owned(),
        clause: rule.map_or_else(String::new, |r| r.clause.clone()),
        quote: rule.map_or_else(String::new, |r| r.quote.clone()),
        count: desk.words.fill("event.count", &[("n", &grouped(deductions.len() as i64))]),
        points: cost(sum.points),
        events: shown.collect(),
        note: cut(deductions.len(), MOST_EVENTS, desk.words),
    }
}

/// The events of one rule on its own page; each leads to its place on the payer's page.
pub fn rule_events(desk: &Desk, deductions: &[&Deduction]) -> Table {
    let payer = |d: &Deduction| {
        let mut payer = desk.person_link(From::Folder, &d.staff_id);
        payer.href = payer.href.map(|href| format!("{href}#d-{}", d.deduction_id));
        payer
    };
    let mut table = entries(desk, "events", "payer", deductions.iter().copied().take(MOST_ROWS), payer);
    table.note = cut(deductions.len(), MOST_ROWS, desk.words);
    table
}

/// A person's events of several rules as one table, for forms that are not pages.
pub fn own_events(desk: &Desk, id: &str, rules: &[(&str, Vec<&Deduction>)]) -> Table {
    let shown = rules.iter().flat_map(|(_, found)| found.iter().copied().take(MOST_EVENTS));
    let mut table = entries(desk, id, "rule", shown, |d| desk.rule_link(From::Folder, &d.rule_id));
    table.note = rules.iter().find_map(|(_, found)| cut(found.len(), MOST_EVENTS, desk.words));
    table
}

/// Events as rows; `whose` fills the column named `column`.
fn entries<'d>(
    desk: &Desk,
    id: &str,
    column: &str,
    deductions: impl Iterator<Item = &'d Deduction>,
    whose: impl Fn(&Deduction) -> Link,
) -> Table {
    let columns = ["time", column, "shop", "due", "done", "#points", "state", "evidence"];
    let mut table = Table::new(id, &columns, desk.words);
    let zone = desk.inputs.zone;
    for d in deductions {
        let e = event(desk, From::Folder, d);
        let rows = e.evidence.iter().map(|p| format!("{}:{}", p.file, p.row)).collect::<Vec<_>>().join("\n");
        table.push(vec![
            Cell::time(Some(d.occurred_at), zone),
            Cell::link(whose(d)),
            Cell::text(e.shop),
            Cell::time(d.due_at, zone),
            Cell::time(d.done_at.filter(|_| d.due_at.is_some()), zone).note(e.late.unwrap_or_default()),
            points(d.points),
            Cell::text(e.state).mark(e.mark).note(e.occurrence.unwrap_or_default()),
            Cell::text(rows).note(e.id),
        ]);
    }
    table
}

/// The sums by clause with their quotes: of the rules that cost points, or of those that are only watched.
pub fn clauses(desk: &Desk, from: From, all: &[&Deduction], monitored: bool) -> Table {
    let words = desk.words;
    let id = if monitored { "monitored" } else { "clauses" };
    let columns: &[&str] = if monitored {
        &["rule", "clause", "#events", "#people"]
    } else {
        &["rule", "clause", "#charged", "#waived", "#people", "#points"]
    };
    let mut table = Table::new(id, columns, words);
    for (rule_id, deductions) in by_rule(desk, all.iter().copied()) {
        let rule = desk.rule(rule_id);
        if rule.is_some_and(|r| r.monitored) != monitored {
            continue;
        }
        let sum = Sum::of(desk, deductions.iter().copied());
        let quote = rule.map_or_else(String::new, |r| words.fill("quote", &[("text", &r.quote)]));
        let mut row =
            vec![Cell::link(desk.rule_link(from, rule_id)).note(quote), Cell::text(rule.map_or("", |r| &r.clause))];
        let people = Cell::count(sum.people.len() as i64, words);
        if monitored {
            row.extend([Cell::count(deductions.len() as i64, words), people]);
        } else {
            row.extend([Cell::count(sum.charged, words), Cell::count(sum.waived, words), people, points(sum.points)]);
        }
        table.push(row);
    }
    table
}

/// A cell with what deductions cost.
pub fn points(hundredths: i64) -> Cell {
    let value = Quantity::Points(-hundredths.saturating_abs());
    Cell::text(cost(hundredths)).worth(value.raw(), value.unit())
}
