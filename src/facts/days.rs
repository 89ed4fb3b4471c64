//! Local days of a stretch of time with what decides an inquiry's date, looked up for each session.

use crate::base::time::{date_of, day_of};
use crate::base::{Month, Ms, Zone};
use crate::calendar::{CalendarError, Workdays};
use std::ops::Range;

/// Days as numbers since 1970-01-01.
#[derive(Debug, Clone)]
pub struct Days {
    zone: Zone,
    cutoff_ms: i64,
    first: i32,
    /// For each day: the next working day after it.
    next_workday: Vec<i32>,
}

impl Days {
    /// Covers `span` (instants).
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn new(span: &Range<Ms>, cutoff_ms: i64, zone: Zone, workdays: &Workdays) -> Result<Days, CalendarError> {
        let (first, last) = (zone.day(span.start), zone.day(span.end));
        let mut next_workday = Vec::with_capacity((last - first + 1).max(0) as usize);
        for day in first..=last {
            next_workday.push(day_of(workdays.next_workday(date_of(day))?));
        }
        Ok(Days { zone, cutoff_ms, first, next_workday })
    }

    /// The day to which an inquiry at `at` belongs: its own, or the next working day at or after the cut-off.
    pub fn inquiry_day(&self, at: Ms) -> i32 {
        let day = self.zone.day(at);
        if self.zone.time_of_day(at) < self.cutoff_ms { day } else { self.next_workday(day) }
    }

    /// The next working day after a day (days outside the span: the nearest inside).
    pub fn next_workday(&self, day: i32) -> i32 {
        let at = (day - self.first).clamp(0, self.next_workday.len() as i32 - 1);
        self.next_workday.get(at as usize).copied().unwrap_or(day)
    }
}

/// What a month's figures need to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub month: Month,
    /// The month itself.
    pub own: Range<Ms>,
    /// Questions that may belong to the month's inquiries.
    pub asked: Range<Ms>,
    /// Messages: from the first that may belong to the month, less the margin, to the month's end plus the margin.
    pub messages: Range<Ms>,
    /// Orders, alike.
    pub orders: Range<Ms>,
    /// The months that these touch, in order.
    pub months: Vec<Month>,
}

impl Window {
    /// `margin_days` reach both ways, and back twice: what is open on the month's first day may have been asked a margin
    /// before it, and how that conversation stood then hangs on what was open a margin earlier still. The same holds for
    /// an inquiry of the evening before a long holiday, which belongs to a working day many days later.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn of(month: Month, margin_days: u32, zone: Zone, workdays: &Workdays) -> Result<Window, CalendarError> {
        let (start, end) = month.bounds(zone);
        let first = day_of(month.first_day());
        let mut reach = first;
        while reach > first - 60 && day_of(workdays.next_workday(date_of(reach - 1))?) >= first {
            reach -= 1;
        }
        let margin = margin_days as i32;
        let from = zone.start_of(date_of(reach.min(first - margin) - margin));
        let to = zone.start_of(date_of(day_of(month.next().first_day()) + margin));
        let mut months = vec![Month::of(zone.date(from))];
        while let Some(&last) = months.last()
            && last < Month::of(zone.date(to - 1))
        {
            months.push(last.next());
        }
        let asked = zone.start_of(date_of(reach))..end;
        Ok(Window { month, own: start..end, asked, messages: from..to, orders: from..to, months })
    }
}
