//! A person's review form.

use super::rating::Review;
use super::room::{Audience, Room, mark};
use super::tables;
use crate::base::{Month, Ms};
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Series, Tick};
use crate::report::data::Deduction;
use crate::report::format::{NOTHING, Quantity, cost, duration, grouped, points};
use crate::report::views::chart::Chart;
use crate::report::views::form::{Clause, Form, Said};
use crate::report::views::table::{Cell, Table};
use std::collections::BTreeMap;

/// Most deductions on a form, so that it stays at two pages; the appeals list them all.
const MOST_EVENTS: usize = 12;
/// Most clauses with their own words.
const MOST_CLAUSES: usize = 6;

/// The form for an audience. A person's own copy names nobody else.
pub fn form(room: &Room, r: &Review, audience: Audience) -> Form {
    let words = room.words;
    let id = r.member.staff_id.as_str();
    let own = Audience::Staff(id);
    let Some(review) = room.reviews.get(id) else { return empty(room, r) };
    let seen = room.deductions(audience, review);
    let mut notes = tables::remarks(room, r);
    if let Audience::Manager(boss) = audience {
        let whole = r.member.stretches.iter().all(|s| s.supervisor_id.as_deref() == Some(boss));
        notes.extend((!whole).then(|| words.text("review.part_of_days")));
    }
    let changed = r.member.stretches.len() > 1 || r.member.days() < room.days();
    Form {
        staff_id: id.to_owned(),
        name: r.member.name.clone(),
        title: words.fill("review.form.title", &[("period", &room.period())]),
        about: about(room, r),
        results: results(room, r),
        parts: tables::parts(room, &[r], false),
        notes,
        stretches: changed.then(|| tables::stretches(room, &[r], own)),
        chart: chart(room, r),
        months: tables::months(room, &[r], false),
        proposals: r
            .proposals
            .iter()
            .map(|p| Said { name: tables::proposal(room, p), text: tables::reason(room, r, p), mark: "", note: None })
            .collect(),
        clauses: clauses(room, &seen),
        events: events(room, &seen),
        signatures: ["self", "supervisor", "head"].map(|who| words.text(&format!("review.sign.{who}"))).to_vec(),
    }
}

/// Never shown: every review is in the room.
fn empty(room: &Room, r: &Review) -> Form {
    Form {
        staff_id: r.member.staff_id.clone(),
        name: r.member.name.clone(),
        title: String::new(),
        about: Vec::new(),
        results: Vec::new(),
        parts: tables::parts(room, &[], false),
        notes: Vec::new(),
        stretches: None,
        chart: chart(room, r),
        months: tables::months(room, &[], false),
        proposals: Vec::new(),
        clauses: Vec::new(),
        events: events(room, &[]),
        signatures: Vec::new(),
    }
}

fn about(room: &Room, r: &Review) -> Vec<String> {
    let days = room.words.fill("review.form.days", &[("days", &grouped(r.member.days()))]);
    let last = r.member.last();
    let role = last.map(|s| room.role(&s.role));
    role.into_iter().chain(last.and_then(|s| s.team.clone())).chain([days]).collect()
}

fn results(room: &Room, r: &Review) -> Vec<Said> {
    let words = room.words;
    let said =
        |key: &str, text: String| Said { name: words.text(&format!("review.form.{key}")), text, mark: "", note: None };
    let before = r.before.as_ref().map(|b| {
        let moved = r.score.and_then(|s| Quantity::Points(s).change(Quantity::Points(b.score), words));
        Said { note: moved.map(|(_, text)| text), ..said("before", points(b.score)) }
    });
    let grade = r.grade.map(|g| Said { mark: mark(g), ..said("grade", words.named("grade", g)) });
    let awarded = (r.awarded > 0).then(|| said("awarded", format!("+{}", points(r.awarded))));
    [said("score", r.score.map_or_else(|| NOTHING.to_owned(), points))]
        .into_iter()
        .chain(grade)
        .chain([said("lost", cost(r.lost))])
        .chain(awarded)
        .chain(before)
        .collect()
}

