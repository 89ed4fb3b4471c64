//! Opening hours: how much open time lies between two instants, and when an amount of it is used up.
//!
//! Open at an instant means: the local wall time lies in an interval of that date. So hours that a zone's summer time
//! repeats count twice and skipped ones do not exist. Intervals hold their start and not their end.

use super::CalendarError;
use super::workdays::Workdays;
use crate::base::time::{DAY, date_of, day_of, next_day, previous_day};
use crate::base::{Diagnostic, Ms, Zone};
use crate::settings::hours::{HolidaysRaw, HoursRaw, Intervals, date, intervals};
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Years whose tables can be kept; others are reckoned anew for each question.
const YEARS: std::ops::Range<i32> = 1970..2200;
/// How far `add` looks for open time before it gives up.
const LONGEST_DAYS: i32 = 366 * 100;

#[derive(Debug)]
enum Pattern {
    EveryDay(Intervals),
    WorkingDays(Intervals),
    Week(Box<[Intervals; 7]>),
}

/// One day's open stretches as instants, and the open time of its year before it.
#[derive(Debug, Clone)]
struct Day {
    before: i64,
    open: Vec<(Ms, Ms)>,
}

/// A year's days and its open time.
#[derive(Debug)]
struct Year {
    first: i32,
    days: Vec<Day>,
    total: i64,
}

/// Compiled hours.
#[derive(Debug)]
pub struct Hours {
    zone: Zone,
    pattern: Pattern,
    dates: BTreeMap<NaiveDate, Intervals>,
    holidays: BTreeSet<NaiveDate>,
    /// The week's hours hold on statutory working days alone, and `workday` asks this calendar.
    statutory: bool,
    workdays: Workdays,
    years: Vec<OnceLock<Result<Year, CalendarError>>>,
}

