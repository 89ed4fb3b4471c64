//! Texts of exports into values: times, dates, money, numbers. Exact; nothing is guessed.

use super::reject::Reject;
use crate::base::time::{DAY, date_of, day_of, parse_time_of_day};
use crate::base::{Ms, Zone};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Patterns that are tried where a mapping names none.
const FORMATS: [&str; 7] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f%:z",
    "%Y%m%d%H%M%S",
];

/// Years of four digits: chrono reads more, with a sign, and beyond them there is no month.
const YEARS: RangeInclusive<i32> = 1..=9999;

/// A pattern of its own: milliseconds since 1970.
const EPOCH_MS: &str = "epoch_ms";

/// The date that was read last, and its day: rows come in order of time, so that it mostly comes again.
#[derive(Debug, Default)]
pub struct LastDate(Option<([u8; 10], i32)>);

/// A time, local to `zone` unless it carries an offset.
pub fn time(column: &'static str, text: &str, formats: &[String], zone: Zone) -> Result<Ms, Reject> {
    time_after(&mut LastDate::default(), column, text, formats, zone)
}

/// The same of one time of many.
pub fn time_after(
    last: &mut LastDate,
    column: &'static str,
    text: &str,
    formats: &[String],
    zone: Zone,
) -> Result<Ms, Reject> {
    if formats.is_empty() {
        if let Some(ms) = usual(text, zone, last) {
            return Ok(ms);
        }
        if let Some(ms) = FORMATS.iter().find_map(|f| by_pattern(text, f, zone)) {
            return Ok(ms);
        }
    }
    formats
        .iter()
        .find_map(|f| by_pattern(text, f, zone))
        .ok_or_else(|| Reject::value(column, text, "not a time in a known form, such as 2026-05-15 17:59:50"))
}

/// A wall-clock time in one of the usual forms.
pub fn wall(text: &str) -> Option<NaiveDateTime> {
    FORMATS.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok()).filter(|t| YEARS.contains(&t.year()))
}

fn by_pattern(text: &str, pattern: &str, zone: Zone) -> Option<Ms> {
    if pattern == EPOCH_MS {
        return text.parse().ok().filter(|ms| (1_000_000_000_000..10_000_000_000_000).contains(ms));
    }
    if pattern.contains("%z") || pattern.contains("%:z") {
        let at = DateTime::parse_from_str(text, pattern).ok().filter(|t| YEARS.contains(&t.year()));
        return at.map(|t| t.timestamp_millis());
    }
    NaiveDateTime::parse_from_str(text, pattern).ok().filter(|t| YEARS.contains(&t.year())).map(|t| zone.instant(t))
}

