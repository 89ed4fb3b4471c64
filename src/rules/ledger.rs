//! The ledger: every charge with its number, factor, points, waiver and evidence, under a name that stays the same from
//! run to run.

use super::charge::{Charged, OutOfRange, charge};
use super::violation::Violation;
use super::{escalation, waiver};
use crate::base::{Month, Ms, Result};
use crate::facts::Context;
use crate::facts::people::UNASSIGNED;
use crate::lake::batch::{Batch, Texts, coded, evidence, id, int, long, plain, text};
use crate::lake::dimensions::WaiverRow;
use crate::lake::names::NONE;
use crate::lake::schema::DEDUCTIONS;
use crate::settings::rulebook::Rulebook;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// One line of the ledger: a charge and what became of it. Points in hundredths.
#[derive(Debug, Clone)]
pub struct Deduction<'a> {
    pub charged: &'a Charged,
    pub deduction_id: u64,
    pub staff_id: Arc<str>,
    pub occurrence_no: u32,
    pub factor: u32,
    pub points: i32,
    /// Who approved the waiver, and when.
    pub waived: Option<&'a WaiverRow>,
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

/// Charges violations: one a payer. Rows that state points outside their rule's range are noted instead.
pub fn charged(
    violations: Vec<Violation>,
    book: &Rulebook,
    context: &Context<'_>,
    out_of_range: &mut Vec<OutOfRange>,
) -> Vec<Charged> {
    let mut charged = Vec::with_capacity(violations.len());
    for violation in violations {
        match charge(violation, &book.rules, context) {
            Ok(lines) => charged.extend(lines),
            Err(o) => out_of_range.push(*o),
        }
    }
    // They are kept until the month is done.
    charged.shrink_to_fit();
    charged
}

/// Waives, escalates. Returns the lines in the table's order, and which waivers match some charge. A month may hold
/// millions: the lines point to the charges.
pub fn ledger<'a>(
    charged: &'a [Vec<Charged>],
    waivers: &'a [WaiverRow],
    book: &Rulebook,
    context: &Context<'_>,
) -> (Vec<Deduction<'a>>, Vec<bool>) {
    let charged: Vec<&Charged> = charged.iter().flatten().collect();
    let (waived, used) = waiver::matches(&charged, waivers, book, context);
    let marks: Vec<bool> = waived.iter().map(Option::is_some).collect();
    let numbers = escalation::occurrences(&charged, &marks, book);
    let people = Ranks::new(context);
    let mut order: Vec<_> = charged
        .par_iter()
        .enumerate()
        .map(|(i, c)| {
            let (v, rule) = (&c.violation, book.rules[c.violation.rule].id.as_str());
            (v.period, people.rank(c.payer), rule, v.occurred_at, deduction_id(c, book, context), i)
        })
        .collect();
    order.par_sort_unstable();
    let line = |(.., deduction_id, i): (_, _, _, _, u64, usize)| {
        let (c, (occurrence_no, factor)) = (charged[i], numbers[i]);
        let waived = waived[i].map(|w| &waivers[w]);
        let points = if waived.is_some() { 0 } else { c.points.saturating_mul(factor as i32) };
        let staff_id = people.text(c.payer);
        Deduction { charged: c, deduction_id, staff_id, occurrence_no, factor, points, waived }
    };
    let lines = order.into_iter().map(line).collect();
    (lines, used)
}

/// People by the order of their texts.
struct Ranks {
    texts: Vec<Arc<str>>,
    ranks: Vec<u32>,
}

impl Ranks {
    /// Behind the names' numbers stands one for nobody.
    fn new(context: &Context<'_>) -> Ranks {
        let mut texts = context.names.all();
        texts.push(UNASSIGNED.into());
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by(|&a, &b| texts[a].cmp(&texts[b]));
        let mut ranks = vec![0; texts.len()];
        let mut rank = 0;
        for (n, &at) in order.iter().enumerate() {
            rank += u32::from(n > 0 && texts[order[n - 1]] != texts[at]);
            ranks[at] = rank;
        }
        Ranks { texts, ranks }
    }

    fn at(&self, staff: u32) -> usize {
        (staff as usize).min(self.texts.len() - 1)
    }

    fn rank(&self, staff: u32) -> u32 {
        self.ranks[self.at(staff)]
    }

    fn text(&self, staff: u32) -> Arc<str> {
        self.texts[self.at(staff)].clone()
    }
}

/// Lines of `deductions` as a table.
pub fn table(lines: &[Deduction<'_>], book: &Rulebook, context: &Context<'_>) -> Result<Batch> {
    let names = context.names.all();
    let text_of = |id: u32| names.get(id as usize).map_or("", |t| t.as_ref());
    // Behind the names' numbers: nobody, and no text.
    let nobody = names.len() as u32;
    let texts = Texts::new(names.iter().map(AsRef::as_ref).chain([UNASSIGNED, ""]));
    let rules = Texts::new(book.rules.iter().map(|r| r.id.as_str()));
    let versions = Texts::new(book.rules.iter().map(|r| r.version.as_deref().unwrap_or(&book.version)));
    let mut months: Vec<Month> = lines.iter().map(|l| l.charged.violation.period).collect();
    months.dedup();
    let periods: Vec<String> = months.iter().map(Month::to_string).collect();
    let periods = Texts::new(periods.iter().map(String::as_str));
    let period = |m: Month| months.binary_search(&m).map_or(NONE, |at| at as u32);
    let of = |f: fn(&Violation) -> Option<Ms>| lines.iter().map(move |l| f(&l.charged.violation));
    Batch::new(
        &DEDUCTIONS,
        vec![
            id("deduction_id", lines.iter().map(|l| Some(l.deduction_id))),
            coded("rule_id", lines.iter().map(|l| l.charged.violation.rule as u32), &rules)?,
            coded("rulebook_version", lines.iter().map(|l| l.charged.violation.rule as u32), &versions)?,
            coded("period", lines.iter().map(|l| period(l.charged.violation.period)), &periods)?,
            coded("shop", lines.iter().map(|l| l.charged.violation.shop.min(nobody + 1)), &texts)?,
            coded("staff_id", lines.iter().map(|l| l.charged.payer.min(nobody)), &texts)?,
            coded("caused_by", lines.iter().map(|l| l.charged.violation.caused_by.min(nobody)), &texts)?,
            long("occurred_at", of(|v| Some(v.occurred_at))),
            long("due_at", of(|v| v.due_at)),
            long("done_at", of(|v| v.done_at)),
            int("occurrence_no", lines.iter().map(|l| l.occurrence_no as i32)),
            int("factor", lines.iter().map(|l| l.factor as i32)),
            int("points", lines.iter().map(|l| l.points)),
            text("waived_by", lines.iter().map(|l| l.waived.map(|w| w.approved_by.as_str()))),
            long("waived_at", lines.iter().map(|l| l.waived.map(|w| w.approved_at))),
            plain("event_key", lines.iter().map(|l| l.charged.violation.event_key.as_str())),
            evidence(
                "evidence",
                lines.iter().map(|l| l.charged.violation.evidence.iter().map(|e| (e.table, text_of(e.file), e.row))),
            )?,
        ],
    )
}
