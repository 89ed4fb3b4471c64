//! Instants, local dates and months. An instant is UTC milliseconds; only a [`Zone`] turns it into a date.

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
pub type Ms = i64;

pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A time zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    pub const SHANGHAI: Zone = Zone(chrono_tz::Asia::Shanghai);

    /// Local wall time of an instant. Instants outside chrono's range (±262,000 years) are clamped.
    pub fn local(self, at: Ms) -> NaiveDateTime {
        if self.is_plain(at) {
            return clamp(at + 8 * HOUR).naive_utc();
        }
        clamp(at).with_timezone(&self.0).naive_local()
    }

    /// Local date of an instant.
    pub fn date(self, at: Ms) -> NaiveDate {
        self.local(at).date()
    }

    /// Local date of an instant as days since 1970-01-01.
    pub fn day(self, at: Ms) -> i32 {
        if self.is_plain(at) {
            return clamp_day((at + 8 * HOUR).div_euclid(DAY));
        }
        day_of(self.date(at))
    }

    /// China has had one offset since 1991-09-15; this path is taken for each message.
    fn is_plain(self, at: Ms) -> bool {
        const FIXED_SINCE: Ms = 684_900_000_000;
        const FAR: Ms = 4_102_444_800_000;
        self == Zone::SHANGHAI && (FIXED_SINCE..FAR).contains(&at)
    }

    /// Local time of day of an instant, in ms since midnight as the clock on the wall shows it.
    pub fn time_of_day(self, at: Ms) -> i64 {
        use chrono::Timelike;
        if self.is_plain(at) {
            return (at + 8 * HOUR).rem_euclid(DAY);
        }
        let t = self.local(at).time();
        i64::from(t.num_seconds_from_midnight()) * SECOND + i64::from(t.nanosecond() / 1_000_000)
    }

    /// The instant of a local wall time. In an hour that occurs twice the first; in an hour that is skipped the
    /// first instant after the gap.
    pub fn instant(self, local: NaiveDateTime) -> Ms {
        if let Some(at) = self.plain_wall(local.and_utc().timestamp_millis()) {
            return at;
        }
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(t) => t.timestamp_millis(),
            LocalResult::Ambiguous(a, b) => a.timestamp_millis().min(b.timestamp_millis()),
            LocalResult::None => {
                // Read with the offset before the gap, which lands just behind it.
                let before = local - chrono::TimeDelta::hours(3);
                let offset = match self.0.offset_from_local_datetime(&before) {
                    LocalResult::Single(o) | LocalResult::Ambiguous(o, _) => o.fix().local_minus_utc(),
                    LocalResult::None => 0,
                };
                let guess = local.and_utc().timestamp_millis() - i64::from(offset) * SECOND;
                self.gap_end(guess)
            }
        }
    }

    /// The instant of a wall time given as ms since 1970-01-01 00:00 on the wall; as [`Zone::instant`].
    pub fn from_wall(self, wall: i64) -> Ms {
        self.plain_wall(wall).unwrap_or_else(|| self.instant(clamp(wall).naive_utc()))
    }

    /// The instant, at least one day inside the plain stretch, so that no change of offset is near.
    fn plain_wall(self, wall: i64) -> Option<Ms> {
        let at = wall - 8 * HOUR;
        (self.is_plain(at - DAY) && self.is_plain(at + DAY)).then_some(at)
    }

    /// The first instant at or before `after` with the offset that `after` has: the end of the gap before it.
    fn gap_end(self, after: Ms) -> Ms {
        let offset = |at: Ms| clamp(at).with_timezone(&self.0).offset().fix().local_minus_utc();
        let (mut low, mut high) = (after - 4 * HOUR, after);
        if offset(low) == offset(high) {
            return after;
        }
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if offset(middle) == offset(after) { high = middle } else { low = middle }
        }
        high
    }

    /// The first instant of a local date.
    pub fn start_of(self, date: NaiveDate) -> Ms {
        self.instant(date.and_time(NaiveTime::MIN))
    }

    /// The first instant after a local date: 24:00.
    pub fn end_of(self, date: NaiveDate) -> Ms {
        self.start_of(next_day(date))
    }

    /// A local date and a time of day in ms since midnight; more than 24 h reaches into the next day.
    pub fn at(self, date: NaiveDate, ms_of_day: i64) -> Ms {
        let days = ms_of_day.div_euclid(DAY);
        let date = date.checked_add_signed(chrono::TimeDelta::days(days)).unwrap_or(date);
        self.instant(date.and_time(NaiveTime::MIN) + chrono::TimeDelta::milliseconds(ms_of_day.rem_euclid(DAY)))
    }

    /// A local date cut where the zone's offset changes: (start, end, offset in ms) of each stretch, in order.
    pub fn stretches(self, date: NaiveDate) -> Vec<(Ms, Ms, i64)> {
        let (start, end) = (self.start_of(date), self.end_of(date));
        let offset = |at: Ms| i64::from(clamp(at).with_timezone(&self.0).offset().fix().local_minus_utc()) * SECOND;
        if self.is_plain(start) || end <= start || offset(start) == offset(end - 1) {
            return vec![(start, end, offset(start))];
        }
        let (mut low, mut high) = (start, end - 1);
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if offset(middle) == offset(start) { low = middle } else { high = middle }
        }
        vec![(start, high, offset(start)), (high, end, offset(high))]
    }

    /// `2026-05-15 17:59:50.123`; whole seconds without the fraction.
    pub fn format(self, at: Ms) -> String {
        let local = self.local(at);
        let pattern = if at.rem_euclid(SECOND) == 0 { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S%.3f" };
        local.format(pattern).to_string()
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        chrono_tz::Tz::from_str(s).map(Zone).map_err(|_| format!("`{s}` is not a time zone such as Asia/Shanghai"))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

fn clamp(at: Ms) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or(if at < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    })
}

