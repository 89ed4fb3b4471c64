//! How many visits each shop has on each day: weekdays, a trend over the months, holidays and two promotions.

use super::wall::{self, Days};
use crate::base::time::date_of;
use chrono::Datelike;

/// Messages of an average visit, in hundredths (a test measures it).
pub const MESSAGES_PER_VISIT: u64 = 942;

const SHOPS: [u64; 3] = [45, 32, 23];
const WEEKDAYS: [u64; 7] = [100, 96, 95, 98, 106, 119, 113];
const MONTHS: [u64; 12] = [88, 80, 95, 102, 116, 125, 118, 112, 104, 110, 122, 108];

/// Sale days as (month, day) and how much more happens then, in percent.
const SALES: [(u32, u32, u64); 7] =
    [(5, 19, 160), (5, 20, 270), (5, 21, 150), (6, 1, 150), (6, 16, 150), (6, 17, 180), (6, 18, 310)];

/// Traffic on a day in percent of a plain one, by sales alone.
pub fn sale(day: i32) -> u64 {
    let date = date_of(day);
    SALES.iter().find(|(m, d, _)| (*m, *d) == (date.month(), date.day())).map_or(100, |s| s.2)
}

/// Visits by day and shop.
#[derive(Debug)]
pub struct Volume {
    first: i32,
    visits: Vec<[u64; 3]>,
}

impl Volume {
    /// Spreads the visits that hold about `messages` messages over the days.
    pub fn new(days: &Days, messages: u64) -> Volume {
        let weights: Vec<[u64; 3]> = (days.first..=days.last)
            .map(|day| {
                let month = MONTHS[date_of(day).month0() as usize % 12];
                // People ask about travelling on long holidays, and travel.
                let holiday = if !days.is_work(day) && wall::weekday(day) < 5 { 125 } else { 100 };
                let weight = month * WEEKDAYS[wall::weekday(day) as usize % 7] * holiday * sale(day);
                SHOPS.map(|share| share * weight / 10_000)
            })
            .collect();
        let all: u128 = weights.iter().flatten().map(|w| u128::from(*w)).sum::<u128>().max(1);
        let total = u128::from(messages) * 100 / u128::from(MESSAGES_PER_VISIT);
        // Differences of the running share: they add up to the total whatever the rounding.
        let mut seen = 0u128;
        let mut share = |weight: u64| {
            let before = total * seen / all;
            seen += u128::from(weight);
            (total * seen / all - before) as u64
        };
        Volume { first: days.first, visits: weights.iter().map(|w| w.map(&mut share)).collect() }
    }

    /// Visits of a shop on a day.
    pub fn of(&self, shop: usize, day: i32) -> u64 {
        let row = usize::try_from(day - self.first).ok().and_then(|i| self.visits.get(i));
        row.and_then(|r| r.get(shop)).copied().unwrap_or(0)
    }

    /// The most visits of a shop on one day.
    pub fn most(&self) -> u64 {
        self.visits.iter().flatten().copied().max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Month;

    #[test]
    fn visits_add_up_and_have_a_shape() {
        let (from, to) = (Month::new(2026, 1).unwrap(), Month::new(2026, 6).unwrap());
        let days = Days::new(from, to, &|_| true);
        let volume = Volume::new(&days, 9_420_000);
        let all: u64 =
            (days.first..=days.last).flat_map(|d| (0..3).map(move |s| (s, d))).map(|(s, d)| volume.of(s, d)).sum();
        assert_eq!(all, 9_420_000 * 100 / MESSAGES_PER_VISIT);
        let sale = days.last - 12;
        assert!(volume.of(0, sale) > 2 * volume.of(0, sale + 4) && volume.most() == volume.of(0, sale));
        assert!(volume.of(0, sale) > volume.of(2, sale));
    }
}
