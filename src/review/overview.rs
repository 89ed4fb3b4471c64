//! The first page of a review meeting: everyone's rating, what is proposed, what dropped out, what the numbers stand on.

use super::rating::Review;
use super::room::{Audience, Room};
use super::tables;
use crate::base::Month;
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Series, Tick};
use crate::report::data::Deduction;
use crate::report::format::{Quantity, grouped};
use crate::report::views::chart::Chart;
use crate::report::views::sheet::{Section, Sheet};
use crate::report::views::table::{Cell, Table};

/// The grades, best first.
const GRADES: [&str; 4] = ["excellent", "good", "pass", "fail"];

/// The page for HR, or for a manager and his people.
pub fn overview(room: &Room, audience: Audience) -> Sheet {
    let words = room.words;
    let people = room.people(audience);
    let all = deductions(room, &people, audience);
    let changed: Vec<&Review> =
        people.iter().filter(|r| r.member.stretches.len() > 1 || r.member.days() < room.days()).copied().collect();
    let title = words.fill("review.title", &[("period", &room.period())]);
    let mut sheet = Sheet::new("review", title).lead(lead(room, &people));
    if let Audience::Manager(_) = audience {
        sheet = sheet.lead(words.text("review.manager_lead"));
    }
    let section = |id| Section::new(id, words);
    let ratings = section("half_ratings").note(weights(room)).note(before(room));
    let proposals = section("half_proposals").note(words.text("review.proposal_note")).note(ladder(room));
    sheet = sheet
        .section(ratings.chart(chart(room, &people)).table(tables::ratings(room, &people)))
        .section(proposals.table(tables::proposals(room, &people)))
        .section(section("half_parts").note(words.text("review.parts_note")).table(tables::parts(room, &people, true)));
    if !changed.is_empty() {
        let table = tables::stretches(room, &changed, audience);
        sheet = sheet.section(section("half_stretches").note(words.text("review.stretches_note")).table(table));
    }
    let training: Vec<_> = all.iter().filter(|(_, _, d)| reads_scores(room, &d.rule_id)).copied().collect();
    if !training.is_empty() {
        let table = tables::deductions(room, &training);
        sheet = sheet.section(section("half_training").note(words.text("review.training_note")).table(table));
    }
    if audience == Audience::Hr && !room.inputs.awards.is_empty() {
        sheet = sheet.section(section("half_awards").table(awards(room)));
    }
    sheet
        .section(section("half_months").table(tables::months(room, &people, true)).folded())
        .section(section("half_events").table(tables::deductions(room, &all)).folded())
        .section(
            section("half_settings").note(words.text("review.settings_note")).table(settings(room, audience)).folded(),
        )
}

/// Everybody's deductions that the audience sees, in order.
pub fn deductions<'a>(
    room: &Room<'a>,
    people: &[&'a Review<'a>],
    audience: Audience,
) -> Vec<(&'a Review<'a>, Month, &'a Deduction)> {
    let of = |r: &&'a Review<'a>| {
        let r = *r;
        room.deductions(audience, r).into_iter().map(move |(m, d)| (r, m, d)).collect::<Vec<_>>()
    };
    people.iter().flat_map(of).collect()
}

/// Whether a rule is about people's results, such as that of superiors of people who fail again and again.
fn reads_scores(room: &Room, rule_id: &str) -> bool {
    let of_rule = room.inputs.rulebook.rules.iter().filter(|r| r.id == rule_id);
    of_rule.into_iter().any(|r| r.detect.params.get("of").and_then(toml::Value::as_str) == Some("scores"))
}

