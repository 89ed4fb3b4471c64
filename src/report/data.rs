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
    /// What a key figure should reach, by its id, in the unit of its [`crate::report::format::Quantity`].
    pub targets: BTreeMap<String, i64>,
    /// Ratings below this number are shown as a count.
    pub min_ratings: i64,
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
    /// The month's load and answers by weekday and hour.
    pub hours: Vec<Hour>,
    /// How response times are spread.
    pub spread: Vec<Spread>,
    /// Open rounds at each full hour.
    pub open_hours: Vec<OpenHour>,
    pub steps: Vec<Step>,
    pub unshipped: Vec<Unshipped>,
    pub products: Vec<Product>,
    pub repeat: Vec<Repeat>,
    /// The month's sums in each preset.
    pub presets: Vec<PresetSums>,
    pub sales_targets: Vec<SalesTarget>,
    /// Rows that the figures are made of, and how many there are.
    pub proofs: Vec<Proof>,
    pub proven: Vec<Proven>,
    pub crosscheck: Vec<Crosscheck>,
    /// Whose accounts are known, whenever they were theirs: for what an unknown one may be.
    pub accounts: Vec<Account>,
    /// Whether the results are frozen.
    pub closed: bool,
    /// Whether some deadline or window of the month is not over at `as_of`.
    pub provisional: bool,
    /// Per figure: the last day whose window is over, where that is before the month's end.
    pub final_until: BTreeMap<String, NaiveDate>,
}

impl MonthInputs {
    /// A month of which nothing is known.
    pub fn empty(month: Month) -> MonthInputs {
        MonthInputs {
            month,
            people: Vec::new(),
            staff_day: Vec::new(),
            percentiles: Vec::new(),
            daily: Vec::new(),
            backlog: Vec::new(),
            deductions: Vec::new(),
            scores: Vec::new(),
            quality: Vec::new(),
            problems: Vec::new(),
            hours: Vec::new(),
            spread: Vec::new(),
            open_hours: Vec::new(),
            steps: Vec::new(),
            unshipped: Vec::new(),
            products: Vec::new(),
            repeat: Vec::new(),
            presets: Vec::new(),
            sales_targets: Vec::new(),
            proofs: Vec::new(),
            proven: Vec::new(),
            crosscheck: Vec::new(),
            accounts: Vec::new(),
            closed: false,
            provisional: false,
            final_until: BTreeMap::new(),
        }
    }
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

/// One row of `mart/hours`: rounds and first responses of the month by the local hour of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hour {
    pub shop: String,
    /// 1 (Monday) to 7.
    pub weekday: i64,
    /// 0 to 23.
    pub hour: i64,
    /// Rounds that count, inside the window or not.
    pub rounds: i64,
    /// First responses that count.
    pub first_count: i64,
    pub first_sum_ms: i64,
    /// Of these in time.
    pub first_met: i64,
}

/// One row of `mart/spread`: how many response times lie above the step before and at or below this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spread {
    /// `first` or `round`.
    pub of: String,
    /// Empty: all shops.
    pub shop: String,
    /// Empty: everyone.
    pub staff_id: String,
    /// ms, included; `None`: all above the last step.
    pub upto: Option<i64>,
    pub count: i64,
}

/// One row of `mart/open_hours`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenHour {
    pub at: Ms,
    pub shop: String,
    pub open: i64,
}

/// One row of `mart/steps`: how long a step of the month's orders took (by the day on which they were created).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `paid` (created → paid), `shipped` (paid → shipped), `signed` (shipped → signed).
    pub step: String,
    /// Empty: all shops.
    pub shop: String,
    /// The responsible person; empty: everyone.
    pub staff_id: String,
    /// Orders that took the step.
    pub count: i64,
    /// Orders that came to the step and have not taken it.
    pub open: i64,
    pub sum_ms: i64,
    pub p50: i64,
    pub p90: i64,
    /// Within the step's time of the settings.
    pub met: i64,
    /// That time, ms.
    pub limit_ms: i64,
}

/// One row of `mart/unshipped`: paid and neither shipped nor closed at the month's end (at the clock's time, where that is
/// earlier).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshipped {
    pub at: Ms,
    pub shop: String,
    pub order_id: String,
    pub staff_id: String,
    pub paid_at: Ms,
    pub paid_fen: Option<i64>,
    pub file: String,
    pub row: i64,
}

/// One row of `mart/products`: what was sold of a product, by the day on which its orders were created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    pub shop: String,
    pub sku: String,
    pub title: String,
    pub orders: i64,
    pub quantity: i64,
    pub sales_fen: i64,
}

/// One row of `mart/repeat`: buyers who paid in the month, and of these who paid for more than one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    pub shop: String,
    pub buyers: i64,
    pub again: i64,
}

/// The rows of `mart/presets` of one preset: the measures of `staff_day`, added up over the month as it defines them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetSums {
    pub preset: String,
    pub target_ms: i64,
    /// `None`: the preset has no such figure.
    pub first_p50: Option<i64>,
    pub measures: BTreeMap<&'static str, i64>,
}

/// A row of `lake/targets` for the month: of a shop or of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesTarget {
    pub shop: Option<String>,
    pub staff_id: Option<String>,
    pub sales_fen: i64,
}

/// One row of `mart/proofs`: a raw row that a figure is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The list's id; see [`crate::facts::rows::Listing`].
    pub list: String,
    /// Empty: among the first of all; else of this person's own.
    pub of: String,
    pub shop: String,
    /// As in `staff_day`.
    pub staff_id: String,
    pub at: Ms,
    /// In the list's unit: ms of a response, fen of an order.
    pub value: Option<i64>,
    /// Names the event: an order's number, else the first digits of a pseudonym.
    pub what: String,
    pub file: String,
    pub row: i64,
}

/// How many rows a list has: of a person, or (empty) of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub list: String,
    pub staff_id: String,
    pub rows: i64,
}
