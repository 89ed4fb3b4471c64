//! A rulebook made ready: its detectors, and the order in which rules that read results are judged.

use super::detect::{Detector, Reads, detector};
use super::results::Results;
use super::violation::Violation;
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month};
use crate::calendar::CalendarError;
use crate::facts::{Context, Facts, MonthFacts};
use crate::lake::names::NONE;
use crate::settings::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};

/// Says whether a rule's tables were delivered for a shop (`NONE`: for anyone).
pub type Assessed<'a> = &'a (dyn Fn(usize, u32) -> bool + Sync);

/// A rulebook whose detectors are ready.
pub struct Plan<'a> {
    pub book: &'a Rulebook,
    detectors: Vec<Box<dyn Detector>>,
    /// Of each rule: 0 where it reads facts, else behind all that it reads.
    levels: Vec<usize>,
}

impl<'a> Plan<'a> {
    /// # Errors
    /// All problems of all rules' parameters; rules that wait for each other.
    pub fn new(book: &'a Rulebook) -> Result<Plan<'a>, Vec<Diagnostic>> {
        let (mut detectors, mut wrong) = (Vec::new(), Vec::new());
        for rule in &book.rules {
            match detector(&rule.detect) {
                Ok(d) => detectors.push(d),
                Err(found) => wrong.extend(found),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let levels = levels(book, &detectors)?;
        Ok(Plan { book, detectors, levels })
    }

    pub fn detector(&self, rule: usize) -> Option<&dyn Detector> {
        self.detectors.get(rule).map(AsRef::as_ref)
    }

    /// The tables that the rules look at.
    pub fn tables(&self) -> BTreeSet<&'static str> {
        self.detectors.iter().flat_map(|d| d.needs()).map(|(table, _)| table).collect()
    }

    /// Whether some rule looks at auto replies.
    pub fn reads_auto_replies(&self) -> bool {
        self.detectors.iter().any(|d| d.reads_auto_replies())
    }

    /// The months whose results are needed to judge a month, without that month itself.
    pub fn looks_back(&self, month: Month) -> Vec<Month> {
        let mut all: Vec<Month> = self.detectors.iter().flat_map(|d| d.looks_back(month)).collect();
        all.retain(|m| *m != month);
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The passes behind the facts' one.
    pub fn passes(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.levels.iter().copied().max().unwrap_or(0)
    }

    /// All violations of a bucket.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn bucket(
        &self,
        facts: &Facts,
        context: &Context<'_>,
        assessed: Assessed<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        self.each(0, context, assessed, |i| self.detectors[i].bucket(&self.book.rules[i], facts, context))
    }

    /// All violations that need the whole month.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn month(
        &self,
        facts: &MonthFacts<'_>,
        context: &Context<'_>,
        assessed: Assessed<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        self.each(0, context, assessed, |i| self.detectors[i].month(&self.book.rules[i], facts, context))
    }

    /// All violations of a pass that reads results.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn results(
        &self,
        pass: usize,
        results: &Results,
        context: &Context<'_>,
        assessed: Assessed<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        self.each(pass, context, assessed, |i| self.detectors[i].results(&self.book.rules[i], results, context))
    }

    /// Runs the rules of a level; a rule counts as it stood on the day of the event.
    fn each(
        &self,
        level: usize,
        context: &Context<'_>,
        assessed: Assessed<'_>,
        mut run: impl FnMut(usize) -> Result<Vec<Violation>, CalendarError>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut all = Vec::new();
        // What was delivered for nobody need not be looked for.
        let wanted = |i: usize| self.levels[i] == level && assessed(i, NONE);
        for (i, rule) in self.book.rules.iter().enumerate().filter(|(i, _)| wanted(*i)) {
            for mut violation in run(i)? {
                let day = date_of(context.zone.day(violation.occurred_at));
                if rule.in_force(day) && assessed(i, violation.shop) {
                    violation.rule = i;
                    all.push(violation);
                }
            }
        }
        Ok(all)
    }

    /// Whether buckets may find the same event of a rule.
    pub fn once_per_key(&self, rule: usize) -> bool {
        self.detectors[rule].once_per_key()
    }

    /// Where buckets may have found the same event: its earliest row alone.
    pub fn merge(&self, violations: &mut Vec<Violation>) {
        let mut first: BTreeMap<(usize, String), usize> = BTreeMap::new();
        let mut keep = vec![true; violations.len()];
        for (i, v) in violations.iter().enumerate().filter(|(_, v)| self.detectors[v.rule].once_per_key()) {
            let key = |v: &Violation| (v.occurred_at, v.shop, v.evidence.first().map(|e| e.row));
            let best = first.entry((v.rule, v.event_key.clone())).or_insert(i);
            if *best != i {
                let loser = if key(v) < key(&violations[*best]) { std::mem::replace(best, i) } else { i };
                keep[loser] = false;
            }
        }
        let mut kept = keep.into_iter();
        violations.retain(|_| kept.next().unwrap_or(true));
    }
}

/// The level of each rule.
///
/// # Errors
/// Rules that wait for each other, or for rules that are not there.
fn levels(book: &Rulebook, detectors: &[Box<dyn Detector>]) -> Result<Vec<usize>, Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let mut waits: Vec<Vec<usize>> = Vec::new();
    for (rule, detector) in book.rules.iter().zip(detectors) {
        let mut on = Vec::new();
        if let Reads::Rules(ids) = detector.reads() {
            for id in ids {
                let found: Vec<usize> = (0..book.rules.len()).filter(|&i| book.rules[i].id == *id).collect();
                if found.is_empty() {
                    wrong.push(rule.detect.origin.about("rules", "K0313", format!("there is no rule `{id}`")));
                }
                on.extend(found);
            }
        }
        waits.push(on);
    }
    let mut levels: Vec<usize> = detectors.iter().map(|d| usize::from(d.reads() != Reads::Facts)).collect();
    // Each round lifts rules above what they read; whoever still rises after as many rounds as rules waits for itself.
    for _ in 0..=book.rules.len() {
        let mut risen = Vec::new();
        for i in 0..levels.len() {
            let above = waits[i].iter().map(|&on| levels[on] + 1).max().unwrap_or(0);
            if above > levels[i] {
                levels[i] = above;
                risen.push(i);
            }
        }
        if risen.is_empty() {
            return if wrong.is_empty() { Ok(levels) } else { Err(wrong) };
        }
    }
    let cycle: Vec<usize> = (0..levels.len()).filter(|&i| levels[i] > book.rules.len()).collect();
    let ids: Vec<&str> = cycle.iter().map(|&i| book.rules[i].id.as_str()).collect();
    let message = format!("rules wait for each other's results: {}", ids.join(", "));
    let mut d = Diagnostic::error("K0314", message).help("let one of them read scores, or other rules");
    for &i in &cycle {
        d = d.at(book.rules[i].origin.place("this rule waits"));
    }
    wrong.push(d);
    Err(wrong)
}
