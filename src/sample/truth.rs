//! The truth: what the ledger must hold, with the place of each event's row, and what was waived.

use super::chat::Message;
use super::failed;
use super::judge::{Finding, Rule};
use super::people::{People, SHOPS};
use super::sheet::{Monthly, Sheet};
use super::texts;
use super::wall::{Stamp, Wall};
use super::world::World;
use crate::base::{Month, Result};
use std::collections::BTreeMap;
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
    /// None: nobody's in particular.
    shop: Option<usize>,
    buyer: Option<u64>,
    mark: u32,
}

/// Everything that the ledger must hold. Grows with the violations, not with the messages.
#[derive(Debug, Default)]
pub struct Truth {
    entries: Vec<Entry>,
    /// Table, month and line of each marked row, by mark; the first is unused.
    places: Vec<Option<(&'static str, Month, u64)>>,
}

impl Truth {
    /// Enters what a conversation owes and marks the rows that it rests on.
    pub fn enter_chat(&mut self, findings: &[Finding], messages: &mut [Message]) {
        for finding in findings {
            let Some(message) = messages.get_mut(finding.asked) else { continue };
            if message.mark == 0 {
                message.mark = self.mark();
            }
            let (shop, buyer, mark) = (Some(usize::from(message.shop)), Some(message.buyer), message.mark);
            self.entries.push(Entry { finding: finding.clone(), shop, buyer, mark });
        }
    }

    /// Enters what an order owes and gives the mark for its row.
    pub fn enter_order(&mut self, finding: Finding, shop: usize, buyer: u64) -> u32 {
        let mark = self.mark();
        self.entries.push(Entry { finding, shop: Some(shop), buyer: Some(buyer), mark });
        mark
    }

    /// Enters more that an order owes, whose row is marked already or (0) is to be.
    pub fn enter_order_again(&mut self, finding: Finding, shop: usize, buyer: u64, mark: u32) -> u32 {
        let mark = if mark == 0 { self.mark() } else { mark };
        self.entries.push(Entry { finding, shop: Some(shop), buyer: Some(buyer), mark });
        mark
    }

    /// Enters what a register's row owes, one entry for each payer, and gives the mark for the row.
    pub fn enter_row(&mut self, findings: Vec<Finding>, shop: Option<usize>) -> u32 {
        let mark = self.mark();
        self.entries.extend(findings.into_iter().map(|finding| Entry { finding, shop, buyer: None, mark }));
        mark
    }

    /// Enters what no row proves.
    pub fn enter_nothing(&mut self, finding: Finding, shop: Option<usize>) {
        self.entries.push(Entry { finding, shop, buyer: None, mark: 0 });
    }

    fn mark(&mut self) -> u32 {
        if self.places.is_empty() {
            self.places.push(None);
        }
        self.places.push(None);
        (self.places.len() - 1) as u32
    }

    /// A marked row was written there.
    pub fn place(&mut self, mark: u32, table: &'static str, month: Month, line: u64) {
        if let Some(place) = self.places.get_mut(mark as usize) {
            *place = Some((table, month, line));
        }
    }

    /// Writes `deductions.csv`, sorted by period, rule, payer and time. `awards`: (agent, month, hundredths).
    pub fn write(
        mut self,
        path: &Path,
        world: &World,
        waivers: &[Waiver],
        awards: &[(usize, Month, i64)],
    ) -> Result<u64> {
        let key = |e: &Entry| {
            let f = &e.finding;
            (f.period, f.rule, f.payer.is_none(), f.payer, f.occurred, e.shop, e.buyer)
        };
        self.entries.sort_by_key(key);
        let mut costs = self.costs(waivers);
        for (finding, points) in failed::findings(world, &self.charged(&costs), awards) {
            self.entries.push(Entry { finding, shop: None, buyer: None, mark: 0 });
            costs.push((points, false));
        }
        let mut sheet = Sheet::create(path, &HEADER)?;
        let (mut stamp, mut nick) = (Stamp::default(), Vec::new());
        let mut text = |at: Wall| String::from_utf8_lossy(stamp.ms(at)).into_owned();
        for (Entry { finding, shop, buyer, mark }, (points, waived)) in self.entries.iter().zip(&costs) {
            let place = self.places.get(*mark as usize).copied().flatten();
            nick.clear();
            if let Some(buyer) = buyer {
                texts::nick(*buyer, &mut nick);
            }
            sheet.row(&[
                finding.rule.id().to_owned(),
                People::id(finding.payer).to_owned(),
                finding.period.to_string(),
                text(finding.occurred),
                finding.due.map(&mut text).unwrap_or_default(),
                points.to_string(),
                waived.to_string(),
                shop.and_then(|s| SHOPS.get(s)).copied().unwrap_or_default().to_owned(),
                String::from_utf8_lossy(&nick).into_owned(),
                place.map(|(table, month, _)| Monthly::file_name(table, month)).unwrap_or_default(),
                place.map(|(_, _, line)| line.to_string()).unwrap_or_default(),
            ])?;
        }
        sheet.finish()?;
        Ok(self.entries.len() as u64)
    }

    /// Hundredths of each entry (in order) and whether it is waived: from the third follow-up of a month on double.
    fn costs(&self, waivers: &[Waiver]) -> Vec<(i64, bool)> {
        let mut followups: BTreeMap<(Month, usize), u32> = BTreeMap::new();
        let mut cost = |f: &Finding| {
            if waivers.iter().any(|w| w.covers(f)) {
                return (0, true);
            }
            let mut points = f.stated.unwrap_or(f.rule.points());
            if let (Rule::FollowupLate, Some(payer)) = (f.rule, f.payer) {
                let n = followups.entry((f.period, payer)).or_default();
                *n += 1;
                points *= if *n >= 3 { 2 } else { 1 };
            }
            (points, false)
        };
        self.entries.iter().map(|e| cost(&e.finding)).collect()
    }

    /// Hundredths by month and person.
    fn charged(&self, costs: &[(i64, bool)]) -> BTreeMap<(Month, usize), i64> {
        let mut sums = BTreeMap::new();
        for (entry, (points, _)) in self.entries.iter().zip(costs) {
            if let Some(payer) = entry.finding.payer {
                *sums.entry((entry.finding.period, payer)).or_insert(0) += points;
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_waiver_covers_its_span_person_and_rule() {
        let period = Month::new(2026, 5).unwrap();
        let finding =
            |rule, payer, occurred| Finding { rule, payer, period, occurred, due: None, asked: 0, stated: None };
        let waiver = Waiver { rule: Rule::Shipment, agent: 3, from: 1_000, to: 2_000, reason: "" };
        assert!(waiver.covers(&finding(Rule::Shipment, Some(3), 1_000)));
        assert!(waiver.covers(&finding(Rule::Shipment, Some(3), 1_999)));
        assert!(!waiver.covers(&finding(Rule::Shipment, Some(3), 2_000)));
        assert!(!waiver.covers(&finding(Rule::Shipment, Some(4), 1_500)));
        assert!(!waiver.covers(&finding(Rule::Shipment, None, 1_500)));
        assert!(!waiver.covers(&finding(Rule::DayUnfinished, Some(3), 1_500)));
    }
}
