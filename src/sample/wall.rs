//! The department's clock. China has one offset, so wall time is counted in ms and differences are true durations.

use crate::base::Month;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND, date_of, day_of};
use chrono::{Datelike, NaiveDate};

/// Local wall time: ms since 1970-01-01 00:00 as the clock on the wall shows it.
pub type Wall = i64;

/// Local day of a wall time, as days since 1970-01-01.
pub fn day(at: Wall) -> i32 {
    at.div_euclid(DAY) as i32
}

/// Ms since midnight.
pub fn time_of_day(at: Wall) -> i64 {
    at.rem_euclid(DAY)
}

/// 00:00 of a day.
pub fn midnight(day: i32) -> Wall {
    i64::from(day) * DAY
}

/// The month of a day.
pub fn month(day: i32) -> Month {
    Month::of(date_of(day))
}

/// Monday is 0.
pub fn weekday(day: i32) -> i32 {
    (day + 3).rem_euclid(7)
}

/// Working days of the months of the sample and of some weeks behind them.
#[derive(Debug)]
pub struct Days {
    /// First and last day with traffic.
    pub first: i32,
    pub last: i32,
    work: Vec<bool>,
}

impl Days {
    pub fn new(from: Month, to: Month, is_workday: &dyn Fn(NaiveDate) -> bool) -> Days {
        let first = day_of(from.first_day());
        let end = day_of(to.next().last_day());
        let work = (first..=end).map(|d| is_workday(date_of(d))).collect();
        Days { first, last: day_of(to.last_day()), work }
    }

    /// Whether a day is worked; Monday to Friday beyond the days that were asked for.
    pub fn is_work(&self, day: i32) -> bool {
        let known = usize::try_from(day - self.first).ok().and_then(|i| self.work.get(i));
        known.copied().unwrap_or(weekday(day) < 5)
    }

    /// The first working day after a day.
    pub fn next_work(&self, day: i32) -> i32 {
        (day + 1..day + 60).find(|d| self.is_work(*d)).unwrap_or(day + 1)
    }
}

/// Writes times as text; the date is made once a day.
#[derive(Debug)]
pub struct Stamp {
    day: i32,
    text: [u8; 23],
}

impl Default for Stamp {
    fn default() -> Self {
        Stamp { day: i32::MIN, text: *b"0000-00-00 00:00:00.000" }
    }
}

impl Stamp {
    /// `2026-05-15 17:59:50.123`
    pub fn ms(&mut self, at: Wall) -> &[u8] {
        self.set(at);
        &self.text
    }

    /// `2026-05-15 17:59:50`
    pub fn seconds(&mut self, at: Wall) -> &[u8] {
        self.set(at);
        &self.text[..19]
    }

    /// `2026-05-15`
    pub fn date(&mut self, day: i32) -> &[u8] {
        self.set(midnight(day));
        &self.text[..10]
    }

    fn set(&mut self, at: Wall) {
        if self.day != day(at) {
            self.day = day(at);
            let date = date_of(self.day);
            self.digits(0, 4, i64::from(date.year()));
            self.digits(5, 2, i64::from(date.month()));
            self.digits(8, 2, i64::from(date.day()));
        }
        let time = time_of_day(at);
        self.digits(11, 2, time / HOUR);
        self.digits(14, 2, time / MINUTE % 60);
        self.digits(17, 2, time / SECOND % 60);
        self.digits(20, 3, time % SECOND);
    }

    fn digits(&mut self, from: usize, count: usize, mut number: i64) {
        for place in self.text[from..from + count].iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            number /= 10;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_on_the_wall() {
        let date = NaiveDate::from_ymd_opt(2026, 5, 15).unwrap();
        let at = midnight(day_of(date)) + 17 * HOUR + 59 * MINUTE + 50 * SECOND + 7;
        let mut stamp = Stamp::default();
        assert_eq!(stamp.ms(at), b"2026-05-15 17:59:50.007");
        assert_eq!(stamp.seconds(at + DAY), b"2026-05-16 17:59:50");
        assert_eq!(stamp.date(day(at)), b"2026-05-15");
        assert_eq!((weekday(day(at)), month(day(at)).to_string().as_str()), (4, "2026-05"));
    }

    #[test]
    fn next_working_day_passes_over_days_off() {
        let month = Month::new(2026, 5).unwrap();
        let days = Days::new(month, month, &|d| d.day() > 5 || d.month() != 5);
        assert_eq!(days.next_work(days.first), days.first + 5);
        assert!(!days.is_work(days.first) && days.is_work(days.first + 5));
    }
}
