//! The tables of reviews, for any audience.

use super::parts::{PARTS, Part};
use super::people::Stretch;
use super::rating::{Proposal, Review};
use super::room::{Audience, Room};
use crate::base::Month;
use crate::base::time::date_of;
use crate::report::data::Deduction;
use crate::report::format::{NOTHING, Quantity, grouped, points};
use crate::report::views::table::{Cell, Table};
use crate::scores::half::Dropped;

/// Everyone's score, grade and parts, best first.
pub fn ratings(room: &Room, people: &[&Review]) -> Table {
    let words = room.words;
    let columns = ["person", "role", "team", "#half_score", "grade", "#half_before", "#change"];
    let mut table = Table::new("half_ratings", &columns, words);
    PARTS.iter().for_each(|p| table.figure_column(words.text(&format!("review.part.{p}"))));
    table.figure_column(words.text("review.lost"));
    table.text_column(words.text("review.remarks"));
    let mut people: Vec<&&Review> = people.iter().collect();
    people.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.member.staff_id.cmp(&b.member.staff_id)));
    for r in people {
        let last = r.member.last();
        let moved = r.score.zip(r.before.as_ref()).and_then(|(now, before)| {
            Quantity::Points(now).change(Quantity::Points(before.score), words).map(|(_, text)| text)
        });
        let mut row = vec![
            room.person(r),
            Cell::text(last.map_or_else(String::new, |s| room.role(&s.role))),
            Cell::text(last.and_then(|s| s.team.clone()).unwrap_or_default()),
            room.points(r.score).tag(provisional(room, r)),
            room.grade(r.grade),
            room.points(r.before.as_ref().map(|b| b.score)),
            Cell::text(moved.unwrap_or_else(|| NOTHING.to_owned())),
        ];
        row.extend(r.parts.iter().map(|p| part_score(room, p)));
        row.push(room.points(Some(r.lost)));
        row.push(Cell::text(short(room, r).join("\n")));
        table.push(row);
    }
    table
}

fn provisional(room: &Room, r: &Review) -> Option<String> {
    (!super::parts::provisional(&r.parts).is_empty()).then(|| room.words.text("provisional"))
}

/// The part's points; where it dropped out for being small, the count.
fn part_score(room: &Room, part: &Part) -> Cell {
    match part.measure.dropped() {
        Some(Dropped::Few) => Cell::text(fraction(room, part)).mark("mute"),
        _ => room.points(part.measure.score()),
    }
}

/// The same as [`remarks`] in a few words, for a table.
fn short(room: &Room, r: &Review) -> Vec<String> {
    let words = room.words;
    let names = |why: Dropped| -> Vec<String> {
        let parts = r.parts.iter().filter(|p| p.measure.dropped() == Some(why));
        parts.map(|p| words.text(&format!("review.part.{}", p.name))).collect()
    };
    let said = [("review.short.nothing", names(Dropped::Nothing)), ("review.short.few", names(Dropped::Few))];
    let mut said: Vec<String> = said
        .into_iter()
        .filter(|(_, parts)| !parts.is_empty())
        .map(|(key, parts)| words.fill(key, &[("parts", &room.list(&parts))]))
        .collect();
    let days = r.member.days();
    said.extend((days < room.days()).then(|| words.fill("review.form.days", &[("days", &grouped(days))])));
    said
}

/// What a reader must know of a score: what dropped out, what may change, which days it is about.
pub fn remarks(room: &Room, r: &Review) -> Vec<String> {
    let words = room.words;
    let mut said = Vec::new();
    for part in &r.parts {
        let name = words.text(&format!("review.part.{}", part.name));
        let of = |key: &str| {
            let (count, least) = (grouped(part.measure.below), grouped(part.measure.least));
            let values = [("part", name.as_str()), ("count", count.as_str()), ("least", least.as_str())];
            words.fill(&format!("review.dropped.{key}"), &values)
        };
        match part.measure.dropped() {
            Some(Dropped::Nothing) => said.push(of(part.name)),
            Some(Dropped::Few) => said.push(of("few")),
            None if !part.untargeted.is_empty() => {
                let months = room.list(&part.untargeted);
                said.push(words.fill("review.untargeted", &[("months", &months)]));
            }
            None => {}
        }
        if part.open > 0 {
            said.push(words.fill("review.open_steps", &[("n", &grouped(part.open))]));
        }
    }
    let open: Vec<String> = super::parts::provisional(&r.parts).into_iter().map(str::to_owned).collect();
    if !open.is_empty() {
        said.push(words.fill("review.provisional", &[("months", &room.list(&open))]));
    }
    let days = r.member.days();
    if days < room.days() {
        said.push(words.fill("review.own_days", &[("days", &grouped(days)), ("of", &grouped(room.days()))]));
    }
    said
}

