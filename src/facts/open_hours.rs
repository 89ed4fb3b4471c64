//! How many rounds were open at each full hour of the month: what was opened and closed between two hours, added up.

use super::context::Context;
use super::scan::Round;
use crate::base::Ms;
use foldhash::HashMap;

/// By shop: by how much the number of open rounds changes at each of the context's hours.
#[derive(Debug, Default)]
pub struct OpenHours(HashMap<u32, Vec<i64>>);

impl OpenHours {
    /// A round is open in [asked, closed), as in the backlog.
    pub fn round(&mut self, context: &Context<'_>, shop: u32, round: &Round) {
        if round.dropped.is_some() {
            return;
        }
        let closes = round.closes_at(context.preset.round_expires_ms);
        let place = |at: Ms| context.full_hours.partition_point(|&t| t < at);
        let (from, to) = (place(round.asked_at), place(closes));
        if from < to {
            let changes = self.0.entry(shop).or_insert_with(|| vec![0; context.full_hours.len() + 1]);
            changes[from] += 1;
            changes[to] -= 1;
        }
    }

    /// Takes in another bucket's changes.
    pub fn add(&mut self, other: OpenHours) {
        for (shop, changes) in other.0 {
            match self.0.get_mut(&shop) {
                Some(mine) => mine.iter_mut().zip(changes).for_each(|(sum, n)| *sum += n),
                None => drop(self.0.insert(shop, changes)),
            }
        }
    }

    /// (hour, shop, open) where something was open; shops in no order.
    pub fn rows(&self, context: &Context<'_>) -> Vec<(Ms, u32, i64)> {
        let mut rows = Vec::new();
        for (&shop, changes) in &self.0 {
            let mut open = 0;
            for (&at, change) in context.full_hours.iter().zip(changes) {
                open += change;
                if open > 0 {
                    rows.push((at, shop, open));
                }
            }
        }
        rows
    }
}
