//! Detectors: each knows one way in which something goes wrong, and checks its own parameters.

pub mod condition;
pub mod count_mismatch;
pub mod coverage;
pub mod deadline;
pub mod late_reply;
pub mod register;
pub mod repeat;
pub mod rows;
pub mod text;
mod words;

use super::results::Results;
use super::violation::Violation;
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::facts::{Context, Facts, MonthFacts};
use crate::settings::nearest::advice;
use crate::settings::rulebook::{Detect, Rule};

/// A table and the columns of it that a rule cannot do without.
pub type Need = (&'static str, Vec<&'static str>);

/// What a rule is judged from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads<'a> {
    Facts,
    /// The scores that all rules of facts give.
    Scores,
    /// What these rules charged.
    Rules(&'a [String]),
}

/// A rule's detector with its checked parameters. Each finds what belongs to the context's month.
pub trait Detector: Send + Sync {
    /// What must have been delivered; otherwise the rule is not assessed.
    fn needs(&self) -> Vec<Need>;

    /// Whether its tables must name each shop. Else a shop that they do not name simply has nothing in them.
    fn per_shop(&self) -> bool {
        true
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Facts
    }

    /// The violations of one bucket's chats and orders.
    ///
    /// # Errors
    /// A year without calendar data.
    fn bucket(&self, _: &Rule, _: &Facts, _: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        Ok(Vec::new())
    }

    /// The violations that registers and the sums of the whole month show.
    ///
    /// # Errors
    /// A year without calendar data.
    fn month(&self, _: &Rule, _: &MonthFacts<'_>, _: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        Ok(Vec::new())
    }

    /// The violations that earlier results show.
    ///
    /// # Errors
    /// A year without calendar data.
    fn results(&self, _: &Rule, _: &Results, _: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        Ok(Vec::new())
    }

    /// The months whose results it reads to judge a month, that month included; empty: none.
    fn looks_back(&self, _: Month) -> Vec<Month> {
        Vec::new()
    }

    /// Whether buckets may find the same event, of which the earliest row counts.
    fn once_per_key(&self) -> bool {
        false
    }

    fn reads_auto_replies(&self) -> bool {
        false
    }

    /// For a registered count that is held against the log: its column, and the log's count.
    fn counts(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The latest time at which something of the month can fall due, as far as the rule fixes it.
    ///
    /// # Errors
    /// A year without calendar data.
    fn last_due(&self, _: &Context<'_>) -> Result<Option<Ms>, CalendarError> {
        Ok(None)
    }

    /// The deadline arithmetic of an event, step by step, in the language.
    ///
    /// # Errors
    /// A year without calendar data.
    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError>;
}

/// What an explanation starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub occurred_at: Ms,
    pub due_at: Option<Ms>,
    pub done_at: Option<Ms>,
    pub caused_by: u32,
}

type New = fn(&Detect) -> Result<Box<dyn Detector>, Vec<Diagnostic>>;

/// The detectors by name.
const DETECTORS: [(&str, New); 7] = [
    ("deadline", |d| Ok(Box::new(deadline::Deadline::new(d)?))),
    ("late_reply", |d| Ok(Box::new(late_reply::LateReply::new(d)?))),
    ("coverage", |d| Ok(Box::new(coverage::Coverage::new(d)?))),
    ("text", |d| Ok(Box::new(text::Text::new(d)?))),
    ("count_mismatch", |d| Ok(Box::new(count_mismatch::CountMismatch::new(d)?))),
    ("register", |d| Ok(Box::new(register::Register::new(d)?))),
    ("repeat", |d| Ok(Box::new(repeat::Repeat::new(d)?))),
];

/// Makes a detector of its table of parameters.
///
/// # Errors
/// What is wrong with them, at its place.
pub fn detector(detect: &Detect) -> Result<Box<dyn Detector>, Vec<Diagnostic>> {
    match DETECTORS.iter().find(|(name, _)| *name == detect.detector) {
        Some((_, new)) => new(detect),
        None => {
            let message = format!("there is no detector `{}`", detect.detector);
            let names: Vec<&str> = DETECTORS.iter().map(|(name, _)| *name).collect();
            let help = advice(&detect.detector, &names);
            Err(vec![detect.origin.about(&detect.detector, "K0301", message).help(help)])
        }
    }
}

/// Reads a detector's parameters; an error is placed where its key is written.
fn params<T: serde::de::DeserializeOwned>(detect: &Detect) -> Result<T, Vec<Diagnostic>> {
    detect.params.clone().try_into().map_err(|e: toml::de::Error| {
        let message = e.message().to_owned();
        let key = message.split('`').nth(1).unwrap_or(&detect.detector).to_owned();
        let message = format!("detector `{}`: {message}", detect.detector);
        vec![detect.origin.about(&key, "K0302", message)]
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn settings_know_the_same_detectors() {
        let names: Vec<&str> = super::DETECTORS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, crate::settings::DETECTORS);
    }
}
