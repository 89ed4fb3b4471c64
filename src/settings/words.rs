//! Values that are written as text: each is read by its `FromStr`, whose error says how to write it.

/// Reads such a type with serde and describes it to editors.
macro_rules! written_as_text {
    ($type:ty, $pattern:literal, $about:literal) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $about })
            }
        }
    };
}

pub(super) use written_as_text;

use super::exact::Exact;
use crate::base::{Zone, time};
use std::str::FromStr;

/// A time of day, ms since midnight: `09:00`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(pub i64);

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        time::parse_time_of_day(s).map(TimeOfDay)
    }
}

written_as_text!(TimeOfDay, r"^\d{1,2}:\d{2}(:\d{2})?$", "A time of day: 09:00, 18:30:15; 24:00 is the day's end.");

/// From a time of day to a later one: start included, end not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(try_from = "Exact<[TimeOfDay; 2]>")]
#[schemars(with = "[TimeOfDay; 2]")]
pub struct Window(pub i64, pub i64);

impl TryFrom<Exact<[TimeOfDay; 2]>> for Window {
    type Error = String;

    fn try_from(Exact([from, to]): Exact<[TimeOfDay; 2]>) -> Result<Self, String> {
        if from < to {
            return Ok(Window(from.0, to.0));
        }
        let (from, to) = (time::format_time_of_day(from.0), time::format_time_of_day(to.0));
        Err(format!("{from} is not before {to}; write the start first, such as [\"09:00\", \"23:00\"]"))
    }
}

/// A share in thousandths, written in percent: `1%`, `0.5%`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permille(pub u32);

impl FromStr for Permille {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong =
            || format!("`{s}` is not a share; write percent with one decimal at most, such as \"1%\" or \"0.5%\"");
        let number = s.trim().strip_suffix('%').ok_or_else(wrong)?.trim_end();
        let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |d: &str| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(tenth) || tenth.len() != 1 {
            return Err(wrong());
        }
        let whole: u32 = whole.parse().map_err(|_| wrong())?;
        let tenth: u32 = tenth.parse().map_err(|_| wrong())?;
        if whole > 100 || (whole == 100 && tenth > 0) { Err(wrong()) } else { Ok(Permille(whole * 10 + tenth)) }
    }
}

written_as_text!(Permille, r"^\d{1,3}(\.\d)?%$", "A share in percent: 1%, 0.5%.");

/// A word or phrase that is not empty, without the blanks around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(pub String);

impl FromStr for Word {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let word = s.trim();
        if word.is_empty() {
            Err("an empty text says nothing; take it out".to_owned())
        } else {
            Ok(Word(word.to_owned()))
        }
    }
}

written_as_text!(Word, r"\S", "A text that is not empty.");

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneName(pub Zone);

impl FromStr for ZoneName {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        s.parse().map(ZoneName)
    }
}

written_as_text!(ZoneName, r"^[A-Za-z0-9_+/-]+$", "A zone of the IANA database, such as Asia/Shanghai.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_thousandths() {
        for (text, want) in [("1%", 10), ("0.5%", 5), ("0%", 0), ("100%", 1000), (" 2 % ", 20)] {
            assert_eq!(text.parse(), Ok(Permille(want)), "{text}");
        }
        for text in ["1", "1.55%", "%", "-1%", "101%", "100.1%", ".5%", "1.%"] {
            assert!(text.parse::<Permille>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_window_runs_forward() {
        assert_eq!(Window::try_from(Exact([TimeOfDay(1), TimeOfDay(2)])), Ok(Window(1, 2)));
        assert!(Window::try_from(Exact([TimeOfDay(2), TimeOfDay(2)])).is_err());
    }
}