/// The month scores as bars.
fn chart(room: &Room, r: &Review) -> Chart {
    let words = room.words;
    let months = room.inputs.months.iter().map(|m| m.month);
    let of = |m: Month| {
        let discipline = r.parts.iter().find(|p| p.name == "discipline")?;
        discipline.months.iter().find(|o| o.month == m.to_string()).map(|o| o.above)
    };
    let plot = Plot {
        id: format!("scores-{}", r.member.staff_id.bytes().map(|b| format!("{b:x}")).collect::<String>()),
        title: words.text("chart.half_scores.title"),
        description: words.text("chart.half_scores.description"),
        kind: Kind::Bar,
        ticks: months
            .clone()
            .map(|m| Tick { short: words.text(&format!("month.{}", m.month())), long: m.to_string() })
            .collect(),
        series: vec![Series { name: words.text("column.score"), values: months.map(of).collect() }],
        reference: None,
        divide: None,
        steps: Steps::Decimal(100),
        ceiling: None,
    };
    Chart::new(plot, "month", words, Quantity::Points(0))
}

/// The costliest deductions, to the minute; the appeals list all of them exactly.
fn events(room: &Room, seen: &[(Month, &Deduction)]) -> Table {
    let words = room.words;
    let columns = ["time", "rule", "#points", "state", "due", "result", "event_id"];
    let mut table = Table::new("half_own_events", &columns, words);
    let minute = |at: Option<Ms>| {
        Cell::text(at.map_or_else(String::new, |at| room.inputs.zone.format(at).chars().take(16).collect()))
    };
    let mut rows: Vec<&Deduction> = seen.iter().map(|(_, d)| *d).collect();
    rows.sort_by_key(|d| (-d.points.saturating_abs(), d.occurred_at, d.deduction_id.as_str()));
    for d in rows.iter().take(MOST_EVENTS) {
        let state = if d.waived_by.is_some() { "event.waived" } else { "event.charged" };
        table.push(vec![
            minute(Some(d.occurred_at)),
            Cell::text(room.title(&d.rule_id)),
            Cell::text(cost(d.points)),
            Cell::text(words.text(state)),
            minute(d.due_at),
            Cell::text(result(room, d)),
            Cell::text(&d.deduction_id),
        ]);
    }
    if rows.len() > MOST_EVENTS {
        let (shown, all) = (grouped(MOST_EVENTS as i64), grouped(rows.len() as i64));
        table.note = Some(words.fill("review.form.cut", &[("shown", &shown), ("all", &all)]));
    }
    table.empty = words.text("review.form.no_deductions");
    table
}

/// How late something was, or that it was never done: where due and done are the same minute, a millisecond decided.
fn result(room: &Room, d: &Deduction) -> String {
    match (d.due_at, d.done_at) {
        (Some(due), Some(done)) if done > due => {
            room.words.fill("event.late_by", &[("by", &duration(room.words, done - due))])
        }
        (Some(_), None) => room.words.text("event.never_done"),
        _ => String::new(),
    }
}

/// What cost most, in the clauses' own words.
fn clauses(room: &Room, seen: &[(Month, &Deduction)]) -> Vec<Clause> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (_, d) in seen.iter().filter(|(_, d)| d.waived_by.is_none()) {
        let (count, lost) = sums.entry(&d.rule_id).or_default();
        *count += 1;
        *lost += d.points.saturating_abs();
    }
    let mut all: Vec<(&str, (i64, i64))> = sums.into_iter().collect();
    all.sort_by_key(|(id, (count, lost))| (-lost, -count, *id));
    let of = |(id, (count, lost)): (&str, (i64, i64))| {
        let rule = room.rule(id);
        Clause {
            title: room.title(id).to_owned(),
            clause: rule.map_or_else(String::new, |r| r.clause.clone()),
            quote: rule.map_or_else(String::new, |r| r.quote.clone()),
            count: room.words.fill("event.count", &[("n", &grouped(count))]),
            points: cost(lost),
        }
    };
    all.into_iter().take(MOST_CLAUSES).map(of).collect()
}
