//! The month in a message: headlines, what moved, the most expensive clauses, what is still open. It names nobody: who
//! lost points is not for a group chat.

use super::desk::Desk;
use super::ledger::{self, Sum};
use super::{moved, overview, trend};
use crate::base::Result;
use crate::report::data::Inputs;
use crate::report::format::{self, cost, grouped};
use crate::report::words::Words;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// Most clauses.
const MOST_CLAUSES: usize = 5;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Brief {
    pub title: String,
    /// Shops, preset, clock.
    pub scope: String,
    /// Why the figures may still change, where they may.
    pub draft: Option<String>,
    pub figures: Vec<BriefFigure>,
    /// A sentence each.
    pub better: Vec<String>,
    pub worse: Vec<String>,
    /// One sentence on all deductions.
    pub deducted: String,
    /// The most expensive ones, a sentence each.
    pub clauses: Vec<String>,
    /// What is not final, not assessed, not matched, a sentence each.
    pub open: Vec<String>,
}

/// A headline on one line.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BriefFigure {
    pub name: String,
    pub value: String,
    /// How it moved since the month before, with the value then.
    pub change: Option<String>,
    /// Whether the target is reached, where there is one.
    pub target: Option<String>,
    pub provisional: bool,
}

/// Fails only without any month.
pub fn brief(inputs: &Inputs, words: &Words) -> Result<Brief> {
    let desk = Desk::new(inputs, words)?;
    let month = format::month(words, desk.now.month.month);
    let moved = moved::moved(&desk);
    Ok(Brief {
        title: words.fill("overview.title", &[("month", &month)]),
        scope: overview::scope(&desk),
        draft: super::draft(&desk),
        figures: overview::headlines(&desk).iter().map(|h| figure(h, words)).collect(),
        better: moved.better.into_iter().map(|s| s.text).collect(),
        worse: moved.worse.into_iter().map(|s| s.text).collect(),
        deducted: overview::deducted(&desk),
        clauses: clauses(&desk),
        open: open(&desk),
    })
}

fn figure(h: &overview::Headline, words: &Words) -> BriefFigure {
    let change = h.change.as_ref().map(|c| {
        let change = format!("{} {}", c.arrow, c.text);
        words.fill("brief.change", &[("change", &change), ("before", &h.before)])
    });
    let met = |t: &overview::Compared| t.change.as_ref().map(|c| format!("{} {}", c.arrow, c.text));
    BriefFigure {
        name: h.name.clone(),
        value: h.value.clone(),
        change,
        target: h.target.as_ref().and_then(met),
        provisional: h.provisional.is_some(),
    }
}

fn clauses(desk: &Desk) -> Vec<String> {
    let charged = desk.now.month.deductions.iter().filter(|d| d.points != 0);
    let mut rules: Vec<(&str, Sum)> =
        ledger::by_rule(desk, charged).into_iter().map(|(rule, found)| (rule, Sum::of(desk, found))).collect();
    rules.sort_by_key(|(_, sum)| -sum.points);
    let said = |(rule, sum): (&str, Sum)| {
        desk.words.fill(
            "brief.clause",
            &[
                ("rule", &desk.title(rule)),
                ("points", &cost(sum.points)),
                ("n", &grouped(sum.charged)),
                ("people", &grouped(sum.people.len() as i64)),
            ],
        )
    };
    rules.into_iter().take(MOST_CLAUSES).map(said).collect()
}

fn open(desk: &Desk) -> Vec<String> {
    let (words, month) = (desk.words, desk.now.month);
    let mut said = Vec::new();
    let waiting = trend::waiting(desk);
    if !waiting.is_empty() {
        let figures = waiting
            .iter()
            .map(|(name, until)| words.fill("brief.waiting_for", &[("name", name), ("day", &until.to_string())]));
        let figures = figures.collect::<Vec<_>>().join(&words.text("format.list"));
        said.push(words.fill("brief.waiting", &[("figures", &figures)]));
    }
    said.extend(overview::not_assessed(desk));
    let unmatched = || month.quality.iter().filter(|q| q.kind == "unmatched_account");
    let accounts: BTreeSet<(&str, &str)> = unmatched().map(|q| (q.shop.as_str(), q.subject.as_str())).collect();
    if !accounts.is_empty() {
        let messages = unmatched().map(|q| q.count).sum();
        let (n, messages) = (grouped(accounts.len() as i64), grouped(messages));
        said.push(words.fill("brief.unmatched", &[("n", &n), ("messages", &messages)]));
    }
    said
}
