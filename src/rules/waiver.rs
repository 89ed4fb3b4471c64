//! Approved exceptions (客观原因): the deduction stays in the ledger, marked, and costs nothing.

use super::charge::Charged;
use super::ledger::{deduction_id, id_text};
use crate::facts::Context;
use crate::lake::dimensions::WaiverRow;
use crate::settings::rulebook::Rulebook;

/// The waiver (its index) of each charge, and which waivers match any of them.
pub fn matches(
    charged: &[&Charged],
    waivers: &[WaiverRow],
    book: &Rulebook,
    context: &Context<'_>,
) -> (Vec<Option<usize>>, Vec<bool>) {
    if waivers.is_empty() {
        return (vec![None; charged.len()], Vec::new());
    }
    let mut used = vec![false; waivers.len()];
    let by_id = waivers.iter().any(|w| w.deduction_id.is_some());
    let found = charged
        .iter()
        .map(|&c| {
            let rule = &book.rules[c.violation.rule];
            let payer = context.names.text(c.payer);
            let id = by_id.then(|| id_text(deduction_id(c, book, context)));
            let hit = waivers.iter().position(|w| match (&w.deduction_id, &w.rule_id) {
                (Some(wanted), _) => id.as_ref() == Some(wanted),
                (None, Some(rule_id)) => {
                    *rule_id == rule.id
                        && w.staff_id.as_deref().is_none_or(|s| s == payer.as_ref())
                        && w.from.is_none_or(|t| t <= c.violation.occurred_at)
                        && w.to.is_none_or(|t| c.violation.occurred_at < t)
                }
                (None, None) => false,
            });
            if let Some(w) = hit {
                used[w] = true;
            }
            hit.filter(|_| rule.waivable)
        })
        .collect();
    (found, used)
}
