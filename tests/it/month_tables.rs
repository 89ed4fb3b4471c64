//! The tables that describe a month as a whole, through the binary, worked out by hand.

use crate::support::{Project, rows, stderr};
use kaohe::base::Zone;
use kaohe::pipeline::{Options, Project as Opened, gather, stage};
use kaohe::report::data::{MonthInputs, SalesTarget};
use polars::prelude::*;

/// Three sessions: answered after 50 s; asked at night and answered after 10 h 20 min; never answered. May 15th is a Friday.
const MESSAGES: &str = "shop,buyer,account,role,ts,kind,text
S,买家乙,A1,buyer,2026-05-15 17:59:50,text,在吗
S,买家乙,A1,buyer,2026-05-15 18:00:20,text,有人吗
S,买家乙,A1,agent,2026-05-15 18:00:40,text,在的亲
S,买家乙,A1,buyer,2026-05-15 18:01:00,text,谢谢
S,买家乙,A1,buyer,2026-05-15 22:50:00,text,明天能发货吗
S,买家乙,A2,agent,2026-05-16 09:10:00,text,可以的
S,买家乙,A2,buyer,2026-05-16 23:30:00,text,到哪里了
";

const APRIL: &str =
    "shop,order_id,buyer,status,created_at,paid_at,shipped_at,signed_at,closed_at,goods,paid,refund,items,responsible
S,0999,买家己,已付款,2026-04-28 09:00:00,2026-04-28 09:01:00,,,,10.00,10.00,0,1,A1
";

const MAY: &str =
    "shop,order_id,buyer,status,created_at,paid_at,shipped_at,signed_at,closed_at,goods,paid,refund,items,responsible
S,1001,买家乙,已发货,2026-05-15 22:55:00,2026-05-15 22:56:00,2026-05-18 10:00:00,,,100.00,100.00,0,1,A1
S,1002,买家乙,已签收,2026-05-20 10:00:00,2026-05-20 11:00:00,2026-05-22 11:00:00,2026-05-25 11:00:00,,250.00,250.00,0,3,A1
S,1003,买家丙,已关闭,2026-05-21 10:00:00,,,,2026-05-22 10:00:00,250.00,0,0,5,A2
S,1004,买家丙,未付款,2026-05-22 10:00:00,,,,,80.00,0,0,1,A2
S,1005,买家丁,已发货,2026-05-29 10:00:00,2026-05-30 10:00:01,2026-06-02 10:00:00,,,60.00,60.00,0,1,A2
S,1006,买家戊,已关闭,2026-05-30 11:00:00,2026-05-30 12:00:00,,,2026-05-31 09:00:00,70.00,70.00,0,1,
";

/// Orders of a shop whose export knows nothing of shipping.
const OTHER: &str = "shop,order_id,buyer,status,created_at,paid_at,goods,paid,responsible
T,2001,买家庚,已签收,2026-05-11 10:00:00,2026-05-11 10:02:00,30.00,30.00,A1
T,2002,买家庚,已付款,2026-05-12 10:00:00,2026-05-12 10:02:00,30.00,30.00,A1
";

const ITEMS: &str = "shop,order_id,sku,title,quantity,paid
S,0999,K-1,帐篷,1,10.00
S,1001,K-1,帐篷,1,100.00
S,1002,K-1,帐篷 新款,2,200.00
S,1002,K-2,睡袋,1,50.00
S,1003,K-2,睡袋,5,250.00
S,1005,K-3,,1,
";

const RATINGS: &str = "shop,buyer,account,score,ts
S,买家乙,A1,5,2026-05-15 18:10:00
S,买家乙,A1,3,2026-05-15 18:11:00
S,买家丙,A1,4,2026-05-16 10:00:00
S,买家丙,A9,4,2026-05-16 10:00:00
S,买家丁,A1,1,2026-06-01 00:00:00
";

const REVIEWS: &str = "shop,order_id,buyer,staff_id,rating,cause,has_text,ts
S,1001,买家乙,A2,bad,product,true,2026-05-15 20:00:00
S,1002,买家乙,A2,good,,true,2026-05-15 21:00:00
S,1005,买家丁,,neutral,,false,2026-05-31 23:59:59
";

const TARGETS: &str = "staff_id,shop,period,sales
,S,2026-05,30000.00
,T,2026-05,5000.50
A1,,2026-05,7000.00
,S,2026-06,40000.00
";

