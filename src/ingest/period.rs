//! Periods as people write them: what a report is about (a day, an ISO week, a month), and the month that a file's name
//! states.

use super::parse;
use super::reject::Reject;
use crate::base::Month;
use crate::base::time::{date_of, day_of};
use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

/// The period of a submission as the lake writes it (`2026-05-15`, `2026-W20`, `2026-05`) and the day that decides its
/// month: the day itself, the week's Friday, the month's last day. A date stands for its week or month, too.
///
/// # Errors
/// A text that is no period of that kind.
pub fn parse(kind: &str, text: &str) -> Result<(String, i32), Reject> {
    match kind {
        "weekly_summary" => week(text),
        "month_end" => month(text),
        _ => parse::date("period", text).map(|day| (date_of(day).to_string(), day)),
    }
}

/// The one month that a file's name states (`calls-2026-05.csv`, `考勤202605.csv`, `2026年5月.csv`). A whole date states
/// none: mostly it is the day of the export.
pub fn named_month(file: &str) -> Option<Month> {
    let name = file.rsplit('/').next().unwrap_or("");
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let number_starts = |i: usize| !stem[..i].ends_with(|c: char| c.is_ascii_digit());
    let mut years = stem.match_indices("20").map(|(i, _)| i).filter(|&i| number_starts(i));
    let at = years.next()?;
    // From a month to another one: the rows say which.
    if years.next().is_some() { None } else { month_at(&stem[at..]) }
}

/// When an export was made, or up to when it reaches, as its name states it: the newest time, date or month among the
/// runs of digits (`1791430000_订单.csv`, `ExportOrderList20260601.csv`, `2026-04-20至2026-04-26`). Comparable, no more:
/// seconds of the wall clock.
pub fn stamp(file: &str) -> Option<i64> {
    let name = file.split('#').next().unwrap_or("").rsplit('/').next().unwrap_or("");
    let mut newest = None;
    let bytes = name.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        if digits == 0 {
            at += 1;
            continue;
        }
        let run = &name[at..at + digits];
        newest = newest.max(match digits {
            4 | 6 | 8 => days_at(&name[at..], digits).map(|(_, last)| i64::from(last) * 86_400),
            10 => run.parse().ok().filter(|s| (1_400_000_000..3_000_000_000).contains(s)),
            12 => NaiveDateTime::parse_from_str(&format!("{run}00"), "%Y%m%d%H%M%S").ok().map(seconds),
            13 => run.parse().ok().map(|ms: i64| ms / 1000).filter(|s| (1_400_000_000..3_000_000_000).contains(s)),
            14 => NaiveDateTime::parse_from_str(run, "%Y%m%d%H%M%S").ok().map(seconds),
            _ => None,
        });
        at += digits;
    }
    newest
}

fn seconds(at: NaiveDateTime) -> i64 {
    at.and_utc().timestamp()
}

/// The days, both included, that a text is about: a date, a month, or from the first of two dates to the second
/// (`2026-05-15`, `2026-05`, `自定义报表_2026-04-20至2026-04-26.xlsx`).
pub fn span(text: &str) -> Option<(i32, i32)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() && found.len() < 2 {
        let rest = text.get(at..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let days = days_at(rest, digits);
        found.extend(days);
        // What is taken for a date is passed over whole.
        let taken = if days.is_some() && digits == 4 { written(rest).2 } else { digits };
        at += taken.max(rest.chars().next().map_or(1, char::len_utf8));
    }
    let (from, last) = *found.first()?;
    let to = found.get(1).map_or(last, |(_, last)| *last);
    (from <= to).then_some((from, to))
}

/// First and last day of the date or month that a text begins with, in a run of so many digits.
fn days_at(text: &str, digits: usize) -> Option<(i32, i32)> {
    let month = |m: Month| (day_of(m.first_day()), day_of(m.last_day()));
    match digits {
        4 => {
            let (year, parts, _) = written(text);
            let of = Month::new(year?, parts[0]?)?;
            let day = parts[1].and_then(|d| NaiveDate::from_ymd_opt(year?, parts[0]?, d)).map(day_of);
            Some(day.map_or(month(of), |d| (d, d)))
        }
        6 => month_at(text.get(..6)?).map(month),
        8 => NaiveDate::parse_from_str(text.get(..8)?, "%Y%m%d").ok().map(day_of).map(|d| (d, d)),
        _ => None,
    }
}

/// Year, then month and day, of `2026-04-20` or `2026年4月`, and how long they are.
fn written(text: &str) -> (Option<i32>, [Option<u32>; 2], usize) {
    let number = |at: usize, most: usize| {
        let rest = text.get(at..).unwrap_or("");
        let digits = rest.bytes().take(most + 1).take_while(u8::is_ascii_digit).count();
        if digits <= most { rest[..digits].parse::<u32>().ok().map(|n| (n, at + digits)) } else { None }
    };
    let Some((year, mut at)) = number(0, 4) else { return (None, [None; 2], 0) };
    let mut parts = [None; 2];
    for part in &mut parts {
        let Some(blank) = text[at..].chars().next().filter(|c| "-_./年月".contains(*c)) else { break };
        let Some((n, end)) = number(at + blank.len_utf8(), 2) else { break };
        (*part, at) = (Some(n), end);
    }
    (i32::try_from(year).ok(), parts, at)
}

