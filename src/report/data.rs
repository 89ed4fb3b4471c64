//! What the pages are made of: plain rows of the mart and the texts that explain them. The pipeline fills it; nothing
//! below `report` knows it, and no page reads anything else.

use crate::base::{Month, Ms, Zone};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Everything one report is made of.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The months side by side, oldest first; the last is the one reported on, the others are for comparison.
    pub months: Vec<MonthInputs>,
    pub as_of: Ms,
    pub zone: Zone,
    /// `zh` or `en`.
    pub lang: String,
    pub pipeline: String,
    pub preset: String,
    /// What response figures are measured with: `wall`, `online_hours` or `office_hours`.
    pub clock: String,
    /// First-response target of the preset, ms.
    pub target_ms: i64,
    /// The settings in force, for the page of definitions: (dotted name, value as written).
    pub settings: Vec<(String, String)>,
    pub rulebook_version: String,
    pub rules: Vec<RuleText>,
    pub program_version: String,
}

/// One month of results.
#[derive(Debug, Clone)]
pub struct MonthInputs {
    pub month: Month,
    /// A person as he or she stood at the end of the month (or on the last day there).
    pub people: Vec<Person>,
    pub staff_day: Vec<StaffDay>,
    /// Exact percentiles; they cannot be added up, so each grouping has its own.
    pub percentiles: Vec<Percentiles>,
    /// The same for each day, all shops together.
    pub daily: Vec<(NaiveDate, Percentiles)>,
    pub backlog: Vec<Backlog>,
    pub deductions: Vec<Deduction>,
    pub scores: Vec<Score>,
    pub quality: Vec<Quality>,
    pub problems: Vec<Problem>,
    pub crosscheck: Vec<Crosscheck>,
    /// Whose accounts are known, whenever they were theirs: for what an unknown one may be.
    pub accounts: Vec<Account>,
    /// Whether some deadline or window of the month is not over at `as_of`.
    pub provisional: bool,
    /// Per figure: the last day whose window is over, where that is before the month's end.
    pub final_until: BTreeMap<String, NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub staff_id: String,
    pub name: String,
    pub role: String,
    pub team: Option<String>,
    pub supervisor_id: Option<String>,
}

/// One row of `mart/staff_day`; `measures` by column name (`received_count`, `response_sum_ms`, …).
#[derive(Debug, Clone)]
pub struct StaffDay {
    pub date: NaiveDate,
    pub shop: String,
    pub staff_id: String,
    pub measures: BTreeMap<&'static str, i64>,
}

/// Exact percentiles (nearest rank, ms) of response times inside the window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Percentiles {
    /// `first` or `round`.
    pub of: String,
    /// Empty: all shops.
    pub shop: String,
    /// Empty: everyone.
    pub staff_id: String,
    pub count: i64,
    pub p50: i64,
    pub p90: i64,
    pub p99: i64,
}

#[derive(Debug, Clone)]
pub struct Backlog {
    pub at: Ms,
    pub shop: String,
    pub staff_id: String,
    /// `rounds` or `unshipped`.
    pub kind: String,
    pub open: i64,
    pub lt_1h: i64,
    pub lt_4h: i64,
    pub lt_24h: i64,
    pub older: i64,
}

#[derive(Debug, Clone)]
pub struct Deduction {
    pub deduction_id: String,
    pub rule_id: String,
    pub rulebook_version: String,
    pub shop: String,
    /// Who pays.
    pub staff_id: String,
    pub caused_by: String,
    pub occurred_at: Ms,
    pub due_at: Option<Ms>,
    pub done_at: Option<Ms>,
    pub occurrence_no: i64,
    pub factor: i64,
    /// Hundredths; 0 where waived or monitored.
    pub points: i64,
    pub waived_by: Option<String>,
    pub waived_at: Option<i64>,
    /// (table, file, row)
    pub evidence: Vec<(String, String, i64)>,
}

#[derive(Debug, Clone)]
pub struct Score {
    pub staff_id: String,
    /// Hundredths, all of them.
    pub base: i64,
    pub deducted: i64,
    pub awarded: i64,
    pub score: i64,
    /// `excellent`, `good`, `pass`, `fail`.
    pub grade: String,
    pub provisional: bool,
}

/// One row of `mart/quality`.
#[derive(Debug, Clone)]
pub struct Quality {
    pub kind: String,
    pub subject: String,
    pub shop: String,
    pub count: i64,
}

/// One row of `mart/crosscheck`.
#[derive(Debug, Clone)]
pub struct Crosscheck {
    pub tool: String,
    pub preset: String,
    pub shop: String,
    pub account: String,
    /// Both included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub figure: String,
    pub theirs: i64,
    pub ours: Option<i64>,
}

/// An account and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub shop: String,
    pub account: String,
    pub staff_id: String,
}

/// One row of the quarantine.
#[derive(Debug, Clone)]
pub struct Problem {
    pub table: String,
    pub file: String,
    pub row: i64,
    pub column: Option<String>,
    pub value_mask: Option<String>,
    pub reason: String,
}

/// A rule as the pages show it.
#[derive(Debug, Clone)]
pub struct RuleText {
    pub id: String,
    pub title: String,
    pub clause: String,
    pub quote: String,
    pub interpretation: String,
    /// As the clause says it: "每次扣 1.5 分".
    pub points: String,
    pub monitored: bool,
}
