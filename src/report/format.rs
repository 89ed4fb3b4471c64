//! Numbers as people read them. Everything is rounded here, once, half up, from whole numbers.

use super::words::Words;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;
use std::cmp::Ordering;

/// What stands where there is nothing: nothing of nothing is not 0.
pub const NOTHING: &str = "–";

/// A sum over a count, not yet rounded.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    sum: i64,
    count: i64,
}

impl Ratio {
    /// `None` where either is unknown or the count is 0.
    pub fn new(sum: Option<i64>, count: Option<i64>) -> Option<Ratio> {
        match (sum, count) {
            (Some(sum), Some(count)) if count > 0 => Some(Ratio { sum, count }),
            _ => None,
        }
    }

    pub fn whole(sum: i64) -> Ratio {
        Ratio { sum, count: 1 }
    }

    pub fn above(self) -> i64 {
        self.sum
    }

    pub fn below(self) -> i64 {
        self.count
    }

    /// The ratio in units of 1/`per`, half up.
    pub fn scaled(self, per: i64) -> i64 {
        divide(i128::from(self.sum) * i128::from(per), i128::from(self.count))
    }

    /// Exact, by cross-multiplication.
    pub fn compare(self, other: Ratio) -> Ordering {
        let (a, b) = (i128::from(self.sum) * i128::from(other.count), i128::from(other.sum) * i128::from(self.count));
        a.cmp(&b)
    }

    /// As a duration in ms, at the precision at which it is read: 1 ms below 0.1 s, 0.1 s below 20 s, 1 s below an
    /// hour, 1 min below a day, then 1 h.
    pub fn duration(self) -> i64 {
        for (limit, step) in [(100, 1), (20 * SECOND, 100), (HOUR, SECOND), (DAY, MINUTE)] {
            let shown = divide(i128::from(self.sum), i128::from(self.count) * i128::from(step)).saturating_mul(step);
            if shown.abs() < limit {
                return shown;
            }
        }
        divide(i128::from(self.sum), i128::from(self.count) * i128::from(HOUR)).saturating_mul(HOUR)
    }
}

/// Half up; `below` > 0.
fn divide(above: i128, below: i128) -> i64 {
    i64::try_from((2 * above + below).div_euclid(2 * below)).unwrap_or(i64::MAX)
}

/// What a bare whole number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Count,
    /// Tenths of a count.
    Tenths,
    /// Milliseconds of a duration.
    Ms,
    /// Hundredths of a percent.
    Share,
    /// Hundredths of a yuan.
    Fen,
    /// Hundredths of a point.
    Points,
    /// A number that is a name, such as a row's.
    Number,
    /// Days since 1970-01-01.
    Date,
    /// Local time: milliseconds since 1970-01-01 00:00 on the clocks of the zone.
    Time,
}

/// A number with its unit, rounded to what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    Count(i64),
    /// Tenths of a count: per hour, ratios.
    Tenths(i64),
    /// ms; see [`Ratio::duration`].
    Duration(i64),
    /// Hundredths of a percent.
    Share(i64),
    Fen(i64),
    /// Hundredths of a point.
    Points(i64),
}

use Quantity::{Count, Duration, Fen, Points, Share, Tenths};

impl Quantity {
    /// The bare whole number, to sort by.
    pub fn raw(self) -> i64 {
        match self {
            Count(n) | Tenths(n) | Duration(n) | Share(n) | Fen(n) | Points(n) => n,
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Count(_) => Unit::Count,
            Tenths(_) => Unit::Tenths,
            Duration(_) => Unit::Ms,
            Share(_) => Unit::Share,
            Fen(_) => Unit::Fen,
            Points(_) => Unit::Points,
        }
    }

    /// Another number of the same unit.
    #[must_use]
    pub fn with(self, n: i64) -> Quantity {
        match self {
            Count(_) => Count(n),
            Tenths(_) => Tenths(n),
            Duration(_) => Duration(n),
            Share(_) => Share(n),
            Fen(_) => Fen(n),
            Points(_) => Points(n),
        }
    }

    pub fn show(self, words: &Words) -> String {
        match self {
            Count(n) => grouped(n),
            Tenths(n) => signed(n, &format!("{}.{}", grouped(abs(n) / 10), abs(n) % 10)),
            Duration(ms) => duration(words, ms),
            Share(n) => signed(n, &format!("{}.{:02}%", abs(n) / 100, abs(n) % 100)),
            Fen(n) => signed(n, &format!("¥{}.{:02}", grouped(abs(n) / 100), abs(n) % 100)),
            Points(n) => points(n),
        }
    }