/// A month at the beginning of `text`, unless the digits behind make it a day.
fn month_at(text: &str) -> Option<Month> {
    let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).count();
    let year = text.get(..4).filter(|y| digits(y) == 4)?;
    let rest = text[4..].trim_start_matches(['-', '_', '.', '年']);
    let number = if text[4..].starts_with('年') { rest.split_once('月')?.0 } else { rest.get(..2)? };
    let behind = &rest[number.len()..];
    let day_follows = digits(behind.trim_start_matches(['-', '_', '.', '月'])) > 0;
    if day_follows {
        return None;
    }
    Month::new(year.parse().ok()?, number.parse().ok()?)
}

fn week(text: &str) -> Result<(String, i32), Reject> {
    let wrong = || Reject::value("period", text, "not a week such as 2026-W20, or a date in it");
    let (year, number) = match text.split_once("-W") {
        Some((year, number)) => (year.parse().map_err(|_| wrong())?, number.parse().map_err(|_| wrong())?),
        None => {
            let week = date_of(parse::date("period", text).map_err(|_| wrong())?).iso_week();
            (week.year(), week.week())
        }
    };
    let friday = NaiveDate::from_isoywd_opt(year, number, Weekday::Fri).ok_or_else(wrong)?;
    Ok((format!("{year}-W{number:02}"), day_of(friday)))
}

fn month(text: &str) -> Result<(String, i32), Reject> {
    let month = match parse::date("period", text) {
        Ok(day) => Month::of(date_of(day)),
        Err(_) => text.parse::<Month>().map_err(|_| Reject::value("period", text, "not a month such as 2026-05"))?,
    };
    Ok((month.to_string(), day_of(month.last_day())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> i32 {
        parse::date("on", text).unwrap()
    }

    #[test]
    fn a_name_states_a_month_or_none() {
        let may = Month::new(2026, 5);
        for name in ["calls-2026-05.csv", "a/考勤202605.csv", "2026年5月.csv", "五月 2026_05 v2.csv", "x2026.05.csv"]
        {
            assert_eq!(named_month(name), may, "{name}");
        }
        for name in ["orders-2026-05-31.csv", "20260531.csv", "12026-05.csv", "2026-05_2026-06.csv", "2026-13.csv", "a"]
        {
            assert_eq!(named_month(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_tells_when_it_was_exported() {
        let of = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok().map(seconds);
        for (name, at) in [
            ("ExportOrderList20260601.csv", "2026-06-01 00:00:00"),
            ("a/订单_20260601083000.xlsx#Sheet1", "2026-06-01 08:30:00"),
            ("自定义报表_下单优先判定_2026-04-20至2026-04-26.xlsx", "2026-04-26 00:00:00"),
            ("orders-2026-05.csv", "2026-05-31 00:00:00"),
            ("2026年2月 (1).csv", "2026-02-28 00:00:00"),
            ("1780000000_x.csv", "2026-05-28 20:26:40"),
        ] {
            assert_eq!(stamp(name), of(at), "{name}");
        }
        for name in ["orders.csv", "392612345678901234.csv", "99.csv"] {
            assert_eq!(stamp(name), None, "{name}");
        }
    }

    #[test]
    fn a_name_tells_which_days_it_is_about() {
        for (name, from, to) in [
            ("自定义报表_接待_下单优先判定_2026-04-20至2026-04-20.xlsx", "2026-04-20", "2026-04-20"),
            ("客服绩效_2026-05-01_2026-05-31.xlsx", "2026-05-01", "2026-05-31"),
            ("客服绩效_20260501-20260531 导出20260602.xlsx", "2026-05-01", "2026-05-31"),
            ("2026-05.csv", "2026-05-01", "2026-05-31"),
            ("客服202605.xlsx", "2026-05-01", "2026-05-31"),
            ("2026年5月客服.xlsx", "2026-05-01", "2026-05-31"),
            ("2026/5/4", "2026-05-04", "2026-05-04"),
        ] {
            assert_eq!(span(name), Some((day(from), day(to))), "{name}");
        }
        for name in ["客服绩效.xlsx", "2026.xlsx", "2026-05-31至2026-05-01", "2026-13", ""] {
            assert_eq!(span(name), None, "{name}");
        }
    }

    #[test]
    fn a_period_has_one_spelling_and_one_day() {
        let cases = [
            ("daily_report", "2026/05/15", "2026-05-15", "2026-05-15"),
            ("weekly_summary", "2026-W20", "2026-W20", "2026-05-15"),
            ("weekly_summary", "2026-05-11", "2026-W20", "2026-05-15"),
            // The first days of a year may belong to the last week of the year before.
            ("weekly_summary", "2027-01-02", "2026-W53", "2027-01-01"),
            ("month_end", "2026-05", "2026-05", "2026-05-31"),
            ("month_end", "2026-02-03", "2026-02", "2026-02-28"),
        ];
        for (kind, text, period, on) in cases {
            assert_eq!(parse(kind, text), Ok((period.to_owned(), day(on))), "{kind} {text}");
        }
        for (kind, text) in [("weekly_summary", "2026-W54"), ("month_end", "5月"), ("daily_report", "2026-05")] {
            assert!(parse(kind, text).is_err(), "{kind} {text}");
        }
    }
}
