//! Statutory working days with the company's own days on top (工作日: weekends and public holidays off, make-up working
//! days on).

use super::CalendarError;
use crate::base::time::next_day;
use crate::base::{Diagnostic, Error, Place, Result};
use crate::settings::Files;
use crate::settings::date::Date;
use crate::settings::files::Text;
use crate::settings::pipeline::CalendarSettings;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Folder of the years' files.
pub const FOLDER: &str = "pipelines/calendar";

/// Why a day is worked or off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    Workday,
    Weekend,
    /// A public holiday, by name.
    Holiday(String),
    /// A weekend day that is worked, for which holiday.
    MakeUp(String),
    /// The company's own: worked or off.
    Company(bool),
}

impl DayKind {
    pub fn is_workday(&self) -> bool {
        matches!(self, DayKind::Workday | DayKind::MakeUp(_) | DayKind::Company(true))
    }

    /// For people.
    pub fn words(&self, lang: &str) -> String {
        let zh = lang != "en";
        match self {
            DayKind::Workday => if zh { "工作日" } else { "working day" }.to_owned(),
            DayKind::Weekend => if zh { "周末" } else { "weekend" }.to_owned(),
            DayKind::Holiday(name) if zh => format!("{name}放假"),
            DayKind::Holiday(name) => format!("public holiday {name}"),
            DayKind::MakeUp(name) if zh => format!("{name}调休上班"),
            DayKind::MakeUp(name) => format!("make-up working day for {name}"),
            DayKind::Company(true) => if zh { "公司安排上班" } else { "worked by the company" }.to_owned(),
            DayKind::Company(false) => if zh { "公司安排休息" } else { "off by the company" }.to_owned(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i32,
    #[allow(dead_code)] // cited in the file for people
    version: Date,
    #[allow(dead_code)]
    notices: Vec<String>,
    #[serde(default)]
    holiday: Vec<HolidayRaw>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayRaw {
    name: String,
    #[serde(default)]
    off: Vec<Date>,
    #[serde(default)]
    work: Vec<Date>,
}

/// A year's holidays and make-up days: date → (off, name).
type Year = BTreeMap<NaiveDate, (bool, String)>;

/// The working days of a pipeline.
#[derive(Debug, Clone, Default)]
pub struct Workdays {
    statutory: bool,
    years: BTreeMap<i32, Year>,
    company: BTreeMap<NaiveDate, bool>,
}

impl Workdays {
    /// Monday to Friday; needs no data.
    pub fn plain() -> Workdays {
        Workdays::default()
    }

    /// Reads the years' files.
    ///
    /// # Errors
    /// Every problem of the files (exit 2).
    pub fn load(files: &Files, settings: &CalendarSettings) -> Result<Workdays> {
        let mut texts = Vec::new();
        for name in files.list(FOLDER, ".toml")? {
            texts.extend(files.read(&name)?);
        }
        Workdays::new(&texts, settings).map_err(Error::Settings)
    }

    /// The same from texts.
    ///
    /// # Errors
    /// Every problem of the texts, at its place.
    pub fn new(texts: &[Text], settings: &CalendarSettings) -> Result<Workdays, Vec<Diagnostic>> {
        let mut days = Workdays { statutory: settings.statutory, company: settings.dates.clone(), ..Workdays::plain() };
        let mut wrong = Vec::new();
        for text in texts.iter().filter(|_| settings.statutory) {
            let place = |span: Option<std::ops::Range<usize>>| {
                Place::span(text.name.clone(), &text.text, span.unwrap_or(0..0), "")
            };
            match toml::from_str::<YearFile>(&text.text) {
                Err(e) => wrong.push(Diagnostic::error("K0131", e.message().to_owned()).at(place(e.span()))),
                Ok(file) => {
                    let mut year = Year::new();
                    for h in &file.holiday {
                        let dates = h.off.iter().map(|d| (d.0, true)).chain(h.work.iter().map(|d| (d.0, false)));
                        for (date, off) in dates {
                            if date.year() != file.year || year.insert(date, (off, h.name.clone())).is_some() {
                                let message = format!("{date} does not belong to {} or stands there twice", file.year);
                                wrong.push(Diagnostic::error("K0132", message).at(place(None)));
                            }
                        }
                    }
                    days.years.insert(file.year, year);
                }
            }
        }
        if wrong.is_empty() { Ok(days) } else { Err(wrong) }
    }

    /// What kind of day it is.
    ///
    /// # Errors
    /// A year without data.
    pub fn kind(&self, date: NaiveDate) -> Result<DayKind, CalendarError> {
        if let Some(&worked) = self.company.get(&date) {
            return Ok(DayKind::Company(worked));
        }
        if self.statutory {
            let year = self.years.get(&date.year()).ok_or_else(|| CalendarError::NoData {
                year: date.year(),
                file: format!("{FOLDER}/cn-{}.toml", date.year()),
            })?;
            if let Some((off, name)) = year.get(&date) {
                return Ok(if *off { DayKind::Holiday(name.clone()) } else { DayKind::MakeUp(name.clone()) });
            }
        }
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(if weekend { DayKind::Weekend } else { DayKind::Workday })
    }

    /// # Errors
    /// A year without data.
    pub fn is_workday(&self, date: NaiveDate) -> Result<bool, CalendarError> {
        Ok(self.kind(date)?.is_workday())
    }

    /// The first working day after a date.
    ///
    /// # Errors
    /// A year without data.
    pub fn next_workday(&self, date: NaiveDate) -> Result<NaiveDate, CalendarError> {
        let mut date = next_day(date);
        while !self.is_workday(date)? {
            date = next_day(date);
        }
        Ok(date)
    }
}