fn project() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    project.raw("orders-2026-04.csv", APRIL);
    project.raw("orders-2026-05.csv", MAY);
    project.raw("orders-T-2026-05.csv", OTHER);
    project.raw("order_items-2026-05.csv", ITEMS);
    project.raw("ratings-2026-05.csv", RATINGS);
    project.raw("reviews-2026-05.csv", REVIEWS);
    project.raw("targets.csv", TARGETS);
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
    project
}

fn table(project: &Project, name: &str, columns: &[&str]) -> Vec<String> {
    rows(&project.mart(name, "2026-05"), columns)
}

#[test]
fn hours_are_those_of_the_question() {
    let columns = ["shop", "weekday", "hour", "rounds_count", "first_response_count", "first_response_sum_ms"];
    let columns = [&columns[..], &["first_response_met_count"]].concat();
    assert_eq!(
        table(&project(), "hours", &columns),
        // s2 belongs to Monday's inquiries and was asked on Friday; s3 was asked outside the window.
        ["S|5|17|1|1|50000|0", "S|5|22|1|1|37200000|0", "S|6|23|1|0|0|0"]
    );
}

#[test]
fn spreads_have_every_step() {
    let spread = table(&project(), "spread", &["of", "shop", "staff_id", "upto_ms", "count"]);
    let of = |group: &str| -> Vec<&str> {
        spread.iter().filter_map(|row| row.strip_prefix(group)).filter(|rest| !rest.ends_with("|0")).collect()
    };
    for of_what in ["first", "round"] {
        assert_eq!(of(&format!("{of_what}|||")), ["|1", "60000|1"]);
        assert_eq!(of(&format!("{of_what}|S||")), ["|1", "60000|1"]);
        assert_eq!(of(&format!("{of_what}||A1|")), ["60000|1"]);
        assert_eq!(of(&format!("{of_what}|S|A2|")), ["|1"]);
    }
    let steps: Vec<&String> = spread.iter().filter(|row| row.starts_with("first|||")).collect();
    assert_eq!(steps.len(), 15, "{steps:#?}");
}

#[test]
fn what_is_open_is_known_for_each_hour() {
    let project = project();
    let open = table(&project, "open_hours", &["at", "shop", "open"]);
    // 18:00 (answered 40 s later); 23:00 to 09:00; from Sunday 0:00 to the month's end.
    assert_eq!(open.len(), 1 + 11 + 15 * 24);
    assert_eq!(open[..2], ["2026-05-15 18:00:00|S|1", "2026-05-15 23:00:00|S|1"]);
    assert_eq!(open[11..13], ["2026-05-16 09:00:00|S|1", "2026-05-17 00:00:00|S|1"]);
    assert_eq!(open.last().map(String::as_str), Some("2026-05-31 23:00:00|S|1"));
    assert!(open.iter().all(|row| row.ends_with("|S|1")));
    // The backlog's instants say the same.
    let backlog = table(&project, "backlog", &["at", "kind", "open"]);
    for row in backlog.iter().filter_map(|row| row.split_once("|rounds|")) {
        assert!(open.contains(&format!("{}|S|{}", row.0, row.1)), "{row:?}");
    }
}

#[test]
fn an_earlier_clock_leaves_the_later_hours_open() {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    project.raw("orders-2026-05.csv", MAY);
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-05-16T00:30:00"]);
    let open = table(&project, "open_hours", &["at", "open"]);
    assert_eq!(open, ["2026-05-15 18:00:00|1", "2026-05-15 23:00:00|1", "2026-05-16 00:00:00|1"]);
    assert_eq!(table(&project, "unshipped", &["at", "order_id"]), ["2026-05-16 00:30:00|1001"]);
    assert_eq!(table(&project, "steps", &["step", "count", "open"])[..1], ["paid|1|0"]);
}

