//! Points: by clause, person and week; how often the same happened (the ladder); what was waived, and by whom.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::ledger::{self, Sum};
use super::sheet::{Section, Sheet};
use super::table::{Cell, Table, cut};
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Series, Tick};
use crate::report::data::Deduction;
use crate::report::format::{Quantity, Unit, cost, grouped};
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// Most rows of the list of waived entries.
const MOST_WAIVED: usize = 150;
/// Most rows of what happened again.
const MOST_REPEATED: usize = 150;
/// Most clauses with a column of their own.
const MOST_CLAUSES: usize = 12;

pub fn discipline(desk: &Desk) -> Sheet {
    let words = desk.words;
    let all: Vec<&Deduction> = desk.now.month.deductions.iter().collect();
    Sheet::new("discipline", words.text("nav.discipline"))
        .lead(super::overview::deducted(desk))
        .section(Section::new("weeks", words).chart(weeks(desk, &all)))
        .section(Section::new("clauses", words).table(ledger::clauses(desk, From::Root, &all, false)))
        .section(Section::new("people_weeks", words).table(people(desk, &all)))
        .section(Section::new("people_clauses", words).table(people_clauses(desk, &all)))
        .section(Section::new("ladder", words).note(words.text("discipline.ladder")).table(ladder(desk, &all)))
        .section(Section::new("waived", words).note(words.text("discipline.waived")).table(waived(desk, &all)))
        .section(Section::new("monitored", words).table(ledger::clauses(desk, From::Root, &all, true)))
}

/// The Mondays of the weeks that the month touches.
fn mondays(desk: &Desk) -> Vec<NaiveDate> {
    let month = desk.now.month.month;
    let mut monday = month.first_day().week(Weekday::Mon).first_day();
    let mut all = Vec::new();
    while monday <= month.last_day() {
        all.push(monday);
        monday += TimeDelta::days(7);
    }
    all
}

/// What the weeks are called: from and to, both inside the month.
fn names(desk: &Desk) -> Vec<(NaiveDate, String)> {
    let month = desk.now.month.month;
    let short = |d: NaiveDate| format!("{}/{}", d.month(), d.day());
    let name = |monday: NaiveDate| {
        let (from, to) = (monday.max(month.first_day()), (monday + TimeDelta::days(6)).min(month.last_day()));
        desk.words.fill("discipline.week", &[("from", &short(from)), ("to", &short(to))])
    };
    mondays(desk).into_iter().map(|monday| (monday, name(monday))).collect()
}

/// The week of an event, as its place among the month's; events of a deadline that began before the month belong to its
/// first week.
fn week_of(desk: &Desk, mondays: &[(NaiveDate, String)], d: &Deduction) -> usize {
    let date = desk.inputs.zone.date(d.occurred_at);
    mondays.iter().rposition(|(monday, _)| *monday <= date).unwrap_or(0)
}

/// Points by week.
pub fn weeks(desk: &Desk, all: &[&Deduction]) -> Chart {
    let words = desk.words;
    let names = names(desk);
    let mut sums = vec![0; names.len()];
    for d in all {
        if let Some(sum) = sums.get_mut(week_of(desk, &names, d)) {
            *sum += d.points.saturating_abs();
        }
    }
    let plot = Plot {
        id: "weeks".to_owned(),
        title: words.text("chart.weeks.title"),
        description: words.text("chart.weeks.description"),
        kind: Kind::Bar,
        ticks: names.into_iter().map(|(_, name)| Tick { short: name.clone(), long: name }).collect(),
        series: vec![Series { name: words.text("column.points"), values: sums.into_iter().map(Some).collect() }],
        reference: None,
        divide: None,
        steps: Steps::Decimal(100),
        ceiling: None,
    };
    Chart::new(plot, "week", words, Quantity::Points(0))
}

/// Points of each person by week, most first.
fn people(desk: &Desk, all: &[&Deduction]) -> Table {
    let words = desk.words;
    let names = names(desk);
    let mut table = Table::new("people_weeks", &["person"], words);
    names.iter().for_each(|(_, name)| table.figure_column(name.clone()));
    table.figure_column(words.text("column.points"));
    let mut by: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for d in all.iter().filter(|d| d.points != 0) {
        let sums = by.entry(&d.staff_id).or_insert_with(|| vec![0; names.len()]);
        if let Some(sum) = sums.get_mut(week_of(desk, &names, d)) {
            *sum += d.points.saturating_abs();
        }
    }
    let mut rows: Vec<(&str, Vec<i64>)> = by.into_iter().collect();
    rows.sort_by_key(|(id, sums)| (-sums.iter().sum::<i64>(), *id));
    for (id, sums) in rows {
        let total = sums.iter().sum();
        let mut row = vec![Cell::link(desk.person_link(From::Root, id))];
        row.extend(sums.into_iter().chain([total]).map(ledger::points));
        table.push(row);
    }
    table
}

