//! Rules through the binary: one of one's own, registers that were or were not delivered, waivers, ranges, versions,
//! second passes, explanations, the reference page, another rulebook.

use crate::support::{Project, rows, stderr, stdout};
use std::path::Path;

const LEDGER: [&str; 5] = ["rule_id", "staff_id", "occurred_at", "due_at", "points"];
const MAY: [&str; 4] = ["--month", "2026-05", "--as-of", "2026-06-20"];
/// One buyer's question, answered at once; a month needs some traffic.
const CHAT: &str = "shop,buyer,account,role,ts,kind,text\n\
    S,甲,A1,buyer,2026-05-15 10:00:00,text,在吗\nS,甲,A1,agent,2026-05-15 10:00:20,text,在的\n";

fn project() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", CHAT);
    project
}

fn run(project: &Project, command: &str) -> (String, String) {
    let output = project.on_data(&[&[command][..], &MAY].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    (stdout(&output), stderr(&output))
}

fn ledger(project: &Project, month: &str, prefix: &str) -> Vec<String> {
    let all = rows(&project.mart("deductions", month), &LEDGER);
    all.into_iter().filter(|row| row.starts_with(prefix)).collect()
}

fn not_assessed(project: &Project) -> Vec<String> {
    let quality = rows(&project.mart("quality", "2026-05"), &["kind", "subject", "shop"]);
    quality.into_iter().filter_map(|row| row.strip_prefix("not_assessed|").map(str::to_owned)).collect()
}

/// The README's guide: a rule that is in no regulation here, of TOML alone.
#[test]
fn a_rule_of_one_s_own_is_toml_alone() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let start = guide.find("[[rule]]\nid = \"own.").expect("the guide shows a rule");
    let rule = &guide[start..start + guide[start..].find("```").expect("the end of the block")];
    let project = project();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    project.write("pipelines/rulebook/own.toml", rule);
    let checked = project.kaohe(&["rulebook", "check"]);
    assert!(checked.status.success(), "{}", stderr(&checked));
    let tested = project.kaohe(&["rulebook", "test", "--rule", "own.sample_goods.late"]);
    assert!(tested.status.success(), "{}", stderr(&tested));
    project.raw(
        "custody-2026-05.csv",
        "staff_id,kind,ref,received_at,handed_on_at\n\
         A1,return_mail,样品1,2026-05-15 09:00:00,2026-05-15 13:00:00\n\
         A1,return_mail,样品2,2026-05-15 09:00:00,2026-05-15 13:00:01\n\
         A2,return_mail,样品3,2026-05-15 09:00:00,\n",
    );
    run(&project, "run");
    assert_eq!(
        ledger(&project, "2026-05", "own."),
        [
            "own.sample_goods.late|A1|2026-05-15 09:00:00|2026-05-15 13:00:00|200",
            "own.sample_goods.late|A2|2026-05-15 09:00:00|2026-05-15 13:00:00|200",
        ]
    );
    let page = project.read("reports/2026-05/index.html");
    assert!(page.contains("样品未在 4 小时内寄回"));
}

#[test]
fn a_header_alone_says_that_nothing_was_done_and_no_file_says_nothing() {
    let without = project();
    without.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    run(&without, "run");
    assert!(ledger(&without, "2026-05", "cs.record.").is_empty());
    assert!(not_assessed(&without).contains(&"cs.record.missing|".to_owned()), "{:?}", not_assessed(&without));

    let header = project();
    header.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    header.raw("submissions-2026-05.csv", "staff_id,kind,period,submitted_at,inquiries\n");
    run(&header, "run");
    assert_eq!(
        ledger(&header, "2026-05", "cs.record."),
        [
            "cs.record.missing|A1|2026-05-15 00:00:00|2026-05-18 10:00:00|150",
            "cs.record.weekly_summary|A1|2026-05-15 00:00:00|2026-05-16 00:00:00|50",
        ]
    );
    assert!(!not_assessed(&header).contains(&"cs.record.missing|".to_owned()));

    // A register of April says nothing of May.
    let april = project();
    april.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    april.raw(
        "submissions-2026-04.csv",
        "staff_id,kind,period,submitted_at\nA1,month_end,2026-04,2026-05-03 10:00:00\nA1,weekly_summary,2026-W18,2026-05-01 09:00:00\n",
    );
    run(&april, "run");
    assert!(ledger(&april, "2026-05", "cs.record.").is_empty());
}

