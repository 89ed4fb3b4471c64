//! The first page: headlines, trends, ranking, deductions by clause, people.

use super::chart::Chart;
use super::desk::{AGENT, Desk, From};
use super::kpi::{self, Better, Kpi};
use super::ledger::{self, Sum};
use super::sums::{Tally, Totals};
use super::table::{Cell, Link, Table};
use super::{grid, moved, ranking, team, trend};
use crate::report::data::Deduction;
use crate::report::format::{NOTHING, Quantity, grouped, points, show};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Overview {
    /// One line on what the page covers.
    pub scope: String,
    pub headlines: Vec<Headline>,
    /// What got better and what got worse, a sentence each.
    pub better: Vec<Link>,
    pub worse: Vec<Link>,
    pub charts: Vec<Chart>,
    pub months: Table,
    pub shops: Table,
    pub teams: Table,
    pub ranking: Table,
    /// One sentence on all deductions.
    pub deducted: String,
    pub clauses: Table,
    pub monitored: Table,
    pub people: Table,
    /// Says how many rules were not assessed, where any.
    pub not_assessed: Option<String>,
}

/// One large figure.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Headline {
    pub id: &'static str,
    pub name: String,
    pub value: String,
    pub before: String,
    pub change: Option<Change>,
    /// The same month of the year before, where it was computed.
    pub year: Option<Compared>,
    /// What it should reach, where that is set.
    pub target: Option<Compared>,
    pub notes: Vec<Link>,
    /// The page of the figure, seen from the report's root.
    pub href: Option<String>,
    /// Until when it is final, where its window is not over.
    pub provisional: Option<String>,
    /// The value, the one before, the year's and the target's, for forms that keep numbers as such.
    #[serde(skip)]
    pub numbers: [Option<Quantity>; 4],
}

/// Another value of a figure, and how the month's stands to it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Compared {
    pub value: String,
    pub change: Option<Change>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Change {
    pub text: String,
    /// `good`, `bad`, `mute`.
    pub mark: &'static str,
    /// ▲, ▼ or =: colour alone says nothing in print.
    pub arrow: &'static str,
}

pub fn overview(desk: &Desk) -> Overview {
    let moved = moved::moved(desk);
    let all: Vec<&Deduction> = desk.now.month.deductions.iter().collect();
    Overview {
        scope: scope(desk),
        headlines: headlines(desk),
        better: moved.better,
        worse: moved.worse,
        charts: vec![trend::first_response(desk), trend::backlog(desk)],
        months: trend::months(desk, From::Root, "months", &trend::month_kpis(desk), |t| Some(t.whole())),
        shops: grid::shops(desk, From::Root, "shops", &trend::month_kpis(desk)),
        teams: teams(desk),
        ranking: ranking::ranking(desk),
        deducted: deducted(desk),
        clauses: ledger::clauses(desk, From::Root, &all, false),
        monitored: ledger::clauses(desk, From::Root, &all, true),
        people: people(desk),
        not_assessed: not_assessed(desk),
    }
}

/// One line on what the report covers.
pub fn scope(desk: &Desk) -> String {
    let shops: Vec<&str> = desk.now.shops().collect();
    let shops = list(&shops, desk.words);
    desk.words.fill("overview.scope", &[("shops", &shops), ("preset", &desk.preset()), ("clock", &clock(desk))])
}

/// How many rules were not assessed, where any.
pub fn not_assessed(desk: &Desk) -> Option<String> {
    let rules: BTreeSet<&str> =
        desk.now.month.quality.iter().filter(|q| q.kind == "not_assessed").map(|q| q.subject.as_str()).collect();
    (!rules.is_empty()).then(|| desk.words.fill("overview.not_assessed", &[("n", &grouped(rules.len() as i64))]))
}

/// What response times are measured with.
pub fn clock(desk: &Desk) -> String {
    desk.words.named("clock", &desk.inputs.clock)
}

/// The large figures of the whole department.
pub fn headlines(desk: &Desk) -> Vec<Headline> {
    let words = desk.words;
    let whole = desk.now.whole();
    let line =
        |kpi: &'static Kpi, notes: Vec<Link>| with_target(desk, kpi, headline(desk, kpi, |t| Some(t.whole()), notes));
    let with = |kpi: &Kpi| {
        let value = show((kpi.of)(&whole), words);
        let text = words.fill("overview.with", &[("name", &kpi.name(words, desk.inputs)), ("value", &value)]);
        Link { text, href: Some(kpi.file()) }
    };
    let counted = desk.now.counted_at().map(|at| desk.inputs.zone.format(at));
    vec![
        line(&kpi::INQUIRIES, vec![]),
        line(&kpi::RECEIVED, vec![words.text("overview.received_note").into()]),
        line(&kpi::FIRST_MEDIAN, vec![with(&kpi::FIRST_P90)]),
        line(&kpi::FIRST_MEAN, vec![]),
        line(kpi::in_time(desk.inputs), vec![with(&kpi::FIRST_IN_3MIN)]),
        line(&kpi::RESPONSE_MEAN, vec![]),
        line(&kpi::REPLY_RATE, vec![]),
        line(&kpi::MISSED, vec![]),
        line(
            &kpi::BACKLOG,
            counted.map(|at| words.fill("overview.counted", &[("at", &at)]).into()).into_iter().collect(),
        ),
        line(&kpi::CONVERSION, vec![with(&kpi::LINK_RATE)]),
        line(&kpi::SALES, vec![with(&kpi::SALES_NET)]),
        line(&kpi::ORDERS, vec![with(&kpi::UNSHIPPED)]),
    ]
}

