//! The pay preview, by hand.

use super::{gathered, made, sample};
use kaohe::review::results::PayResult;
use kaohe::review::{Content, PayFile};
use std::sync::OnceLock;

const PAY: &str = "工号,姓名,月份,固定工资,绩效奖金,销售提成比例,满意度提成\n\
    S01,林小满,,4000,800,1.5%,200\n\
    S01,林小满,2026-05,4500,800,1.5%,200\n\
    S08,江北辰,,3100,310,2,\n\
    P01,周砚秋,,,1000,,\n\
    X99,查无此人,,4000,,,\n";

/// A pay file as it comes from disk.
pub fn file() -> PayFile {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("薪酬.csv");
    // As Chinese Excel saves it.
    let (bytes, ..) = encoding_rs::GB18030.encode(PAY);
    std::fs::write(&path, bytes).expect("the file");
    PayFile::read(&path).unwrap_or_else(|e| panic!("{e}: {:#?}", e.diagnostics()))
}

fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| made(&gathered(sample(), "2026H1", Some(file()))))
}

fn of(staff: &str, month: &str) -> Option<&'static PayResult> {
    content().results.pay.iter().find(|p| p.staff_id == staff && p.month == month)
}

/// Half up.
fn share(n: i64, of: i64, whole: i64) -> i64 {
    ((n * of) as f64 / whole as f64 + 0.5).floor() as i64
}

#[test]
fn every_amount_is_what_the_formula_says() {
    let people = &content().results.people;
    for p in &content().results.pay {
        let person = people.iter().find(|r| r.staff_id == p.staff_id).expect("a person");
        let score = person.parts[3].months.iter().find(|m| m.month == p.month).map(|m| m.above);
        assert_eq!(p.score, score, "{} {}", p.staff_id, p.month);
        if let Some(sales) = person.parts[0].months.iter().find(|m| m.month == p.month) {
            assert_eq!(p.sales, sales.above, "{} {}", p.staff_id, p.month);
        }
        let (fixed, bonus, rate, full) = match (p.staff_id.as_str(), p.month.as_str()) {
            ("S01", "2026-05") => (450_000, 80_000, 150, 20_000),
            ("S01", _) => (400_000, 80_000, 150, 20_000),
            // Joined on 9 March: 23 of 31 days of 3100.00 and of 310.00.
            ("S08", "2026-03") => (230_000, 23_000, 200, 0),
            ("S08", _) => (310_000, 31_000, 200, 0),
            // The file has no fixed pay for this supervisor, and no row for the other.
            ("P01", _) => (350_000, 100_000, 0, 0),
            ("P02", _) => (350_000, 0, 0, 0),
            other => panic!("{other:?}"),
        };
        assert_eq!(p.fixed, fixed, "{} {}", p.staff_id, p.month);
        assert_eq!(p.bonus, share(bonus, score.unwrap_or(0), 10_000), "{} {}", p.staff_id, p.month);
        assert_eq!(p.sales_commission, share(p.sales, rate, 10_000), "{} {}", p.staff_id, p.month);
        let satisfied = if p.rated > 0 { share(full, p.satisfied, p.rated) } else { 0 };
        assert_eq!(p.satisfaction_commission, satisfied, "{} {}", p.staff_id, p.month);
        assert_eq!(p.total(), p.fixed + p.bonus + p.sales_commission + p.satisfaction_commission);
    }
    assert!(content().results.pay.iter().any(|p| p.satisfaction_commission > 0));
    assert_eq!(of("S08", "2026-02"), None, "not there yet");
    assert!(of("S02", "2026-05").is_none(), "neither in the file nor a supervisor");
}

#[test]
fn one_month_by_hand() {
    // S01 in January: 90.5 points, 6734.95 yuan of sales, one rating, satisfied.
    let p = of("S01", "2026-01").expect("January");
    assert_eq!((p.score, p.sales, p.rated, p.satisfied), (Some(9_050), 673_495, 1, 1));
    assert_eq!((p.fixed, p.bonus), (400_000, 72_400));
    // 1.5 % of 6734.95 is 101.02425.
    assert_eq!((p.sales_commission, p.satisfaction_commission), (10_102, 20_000));
    assert_eq!(p.total(), 502_502);
}

#[test]
fn the_page_says_what_it_is_and_who_is_missing() {
    let page = String::from_utf8(content().hr["pay.html"].clone()).expect("UTF-8");
    for said in [
        "这是预览，不是工资单",
        "薪酬表：薪酬.csv。",
        "绩效奖金按当月考核分 ÷ 100 计发",
        "本期没有这个人：X99",
        "薪酬表里没有：",
        "¥5,025.02",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let mut inputs = gathered(sample(), "2026H1", Some(file()));
    inputs.half.pay.bonus_by_score = false;
    let full = made(&inputs);
    let january = full.results.pay.iter().find(|p| p.staff_id == "S01" && p.month == "2026-01").expect("January");
    assert_eq!(january.bonus, 80_000);
    assert!(String::from_utf8_lossy(&full.hr["pay.html"]).contains("绩效奖金按全额计发"));
}
