//! Two months held against each other, by person and rule: what changed, and whether it was the data, the rules or what
//! people did.

use super::gather;
use super::project::Project;
use super::stage;
use crate::base::time::day_of;
use crate::base::{Month, Result};
use crate::report::data::{Inputs, MonthInputs};
use crate::settings::rulebook::Rule;
use std::collections::{BTreeMap, BTreeSet};

/// Why two months differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The rule could not be assessed in one of them.
    Data,
    /// Another version of the rule was in force.
    Rules,
    /// The person was there in one of them alone.
    People,
    /// The same rule, the same data: more or less of it happened.
    Behaviour,
}

impl Why {
    pub fn name(self) -> &'static str {
        match self {
            Why::Data => "data",
            Why::Rules => "rules",
            Why::People => "people",
            Why::Behaviour => "behaviour",
        }
    }
}

/// A person's deductions for a rule in both months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub staff_id: String,
    pub name: String,
    pub rule_id: String,
    pub title: String,
    /// Events that were charged or watched.
    pub events: [i64; 2],
    /// Hundredths, a cost.
    pub points: [i64; 2],
    pub why: Why,
}

/// A person's score in both months, hundredths; `None`: no score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreLine {
    pub staff_id: String,
    pub name: String,
    pub scores: [Option<i64>; 2],
}

/// What changed.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    pub scores: Vec<ScoreLine>,
    /// Those that differ, the largest difference of points first.
    pub lines: Vec<Line>,
}

/// Compares two computed months.
///
/// # Errors
/// Exit 3 where one of them was not computed.
pub fn compare(project: &Project, before: Month, after: Month) -> Result<Compared> {
    let manifest = stage::manifest(project)?;
    let as_of = stage::as_of(project, &manifest)?;
    let inputs = [before, after].map(|m| gather::inputs(project, &manifest, m, as_of));
    let [a, b] = inputs;
    let (a, b) = (a?, b?);
    let (Some(was), Some(is)) = (a.months.last(), b.months.last()) else { return Ok(Compared::default()) };
    let sides = [was, is];
    let name = |id: &str| {
        let found = |m: &&MonthInputs| m.people.iter().find(|p| p.staff_id == id).map(|p| p.name.clone());
        sides.iter().rev().find_map(found).unwrap_or_else(|| id.to_owned())
    };
    Ok(Compared { scores: scores(sides, &name), lines: lines(project, &b, sides, &name) })
}

fn scores(sides: [&MonthInputs; 2], name: &dyn Fn(&str) -> String) -> Vec<ScoreLine> {
    let ids: BTreeSet<&str> = sides.iter().flat_map(|m| &m.scores).map(|s| s.staff_id.as_str()).collect();
    let of = |m: &MonthInputs, id: &str| m.scores.iter().find(|s| s.staff_id == id).map(|s| s.score);
    let line = |id: &str| ScoreLine { staff_id: id.to_owned(), name: name(id), scores: sides.map(|m| of(m, id)) };
    ids.into_iter().map(line).filter(|l| l.scores[0] != l.scores[1]).collect()
}

fn lines(project: &Project, inputs: &Inputs, sides: [&MonthInputs; 2], name: &dyn Fn(&str) -> String) -> Vec<Line> {
    // By person and rule: events and points in both months.
    type Sums<'a> = BTreeMap<(&'a str, &'a str), ([i64; 2], [i64; 2])>;
    let mut sums = Sums::new();
    for (side, month) in sides.iter().enumerate() {
        for d in month.deductions.iter().filter(|d| d.waived_by.is_none()) {
            let (events, points) = sums.entry((&d.staff_id, &d.rule_id)).or_default();
            events[side] += 1;
            points[side] += d.points.saturating_abs();
        }
    }
    let differ = sums.into_iter().filter(|(_, (events, points))| events[0] != events[1] || points[0] != points[1]);
    let mut lines: Vec<Line> = differ
        .map(|((staff, rule), (events, points))| Line {
            staff_id: staff.to_owned(),
            name: name(staff),
            rule_id: rule.to_owned(),
            title: inputs.rules.iter().find(|r| r.id == rule).map_or(rule, |r| &r.title).to_owned(),
            events,
            points,
            why: why(project, sides, staff, rule),
        })
        .collect();
    lines.sort_by(|a, b| {
        let size = |l: &Line| (l.points[1] - l.points[0]).abs();
        size(b).cmp(&size(a)).then_with(|| (&a.staff_id, &a.rule_id).cmp(&(&b.staff_id, &b.rule_id)))
    });
    lines
}

fn why(project: &Project, sides: [&MonthInputs; 2], staff: &str, rule: &str) -> Why {
    let missing = |m: &MonthInputs| m.quality.iter().any(|q| q.kind == "not_assessed" && q.subject == rule);
    if missing(sides[0]) != missing(sides[1]) {
        return Why::Data;
    }
    let versions = sides.map(|m| in_force(project, rule, m.month));
    if versions[0] != versions[1] {
        return Why::Rules;
    }
    let there = |m: &MonthInputs| m.people.iter().any(|p| p.staff_id == staff);
    if there(sides[0]) == there(sides[1]) { Why::Behaviour } else { Why::People }
}

/// The versions of a rule that hold on some day of a month, by their first days.
fn in_force(project: &Project, rule: &str, month: Month) -> Vec<(Option<i32>, Option<i32>)> {
    let (first, last) = (month.first_day(), month.last_day());
    let holds =
        |r: &&Rule| r.effective_from.is_none_or(|from| from <= last) && r.effective_to.is_none_or(|to| to >= first);
    let of = project.settings.rulebook.rules.iter().filter(|r| r.id == rule).filter(holds);
    of.map(|r| (r.effective_from.map(day_of), r.effective_to.map(day_of))).collect()
}
