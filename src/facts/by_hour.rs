//! The month's load and its first responses by the local weekday and hour of the question.

use super::context::Context;
use super::staff_day::first_response;
use super::unit::{RoundRow, SessionRow};
use crate::base::Ms;
use crate::base::time::HOUR;
use foldhash::HashMap;

/// What fell into one hour of one weekday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Load {
    /// Rounds that count, inside the window or not.
    pub rounds: i64,
    /// First responses that count for the response figures, by the hour of the first question.
    pub first_count: i64,
    pub first_sum_ms: i64,
    /// Of these within the preset's target.
    pub first_met: i64,
}

/// Hours of a week.
const HOURS: usize = 7 * 24;

/// By shop: the hours of a week from Monday 0:00 on.
#[derive(Debug, Default)]
pub struct ByHour(HashMap<u32, Vec<Load>>);

impl ByHour {
    /// One conversation's rounds and first responses.
    pub fn conversation(&mut self, context: &Context<'_>, shop: u32, sessions: &[SessionRow], rounds: &[RoundRow]) {
        for r in rounds.iter().filter(|r| r.round.dropped.is_none() && context.in_month(r.day)) {
            self.at(context, shop, r.round.asked_at).rounds += 1;
        }
        for s in sessions.iter().filter(|s| s.in_month && s.session.dropped.is_none()) {
            let Some((round, ms)) = first_response(context, s, rounds) else { continue };
            let load = self.at(context, shop, round.round.asked_at);
            load.first_count += 1;
            load.first_sum_ms += ms;
            load.first_met += i64::from(ms <= context.preset.target_ms);
        }
    }

    fn at(&mut self, context: &Context<'_>, shop: u32, at: Ms) -> &mut Load {
        let (weekday, hour) = hour_of_week(context, at);
        &mut self.0.entry(shop).or_insert_with(|| vec![Load::default(); HOURS])[weekday * 24 + hour]
    }

    /// Takes in another bucket's counts.
    pub fn add(&mut self, other: ByHour) {
        for (shop, loads) in other.0 {
            let mine = self.0.entry(shop).or_insert_with(|| vec![Load::default(); HOURS]);
            for (sum, load) in mine.iter_mut().zip(loads) {
                sum.rounds += load.rounds;
                sum.first_count += load.first_count;
                sum.first_sum_ms += load.first_sum_ms;
                sum.first_met += load.first_met;
            }
        }
    }

    /// (shop, weekday 1 to 7, hour, load) of the hours with a round; shops in no order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, i64, i64, Load)> {
        let of = |(shop, loads): (&u32, &Vec<Load>)| {
            let shop = *shop;
            let row = move |(i, load): (usize, Load)| (shop, (i / 24 + 1) as i64, (i % 24) as i64, load);
            loads.clone().into_iter().enumerate().filter(|(_, l)| *l != Load::default()).map(row)
        };
        self.0.iter().flat_map(of)
    }
}

/// Local weekday (0 Monday … 6) and hour of an instant.
fn hour_of_week(context: &Context<'_>, at: Ms) -> (usize, usize) {
    // 1970-01-01 was a Thursday.
    let weekday = (context.zone.day(at) + 3).rem_euclid(7);
    (weekday as usize, (context.zone.time_of_day(at) / HOUR).clamp(0, 23) as usize)
}
