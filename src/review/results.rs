//! The results as plain rows: what `results.json` holds, and what two versions of a bundle are compared by.

use super::inputs::ReviewInputs;
use super::rating::Review;
use crate::base::time::date_of;
use crate::scores::half::Dropped;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that was decided by numbers, person by person. Integers: points and money in hundredths.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// `2026H1`, `2026`.
    pub period: String,
    pub months: Vec<String>,
    /// By staff_id.
    pub people: Vec<PersonResult>,
    /// By staff_id and month; empty without a pay file. Never outside the HR files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pay: Vec<PayResult>,
}

/// One person's review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonResult {
    pub staff_id: String,
    pub name: String,
    /// As on the last day there.
    pub role: String,
    pub team: Option<String>,
    pub supervisor_id: Option<String>,
    /// Own days in the period.
    pub days: i64,
    /// Role, team and supervisor as they changed.
    pub stretches: Vec<StretchResult>,
    /// Sales, efficiency, satisfaction, discipline.
    pub parts: Vec<PartResult>,
    /// Hundredths of a point; none without any part.
    pub score: Option<i64>,
    /// `excellent`, `good`, `pass`, `fail`.
    pub grade: Option<String>,
    /// Score and grade of the period before.
    pub before: Option<(i64, String)>,
    /// Points lost in the period.
    pub lost: i64,
    /// Points awarded in the period.
    pub awarded: i64,
    pub proposals: Vec<ProposalResult>,
    /// In order of time; what is only watched is left out.
    pub deductions: Vec<DeductionResult>,
}

/// Days on which role, team and supervisor stayed the same; both days included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StretchResult {
    pub from: String,
    pub to: String,
    pub role: String,
    pub team: Option<String>,
    pub supervisor_id: Option<String>,
}

/// One part of a score.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartResult {
    /// `sales`, `efficiency`, `satisfaction`, `discipline`.
    pub part: String,
    pub weight: i64,
    /// Fen, steps, ratings, hundredths of a point.
    pub above: i64,
    /// Fen, steps, ratings, months.
    pub below: i64,
    /// Hundredths of a point; none where it dropped out.
    pub score: Option<i64>,
    /// Why it dropped out: `none`, `few`.
    pub dropped: Option<String>,
    pub months: Vec<MonthResult>,
}

/// A month of a part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthResult {
    pub month: String,
    pub above: i64,
    pub below: i64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub provisional: bool,
}

/// A proposal that people decide about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalResult {
    /// `award`, `warning`, `demerit`, `demotion`, `dismissal`, `dismissal_review`.
    pub kind: String,
    /// Score (award), points lost (ladder), hundredths.
    pub value: i64,
    /// The limit that it reached; none for single incidents.
    pub limit: Option<i64>,
    /// The deductions it stands on, where it is about single ones.
    pub deductions: Vec<String>,
}

/// An entry of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductionResult {
    /// Names the event: the same event has the same id in each version.
    pub deduction_id: String,
    pub rule_id: String,
    pub month: String,
    /// Local time.
    pub occurred_at: String,
    pub points: i64,
    pub waived: bool,
}

/// What a month would pay, money in fen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayResult {
    pub staff_id: String,
    pub month: String,
    /// Own days, of the month's.
    pub days: i64,
    pub of_days: i64,
    pub fixed: i64,
    /// The month's score, hundredths of a point.
    pub score: Option<i64>,
    pub bonus: i64,
    /// Credited on own days.
    pub sales: i64,
    pub sales_commission: i64,
    pub rated: i64,
    pub satisfied: i64,
    pub satisfaction_commission: i64,
}

impl PayResult {
    /// All of it, fen.
    pub fn total(&self) -> i64 {
        self.fixed + self.bonus + self.sales_commission + self.satisfaction_commission
    }
}

/// The results of all reviews; `pay` as it was reckoned.
pub fn results(inputs: &ReviewInputs, reviews: &BTreeMap<String, Review<'_>>, pay: Vec<PayResult>) -> Results {
    Results {
        period: inputs.period.to_string(),
        months: inputs.months.iter().map(|m| m.month.to_string()).collect(),
        people: reviews.values().map(|r| person(inputs, r)).collect(),
        pay,
    }
}

fn person(inputs: &ReviewInputs, r: &Review<'_>) -> PersonResult {
    let last = r.member.last();
    PersonResult {
        staff_id: r.member.staff_id.clone(),
        name: r.member.name.clone(),
        role: last.map_or_else(String::new, |s| s.role.clone()),
        team: last.and_then(|s| s.team.clone()),
        supervisor_id: last.and_then(|s| s.supervisor_id.clone()),
        days: r.member.days(),
        stretches: (r.member.stretches.iter())
            .map(|s| StretchResult {
                from: date_of(*s.days.start()).to_string(),
                to: date_of(*s.days.end()).to_string(),
                role: s.role.clone(),
                team: s.team.clone(),
                supervisor_id: s.supervisor_id.clone(),
            })
            .collect(),
        parts: r.parts.iter().map(part).collect(),
        score: r.score,
        grade: r.grade.map(str::to_owned),
        before: r.before.as_ref().map(|b| (b.score, b.grade.to_owned())),
        lost: r.lost,
        awarded: r.awarded,
        proposals: (r.proposals.iter())
            .map(|p| ProposalResult {
                kind: p.kind.to_owned(),
                value: p.value,
                limit: p.limit,
                deductions: p.deductions.clone(),
            })
            .collect(),
        deductions: (r.deductions.iter())
            .map(|(month, d)| DeductionResult {
                deduction_id: d.deduction_id.clone(),
                rule_id: d.rule_id.clone(),
                month: month.to_string(),
                occurred_at: inputs.zone.format(d.occurred_at),
                points: d.points.saturating_abs(),
                waived: d.waived_by.is_some(),
            })
            .collect(),
    }
}

fn part(part: &super::parts::Part) -> PartResult {
    let dropped = part.measure.dropped().map(|why| match why {
        Dropped::Nothing => "none".to_owned(),
        Dropped::Few => "few".to_owned(),
    });
    PartResult {
        part: part.name.to_owned(),
        weight: part.measure.weight,
        above: part.measure.above,
        below: part.measure.below,
        score: part.measure.score(),
        dropped,
        months: (part.months.iter())
            .map(|m| MonthResult { month: m.month.clone(), above: m.above, below: m.below, provisional: m.provisional })
            .collect(),
    }
}