fn clamp_day(day: i64) -> i32 {
    day.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// A date as days since 1970-01-01, as Parquet's `date32` has it.
pub fn day_of(date: NaiveDate) -> i32 {
    clamp_day(i64::from(date.num_days_from_ce()) - 719_163)
}

/// The date of a number of days since 1970-01-01 (clamped to chrono's calendar).
pub fn date_of(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.saturating_add(719_163)).unwrap_or(if day < 0 {
        NaiveDate::MIN
    } else {
        NaiveDate::MAX
    })
}

/// The day after. At the end of chrono's calendar (year 262,142) it stays.
pub fn next_day(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The day before.
pub fn previous_day(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}

/// A calendar month, the unit of assessment (考核月).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// `None` outside 1..=12 and outside the years 1..=9999.
    pub fn new(year: i32, month: u32) -> Option<Month> {
        ((1..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Month { year, month })
    }

    pub fn of(date: NaiveDate) -> Month {
        Month { year: date.year().clamp(1, 9999), month: date.month() }
    }

    pub fn year(self) -> i32 {
        self.year
    }

    pub fn month(self) -> u32 {
        self.month
    }

    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    pub fn last_day(self) -> NaiveDate {
        previous_day(self.next().first_day())
    }

    pub fn next(self) -> Month {
        self.offset(1)
    }

    pub fn previous(self) -> Month {
        self.offset(-1)
    }

    /// `months` later (negative: earlier).
    pub fn offset(self, months: i32) -> Month {
        let n = self.year * 12 + self.month as i32 - 1 + months;
        Month { year: n.div_euclid(12), month: n.rem_euclid(12) as u32 + 1 }
    }

    /// First instant, and the first instant of the next month.
    pub fn bounds(self, zone: Zone) -> (Ms, Ms) {
        (zone.start_of(self.first_day()), zone.start_of(self.next().first_day()))
    }

    pub fn contains(self, date: NaiveDate) -> bool {
        Month::of(date) == self
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || format!("`{s}` is not a month such as 2026-05");
        let (y, m) = s.trim().split_once('-').ok_or_else(wrong)?;
        if y.len() != 4 || m.len() != 2 {
            return Err(wrong());
        }
        Month::new(y.parse().map_err(|_| wrong())?, m.parse().map_err(|_| wrong())?).ok_or_else(wrong)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// `HH:MM` or `HH:MM:SS` as ms since midnight; `24:00` is the end of the day.
pub fn parse_time_of_day(s: &str) -> Result<i64, String> {
    let wrong = || format!("`{s}` is not a time of day such as 09:00");
    let parts: Vec<&str> = s.trim().split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return Err(wrong());
    }
    let number = |p: &str| -> Result<i64, String> {
        if p.is_empty() || p.len() > 2 || !p.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        p.parse().map_err(|_| wrong())
    };
    let (h, m) = (number(parts[0])?, number(parts[1])?);
    let s = parts.get(2).map_or(Ok(0), |p| number(p))?;
    let ms = h * HOUR + m * MINUTE + s * SECOND;
    if m > 59 || s > 59 || ms > DAY { Err(wrong()) } else { Ok(ms) }
}

/// `09:00`, or `09:00:30` where seconds matter.
pub fn format_time_of_day(ms: i64) -> String {
    let (h, m, s) = (ms / HOUR, ms / MINUTE % 60, ms / SECOND % 60);
    if s == 0 { format!("{h:02}:{m:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}
