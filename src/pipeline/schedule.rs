//! When the months and half-years are due, and the units of schedulers that ask each morning. The calendar decides, not the
//! scheduler: no timer knows the third working day.

use super::project::{Project, calendar_error};
use super::state::State;
use super::{bundle, close};
use crate::base::time::{HOUR, next_day};
use crate::base::{Month, Ms, Result};
use crate::review::Period;
use crate::review::manifest::Manifest;
use crate::review::seals::Log;
use chrono::{Datelike, NaiveDate};

/// The working day of the next month on which a month is run for the first time.
const FIRST_RUN_WORKDAY: u32 = 3;
/// The day of the next month on which it is run again: the deadline of the month-end statistics (the 7th) is over.
const FINAL_RUN_DAY: u32 = 8;
/// When schedulers ask.
pub const TIME: Ms = 6 * HOUR;

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// The month before, with deadlines still running.
    Provisional(Month),
    /// The month before, for good; in January and July its half-year as well.
    Final {
        month: Month,
        half: bool,
    },
    /// The half-year: its last month has been run, its bundle was not made.
    Half(Period),
    Nothing,
}

/// What is due at a moment: a run that was missed (the machine was off) is due until it has been made.
///
/// # Errors
/// A year without calendar data.
pub fn due(project: &Project, now: Ms) -> Result<Due> {
    let zone = project.zone();
    let (today, month) = (zone.date(now), Month::of(zone.date(now)).previous());
    let done = State::read(&project.mart(), month)?.map(|s| s.as_of);
    let reached = |day: NaiveDate| now >= zone.at(day, TIME);
    let last_day = today.with_day(FINAL_RUN_DAY).unwrap_or(today);
    if reached(last_day) {
        let made = done.is_some_and(|at| at >= zone.start_of(last_day));
        let half = [6, 12].contains(&month.month());
        return Ok(match (made, half) {
            (false, _) => Due::Final { month, half },
            (true, true) if !reviewed(project, half_of(month), zone.start_of(last_day))? => Due::Half(half_of(month)),
            _ => Due::Nothing,
        });
    }
    let first = nth_workday(project, today, FIRST_RUN_WORKDAY)?;
    let made = done.is_some_and(|at| at >= zone.start_of(first));
    Ok(if reached(first) && !made { Due::Provisional(month) } else { Due::Nothing })
}

/// The half-year of a month.
pub fn half_of(month: Month) -> Period {
    Period::Half(month.year(), month.month() > 6)
}

/// Whether a half-year is sealed; or a draft of it was made since its last month was final, and months still wait for somebody
/// to close them: nobody wants a mail about that every morning.
fn reviewed(project: &Project, half: Period, since: Ms) -> Result<bool> {
    if Log::read(&project.data)?.newest(&half.to_string()).is_some() {
        return Ok(true);
    }
    let closed = close::closed(&project.data)?;
    let open = |draft: &Manifest| draft.basis.months.iter().any(|m| !closed.contains_key(&m.month));
    Ok(bundle::draft_of(&project.reviews, half)?.is_some_and(|draft| draft.as_of >= since && open(&draft)))
}

/// The n-th working day of a date's month.
fn nth_workday(project: &Project, date: NaiveDate, n: u32) -> Result<NaiveDate> {
    let mut day = date.with_day(1).unwrap_or(date);
    let mut found = 0;
    loop {
        found += u32::from(project.workdays.is_workday(day).map_err(calendar_error)?);
        // A month without so many working days ends the search; none is that short.
        if found == n || day.day() > 28 {
            return Ok(day);
        }
        day = next_day(day);
    }
}

/// Where a scheduler finds what it runs.
#[derive(Debug, Clone)]
pub struct Place {
    /// The program.
    pub program: String,
    /// The project's folder.
    pub folder: String,
    /// The pipeline file, relative to it.
    pub pipeline: String,
    pub zone: String,
}

/// systemd's service and timer: (file name, text).
pub fn systemd(place: &Place) -> Vec<(String, String)> {
    let Place { program, folder, pipeline, zone } = place;
    let service = format!(
        "# kaohe: the month on its third working day and again on the 8th, the half-year after that; the calendar decides.\n\
         [Unit]\nDescription=kaohe: what is due of months and half-years\nConditionPathIsDirectory={folder}\n\n\
         [Service]\nType=oneshot\nWorkingDirectory={folder}\n\
         ExecStart={program} schedule --due --pipeline {pipeline}\n\
         # 3: data refused, 4: another run holds the lake; both are told by `kaohe status`.\n\
         Nice=10\n",
        folder = unit(folder),
        program = unit(program),
        pipeline = unit(pipeline),
    );
    let hour = TIME / HOUR;
    let timer = format!(
        "[Unit]\nDescription=kaohe asks each morning\n\n\
         [Timer]\nOnCalendar=*-*-* {hour:02}:00:00 {zone}\n# A machine that was off asks when it is on again.\nPersistent=true\n\n\
         [Install]\nWantedBy=timers.target\n"
    );
    vec![("kaohe.service".to_owned(), service), ("kaohe.timer".to_owned(), timer)]
}

/// A line for cron: (file name, text).
pub fn cron(place: &Place) -> Vec<(String, String)> {
    let Place { program, folder, pipeline, zone } = place;
    let hour = TIME / HOUR;
    let text = format!(
        "# kaohe: the month on its third working day and again on the 8th, the half-year after that; the calendar decides.\n\
         # Install with: crontab kaohe.cron\nCRON_TZ={zone}\n\
         0 {hour} * * * cd {} && {} schedule --due --pipeline {} >> kaohe.log 2>&1\n",
        shell(folder),
        shell(program),
        shell(pipeline),
    );
    vec![("kaohe.cron".to_owned(), text)]
}

/// A word of a unit file: `%` and quotes mean something there.
fn unit(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "%%").replace('"', "\\\"");
    if text.contains([' ', '\t', ';', '\'', '"', '$']) { format!("\"{}\"", text.replace('$', "$$")) } else { text }
}

/// A word of a crontab's shell line: `%` ends the line there.
fn shell(text: &str) -> String {
    let quoted = text.replace('\'', r"'\''").replace('%', r"\%");
    let plain = |c: char| c.is_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(plain) && !text.is_empty() { text.to_owned() } else { format!("'{quoted}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_schedulers() {
        assert_eq!(unit("/srv/考核"), "/srv/考核");
        assert_eq!(unit("/srv/a b%c"), "\"/srv/a b%%c\"");
        assert_eq!(shell("/srv/kaohe-1"), "/srv/kaohe-1");
        assert_eq!(shell("it's 5%"), r"'it'\''s 5\%'");
    }
}