#[test]
fn steps_are_timed_and_what_is_not_told_is_left_out() {
    let project = project();
    let columns = ["step", "shop", "staff_id", "count", "open", "sum_ms", "p50_ms", "p90_ms", "met", "limit_ms"];
    let steps = table(&project, "steps", &columns);
    let of = |group: &str| steps.iter().find_map(|row| row.strip_prefix(group)).map(str::to_owned).unwrap_or_default();
    // 60 s, 1 h, 24 h and a second, 1 h; 1003 was closed, 1004 is open.
    assert_eq!(of("paid|S||"), "4|1|93661000|3600000|86401000|3|86400000");
    assert_eq!(of("paid|S|A1|"), "2|0|3660000|60000|3600000|2|86400000");
    assert_eq!(of("paid|S|A2|"), "1|1|86401000|86401000|86401000|0|86400000");
    // 59 h 4 min, exactly 48 h, 71 h 59 min 59 s; 1006 was closed.
    assert_eq!(of("shipped|S||"), "3|0|644639000|212640000|259199000|1|172800000");
    assert_eq!(of("signed|S||"), "1|2|259200000|259200000|259200000|1|604800000");
    // T's export knows when orders were paid and nothing of what came then.
    assert_eq!(of("paid|T||"), "2|0|240000|120000|120000|2|86400000");
    assert!(!steps.iter().any(|row| row.starts_with("shipped|T") || row.starts_with("signed|T")), "{steps:#?}");
    assert_eq!(of("paid|||"), "6|1|93901000|120000|86401000|5|86400000");
    assert_eq!(of("shipped|||"), of("shipped|S||"));
    // Nobody is responsible for 1006: it counts for no person.
    assert!(!steps.iter().any(|row| row.contains("unassigned")));
}

#[test]
fn the_months_end_lists_what_waits() {
    let project = project();
    let columns = ["at", "shop", "order_id", "staff_id", "paid_at", "paid_fen", "source_file", "source_row"];
    let listed = table(&project, "unshipped", &columns);
    // T's status says what waits, though no column says when the rest was shipped.
    assert_eq!(
        listed,
        [
            "2026-06-01 00:00:00|S|0999|A1|2026-04-28 09:01:00|1000|orders-2026-04.csv|2",
            "2026-06-01 00:00:00|S|1005|A2|2026-05-30 10:00:01|6000|orders-2026-05.csv|6",
            "2026-06-01 00:00:00|T|2002|A1|2026-05-12 10:02:00|3000|orders-T-2026-05.csv|3",
        ]
    );
}

#[test]
fn products_are_those_of_paid_orders() {
    assert_eq!(
        table(&project(), "products", &["shop", "sku", "title", "orders", "quantity", "paid_fen"]),
        ["S|K-1|帐篷 新款|2|3|30000", "S|K-2|睡袋|1|1|5000", "S|K-3||1|1|0"]
    );
}

#[test]
fn buyers_come_again_inside_the_month() {
    // 乙 paid twice, 丁 and 戊 once, 丙 never; 庚 twice in the other shop.
    assert_eq!(table(&project(), "repeat", &["shop", "buyers", "again"]), ["S|3|1", "T|1|1"]);
}

#[test]
fn ratings_and_reviews_are_somebody_s() {
    let project = project();
    let columns = ["rated_count", "satisfied_count", "reviews_count", "bad_reviews_count"];
    let any = columns.iter().map(|c| col(*c)).reduce(|a, b| a + b).expect("columns").gt(lit(0_i64));
    let said = project.mart("staff_day", "2026-05").lazy().filter(any).collect().expect("a frame");
    let columns = [&["date", "shop", "staff_id"], &columns[..]].concat();
    assert_eq!(
        rows(&said, &columns),
        [
            "2026-05-15|S|A1|2|1|0|0",
            "2026-05-15|S|A2|0|0|2|1",
            "2026-05-16|S|A1|1|1|0|0",
            "2026-05-16|S|unassigned|1|1|0|0",
            "2026-05-31|S|unassigned|0|0|1|0",
        ]
    );
}

/// The month as the pages get it.
fn inputs(project: &Project) -> (kaohe::report::data::Inputs, MonthInputs) {
    let options = Options {
        data: Some(project.path().join("data")),
        as_of: Some(Zone::SHANGHAI.end_of(chrono::NaiveDate::from_ymd_opt(2026, 6, 20).expect("a date"))),
        ..Options::default()
    };
    let opened = Opened::open(&project.path().join("pipelines/monthly.toml"), options).expect("a project");
    let manifest = stage::manifest(&opened).expect("a manifest");
    let month = "2026-05".parse().expect("a month");
    let inputs = gather::inputs(&opened, &manifest, month, opened.options.as_of.expect("a clock")).expect("the inputs");
    let month = inputs.months.last().expect("a month").clone();
    (inputs, month)
}

