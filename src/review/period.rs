//! What a review covers: a half-year or a year.

use crate::base::Month;
use std::fmt;
use std::str::FromStr;

/// A half-year or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    first: Month,
    months: i32,
}

impl Period {
    /// The half-year that a month belongs to.
    pub fn half_of(month: Month) -> Period {
        Period { first: month.offset(-((month.month() as i32 - 1) % 6)), months: 6 }
    }

    /// `2026H1`.
    ///
    /// # Errors
    /// Another text, for people.
    pub fn half(text: &str) -> Result<Period, String> {
        match text.parse()? {
            half @ Period { months: 6, .. } => Ok(half),
            _ => Err(format!("`{text}` is a year, no half-year such as 2026H1")),
        }
    }

    /// `2026`.
    ///
    /// # Errors
    /// Another text, for people.
    pub fn year(text: &str) -> Result<Period, String> {
        match text.parse()? {
            year @ Period { months: 12, .. } => Ok(year),
            _ => Err(format!("`{text}` is no year such as 2026")),
        }
    }

    /// Its months, in order.
    pub fn months(self) -> Vec<Month> {
        (0..self.months).map(|n| self.first.offset(n)).collect()
    }

    /// The same length of time just before.
    pub fn before(self) -> Period {
        Period { first: self.first.offset(-self.months), ..self }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.months {
            6 => write!(f, "{}H{}", self.first.year(), self.first.month() / 6 + 1),
            _ => write!(f, "{}", self.first.year()),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no half-year (2026H1) and no year (2026)");
        let (year, first, months) = match text.trim().to_ascii_uppercase().split_once('H') {
            None => (text.trim().to_owned(), 1, 12),
            Some((year, "1")) => (year.to_owned(), 1, 6),
            Some((year, "2")) => (year.to_owned(), 7, 6),
            Some(_) => return Err(wrong()),
        };
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let first = year.parse().ok().and_then(|year| Month::new(year, first)).ok_or_else(wrong)?;
        Ok(Period { first, months })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_and_years() {
        for (text, first, last, before) in [
            ("2026H1", "2026-01", "2026-06", "2025H2"),
            ("2026h2", "2026-07", "2026-12", "2026H1"),
            ("2026", "2026-01", "2026-12", "2025"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text.to_uppercase());
            let months = period.months();
            assert_eq!(
                (months[0].to_string(), months[months.len() - 1].to_string()),
                (first.to_owned(), last.to_owned())
            );
            assert_eq!(period.before().to_string(), before);
        }
        for wrong in ["2026H3", "26H1", "H1", "2026-05", "", "2026H", "+026"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
        assert_eq!(Period::half_of("2026-12".parse().unwrap()).to_string(), "2026H2");
        assert!(Period::half("2026").is_err() && Period::year("2026H1").is_err());
    }
}
