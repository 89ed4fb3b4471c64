//! Durations as people write them: a whole number and a unit.

use super::words::written_as_text;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use std::fmt;
use std::str::FromStr;

const UNITS: [(&str, i64); 5] = [("ms", 1), ("s", SECOND), ("min", MINUTE), ("h", HOUR), ("d", DAY)];

/// Nothing that a month's report looks at lasts longer; sums with an instant stay far from overflow.
const LONGEST: i64 = 3_660 * DAY;

/// A length of time, ms, more than nothing: `45s`, `600 s`, `30min`, `48h`, `21d`, `500ms`. A day is 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

impl Duration {
    pub fn ms(self) -> i64 {
        self.0
    }
}

impl FromStr for Duration {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || {
            format!("`{s}` is not a duration; write a whole number and a unit (ms, s, min, h, d), such as 45s or 30min")
        };
        let text = s.trim();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: i64 = number.parse().map_err(|_| wrong())?;
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit.trim_start()).ok_or_else(wrong)?;
        match number.checked_mul(*factor) {
            Some(0) => Err(format!("`{s}` is no time at all; write at least 1ms")),
            Some(ms) if ms <= LONGEST => Ok(Duration(ms)),
            _ => Err(format!("`{s}` is longer than ten years")),
        }
    }
}

impl fmt::Display for Duration {
    /// In the largest unit that leaves a whole number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().rev().find(|(_, factor)| self.0 % factor == 0);
        unit.map_or(Ok(()), |(name, factor)| write!(f, "{}{name}", self.0 / factor))
    }
}

written_as_text!(Duration, r"^\d+ *(ms|s|min|h|d)$", "A duration: 45s, 30min, 48h, 21d, 500ms.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_milliseconds() {
        for (text, want, again) in [
            ("45s", 45_000, "45s"),
            ("600 s", 600_000, "10min"),
            ("30min", 1_800_000, "30min"),
            ("48h", 172_800_000, "2d"),
            ("21d", 1_814_400_000, "21d"),
            ("500ms", 500, "500ms"),
            (" 1500ms ", 1_500, "1500ms"),
        ] {
            let got: Duration = text.parse().unwrap();
            assert_eq!((got.ms(), got.to_string().as_str()), (want, again), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for text in
            ["", "45", "s", "1.5h", "-45s", "45 sek", "45m", "1h30min", "0s", "9999999999999999999d", "99999d", "４５s"]
        {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
