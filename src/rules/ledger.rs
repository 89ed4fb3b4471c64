//! The ledger: every charge with its number, factor, points, waiver and evidence, under a name that stays the same from
//! run to run.

use super::charge::{Charged, charge};
use super::violation::{Evidence, Violation};
use super::{escalation, waiver};
use crate::base::{Diagnostic, Error, Month, Ms, Place, Result};
use crate::facts::Context;
use crate::facts::people::UNASSIGNED;
use crate::lake::dimensions::WaiverRow;
use crate::lake::names::NONE;
use crate::settings::rulebook::Rulebook;
use polars::prelude::*;
use sha2::{Digest, Sha256};

/// One line of the ledger, texts resolved. Points in hundredths.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deduction {
    pub period: Month,
    pub staff_id: String,
    pub rule_id: String,
    pub occurred_at: Ms,
    pub deduction_id: String,
    pub shop: String,
    pub caused_by: String,
    pub due_at: Option<Ms>,
    pub done_at: Option<Ms>,
    pub occurrence_no: u32,
    pub factor: u32,
    pub points: i32,
    pub waived_by: Option<String>,
    pub event_key: String,
    pub evidence: Vec<(String, String, i64)>,
}

/// First 16 hex digits of SHA-256 over rule, payer, event and period: the same event gets the same id at every run, so
/// that a waiver written against last week's report still holds.
pub fn deduction_id(c: &Charged, book: &Rulebook, context: &Context<'_>) -> String {
    let rule = &book.rules[c.violation.rule].id;
    let payer = person(c.payer, context);
    let text = format!("{rule}\0{payer}\0{}\0{}", c.violation.event_key, c.violation.period);
    hex::encode(Sha256::digest(text.as_bytes())).chars().take(16).collect()
}

fn person(staff: u32, context: &Context<'_>) -> String {
    if staff == NONE { UNASSIGNED.to_owned() } else { context.names.text(staff).to_string() }
}

/// Charges, waives, escalates. Returns the lines in the table's order, and what people should know: waivers that match
/// nothing (those of the month alone), points out of range.
pub fn ledger(
    violations: &[Violation],
    waivers: &[WaiverRow],
    book: &Rulebook,
    context: &Context<'_>,
) -> (Vec<Deduction>, Vec<Diagnostic>) {
    let charged: Vec<Charged> = violations.iter().flat_map(|v| charge(v, &book.rules[v.rule], context)).collect();
    let (waived, unused) = waiver::matches(&charged, waivers, book, context);
    let marks: Vec<bool> = waived.iter().map(Option::is_some).collect();
    let numbers = escalation::occurrences(&charged, &marks, book, context);
    let mut lines: Vec<Deduction> = Vec::with_capacity(charged.len());
    let mut notes = Vec::new();
    for ((c, waiver), (no, factor)) in charged.iter().zip(&waived).zip(numbers) {
        let v = &c.violation;
        let rule = &book.rules[v.rule];
        if c.out_of_range {
            let place = v.evidence.first().map(|e| place(e, context));
            let d = Diagnostic::warning("K0311", format!("the points stated for `{}` are out of its range", rule.id));
            notes.push(place.into_iter().fold(d, Diagnostic::at));
        }
        lines.push(Deduction {
            period: v.period,
            staff_id: person(c.payer, context),
            rule_id: rule.id.clone(),
            occurred_at: v.occurred_at,
            deduction_id: deduction_id(c, book, context),
            shop: context.names.text(v.shop).to_string(),
            caused_by: person(v.caused_by, context),
            due_at: v.due_at,
            done_at: v.done_at,
            occurrence_no: no,
            factor,
            points: if waiver.is_some() { 0 } else { c.points.saturating_mul(factor as i32) },
            waived_by: waiver.map(|w| waivers[w].approved_by.clone()),
            event_key: v.event_key.clone(),
            evidence: v
                .evidence
                .iter()
                .map(|e| (e.table.to_owned(), context.names.text(e.file).to_string(), e.row))
                .collect(),
        });
    }
    lines.sort();
    for w in unused {
        let row = &waivers[w];
        let of_month = row.from.is_some_and(|t| context.window.own.contains(&t));
        if of_month {
            let d = Diagnostic::warning("K0312", "this waiver matches no deduction of its month");
            let help = "check the rule, the person and the time span (from included, to not included)";
            notes.push(d.at(Place::row(row.file.clone(), row.row.max(0) as u64, None, "")).help(help));
        }
    }
    (lines, notes)
}

fn place(e: &Evidence, context: &Context<'_>) -> Place {
    Place::row(context.names.text(e.file).to_string(), e.row.max(0) as u64, None, "")
}

/// `deductions` as a frame.
pub fn frame(lines: &[Deduction], version: &str) -> Result<DataFrame> {
    build(lines, version).map_err(|e| Error::Failed(format!("cannot build the ledger's frame: {e}")))
}

fn build(lines: &[Deduction], version: &str) -> PolarsResult<DataFrame> {
    let text = |name: &str, f: &dyn Fn(&Deduction) -> Option<String>| {
        StringChunked::from_iter_options(name.into(), lines.iter().map(f)).into_column()
    };
    let long = |name: &str, f: &dyn Fn(&Deduction) -> Option<i64>| {
        Int64Chunked::from_iter_options(name.into(), lines.iter().map(f)).into_column()
    };
    let evidence: Vec<Series> = lines.iter().map(|l| evidence(&l.evidence)).collect::<PolarsResult<_>>()?;
    let evidence = if evidence.is_empty() {
        let kind = crate::lake::mart::data_type(crate::lake::schema::Type::Evidence);
        Series::new_empty("evidence".into(), &kind)
    } else {
        Series::new("evidence".into(), evidence)
    };
    DataFrame::new(
        lines.len(),
        vec![
            text("deduction_id", &|l| Some(l.deduction_id.clone())),
            text("rule_id", &|l| Some(l.rule_id.clone())),
            text("rulebook_version", &|_| Some(version.to_owned())),
            text("period", &|l| Some(l.period.to_string())),
            text("shop", &|l| Some(l.shop.clone())),
            text("staff_id", &|l| Some(l.staff_id.clone())),
            text("caused_by", &|l| Some(l.caused_by.clone())),
            long("occurred_at", &|l| Some(l.occurred_at)),
            long("due_at", &|l| l.due_at),
            long("done_at", &|l| l.done_at),
            long("occurrence_no", &|l| Some(i64::from(l.occurrence_no))),
            long("factor", &|l| Some(i64::from(l.factor))),
            long("points", &|l| Some(i64::from(l.points))),
            text("waived_by", &|l| l.waived_by.clone()),
            text("event_key", &|l| Some(l.event_key.clone())),
            evidence.into_column(),
        ],
    )
}

fn evidence(rows: &[(String, String, i64)]) -> PolarsResult<Series> {
    let fields = [
        Series::new("table".into(), rows.iter().map(|r| r.0.as_str()).collect::<Vec<_>>()),
        Series::new("source_file".into(), rows.iter().map(|r| r.1.as_str()).collect::<Vec<_>>()),
        Series::new("source_row".into(), rows.iter().map(|r| r.2).collect::<Vec<_>>()),
    ];
    Ok(StructChunked::from_series("".into(), rows.len(), fields.iter())?.into_series())
}
