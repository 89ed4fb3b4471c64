//! Dates and local times in settings: bare (`2026-05-09`), as TOML has them, or in quotes.
//!
//! chrono's own `Deserialize` takes text alone, and a bare date of TOML is not text.

use chrono::{NaiveDate, NaiveDateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};

/// A calendar date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(transparent)]
pub struct Date(pub NaiveDate);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = text(d)?;
        let exact = |d: &NaiveDate| d.format("%Y-%m-%d").to_string() == text;
        NaiveDate::parse_from_str(&text, "%Y-%m-%d")
            .ok()
            .filter(exact)
            .map(Date)
            .ok_or_else(|| de::Error::custom(format!("`{text}` is not a date of the calendar such as 2026-05-09")))
    }
}

/// A local wall time, kept as text that sorts: `2026-05-15 17:59:50.000`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(transparent)]
pub struct LocalTime(pub String);

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = text(d)?.replacen('T', " ", 1);
        let ms = text.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= 3);
        match NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f") {
            Ok(time) if ms => Ok(LocalTime(time.format("%Y-%m-%d %H:%M:%S%.3f").to_string())),
            _ => Err(de::Error::custom(format!("`{text}` is not a local time such as 2026-05-15 17:59:50.000"))),
        }
    }
}

/// A date or text as it was written.
fn text<'de, D: Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    match toml::Value::deserialize(d)? {
        toml::Value::String(text) => Ok(text),
        toml::Value::Datetime(written) => Ok(written.to_string()),
        other => Err(de::Error::custom(format!("found {}, expected a date such as 2026-05-09", other.type_str()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Result<Date, String> {
        #[derive(Deserialize)]
        struct File {
            on: Date,
        }
        toml::from_str::<File>(&format!("on = {text}")).map(|f| f.on).map_err(|e| e.message().to_owned())
    }

    fn time(text: &str) -> Result<String, String> {
        #[derive(Deserialize)]
        struct File {
            at: LocalTime,
        }
        toml::from_str::<File>(&format!("at = {text}")).map(|f| f.at.0).map_err(|e| e.message().to_owned())
    }

    #[test]
    fn dates_are_bare_or_quoted() {
        let want = Date(NaiveDate::from_ymd_opt(2026, 5, 9).unwrap());
        assert_eq!(date("2026-05-09"), Ok(want));
        assert_eq!(date("\"2026-05-09\""), Ok(want));
        for wrong in ["\"2026-5-9\"", "\"2026-02-30\"", "\"09.05.2026\"", "2026-05-09T10:00:00", "20260509", "\"\""] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_have_milliseconds() {
        assert_eq!(time("2026-05-15 17:59:50").as_deref(), Ok("2026-05-15 17:59:50.000"));
        assert_eq!(time("\"2026-05-15T17:59:50.12\"").as_deref(), Ok("2026-05-15 17:59:50.120"));
        for wrong in ["\"2026-05-15 17:59:50.1234\"", "2026-05-15", "\"2026-05-15 25:00:00\"", "2026-05-15T10:00:00Z"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
