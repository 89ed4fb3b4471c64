//! Settings: the shipped files say what the definitions say, and wrong files are told apart with file, line and column.

use chrono::NaiveDate;
use kaohe::base::{Error, Zone};
use kaohe::settings::pipeline::StepLimits;
use kaohe::settings::preset::{BotReply, Clock, CreditBy, Preset, Unanswered, Unit};
use kaohe::settings::rulebook::{Rule, Scoring};
use kaohe::settings::{Files, Settings, files};
use serde_json::{Value, json};
use std::path::Path;

const S: i64 = 1_000;
const MIN: i64 = 60 * S;
const H: i64 = 60 * MIN;
const D: i64 = 24 * H;

/// The shipped settings, whole, with some files exchanged.
fn project(exchanged: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let shipped = files::defaults().into_iter().map(|t| (t.name, t.text.to_string()));
    let exchanged = exchanged.iter().map(|(name, text)| (name.to_string(), text.to_string()));
    for (name, text) in shipped.chain(exchanged) {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    root
}

fn load(root: &Path) -> Result<Settings, Error> {
    Settings::load(&Files::new(root), "pipelines/monthly.toml")
}

fn shipped() -> Settings {
    match Settings::load(&Files::new("no such folder"), "pipelines/monthly.toml") {
        Ok(settings) => settings,
        Err(e) => panic!("{}", e.diagnostics().iter().map(|d| d.render(false)).collect::<Vec<_>>().join("\n")),
    }
}

/// What is wrong with a project in which one file is exchanged.
fn findings(file: &str, text: &str) -> Vec<kaohe::base::Diagnostic> {
    match load(project(&[(file, text)]).path()) {
        Err(Error::Settings(found)) => found,
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

fn rule<'a>(settings: &'a Settings, id: &str) -> &'a Rule {
    settings.rulebook.rules.iter().find(|r| r.id == id).unwrap()
}

#[test]
fn shipped_pipeline() {
    let p = shipped().pipeline;
    assert_eq!((p.name.as_str(), p.zone, p.lang.as_str()), ("monthly", Zone::SHANGHAI, "zh"));
    assert_eq!((p.preset.as_str(), p.rulebook.as_str()), ("regulation", "pipelines/rulebook"));
    assert_eq!(p.paths.raw, Path::new("data/sample/raw"));
    assert_eq!(p.paths.data, Path::new("data"));
    assert_eq!(p.paths.reports, Path::new("reports"));
    assert_eq!(p.paths.key, Path::new("data/sample/buyer.key"));
    assert!(p.calendar.statutory && p.calendar.dates.is_empty());
    assert_eq!(p.hours.keys().collect::<Vec<_>>(), ["office", "online"]);
    assert_eq!((p.rejects_max_permille, p.bucket_rows, p.margin_days, p.min_ratings), (10, 1_000_000, 21, 20));
    assert_eq!((p.backlog_at, p.backlog_at_workdays), (vec![18 * H, 23 * H], vec![12 * H]));
    assert_eq!(p.steps, StepLimits { paid_ms: D, shipped_ms: 2 * D, signed_ms: 7 * D });
    assert!(p.compare_presets && p.targets.is_empty());
    assert!(p.filters.closing_words.iter().any(|w| w == "谢谢"));
}

#[test]
fn a_minimal_pipeline_is_the_shipped_one() {
    let root =
        project(&[("pipelines/monthly.toml", "[paths]\nraw = \"data/sample/raw\"\nkey = \"data/sample/buyer.key\"")]);
    let minimal = load(root.path()).unwrap();
    assert_eq!(minimal.pipeline, shipped().pipeline);
    assert_eq!(minimal.shown, shipped().shown);
    assert_ne!(minimal.hash, shipped().hash);
}

#[test]
fn an_empty_preset_is_regulation() {
    let root =
        project(&[("pipelines/presets/regulation.toml", ""), ("pipelines/presets/mine.toml", "target = \"60s\"")]);
    let settings = load(root.path()).unwrap();
    assert_eq!(settings.preset, shipped().preset);
    let mine = Preset { name: "mine".into(), target_ms: 60 * S, ..shipped().preset };
    assert_eq!(settings.presets["mine"], mine);
}

/// kpis.md, the table of presets, value by value.
#[test]
fn shipped_presets_are_the_table_of_the_definitions() {
    let regulation = Preset {
        name: "regulation".into(),
        unit: Unit::Session,
        clock: Clock::Wall,
        window: (9 * H, 23 * H),
        window_by_session: false,
        session_gap_ms: Some(30 * MIN),
        round_expires_ms: 21 * D,
        cap_ms: None,
        unanswered_as: Unanswered::LeftOut,
        bot_reply: BotReply::Never,
        split_transfer: false,
        closing_words_passed_over: true,
        target_ms: 45 * S,
        cutoff_ms: 18 * H,
        slow_over_ms: 120 * S,
        slow_times: 3,
        long_ms: 30 * MIN,
        after_sale_days: 21,
        conversion_days: 2,
        attribution_ms: 48 * H,
        credit_by: CreditBy::Order,
        cancelled_within_days: None,
    };
    let taobao = Preset {
        name: "taobao".into(),
        unit: Unit::Round,
        window: (8 * H, 23 * H),
        session_gap_ms: Some(10 * MIN),
        cap_ms: Some(600 * S),
        unanswered_as: Unanswered::Value(600 * S),
        bot_reply: BotReply::HumanPhase,
        split_transfer: true,
        closing_words_passed_over: false,
        target_ms: 180 * S,
        credit_by: CreditBy::OrderFirst,
        ..regulation.clone()
    };
    let jd = Preset {
        name: "jd".into(),
        window_by_session: true,
        session_gap_ms: Some(10 * MIN),
        closing_words_passed_over: false,
        target_ms: 30 * S,
        cancelled_within_days: Some(15),
        ..regulation.clone()
    };
    let pdd = Preset {
        name: "pdd".into(),
        unit: Unit::BuyerDay,
        window: (8 * H, 23 * H),
        session_gap_ms: None,
        unanswered_as: Unanswered::Late,
        closing_words_passed_over: false,
        target_ms: 180 * S,
        conversion_days: 3,
        credit_by: CreditBy::OrderFirst,
        ..regulation.clone()
    };
    let douyin = Preset {
        name: "douyin".into(),
        window: (8 * H, 23 * H),
        bot_reply: BotReply::HumanPhase,
        closing_words_passed_over: false,
        target_ms: 180 * S,
        ..regulation.clone()
    };
    let settings = shipped();
    assert_eq!(settings.preset, regulation);
    let want = [douyin, jd, pdd, regulation, taobao];
    assert_eq!(settings.presets.into_values().collect::<Vec<_>>(), want);
}

#[test]
fn shipped_rulebook() {
    let settings = shipped();
    let book = &settings.rulebook;
    assert_eq!(book.version, "2026.2");
    assert_eq!(book.scoring, Scoring { base: 10_000, floor: 0, excellent: 9_000, good: 8_000, pass: 6_000 });
    // Which rules there are and what they cost is held by `clauses.rs`.
    assert_eq!(book.rules.len(), 45);
    for rule in &book.rules {
        assert!(rule.waivable && rule.in_force(NaiveDate::MIN) && rule.in_force(NaiveDate::MAX), "{}", rule.id);
        let complete = [&rule.title.zh, &rule.title.en, &rule.interpretation.zh, &rule.interpretation.en, &rule.quote];
        assert!(complete.iter().all(|text| !text.is_empty()), "{}", rule.id);
        let (costs, costs_nothing): (Vec<_>, Vec<_>) = rule.examples.iter().partition(|e| !e.expect.is_empty());
        assert!(!costs.is_empty() && !costs_nothing.is_empty(), "{}: an example on each side", rule.id);
    }
}

#[test]
fn detectors_get_their_table_and_its_place() {
    let settings = shipped();
    let detect = &rule(&settings, "cs.online.day_unfinished").detect;
    let mut keys: Vec<&str> = detect.params.keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["asked", "done", "due", "of", "once_per", "starts"]);
    let body = &detect.origin.text[detect.origin.span.clone()];
    assert!(
        body.starts_with("[rule.detect.deadline]") && body.ends_with("once_per = \"conversation_and_due\""),
        "{body}"
    );
    let found = detect.origin.about("due", "K0000", "wrong");
    let (line, column) = found.places[0].line_column();
    let text = detect.origin.text.lines().nth(line.unwrap() as usize - 1).unwrap();
    assert_eq!((text, column), ("due = { shift_end = \"23:00\" }", Some(1)));
}

