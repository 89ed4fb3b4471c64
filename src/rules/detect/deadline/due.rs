//! When something is due, with the arithmetic that `kaohe explain` prints.

use crate::base::time::{date_of, day_of, parse_time_of_day};
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::deadline::{self, Trace};
use crate::calendar::{CalendarError, Workdays};
use crate::facts::Context;
use crate::lake::registers::Row;
use crate::lake::schema::{Table, Type};
use crate::rules::detect::condition::Condition;
use crate::rules::detect::rows::column;
use crate::settings::duration::Duration;
use crate::settings::rulebook::Detect;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

/// One way to a due time; times of day in ms since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// So many ms later.
    Within(i64),
    /// 24:00 of the N-th day after the day (0: of the same day).
    Days(u32),
    /// 24:00 of the N-th working day after the day.
    Workdays(u32),
    NextWorkdayAt(i64),
    /// The end of the person's own shift of the day; without one (or after it) this time of day.
    ShiftEnd(i64),
    /// Asked before the cut-off: as [`Due::ShiftEnd`]; at or after it: as [`Due::NextWorkdayAt`].
    Handling {
        day: i64,
        night: i64,
    },
    /// 24:00 of that day of the next month.
    DayOfNextMonth(u32),
    /// 24:00 of the last working day of the day's ISO week.
    WeekLastWorkday,
    /// A column of the row.
    Column(usize),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DueRaw {
    when: Option<toml::Value>,
    within: Option<Duration>,
    days: Option<u32>,
    workdays: Option<u32>,
    next_workday_at: Option<String>,
    shift_end: Option<String>,
    handling: Option<HandlingRaw>,
    day_of_next_month: Option<u32>,
    week_last_workday: Option<bool>,
    column: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandlingRaw {
    day: String,
    night: String,
}

/// The ways of a rule: the first whose condition the row meets counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dues(Vec<(Option<Condition>, Due)>);

impl Dues {
    /// Reads `due`: one table, or a list of them with `when`. `table`: the register whose rows are meant.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(value: &toml::Value, table: Option<&'static Table>, detect: &Detect) -> Result<Dues, Vec<Diagnostic>> {
        let ways = match value {
            toml::Value::Array(ways) => ways.clone(),
            one => vec![one.clone()],
        };
        let (mut dues, mut wrong) = (Vec::new(), Vec::new());
        for way in ways {
            match one(way, table, detect) {
                Ok(due) => dues.push(due),
                Err(found) => wrong.push(found),
            }
        }
        if dues.is_empty() && wrong.is_empty() {
            wrong.push(detect.origin.about("due", "K0304", "`due` says nothing"));
        }
        if wrong.is_empty() { Ok(Dues(dues)) } else { Err(wrong) }
    }

    /// The way that counts for a row; `None` where none fits.
    pub fn of(&self, row: Option<&Row>) -> Option<Due> {
        let fits = |when: &Option<Condition>| when.as_ref().is_none_or(|c| row.is_some_and(|r| c.holds(r)));
        self.0.iter().find(|(when, _)| fits(when)).map(|(_, due)| *due)
    }

    /// All ways, in order.
    pub fn all(&self) -> impl Iterator<Item = Due> + '_ {
        self.0.iter().map(|(_, due)| *due)
    }

    /// The columns that they read.
    pub fn columns(&self, table: &'static Table) -> Vec<&'static str> {
        let read = self.all().filter_map(|d| match d {
            Due::Column(at) => Some(table.columns[at].name),
            _ => None,
        });
        read.chain(self.0.iter().filter_map(|(when, _)| when.as_ref()).flat_map(|c| c.columns(table))).collect()
    }
}

