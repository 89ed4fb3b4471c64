//! What got better and what got worse since the month before: one sentence each, made from the figures.

use super::desk::Desk;
use super::kpi::{self, Better, Kpi};
use super::sums::{Tally, Totals};
use super::table::Link;
use super::trend;
use crate::report::format::{Quantity, Ratio};
use std::cmp::Ordering;

/// Most sentences of each kind.
const MOST: usize = 4;
/// A change below this is not worth a sentence: hundredths of a percent of the figure, for shares hundredths of a point.
const WORTH: i64 = 300;
const WORTH_SHARE: i64 = 50;

/// The sentences.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    pub better: Vec<Link>,
    pub worse: Vec<Link>,
}

/// Figures that say whether a month was good, each for itself.
fn kpis(desk: &Desk) -> Vec<&'static Kpi> {
    vec![
        &kpi::FIRST_MEDIAN,
        kpi::in_time(desk.inputs),
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::BACKLOG,
        &kpi::CONVERSION,
        &kpi::SALES,
        &kpi::REFUND_RATE,
        &kpi::UNSHIPPED,
    ]
}

/// Compares the month with the one before; figures whose window is not over are left out.
pub fn moved(desk: &Desk) -> Moved {
    let Some(before) = desk.before() else { return Moved::default() };
    let mut found = Vec::new();
    for kpi in kpis(desk).into_iter().filter(|k| !trend::is_provisional(&desk.now, k)) {
        let Some(step) = Step::of(kpi, &desk.now.whole(), &before.whole()).filter(Step::is_worth_it) else { continue };
        found.push((step.size(), kpi, step));
    }
    // Largest first; the order above where two are alike.
    found.sort_by_key(|(size, ..)| std::cmp::Reverse(*size));
    let mut moved = Moved::default();
    for (_, kpi, step) in found {
        let good = step.is_good(kpi);
        let all = if good { &mut moved.better } else { &mut moved.worse };
        if all.len() < MOST {
            let text = sentence(desk, before, kpi, step, good);
            all.push(Link { text, href: Some(kpi.file()) });
        }
    }
    moved
}

/// A figure then and now.
#[derive(Debug, Clone, Copy)]
struct Step {
    now: Quantity,
    before: Quantity,
}

impl Step {
    fn of(kpi: &Kpi, now: &Totals, before: &Totals) -> Option<Step> {
        Some(Step { now: (kpi.of)(now)?, before: (kpi.of)(before)? })
    }

    fn by(self) -> i64 {
        self.now.raw().saturating_sub(self.before.raw())
    }

    /// How large it is, so that figures of different units can be put in order: hundredths of a percent of the figure
    /// before; shares count by their points, four times, since they move in a small room.
    fn size(&self) -> i64 {
        match self.before {
            Quantity::Share(_) => self.by().saturating_abs().saturating_mul(4),
            before => Ratio::new(Some(self.by().saturating_abs()), Some(before.raw().saturating_abs()))
                .map_or(10_000, |r| r.scaled(10_000)),
        }
    }

    fn is_worth_it(&self) -> bool {
        match self.before {
            Quantity::Share(_) => self.by().saturating_abs() >= WORTH_SHARE,
            _ => self.by() != 0 && self.size() >= WORTH,
        }
    }

    fn is_good(self, kpi: &Kpi) -> bool {
        match self.by().cmp(&0) {
            Ordering::Greater => kpi.better == Better::More,
            _ => kpi.better == Better::Less,
        }
    }
}

fn sentence(desk: &Desk, before: &Tally, kpi: &Kpi, step: Step, good: bool) -> String {
    let words = desk.words;
    let change = step.now.change(step.before, words).map_or_else(String::new, |(_, text)| text);
    let name = kpi.name(words, desk.inputs);
    let (was, is) = (step.before.show(words), step.now.show(words));
    let mut text = words.fill("moved.said", &[("name", &name), ("before", &was), ("now", &is), ("change", &change)]);
    if let Some((shop, step)) = most(desk, before, kpi, good) {
        let (was, is) = (step.before.show(words), step.now.show(words));
        text.push_str(&words.fill("moved.most", &[("shop", shop), ("before", &was), ("now", &is)]));
    }
    text
}

/// The shop that moved most in the same direction, where there are several.
fn most<'d>(desk: &'d Desk, before: &Tally, kpi: &Kpi, good: bool) -> Option<(&'d str, Step)> {
    let shops: Vec<&str> = desk.now.shops().collect();
    if shops.len() < 2 {
        return None;
    }
    let steps = shops.into_iter().filter_map(|shop| {
        let step = Step::of(kpi, &desk.now.shop(shop)?, &before.shop(shop)?)?;
        (step.is_worth_it() && step.is_good(kpi) == good).then_some((shop, step))
    });
    steps.max_by(|(a, x), (b, y)| x.size().cmp(&y.size()).then(b.cmp(a)))
}
