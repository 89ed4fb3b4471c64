//! How half-years and years are rated: weights, limits of grades, proposals, pay.

pub use super::half_year_raw::parse;

use super::files::{Files, Text, embedded};
use super::rulebook::Scoring;
use super::{Settings, shown};
use crate::base::{Error, Result};

/// Where the settings stand.
pub const FILE: &str = "pipelines/half-year.toml";

/// What the four parts of a score weigh, percent; 100 together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    pub sales: i64,
    pub efficiency: i64,
    pub satisfaction: i64,
    pub discipline: i64,
}

/// From how many points lost in the half-year on (hundredths) a step of the disciplinary ladder is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    pub warning: i64,
    pub demerit: i64,
    pub demotion: i64,
    pub dismissal: i64,
    /// Rules of which one violation is enough to talk about a dismissal.
    pub serious_rules: Vec<String>,
}

/// How the pay preview reckons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaySettings {
    /// A supervisor's fixed pay a month where the file says none, fen.
    pub supervisor_fixed: i64,
    /// Whether the bonus is paid in proportion to the month's score; else in full.
    pub bonus_by_score: bool,
}

/// Checked settings of reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfYear {
    pub weights: Weights,
    /// The most that sales attainment counts for, percent.
    pub attainment_cap: i64,
    /// Steps of orders that make the efficiency: `paid`, `shipped`, `signed`.
    pub steps: Vec<String>,
    /// Fewer steps are shown as a count.
    pub min_orders: i64,
    /// Fewer ratings are shown as a count.
    pub min_ratings: i64,
    /// Lower limits of the grades; base and floor are the rulebook's.
    pub grades: Scoring,
    pub ladder: Ladder,
    /// The most people who are proposed for an award, ties apart.
    pub awards_max: usize,
    pub pay: PaySettings,
    /// For the pages: (dotted name, value as written), sorted.
    pub shown: Vec<(String, String)>,
    /// SHA-256 over the text, hex.
    pub hash: String,
}

impl HalfYear {
    /// Reads the project's settings; where the file is missing, the defaults.
    ///
    /// # Errors
    /// Everything that is wrong with the file (exit 2); a file that cannot be read.
    pub fn load(files: &Files, settings: &Settings) -> Result<HalfYear> {
        let default = || embedded(FILE).map(|text| Text { name: FILE.to_owned(), text: text.into() });
        let text = files.read(FILE)?.or_else(default);
        let text = text.ok_or_else(|| Error::Failed(format!("the program lacks its own {FILE}")))?;
        let mut half = parse(&text, &settings.pipeline, &settings.rulebook).map_err(Error::Settings)?;
        half.shown = shown::half_year(&text);
        Ok(half)
    }
}
