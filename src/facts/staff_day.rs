//! Sums and counts per person, shop and day: what every period and every grouping of the reports is added up from.

use super::context::Context;
use super::credits::Credit;
use super::inquiries::Inquiry;
use super::scan::Talk;
use super::unit::{RoundRow, SessionRow};
use crate::lake::names::NONE;
use crate::lake::orders::Order;
use crate::lake::schema::STAFF_DAY;
use crate::settings::preset::{Unanswered, Unit};
use foldhash::HashMap;
use rayon::prelude::*;

/// The measures, in the order of `staff_day`'s columns behind its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Measure {
    Inquiries,
    Received,
    Unanswered,
    Missed,
    Sessions,
    Rounds,
    Response,
    ResponseSum,
    FirstResponse,
    FirstResponseSum,
    FirstIn45s,
    FirstIn3min,
    Rate,
    RateMet,
    Slow,
    Long,
    BuyerMessages,
    AgentMessages,
    ConcurrentMax,
    Presales,
    ConvertedSameDay,
    ConvertedNextDay,
    ConvertedFinal,
    PaidFinal,
    Orders,
    Paid,
    Sales,
    Refunds,
    Items,
    Online,
    Rated,
    Satisfied,
    Reviews,
    BadReviews,
}

/// How many measures there are.
pub const MEASURES: usize = Measure::BadReviews as usize + 1;

const _: () = assert!(STAFF_DAY.columns.len() == MEASURES + 3);

/// The place of a count by its name without the ending: `received` stands for `received_count`.
pub fn count_named(name: &str) -> Option<usize> {
    STAFF_DAY.columns[3..].iter().position(|c| c.name.strip_suffix("_count") == Some(name))
}

/// The column of a measure by its place.
pub fn measure_name(place: usize) -> &'static str {
    STAFF_DAY.columns[3 + place.min(MEASURES - 1)].name
}

/// (day since 1970-01-01, shop, person); the person is [`NONE`] where an account belongs to nobody.
pub type Key = (i32, u32, u32);

/// The sums of a bucket, a month or more.
#[derive(Debug, Default)]
pub struct StaffDays {
    at: HashMap<Key, usize>,
    rows: Vec<(Key, [i64; MEASURES])>,
    /// The row asked for last: mostly the next count is its own.
    last: Option<(Key, usize)>,
    /// Running times of sessions for the concurrency: (person, start, end, day, shop).
    spans: Vec<(u32, i64, i64, i32, u32)>,
}

impl StaffDays {
    pub fn count(&mut self, key: Key, measure: Measure, n: i64) {
        if n != 0 || measure == Measure::Online {
            self.row(key)[measure as usize] += n;
        }
    }

    fn row(&mut self, key: Key) -> &mut [i64; MEASURES] {
        let at = match self.last {
            Some((last, at)) if last == key => at,
            _ => *self.at.entry(key).or_insert_with(|| {
                self.rows.push((key, [0; MEASURES]));
                self.rows.len() - 1
            }),
        };
        self.last = Some((key, at));
        &mut self.rows[at].1
    }

    /// Takes in another bucket's sums.
    pub fn add(&mut self, other: StaffDays) {
        for (key, values) in other.rows {
            for (sum, value) in self.row(key).iter_mut().zip(values) {
                *sum += value;
            }
        }
        self.spans.extend(other.spans);
    }

    /// Drops what only [`StaffDays::settle_concurrency`] needs, where nobody asks for that.
    pub fn forget_concurrency(&mut self) {
        self.spans = Vec::new();
    }

    /// The rows, in no order; [`StaffDays::settle_concurrency`] must have run.
    pub fn rows(&self) -> impl Iterator<Item = (&Key, &[i64; MEASURES])> {
        self.rows.iter().map(|(key, values)| (key, values))
    }

    /// One conversation's chat figures.
    pub fn conversation(
        &mut self,
        context: &Context<'_>,
        shop: u32,
        sessions: &[SessionRow],
        rounds: &[RoundRow],
        talks: &[Talk],
    ) {
        let counted = |s: &SessionRow| s.session.dropped.is_none();
        for s in sessions {
            let Some(day) = s.day else { continue };
            if !counted(s) {
                continue;
            }
            // Sessions of other months still run beside this month's.
            self.spans.push((s.staff, s.session.started_at, s.session.ended_at, day, shop));
            if !context.in_month(day) {
                continue;
            }
            self.count((day, shop, s.staff), Measure::Sessions, 1);
            self.count((day, shop, s.staff), Measure::Missed, i64::from(s.session.missed));
            let long = s.session.ended_at - s.session.started_at > context.preset.long_ms;
            self.count((day, shop, s.staff), Measure::Long, i64::from(long));
            if let Some((round, ms)) = first_response(context, s, rounds) {
                let key = (day, shop, round.staff_answered);
                self.count(key, Measure::FirstResponse, 1);
                self.count(key, Measure::FirstResponseSum, ms);
                self.count(key, Measure::FirstIn45s, i64::from(ms <= 45_000));
                self.count(key, Measure::FirstIn3min, i64::from(ms <= 180_000));
            }
        }
        self.buyers(context, shop, sessions, rounds, talks);
        self.responses(context, shop, rounds);
        self.rates(context, shop, sessions, rounds);
    }