#[test]
fn examples_become_rows_of_raw_files() {
    let settings = shipped();
    let example = &rule(&settings, "cs.online.day_unfinished").examples[0];
    let cells = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(c, v)| (c.to_string(), v.to_string())).collect()
    };
    let message = |ts, role| {
        let fixed = [("shop", "S"), ("buyer", "B"), ("ts", ts), ("role", role), ("account", "A1"), ("kind", "text")];
        cells(&[&fixed[..], &[("closing", "false")]].concat())
    };
    let shift = cells(&[("staff_id", "A1"), ("date", "2026-05-15"), ("start", "09:00"), ("end", "18:00")]);
    let messages = vec![message("2026-05-15 17:50:00.000", "buyer"), message("2026-05-15 18:00:00.001", "agent")];
    assert_eq!(example.given, [("messages".to_string(), messages), ("shifts".to_string(), vec![shift])]);
    assert_eq!(example.expect, [("A1".to_string(), 150)]);
    assert_eq!(example.as_of, None);

    let closing = &rule(&settings, "cs.reply.missed").examples[2].given[0].1[0];
    assert!(closing.contains(&("closing".to_string(), "true".to_string())));
    let order = &rule(&settings, "cs.aftersales.shipment").examples[6].given[0].1[0];
    let want = [
        ("shop", "S"),
        ("order_id", "O1"),
        ("buyer", "B"),
        ("created_at", "2026-05-15 09:58:00.000"),
        ("paid_at", "2026-05-15 10:00:00.000"),
        ("paid", "128.50"),
        ("refund", "128.50"),
        ("responsible", "A1"),
    ];
    assert_eq!(*order, cells(&want));
}