#[test]
fn each_preset_measures_the_month() {
    let project = project();
    let (_, month) = inputs(&project);
    let of = |preset: &str| month.presets.iter().find(|p| p.preset == preset).expect("a preset");
    assert_eq!(
        month.presets.iter().map(|p| (p.preset.as_str(), p.target_ms)).collect::<Vec<_>>(),
        [("douyin", 180_000), ("jd", 30_000), ("pdd", 180_000), ("regulation", 45_000), ("taobao", 180_000)]
    );
    let own = of("regulation");
    let sum = |name: &str| -> i64 { month.staff_day.iter().map(|row| row.measures[name]).sum() };
    for (name, value) in &own.measures {
        assert_eq!(*value, sum(name), "{name}");
    }
    assert_eq!(own.first_p50, Some(50_000));
    assert!(!own.measures.contains_key("concurrent_max"));
    // taobao: thanks at 18:01 open a round, answered next morning like the question of 22:50; both are cut at 600 s.
    let taobao = of("taobao");
    let figures = |p: &kaohe::report::data::PresetSums| {
        ["rounds_count", "response_count", "response_sum_ms", "rate_count", "rate_met_count"].map(|m| p.measures[m])
    };
    assert_eq!(figures(taobao), [3, 3, 1_250_000, 3, 1]);
    assert_eq!(figures(own), [2, 2, 37_250_000, 2, 0]);
    // pdd: of the buyer's Friday A1 answered in time; A2 did with what he had asked since 18:01, too late.
    assert_eq!((of("pdd").measures["rate_count"], of("pdd").measures["rate_met_count"]), (2, 1));
}

#[test]
fn the_pages_get_what_the_tables_hold() {
    let project = project();
    let (inputs, month) = inputs(&project);
    assert_eq!((month.hours.len(), month.hours[1].first_sum_ms), (3, 37_200_000));
    assert_eq!(month.spread.len(), project.mart("spread", "2026-05").height());
    assert_eq!(month.open_hours.len(), 372);
    assert_eq!(
        month.steps.iter().find(|s| s.step == "signed" && s.shop.is_empty()).map(|s| (s.open, s.p50)),
        Some((2, 259_200_000))
    );
    assert_eq!(month.unshipped[0].file, "orders-2026-04.csv");
    assert_eq!((month.products[0].title.as_str(), month.products[0].sales_fen), ("帐篷 新款", 30_000));
    assert_eq!((month.repeat[0].buyers, month.repeat[0].again), (3, 1));
    let target = |shop: Option<&str>, staff: Option<&str>, sales_fen| SalesTarget {
        shop: shop.map(str::to_owned),
        staff_id: staff.map(str::to_owned),
        sales_fen,
    };
    let mut targets = month.sales_targets.clone();
    targets.sort_by_key(|t| t.sales_fen);
    assert_eq!(
        targets,
        [target(Some("T"), None, 500_050), target(None, Some("A1"), 700_000), target(Some("S"), None, 3_000_000)]
    );
    assert_eq!(inputs.targets, [("sales".to_owned(), 3_500_050)].into());
    assert_eq!(inputs.min_ratings, 20);
}

/// The pipeline file of a project that gets one.
fn pipeline(project: &Project) -> String {
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    project.read("pipelines/monthly.toml")
}

/// The project's pipeline with other targets.
fn targets(project: &Project, lines: &str) {
    let text = pipeline(project);
    let (before, _) = text.split_once("[targets]").expect("a table of targets");
    project.write("pipelines/monthly.toml", format!("{before}[targets]\n{lines}"));
}

#[test]
fn targets_are_read_in_the_figures_own_units() {
    let project = project();
    targets(
        &project,
        "first_in_45s = \"95%\"\nfirst_median = \"20s\"\nmissed = 3\nsales = \"4万元\"\nreceived_per_hour = 7.5\n",
    );
    let (inputs, _) = inputs(&project);
    let expected = [
        ("first_in_45s", 9_500),
        ("first_median", 20_000),
        ("missed", 3),
        ("received_per_hour", 75),
        ("sales", 4_000_000),
    ];
    assert_eq!(inputs.targets, expected.map(|(id, value)| (id.to_owned(), value)).into());
}

#[test]
fn wrong_targets_are_shown_where_they_stand() {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    targets(&project, "first_in_46s = \"95%\"\nmissed = 3.5\nsales = 4\n");
    let output = project.on_data(&["run"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    for part in [
        "there is no key figure `first_in_46s`",
        "did you mean `first_in_45s`?",
        "`missed` is a whole number; its target is not",
        "`sales` is money; its target is not",
        "write sales = \"120000元\"",
        "pipelines/monthly.toml:",
    ] {
        assert!(said.contains(part), "{part} in:\n{said}");
    }
}

#[test]
fn presets_need_not_be_compared() {
    let project = project();
    let text = pipeline(&project);
    project.write("pipelines/monthly.toml", text.replace("compare_presets = true", "compare_presets = false"));
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
    assert!(inputs(&project).1.presets.is_empty());
}
