//! Everyone's review: parts, score, grade, what was lost, and what is proposed. Proposals are for people to decide.

use super::inputs::ReviewInputs;
use super::parts::{Part, parts};
use super::people::{Member, members};
use crate::base::Month;
use crate::report::data::{Deduction, MonthInputs};
use crate::scores::grade;
use crate::scores::half::{score, step};
use crate::settings::HalfYear;
use std::collections::{BTreeMap, BTreeSet};

/// One person's review.
#[derive(Debug)]
pub struct Review<'a> {
    pub member: Member,
    pub parts: Vec<Part>,
    /// Hundredths of a point; `None`: no part has data.
    pub score: Option<i64>,
    pub grade: Option<&'static str>,
    pub before: Option<Before>,
    /// Everything of the ledger that the person pays for, with its month, in order of time; what is only watched is
    /// left out.
    pub deductions: Vec<(Month, &'a Deduction)>,
    /// Points lost and awarded, hundredths.
    pub lost: i64,
    pub awarded: i64,
    pub proposals: Vec<Proposal>,
}

/// The period before, of the months that are computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub score: i64,
    pub grade: &'static str,
}

/// Something that people are asked to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// `award`, `warning`, `demerit`, `demotion`, `dismissal`, `dismissal_review`.
    pub kind: &'static str,
    /// The score (award) or the points lost that it stands on, hundredths.
    pub value: i64,
    /// The limit that was reached.
    pub limit: Option<i64>,
    /// The single deductions it is about.
    pub deductions: Vec<String>,
}

/// All reviews, by staff_id.
pub fn reviews(inputs: &ReviewInputs) -> BTreeMap<String, Review<'_>> {
    let half = &inputs.half;
    let before = before(inputs);
    let months: Vec<Month> = inputs.months.iter().map(|m| m.month).collect();
    let mut all: BTreeMap<String, Review<'_>> = BTreeMap::new();
    for (id, member) in members(inputs, &months) {
        let parts = parts(&member, &inputs.months, half);
        let score = total(&parts);
        let deductions = deductions(inputs, &id);
        let lost = deductions.iter().map(|(_, d)| d.points.saturating_abs()).sum();
        let scores = inputs.months.iter().flat_map(|m| &m.scores).filter(|s| s.staff_id == id);
        let awarded = scores.map(|s| s.awarded).sum();
        let mut proposals = Vec::new();
        proposals.extend(serious(inputs, &deductions));
        let worst = worst_half(&deductions);
        if let Some((kind, limit)) = step(worst, &half.ladder) {
            proposals.push(Proposal { kind, value: worst, limit: Some(limit), deductions: Vec::new() });
        }
        let before = before.get(&id).cloned();
        let grade = score.map(|s| grade_of(s, half));
        all.insert(id, Review { member, parts, score, grade, before, deductions, lost, awarded, proposals });
    }
    propose_awards(&mut all, half.awards_max);
    all
}

fn total(parts: &[Part]) -> Option<i64> {
    score(&parts.iter().map(|p| p.measure).collect::<Vec<_>>())
}

fn grade_of(score: i64, half: &HalfYear) -> &'static str {
    grade(i32::try_from(score).unwrap_or(i32::MAX), &half.grades)
}

/// Scores of the period before.
fn before(inputs: &ReviewInputs) -> BTreeMap<String, Before> {
    let months: Vec<Month> = inputs.before.iter().map(|m| m.month).collect();
    let rated = members(inputs, &months).into_iter().filter_map(|(id, member)| {
        let score = total(&parts(&member, &inputs.before, &inputs.half))?;
        Some((id, Before { score, grade: grade_of(score, &inputs.half) }))
    });
    rated.collect()
}

fn deductions<'a>(inputs: &'a ReviewInputs, staff_id: &str) -> Vec<(Month, &'a Deduction)> {
    let of = |m: &'a MonthInputs| m.deductions.iter().map(move |d| (m.month, d));
    let counts = |d: &Deduction| d.staff_id == staff_id && (d.points != 0 || d.waived_by.is_some());
    let mut all: Vec<_> = inputs.months.iter().flat_map(of).filter(|(_, d)| counts(d)).collect();
    all.sort_by(|(a, x), (b, y)| (a, x.occurred_at, &x.deduction_id).cmp(&(b, y.occurred_at, &y.deduction_id)));
    all
}

/// Points lost in that half of the year in which most were: the ladder's limits are of a half, also in a year's review.
fn worst_half(deductions: &[(Month, &Deduction)]) -> i64 {
    let mut halves: BTreeMap<(i32, bool), i64> = BTreeMap::new();
    for (month, d) in deductions {
        *halves.entry((month.year(), month.month() > 6)).or_default() += d.points.saturating_abs();
    }
    halves.into_values().max().unwrap_or(0)
}

/// Single grave incidents: of rules that the settings name, or marked as serious in the register.
fn serious(inputs: &ReviewInputs, deductions: &[(Month, &Deduction)]) -> Option<Proposal> {
    let marked = |d: &Deduction| {
        let row = |(table, file, row): &(String, String, i64)| {
            table == "incidents" && inputs.serious.contains(&(file.clone(), *row))
        };
        d.evidence.iter().any(row)
    };
    let named = |d: &Deduction| inputs.half.ladder.serious_rules.contains(&d.rule_id);
    let grave = deductions.iter().map(|(_, d)| d).filter(|d| d.waived_by.is_none() && (named(d) || marked(d)));
    let (mut points, mut ids) = (0, Vec::new());
    for d in grave {
        points += d.points.saturating_abs();
        ids.push(d.deduction_id.clone());
    }
    (!ids.is_empty()).then_some(Proposal { kind: "dismissal_review", value: points, limit: None, deductions: ids })
}

/// The excellent, best first, as many as the settings say; whoever has the last one's score is proposed with him.
fn propose_awards(all: &mut BTreeMap<String, Review<'_>>, most: usize) {
    let excellent = all.values().filter(|r| r.grade == Some("excellent"));
    let mut scores: Vec<i64> = excellent.filter_map(|r| r.score).collect();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let Some(least) = scores.get(most.min(scores.len()).wrapping_sub(1)).copied() else { return };
    for r in all.values_mut().filter(|r| r.grade == Some("excellent")) {
        if let Some(score) = r.score.filter(|s| *s >= least) {
            r.proposals.insert(0, Proposal { kind: "award", value: score, limit: None, deductions: Vec::new() });
        }
    }
}

/// Everyone who supervised somebody on some day, with those people.
pub fn teams<'r>(reviews: &'r BTreeMap<String, Review<'_>>) -> BTreeMap<&'r str, BTreeSet<&'r str>> {
    let mut teams: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (id, review) in reviews {
        for boss in review.member.stretches.iter().filter_map(|s| s.supervisor_id.as_deref()) {
            teams.entry(boss).or_default().insert(id);
        }
    }
    teams
}