#[test]
fn the_page_of_definitions_shows_what_is_in_force() {
    let text = r#"
        paths.raw = "r"
        filters.blacklist = ["tb_secret", "tb_other"]
        hours.office.mon = [["10:00", "12:00"]]"#;
    let shown = load(project(&[("pipelines/monthly.toml", text)]).path()).unwrap().shown;
    let get = |name: &str| shown.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!(get("pipeline.rejects_max"), Some("1%"));
    assert_eq!(get("pipeline.backlog_at"), Some("18:00, 23:00"));
    assert_eq!(get("pipeline.filters.own_staff"), Some("true"));
    assert_eq!(get("pipeline.hours.online.every_day"), Some("09:00-23:00"));
    assert_eq!(get("pipeline.hours.office.mon"), Some("10:00-12:00"));
    assert_eq!(get("pipeline.hours.office.working_days"), None);
    assert_eq!(get("preset.name"), Some("regulation"));
    assert_eq!(get("preset.target"), Some("45s"));
    assert_eq!(get("preset.window"), Some("09:00-23:00"));
    assert_eq!(get("rulebook.scoring.excellent"), Some("90"));
    assert_eq!(get("pipeline.filters.blacklist"), Some("2"), "names of customers stay off the pages");
    assert!(!shown.iter().any(|(n, v)| n.starts_with("pipeline.paths") || v.contains("tb_secret")));
}

#[test]
fn order_numbers_are_found_beside_chinese() {
    let pattern = regex::Regex::new(&shipped().pipeline.order_number).unwrap();
    let find = |text| pattern.find(text).map(|m| m.as_str().to_owned());
    assert_eq!(find("我的订单1234567890123456789号到了吗").as_deref(), Some("1234567890123456789"));
    assert_eq!(find("电话 13800138000"), None);
    assert_eq!(find("123456789012345678901"), None, "21 digits");
}

#[test]
fn a_pipeline_may_lie_anywhere() {
    let root = project(&[("elsewhere/mine.toml", "[paths]\nraw = \"r\"")]);
    let files = Files::new(root.path());
    assert_eq!(Settings::load(&files, "elsewhere/mine.toml").unwrap().pipeline.name, "mine");
    let absolute = root.path().join("elsewhere/mine.toml");
    assert_eq!(Settings::load(&files, absolute.to_str().unwrap()).unwrap().pipeline.name, "mine");
    let found = Settings::load(&files, "pipelines/montly.toml").unwrap_err();
    assert_eq!(found.diagnostics()[0].help.as_deref(), Some("did you mean `pipelines/monthly.toml`?"));
}

