//! A pipeline: where the data is, which calendar, preset and rulebook apply.

pub use super::pipeline_raw::parse;

use super::hours::HoursRaw;
use super::target::Goal;
use crate::base::Zone;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where things are; relative paths hang on the project's root (the folder that holds `pipelines/`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    pub raw: PathBuf,
    /// Holds `lake`, `mart` and `quarantine`.
    pub data: PathBuf,
    pub reports: PathBuf,
    /// The key that turns buyers into pseudonyms.
    pub key: PathBuf,
}

/// Which working days count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSettings {
    /// `cn`: the statutory calendar; `none`: Monday to Friday, no data needed.
    pub statutory: bool,
    /// The company's own days on top: worked or off.
    pub dates: BTreeMap<NaiveDate, bool>,
}

impl CalendarSettings {
    /// The statutory calendar without days of the company's own.
    pub fn statutory() -> CalendarSettings {
        CalendarSettings { statutory: true, dates: BTreeMap::new() }
    }
}

/// What is passed over or set aside, each counted and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    pub closing_words: Vec<String>,
    pub own_staff: bool,
    pub blacklist: Vec<String>,
    pub advertising: Vec<String>,
    /// Agents' messages that are one of these texts, or begin with one of the prefixes, are auto replies.
    pub auto_texts: Vec<String>,
    pub auto_prefixes: Vec<String>,
    /// An advertising chat holds at most so many messages.
    pub advertising_max: u32,
    pub mass: bool,
    /// A chat in which only the agent spoke.
    pub agent_only: bool,
    /// A chat without a word of buyer or agent.
    pub empty: bool,
}

/// How long the steps of an order may take, ms: exactly as long is in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepLimits {
    /// From created to paid.
    pub paid_ms: i64,
    /// From paid to shipped.
    pub shipped_ms: i64,
    /// From shipped to signed.
    pub signed_ms: i64,
}

/// A checked pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    pub name: String,
    pub zone: Zone,
    /// `zh` or `en`.
    pub lang: String,
    /// Name of a file in `pipelines/presets`.
    pub preset: String,
    /// Folder of the rulebook, relative to the root.
    pub rulebook: String,
    pub paths: Paths,
    pub calendar: CalendarSettings,
    /// By name; `online` and `office` are always there.
    pub hours: BTreeMap<String, HoursRaw>,
    pub filters: Filters,
    /// Finds order numbers quoted in a chat.
    pub order_number: String,
    /// Share of rejected rows per table beyond which nothing of it is published, in thousandths.
    pub rejects_max_permille: u32,
    /// Rows per bucket that are aimed at.
    pub bucket_rows: u64,
    /// How far a month looks into its neighbours, days.
    pub margin_days: u32,
    /// Local times of day at which the backlog is counted each day, ms since midnight.
    pub backlog_at: Vec<i64>,
    /// The same, on working days alone.
    pub backlog_at_workdays: Vec<i64>,
    /// Ratings below this number are shown as a count.
    pub min_ratings: u32,
    /// Whether each month is also measured in all the other presets.
    pub compare_presets: bool,
    pub steps: StepLimits,
    /// What key figures should reach, by their ids; neither ids nor units are checked yet.
    pub targets: BTreeMap<String, Goal>,
}
