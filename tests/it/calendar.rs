//! The calendar: every day of eight years against the published facts, laws of open time, deadlines worked out by hand.

use chrono::{Datelike, NaiveDate};
use kaohe::base::time::{DAY, MINUTE, next_day};
use kaohe::base::{Ms, Zone};
use kaohe::calendar::deadline::{Trace, end_of_day, end_of_workday, next_workday_at};
use kaohe::calendar::eval::Oracle;
use kaohe::calendar::{CalendarError, Hours, Workdays};
use kaohe::settings::Files;
use kaohe::settings::hours::HoursRaw;
use kaohe::settings::pipeline::CalendarSettings;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn cn() -> Workdays {
    Workdays::load(&Files::new("no/such/folder"), &CalendarSettings::statutory()).expect("the embedded calendar")
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a date")
}

fn at(text: &str) -> Ms {
    kaohe::calendar::question::instant(text, Zone::SHANGHAI).expect("a time")
}

fn hours(toml: &str) -> Hours {
    hours_in(toml, Zone::SHANGHAI)
}

fn hours_in(text: &str, zone: Zone) -> Hours {
    let raw: HoursRaw = toml::from_str(text).expect("hours");
    Hours::compile(&raw, zone, &cn()).expect("sound hours")
}

const ONLINE: &str = "every_day = [['09:00', '23:00']]";
const OFFICE: &str = "working_days = [['09:00', '12:00'], ['13:00', '18:00']]";
const NIGHT: &str = "mon = [['22:00', '02:30']]\ntue = [['08:00', '12:00'], ['20:00', '06:00']]\nsat = [['00:00', '24:00']]\nsun = [['01:30', '02:30']]";

#[test]
fn more_than_the_hours_ever_give_is_refused_at_once() {
    let online = hours(ONLINE);
    for ms in [i64::MIN, -360_001_381_234_567_800, 360_001_381_234_567_800, i64::MAX] {
        assert_eq!(online.add(at("2150-05-15 17:59:50"), ms), Err(CalendarError::NeverOpen), "{ms}");
    }
}

