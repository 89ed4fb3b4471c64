//! Results of months as later rules read them: grades, and how often each rule was charged.

use super::ledger::Deduction;
use crate::base::Month;
use crate::settings::rulebook::Rulebook;
use std::collections::BTreeMap;

/// One month's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthResults {
    /// Grade by staff_id.
    pub grades: BTreeMap<String, String>,
    /// Deductions that were not waived, by (rule_id, staff_id).
    pub charged: BTreeMap<(String, String), u32>,
}

impl MonthResults {
    /// Notes lines of the ledger.
    pub fn charge(&mut self, lines: &[Deduction<'_>], book: &Rulebook) {
        for line in lines.iter().filter(|l| l.waived.is_none()) {
            let key = (book.rules[line.charged.violation.rule].id.clone(), line.staff_id.to_string());
            *self.charged.entry(key).or_insert(0) += 1;
        }
    }
}

/// The months that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results(BTreeMap<Month, MonthResults>);

impl Results {
    pub fn set(&mut self, month: Month, results: MonthResults) {
        self.0.insert(month, results);
    }

    pub fn get(&self, month: Month) -> Option<&MonthResults> {
        self.0.get(&month)
    }
}
