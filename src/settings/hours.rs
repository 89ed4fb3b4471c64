//! Opening hours as people write them: `[hours.online]` of a pipeline, or inside a question of `kaohe calendar eval`.

use super::codes;
use super::exact::Exact;
use super::rulebook::Origin;
use crate::base::Diagnostic;
use crate::base::time::{DAY, parse_time_of_day};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Intervals of a day, `["09:00", "12:00"]`; an end that is not after the start lies on the next day.
pub type IntervalsRaw = Vec<Exact<[String; 2]>>;

/// `"cn"` (statutory), `"none"`, or dates.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum HolidaysRaw {
    Named(String),
    Dates(Vec<String>),
}

/// One kind of hours. Either `every_day`, or `working_days`, or the days of the week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HoursRaw {
    /// The same on every day, holidays too.
    pub every_day: Option<IntervalsRaw>,
    /// On working days alone, make-up days included.
    pub working_days: Option<IntervalsRaw>,
    #[serde(default)]
    pub mon: IntervalsRaw,
    #[serde(default)]
    pub tue: IntervalsRaw,
    #[serde(default)]
    pub wed: IntervalsRaw,
    #[serde(default)]
    pub thu: IntervalsRaw,
    #[serde(default)]
    pub fri: IntervalsRaw,
    #[serde(default)]
    pub sat: IntervalsRaw,
    #[serde(default)]
    pub sun: IntervalsRaw,
    /// Hours of single dates; they win over everything. An empty list closes the day.
    #[serde(default)]
    pub dates: BTreeMap<String, IntervalsRaw>,
    /// Days on which the week's hours do not hold.
    pub holidays: Option<HolidaysRaw>,
    /// Zone of the hours, where it is not the pipeline's.
    pub timezone: Option<String>,
}

/// Checked intervals of a day: ms since midnight, sorted; an end over 24 h reaches into the next day.
pub type Intervals = Vec<(i64, i64)>;

/// Reads intervals.
///
/// # Errors
/// A time that is none, or intervals that overlap.
pub fn intervals(raw: &IntervalsRaw) -> Result<Intervals, String> {
    let mut all = Vec::with_capacity(raw.len());
    for Exact([from, to]) in raw {
        let (from, to) = (parse_time_of_day(from)?, parse_time_of_day(to)?);
        all.push((from, if to <= from { to + DAY } else { to }));
    }
    all.sort_unstable();
    match all.windows(2).find(|w| w[1].0 < w[0].1) {
        Some(_) => Err("the intervals of a day overlap".to_owned()),
        None => Ok(all),
    }
}

/// Reads a date such as `2026-05-09`.
///
/// # Errors
/// What was written instead.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| format!("`{text}` is not a date such as 2026-05-09"))
}

impl HoursRaw {
    /// The days of the week, Monday first.
    pub fn week(&self) -> [&IntervalsRaw; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }

    /// Everything that is wrong with them, as sentences.
    pub fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let weekly = self.week().iter().any(|d| !d.is_empty());
        let ways = [self.every_day.is_some(), self.working_days.is_some(), weekly];
        if ways.iter().filter(|w| **w).count() > 1 {
            wrong.push("take one of `every_day`, `working_days` and the days of the week (`mon` … `sun`)".to_owned());
        }
        let days = self.every_day.iter().chain(&self.working_days).chain(self.week()).chain(self.dates.values());
        wrong.extend(days.filter_map(|d| intervals(d).err()));
        wrong.extend(self.dates.keys().filter_map(|d| date(d).err()));
        match &self.holidays {
            Some(HolidaysRaw::Named(name)) if name != "cn" && name != "none" => {
                wrong.push(format!("`holidays = \"{name}\"`: expected \"cn\", \"none\" or a list of dates"));
            }
            Some(HolidaysRaw::Dates(dates)) => wrong.extend(dates.iter().filter_map(|d| date(d).err())),
            _ => {}
        }
        if let Some(zone) = &self.timezone {
            wrong.extend(zone.parse::<crate::base::Zone>().err());
        }
        wrong
    }

    /// The same as findings at their place.
    pub fn check(&self, origin: &Origin) -> Vec<Diagnostic> {
        self.problems().into_iter().map(|p| Diagnostic::error(codes::WRONG_VALUE, p).at(origin.place(""))).collect()
    }
}