#[test]
fn every_day_of_2019_to_2026_is_as_published() {
    let real = std::env::var("KAOHE_REAL_DATA").expect("KAOHE_REAL_DATA names the folder of the real files");
    let mut published: BTreeMap<NaiveDate, bool> = BTreeMap::new();
    for year in 2019..=2026 {
        let path = std::path::Path::new(&real).join(format!("../calendar/{year}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let file: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for day in file["days"].as_array().expect("days") {
            let on = date(day["date"].as_str().expect("a date"));
            published.insert(on, day["isOffDay"].as_bool().expect("isOffDay"));
        }
    }
    let workdays = cn();
    let mut day = date("2019-01-01");
    while day.year() < 2027 {
        let weekend = day.weekday().num_days_from_monday() >= 5;
        let off = published.get(&day).copied().unwrap_or(weekend);
        assert_eq!(workdays.is_workday(day).expect("data"), !off, "{day}");
        day = next_day(day);
    }
}

#[test]
fn a_year_without_data_is_an_error_that_names_the_file() {
    let error = cn().next_workday(date("2026-12-31")).expect_err("2027 has no data");
    assert_eq!(error, CalendarError::NoData { year: 2027, file: "pipelines/calendar/cn-2027.toml".into() });
    assert!(cn().is_workday(date("2018-12-31")).is_err());
    // Hours that hold on every day need no calendar.
    assert_eq!(hours(ONLINE).between(at("2030-01-01 08:00"), at("2030-01-01 10:00")), Ok(60 * MINUTE));
    assert!(hours(OFFICE).between(at("2030-01-01 08:00"), at("2030-01-01 10:00")).is_err());
}

#[test]
fn the_company_may_work_or_rest_as_it_likes() {
    let mut settings = CalendarSettings::statutory();
    settings.dates.insert(date("2026-05-16"), true);
    settings.dates.insert(date("2026-05-18"), false);
    let workdays = Workdays::load(&Files::new("no/such/folder"), &settings).expect("loads");
    assert_eq!(workdays.next_workday(date("2026-05-15")), Ok(date("2026-05-16")));
    assert_eq!(workdays.next_workday(date("2026-05-16")), Ok(date("2026-05-19")));
}

#[test]
fn deadlines_by_hand() {
    let (workdays, zone) = (cn(), Zone::SHANGHAI);
    let noon = |day: &str| {
        let due = next_workday_at(&workdays, zone, date(day), 12 * 60 * MINUTE, &mut Trace::silent());
        zone.format(due.expect("data"))
    };
    // A Friday; a plain Thursday; before and inside Spring Festival (15th to 23rd off, the 14th and 28th worked).
    assert_eq!(noon("2026-05-15"), "2026-05-18 12:00:00");
    assert_eq!(noon("2026-05-14"), "2026-05-15 12:00:00");
    assert_eq!(noon("2026-02-13"), "2026-02-14 12:00:00");
    assert_eq!(noon("2026-02-14"), "2026-02-24 12:00:00");
    assert_eq!(noon("2026-02-18"), "2026-02-24 12:00:00");
    assert_eq!(noon("2026-02-27"), "2026-02-28 12:00:00");
    // May Day 1st to 5th off, Saturday the 9th worked.
    assert_eq!(noon("2026-04-30"), "2026-05-06 12:00:00");
    assert_eq!(noon("2026-05-08"), "2026-05-09 12:00:00");
    // National Day 2026: 1 to 7 October off; 20 September and 10 October worked.
    assert_eq!(noon("2026-09-30"), "2026-10-08 12:00:00");
    assert_eq!(noon("2026-09-19"), "2026-09-20 12:00:00");
    // The year's end: 1 to 3 January 2026 off, Sunday the 4th worked.
    assert_eq!(noon("2025-12-31"), "2026-01-04 12:00:00");
    let workday = |day: &str, n: u32| {
        let due = end_of_workday(&workdays, zone, date(day), n, &mut Trace::silent());
        zone.format(due.expect("data"))
    };
    assert_eq!(workday("2026-05-15", 1), "2026-05-19 00:00:00");
    assert_eq!(workday("2026-02-14", 2), "2026-02-26 00:00:00");
    assert_eq!(zone.format(end_of_day(zone, date("2026-01-31"), 1, &mut Trace::silent())), "2026-02-02 00:00:00");
}

#[test]
fn the_arithmetic_is_told_day_by_day() {
    let mut trace = Trace::on();
    next_workday_at(&cn(), Zone::SHANGHAI, date("2026-04-30"), 0, &mut trace).expect("data");
    let lines = trace.lines(Zone::SHANGHAI, "zh");
    assert_eq!(lines.len(), 6);
    assert_eq!(lines[0], "2026-05-01（周五）：劳动节放假，不计");
    assert_eq!(lines[5], "2026-05-06（周三）：工作日，第 1 日");
}

#[test]
fn an_amount_used_up_at_closing_ends_at_closing() {
    let online = hours(ONLINE);
    let add = |from: &str, ms: i64| Zone::SHANGHAI.format(online.add(at(from), ms).expect("open"));
    assert_eq!(add("2026-05-15 22:00", 60 * MINUTE), "2026-05-15 23:00:00");
    assert_eq!(add("2026-05-15 22:00", 60 * MINUTE + 1), "2026-05-16 09:00:00.001");
    assert_eq!(add("2026-05-15 23:30", 0), "2026-05-15 23:30:00");
    assert_eq!(add("2026-05-15 23:30", 1), "2026-05-16 09:00:00.001");
}

#[test]
fn summer_time_counts_hours_twice_and_skips_them() {
    let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
    let night = hours_in("every_day = [['01:00', '04:00']]", berlin);
    let day = |d: &str| {
        let from = berlin.start_of(date(d));
        night.between(from, berlin.end_of(date(d))).expect("no data needed") / MINUTE
    };
    assert_eq!(day("2026-03-28"), 180);
    assert_eq!(day("2026-03-29"), 120, "02:00 to 03:00 does not exist");
    assert_eq!(day("2026-10-25"), 240, "02:00 to 03:00 comes twice");
}

/// Open time minute by minute, straight from the definition: the wall clock lies in an interval of its date.
fn slow_between(hours: &Hours, from: Ms, to: Ms, zone: Zone) -> i64 {
    let open = |t: Ms| {
        let (day, wall) = (zone.date(t), zone.time_of_day(t));
        let today = hours.intervals(day).expect("data").into_iter().any(|(s, e)| s <= wall && wall < e);
        let over = hours.intervals(day.pred_opt().expect("a day before")).expect("data");
        today || over.into_iter().any(|(_, e)| e > DAY && wall < e - DAY)
    };
    (0..(to - from) / MINUTE).filter(|m| open(from + m * MINUTE)).count() as i64 * MINUTE
}

fn any_hours() -> impl Strategy<Value = (&'static str, Zone)> {
    let zones = ["Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"];
    let zone = prop::sample::select(zones.to_vec()).prop_map(|z| z.parse::<Zone>().expect("a zone"));
    (prop::sample::select(vec![ONLINE, OFFICE, NIGHT]), zone)
}

/// Minutes of 2026 (and so inside the data), dense around changes of summer time.
fn any_minute() -> impl Strategy<Value = Ms> {
    let day = 24 * 60_i64;
    let near = |d: i64| (d * day - 2000)..(d * day + 2000);
    // Days of the year on which the zones above change their offset.
    prop_oneof![day * 3..day * 360, near(66), near(87), near(94), near(276), near(297), near(304)]
        .prop_map(|m| 1_767_225_600_000 + m * MINUTE)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn open_time_is_what_the_clock_on_the_wall_says((text, zone) in any_hours(), from in any_minute(), length in 0..4000_i64) {
        let hours = hours_in(text, zone);
        let to = from + length * MINUTE;
        prop_assert_eq!(hours.between(from, to).expect("data"), slow_between(&hours, from, to, zone));
    }

    #[test]
    fn open_time_adds_up((text, zone) in any_hours(), a in any_minute(), b in any_minute(), c in any_minute()) {
        let hours = hours_in(text, zone);
        let between = |x, y| hours.between(x, y).expect("data");
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn adding_and_measuring_agree((text, zone) in any_hours(), from in any_minute(), ms in 1..2_000_000_000_i64) {
        let hours = hours_in(text, zone);
        if let Ok(to) = hours.add(from, ms) {
            prop_assert_eq!(hours.between(from, to).expect("data"), ms);
            // It is the first such instant: one ms earlier less is used up.
            prop_assert_eq!(hours.between(from, to - 1).expect("data"), ms - 1);
            prop_assert!(hours.is_open(to - 1).expect("data"));
        }
    }

    #[test]
    fn the_next_working_day_is_the_first(days in 0..350_i64) {
        let workdays = cn();
        let day = date("2026-01-01") + chrono::TimeDelta::days(days);
        let next = workdays.next_workday(day).expect("data");
        prop_assert!(next > day && workdays.is_workday(next).expect("data"));
        let mut between = next_day(day);
        while between < next {
            prop_assert!(!workdays.is_workday(between).expect("data"));
            between = next_day(between);
        }
    }
}

#[test]
fn questions_are_answered_line_by_line() {
    let (workdays, online) = (cn(), hours(ONLINE));
    let mut oracle = Oracle::new(Some(&online), &workdays, Zone::SHANGHAI);
    let mut ask = |q: &str| oracle.answer(q).to_string();
    assert_eq!(
        ask(r#"{"op":"between","from":"2026-05-15 22:50","to":"2026-05-16T09:10:00+08:00"}"#),
        r#"{"ms":1200000}"#
    );
    assert_eq!(
        ask(r#"{"op":"add","from":"2026-05-15T22:50:00","ms":1200000}"#),
        r#"{"at":"2026-05-16T09:10:00+08:00"}"#
    );
    assert_eq!(ask(r#"{"op":"workday","date":"2026-05-09"}"#), r#"{"workday":true}"#);
    assert_eq!(ask(r#"{"op":"open","at":"2026-05-15 23:00"}"#), r#"{"open":false}"#);
    let own = r#""hours":{"mon":[["09:00","12:00"],["13:00","18:00"]]},"dates":{"2026-05-09":[["09:00","18:00"]]},"holidays":["2026-05-04"]"#;
    assert_eq!(ask(&format!(r#"{{"op":"workday","date":"2026-05-09",{own}}}"#)), r#"{"workday":true}"#);
    assert_eq!(ask(&format!(r#"{{"op":"workday","date":"2026-05-04",{own}}}"#)), r#"{"workday":false}"#);
    // Monday the 11th: 8 hours from 11:00 are 1 + 5 there and 2 on Monday the 18th.
    assert_eq!(
        ask(&format!(r#"{{"op":"add","from":"2026-05-11 11:00","ms":28800000,{own}}}"#)),
        r#"{"at":"2026-05-18T11:00:00+08:00"}"#
    );
    let zoned =
        r#"{"op":"open","at":"2026-07-01 09:30","hours":{"wed":[["09:00","10:00"]]},"timezone":"America/New_York"}"#;
    assert_eq!(ask(zoned), r#"{"open":true}"#);
    assert!(ask("nonsense").contains("error"));
    assert!(ask(r#"{"op":"between","from":"2026-05-15"}"#).contains("`to` is missing"));
    assert!(ask(r#"{"op":"workday","date":"2031-05-09"}"#).contains("cn-2031.toml"));
}