#[test]
fn the_hash_follows_every_text() {
    let other = |name: &str, text: &str| load(project(&[(name, text)]).path()).unwrap().hash;
    let same = load(project(&[]).path()).unwrap().hash;
    assert_eq!(same, shipped().hash);
    assert_ne!(same, other("pipelines/presets/mine.toml", ""));
    assert_ne!(same, other("pipelines/rulebook/more.toml", "# nothing yet"));
}

#[test]
fn schemas_hold_the_words_that_editors_show() {
    let schema = kaohe::settings::schema();
    for (kind, key) in [
        ("pipeline", "margin_days"),
        ("preset", "session_gap"),
        ("rulebook/book", "scoring"),
        ("rulebook/rules", "rule"),
    ] {
        assert!(schema[kind]["properties"][key].is_object(), "{kind}.{key}");
        assert_eq!(schema[kind]["additionalProperties"], Value::Bool(false), "{kind}");
    }
    assert_eq!(
        schema["preset"]["properties"]["target"]["description"],
        "The headline's limit: met when the response takes no longer."
    );
}

const RULE: &str = r#"[[rule]]
id = "cs.x"
title = { zh = "甲" }
clause = "一·1"
quote = "原文"
charge = [{ to = "self", points = 1 }]
detect.deadline = {}
"#;

const PIPELINE: &str = "pipelines/monthly.toml";
const PRESET: &str = "pipelines/presets/jd.toml";
const BOOK: &str = "pipelines/rulebook/book.toml";
const MORE: &str = "pipelines/rulebook/more.toml";