    /// How it differs from an earlier one of the same unit, as a reader with the two figures before him would reckon:
    /// counts and money in percent, the rest as a difference of what is shown. `None` where that says nothing.
    pub fn change(self, before: Quantity, words: &Words) -> Option<(Ordering, String)> {
        let by = self.raw().saturating_sub(before.raw());
        if by == 0 {
            return Some((Ordering::Equal, words.text("format.same")));
        }
        let plus = if by > 0 { "+" } else { "" };
        let text = match (self, before) {
            (Count(_), Count(b)) | (Tenths(_), Tenths(b)) | (Fen(_), Fen(b)) => {
                let share = Ratio::new(Some(by), Some(b))?.scaled(1_000);
                let digits = format!("{}.{}%", grouped(abs(share) / 10), abs(share) % 10);
                format!("{plus}{}", signed(share, &digits))
            }
            (Duration(_), Duration(_)) => format!("{plus}{}", duration(words, by)),
            (Share(_), Share(_)) => {
                let digits = signed(by, &format!("{}.{:02}", abs(by) / 100, abs(by) % 100));
                words.fill("format.percent_points", &[("n", &format!("{plus}{digits}"))])
            }
            (Points(_), Points(_)) => words.fill("format.points", &[("n", &format!("{plus}{}", points(by)))]),
            _ => return None,
        };
        Some((by.cmp(&0), text))
    }
}

/// Shows a quantity, or that there is none.
pub fn show(quantity: Option<Quantity>, words: &Words) -> String {
    quantity.map_or_else(|| NOTHING.to_owned(), |q| q.show(words))
}

fn abs(n: i64) -> i64 {
    n.saturating_abs()
}

fn signed(n: i64, digits: &str) -> String {
    if n < 0 { format!("−{digits}") } else { digits.to_owned() }
}

/// `12,345`; the sign is a real minus.
pub fn grouped(n: i64) -> String {
    let digits = abs(n).to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    signed(n, &out)
}

/// Points from hundredths, without idle zeros: `98`, `98.5`, `−1.25`.
pub fn points(hundredths: i64) -> String {
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100);
    let digits = match rest {
        0 => grouped(whole),
        r if r % 10 == 0 => format!("{}.{}", grouped(whole), r / 10),
        r => format!("{}.{r:02}", grouped(whole)),
    };
    signed(hundredths, &digits)
}

/// What a deduction costs, with its minus; 0 where it costs nothing.
pub fn cost(hundredths: i64) -> String {
    points(-abs(hundredths))
}

/// `1分23秒`, `12.3秒`, `2小时5分`, `3天4小时`; see [`Ratio::duration`] for the precision.
pub fn duration(words: &Words, ms: i64) -> String {
    let n = abs(Ratio::whole(ms).duration());
    let part = |key: &str, n: String| words.fill(&format!("duration.{key}"), &[("n", &n)]);
    let text = if n == 0 {
        part("seconds", "0".to_owned())
    } else if n < 100 {
        part("milliseconds", n.to_string())
    } else if n < 20 * SECOND {
        let tenths = n % SECOND / 100;
        part("seconds", if tenths == 0 { (n / SECOND).to_string() } else { format!("{}.{tenths}", n / SECOND) })
    } else {
        let units = [
            ("days", n / DAY),
            ("hours", n % DAY / HOUR),
            ("minutes", n % HOUR / MINUTE),
            ("seconds", n % MINUTE / SECOND),
        ];
        let parts: Vec<String> =
            units.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| part(key, n.to_string())).collect();
        parts.join(&words.text("duration.join"))
    };
    signed(ms, &text)
}

/// `5月15日 周五`.
pub fn day(words: &Words, date: NaiveDate) -> String {
    let month = words.text(&format!("month.{}", date.month()));
    let weekday = words.text(&format!("weekday.{}", date.weekday().number_from_monday()));
    words.fill("format.day", &[("month", &month), ("day", &date.day().to_string()), ("weekday", &weekday)])
}

/// `2026年5月`.
pub fn month(words: &Words, month: crate::base::Month) -> String {
    let name = words.text(&format!("month.{}", month.month()));
    words.fill("format.month", &[("year", &month.year().to_string()), ("month", &name)])
}