/// `2026-05-15 17:59:50` with up to three digits of a fraction: the form of nearly all rows.
fn usual(text: &str, zone: Zone, last: &mut LastDate) -> Option<Ms> {
    let (date, time) = text.as_bytes().split_first_chunk::<10>()?;
    let digit = |d: u8| Some(i64::from(d.wrapping_sub(b'0'))).filter(|d| *d < 10);
    let two = |[tens, ones]: [u8; 2]| Some(digit(tens)? * 10 + digit(ones)?);
    let day = if let Some((_, day)) = last.0.filter(|(known, _)| known == date) {
        day
    } else {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *date else { return None };
        let year = Some((two([y1, y2])? * 100 + two([y3, y4])?) as i32).filter(|y| YEARS.contains(y))?;
        let found = NaiveDate::from_ymd_opt(year, two([m1, m2])? as u32, two([d1, d2])? as u32)?;
        last.0 = Some((*date, day_of(found)));
        day_of(found)
    };
    let (whole, rest) = time.split_first_chunk::<9>()?;
    let [b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *whole else { return None };
    let (h, m, s) = (two([h1, h2])?, two([m1, m2])?, two([s1, s2])?);
    let ms = match *rest {
        [] => 0,
        [b'.', a] => digit(a)? * 100,
        [b'.', a, b] => two([a, b])? * 10,
        [b'.', a, b, c] => two([a, b])? * 10 + digit(c)?,
        _ => return None,
    };
    (h < 24 && m < 60 && s < 60).then(|| zone.from_wall(i64::from(day) * DAY + ((h * 60 + m) * 60 + s) * 1000 + ms))
}

/// A date, days since 1970-01-01; `26-05-04 星期一` is one, too, and the date of a midnight.
pub fn date(column: &'static str, text: &str) -> Result<i32, Reject> {
    let day = text.split_once(" 星期").map_or(text, |(day, _)| day);
    let day = day.strip_suffix(" 00:00:00").unwrap_or(day).trim_end();
    // Two digits of a year would be the year 26 in the longer form.
    let forms: &[&str] = match day.find(['-', '/']) {
        Some(2) => &["%y-%m-%d", "%y/%m/%d"],
        _ => &["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"],
    };
    forms
        .iter()
        .find_map(|f| NaiveDate::parse_from_str(day, f).ok())
        .filter(|d| YEARS.contains(&d.year()))
        .map(day_of)
        .ok_or_else(|| Reject::value(column, text, "not a date such as 2026-05-15"))
}

/// A time of day on a date, or a whole time. `after`: an end that is not after this start is on the next day.
pub fn time_on(column: &'static str, text: &str, day: i32, zone: Zone, after: Option<Ms>) -> Result<Ms, Reject> {
    if let Some(next) = text.strip_prefix("次日") {
        return time_on(column, next.trim(), day + 1, zone, None);
    }
    let Ok(of_day) = parse_time_of_day(text) else { return time(column, text, &[], zone) };
    let at = zone.at(date_of(day), of_day);
    Ok(match after {
        Some(start) if at <= start => zone.at(date_of(day + 1), of_day),
        _ => at,
    })
}

/// Yuan (`128.50`, `1,280`, `12.00元`, `¥3`) in fen.
pub fn fen(column: &'static str, text: &str) -> Result<i64, Reject> {
    hundredths(
        column,
        text.trim_start_matches(['¥', '￥']).trim_end_matches('元'),
        text,
        "an amount in yuan such as 128.50",
    )
}

/// Points in hundredths.
pub fn points(column: &'static str, text: &str) -> Result<i64, Reject> {
    hundredths(column, text.trim_end_matches('分'), text, "a number of points such as 1.5")
}

/// A length of time in ms: `11秒`, `2分30秒`, `7小时41分52秒`, `00:01:30`, plain seconds (`28.5`).
pub fn duration(column: &'static str, text: &str) -> Result<i64, Reject> {
    let wrong = || Reject::value(column, text, "not a length of time such as 2分30秒 or 150 (seconds)");
    let whole = |n: &str| n.trim().parse::<u32>().map(i64::from).map_err(|_| wrong());
    if text.contains(':') {
        let parts: Vec<i64> = text.split(':').map(whole).collect::<Result<_, _>>()?;
        let ms = |h: i64, m: i64, s: i64| ((h * 60 + m) * 60 + s) * 1000;
        return match parts.as_slice() {
            [h, m, s] if *m < 60 && *s < 60 => Ok(ms(*h, *m, *s)),
            [m, s] if *s < 60 => Ok(ms(0, *m, *s)),
            _ => Err(wrong()),
        };
    }
    let (mut rest, mut ms, mut any) = (text.trim(), 0, false);
    for (words, unit) in [(["天", "日"], DAY), (["小时", "时"], 3_600_000), (["分钟", "分"], 60_000)] {
        if let Some((n, after)) = words.iter().find_map(|w| rest.split_once(w)) {
            ms += whole(n)? * unit;
            (rest, any) = (after, true);
        }
    }
    match rest.trim_end_matches('秒').trim_end_matches('s') {
        "" if any => Ok(ms),
        n => scaled(n, 3).and_then(|rest| rest.checked_add(ms)).ok_or_else(wrong),
    }
}

/// A share in hundredths of a percent: `99.71%`, `99.71`, `0.9971`. Only a bare number up to 1 is a fraction.
pub fn rate(column: &'static str, text: &str) -> Result<i64, Reject> {
    let found = match text.strip_suffix('%') {
        Some(percent) => scaled(percent, 2),
        None => scaled(text, 4).map(|n| if n <= 10_000 { n } else { scaled(text, 2).unwrap_or(n) }),
    };
    found.ok_or_else(|| Reject::value(column, text, "not a share such as 99.71% or 0.9971"))
}

/// A number that is not negative, times ten to the `digits`, rounded: reference figures may have more digits than are kept.
fn scaled(text: &str, digits: u32) -> Option<i64> {
    let clean: String = text.trim().chars().filter(|c| *c != ',').collect();
    let (units, rest) = clean.split_once('.').unwrap_or((&clean, ""));
    if units.is_empty() || !units.bytes().chain(rest.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let next = |i: usize| rest.as_bytes().get(i).map_or(0, |b| i64::from(b - b'0'));
    let start = units.parse::<i64>().ok()?;
    let kept = (0..digits as usize).try_fold(start, |n, i| n.checked_mul(10)?.checked_add(next(i)))?;
    kept.checked_add(i64::from(next(digits as usize) >= 5))
}

fn hundredths(column: &'static str, number: &str, whole: &str, what: &str) -> Result<i64, Reject> {
    let wrong = || Reject::value(column, whole, format!("not {what}"));
    let number = number.trim();
    let clean: Cow<'_, str> = if number.contains(',') { number.replace(',', "").into() } else { number.into() };
    let (sign, digits) = match clean.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, clean.as_ref()),
    };
    let (units, rest) = digits.split_once('.').unwrap_or((digits, ""));
    // More than two decimals only where they say nothing.
    let rest = rest.trim_end_matches('0');
    if units.is_empty() || rest.len() > 2 || !units.bytes().chain(rest.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let units: i64 = units.parse().map_err(|_| wrong())?;
    let rest = rest.bytes().chain([b'0'; 2]).take(2).fold(0, |n, d| n * 10 + i64::from(d - b'0'));
    units.checked_mul(100).and_then(|n| n.checked_add(rest)).map(|n| sign * n).ok_or_else(wrong)
}

/// Yes or no, as people and exports write them.
pub fn flag(column: &'static str, text: &str) -> Result<bool, Reject> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "y" | "是" | "有" | "√" => Ok(true),
        "false" | "0" | "no" | "n" | "否" | "无" | "×" => Ok(false),
        _ => Err(Reject::value(column, text, "not yes or no; write true or false, 是 or 否")),
    }
}

