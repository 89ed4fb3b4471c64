//! What a review covers: half a year, or a year.

use crate::base::Month;
use std::fmt;
use std::str::FromStr;

/// The first or second half of a year, or the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// Year, and whether it is the second half.
    Half(i32, bool),
    Year(i32),
}

impl Period {
    /// Its months, oldest first.
    pub fn months(self) -> Vec<Month> {
        let (year, first, count) = match self {
            Period::Half(year, second) => (year, if second { 7 } else { 1 }, 6),
            Period::Year(year) => (year, 1, 12),
        };
        Month::new(year, first).map_or_else(Vec::new, |m| (0..count).map(|n| m.offset(n)).collect())
    }

    /// The period of the same length before it.
    #[must_use]
    pub fn before(self) -> Period {
        match self {
            Period::Half(year, true) => Period::Half(year, false),
            Period::Half(year, false) => Period::Half(year - 1, true),
            Period::Year(year) => Period::Year(year - 1),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Half(year, second) => write!(f, "{year:04}H{}", 1 + i32::from(*second)),
            Period::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || format!("`{s}` is neither a half-year such as 2026H1 nor a year such as 2026");
        let text = s.trim();
        let (year, half) = text.split_at_checked(4).ok_or_else(wrong)?;
        if !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let year: i32 = year.parse().ok().filter(|y| *y > 0).ok_or_else(wrong)?;
        match half {
            "" => Ok(Period::Year(year)),
            "H1" | "h1" => Ok(Period::Half(year, false)),
            "H2" | "h2" => Ok(Period::Half(year, true)),
            _ => Err(wrong()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_follow_each_other() {
        let all = |p: &str| p.parse::<Period>().map(|p| (p.to_string(), p.months()[0].to_string(), p.months().len()));
        assert_eq!(all("2026H1"), Ok(("2026H1".to_owned(), "2026-01".to_owned(), 6)));
        assert_eq!(all("2026h2"), Ok(("2026H2".to_owned(), "2026-07".to_owned(), 6)));
        assert_eq!(all(" 2026 "), Ok(("2026".to_owned(), "2026-01".to_owned(), 12)));
        for wrong in ["", "26H1", "2026H3", "2026-01", "H1", "二〇二六", "+026", "0000"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
        let before = |p: &str| p.parse::<Period>().map(|p| p.before().to_string());
        assert_eq!(before("2026H2"), Ok("2026H1".to_owned()));
        assert_eq!(before("2026H1"), Ok("2025H2".to_owned()));
        assert_eq!(before("2026"), Ok("2025".to_owned()));
    }
}