/// Points of each person by clause: the rules that cost most as columns, the others in one.
fn people_clauses(desk: &Desk, all: &[&Deduction]) -> Table {
    let words = desk.words;
    let charged = || all.iter().filter(|d| d.points != 0);
    let mut rules: BTreeMap<&str, i64> = BTreeMap::new();
    let mut by: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for d in charged() {
        *rules.entry(&d.rule_id).or_default() += d.points.saturating_abs();
        *by.entry((&d.staff_id, &d.rule_id)).or_default() += d.points.saturating_abs();
    }
    let mut rules: Vec<(&str, i64)> = rules.into_iter().collect();
    rules.sort_by_key(|(id, sum)| (-sum, *id));
    let mut table = Table::new("people_clauses", &["person"], words);
    let others = rules.split_off(rules.len().min(MOST_CLAUSES));
    rules.iter().for_each(|(id, _)| table.figure_column(desk.title(id)));
    if !others.is_empty() {
        table.figure_column(words.fill("discipline.others", &[("n", &grouped(others.len() as i64))]));
    }
    let people: BTreeSet<&str> = charged().map(|d| d.staff_id.as_str()).collect();
    for id in desk.staff.iter().copied().filter(|id| people.contains(id)) {
        let mut row = vec![Cell::link(desk.person_link(From::Root, id))];
        let points = |n: Option<i64>| n.map_or_else(|| Cell::text(""), ledger::points);
        row.extend(rules.iter().map(|(rule, _)| points(by.get(&(id, rule)).copied())));
        if !others.is_empty() {
            let rest: Vec<i64> = others.iter().filter_map(|(rule, _)| by.get(&(id, rule)).copied()).collect();
            row.push(points((!rest.is_empty()).then(|| rest.iter().sum())));
        }
        table.push(row);
    }
    table
}

/// Who did the same how often, where it happened twice or more; from which time on it costs more.
fn ladder(desk: &Desk, all: &[&Deduction]) -> Table {
    let words = desk.words;
    let mut table = Table::new("ladder", &["person", "rule", "#times", "#factor", "#points"], words);
    let mut by: BTreeMap<(&str, &str), Vec<&Deduction>> = BTreeMap::new();
    for d in all.iter().filter(|d| d.waived_by.is_none() && d.points != 0) {
        by.entry((&d.staff_id, &d.rule_id)).or_default().push(d);
    }
    let mut rows: Vec<_> = by.into_iter().filter(|(_, found)| found.len() > 1).collect();
    rows.sort_by_key(|((staff, rule), found)| (std::cmp::Reverse(found.len()), *staff, *rule));
    table.note = cut(rows.len(), MOST_REPEATED, words);
    for ((staff, rule), found) in rows.into_iter().take(MOST_REPEATED) {
        let factor = found.iter().map(|d| d.factor).max().unwrap_or(1);
        let times = Cell::count(found.len() as i64, words);
        table.push(vec![
            Cell::link(desk.person_link(From::Root, staff)),
            Cell::link(desk.rule_link(From::Root, rule)),
            if factor > 1 { times.mark("bad") } else { times },
            Cell::text(format!("×{}", grouped(factor))).worth(factor, Unit::Count),
            ledger::points(Sum::of(desk, found).points),
        ]);
    }
    table
}

/// What was waived.
fn waived(desk: &Desk, all: &[&Deduction]) -> Table {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let mut table =
        Table::new("waived", &["time", "person", "rule", "shop", "waived_by", "approved_at", "event_id"], words);
    let mut found: Vec<&&Deduction> = all.iter().filter(|d| d.waived_by.is_some()).collect();
    found.sort_by_key(|d| (d.occurred_at, d.deduction_id.as_str()));
    let n = found.len();
    for d in found.into_iter().take(MOST_WAIVED) {
        let mut person = desk.person_link(From::Root, &d.staff_id);
        person.href = person.href.map(|href| format!("{href}#d-{}", d.deduction_id));
        table.push(vec![
            Cell::time(Some(d.occurred_at), zone),
            Cell::link(person),
            Cell::link(desk.rule_link(From::Root, &d.rule_id)),
            Cell::text(&d.shop),
            Cell::text(d.waived_by.clone().unwrap_or_default()),
            Cell::time(d.waived_at, zone),
            Cell::text(&d.deduction_id),
        ]);
    }
    table.note = cut(n, MOST_WAIVED, words);
    table
}

/// A group's deductions: one sentence.
pub fn sum(desk: &Desk, all: &[&Deduction]) -> String {
    let sum = Sum::of(desk, all.iter().copied());
    desk.words.fill(
        "discipline.sum",
        &[
            ("charged", &grouped(sum.charged)),
            ("points", &cost(sum.points)),
            ("waived", &grouped(sum.waived)),
            ("monitored", &grouped(sum.monitored)),
        ],
    )
}

/// Points as a quantity, for tables of groups.
pub fn deducted(desk: &Desk, all: &[&Deduction]) -> Quantity {
    Quantity::Points(-Sum::of(desk, all.iter().copied()).points)
}
