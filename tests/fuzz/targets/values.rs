//! Times, dates, money, numbers and periods: what is read can be written down and read again, and no more than the shape of
//! what is refused is told.
#![no_main]

use kaohe_fuzz::base::Zone;
use kaohe_fuzz::base::time::{date_of, format_time_of_day, parse_time_of_day};
use kaohe_fuzz::ingest::chats::clock;
use kaohe_fuzz::ingest::reject::{Reject, shape};
use kaohe_fuzz::ingest::{cell, parse, period};
use kaohe_fuzz::lake::schema::tables;
use libfuzzer_sys::fuzz_target;

const ZONE: Zone = Zone::SHANGHAI;
/// Years that are written with four digits: 0001 to 9999, in days and in ms.
const DAYS: std::ops::Range<i32> = -719_162..2_932_896;

fn masked<T>(read: Result<T, Reject>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(reject) => {
            let mask = reject.value_mask.expect("a value that is refused is told by its shape");
            assert!(mask.chars().count() <= 25);
            assert!(mask.chars().all(|c| "9A字?… ".contains(c) || c.is_ascii_punctuation()), "{mask}");
            None
        }
    }
}

fuzz_target!(|text: &str| {
    shape(text);
    for formats in [vec![], vec!["epoch_ms".to_owned()], vec!["%Y-%m-%d %H:%M:%S%.f".to_owned()]] {
        if let Some(at) = masked(parse::time("ts", text, &formats, ZONE))
            && DAYS.contains(&((at / 86_400_000) as i32))
        {
            // An hour that occurs twice is read as its first; nothing of the kind in these formats' own zone since 1991.
            let again = ZONE.format(at);
            if at > 700_000_000_000 {
                assert_eq!(parse::time("ts", &again, &[], ZONE).ok(), Some(at), "{again}");
            }
        }
    }
    // The quick way reads as the slow one does.
    let slow = parse::time("ts", text, &["%Y-%m-%d %H:%M:%S%.f".to_owned()], ZONE).ok();
    assert!(slow.is_none() || parse::time("ts", text, &[], ZONE).ok() == slow, "{text}");
    if let Some(day) = masked(parse::date("on", text)).filter(|d| DAYS.contains(d)) {
        assert_eq!(parse::date("on", &date_of(day).to_string()).ok(), Some(day));
    }
    if let Some(fen) = masked(parse::fen("paid", text)) {
        let sign = if fen < 0 { "-" } else { "" };
        let again = format!("{sign}{}.{:02}元", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
        assert_eq!(parse::fen("paid", &again).ok(), Some(fen), "{text}");
    }
    assert!(masked(parse::duration("response_ms", text)).is_none_or(|ms| ms >= 0));
    assert!(masked(parse::rate("reply_rate", text)).is_none_or(|n| n >= 0));
    if let Some(n) = masked(parse::whole("items", text)) {
        assert_eq!(parse::whole("items", &n.to_string()).ok(), Some(n));
    }
    if let Some(id) = masked(parse::id("order_id", text)) {
        assert!(text.contains(id));
    }
    masked(parse::points("points", text));
    masked(parse::flag("closing", text));
    for (day, after) in [(20_000, None), (20_000, Some(1_728_000_000_000)), (2_932_896, Some(i64::MAX))] {
        masked(parse::time_on("start", text, day, ZONE, after));
    }
    if let Ok(ms) = parse_time_of_day(text) {
        assert_eq!(parse_time_of_day(&format_time_of_day(ms)), Ok(ms));
    }
    parse::wall(text);
    for kind in ["daily_report", "weekly_summary", "month_end"] {
        if let Some((spelt, day)) = masked(period::parse(kind, text)).filter(|(_, d)| DAYS.contains(d)) {
            // One spelling, and the same day again.
            assert_eq!(period::parse(kind, &spelt).ok(), Some((spelt.clone(), day)), "{kind} {text}");
        }
    }
    period::named_month(text);
    period::stamp(text);
    assert!(period::span(text).is_none_or(|(from, to)| from <= to));
    if let Some((before, _)) = clock::at_end(text) {
        assert!(text.contains(before));
    }
    assert!(clock::alone(text).is_none() || clock::at_end(text).is_some());
    for column in tables().flat_map(|t| t.columns) {
        let _ = cell::plain(column, text, &[], ZONE);
    }
});