impl Hours {
    /// Checks and compiles. `zone` is that of the hours where they name none.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn compile(raw: &HoursRaw, zone: Zone, workdays: &Workdays) -> Result<Hours, Vec<Diagnostic>> {
        let problems = raw.problems();
        if !problems.is_empty() {
            return Err(problems.into_iter().map(|p| Diagnostic::error("K0133", p)).collect());
        }
        let read = |raw| intervals(raw).unwrap_or_default();
        let pattern = match (&raw.every_day, &raw.working_days) {
            (Some(days), _) => Pattern::EveryDay(read(days)),
            (_, Some(days)) => Pattern::WorkingDays(read(days)),
            _ => Pattern::Week(Box::new(raw.week().map(read))),
        };
        let holidays = match &raw.holidays {
            Some(HolidaysRaw::Dates(dates)) => dates.iter().filter_map(|d| date(d).ok()).collect(),
            _ => BTreeSet::new(),
        };
        let named = |name: &str| matches!(&raw.holidays, Some(HolidaysRaw::Named(n)) if n == name);
        Ok(Hours {
            zone: raw.timezone.as_ref().and_then(|z| z.parse().ok()).unwrap_or(zone),
            statutory: named("cn") || (matches!(pattern, Pattern::WorkingDays(_)) && !named("none")),
            pattern,
            dates: raw.dates.iter().filter_map(|(d, i)| Some((date(d).ok()?, read(i)))).collect(),
            holidays,
            workdays: workdays.clone(),
            years: YEARS.map(|_| OnceLock::new()).collect(),
        })
    }

    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The intervals of a date, ms since midnight; an end over 24 h reaches into the next day.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn intervals(&self, date: NaiveDate) -> Result<Intervals, CalendarError> {
        if let Some(own) = self.dates.get(&date) {
            return Ok(own.clone());
        }
        if self.holidays.contains(&date) {
            return Ok(Vec::new());
        }
        let of_week = date.weekday().num_days_from_monday() as usize;
        Ok(match &self.pattern {
            Pattern::EveryDay(all) => all.clone(),
            Pattern::WorkingDays(all) => {
                let workdays = if self.statutory { &self.workdays } else { &Workdays::plain() };
                if workdays.is_workday(date)? { all.clone() } else { Vec::new() }
            }
            Pattern::Week(week) if self.statutory => match (self.workdays.is_workday(date)?, of_week) {
                (false, _) => Vec::new(),
                // A make-up day of the weekend is worked like a Monday where the weekend itself has no hours.
                (true, 5..) if week[of_week].is_empty() => week[0].clone(),
                (true, _) => week[of_week].clone(),
            },
            Pattern::Week(week) => week[of_week].clone(),
        })
    }

    /// Whether a date is a working day: of the statutory calendar where the hours follow it, else a day with hours.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn is_workday(&self, date: NaiveDate) -> Result<bool, CalendarError> {
        let own_week = matches!(self.pattern, Pattern::Week(_)) && !self.statutory;
        if own_week { Ok(!self.intervals(date)?.is_empty()) } else { self.workdays.is_workday(date) }
    }

    /// Open time between two instants, ms; the other way round it is negative.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn between(&self, from: Ms, to: Ms) -> Result<i64, CalendarError> {
        if to < from {
            return self.between(to, from).map(|ms| -ms);
        }
        let days = (self.zone.day(from), self.zone.day(to));
        let first = date_of(days.0).year();
        let last = if days.0 == days.1 { first } else { date_of(days.1).year() };
        let mut sum = self.until(last, to)? - self.until(first, from)?;
        for year in first..last {
            sum += self.with_year(year, |y| y.total)?;
        }
        Ok(sum)
    }

    /// Open time of a year before an instant that lies in it.
    fn until(&self, year: i32, at: Ms) -> Result<i64, CalendarError> {
        let day = self.zone.day(at);
        self.with_year(year, |y| {
            let Some(d) = y.days.get((day - y.first).max(0) as usize) else { return y.total };
            d.before + d.open.iter().map(|&(s, e)| (at.min(e) - s).max(0)).sum::<i64>()
        })
    }

    /// The instant at which `ms` of open time are used up, counted from `from`: exactly at closing where they end
    /// there. Nothing used up is `from` itself; a negative amount counts backwards.
    ///
    /// # Errors
    /// A year without calendar data; hours that are never open.
    pub fn add(&self, from: Ms, ms: i64) -> Result<Ms, CalendarError> {
        let mut left = ms.saturating_abs();
        if left == 0 {
            return Ok(from);
        }
        if left > i64::from(LONGEST_DAYS) * DAY {
            return Err(CalendarError::NeverOpen);
        }
        let mut day = self.zone.day(from);
        for _ in 0..LONGEST_DAYS {
            let open = self.open_of(day)?;
            if ms > 0 {
                for &(s, e) in &open {
                    let s = s.max(from);
                    if e > s && e - s >= left {
                        return Ok(s + left);
                    }
                    left -= (e - s).max(0);
                }
                day += 1;
            } else {
                for &(s, e) in open.iter().rev() {
                    let e = e.min(from);
                    if e > s && e - s >= left {
                        return Ok(e - left);
                    }
                    left -= (e - s).max(0);
                }
                day -= 1;
            }
        }
        Err(CalendarError::NeverOpen)
    }

    /// Whether it is open at an instant.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn is_open(&self, at: Ms) -> Result<bool, CalendarError> {
        Ok(self.open_of(self.zone.day(at))?.iter().any(|&(s, e)| s <= at && at < e))
    }

    /// The open intervals of a local day, as instants.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn open_of(&self, day: i32) -> Result<Vec<(Ms, Ms)>, CalendarError> {
        let year = date_of(day).year();
        self.with_year(year, |y| {
            y.days.get((day - y.first).max(0) as usize).map(|d| d.open.clone()).unwrap_or_default()
        })
    }

    fn with_year<T>(&self, year: i32, f: impl FnOnce(&Year) -> T) -> Result<T, CalendarError> {
        match self.years.get(usize::try_from(year - YEARS.start).unwrap_or(usize::MAX)) {
            Some(slot) => slot.get_or_init(|| self.year(year)).as_ref().map(f).map_err(Clone::clone),
            None => self.year(year).map(|y| f(&y)),
        }
    }

    fn year(&self, year: i32) -> Result<Year, CalendarError> {
        let mut date = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN);
        let mut compiled = Year { first: day_of(date), days: Vec::with_capacity(366), total: 0 };
        while date.year() == year && compiled.days.len() < 366 {
            let open = self.instants(date)?;
            let before = compiled.total;
            compiled.total += open.iter().map(|(s, e)| e - s).sum::<i64>();
            compiled.days.push(Day { before, open });
            date = next_day(date);
        }
        Ok(compiled)
    }

    /// A date's open stretches as instants: its own intervals up to midnight and what reaches over from the day before.
    fn instants(&self, date: NaiveDate) -> Result<Vec<(Ms, Ms)>, CalendarError> {
        let mut walls: Vec<(i64, i64)> = Vec::new();
        if self.reaches_over() {
            let before = self.intervals(previous_day(date))?;
            walls.extend(before.into_iter().filter(|(_, e)| *e > DAY).map(|(_, e)| (0, e - DAY)));
        }
        walls.extend(self.intervals(date)?.into_iter().map(|(s, e)| (s, e.min(DAY))));
        walls.sort_unstable();
        let mut open: Vec<(Ms, Ms)> = Vec::new();
        for (start, end, offset) in self.zone.stretches(date) {
            for &(s, e) in &walls {
                let midnight = i64::from(day_of(date)) * DAY - offset;
                let (s, e) = ((midnight + s).max(start), (midnight + e).min(end));
                match open.last_mut() {
                    // Intervals that touch or overlap (over midnight) are one stretch.
                    Some(last) if s <= last.1 => last.1 = last.1.max(e),
                    _ if s < e => open.push((s, e)),
                    _ => {}
                }
            }
        }
        Ok(open)
    }

    fn reaches_over(&self) -> bool {
        let over = |all: &Intervals| all.iter().any(|(_, e)| *e > DAY);
        let usual = match &self.pattern {
            Pattern::EveryDay(all) | Pattern::WorkingDays(all) => over(all),
            Pattern::Week(week) => week.iter().any(over),
        };
        usual || self.dates.values().any(over)
    }
}
