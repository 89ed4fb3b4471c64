//! The results as plain rows: what `results.json` holds, and what two versions of a bundle are compared by.

use serde::{Deserialize, Serialize};

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

/// What a month would pay, fen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayResult {
    pub staff_id: String,
    pub month: String,
    pub fixed: i64,
    pub bonus: i64,
    pub sales_commission: i64,
    pub satisfaction_commission: i64,
}
