//! One team: its people side by side, its score, what was deducted.

use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::overview::grade_mark;
use super::sheet::{Section, Sheet};
use super::sums::Sums;
use super::table::{Cell, Table};
use super::{discipline, grid, ledger};
use crate::report::data::Deduction;
use crate::report::format::{NOTHING, Quantity, Ratio};

pub fn team(desk: &Desk, team: &str) -> Sheet {
    let words = desk.words;
    let members = desk.members(team);
    let kpis: [&'static Kpi; 9] = [
        &kpi::RECEIVED,
        &kpi::RECEIVED_PER_HOUR,
        &kpi::FIRST_MEDIAN,
        kpi::in_time(desk.inputs),
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::CONVERSION,
        &kpi::SALES,
    ];
    let deductions = deductions(desk, team);
    Sheet::new("team", team.to_owned())
        .lead(discipline::sum(desk, &deductions))
        .section(Section::new("members", words).table(scores(desk, &members)))
        .section(Section::new("agents", words).table(grid::people(desk, From::Folder, "team_agents", &members, &kpis)))
        .section(Section::new("weeks", words).chart(discipline::weeks(desk, &deductions)))
        .section(Section::new("clauses", words).table(ledger::clauses(desk, From::Folder, &deductions, false)))
}

/// The team's row on the overview: link, people, received, events, points, mean score.
pub fn row(desk: &Desk, team: &str) -> Vec<Cell> {
    let words = desk.words;
    let members = desk.members(team);
    let sums = Sums::of(members.iter().flat_map(|id| desk.now.rows(id)).copied());
    let deductions = deductions(desk, team);
    let scores: Vec<i64> =
        desk.now.month.scores.iter().filter(|s| members.contains(&s.staff_id.as_str())).map(|s| s.score).collect();
    let mean = Ratio::new(Some(scores.iter().sum()), Some(scores.len() as i64)).map(|r| Quantity::Points(r.scaled(1)));
    let charged = ledger::Sum::of(desk, deductions.iter().copied()).charged;
    vec![
        Cell::link(desk.team_link(From::Root, team)),
        Cell::count(members.len() as i64, words),
        Cell::quantity(sums.get("received_count").map(Quantity::Count), words),
        Cell::count(charged, words),
        Cell::quantity(Some(discipline::deducted(desk, &deductions)), words),
        Cell::quantity(mean, words),
    ]
}

fn deductions<'d>(desk: &'d Desk, team: &str) -> Vec<&'d Deduction> {
    let members = desk.members(team);
    desk.now.month.deductions.iter().filter(|d| members.contains(&d.staff_id.as_str())).collect()
}

fn scores(desk: &Desk, members: &[&str]) -> Table {
    let words = desk.words;
    let mut table = Table::new("members", &["person", "role", "#score", "grade", "#deducted", "#awarded"], words);
    for id in members {
        let score = desk.now.month.scores.iter().find(|s| s.staff_id == *id);
        let role = desk.person(id).map_or_else(String::new, |p| words.named("role", &p.role));
        let quantity = |n: Option<i64>| Cell::quantity(n.map(Quantity::Points), words);
        table.push(vec![
            Cell::link(desk.person_link(From::Folder, id)),
            Cell::text(role),
            quantity(score.map(|s| s.score))
                .tag(score.is_some_and(|s| s.provisional).then(|| words.text("provisional"))),
            score.map_or_else(
                || Cell::text(NOTHING),
                |s| Cell::text(words.named("grade", &s.grade)).mark(grade_mark(&s.grade)),
            ),
            score.map_or_else(|| Cell::text(NOTHING), |s| ledger::points(s.deducted)),
            quantity(score.map(|s| s.awarded)),
        ]);
    }
    table
}
