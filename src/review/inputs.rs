//! What a review is made of, and what comes of it. The pipeline fills it and writes it down.

use super::pay_file::PayFile;
use super::period::Period;
use super::results::Results;
use crate::base::{Ms, Zone};
use crate::lake::dimensions::{AwardRow, RosterRow};
use crate::report::data::{MonthInputs, RuleText};
use crate::settings::{self, HalfYear, Rulebook};
use std::collections::{BTreeMap, BTreeSet};

/// Files by their path inside a folder or archive (parted by `/`).
pub type Files = BTreeMap<String, Vec<u8>>;

/// Everything that one review is made of.
#[derive(Debug, Clone)]
pub struct ReviewInputs {
    pub period: Period,
    /// The period's months, all of them, oldest first.
    pub months: Vec<MonthInputs>,
    /// Months of the period before, as far as they are computed.
    pub before: Vec<MonthInputs>,
    /// The roster as it is dated.
    pub roster: Vec<RosterRow>,
    /// Awards of the period.
    pub awards: Vec<AwardRow>,
    /// Rows of `incidents` that are marked as serious: (file, row).
    pub serious: BTreeSet<(String, i64)>,
    pub rules: Vec<RuleText>,
    pub rulebook: Rulebook,
    /// The settings of reviews.
    pub half: HalfYear,
    /// Where pay is to be shown.
    pub pay: Option<PayFile>,
    pub as_of: Ms,
    pub zone: Zone,
    /// `zh` or `en`.
    pub lang: String,
    /// Whether some month is not closed: every page says so.
    pub draft: bool,
    /// Whether a version before it is replaced: HR then has a page of changes.
    pub amended: bool,
    pub pipeline: String,
    pub preset: String,
    pub program_version: String,
    /// Where templates, catalogues and source mappings come from.
    pub files: settings::Files,
}

/// What a review says, by audience.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    pub hr: Files,
    /// By the manager's staff_id.
    pub managers: BTreeMap<String, Files>,
    /// By staff_id.
    pub staff: BTreeMap<String, Files>,
    pub results: Results,
}
