//! The truth: what the ledger must hold, with the place of each event's row, and what was waived.

use super::chat::Message;
use super::judge::{Finding, Rule};
use super::people::{People, SHOPS};
use super::sheet::{Monthly, Sheet};
use super::texts;
use super::wall::{Stamp, Wall};
use crate::base::{Month, Result};
use std::path::Path;

const HEADER: [&str; 11] = [
    "rule_id",
    "staff_id",
    "period",
    "occurred_at",
    "due_at",
    "points",
    "waived",
    "shop",
    "buyer",
    "asked_row_file",
    "asked_row",
];

/// An approved exception for one person and rule: `from` included, `to` not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    pub rule: Rule,
    pub agent: usize,
    pub from: Wall,
    pub to: Wall,
    pub reason: &'static str,
}

impl Waiver {
    fn covers(&self, finding: &Finding) -> bool {
        (self.rule, Some(self.agent)) == (finding.rule, finding.payer)
            && (self.from..self.to).contains(&finding.occurred)
    }
}

#[derive(Debug)]
struct Entry {
    finding: Finding,
    shop: usize,
    buyer: u64,
    mark: u32,
}

/// Everything that the ledger must hold. Grows with the violations, not with the messages.
#[derive(Debug, Default)]
pub struct Truth {
    entries: Vec<Entry>,
    /// Month and line of each marked row, by mark; the first is unused.
    places: Vec<Option<(Month, u64)>>,
}

impl Truth {
    /// Enters what a conversation owes and marks the rows that it rests on.
    pub fn enter_chat(&mut self, findings: &[Finding], messages: &mut [Message]) {
        for finding in findings {
            let Some(message) = messages.get_mut(finding.asked) else { continue };
            if message.mark == 0 {
                message.mark = self.mark();
            }
            let (shop, buyer, mark) = (usize::from(message.shop), message.buyer, message.mark);
            self.entries.push(Entry { finding: finding.clone(), shop, buyer, mark });
        }
    }

    /// Enters what an order owes and gives the mark for its row.
    pub fn enter_order(&mut self, finding: Finding, shop: usize, buyer: u64) -> u32 {
        let mark = self.mark();
        self.entries.push(Entry { finding, shop, buyer, mark });
        mark
    }

    fn mark(&mut self) -> u32 {
        if self.places.is_empty() {
            self.places.push(None);
        }
        self.places.push(None);
        (self.places.len() - 1) as u32
    }

    /// A marked row was written there.
    pub fn place(&mut self, mark: u32, month: Month, line: u64) {
        if let Some(place) = self.places.get_mut(mark as usize) {
            *place = Some((month, line));
        }
    }

    /// Violations in all.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Writes `deductions.csv`, sorted by period, rule, payer and time.
    pub fn write(mut self, path: &Path, waivers: &[Waiver]) -> Result<()> {
        let key = |e: &Entry| {
            let f = &e.finding;
            (f.period, f.rule, f.payer.is_none(), f.payer, f.occurred, e.shop, e.buyer)
        };
        self.entries.sort_by_key(key);
        let mut sheet = Sheet::create(path, &HEADER)?;
        let (mut stamp, mut nick) = (Stamp::default(), Vec::new());
        let mut text = |at: Wall| String::from_utf8_lossy(stamp.ms(at)).into_owned();
        for Entry { finding, shop, buyer, mark } in &self.entries {
            let rule = finding.rule;
            let waived = waivers.iter().any(|w| w.covers(finding));
            let points = if waived { 0 } else { rule.points() };
            let table = if rule == Rule::Shipment { "orders" } else { "messages" };
            let place = self.places.get(*mark as usize).copied().flatten();
            texts::nick(*buyer, &mut nick);
            sheet.row(&[
                rule.id().to_owned(),
                People::id(finding.payer).to_owned(),
                finding.period.to_string(),
                text(finding.occurred),
                finding.due.map(&mut text).unwrap_or_default(),
                points.to_string(),
                waived.to_string(),
                SHOPS.get(*shop).copied().unwrap_or_default().to_owned(),
                String::from_utf8_lossy(&nick).into_owned(),
                place.map(|(month, _)| Monthly::file_name(table, month)).unwrap_or_default(),
                place.map(|(_, line)| line.to_string()).unwrap_or_default(),
            ])?;
        }
        sheet.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_covers_its_span_person_and_rule() {
        let period = Month::new(2026, 5).unwrap();
        let finding = |rule, payer, occurred| Finding { rule, payer, period, occurred, due: None, asked: 0 };
        let waiver = Waiver { rule: Rule::Shipment, agent: 3, from: 1_000, to: 2_000, reason: "" };
        assert!(waiver.covers(&finding(Rule::Shipment, Some(3), 1_000)));
        assert!(waiver.covers(&finding(Rule::Shipment, Some(3), 1_999)));
        assert!(!waiver.covers(&finding(Rule::Shipment, Some(3), 2_000)));
        assert!(!waiver.covers(&finding(Rule::Shipment, Some(4), 1_500)));
        assert!(!waiver.covers(&finding(Rule::Shipment, None, 1_500)));
        assert!(!waiver.covers(&finding(Rule::DayUnfinished, Some(3), 1_500)));
    }
}