fn one(
    value: toml::Value,
    table: Option<&'static Table>,
    detect: &Detect,
) -> Result<(Option<Condition>, Due), Diagnostic> {
    let about = |message: String| detect.origin.about("due", "K0304", message);
    let raw: DueRaw = value.try_into().map_err(|e: toml::de::Error| about(format!("`due`: {}", e.message())))?;
    let time = |text: &str| parse_time_of_day(text).map_err(&about);
    let mut ways = Vec::new();
    ways.extend(raw.within.map(|d| Due::Within(d.0)));
    ways.extend(raw.days.map(Due::Days));
    ways.extend(raw.workdays.map(Due::Workdays));
    ways.extend(raw.next_workday_at.map(|t| time(&t).map(Due::NextWorkdayAt)).transpose()?);
    ways.extend(raw.shift_end.map(|t| time(&t).map(Due::ShiftEnd)).transpose()?);
    if let Some(h) = raw.handling {
        ways.push(Due::Handling { day: time(&h.day)?, night: time(&h.night)? });
    }
    ways.extend(raw.day_of_next_month.map(Due::DayOfNextMonth));
    ways.extend(raw.week_last_workday.filter(|&on| on).map(|_| Due::WeekLastWorkday));
    if let Some(name) = raw.column {
        let table = table.ok_or_else(|| about("`column` goes with a register alone".to_owned()))?;
        ways.push(Due::Column(column(table, &name, &[Type::Time], detect, "due")?));
    }
    let when = match (&raw.when, table) {
        (None, _) => None,
        (Some(when), Some(table)) => Some(Condition::parse(when, table).map_err(&about)?),
        (Some(_), None) => return Err(about("`when` goes with a register alone".to_owned())),
    };
    match ways.as_slice() {
        [due] => Ok((when, *due)),
        _ => Err(about(
            "`due` is one of within, days, workdays, next_workday_at, shift_end, handling, day_of_next_month, \
             week_last_workday, column"
                .to_owned(),
        )),
    }
}

impl Due {
    /// When something that began at `from` is due for a person; `None` where the row's column is empty.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn at(
        self,
        from: Ms,
        staff: u32,
        row: Option<&Row>,
        context: &Context<'_>,
        trace: &mut Trace,
    ) -> Result<Option<Ms>, CalendarError> {
        let (zone, workdays) = (context.zone, context.workdays);
        let day = zone.day(from);
        let date = date_of(day);
        Ok(Some(match self {
            Due::Within(ms) => from + ms,
            Due::Days(n) => deadline::end_of_day(zone, date, n, trace),
            Due::Workdays(n) => deadline::end_of_workday(workdays, zone, date, n, trace)?,
            Due::NextWorkdayAt(at) => deadline::next_workday_at(workdays, zone, date, at, trace)?,
            Due::ShiftEnd(otherwise) => shift_end(otherwise, from, staff, context, trace),
            Due::Handling { day, .. } if zone.time_of_day(from) < context.preset.cutoff_ms => {
                shift_end(day, from, staff, context, trace)
            }
            Due::Handling { night, .. } => deadline::next_workday_at(workdays, zone, date, night, trace)?,
            Due::DayOfNextMonth(n) => {
                let first = Month::of(date).next().first_day();
                zone.end_of(date_of(day_of(first) + n as i32 - 1))
            }
            Due::WeekLastWorkday => match week_last_workday(workdays, date, trace)? {
                Some(last) => zone.end_of(last),
                None => return Ok(None),
            },
            Due::Column(at) => return Ok(row.and_then(|r| r.values.get(at)).and_then(|v| v.int())),
        }))
    }
}

fn shift_end(otherwise: i64, from: Ms, staff: u32, context: &Context<'_>, trace: &mut Trace) -> Ms {
    let day = context.zone.day(from);
    match context.people.shift_end(staff, day, from) {
        Some(end) => {
            trace.shift_end(end);
            end
        }
        None => {
            let end = context.zone.at(date_of(day), otherwise);
            trace.no_shift(end);
            end
        }
    }
}

/// The last working day of the ISO week that a date lies in (每周五,放假前一天); `None` for a week without any.
///
/// # Errors
/// A year without calendar data.
pub fn week_last_workday(
    workdays: &Workdays,
    date: NaiveDate,
    trace: &mut Trace,
) -> Result<Option<NaiveDate>, CalendarError> {
    let monday = day_of(date) - date.weekday().num_days_from_monday() as i32;
    let mut last = None;
    for day in (monday..monday + 7).map(date_of) {
        let kind = workdays.kind(day)?;
        let works = kind.is_workday();
        trace.day(day, kind, u32::from(works));
        if works {
            last = Some(day);
        }
    }
    Ok(last)
}
