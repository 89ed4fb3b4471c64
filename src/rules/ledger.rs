//! The ledger: every charge with its number, factor, points, waiver and evidence, under a name that stays the same from
//! run to run.

use super::charge::{Charged, OutOfRange, charge};
use super::violation::{Evidence, Violation};
use super::{escalation, waiver};
use crate::base::{Diagnostic, Month, Ms, Place, Result};
use crate::facts::Context;
use crate::facts::people::UNASSIGNED;
use crate::lake::batch::{Batch, evidence, int, long, plain, text};
use crate::lake::dimensions::WaiverRow;
use crate::lake::names::NONE;
use crate::lake::schema::DEDUCTIONS;
use crate::settings::rulebook::Rulebook;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// One line of the ledger, texts resolved. Points in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deduction {
    pub period: Month,
    pub staff_id: Arc<str>,
    pub rule_id: Arc<str>,
    pub occurred_at: Ms,
    pub deduction_id: u64,
    pub shop: Arc<str>,
    pub caused_by: Arc<str>,
    pub due_at: Option<Ms>,
    pub done_at: Option<Ms>,
    pub occurrence_no: u32,
    pub factor: u32,
    pub points: i32,
    /// Who approved the waiver, and when.
    pub waived_by: Option<String>,
    pub waived_at: Option<Ms>,
    /// The rule's version.
    pub version: Arc<str>,
    pub event_key: String,
    pub evidence: Vec<(&'static str, Arc<str>, i64)>,
}

impl Deduction {
    /// The id as the table and the pages have it: 16 hex digits.
    pub fn id_text(&self) -> String {
        id_text(self.deduction_id)
    }
}

/// A deduction's id as 16 hex digits.
pub fn id_text(id: u64) -> String {
    format!("{id:016x}")
}

/// First 16 hex digits of SHA-256 over rule, payer, event and period: the same event gets the same id at every run, so
/// that a waiver written against last week's report still holds.
pub fn deduction_id(c: &Charged, book: &Rulebook, context: &Context<'_>) -> u64 {
    let mut hash = Sha256::new();
    let period = c.violation.period.to_string();
    let payer = person(c.payer, context);
    for part in [book.rules[c.violation.rule].id.as_str(), payer.as_ref(), &c.violation.event_key, &period] {
        hash.update(part);
        hash.update([0]);
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte))
}

fn person(staff: u32, context: &Context<'_>) -> Arc<str> {
    if staff == NONE { UNASSIGNED.into() } else { context.names.text(staff) }
}

/// Lines of the ledger and what came up on the way.
#[derive(Debug, Default)]
pub struct Ledger {
    /// In the table's order.
    pub lines: Vec<Deduction>,
    pub out_of_range: Vec<OutOfRange>,
    /// Which waivers set something to 0.
    pub used: Vec<bool>,
}

impl Ledger {
    /// Takes in the lines of a later pass.
    pub fn add(&mut self, later: Ledger) {
        self.lines.extend(later.lines);
        self.lines.sort();
        self.out_of_range.extend(later.out_of_range);
        self.used.iter_mut().zip(later.used).for_each(|(u, l)| *u |= l);
    }

    /// What people should know: waivers that match nothing (those of the month alone), points out of range.
    pub fn notes(&self, waivers: &[WaiverRow], book: &Rulebook, context: &Context<'_>) -> Vec<Diagnostic> {
        let points = |n: i32| format!("{}.{:02}", n / 100, n % 100);
        let mut notes = Vec::new();
        for o in &self.out_of_range {
            let id = &book.rules[o.violation.rule].id;
            let message = format!(
                "`{id}` costs {} to {} points; this row states {} and is not charged",
                points(o.min),
                points(o.max),
                points(o.stated)
            );
            let d = Diagnostic::warning("K0311", message).help("state points inside the range, or none for the least");
            notes.push(o.violation.evidence.first().map(|e| place(e, context)).into_iter().fold(d, Diagnostic::at));
        }
        for (row, _) in waivers.iter().zip(&self.used).filter(|(_, used)| !**used) {
            if row.from.is_some_and(|t| context.window.own.contains(&t)) {
                let d = Diagnostic::warning("K0312", "this waiver matches no deduction of its month");
                let help = "check the rule, the person and the time span (from included, to not included)";
                notes.push(d.at(Place::row(row.file.clone(), row.row.max(0) as u64, None, "")).help(help));
            }
        }
        notes
    }
}