/// A figure of a grouping (`of`) beside the month before, the same month of the year before, and its target; `notes` may
/// lead to pages, seen from the report's root.
pub fn headline<'d>(
    desk: &'d Desk,
    kpi: &'static Kpi,
    of: impl Fn(&'d Tally<'d>) -> Option<Totals<'d>>,
    notes: Vec<Link>,
) -> Headline {
    let words = desk.words;
    let in_month = |tally: &'d Tally<'d>| (kpi.of)(&of(tally)?);
    let value = in_month(&desk.now);
    let before = desk.before().and_then(in_month);
    let moved = |other: Option<Quantity>| value.zip(other).and_then(|(value, other)| change(desk, kpi, value, other));
    let year = desk.year_before().and_then(in_month);
    Headline {
        id: kpi.id,
        name: kpi.name(words, desk.inputs),
        value: show(value, words),
        before: show(before, words),
        change: moved(before),
        year: year.map(|y| Compared { value: y.show(words), change: moved(Some(y)) }),
        target: None,
        notes,
        href: Some(kpi.file()),
        provisional: trend::provisional(desk, &desk.now, kpi, value),
        numbers: [value, before, year, None],
    }
}

/// Whether a figure of the whole department reaches what it should.
pub fn with_target(desk: &Desk, kpi: &'static Kpi, headline: Headline) -> Headline {
    let value = (kpi.of)(&desk.now.whole());
    let Some((value, wanted)) = value.zip(desk.inputs.targets.get(kpi.id).copied()) else { return headline };
    let met = if kpi.better == Better::Less { value.raw() <= wanted } else { value.raw() >= wanted };
    let (key, mark) = if met { ("overview.target_met", "good") } else { ("overview.target_missed", "bad") };
    let arrow = if met { "✓" } else { "✗" };
    let change = Change { text: desk.words.text(key), mark, arrow };
    let target = Compared { value: value.with(wanted).show(desk.words), change: Some(change) };
    let [now, before, year, _] = headline.numbers;
    Headline { target: Some(target), numbers: [now, before, year, Some(value.with(wanted))], ..headline }
}

/// How a figure moved, and whether that is good.
pub fn change(desk: &Desk, kpi: &Kpi, value: Quantity, before: Quantity) -> Option<Change> {
    let (way, text) = value.change(before, desk.words)?;
    let mark = match (kpi.better, way) {
        (_, Ordering::Equal) | (Better::Neither, _) => "mute",
        (Better::More, Ordering::Greater) | (Better::Less, Ordering::Less) => "good",
        _ => "bad",
    };
    let arrow = match way {
        Ordering::Greater => "▲",
        Ordering::Less => "▼",
        Ordering::Equal => "=",
    };
    Some(Change { text, mark, arrow })
}

/// One row for each team.
fn teams(desk: &Desk) -> Table {
    let mut table =
        Table::new("teams", &["team", "#people", "#received", "#charged", "#deducted", "#score"], desk.words);
    for name in &desk.teams {
        table.push(team::row(desk, name));
    }
    table
}

/// One sentence on all deductions.
pub fn deducted(desk: &Desk) -> String {
    let words = desk.words;
    let sum = Sum::of(desk, &desk.now.month.deductions);
    let charged = desk.now.month.deductions.iter().filter(|d| d.points != 0).map(|d| d.staff_id.as_str());
    let people = charged.collect::<std::collections::BTreeSet<_>>().len() as i64;
    words.fill(
        "overview.deducted",
        &[
            ("charged", &grouped(sum.charged)),
            ("points", &points(sum.points)),
            ("people", &grouped(people)),
            ("waived", &grouped(sum.waived)),
            ("monitored", &grouped(sum.monitored)),
        ],
    )
}

/// Everyone with a page.
fn people(desk: &Desk) -> Table {
    let words = desk.words;
    let columns = ["person", "staff_id", "role", "team", "#score", "grade", "#deducted", "#awarded", "#events"];
    let mut table = Table::new("people", &columns, words);
    let month = desk.now.month;
    for id in &desk.staff {
        let person = desk.person(id);
        let score = month.scores.iter().find(|s| s.staff_id == *id);
        let sum = Sum::of(desk, month.deductions.iter().filter(|d| d.staff_id == *id));
        let quantity = |n: Option<i64>| Cell::quantity(n.map(Quantity::Points), words);
        let total = quantity(score.map(|s| s.score));
        table.push(vec![
            Cell::link(desk.person_link(From::Root, id)),
            Cell::text(*id),
            Cell::text(person.map_or_else(String::new, |p| words.named("role", &p.role))),
            Cell::text(person.and_then(|p| p.team.as_deref()).unwrap_or("")),
            total.tag(score.is_some_and(|s| s.provisional).then(|| words.text("provisional"))),
            score.map_or_else(
                || Cell::text(NOTHING),
                |s| Cell::text(words.named("grade", &s.grade)).mark(grade_mark(&s.grade)),
            ),
            ledger::points(sum.points),
            quantity(score.map(|s| s.awarded)),
            Cell::count(sum.charged + sum.waived, words),
        ]);
    }
    table
}

/// The mark of a grade.
pub fn grade_mark(grade: &str) -> &'static str {
    match grade {
        "excellent" | "good" => "good",
        "fail" => "bad",
        "pass" => "warn",
        _ => "mute",
    }
}

/// Whether someone belongs into the ranking of agents.
pub fn is_ranked(desk: &Desk, id: &str) -> bool {
    let received = desk.now.person(id).and_then(|t| t.sums.get("received_count")).unwrap_or(0);
    desk.person(id).is_some_and(|p| p.role == AGENT) || received > 0
}

fn list(items: &[&str], words: &crate::report::words::Words) -> String {
    if items.is_empty() { NOTHING.to_owned() } else { items.join(&words.text("format.list")) }
}
