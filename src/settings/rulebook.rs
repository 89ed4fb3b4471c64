//! The rulebook: rules as data. What a detector's parameters mean is the detector's own affair; here they stay a table
//! with its place in the file.

pub use super::rulebook_raw::parse;

use crate::base::{Diagnostic, Place};
use chrono::NaiveDate;
use std::ops::Range;
use std::sync::Arc;

/// Chinese and English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" && !self.en.is_empty() { &self.en } else { &self.zh }
    }
}

/// Where a piece of a settings file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub file: String,
    pub text: Arc<str>,
    pub span: Range<usize>,
}

impl Origin {
    /// Marks its first line.
    pub fn place(&self, label: impl Into<String>) -> Place {
        Place::span(self.file.clone(), &self.text, self.first_line(), label)
    }

    fn first_line(&self) -> Range<usize> {
        let body = self.text.get(self.span.clone()).unwrap_or("");
        self.span.start..self.span.start + body.lines().next().map_or(0, str::len)
    }

    /// A finding about a key inside this piece: marks the key where it is written, else its first line.
    pub fn about(&self, key: &str, code: &'static str, message: impl Into<String>) -> Diagnostic {
        let body = self.text.get(self.span.clone()).unwrap_or("");
        let at = body.match_indices(key).map(|(i, _)| i).find(|&i| {
            let before = body[..i].chars().next_back();
            let after = body[i + key.len()..].chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                && after.is_some_and(|c| c == ' ' || c == '=' || c == '.')
        });
        let span = at.map_or(self.first_line(), |i| self.span.start + i..self.span.start + i + key.len());
        Diagnostic::error(code, message).at(Place::span(self.file.clone(), &self.text, span, ""))
    }
}

/// Who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The one who caused it.
    Caused,
    /// The supervisor of the one who caused it, on that day.
    Supervisor,
    /// Everyone of the shop whose shift covers the event.
    OnShift,
    /// Every person with one of the rule's roles who is in the team that day.
    All,
}

/// Points in hundredths, always positive: what is deducted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Points {
    Fixed(i32),
    /// The register row says how many, inside the range; an empty one gets the minimum.
    Range {
        min: i32,
        max: i32,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    pub to: Payer,
    pub points: Points,
}

/// From the `from`-th occurrence in the period on, each counts `factor` times (N次以上 includes N itself).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Escalation {
    pub from: u32,
    pub factor: u32,
}

/// What makes a violation: a detector and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Detect {
    /// `deadline`, `late_reply`, …
    pub detector: String,
    pub params: toml::Table,
    pub origin: Origin,
}

/// A row as a raw file would have it: column and text.
pub type Row = Vec<(String, String)>;

/// Rows in, points out: runs by `kaohe rulebook test`.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    pub name: String,
    /// Tables with their rows, by the table's name.
    pub given: Vec<(String, Vec<Row>)>,
    /// (staff_id, hundredths), in order of staff and time; empty: nothing is charged.
    pub expect: Vec<(String, i32)>,
    /// The clock of the example, as written (local time); `None`: long after the last row.
    pub as_of: Option<String>,
    pub origin: Origin,
}

/// One rule, valid on the days `effective_from ..= effective_to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub id: String,
    pub title: Words,
    pub clause: String,
    /// The clause's own words.
    pub quote: String,
    /// Roles of roster; empty: everyone.
    pub applies_to: Vec<String>,
    pub detect: Detect,
    pub charge: Vec<Charge>,
    pub escalation: Option<Escalation>,
    pub waivable: bool,
    /// The version that deductions name: the rule's own, else the book's.
    pub version: Option<String>,
    pub effective_from: Option<NaiveDate>,
    pub effective_to: Option<NaiveDate>,
    pub interpretation: Words,
    pub examples: Vec<Example>,
    pub origin: Origin,
}

impl Rule {
    /// No charge of it ever costs a point.
    pub fn monitored(&self) -> bool {
        self.charge.iter().all(|c| c.points == Points::Fixed(0))
    }

    /// Whether somebody's supervisor pays.
    pub fn charges_supervisors(&self) -> bool {
        self.charge.iter().any(|c| c.to == Payer::Supervisor)
    }

    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.effective_from.is_none_or(|d| d <= on) && self.effective_to.is_none_or(|d| on <= d)
    }
}

/// Lower limits of the grades and the score that a month starts from, hundredths of a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    pub base: i32,
    pub floor: i32,
    pub excellent: i32,
    pub good: i32,
    pub pass: i32,
}

/// A checked rulebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Rulebook {
    pub version: String,
    pub title: Words,
    pub scoring: Scoring,
    /// Sorted by id, then effective_from.
    pub rules: Vec<Rule>,
    /// SHA-256 over the texts, hex.
    pub hash: String,
}