/// Charges, waives, escalates.
pub fn ledger(violations: Vec<Violation>, waivers: &[WaiverRow], book: &Rulebook, context: &Context<'_>) -> Ledger {
    let (mut charged, mut out_of_range): (Vec<Charged>, Vec<OutOfRange>) = (Vec::new(), Vec::new());
    for violation in violations {
        match charge(violation, &book.rules, context) {
            Ok(lines) => charged.extend(lines),
            Err(o) => out_of_range.push(*o),
        }
    }
    let (waived, used) = waiver::matches(&charged, waivers, book, context);
    let marks: Vec<bool> = waived.iter().map(Option::is_some).collect();
    let numbers = escalation::occurrences(&charged, &marks, book);
    let rule_ids: Vec<Arc<str>> = book.rules.iter().map(|r| r.id.as_str().into()).collect();
    let versions: Vec<Arc<str>> =
        book.rules.iter().map(|r| r.version.as_deref().unwrap_or(&book.version).into()).collect();
    let mut lines: Vec<Deduction> = charged
        .into_par_iter()
        .zip(waived)
        .zip(numbers)
        .map(|((c, waiver), (no, factor))| Deduction {
            period: c.violation.period,
            staff_id: person(c.payer, context),
            rule_id: rule_ids[c.violation.rule].clone(),
            occurred_at: c.violation.occurred_at,
            deduction_id: deduction_id(&c, book, context),
            shop: context.names.text(c.violation.shop),
            caused_by: person(c.violation.caused_by, context),
            due_at: c.violation.due_at,
            done_at: c.violation.done_at,
            occurrence_no: no,
            factor,
            points: if waiver.is_some() { 0 } else { c.points.saturating_mul(factor as i32) },
            waived_by: waiver.map(|w| waivers[w].approved_by.clone()),
            waived_at: waiver.map(|w| waivers[w].approved_at),
            version: versions[c.violation.rule].clone(),
            evidence: c.violation.evidence.iter().map(|e| (e.table, context.names.text(e.file), e.row)).collect(),
            event_key: c.violation.event_key,
        })
        .collect();
    lines.par_sort();
    Ledger { lines, out_of_range, used }
}

fn place(e: &Evidence, context: &Context<'_>) -> Place {
    Place::row(context.names.text(e.file).to_string(), e.row.max(0) as u64, None, "")
}

/// `deductions` as a table.
pub fn table(lines: &[Deduction]) -> Result<Batch> {
    let ids: Vec<String> = lines.iter().map(|l| l.id_text()).collect();
    let periods: Vec<String> = lines.iter().map(|l| l.period.to_string()).collect();
    Batch::new(
        &DEDUCTIONS,
        vec![
            plain("deduction_id", ids.iter().map(String::as_str)),
            plain("rule_id", lines.iter().map(|l| l.rule_id.as_ref())),
            plain("rulebook_version", lines.iter().map(|l| l.version.as_ref())),
            plain("period", periods.iter().map(String::as_str)),
            plain("shop", lines.iter().map(|l| l.shop.as_ref())),
            plain("staff_id", lines.iter().map(|l| l.staff_id.as_ref())),
            plain("caused_by", lines.iter().map(|l| l.caused_by.as_ref())),
            long("occurred_at", lines.iter().map(|l| Some(l.occurred_at))),
            long("due_at", lines.iter().map(|l| l.due_at)),
            long("done_at", lines.iter().map(|l| l.done_at)),
            int("occurrence_no", lines.iter().map(|l| l.occurrence_no as i32)),
            int("factor", lines.iter().map(|l| l.factor as i32)),
            int("points", lines.iter().map(|l| l.points)),
            text("waived_by", lines.iter().map(|l| l.waived_by.as_deref())),
            long("waived_at", lines.iter().map(|l| l.waived_at)),
            plain("event_key", lines.iter().map(|l| l.event_key.as_str())),
            evidence("evidence", lines.iter().map(|l| l.evidence.iter().map(|(t, f, row)| (*t, f.as_ref(), *row)))),
        ],
    )
}
