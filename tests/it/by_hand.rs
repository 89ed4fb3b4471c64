//! The table "Check by hand" of the KPI definitions, through the binary, every figure.

use crate::support::{Project, rows};

const MESSAGES: &str = "shop,buyer,account,role,ts,kind,text
S,买家乙,A1,buyer,2026-05-15 17:59:50,text,在吗
S,买家乙,A1,auto,2026-05-15 17:59:51,text,您好，欢迎光临
S,买家乙,A1,buyer,2026-05-15 18:00:20,text,有人吗
S,买家乙,A1,agent,2026-05-15 18:00:40,text,在的亲
S,买家乙,A1,buyer,2026-05-15 18:01:00,text,谢谢
S,买家乙,A1,buyer,2026-05-15 22:50:00,text,明天能发货吗
S,买家乙,A2,agent,2026-05-16 09:10:00,text,可以的
S,买家乙,A2,buyer,2026-05-16 23:30:00,text,到哪里了
";

const ORDERS: &str =
    "shop,order_id,buyer,status,created_at,paid_at,shipped_at,signed_at,closed_at,goods,paid,refund,items,responsible
S,1001,买家乙,已付款,2026-05-15 22:55:00,2026-05-15 22:56:00,2026-05-18 10:00:00,,,100.00,100.00,0,1,A1
";

fn project() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    project.raw("orders-2026-05.csv", ORDERS);
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
    project
}

#[test]
fn every_figure_comes_out() {
    let project = project();
    let sessions = project.mart("sessions", "2026-05");
    let columns =
        ["started_at", "ended_at", "inquiry_date", "opened_by", "account", "rounds", "first_response_ms", "missed"];
    assert_eq!(
        rows(&sessions, &columns),
        [
            "2026-05-15 17:59:50|2026-05-15 18:01:00|2026-05-15|buyer|A1|1|50000|false",
            "2026-05-15 22:50:00|2026-05-16 09:10:00|2026-05-18|buyer|A2|1|37200000|false",
            "2026-05-16 23:30:00|2026-05-16 23:30:00|2026-05-18|buyer||1||true",
        ]
    );
    let rounds = project.mart("rounds", "2026-05");
    let columns = [
        "asked_at",
        "response_ms",
        "response_online_ms",
        "response_office_ms",
        "addressed_to",
        "answered_by",
        "in_window",
        "dropped",
        "asked_row",
        "answered_row",
    ];
    assert_eq!(
        rows(&rounds, &columns),
        [
            "2026-05-15 17:59:50|50000|50000|10000|A1|A1|true||2|5",
            "2026-05-15 18:01:00||||A1||true|closing|6|",
            "2026-05-15 22:50:00|37200000|1200000|0|A1|A2|true||7|8",
            "2026-05-16 23:30:00||||A2||false||9|",
        ]
    );
}

#[test]
fn the_backlog_is_counted_at_its_instants() {
    let project = project();
    let backlog = project.mart("backlog", "2026-05");
    let open: Vec<String> = rows(&backlog, &["at", "kind", "staff_id", "open", "lt_1h", "lt_4h", "lt_24h", "older"]);
    // Absent instants are 0: Saturday 18:00 and 23:00 have none.
    let expected = [
        "2026-05-15 18:00:00|rounds|A1|1|1|0|0|0",
        "2026-05-15 23:00:00|rounds|A1|1|1|0|0|0",
        "2026-05-15 23:00:00|unshipped|A1|1|1|0|0|0",
    ];
    for row in expected {
        assert!(open.iter().any(|r| r == row), "{row} in {open:#?}");
    }
    let at = |t: &str| -> Vec<&String> { open.iter().filter(|r| r.starts_with(t) && r.contains("|rounds|")).collect() };
    assert!(at("2026-05-16").is_empty(), "Saturday: {open:#?}");
    assert_eq!(at("2026-05-17 18:00:00"), ["2026-05-17 18:00:00|rounds|A2|1|0|0|1|0"]);
    assert_eq!(at("2026-05-17 23:00:00"), ["2026-05-17 23:00:00|rounds|A2|1|0|0|1|0"]);
    assert_eq!(at("2026-05-18 12:00:00"), ["2026-05-18 12:00:00|rounds|A2|1|0|0|0|1"]);
}

#[test]
fn the_ledger_holds_the_night_and_what_is_monitored() {
    let project = project();
    let ledger = project.mart("deductions", "2026-05");
    assert_eq!(
        rows(&ledger, &["staff_id", "rule_id", "occurred_at", "due_at", "done_at", "points"]),
        [
            "A1|cs.reply.first_response|2026-05-15 17:59:50|2026-05-15 18:00:35|2026-05-15 18:00:40|0",
            "A1|cs.reply.first_response|2026-05-15 22:50:00|2026-05-15 22:50:45|2026-05-16 09:10:00|0",
            "A2|cs.online.night_unfinished|2026-05-16 23:30:00|2026-05-18 12:00:00||150",
            "A2|cs.reply.missed|2026-05-16 23:30:00|||0",
        ]
    );
    let scores = project.mart("scores", "2026-05");
    assert_eq!(
        rows(&scores, &["staff_id", "deducted", "score", "grade", "provisional"]),
        // Provisional: of the registers none was delivered.
        ["A1|0|10000|excellent|true", "A2|150|9850|excellent|true", "B1|0|10000|excellent|true"]
    );
}

#[test]
fn the_order_is_credited_to_the_last_reply_before_it() {
    let project = project();
    let credits = project.mart("credits", "2026-05");
    assert_eq!(
        rows(&credits, &["order_id", "account", "staff_id", "rule", "distance_ms", "linked_by"]),
        ["1001|A1|A1|2|17660000|buyer"]
    );
    let sessions = project.mart("sessions", "2026-05");
    assert_eq!(rows(&credits, &["session_id"])[0], rows(&sessions, &["session_id"])[0], "credited to s1");
    let inquiries = project.mart("inquiries", "2026-05");
    assert_eq!(
        rows(&inquiries, &["inquiry_date", "staff_id", "ordered_same_day", "ordered_final", "paid_final", "order_id"]),
        ["2026-05-15|A1|true|true|true|1001", "2026-05-18|A2|false|false|false|"]
    );
}

#[test]
fn closing_words_are_counted_on_the_quality_page() {
    let project = project();
    let quality = project.mart("quality", "2026-05");
    let passed: Vec<String> =
        rows(&quality, &["kind", "subject", "shop", "count"]).into_iter().filter(|r| r.starts_with("passed")).collect();
    assert_eq!(passed, ["passed_over|closing|S|1"]);
}

#[test]
fn a_deduction_is_explained_to_the_raw_row() {
    let project = project();
    let ledger = project.mart("deductions", "2026-05");
    let night = rows(&ledger, &["rule_id", "deduction_id"])
        .into_iter()
        .find_map(|r| r.strip_prefix("cs.online.night_unfinished|").map(str::to_owned))
        .expect("the night's deduction");
    let text = project.ok(&["explain", &night]);
    for part in ["一·4", "2026-05-16 23:30:00", "2026-05-18 12:00:00", "messages-2026-05.csv:9", "到哪里了"] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
}
