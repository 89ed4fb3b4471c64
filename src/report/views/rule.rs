//! A rule's page: the clause, how it is read, and every event of the month.

use super::desk::Desk;
use super::ledger::{self, Sum};
use super::table::Table;
use crate::report::format::{cost, grouped};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RulePage {
    pub title: String,
    pub rule_id: String,
    pub clause: String,
    pub quote: String,
    pub interpretation: String,
    pub points: String,
    /// Watched, without points.
    pub monitored: bool,
    /// Why there is nothing to see, where data was missing.
    pub not_assessed: Option<String>,
    /// One sentence on the month.
    pub sum: String,
    pub events: Table,
}

pub fn rule(desk: &Desk, id: &str) -> RulePage {
    let words = desk.words;
    let text = desk.rule(id);
    let of_rule: Vec<_> =
        ledger::by_rule(desk, desk.now.month.deductions.iter().filter(|d| d.rule_id == id)).into_iter().collect();
    let events = of_rule.first().map_or(&[][..], |(_, d)| d.as_slice());
    let sum = Sum::of(desk, events.iter().copied());
    let missing = desk.now.month.quality.iter().any(|q| q.kind == "not_assessed" && q.subject == id);
    RulePage {
        title: desk.title(id),
        rule_id: id.to_owned(),
        clause: text.map_or_else(String::new, |r| r.clause.clone()),
        quote: text.map_or_else(String::new, |r| r.quote.clone()),
        interpretation: text.map_or_else(String::new, |r| r.interpretation.clone()),
        points: text.map_or_else(String::new, |r| r.points.clone()),
        monitored: text.is_some_and(|r| r.monitored),
        not_assessed: missing.then(|| words.text("rule.not_assessed")),
        sum: words.fill(
            "rule.sum",
            &[
                ("events", &grouped(events.len() as i64)),
                ("people", &grouped(sum.people.len() as i64)),
                ("points", &cost(sum.points)),
                ("waived", &grouped(sum.waived)),
            ],
        ),
        events: ledger::rule_events(desk, events),
    }
}