/// Above and below the line, in their unit.
pub fn fraction(room: &Room, part: &Part) -> String {
    let words = room.words;
    let m = &part.measure;
    match part.name {
        "sales" => format!("{} ÷ {}", Quantity::Fen(m.above).show(words), Quantity::Fen(m.below).show(words)),
        "discipline" => words.fill("review.mean", &[("sum", &points(m.above)), ("months", &grouped(m.below))]),
        _ => format!("{} ÷ {}", grouped(m.above), grouped(m.below)),
    }
}

/// The parts of scores with what they are made of. `named`: with the person, for a table of many.
pub fn parts(room: &Room, people: &[&Review], named: bool) -> Table {
    let words = room.words;
    let mut columns = vec!["half_part", "half_made_of", "#half_points", "#half_weight", "#half_counts"];
    if named {
        columns.insert(0, "person");
    }
    let mut table = Table::new("half_parts", &columns, words).fixed();
    for r in people {
        let counted: i64 = r.parts.iter().filter(|p| p.measure.dropped().is_none()).map(|p| p.measure.weight).sum();
        for part in &r.parts {
            let m = &part.measure;
            // Half up, in hundredths of a percent.
            let counts = (m.dropped().is_none() && counted > 0)
                .then(|| Quantity::Share((2 * m.weight * 10_000 + counted) / (2 * counted)));
            let mut row = vec![
                Cell::text(words.text(&format!("review.part.{}", part.name))),
                if m.below > 0 { Cell::text(fraction(room, part)) } else { Cell::text(words.text("review.no_data")) },
                room.points(m.score()),
                Cell::quantity(Some(Quantity::Share(m.weight * 100)), words),
                match counts {
                    Some(share) => Cell::quantity(Some(share), words),
                    None => Cell::text(words.text("review.drops")).mark("mute"),
                },
            ];
            if named {
                row.insert(0, room.person(r));
            }
            table.push(row);
        }
    }
    table
}

/// Month by month what each part was made of.
pub fn months(room: &Room, people: &[&Review], named: bool) -> Table {
    let words = room.words;
    let mut columns = vec!["month", "#half_days"];
    if named {
        columns.insert(0, "person");
    }
    let mut table = Table::new("half_months", &columns, words);
    PARTS.iter().for_each(|p| table.figure_column(words.text(&format!("review.month.{p}"))));
    for r in people {
        for m in &room.inputs.months {
            let (month, days) = (m.month.to_string(), r.member.days_of(m.month));
            if days == 0 {
                continue;
            }
            let mut row = vec![Cell::text(&month), Cell::count(days, words)];
            row.extend(r.parts.iter().map(|part| {
                let Some(of) = part.months.iter().find(|o| o.month == month) else { return Cell::text(NOTHING) };
                match part.name {
                    "discipline" => room.points(Some(of.above)).tag(of.provisional.then(|| words.text("provisional"))),
                    "sales" => {
                        let target = Quantity::Fen(of.below).show(words);
                        Cell::quantity(Some(Quantity::Fen(of.above)), words).note(format!("÷ {target}"))
                    }
                    _ => Cell::text(format!("{} ÷ {}", grouped(of.above), grouped(of.below))),
                }
            }));
            if named {
                row.insert(0, room.person(r));
            }
            table.push(row);
        }
    }
    table
}

/// What is proposed, for people to decide. `value` is what the numbers say, not what becomes of it.
pub fn proposals(room: &Room, people: &[&Review]) -> Table {
    let words = room.words;
    let mut table = Table::new("half_proposals", &["person", "role", "half_proposal", "half_reason"], words);
    let mut all: Vec<(&Review, &Proposal)> =
        people.iter().flat_map(|r| r.proposals.iter().map(move |p| (*r, p))).collect();
    let order = |p: &Proposal| KINDS.iter().position(|k| *k == p.kind);
    all.sort_by(|(a, p), (b, q)| {
        (order(p), -p.value, &a.member.staff_id).cmp(&(order(q), -q.value, &b.member.staff_id))
    });
    for (r, p) in all {
        table.push(vec![
            room.person(r),
            Cell::text(r.member.last().map_or_else(String::new, |s| room.role(&s.role))),
            Cell::text(proposal(room, p)).mark(if p.kind == "award" { "good" } else { "bad" }),
            Cell::text(reason(room, r, p)),
        ]);
    }
    table
}

