//! Deadlines of the regulations, with the arithmetic that `kaohe explain` prints (clauses.md, "Words that decide
//! results").

use super::CalendarError;
use super::workdays::{DayKind, Workdays};
use crate::base::time::next_day;
use crate::base::{Ms, Zone};
use chrono::{Datelike, NaiveDate};

/// One step of the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A day that was looked at: its kind, and the number it got (0: does not count).
    Day(NaiveDate, DayKind, u32),
    /// A calendar day with its number; working or not makes no difference.
    Next(NaiveDate, u32),
    /// The person's shift ends.
    ShiftEnd(Ms),
    /// No shift is on any more that day; this time stands in.
    NoShift(Ms),
}

/// Collects steps, or nothing where nobody asks.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<Step>>);

impl Trace {
    pub fn silent() -> Trace {
        Trace(None)
    }

    pub fn on() -> Trace {
        Trace(Some(Vec::new()))
    }

    fn add(&mut self, step: Step) {
        if let Some(steps) = &mut self.0 {
            steps.push(step);
        }
    }

    pub fn shift_end(&mut self, at: Ms) {
        self.add(Step::ShiftEnd(at));
    }

    /// A day that was looked at; `n` 0: it does not count.
    pub fn day(&mut self, date: NaiveDate, kind: DayKind, n: u32) {
        self.add(Step::Day(date, kind, n));
    }

    pub fn no_shift(&mut self, at: Ms) {
        self.add(Step::NoShift(at));
    }

    /// The steps as sentences.
    pub fn lines(&self, zone: Zone, lang: &str) -> Vec<String> {
        self.0.iter().flatten().map(|step| words(step, zone, lang)).collect()
    }
}

fn words(step: &Step, zone: Zone, lang: &str) -> String {
    let zh = lang != "en";
    match step {
        Step::Day(date, kind, n) => {
            let weekday = weekday(*date, lang);
            let kind = kind.words(lang);
            match (*n, zh) {
                (0, true) => format!("{date}（{weekday}）：{kind}，不计"),
                (0, false) => format!("{date} {weekday}: {kind}, not counted"),
                (n, true) => format!("{date}（{weekday}）：{kind}，第 {n} 日"),
                (n, false) => format!("{date} {weekday}: {kind}, day {n}"),
            }
        }
        Step::Next(date, n) if zh => format!("{date}（{}）：第 {n} 日", weekday(*date, lang)),
        Step::Next(date, n) => format!("{date} {}: day {n}", weekday(*date, lang)),
        Step::ShiftEnd(at) if zh => format!("本人当班至 {}", zone.format(*at)),
        Step::ShiftEnd(at) => format!("the person's shift ends at {}", zone.format(*at)),
        Step::NoShift(at) if zh => format!("当日无班次或已下班：以在线时间结束为准 {}", zone.format(*at)),
        Step::NoShift(at) => format!("no shift then: online hours end at {}", zone.format(*at)),
    }
}

/// Name of the weekday.
pub fn weekday(date: NaiveDate, lang: &str) -> &'static str {
    const ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let n = date.weekday().num_days_from_monday() as usize;
    if lang == "en" { EN[n] } else { ZH[n] }
}

/// The N-th working day after a date (the day itself is not counted).
fn nth_workday(workdays: &Workdays, date: NaiveDate, n: u32, trace: &mut Trace) -> Result<NaiveDate, CalendarError> {
    let (mut day, mut counted) = (date, 0);
    while counted < n {
        day = next_day(day);
        let kind = workdays.kind(day)?;
        let works = kind.is_workday();
        counted += u32::from(works);
        trace.add(Step::Day(day, kind, if works { counted } else { 0 }));
    }
    Ok(day)
}

/// The next working day after a date, at a time of day (ms since midnight): 第二个工作日12点之前.
///
/// # Errors
/// A year without calendar data.
pub fn next_workday_at(
    workdays: &Workdays,
    zone: Zone,
    date: NaiveDate,
    time_of_day: i64,
    trace: &mut Trace,
) -> Result<Ms, CalendarError> {
    Ok(zone.at(nth_workday(workdays, date, 1, trace)?, time_of_day))
}

/// 24:00 of the N-th working day after a date: N个工作日内 (the starting day is not counted).
///
/// # Errors
/// A year without calendar data.
pub fn end_of_workday(
    workdays: &Workdays,
    zone: Zone,
    date: NaiveDate,
    n: u32,
    trace: &mut Trace,
) -> Result<Ms, CalendarError> {
    Ok(zone.end_of(nth_workday(workdays, date, n, trace)?))
}

/// 24:00 of the N-th day after a date: N日内, 第二日 (n = 1), 当日 (n = 0).
pub fn end_of_day(zone: Zone, date: NaiveDate, n: u32, trace: &mut Trace) -> Ms {
    let mut day = date;
    for counted in 1..=n {
        day = next_day(day);
        trace.add(Step::Next(day, counted));
    }
    zone.end_of(day)
}
