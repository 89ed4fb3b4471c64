//! What was open at an instant, by age (kpis.md, "backlog").

use super::context::Context;
use super::scan::Round;
use crate::base::Ms;
use crate::base::time::HOUR;
use crate::lake::orders::Order;
use foldhash::HashMap;
use std::ops::Range;

/// Open, and of these younger than 1 h, 4 h, 24 h, and older: five counts.
pub type Ages = [i64; 5];

/// Which open things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Rounds,
    Unshipped,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Rounds => "rounds",
            Kind::Unshipped => "unshipped",
        }
    }
}

/// An order waits in [paid, shipped or closed); of one that was shipped nobody knows when, nothing is known.
pub fn waits(order: &Order) -> Option<Range<Ms>> {
    let over = order.shipped_at.into_iter().chain(order.closed_at).min().unwrap_or(Ms::MAX);
    order.paid_at.filter(|_| !order.shipped_untold).map(|paid| paid..over)
}

/// Counts by (instant, shop, kind, person).
#[derive(Debug, Default)]
pub struct Backlog {
    rows: HashMap<(Ms, u32, Kind, u32), Ages>,
}

impl Backlog {
    /// A round is open in [asked, closed).
    pub fn round(&mut self, context: &Context<'_>, shop: u32, staff: u32, round: &Round) {
        if round.dropped.is_none() {
            let closes = round.closes_at(context.preset.round_expires_ms);
            self.open(context, (shop, Kind::Rounds, staff), round.asked_at, closes);
        }
    }

    pub fn order(&mut self, context: &Context<'_>, order: &Order) {
        if let Some(span) = waits(order) {
            self.open(context, (order.shop, Kind::Unshipped, order.responsible), span.start, span.end);
        }
    }

    fn open(&mut self, context: &Context<'_>, (shop, kind, staff): (u32, Kind, u32), from: Ms, to: Ms) {
        let first = context.instants.partition_point(|&t| t < from);
        for &at in context.instants[first..].iter().take_while(|&&t| t < to) {
            // What is not known yet at the clock's time is no backlog figure.
            if at > context.as_of {
                break;
            }
            let age = at - from;
            let place = [HOUR, 4 * HOUR, 24 * HOUR].iter().position(|&limit| age < limit).unwrap_or(3);
            let ages = self.rows.entry((at, shop, kind, staff)).or_insert([0; 5]);
            ages[0] += 1;
            ages[place + 1] += 1;
        }
    }

    /// Takes in another bucket's counts.
    pub fn add(&mut self, other: Backlog) {
        for (key, ages) in other.rows {
            let row = self.rows.entry(key).or_insert([0; 5]);
            for (sum, n) in row.iter_mut().zip(ages) {
                *sum += n;
            }
        }
    }

    /// The counts, in no order.
    pub fn rows(&self) -> impl Iterator<Item = (&(Ms, u32, Kind, u32), &Ages)> {
        self.rows.iter()
    }
}
