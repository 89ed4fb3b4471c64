//! How long the steps of the month's orders took: created → paid → shipped → signed (kpis.md, "step times").

use super::context::Context;
use super::percentiles::nearest_rank;
use crate::lake::orders::Order;
use crate::settings::pipeline::StepLimits;
use foldhash::HashMap;
use std::collections::BTreeMap;

/// A step of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Created → paid.
    Paid,
    /// Paid → shipped.
    Shipped,
    /// Shipped → signed.
    Signed,
}

impl Step {
    pub const ALL: [Step; 3] = [Step::Paid, Step::Shipped, Step::Signed];

    pub fn name(self) -> &'static str {
        match self {
            Step::Paid => "paid",
            Step::Shipped => "shipped",
            Step::Signed => "signed",
        }
    }

    /// Columns of `orders` without which nothing is known of it.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Step::Paid => &["paid_at"],
            Step::Shipped => &["paid_at", "shipped_at"],
            Step::Signed => &["shipped_at", "signed_at"],
        }
    }

    /// What the settings allow, ms.
    pub fn limit(self, limits: &StepLimits) -> i64 {
        match self {
            Step::Paid => limits.paid_ms,
            Step::Shipped => limits.shipped_ms,
            Step::Signed => limits.signed_ms,
        }
    }
}

/// The times of those that took a step, ms, and how many have come to it and not taken it.
#[derive(Debug, Clone, Default)]
struct Taken {
    times: Vec<i64>,
    open: i64,
}

/// By (step, shop, responsible person).
#[derive(Debug, Default)]
pub struct Steps(HashMap<(Step, u32, u32), Taken>);

/// What a group of orders took for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    pub count: i64,
    pub open: i64,
    pub sum_ms: i64,
    /// Nearest rank; 0 of nothing.
    pub p50: i64,
    pub p90: i64,
    /// Not longer than the limit.
    pub met: i64,
}

impl Steps {
    /// Counts an order that was created in the month. A step that was taken before the one it follows took no time; a
    /// closed order waits for nothing, nor does one that was shipped nobody knows when.
    pub fn order(&mut self, context: &Context<'_>, order: &Order) {
        if !context.window.own.contains(&order.created_at) {
            return;
        }
        let (paid, shipped, signed) = (order.paid_at, order.shipped_at, order.signed_at);
        let waits = order.closed_at.is_none() && !order.shipped_untold;
        let ends = [(Some(order.created_at), paid), (paid, shipped), (shipped, signed)];
        for (step, (from, to)) in Step::ALL.into_iter().zip(ends) {
            let Some(from) = from else { continue };
            let taken = || (step, order.shop, order.responsible);
            match to {
                Some(to) => self.0.entry(taken()).or_default().times.push((to - from).max(0)),
                None if waits => self.0.entry(taken()).or_default().open += 1,
                None => {}
            }
        }
    }

    /// Takes in another bucket's orders.
    pub fn add(&mut self, other: Steps) {
        for (key, mut taken) in other.0 {
            let mine = self.0.entry(key).or_default();
            mine.times.append(&mut taken.times);
            mine.open += taken.open;
        }
    }

    /// The times of each group; `groups` names those that (step, shop, person) belongs to.
    pub fn by<G: Ord, I: IntoIterator<Item = G>>(
        &self,
        limits: &StepLimits,
        groups: impl Fn(Step, u32, u32) -> I,
    ) -> BTreeMap<(Step, G), Times> {
        let mut all: BTreeMap<(Step, G), Taken> = BTreeMap::new();
        for (&(step, shop, person), taken) in &self.0 {
            for group in groups(step, shop, person) {
                let sum = all.entry((step, group)).or_default();
                sum.times.extend(&taken.times);
                sum.open += taken.open;
            }
        }
        let of = |((step, group), taken)| ((step, group), times(taken, Step::limit(step, limits)));
        all.into_iter().map(of).collect()
    }
}

fn times(mut taken: Taken, limit_ms: i64) -> Times {
    let times = &mut taken.times;
    Times {
        count: times.len() as i64,
        open: taken.open,
        sum_ms: times.iter().sum(),
        p50: nearest_rank(times, 50).unwrap_or(0),
        p90: nearest_rank(times, 90).unwrap_or(0),
        met: times.iter().filter(|t| **t <= limit_ms).count() as i64,
    }
}