/// A file all of whose rows stand in another one is no header alone: it says nothing of other months.
#[test]
fn a_copy_of_a_register_says_nothing_of_other_months() {
    let project = project();
    project.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    for copy in ["a", "b"] {
        project.raw(
            &format!("{copy}/reports.csv"),
            "staff_id,kind,period,submitted_at,inquiries\nA1,daily_report,2026-04-15,2026-04-15 18:00:00,0\n",
        );
    }
    run(&project, "run");
    assert!(ledger(&project, "2026-05", "cs.record.").is_empty(), "{:?}", ledger(&project, "2026-05", "cs.record."));
    assert!(not_assessed(&project).contains(&"cs.record.missing|".to_owned()));
}

#[test]
fn a_wrong_count_is_explained_by_account() {
    let project = project();
    project.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    project.raw(
        "submissions-2026-05.csv",
        "staff_id,kind,period,submitted_at,inquiries\nA1,daily_report,2026-05-15,2026-05-15 18:05:00,3\n\
         A1,weekly_summary,2026-W20,2026-05-15 18:06:00,\n",
    );
    run(&project, "run");
    let frame = project.mart("deductions", "2026-05");
    let found = rows(&frame, &["rule_id", "deduction_id"]);
    let id = found.iter().find_map(|r| r.strip_prefix("cs.record.wrong|")).expect("the wrong count is charged");
    let text = project.ok(&["explain", id]);
    for part in [
        "聊天记录：1（S 1）",
        "S A1：会话涉及 1 位买家",
        "submissions-2026-05.csv:2",
        "submitted_at: 2026-05-15 18:05:00 | inquiries: 3",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn points_out_of_range_are_refused_with_the_range() {
    let project = project();
    project.raw("roster-2.csv", "staff_id,name,role\nE1,编辑,editor\n");
    project.raw(
        "tasks-2026-05.csv",
        "staff_id,kind,title,due_at,done_at,points\nE1,other,整理,2026-05-14 18:00:00,,5\nE1,other,归档,2026-05-14 18:00:00,,\n",
    );
    let (_, told) = run(&project, "run");
    assert!(told.contains("`ed.other.late` costs 2.00 to 4.00 points; this row states 5.00"), "{told}");
    assert!(told.contains("tasks-2026-05.csv:2"), "{told}");
    assert_eq!(ledger(&project, "2026-05", "ed."), ["ed.other.late|E1|2026-05-14 18:00:00|2026-05-14 18:00:00|200"]);
    let quality = rows(&project.mart("quality", "2026-05"), &["kind", "subject", "count"]);
    assert!(quality.contains(&"out_of_range|ed.other.late|1".to_owned()));
}

#[test]
fn a_rule_or_a_person_whom_nobody_knows_is_told() {
    let project = project();
    project.raw(
        "incidents-2026-05.csv",
        "staff_id,rule_id,occurred_at\n\
         A1,cs.record.leek,2026-05-14 10:00:00\n\
         A1,cs.record.leek,2026-05-15 10:00:00\n\
         A01,cs.record.leak,2026-05-16 10:00:00\n\
         A1,cs.record.leak,2026-05-17 10:00:00\n",
    );
    let (_, told) = run(&project, "run");
    for part in [
        "warning[K0316]: `cs.record.leek` is no rule of the rulebook; rows of `incidents` with it cost nobody anything: 2",
        "incidents-2026-05.csv:2 [rule_id]",
        "incidents-2026-05.csv:3 [rule_id]",
        "did you mean `cs.record.leak`?",
        "warning[K0317]: `A01` is not in the roster; rows of `incidents` with it count for nobody's score: 1",
        "incidents-2026-05.csv:4 [staff_id]",
        "did you mean `A1`?",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let scores = rows(&project.mart("scores", "2026-05"), &["staff_id", "deducted"]);
    assert!(scores.contains(&"A1|1000".to_owned()), "one leak: {scores:?}");
}

#[test]
fn waivers_by_deduction_and_by_span_are_kept_with_who_and_when() {
    let project = project();
    let custody = "staff_id,kind,ref,received_at,handed_on_at\nA1,documents,一,2026-05-14 09:00:00,\nA1,documents,二,2026-05-15 09:00:00,\n\
         A2,documents,三,2026-05-15 09:00:00,\n";
    project.raw("custody-2026-05.csv", custody);
    run(&project, "run");
    let frame = project.mart("deductions", "2026-05");
    let ids = rows(&frame, &["rule_id", "staff_id", "occurred_at", "deduction_id"]);
    let id =
        ids.iter().find_map(|r| r.strip_prefix("cs.documents.overnight|A1|2026-05-14 09:00:00|")).expect("charged");
    project.raw(
        "waivers.csv",
        format!(
            "deduction_id,rule_id,staff_id,from,to,reason,approved_by,approved_at\n\
             {id},,,,,快递停运,主管,2026-05-20 10:00:00\n\
             ,cs.documents.overnight,A2,2026-05-15 00:00:00,2026-05-16 00:00:00,停电,H01,2026-05-21 10:00:00\n\
             ,cs.documents.overnight,A2,2026-05-18 00:00:00,2026-05-19 00:00:00,没有这回事,H01,2026-05-21 10:00:00\n\
             0123456789abcdef,,,,,抄错了,H01,2026-05-21 10:00:00\n"
        ),
    );
    let (_, told) = run(&project, "run");
    let columns = ["staff_id", "occurred_at", "points", "waived_by", "waived_at"];
    assert_eq!(
        rows(&project.mart("deductions", "2026-05"), &columns),
        [
            "A1|2026-05-14 09:00:00|0|主管|2026-05-20 10:00:00",
            "A1|2026-05-15 09:00:00|300||",
            "A2|2026-05-15 09:00:00|0|H01|2026-05-21 10:00:00",
        ]
    );
    for part in ["K0312", "waivers.csv:4", "K0315", "0123456789abcdef"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let again = rows(&project.mart("deductions", "2026-05"), &["deduction_id"]);
    assert!(again.contains(&id.to_owned()), "the same event keeps its id");
}

#[test]
fn a_changed_rule_counts_from_its_day_and_is_named() {
    let project = project();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    let name = "pipelines/rulebook/customer-service.toml";
    let text = project.read(name);
    let start = text.find("[[rule]]\nid = \"cs.documents.payment_slip\"").expect("the rule");
    let end = start + text[start + 1..].find("\n[[rule]]").map(|at| at + 1).expect("the next rule");
    let rule = &text[start..end];
    let dated = |rule: &str, lines: &str| rule.replacen("charge = ", &format!("{lines}\ncharge = "), 1);
    let old = dated(rule, "version = \"2025.9\"\neffective_to = 2026-05-14");
    let new = dated(rule, "effective_from = 2026-05-15").replace("points = 3", "points = 4");
    project.write(name, format!("{}{old}\n{new}{}", &text[..start], &text[end..]));
    project.raw(
        "custody-2026-05.csv",
        "staff_id,kind,ref,received_at,handed_on_at\nA1,payment_slip,一,2026-05-14 23:59:59,\nA1,payment_slip,二,2026-05-15 00:00:00,\n",
    );
    run(&project, "run");
    assert_eq!(
        rows(&project.mart("deductions", "2026-05"), &["occurred_at", "points", "rulebook_version"]),
        ["2026-05-14 23:59:59|300|2025.9", "2026-05-15 00:00:00|400|2026.2"]
    );
}

#[test]
fn rules_that_wait_for_each_other_are_an_error() {
    let project = project();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    let rule = |id: &str, reads: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nclause = \"c\"\nquote = \"q\"\n\
             charge = [{{ to = \"self\", points = 1 }}]\n[rule.detect.repeat]\nof = \"deductions\"\nrules = [\"{reads}\"]\n\
             within = \"half_year\"\nsteps = [[2, 1]]\n"
        )
    };
    project.write("pipelines/rulebook/own.toml", rule("own.a", "own.b") + &rule("own.b", "own.a"));
    let output = project.kaohe(&["rulebook", "check"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("K0314") && told.contains("own.a, own.b") && told.contains("own.toml:2"), "{told}");
}

/// The half-year's last month, asked for alone, has the results of the others computed first.
#[test]
fn a_superior_answers_for_who_fails_again_and_again() {
    let project = project();
    let mut incidents = "staff_id,rule_id,occurred_at\n".to_owned();
    for month in [2, 5] {
        for day in 1..=5 {
            incidents += &format!("A1,cs.record.leak,2026-{month:02}-{day:02} 10:00:00\n");
        }
    }
    project.raw("incidents.csv", incidents);
    let chat = |month: u32| {
        format!(
            "shop,buyer,account,role,ts,kind,text\nS,甲,A1,buyer,2026-{month:02}-15 10:00:00,text,在吗\n\
             S,甲,A1,agent,2026-{month:02}-15 10:00:20,text,在的\n"
        )
    };
    for month in 1..=6 {
        project.raw(&format!("messages-2026-{month:02}.csv"), chat(month));
    }
    project.ok(&["ingest"]);
    project.ok(&["compute", "--month", "2026-06", "--as-of", "2026-07-20"]);
    assert_eq!(rows(&project.mart("scores", "2026-02"), &["staff_id", "score", "grade"])[0], "A1|5000|fail");
    let columns = ["rule_id", "staff_id", "caused_by", "occurred_at", "points"];
    assert_eq!(
        rows(&project.mart("deductions", "2026-06"), &columns),
        ["hd.training.failed_staff|B1|A1|2026-06-30 00:00:00|300"]
    );
    assert_eq!(rows(&project.mart("scores", "2026-06"), &["staff_id", "score"]), ["A1|10000", "A2|10000", "B1|9700"]);
    let id = &rows(&project.mart("deductions", "2026-06"), &["deduction_id"])[0];
    let text = project.ok(&["explain", id, "--as-of", "2026-07-20"]);
    assert!(
        text.contains("2026-02: fail") && text.contains("2026-05: fail") && text.contains("2026-03: excellent"),
        "{text}"
    );
}

#[test]
fn every_kind_of_rule_is_explained_step_by_step() {
    let project = Project::staffed();
    project.raw(
        "messages-2026-05.csv",
        "shop,buyer,account,role,ts,kind,text\n\
         S,甲,A1,buyer,2026-05-14 23:30:00,text,在吗\nS,甲,A1,auto,2026-05-14 23:30:01,text,稍后回复\n\
         S,甲,A2,agent,2026-05-15 09:10:00,text,在的\n",
    );
    project.raw("orders-2026-05.csv", "shop,order_id,buyer,created_at,paid_at,shipped_at,responsible\nS,1,乙,2026-05-04 10:00:00,2026-05-04 10:00:00,,A1\n");
    project.raw("annotations-2026-05.csv", "shop,buyer,staff_id,ts,text\n");
    project.raw("followups-2026-05.csv", "shop,buyer,staff_id,inquiry_date,done_at,form\n");
    project.raw("auto_reply_texts.csv", "text_id,shop,text\nT1,S,您好\n");
    project.raw(
        "tickets-2026-05.csv",
        "kind,staff_id,opened_at,solved_at,escalated_at\nfeedback,A1,2026-05-08 10:00:00,2026-05-12 00:00:01,\n",
    );
    project.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
    project.raw(
        "presence-2026-05.csv",
        "staff_id,ts,state,at_desk\nA1,2026-05-15 09:00:00,online,true\nA1,2026-05-15 10:00:00,online,false\nA1,2026-05-15 10:02:00,online,true\n\
         A1,2026-05-15 12:00:00,away,false\nA1,2026-05-15 13:00:00,online,true\n",
    );
    project.raw("submissions-2026-05.csv", "staff_id,kind,period,submitted_at,inquiries\n");
    run(&project, "run");
    let frame = project.mart("deductions", "2026-05");
    let said = |rule: &str, parts: &[&str]| {
        let found = rows(&frame, &["rule_id", "deduction_id"]);
        let id = found
            .iter()
            .find_map(|r| r.strip_prefix(&format!("{rule}|")))
            .unwrap_or_else(|| panic!("{rule}: {found:#?}"));
        let text = project.ok(&["explain", id, "--as-of", "2026-06-20"]);
        for part in parts {
            assert!(text.contains(part), "{rule}: {part}\n{text}");
        }
    };
    // 5 May is a holiday, 9 May a make-up Saturday.
    said(
        "cs.aftersales.shipment",
        &["2026-05-05（周二）：劳动节放假，不计", "2026-05-06（周三）：工作日，第 1 日", "最迟：2026-05-07 00:00:00"],
    );
    said(
        "cs.aftersales.feedback",
        &["2026-05-09（周六）：劳动节调休上班，第 1 日", "实际：2026-05-12 00:00:01，迟 2 天 00:00:01.000"],
    );
    said("cs.aftersales.month_end_unhandled", &["月底统计时点：2026-05-31 23:59:59.999", "最迟：2026-06-08 00:00:00"]);
    said("cs.online.missing_annotation", &["最迟：2026-05-15 12:00:00", "messages-2026-05.csv:2"]);
    said("cs.reply.auto_reply_content", &["自动回复发出：2026-05-14 23:30:01", "不一致"]);
    said("cs.followup.late", &["2026-05-16（周六）：第 1 日", "截至 2026-06-21 00:00:00 仍未完成"]);
    said("cs.online.unmarked_away", &["2026-05-15 10:00:00 至 2026-05-15 10:02:00", "历时 0 天 00:02:00.000"]);
    said("cs.online.lunch_uncovered", &["2026-05-15 12:00:00 至 2026-05-15 13:00:00：该店无人在岗"]);
    said("cs.record.weekly_summary", &["最迟：2026-05-16 00:00:00"]);
}

#[test]
fn another_rulebook_is_compared_month_by_month() {
    let project = project();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    project.raw(
        "custody-2026-05.csv",
        "staff_id,kind,ref,received_at,handed_on_at\nA1,documents,一,2026-05-14 09:00:00,\n",
    );
    run(&project, "run");
    let before = project.read("data/lake/manifest.json");
    for name in ["book.toml", "customer-service.toml", "content.toml", "head.toml"] {
        let text = project.read(&format!("pipelines/rulebook/{name}"));
        let dearer = text.replacen("version = \"2026.2\"", "version = \"2027.1\"", 1);
        let at = dearer.find("id = \"cs.documents.overnight\"");
        let dearer = at.map_or(dearer.clone(), |at| {
            dearer[..at].to_owned() + &dearer[at..].replacen("points = 3", "points = 45", 1)
        });
        project.write(&format!("next/{name}"), dearer);
    }
    let output = project.on_data(&[
        "rulebook",
        "diff",
        "pipelines/rulebook",
        "next",
        "--month",
        "2026-05",
        "--as-of",
        "2026-06-20",
    ]);
    assert!(output.status.success(), "{}", stderr(&output));
    let text = stdout(&output);
    for part in [
        "2026-05 规则 cs.documents.overnight: 1 → 1, −3.00 → −45.00",
        "2026-05 人员 A1: 1 → 1, −3.00 → −45.00",
        "2026-05 得分 A1: 97.00 excellent → 55.00 fail",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(before, project.read("data/lake/manifest.json"));
    assert_eq!(
        ledger(&project, "2026-05", "cs.documents"),
        ["cs.documents.overnight|A1|2026-05-14 09:00:00|2026-05-15 00:00:00|300"]
    );
}

#[test]
fn the_reference_page_is_fresh() {
    let name = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rulebook.md");
    let written = std::fs::read_to_string(&name).expect("docs/rulebook.md");
    let project = Project::new();
    let output = project.kaohe(&["rulebook", "docs"]);
    assert!(output.status.success());
    assert!(
        written == stdout(&output),
        "docs/rulebook.md is stale: run `kaohe rulebook docs --write docs/rulebook.md`"
    );
}

#[test]
fn wrong_parameters_are_found_at_their_place() {
    let project = Project::new();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    let rule = |n: usize, detect: &str| {
        format!(
            "[[rule]]\nid = \"own.r{n}\"\ntitle = {{ zh = \"甲\", en = \"a\" }}\nclause = \"c\"\nquote = \"q\"\n\
             charge = [{{ to = \"self\", points = 1 }}]\n{detect}\n"
        )
    };
    let cases = [
        (
            "[rule.detect.register]\ntable = \"incident\"\nat = \"occurred_at\"",
            "K0307",
            "own.toml:8:1",
            "did you mean `incidents`",
        ),
        (
            "[rule.detect.register]\ntable = \"incidents\"\nat = \"when\"",
            "K0308",
            "own.toml:18:1",
            "no such column `when`",
        ),
        (
            "[rule.detect.register]\ntable = \"reviews\"\nat = \"ts\"\nwhere = { rating = \"awful\" }",
            "K0309",
            "own.toml:28:1",
            "never `awful`",
        ),
        (
            "[rule.detect.deadline]\nof = \"tickets\"\nstarts = \"opened_at\"\ndone = \"solved_at\"\ndue = { fortnights = 1 }",
            "K0304",
            "own.toml:39:1",
            "fortnights",
        ),
        (
            "[rule.detect.deadline]\nof = \"rounds\"\nstarts = \"asked_at\"\ndone = \"answered_at\"\nwhere = { kind = \"x\" }\ndue = { days = 1 }",
            "K0306",
            "own.toml:50:1",
            "does not go with",
        ),
        ("[rule.detect.coverage]\nwhat = \"duty_away\"\nlonger_than = \"1min\"", "K0303", "own.toml", "weekend"),
        (
            "[rule.detect.repeat]\nof = \"deductions\"\nrules = [\"own.none\"]\nwithin = \"year\"\nsteps = [[2, 1]]",
            "",
            "",
            "",
        ),
    ];
    let texts: Vec<String> = cases.iter().take(6).enumerate().map(|(n, (d, ..))| rule(n, d)).collect();
    project.write("pipelines/rulebook/own.toml", texts.concat());
    let output = project.kaohe(&["rulebook", "check"]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    for (_, code, place, words) in cases.iter().take(6) {
        assert!(told.contains(code) && told.contains(place) && told.contains(words), "{code} {place} {words}\n{told}");
    }
    // What a rule reads must be there.
    project.write("pipelines/rulebook/own.toml", rule(7, cases[6].0));
    let output = project.kaohe(&["rulebook", "check"]);
    let told = stderr(&output);
    assert!(output.status.code() == Some(2) && told.contains("there is no rule `own.none`"), "{told}");
}