/// A whole number.
pub fn whole(column: &'static str, text: &str) -> Result<i64, Reject> {
    let clean: String = text.trim().chars().filter(|c| *c != ',').collect();
    let clean = clean.strip_suffix(".0").unwrap_or(&clean);
    clean.parse().map_err(|_| Reject::value(column, text, "not a whole number"))
}

/// An order's or item's number as it is; one that a spreadsheet has turned into 1.23E+17 has lost digits.
pub fn id<'t>(column: &'static str, text: &'t str) -> Result<&'t str, Reject> {
    let text = text.trim();
    let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let scientific = text.split_once(['E', 'e']).is_some_and(|(a, b)| {
        let b = b.trim_start_matches('+');
        !a.is_empty()
            && !b.is_empty()
            && a.bytes().all(|c| c.is_ascii_digit() || c == b'.')
            && b.bytes().all(|c| c.is_ascii_digit())
    });
    if scientific { Err(cut_off(column, text)) } else { Ok(text) }
}

/// A number of which a spreadsheet has kept the first digits alone.
pub fn cut_off(column: &'static str, text: &str) -> Reject {
    let reason = "a spreadsheet has cut this number's digits; export the file again and do not save it in between";
    Reject::value(column, text, reason)
}

/// The zeros behind the fifteen digits that a spreadsheet keeps of a number; `None` where there are no more digits, or
/// others.
pub fn filled_up(text: &str) -> Option<usize> {
    let behind = text.as_bytes().get(15..).filter(|b| !b.is_empty())?;
    (text.bytes().all(|b| b.is_ascii_digit()) && behind.iter().all(|b| *b == b'0')).then_some(behind.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_as_tools_write_them() {
        let cases = [
            ("11秒", 11_000),
            ("2分30秒", 150_000),
            ("7小时41分52秒", 27_712_000),
            ("1天2小时", 93_600_000),
            ("3分钟", 180_000),
            ("28.5", 28_500),
            ("28.4567", 28_457),
            ("00:01:30", 90_000),
            ("1:30", 90_000),
            ("0", 0),
        ];
        for (text, ms) in cases {
            assert_eq!(duration("response_ms", text).unwrap(), ms, "{text}");
        }
        let too_long = ["1天9223372036854775秒", "9223372036854775.8075"];
        for text in ["", "秒", "1分x秒", "-3", "1:99", "分", "1e3"].into_iter().chain(too_long) {
            assert!(duration("response_ms", text).is_err(), "{text}");
        }
    }

    #[test]
    fn shares_as_tools_write_them() {
        let cases = [("99.71%", 9971), ("99.71", 9971), ("0.9971", 9971), ("1", 10_000), ("100%", 10_000), ("0", 0)];
        for (text, share) in cases.into_iter().chain([("1.00", 10_000), ("0.99715", 9972), ("87", 8700)]) {
            assert_eq!(rate("reply_rate", text).unwrap(), share, "{text}");
        }
        assert!(rate("reply_rate", "高").is_err());
    }

    #[test]
    fn the_usual_form_is_read_as_its_pattern_says() {
        let mut last = LastDate::default();
        let texts =
            ["2026-05-15 17:59:50", "2026-05-15 00:00:00.1", "2026-05-16 23:59:59.120", "2026-02-28 12:00:00.05"];
        for text in texts.into_iter().chain(["2026-02-28 12:00:00", "0000-01-01 00:00:00", "2026-02-30 12:00:00"]) {
            let slowly = by_pattern(text, "%Y-%m-%d %H:%M:%S%.f", Zone::SHANGHAI);
            assert_eq!(time_after(&mut last, "ts", text, &[], Zone::SHANGHAI).ok(), slowly, "{text}");
        }
        for text in [
            "2026-05-15 24:00:00",
            "2026-05-15 12:60:00",
            "2026-05-15 1x:00:00",
            "2026-05-15T",
            "",
            "\0\0\0\0\0\0\0\0\0\0 12:00:00",
        ] {
            assert!(time_after(&mut last, "ts", text, &[], Zone::SHANGHAI).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_of_time_clocks() {
        let day = |text| date("date", text).map(|d| date_of(d).to_string()).unwrap_or_default();
        for text in ["2026-05-04", "26-05-04 星期一", "2026/5/4", "20260504", "2026年5月4日", "2026-05-04 00:00:00"]
        {
            assert_eq!(day(text), "2026-05-04", "{text}");
        }
        assert_eq!(day("04-05-2026"), "");
        // The last day that chrono knows has none behind it.
        assert_eq!(day("+262142-12-31"), "");
        assert!(time("ts", "-262143-01-01 00:00:00", &[], Zone::SHANGHAI).is_err());
    }
}
