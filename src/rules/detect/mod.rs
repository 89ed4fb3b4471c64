//! Detectors: each knows one way in which something goes wrong, and checks its own parameters.

pub mod deadline;
pub mod late_reply;

use super::violation::Violation;
use crate::base::Diagnostic;
use crate::base::time::date_of;
use crate::calendar::CalendarError;
use crate::facts::{Context, Facts};
use crate::settings::rulebook::{Detect, Rulebook};

/// A table and the columns of it that a rule cannot do without.
pub type Need = (&'static str, &'static [&'static str]);

/// A rule's detector with its checked parameters.
pub trait Detector: Send + Sync {
    /// What must have been delivered; otherwise the rule is not assessed.
    fn needs(&self) -> Vec<Need>;

    /// The violations of one bucket that belong to the context's month.
    ///
    /// # Errors
    /// A year without calendar data.
    fn detect(&self, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError>;

    /// The deadline arithmetic of an event, step by step, in the language.
    ///
    /// # Errors
    /// A year without calendar data.
    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError>;
}

/// What an explanation starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    pub occurred_at: i64,
    pub due_at: Option<i64>,
    pub done_at: Option<i64>,
    pub caused_by: u32,
}

/// The names that `detect` may have.
pub const DETECTORS: [&str; 2] = ["deadline", "late_reply"];

/// Makes a detector of its table of parameters.
///
/// # Errors
/// What is wrong with them, at its place.
pub fn detector(detect: &Detect) -> Result<Box<dyn Detector>, Vec<Diagnostic>> {
    match detect.detector.as_str() {
        "deadline" => Ok(Box::new(deadline::Deadline::new(detect)?)),
        "late_reply" => Ok(Box::new(late_reply::LateReply::new(detect)?)),
        other => {
            let message = format!("this version has no detector `{other}`; it has {}", DETECTORS.join(", "));
            Err(vec![detect.origin.about(other, "K0301", message)])
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

/// A rulebook whose detectors are ready.
pub struct Plan<'a> {
    pub book: &'a Rulebook,
    detectors: Vec<Box<dyn Detector>>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// All problems of all rules' parameters.
    pub fn new(book: &'a Rulebook) -> Result<Plan<'a>, Vec<Diagnostic>> {
        let (mut detectors, mut wrong) = (Vec::new(), Vec::new());
        for rule in &book.rules {
            match detector(&rule.detect) {
                Ok(d) => detectors.push(d),
                Err(found) => wrong.extend(found),
            }
        }
        if wrong.is_empty() { Ok(Plan { book, detectors }) } else { Err(wrong) }
    }

    pub fn detector(&self, rule: usize) -> Option<&dyn Detector> {
        self.detectors.get(rule).map(AsRef::as_ref)
    }

    /// All violations of a bucket. `assessed(rule, shop)` says whether the rule's tables were delivered for the shop;
    /// a rule counts as it stood on the day of the event.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn detect(
        &self,
        facts: &Facts,
        context: &Context<'_>,
        assessed: &dyn Fn(usize, u32) -> bool,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut all = Vec::new();
        for (i, (rule, detector)) in self.book.rules.iter().zip(&self.detectors).enumerate() {
            for mut violation in detector.detect(facts, context)? {
                let day = date_of(context.zone.day(violation.occurred_at));
                if rule.in_force(day) && assessed(i, violation.shop) {
                    violation.rule = i;
                    all.push(violation);
                }
            }
        }
        Ok(all)
    }
}
