//! A small report's inputs, made up: one shop, one person, one day, one deduction. For the documentation of what templates
//! are given.

use super::data::{
    Deduction, Inputs, MonthInputs, Percentiles, Person, Proof, Proven, Quality, RuleText, Score, StaffDay,
};
use crate::base::time::{HOUR, SECOND};
use crate::base::{Month, Zone};
use chrono::NaiveDate;
use std::collections::BTreeMap;

const SHOP: &str = "云岭旗舰店";
const STAFF: &str = "K001";
const RULE: &str = "cs.online.day_unfinished";

/// The inputs, in a language.
pub fn inputs(lang: &str) -> Inputs {
    let zone = Zone::SHANGHAI;
    let day = NaiveDate::from_ymd_opt(2026, 5, 15).unwrap_or_default();
    let month = Month::of(day);
    let first = month.first_day();
    let rule = RuleText {
        id: RULE.to_owned(),
        title: "当天咨询未处理完".to_owned(),
        clause: "客服 一·4".to_owned(),
        quote: "下班前必须处理完当天的咨询。".to_owned(),
        interpretation: "18:00 前的咨询到本人下班时仍未回复。".to_owned(),
        points: "每次扣 1.5 分".to_owned(),
        monitored: false,
    };
    Inputs {
        months: vec![filled(zone, first.pred_opt().unwrap_or(first)), filled(zone, day)],
        as_of: zone.end_of(month.last_day()),
        zone,
        lang: lang.to_owned(),
        pipeline: "monthly".to_owned(),
        preset: "regulation".to_owned(),
        clock: "wall".to_owned(),
        target_ms: 45 * SECOND,
        settings: vec![("session_gap".to_owned(), "30 min".to_owned())],
        targets: BTreeMap::from([("first_in_45s".to_owned(), 9_000)]),
        min_ratings: 20,
        rulebook_version: "2026.2".to_owned(),
        rules: vec![rule],
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The month of a day on which something happened.
fn filled(zone: Zone, day: NaiveDate) -> MonthInputs {
    let (noon, evening) = (zone.at(day, 12 * HOUR), zone.at(day, 18 * HOUR));
    let first = |staff_id: &str| Percentiles {
        of: "first".to_owned(),
        staff_id: staff_id.to_owned(),
        count: 30,
        p50: 19_950,
        p90: 83_499,
        p99: 120_000,
        ..Percentiles::default()
    };
    let measures = [
        ("inquiries_count", 34),
        ("received_count", 36),
        ("unanswered_count", 1),
        ("first_response_count", 30),
        ("first_response_sum_ms", 760_000),
        ("first_response_in_45s_count", 26),
        ("presales_count", 18),
        ("converted_final_count", 5),
        ("orders_count", 7),
        ("sales_sum_fen", 61_725),
        ("online_sum_ms", 8 * HOUR),
    ];
    let quality = |kind: &str, subject: &str, count| Quality {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        shop: SHOP.to_owned(),
        count,
    };
    MonthInputs {
        people: vec![Person {
            staff_id: STAFF.to_owned(),
            name: "林晓雯".to_owned(),
            role: "customer_service".to_owned(),
            team: Some("早班组".to_owned()),
            supervisor_id: None,
        }],
        staff_day: vec![StaffDay {
            date: day,
            shop: SHOP.to_owned(),
            staff_id: STAFF.to_owned(),
            measures: measures.into_iter().collect(),
        }],
        percentiles: vec![first(""), first(STAFF)],
        daily: vec![(day, first(""))],
        deductions: vec![Deduction {
            deduction_id: "1f0c63b9a2d84e57".to_owned(),
            rule_id: RULE.to_owned(),
            rulebook_version: "2026.2".to_owned(),
            shop: SHOP.to_owned(),
            staff_id: STAFF.to_owned(),
            caused_by: STAFF.to_owned(),
            occurred_at: noon,
            due_at: Some(evening),
            done_at: Some(evening + 83 * SECOND),
            occurrence_no: 1,
            factor: 1,
            points: 150,
            waived_by: None,
            waived_at: None,
            evidence: vec![("messages".to_owned(), "chat/2026-05.csv".to_owned(), 1_234)],
        }],
        scores: vec![Score {
            staff_id: STAFF.to_owned(),
            base: 10_000,
            deducted: 150,
            awarded: 0,
            score: 9_850,
            grade: "excellent".to_owned(),
            provisional: false,
        }],
        quality: vec![quality("kept", "chat/2026-05.csv", 998), quality("unmatched_account", "云岭旗舰店:小夏", 41)],
        proofs: vec![Proof {
            list: "sessions".to_owned(),
            of: STAFF.to_owned(),
            shop: SHOP.to_owned(),
            staff_id: STAFF.to_owned(),
            at: noon,
            value: None,
            what: "1f0c63b9".to_owned(),
            file: "chat/2026-05.csv".to_owned(),
            row: 1_234,
        }],
        proven: vec![Proven { list: "sessions".to_owned(), staff_id: STAFF.to_owned(), rows: 1 }],
        ..MonthInputs::empty(Month::of(day))
    }
}
