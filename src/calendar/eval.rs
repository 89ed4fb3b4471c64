//! Questions as JSON lines, so that the calendar can be replayed against other systems' test cases.
//!
//! `{"op":"between","from":…,"to":…}` → `{"ms":…}`; `{"op":"add","from":…,"ms":…}` → `{"at":…}`;
//! `{"op":"workday","date":…}` → `{"workday":…}`; `{"op":"open","at":…}` → `{"open":…}`. The hours may stand inside the
//! question: `"hours": {"mon": [["09:00","12:00"],["13:00","18:00"]], …}`, `"dates"`, `"holidays"`, `"timezone"`.
//! A question that cannot be answered gives `{"error":…}` and does not stop the others.

use super::hours::Hours;
use super::question::{date, instant, rfc3339};
use super::workdays::Workdays;
use crate::base::{Ms, Zone};
use crate::settings::hours::{HolidaysRaw, HoursRaw, IntervalsRaw};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    op: Op,
    from: Option<String>,
    to: Option<String>,
    at: Option<String>,
    date: Option<String>,
    ms: Option<i64>,
    hours: Option<HoursRaw>,
    dates: Option<BTreeMap<String, IntervalsRaw>>,
    holidays: Option<HolidaysRaw>,
    timezone: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Op {
    Between,
    Add,
    Workday,
    Open,
}

/// Answers questions; hours of the last question are kept, since test cases come in runs.
#[derive(Debug)]
pub struct Oracle<'a> {
    default: Option<&'a Hours>,
    workdays: &'a Workdays,
    zone: Zone,
    last: Option<(HoursRaw, Hours)>,
}

impl<'a> Oracle<'a> {
    /// `default` serves questions without hours; `workdays` those whose hours say `"holidays": "cn"`.
    pub fn new(default: Option<&'a Hours>, workdays: &'a Workdays, zone: Zone) -> Oracle<'a> {
        Oracle { default, workdays, zone, last: None }
    }

    /// One line in, one line out.
    pub fn answer(&mut self, line: &str) -> Value {
        match self.try_answer(line) {
            Ok(value) => value,
            Err(e) => json!({ "error": e }),
        }
    }

    fn try_answer(&mut self, line: &str) -> Result<Value, String> {
        let mut q: Question = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let inline = q.hours.is_some() || q.dates.is_some() || q.holidays.is_some() || q.timezone.is_some();
        if inline {
            let mut raw = q.hours.take().unwrap_or_default();
            raw.dates.extend(q.dates.take().unwrap_or_default());
            raw.holidays = q.holidays.take().or(raw.holidays);
            raw.timezone = q.timezone.take().or(raw.timezone);
            if self.last.as_ref().is_none_or(|(known, _)| *known != raw) {
                let hours = Hours::compile(&raw, self.zone, self.workdays)
                    .map_err(|all| all.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("; "))?;
                self.last = Some((raw, hours));
            }
        }
        let own = self.last.as_ref().filter(|_| inline).map(|(_, hours)| hours);
        let hours = own.or(self.default).ok_or("the question names no hours, and none are given otherwise")?;
        reply(&q, hours)
    }
}

fn reply(q: &Question, hours: &Hours) -> Result<Value, String> {
    let zone = hours.zone();
    let text = |name: &str, value: &Option<String>| {
        value.clone().ok_or_else(|| format!("`{name}` is missing in the question"))
    };
    let time = |name: &str, value: &Option<String>| -> Result<Ms, String> { instant(&text(name, value)?, zone) };
    let told = |e: super::CalendarError| e.to_string();
    Ok(match q.op {
        Op::Between => json!({"ms": hours.between(time("from", &q.from)?, time("to", &q.to)?).map_err(told)?}),
        Op::Add => {
            let ms = q.ms.ok_or("`ms` is missing in the question")?;
            json!({"at": rfc3339(hours.add(time("from", &q.from)?, ms).map_err(told)?, zone)})
        }
        Op::Workday => json!({"workday": hours.is_workday(date(&text("date", &q.date)?)?).map_err(told)?}),
        Op::Open => json!({"open": hours.is_open(time("at", &q.at)?).map_err(told)?}),
    })
}
