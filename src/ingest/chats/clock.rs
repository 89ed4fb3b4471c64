//! Times as they stand in conversations: `2026-5-1 9:00:00`, `2026/05/01 09:00`, also at the end of a line.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// Lines longer than this are text, whatever they look like.
const LONGEST: usize = 400;

/// A time of day: `9:00`, `09:00:00`, `09:00:00.123`.
pub fn of_day(text: &str) -> Option<NaiveTime> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut parts = whole.split(':');
    let number = |part: &str| -> Option<u32> {
        if part.is_empty() || part.len() > 2 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        part.parse().ok()
    };
    let (h, m) = (number(parts.next()?)?, parts.next().filter(|m| m.len() == 2).and_then(number)?);
    let s = parts.next().map_or(Some(0), |s| if s.len() == 2 { number(s) } else { None })?;
    if parts.next().is_some() {
        return None;
    }
    let ms = match fraction {
        None => 0,
        Some(f) if (1..=3).contains(&f.len()) && f.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{f:0<3}").parse().ok()?
        }
        Some(_) => return None,
    };
    NaiveTime::from_hms_milli_opt(h, m, s, ms)
}

/// A date at the end of a text, and what stands before it. Its year is the last four digits before the first dash.
fn date_at_end(text: &str) -> Option<(&str, NaiveDate)> {
    let number = |t: &str| -> Option<u32> {
        if (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit()) { t.parse().ok() } else { None }
    };
    let dash =
        if text.ends_with(|c: char| c.is_ascii_digit()) && text.rfind('/') > text.rfind('-') { '/' } else { '-' };
    let (rest, day) = text.rsplit_once(dash)?;
    let (rest, month) = rest.rsplit_once(dash)?;
    let at = rest.len().checked_sub(4)?;
    let (before, year) = rest.split_at_checked(at)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year: i32 = year.parse().ok().filter(|y| (2000..2100).contains(y))?;
    Some((before, NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)?))
}

/// A date and time at the end of a line, and what stands before them, trimmed.
pub fn at_end(line: &str) -> Option<(&str, NaiveDateTime)> {
    let line = line.trim();
    if line.len() > LONGEST || !line.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (rest, time) = line.rsplit_once(char::is_whitespace)?;
    let time = of_day(time)?;
    let (before, date) = date_at_end(rest.trim_end())?;
    Some((before.trim(), date.and_time(time)))
}

/// A line that is a date and time and nothing else.
pub fn alone(line: &str) -> Option<NaiveDateTime> {
    at_end(line).filter(|(before, _)| before.is_empty()).map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_at_the_end_of_lines() {
        for (line, before, at) in [
            ("小王2026-5-1 9:00:00", "小王", "2026-05-01 09:00:00"),
            ("tb123456 2026-05-01 10:00:00", "tb123456", "2026-05-01 10:00:00"),
            ("user20262026-05-01 10:00:00", "user2026", "2026-05-01 10:00:00"),
            ("a-b 2026/5/1 23:59", "a-b", "2026-05-01 23:59:00"),
            ("a/b2026-05-01 10:00:00.123 ", "a/b", "2026-05-01 10:00:00.123"),
            ("2026-05-01 10:00:00", "", "2026-05-01 10:00:00"),
        ] {
            let found = at_end(line).map(|(b, t)| (b, t.format("%Y-%m-%d %H:%M:%S%.f").to_string()));
            assert_eq!(found, Some((before, at.to_owned())), "{line}");
        }
        for line in [
            "",
            "10:00:00",
            "小王 2026-13-01 10:00:00",
            "小王 2026-05-01 25:00:00",
            "小王2026-05-01 10:0",
            "x 1999-01-01 1:00",
        ] {
            assert_eq!(at_end(line), None, "{line}");
        }
    }
}
