//! Repeated violations cost more: occurrences of a rule, a payer and a period in order of time; a waived one does not
//! count ("3次以上加倍": from the 3rd on).

use super::charge::Charged;
use crate::base::{Month, Ms};
use crate::lake::names::NONE;
use crate::settings::rulebook::Rulebook;
use foldhash::HashMap;
use rayon::prelude::*;

/// Number of the occurrence (1, 2, …; 0 where waived) and its factor, for each charge.
pub fn occurrences(charged: &[&Charged], waived: &[bool], book: &Rulebook) -> Vec<(u32, u32)> {
    let mut order: Vec<(Ms, usize)> = charged.iter().enumerate().map(|(i, c)| (c.violation.occurred_at, i)).collect();
    order.par_sort_by(|a, b| {
        let key = |i: usize| &charged[i].violation.event_key;
        a.0.cmp(&b.0).then_with(|| key(a.1).cmp(key(b.1)))
    });
    let mut seen: HashMap<(&str, u32, Month), u32> = HashMap::default();
    let mut out = vec![(0, 1); charged.len()];
    for (_, i) in order {
        let c = charged[i];
        let rule = &book.rules[c.violation.rule];
        // Someone unknown is nobody: what his account did is no repetition.
        if waived[i] || c.payer == NONE {
            continue;
        }
        let n = seen.entry((rule.id.as_str(), c.payer, c.violation.period)).or_insert(0);
        *n += 1;
        let factor = rule.escalation.filter(|e| *n >= e.from).map_or(1, |e| e.factor);
        out[i] = (*n, factor);
    }
    out
}