fn lead(room: &Room, people: &[&Review]) -> String {
    let count = |grade: &str| grouped(people.iter().filter(|r| r.grade == Some(grade)).count() as i64);
    let [excellent, good, pass, fail] = GRADES.map(count);
    let rated = grouped(people.iter().filter(|r| r.score.is_some()).count() as i64);
    let proposals = grouped(people.iter().map(|r| r.proposals.len()).sum::<usize>() as i64);
    let values = [
        ("people", grouped(people.len() as i64)),
        ("rated", rated),
        ("excellent", excellent),
        ("good", good),
        ("pass", pass),
        ("fail", fail),
        ("proposals", proposals),
    ];
    room.words.fill("review.lead", &values.each_ref().map(|(k, v)| (*k, v.as_str())))
}

fn weights(room: &Room) -> String {
    let (w, cap) = (room.inputs.half.weights, grouped(room.inputs.half.attainment_cap));
    let [sales, efficiency, satisfaction, discipline] =
        [w.sales, w.efficiency, w.satisfaction, w.discipline].map(grouped);
    let values = [
        ("sales", sales.as_str()),
        ("efficiency", efficiency.as_str()),
        ("satisfaction", satisfaction.as_str()),
        ("discipline", discipline.as_str()),
        ("cap", cap.as_str()),
    ];
    room.words.fill("review.weights", &values)
}

/// Which months stand for the period before.
fn before(room: &Room) -> String {
    let inputs = room.inputs;
    let (period, months) = (inputs.period.before(), &inputs.before);
    let name = period.to_string();
    if months.is_empty() {
        return room.words.fill("review.before_none", &[("period", &name)]);
    }
    if months.len() < period.months().len() {
        let there: Vec<String> = months.iter().map(|m| m.month.to_string()).collect();
        return room.words.fill("review.before_some", &[("period", &name), ("months", &room.list(&there))]);
    }
    room.words.fill("review.before", &[("period", &name)])
}

fn ladder(room: &Room) -> String {
    let l = &room.inputs.half.ladder;
    let steps = [l.warning, l.demerit, l.demotion, l.dismissal].map(crate::report::format::points);
    let names = ["warning", "demerit", "demotion", "dismissal"];
    let values: Vec<(&str, &str)> = names.into_iter().zip(steps.iter().map(String::as_str)).collect();
    room.words.fill("review.ladder_note", &values)
}

/// How many have which grade.
fn chart(room: &Room, people: &[&Review]) -> Chart {
    let words = room.words;
    let count = |grade: &str| Some(people.iter().filter(|r| r.grade == Some(grade)).count() as i64);
    let tick = |grade: &str| {
        let name = words.named("grade", grade);
        Tick { short: name.clone(), long: name }
    };
    let plot = Plot {
        id: "half-grades".to_owned(),
        title: words.text("chart.half_grades.title"),
        description: words.text("chart.half_grades.description"),
        kind: Kind::Bar,
        ticks: GRADES.map(tick).to_vec(),
        series: vec![Series { name: words.text("column.people"), values: GRADES.map(count).to_vec() }],
        reference: None,
        divide: None,
        steps: Steps::Decimal(1),
        ceiling: None,
    };
    Chart::new(plot, "grade", words, Quantity::Count(0))
}

fn awards(room: &Room) -> Table {
    let mut table = Table::new("half_awards", &["person", "day", "#awarded"], room.words);
    for a in &room.inputs.awards {
        let date = crate::base::time::date_of(a.on);
        table.push(vec![
            Cell::text(room.name(&a.staff_id)),
            Cell::date(date.to_string(), date),
            room.points(Some(i64::from(a.points))),
        ]);
    }
    table
}

/// The settings of reviews, as they are in force; those of pay are HR's.
fn settings(room: &Room, audience: Audience) -> Table {
    let mut table = Table::new("half_settings", &["setting", "value"], room.words).fixed();
    let shown = |name: &str| audience == Audience::Hr || !name.starts_with("half-year.pay.");
    for (name, value) in room.inputs.half.shown.iter().filter(|(name, _)| shown(name)) {
        table.push(vec![Cell::text(name), Cell::text(value)]);
    }
    table
}
