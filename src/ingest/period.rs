//! Periods as people write them: what a report is about (a day, an ISO week, a month), and the month that a file's name
//! states.

use super::parse;
use super::reject::Reject;
use crate::base::Month;
use crate::base::time::{date_of, day_of};
use chrono::{Datelike, NaiveDate, Weekday};

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
