//! A month of the calendar, day by day.

use super::CalendarError;
use super::deadline::weekday;
use super::hours::Hours;
use super::workdays::Workdays;
use crate::base::Month;
use crate::base::time::{DAY, format_time_of_day, next_day};
use chrono::NaiveDate;
use serde::Serialize;

/// One day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub date: NaiveDate,
    pub weekday: &'static str,
    pub workday: bool,
    /// Why: weekend, which holiday, …
    pub reason: String,
    /// `09:00-12:00`; `+1` marks an end on the next day.
    pub hours: Vec<String>,
}

/// The days of a month with the hours.
///
/// # Errors
/// A year without calendar data.
pub fn month(month: Month, hours: &Hours, workdays: &Workdays, lang: &str) -> Result<Vec<Shown>, CalendarError> {
    let mut days = Vec::with_capacity(31);
    let mut date = month.first_day();
    while month.contains(date) {
        let kind = workdays.kind(date)?;
        let hours = hours.intervals(date)?.into_iter().map(|(s, e)| {
            let over = if e > DAY { "+1" } else { "" };
            format!("{}-{}{over}", format_time_of_day(s), format_time_of_day(if e > DAY { e - DAY } else { e }))
        });
        days.push(Shown {
            date,
            weekday: weekday(date, lang),
            workday: kind.is_workday(),
            reason: kind.words(lang),
            hours: hours.collect(),
        });
        date = next_day(date);
    }
    Ok(days)
}