/// Title, file, its text. In the rule's file the lines exchange or join those of [`RULE`]; `-key` takes one out.
#[rustfmt::skip]
const WRONG: [(&str, &str, &str); 31] = [
    ("bad TOML", PIPELINE, r#"[paths]
raw = "r
lang = "zh""#),
    ("unknown key", PIPELINE, r#"margin_dais = 30
[paths]
raw = "r""#),
    ("several at once", PIPELINE, r#"margin_days = "21"
lang = "de"
rejects_max = 1
bucket_rows = 0
[filters]
mas = true"#),
    ("raw is missing", PIPELINE, r#"name = "x""#),
    ("raw of the wrong type", PIPELINE, "[paths]\nraw = 5"),
    ("bad date", PIPELINE, r#"[paths]
raw = "r"
[calendar.dates]
"2026-02-30" = "off"
2026-05-09 = "of""#),
    ("bad zone, time, pattern", PIPELINE, r#"zone = "Asia/Shangai"
backlog_at = ["18:00", "25:00"]
order_number = '[0-9'
[paths]
raw = "r""#),
    ("unknown preset", PIPELINE, r#"preset = "taobo"
[paths]
raw = "r""#),
    ("margin too small", PIPELINE, r#"margin_days = 20
[paths]
raw = "r""#),
    ("steps and targets", PIPELINE, r#"[paths]
raw = "r"
[steps]
paid = "1 day"
packed = "2h"
[targets]
first_in_45s = "95 percent"
sales = "0.999元"
missed = true"#),
    ("wrong word of a choice", PRESET, r#"unit = "sesion"
credit_by = "nobody""#),
    ("bad duration", PRESET, r#"target = "45 sek"
session_gap = "1.5h"
cap = 600
long = "0s"
slow_times = 0"#),
    ("window upside down", PRESET, r#"window = ["23:00", "09:00"]"#),
    ("window of three", PRESET, r#"window = ["09:00", "12:00", "23:00"]"#),
    ("grades out of order", BOOK, r#"version = "1"
title = { zh = "规" }
[scoring]
base = 100
floor = 0
excellent = 80
good = 90
pass = 60"#),
    ("book incomplete", BOOK, r#"title = { en = "x" }
[scoring]
base = 100"#),
    ("missing quote", MORE, "-quote"),
    ("empty quote", MORE, r#"quote = " ""#),
    ("points 1.555", MORE, r#"charge = [{ to = "self", points = 1.555 }, { to = "boss", points = -1 }]"#),
    ("several missing", MORE, "-quote\n-charge\n-detect\nclause = 5"),
    ("too many items", MORE, r#"examples = [{ name = "a",
  messages = [["2026-05-15 10:00:00", "buyer", "A1", "closing", "A2"]],
  shifts = [["A1", "2026-05-15", "09:00", "18:00", "19:00"]],
  expect = [["A1", 1, 2]] }]"#),
    ("the same rule twice", MORE, r#"id = "cs.reply.missed""#),
    ("an old version without a beginning", MORE, r#"id = "cs.reply.missed"
effective_to = 2025-12-31"#),
    ("range upside down", MORE, r#"charge = [{ to = "self", points = { min = 3, max = 1 } }]"#),
    ("unknown detector", MORE, "detect.deadlines = {}"),
    ("two detectors", MORE, "detect = { deadline = {}, late_reply = {} }"),
    ("ends before it begins", MORE, "effective_from = 2026-05-02\neffective_to = 2026-05-01"),
    ("bad date of a rule", MORE, r#"effective_from = "1.5.2026"
effective_to = 20260501"#),
    ("unknown role, bad id, no escalation", MORE, r#"id = "CS x"
applies_to = ["custmer_service"]
escalation = { from = 1, factor = 2 }"#),
    ("bad example", MORE, r#"examples = [{ name = "a",
  messages = [["2026-05-15", "buyer", "A1"],
    ["2026-05-15 10:00:00", "robot", "A1"],
    ["2026-05-15 10:00:00", "buyer"]],
  expect = [["A1", "1"]] },
{ name = "b",
  expect = [["A1", 0.001]] }]"#),
    ("overlapping versions", MORE, r#"effective_to = 2026-05-31
[[rule]]
id = "cs.x"
title = { zh = "甲" }
clause = "一·1"
quote = "原文"
charge = [{ to = "self", points = 2 }]
detect.deadline = {}
effective_from = 2026-05-31"#),
];

/// The rule with its lines of the same keys exchanged, the others added.
fn rule_with(lines: &str) -> String {
    let key = |line: &str| line.split([' ', '.']).next().unwrap_or("").trim_start_matches('-').to_owned();
    let ours = lines.split("[[rule]]").next().unwrap_or("");
    let exchanged: Vec<String> = ours.lines().map(key).collect();
    let kept: String = RULE.split_inclusive('\n').filter(|line| !exchanged.contains(&key(line))).collect();
    let added: String = lines.split_inclusive('\n').filter(|l| !l.starts_with('-')).collect();
    kept + &added + "\n"
}

#[test]
fn wrong_files() {
    let told: Vec<Value> = WRONG
        .iter()
        .map(|(title, file, text)| {
            let text = if *file == MORE { rule_with(text) } else { text.to_string() };
            let found: Vec<Value> = findings(file, &text)
                .iter()
                .map(|d| {
                    let mut told = d.to_json();
                    told.as_object_mut().unwrap().retain(|key, _| key != "type" && key != "severity");
                    told
                })
                .collect();
            json!({ "case": title, "found": found })
        })
        .collect();
    insta::assert_json_snapshot!("wrong_files", told);
}

#[test]
fn files_of_windows_editors() {
    let root = project(&[("pipelines/presets/mine.toml", "\u{feff}# 口径\r\ntarget = \"60s\"\r\n")]);
    assert_eq!(load(root.path()).unwrap().presets["mine"].target_ms, 60 * S);
    std::fs::write(root.path().join("pipelines/presets/mine.toml"), b"unit = 'round'\n# \xbf\xda\xbe\xb6\n").unwrap();
    let Err(Error::Settings(found)) = load(root.path()) else { panic!("GBK is no UTF-8") };
    assert_eq!((found[0].code, found[0].places[0].line_column().0), ("K0101", Some(2)));
}

#[test]
fn a_finding_marks_its_place() {
    let found = findings("pipelines/presets/jd.toml", "# 京东\nunit = \"sesion\"\n");
    let text = found.iter().map(|d| d.render(false)).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(text, @r#"
    error[K0104]: `unit` cannot be `sesion`
     --> pipelines/presets/jd.toml:2:8
      |
    2 | unit = "sesion"
      |        ^^^^^^^^
      = help: did you mean `session`?
    "#);
}