    /// Distinct buyers: a conversation is one buyer, so a set of (day, person) is enough.
    fn buyers(
        &mut self,
        context: &Context<'_>,
        shop: u32,
        sessions: &[SessionRow],
        rounds: &[RoundRow],
        talks: &[Talk],
    ) {
        // Few of each: looking through them is cheaper than keeping sets.
        let (mut received, mut replied, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        let note = |set: &mut Vec<(i32, u32)>, one| {
            if !set.contains(&one) {
                set.push(one);
            }
        };
        for talk in talks {
            let s = &sessions[talk.session];
            let Some(day) = s.day.filter(|&d| context.in_month(d)) else { continue };
            if s.session.dropped.is_some() {
                continue;
            }
            let staff = context.owner(shop, talk.account, s.session.started_at);
            self.count((day, shop, staff), Measure::BuyerMessages, i64::from(talk.addressed));
            self.count((day, shop, staff), Measure::AgentMessages, i64::from(talk.replies));
            note(&mut received, (day, staff));
            if talk.replies > 0 {
                note(&mut replied, (day, staff));
            }
        }
        for r in rounds.iter().filter(|r| r.round.dropped.is_none() && context.in_month(r.day)) {
            if r.round.answered_at.is_none() {
                note(&mut waiting, (r.day, r.staff_addressed));
            } else {
                note(&mut replied, (r.day, r.staff_addressed));
            }
        }
        for &(day, staff) in &received {
            self.count((day, shop, staff), Measure::Received, 1);
            let unanswered = waiting.contains(&(day, staff)) && !replied.contains(&(day, staff));
            self.count((day, shop, staff), Measure::Unanswered, i64::from(unanswered));
        }
    }

    fn responses(&mut self, context: &Context<'_>, shop: u32, rounds: &[RoundRow]) {
        let preset = context.preset;
        let mut slow: Vec<((i32, u32), u32)> = Vec::new();
        for r in counted(context, rounds) {
            self.count((r.day, shop, r.staff_addressed), Measure::Rounds, 1);
            let (staff, ms) = match (r.by_clock(preset.clock), preset.unanswered_as) {
                (Some(ms), _) => (r.staff_answered, ms),
                (None, Unanswered::Value(ms)) => (r.staff_addressed, ms),
                (None, _) => continue,
            };
            let capped = preset.cap_ms.map_or(ms, |cap| ms.min(cap));
            self.count((r.day, shop, staff), Measure::Response, 1);
            self.count((r.day, shop, staff), Measure::ResponseSum, capped);
            if r.round.answered_at.is_some() && ms > preset.slow_over_ms {
                match slow.iter_mut().find(|(key, _)| *key == (r.day, staff)) {
                    Some((_, n)) => *n += 1,
                    None => slow.push(((r.day, staff), 1)),
                }
            }
        }
        for ((day, staff), n) in slow {
            self.count((day, shop, staff), Measure::Slow, i64::from(n >= preset.slow_times));
        }
    }

    /// The headline's rate, in the preset's unit.
    fn rates(&mut self, context: &Context<'_>, shop: u32, sessions: &[SessionRow], rounds: &[RoundRow]) {
        let preset = context.preset;
        let judge = |r: &RoundRow| -> Option<(u32, bool)> {
            match (r.by_clock(preset.clock), preset.unanswered_as) {
                (Some(ms), _) => Some((r.staff_answered, ms <= preset.target_ms)),
                (None, Unanswered::LeftOut) => None,
                (None, Unanswered::Late) => Some((r.staff_addressed, false)),
                (None, Unanswered::Value(ms)) => Some((r.staff_addressed, ms <= preset.target_ms)),
            }
        };
        let mut days: Vec<((i32, u32), bool)> = Vec::new();
        for r in counted(context, rounds) {
            let Some((staff, met)) = judge(r) else { continue };
            let counts = match preset.unit {
                Unit::Round => true,
                Unit::Session => r.round.no == 1 && sessions[r.round.session].session.opened_by_buyer,
                Unit::BuyerDay => {
                    match days.iter_mut().find(|(key, _)| *key == (r.day, staff)) {
                        Some((_, all)) => *all &= met,
                        None => days.push(((r.day, staff), met)),
                    }
                    false
                }
            };
            if counts {
                self.count((r.day, shop, staff), Measure::Rate, 1);
                self.count((r.day, shop, staff), Measure::RateMet, i64::from(met));
            }
        }
        for ((day, staff), met) in days {
            self.count((day, shop, staff), Measure::Rate, 1);
            self.count((day, shop, staff), Measure::RateMet, i64::from(met));
        }
    }

    pub fn inquiry(&mut self, shop: u32, i: &Inquiry) {
        let key = (i.day, shop, i.staff);
        self.count(key, Measure::Inquiries, 1);
        if i.presales {
            self.count(key, Measure::Presales, 1);
            self.count(key, Measure::ConvertedSameDay, i64::from(i.ordered_same_day));
            self.count(key, Measure::ConvertedNextDay, i64::from(i.ordered_next_day));
            self.count(key, Measure::ConvertedFinal, i64::from(i.ordered_final));
            self.count(key, Measure::PaidFinal, i64::from(i.paid_final));
        }
    }

    /// An order's figures: counted on the day it was created, its money on the day it was paid. `silent` stands for
    /// the person where nobody is credited.
    pub fn order(&mut self, context: &Context<'_>, order: &Order, credit: &Credit, staff: u32, silent: u32) {
        let staff = if credit.reply.is_none() { silent } else { staff };
        let created = context.zone.day(order.created_at);
        if context.in_month(created) {
            self.count((created, order.shop, staff), Measure::Orders, 1);
        }
        let Some(paid) = order.paid_at.map(|t| context.zone.day(t)).filter(|&d| context.in_month(d)) else { return };
        let key = (paid, order.shop, staff);
        self.count(key, Measure::Paid, 1);
        self.count(key, Measure::Sales, order.paid_fen.unwrap_or(0));
        self.count(key, Measure::Refunds, order.refund_fen.unwrap_or(0));
        self.count(key, Measure::Items, order.items.unwrap_or(0));
    }

    /// Hours on duty, from the shifts, in the person's (first) shop of the day.
    pub fn online(&mut self, context: &Context<'_>) {
        for &(day, staff) in context.people.on_duty(context.own_days()) {
            let mut shops = context.people.shops_of(staff, day);
            shops.sort_by_key(|&shop| context.names.text(shop));
            let Some(&shop) = shops.first() else { continue };
            let ms = context.people.shifts_on(staff, day).iter().map(super::people::Shift::online_ms).sum();
            self.count((day, shop, staff), Measure::Online, ms);
        }
    }

    /// Most sessions of a person that ran at one instant, looked at where sessions start, over all shops; noted in the
    /// row of the session that starts.
    pub fn settle_concurrency(&mut self, context: &Context<'_>) {
        let mut spans = std::mem::take(&mut self.spans);
        spans.par_sort_unstable();
        let mut ends: std::collections::BinaryHeap<std::cmp::Reverse<i64>> = std::collections::BinaryHeap::new();
        let mut person = NONE;
        for (staff, start, end, day, shop) in spans {
            if staff == NONE {
                continue;
            }
            if staff != person {
                ends.clear();
                person = staff;
            }
            while ends.peek().is_some_and(|e| e.0 < start) {
                ends.pop();
            }
            ends.push(std::cmp::Reverse(end));
            if context.in_month(day) {
                let most = &mut self.row((day, shop, staff))[Measure::ConcurrentMax as usize];
                *most = (*most).max(ends.len() as i64);
            }
        }
    }
}

/// The rounds that response figures are made of: not dropped, inside the window, in the month.
fn counted<'a>(context: &'a Context<'_>, rounds: &'a [RoundRow]) -> impl Iterator<Item = &'a RoundRow> {
    rounds.iter().filter(|r| r.round.dropped.is_none() && r.in_window && context.in_month(r.day))
}

/// A session's first response by the preset's clock, where it counts: opened by the buyer, answered, in the window.
pub fn first_response<'a>(
    context: &Context<'_>,
    s: &SessionRow,
    rounds: &'a [RoundRow],
) -> Option<(&'a RoundRow, i64)> {
    let round = s.session.first_round.filter(|_| s.session.opened_by_buyer).map(|r| &rounds[r])?;
    let ms = round.by_clock(context.preset.clock)?;
    round.in_window.then_some((round, ms))
}