/// In the order in which a meeting takes them.
const KINDS: [&str; 6] = ["award", "dismissal_review", "dismissal", "demotion", "demerit", "warning"];

pub fn proposal(room: &Room, p: &Proposal) -> String {
    room.words.text(&format!("review.proposal.{}", p.kind))
}

pub fn reason(room: &Room, r: &Review, p: &Proposal) -> String {
    let (value, limit) = (points(p.value), points(p.limit.unwrap_or(0)));
    match p.kind {
        "award" if r.proposals.len() > 1 => {
            room.words.fill("review.reason.award_but", &[("score", &value), ("lost", &points(r.lost))])
        }
        "award" => room.words.fill("review.reason.award", &[("score", &value)]),
        "dismissal_review" => {
            let of = |id: &String| r.deductions.iter().find(|(_, d)| d.deduction_id == *id);
            let events: Vec<String> = p.deductions.iter().filter_map(of).map(|(_, d)| incident(room, d)).collect();
            room.words.fill("review.reason.serious", &[("events", &events.join("; "))])
        }
        _ => {
            let key = if p.value < r.lost { "review.reason.ladder_half" } else { "review.reason.ladder" };
            room.words.fill(key, &[("lost", &value), ("limit", &limit)])
        }
    }
}

fn incident(room: &Room, d: &Deduction) -> String {
    format!("{} {} ({})", room.inputs.zone.date(d.occurred_at), room.title(&d.rule_id), d.deduction_id)
}

/// Who was what on which days. For staff the supervisor is nobody's name.
pub fn stretches(room: &Room, people: &[&Review], audience: Audience) -> Table {
    let named = !matches!(audience, Audience::Staff(_));
    let mut columns = vec!["half_from", "half_to", "#half_days", "role", "team"];
    if named {
        columns.insert(0, "person");
        columns.push("half_supervisor");
    }
    let mut table = Table::new("half_stretches", &columns, room.words);
    for r in people {
        for s in &r.member.stretches {
            let mut row = stretch(room, s);
            if named {
                row.insert(0, room.person(r));
                row.push(Cell::text(s.supervisor_id.as_deref().map_or_else(|| NOTHING.to_owned(), |b| room.name(b))));
            }
            table.push(row);
        }
    }
    table
}

fn stretch(room: &Room, s: &Stretch) -> Vec<Cell> {
    let (from, to) = (date_of(*s.days.start()), date_of(*s.days.end()));
    vec![
        Cell::date(from.to_string(), from),
        Cell::date(to.to_string(), to),
        Cell::count(i64::from(*s.days.end() - *s.days.start()) + 1, room.words),
        Cell::text(room.role(&s.role)),
        Cell::text(s.team.clone().unwrap_or_default()),
    ]
}

/// Entries of the ledger with their raw rows: for HR and managers. A form has its own, shorter table.
pub fn deductions(room: &Room, all: &[(&Review, Month, &Deduction)]) -> Table {
    let words = room.words;
    let columns = ["person", "month", "time", "rule", "#points", "state", "due", "done", "evidence", "event_id"];
    let mut table = Table::new("half_events", &columns, words);
    for (r, month, d) in all {
        let state = if d.waived_by.is_some() { "event.waived" } else { "event.charged" };
        let rule = room.rule(&d.rule_id);
        let nth = if d.factor == 1 { "event.nth" } else { "event.nth_factor" };
        let nth = words.fill(nth, &[("n", &grouped(d.occurrence_no)), ("factor", &grouped(d.factor))]);
        let again = d.occurrence_no > 1 || d.factor != 1;
        let evidence: Vec<String> = d.evidence.iter().map(|(_, file, row)| format!("{file}:{row}")).collect();
        table.push(vec![
            room.person(r),
            Cell::text(month.to_string()),
            Cell::time(Some(d.occurred_at), room.inputs.zone),
            Cell::text(room.title(&d.rule_id)).note(rule.map_or("", |r| r.clause.as_str())),
            Cell::quantity(Some(Quantity::Points(-d.points.saturating_abs())), words),
            Cell::text(words.text(state)).note(if again { nth } else { String::new() }),
            Cell::time(d.due_at, room.inputs.zone),
            Cell::time(d.done_at.filter(|_| d.due_at.is_some()), room.inputs.zone),
            Cell::text(evidence.join("\n")),
            Cell::text(&d.deduction_id),
        ]);
    }
    table
}
