//! The workbook of the registers: written by the binary, filled in, read and computed again.

mod typed;

use crate::support::{Project, rows, stderr, stdout};
use kaohe::settings::raw_columns::raw_columns;
use kaohe::settings::{Files, source};
use std::path::Path;
use typed::Form;
use typed::Typed::{At, Clock, Number, Text};

const MAY: [&str; 4] = ["--month", "2026-05", "--as-of", "2026-06-20"];
/// A month needs some traffic.
const CHAT: &str = "shop,buyer,account,role,ts,kind,text\n\
    S,甲,A1,buyer,2026-05-15 10:00:00,text,在吗\nS,甲,A1,agent,2026-05-15 10:00:20,text,在的\n";
const BOOK: &str = "登记表-2026-05.xlsx";

/// A project of `init` with a month's chat.
fn project() -> Project {
    let project = Project::new();
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    project.raw("messages-2026-05.csv", CHAT);
    project
}

fn template(project: &Project, more: &[&str]) -> Form {
    let output = project.kaohe(&[&["template", "registers", "--force", "--out", "form.xlsx"], more].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    Form::new(&std::fs::read(project.path().join("form.xlsx")).expect("the workbook"))
}

/// Everything that is not assessed in May.
fn not_assessed(project: &Project) -> Vec<String> {
    let quality = rows(&project.mart("quality", "2026-05"), &["kind", "subject"]);
    quality.into_iter().filter_map(|row| row.strip_prefix("not_assessed|").map(str::to_owned)).collect()
}

fn run(project: &Project) -> String {
    let output = project.on_data(&[&["run"][..], &MAY].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    stderr(&output)
}

fn ledger(project: &Project) -> Vec<String> {
    rows(&project.mart("deductions", "2026-05"), &["rule_id", "staff_id", "occurred_at", "points", "waived_by"])
}

#[test]
fn it_is_the_same_bytes_and_nothing_is_written_over() {
    let project = Project::new();
    let write = |args: &[&str]| project.kaohe(&[&["template", "registers"], args].concat());
    let first = write(&["--month", "2026-05", "--json"]);
    assert!(first.status.success(), "{}", stderr(&first));
    let told: serde_json::Value = serde_json::from_str(stdout(&first).trim()).expect("a summary");
    assert_eq!(told["file"], BOOK);
    assert_eq!(told["sheets"].as_array().map(Vec::len), Some(20));
    let bytes = |name: &str| std::fs::read(project.path().join(name)).expect(name);
    let before = bytes(BOOK);
    let again = write(&["--month", "2026-05"]);
    assert_eq!(again.status.code(), Some(2), "{}", stderr(&again));
    assert!(stderr(&again).contains("is there already") && stderr(&again).contains("--force"));
    assert!(write(&["--month", "2026-05", "--force"]).status.success());
    assert_eq!(before, bytes(BOOK));
    assert!(write(&["--lang", "en"]).status.success());
    assert_eq!(Form::new(&bytes("registers.xlsx")).titles()[..2], ["help", "roster"]);
    assert_eq!(write(&["--month", "2026-05..2026-06"]).status.code(), Some(2));
}

/// What people see is what the mappings say: the header is a mapping's first Chinese name, and every raw column that
/// people can fill in is explained in both languages.
#[test]
fn headers_and_help_are_the_mappings() {
    let sources = source::load(&Files::new(Path::new("nowhere"))).expect("the shipped mappings");
    let form = template(&Project::new(), &[]);
    let sheets: Vec<_> = sources.iter().filter_map(|s| s.sheet.as_ref().map(|sheet| (s, sheet))).collect();
    let mut titles = form.titles();
    assert_eq!((titles.first(), titles.last()), (Some(&"说明"), Some(&"清单")));
    titles = titles[1..titles.len() - 1].to_vec();
    assert_eq!(titles.len(), sheets.len());
    for title in ["回访登记", "报表登记", "违规登记", "豁免", "会议签到", "任务", "花名册", "排班"]
    {
        assert!(titles.contains(&title), "{title} in {titles:?}");
    }
    for (source, sheet) in sheets {
        let known = raw_columns(&source.table).expect("a table");
        // A length is counted, not filled in.
        let wanted = known.iter().map(|(c, _)| *c).filter(|c| (source.table.as_str(), *c) != ("annotations", "chars"));
        let mut header = Vec::new();
        for column in wanted {
            let about =
                sheet.columns.get(column).unwrap_or_else(|| panic!("{}: {column} is not explained", source.name));
            assert!(!about.text.zh.is_empty() && !about.text.en.is_empty(), "{}: {column}", source.name);
            let names = &source.fields[column].ways[0].from;
            header.push(names.iter().find(|n| !n.is_ascii()).expect("a Chinese name").clone());
        }
        let found = titles.iter().filter(|t| form.header(t) == header).count();
        assert_eq!(found, 1, "{}: {header:?}", source.name);
    }
}

#[test]
fn every_column_checks_what_is_typed() {
    let form = template(&project(), &[]);
    let titles: Vec<String> = form.titles().iter().map(|t| (*t).to_owned()).collect();
    for title in &titles[1..titles.len() - 1] {
        let xml = form.xml(title);
        let header = form.header(title);
        // One for each column, to the end of the sheet, and one for the question.
        assert_eq!(xml.matches("<dataValidation ").count(), header.len() + 1, "{title}");
        assert_eq!(xml.matches("1048576\"").count(), header.len() + 1, "{title}: one more for the ignored warnings");
        assert!(xml.contains("<formula1>\"已核对无记录\"</formula1>"), "{title}");
        assert!(xml.contains("orientation=\"landscape\"") && xml.contains("ySplit=\"2\""), "{title}");
    }
    let has = |sheet: &str, parts: &[&str]| {
        let xml = form.xml(sheet);
        parts.iter().for_each(|p| assert!(xml.contains(p), "{sheet}: {p}\n{xml}"));
    };
    has("报表登记", &["<formula1>\"日报,周总结,月底统计,日记表\"</formula1>", "type=\"whole\"", "咨询人数"]);
    has("会议签到", &["<formula1>\"是,否\"</formula1>", "<formula1>\"周会,月会,培训\"</formula1>"]);
    // The roster's ids, which may be in another file: a warning. The rules of the list: a stop.
    has("违规登记", &["errorStyle=\"warning\"", "OFFSET(花名册!$A$3,0,0,MAX(1,COUNTA(花名册!$A$3:$A$1003)),1)"]);
    has("违规登记", &["<formula1>清单!$A$1:$A$7</formula1>", "VLOOKUP(B3,清单!$A$1:$C$7,2,FALSE)"]);
    // Of the rules on tasks one has a range: 2 to 4 points.
    has("任务", &["AND(ISNUMBER(F3),ROUND(F3,2)=F3,F3&gt;=2,F3&lt;=4)"]);
    assert_eq!(form.cells("清单", 0)[..3], ["ar.material.slack 产品素材收集懈怠", "1", "3"]);
}

/// An example is a promise.
#[test]
fn examples_of_the_help_sheet_are_read() {
    let sources = source::load(&Files::new(Path::new("nowhere"))).expect("the shipped mappings");
    let project = project();
    let mut form = template(&project, &[]);
    let titles: Vec<String> = form.titles()[1..].iter().map(|t| (*t).to_owned()).collect();
    let mut tables = Vec::new();
    for source in sources.iter().filter(|s| s.sheet.is_some()) {
        let mut cells: Vec<(String, String)> = Vec::new();
        for (column, about) in &source.sheet.as_ref().expect("a sheet").columns {
            let header = source.fields[column].ways[0].from.iter().find(|n| !n.is_ascii()).expect("a name").clone();
            let rule = column == "rule_id" && source.table == "incidents";
            let example = if rule { "cs.record.leak 数据报表泄露" } else { about.example.as_str() };
            if !example.is_empty() {
                cells.push((header, example.to_owned()));
            }
        }
        let fits = |t: &&String| cells.iter().all(|(h, _)| form.header(t).contains(h));
        let title = titles.iter().filter(fits).min_by_key(|t| form.header(t).len()).expect("its sheet").clone();
        let cells: Vec<(&str, typed::Typed<'_>)> = cells.iter().map(|(h, v)| (h.as_str(), Text(v))).collect();
        form.row(&title, &cells);
        tables.push(source.table.clone());
    }
    project.raw(BOOK, form.bytes());
    project.ok(&["ingest"]);
    for table in tables {
        assert_eq!(project.lake(&table).height(), 1, "{table}");
    }
    assert!(!project.path().join("data/lake/quarantine").exists() || project.lake("quarantine").height() == 0);
    assert_eq!(rows(&project.lake("incidents"), &["rule_id"]), ["cs.record.leak"]);
}

fn fill(form: &mut Form) {
    let person =
        |id, name, role| [("工号", Text(id)), ("姓名", Text(name)), ("角色", Text(role)), ("上级工号", Text("B1"))];
    form.row("花名册", &person("A1", "一号", "客服"))
        .row("花名册", &person("A2", "二号", "客服"))
        .row("花名册", &person("E1", "编辑", "编辑"))
        .row(
            "花名册",
            &[("工号", Text("B1")), ("姓名", Text("主管")), ("角色", Text("主管")), ("入职日期", At("2025-03-01"))],
        );
    for id in ["A1", "A2"] {
        form.row("账号", &[("店铺", Text("S")), ("客服账号", Text(id)), ("工号", Text(id))]);
    }
    form.row(
        "排班",
        &[
            ("工号", Text("A1")),
            ("日期", At("2026-05-15")),
            ("上班时间", Clock("16:00:00")),
            ("下班时间", Clock("00:30:00")),
        ],
    )
    .row(
        "在线状态",
        &[
            ("工号", Text("A1")),
            ("时间", At("2026-05-15 12:00:05")),
            ("状态", Text("挂起")),
            ("在座", Text("否")),
            ("代班人", Text("A2")),
        ],
    )
    .row(
        "电话",
        &[
            ("店铺", Text("S")),
            ("客服账号", Text("A2")),
            ("响铃时间", At("2026-05-15 10:00:00")),
            ("接听时间", At("2026-05-15 10:00:11")),
        ],
    )
    .row(
        "评价",
        &[
            ("店铺", Text("S")),
            ("订单编号", Text("900000000000005001")),
            ("工号", Text("A2")),
            ("评价", Text("差评")),
            ("原因", Text("服务态度")),
            ("有文字", Text("是")),
            ("时间", At("2026-05-16 20:30")),
        ],
    )
    .row(
        "留言批注",
        &[
            ("店铺", Text("S")),
            ("买家", Text("甲")),
            ("工号", Text("A1")),
            ("时间", At("2026-05-15 10:05")),
            ("内容", Text(" 已回复客人 ")),
        ],
    )
    .row(
        "回访登记",
        &[
            ("店铺", Text("S")),
            ("买家", Text("甲")),
            ("工号", Text("A1")),
            ("咨询日期", At("2026-05-15")),
            ("完成时间", At("2026-05-16 09:00")),
            ("表格", Text("乱做")),
        ],
    )
    .row(
        "报表登记",
        &[
            ("工号", Text("A1")),
            ("类型", Text("日报")),
            ("周期", Text("2026-05-15")),
            ("提交时间", At("2026-05-15 23:35")),
            ("咨询数", Number(1.0)),
        ],
    )
    .row(
        "报表登记",
        &[
            ("工号", Text("A1")),
            ("类型", Text("周总结")),
            ("周期", Text("2026-W20")),
            ("提交时间", At("2026-05-15 23:40")),
        ],
    )
    .row(
        "资料交接",
        &[
            ("工号", Text("A1")),
            ("类型", Text("客户资料")),
            ("编号", Text("0515-03")),
            ("收到时间", At("2026-05-14 16:00")),
            ("移交时间", At("2026-05-15 09:00")),
        ],
    )
    .row(
        "资料交接",
        &[("工号", Text("A2")), ("类型", Text("缴款单")), ("编号", Text("7")), ("收到时间", At("2026-05-14 16:00"))],
    )
    .row(
        "工单",
        &[
            ("类型", Text("求助")),
            ("工号", Text("B1")),
            ("提出时间", At("2026-05-14 16:00")),
            ("解决时间", At("2026-05-14 17:00")),
        ],
    )
    .row(
        "会议签到",
        &[
            ("工号", Text("A2")),
            ("类型", Text("周会")),
            ("开始时间", At("2026-05-11 09:30")),
            ("到场", Text("是")),
            ("迟到分钟", Number(5.0)),
        ],
    )
    .row(
        "产品上线",
        &[
            ("工号", Text("E1")),
            ("类型", Text("新品")),
            ("产品", Text("六日游")),
            ("交付时间", At("2026-05-14 15:00")),
            ("上线时间", At("2026-05-15 10:00")),
        ],
    )
    .row(
        "任务",
        &[
            ("工号", Text("E1")),
            ("类型", Text("其他")),
            ("标题", Text("整理")),
            ("要求完成时间", At("2026-05-14 18:00")),
            ("扣分", Number(3.5)),
        ],
    )
    .row(
        "违规登记",
        &[
            ("工号", Text("A1")),
            ("规则", Text("cs.record.leak 数据报表泄露")),
            ("发生时间", At("2026-05-15 10:00")),
            ("情节严重", Text("否")),
        ],
    )
    .row(
        "违规登记",
        &[
            ("工号", Text("E1")),
            ("规则", Text("ed.check.error 产品信息错误")),
            ("发生时间", At("2026-05-15 11:00")),
            ("扣分", Number(2.25)),
            ("备注", Text("价格")),
        ],
    )
    .row(
        "豁免",
        &[
            ("规则", Text("cs.documents.payment_slip 当日款项未当日交账")),
            ("工号", Text("A2")),
            ("起始时间", At("2026-05-14 00:00")),
            ("截止时间", At("2026-05-15 00:00")),
            ("原因", Text("银行系统故障")),
            ("批准人", Text("B1")),
            ("批准时间", At("2026-05-16 10:00")),
        ],
    )
    .row("加分", &[("工号", Text("A2")), ("分值", Number(1.5)), ("原因", Text("补位")), ("日期", At("2026-05-25"))])
    .row("销售目标", &[("店铺", Text("S")), ("周期", Text("2026-05")), ("目标销售额", Number(30000.5))])
    .row(
        "优惠活动",
        &[
            ("活动编号", Text("P1")),
            ("店铺", Text("S")),
            ("关键词", Text("满减")),
            ("开始时间", At("2026-05-01 00:00")),
            ("结束时间", At("2026-05-06 00:00")),
        ],
    )
    .row(
        "自动回复文本",
        &[("文本编号", Text("T1")), ("店铺", Text("S")), ("内容", Text("亲，您好")), ("生效日期", At("2026-05-01"))],
    );
}

#[test]
fn what_is_filled_in_is_the_lake_s_and_is_charged() {
    let project = project();
    let mut form = template(&project, &["--month", "2026-05"]);
    fill(&mut form);
    project.raw(BOOK, form.bytes());
    run(&project);
    for (table, columns, wanted) in [
        (
            "roster",
            &["staff_id", "name", "role", "supervisor_id", "joined_on", "source_file", "source_row"][..],
            &[
                "A1|一号|customer_service|B1||登记表-2026-05.xlsx#花名册|3",
                "A2|二号|customer_service|B1||登记表-2026-05.xlsx#花名册|4",
                "B1|主管|supervisor||2025-03-01|登记表-2026-05.xlsx#花名册|6",
                "E1|编辑|editor|B1||登记表-2026-05.xlsx#花名册|5",
            ][..],
        ),
        ("accounts", &["shop", "account", "staff_id"], &["S|A1|A1", "S|A2|A2"]),
        ("shifts", &["staff_id", "start", "end", "duty"], &["A1|2026-05-15 16:00:00|2026-05-16 00:30:00|normal"]),
        (
            "presence",
            &["staff_id", "ts", "state", "at_desk", "covered_by", "told_director"],
            &["A1|2026-05-15 12:00:05|busy|false|A2|"],
        ),
        (
            "calls",
            &["account", "rang_at", "answered_at", "overloaded"],
            &["A2|2026-05-15 10:00:00|2026-05-15 10:00:11|"],
        ),
        (
            "reviews",
            &["order_id", "staff_id", "rating", "cause", "has_text", "ts"],
            &["900000000000005001|A2|bad|attitude|true|2026-05-16 20:30:00"],
        ),
        ("annotations", &["buyer_mask", "staff_id", "ts", "chars"], &["甲**|A1|2026-05-15 10:05:00|5"]),
        ("followups", &["staff_id", "inquiry_date", "done_at", "form"], &["A1|2026-05-15|2026-05-16 09:00:00|sloppy"]),
        (
            "submissions",
            &["staff_id", "kind", "period", "submitted_at", "inquiries"],
            &["A1|daily_report|2026-05-15|2026-05-15 23:35:00|1", "A1|weekly_summary|2026-W20|2026-05-15 23:40:00|"],
        ),
        (
            "custody",
            &["staff_id", "kind", "ref", "received_at", "handed_on_at"],
            &["A1|documents|0515-03|2026-05-14 16:00:00|2026-05-15 09:00:00", "A2|payment_slip|7|2026-05-14 16:00:00|"],
        ),
        (
            "tickets",
            &["kind", "staff_id", "opened_at", "solved_at"],
            &["help_request|B1|2026-05-14 16:00:00|2026-05-14 17:00:00"],
        ),
        (
            "meetings",
            &["staff_id", "kind", "starts_at", "present", "late_minutes"],
            &["A2|weekly|2026-05-11 09:30:00|true|5"],
        ),
        ("listings", &["staff_id", "kind", "product", "online_at"], &["E1|new|六日游|2026-05-15 10:00:00"]),
        (
            "tasks",
            &["staff_id", "kind", "title", "due_at", "done_at", "points"],
            &["E1|other|整理|2026-05-14 18:00:00||350"],
        ),
        (
            "incidents",
            &["staff_id", "rule_id", "occurred_at", "points", "serious", "note"],
            &["A1|cs.record.leak|2026-05-15 10:00:00||false|", "E1|ed.check.error|2026-05-15 11:00:00|225||价格"],
        ),
        (
            "waivers",
            &["rule_id", "staff_id", "from", "to", "approved_by", "approved_at"],
            &["cs.documents.payment_slip|A2|2026-05-14 00:00:00|2026-05-15 00:00:00|B1|2026-05-16 10:00:00"],
        ),
        ("awards", &["staff_id", "points", "reason", "on"], &["A2|150|补位|2026-05-25"]),
        ("targets", &["staff_id", "shop", "period", "sales_fen"], &["|S|2026-05|3000050"]),
        (
            "promotions",
            &["promotion_id", "keyword", "starts_at", "ends_at"],
            &["P1|满减|2026-05-01 00:00:00|2026-05-06 00:00:00"],
        ),
        ("auto_reply_texts", &["text_id", "shop", "valid_from"], &["T1|S|2026-05-01"]),
    ] {
        assert_eq!(rows(&project.lake(table), columns), wanted, "{table}");
    }
    // Clauses: an hour of a document's night 3; a leak 10; a follow-up form done sloppily 1; late for a meeting 0.5;
    // the telephone after 11 s 1; a bad review with words 5; an editor's error as stated 2.25; other work late as
    // stated 3.5; a payment slip not handed in 3, waived.
    let charged = [
        "cs.documents.overnight|A1|2026-05-14 16:00:00|300|",
        "cs.documents.payment_slip|A2|2026-05-14 16:00:00|0|B1",
        "cs.followup.form|A1|2026-05-15 00:00:00|100|",
        "cs.meeting.absent|A2|2026-05-11 09:30:00|50|",
        "cs.record.leak|A1|2026-05-15 10:00:00|1000|",
        "cs.reply.bad_review_text|A2|2026-05-16 20:30:00|500|",
        "cs.reply.phone|A2|2026-05-15 10:00:00|100|",
        "ed.check.error|E1|2026-05-15 11:00:00|225|",
        "ed.other.late|E1|2026-05-14 18:00:00|350|",
    ];
    let found = ledger(&project);
    for line in charged {
        assert!(found.contains(&line.to_owned()), "{line} in {found:#?}");
    }
    let scores = rows(&project.mart("scores", "2026-05"), &["staff_id", "awarded"]);
    assert!(scores.contains(&"A2|150".to_owned()), "{scores:?}");
    // From the ledger back to the sheet's row.
    let ids = rows(&project.mart("deductions", "2026-05"), &["rule_id", "deduction_id"]);
    let id = ids.iter().find_map(|r| r.strip_prefix("ed.check.error|")).expect("charged");
    let told = project.ok(&[&["explain", id][..], &MAY[2..]].concat());
    assert!(told.contains("登记表-2026-05.xlsx#违规登记:4"), "{told}");
}

#[test]
fn an_unfilled_workbook_changes_nothing() {
    let bare = project();
    run(&bare);
    let project = project();
    let form = template(&project, &["--month", "2026-05"]);
    project.raw(BOOK, form.bytes());
    let told = run(&project);
    assert!(!told.contains("K0212") && !told.contains("K0227") && !told.contains("登记表"), "{told}");
    assert_eq!(not_assessed(&project), not_assessed(&bare));
    assert_eq!(ledger(&project), ledger(&bare));
    let quality = rows(&project.mart("quality", "2026-05"), &["kind", "subject"]);
    assert!(!quality.iter().any(|row| row.contains("登记表")), "{quality:?}");
    // Said to who asks.
    let output = project.on_data(&["ingest", "-v"]);
    let told = stderr(&output);
    assert!(told.contains("20 sheet(s) are not filled in") && told.contains("已核对无记录"), "{told}");
    assert!(told.contains("#说明 is passed over") && !told.contains("清单"), "{told}");
    // In English as well; alone in the folder, too.
    let english = Project::new();
    english.raw("registers.xlsx", template(&english, &["--lang", "en"]).bytes());
    let output = english.on_data(&["ingest", "-v"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let told = stderr(&output);
    assert!(told.contains("#help is passed over") && told.contains("20 sheet(s) are not filled in"), "{told}");
}

#[test]
fn an_empty_sheet_counts_where_somebody_has_looked() {
    let with = |name: &str, change: &dyn Fn(&mut Form)| {
        let project = project();
        project.raw("roster.csv", crate::support::STAFF);
        project.raw("accounts.csv", crate::support::ACCOUNTS);
        project.raw("shifts-2026-05.csv", "staff_id,date,start,end\nA1,2026-05-15,09:00,18:00\n");
        let mut form = template(&project, &[]);
        change(&mut form);
        project.raw(name, form.bytes());
        let told = run(&project);
        (project, told)
    };
    let missing = "cs.record.missing".to_owned();
    // The day's report by 10:00 of the next working day, 1.5; the week's by its last working day, 0.5.
    let charged =
        ["cs.record.missing|A1|2026-05-15 00:00:00|150|", "cs.record.weekly_summary|A1|2026-05-15 00:00:00|50|"];
    let reports = |p: &Project| ledger(p).into_iter().filter(|l| l.starts_with("cs.record.")).collect::<Vec<_>>();
    let (project, _) = with(BOOK, &|form| {
        form.answer("报表登记", "已核对无记录");
    });
    assert_eq!(reports(&project), charged);
    assert!(!not_assessed(&project).contains(&missing));
    let (project, told) = with(BOOK, &|_| ());
    assert!(reports(&project).is_empty() && not_assessed(&project).contains(&missing), "{told}");
    let (project, told) = with(BOOK, &|form| {
        form.answer("报表登记", "没有吧");
    });
    assert!(reports(&project).is_empty() && not_assessed(&project).contains(&missing));
    assert!(told.contains("K0227") && told.contains("#报表登记") && told.contains("choose `已核对无记录`"), "{told}");
    // Nothing, but when?
    let (project, told) = with("登记表.xlsx", &|form| {
        form.answer("报表登记", "已核对无记录");
    });
    assert!(reports(&project).is_empty() && not_assessed(&project).contains(&missing));
    assert!(told.contains("K0227") && told.contains("登记表-2026-05.xlsx"), "{told}");
    // Rows count, whatever is said above them.
    let (project, told) = with(BOOK, &|form| {
        form.answer("报表登记", "已核对无记录").row(
            "报表登记",
            &[
                ("工号", Text("A1")),
                ("类型", Text("周总结")),
                ("周期", Text("2026-W20")),
                ("提交时间", At("2026-05-15 17:00")),
            ],
        );
    });
    assert_eq!(reports(&project), charged[..1]);
    assert!(told.contains("K0227") && told.contains("the rows count"), "{told}");
}

/// A row that was taken back is not held against anybody, though its sheet now delivers nothing.
#[test]
fn rows_that_are_taken_out_again_are_gone() {
    let project = project();
    let empty = template(&project, &[]);
    let mut form = template(&project, &[]);
    fill(&mut form);
    project.raw(BOOK, form.bytes());
    run(&project);
    assert!(ledger(&project).iter().any(|l| l.starts_with("cs.record.leak|A1")));
    project.raw(BOOK, empty.bytes());
    run(&project);
    // The telephone, a review and presence too: of a tool's export the archive would have kept the older rows.
    assert!(ledger(&project).is_empty(), "{:?}", ledger(&project));
    let silent = not_assessed(&project);
    for rule in ["cs.record.leak", "cs.record.missing", "cs.reply.phone", "cs.reply.bad_review", "cs.followup.form"] {
        assert!(silent.contains(&rule.to_owned()), "{rule}: {silent:?}");
    }
}

#[test]
fn a_wrong_word_goes_to_quarantine_with_its_place() {
    let project = project();
    let mut form = template(&project, &[]);
    for n in 0..120 {
        let number = n.to_string();
        let kind = if n == 60 { "护照" } else { "客户资料" };
        let received = ("收到时间", At("2026-05-14 16:00"));
        form.row("资料交接", &[("工号", Text("A1")), ("类型", Text(kind)), ("编号", Text(&number)), received]);
    }
    project.raw(BOOK, form.bytes());
    let output = project.on_data(&["ingest"]);
    let told = stderr(&output);
    assert!(output.status.success(), "{told}");
    assert_eq!(super::quarantine(&project), ["登记表-2026-05.xlsx#资料交接|63|kind"]);
    for part in ["1 row(s) of `custody` went to quarantine", "#资料交接:63", "expected one of documents", "字字"]
    {
        assert!(told.contains(part), "{part}\n{told}");
    }
    assert!(!told.contains("护照"));
}

/// A layout of one's own is a sheet, too; and the rules are the project's.
#[test]
fn the_workbook_follows_the_project_s_settings() {
    let project = project();
    project.write(
        "pipelines/sources/samples.toml",
        "name = \"samples\"\ntable = \"custody\"\n\n[columns]\nstaff_id = { from = \"经手人工号\" }\nkind = { constant = \"return_mail\" }\n\
         ref = { from = \"样品编号\" }\nreceived_at = { from = \"到货时间\" }\nhanded_on_at = { from = \"寄回时间\" }\n\n\
         [sheet]\nplace = 101\ntitle = { zh = \"样品登记\" }\nabout = { zh = \"样品的收与寄。\" }\n\n[sheet.columns]\n\
         staff_id = { zh = \"谁经手。\", list = \"staff\" }\nref = { zh = \"样品编号。\", example = \"Y-7\" }\n\
         received_at = { zh = \"到货时间。\" }\nhanded_on_at = { zh = \"寄回时间。\" }\n",
    );
    let rule = |id: &str, asked: &str, more: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\ntitle = {{ zh = \"标题{asked}\" }}\nclause = \"通知\"\nquote = \"原文\"\n{more}\n\
             charge = [{{ to = \"self\", points = {{ min = 0.5, max = 2 }} }}]\n[rule.detect.register]\ntable = \"incidents\"\n\
             where = {{ rule_id = \"{asked}\" }}\nat = \"occurred_at\"\npoints = \"points\"\n"
        )
    };
    let own = rule("own.smoking", "smoking", "") + &rule("own.old", "old", "effective_to = 2026-04-30");
    project.write("pipelines/rulebook/own.toml", own);
    let mut form = template(&project, &["--month", "2026-05"]);
    assert_eq!(form.header("样品登记"), ["经手人工号", "样品编号", "到货时间", "寄回时间"]);
    form.row(
        "样品登记",
        &[("经手人工号", Text("A1")), ("样品编号", Text("Y-7")), ("到货时间", At("2026-05-15 09:00"))],
    );
    project.raw(BOOK, form.bytes());
    project.ok(&["ingest"]);
    assert_eq!(rows(&project.lake("custody"), &["staff_id", "kind", "ref"]), ["A1|return_mail|Y-7"]);
    // An incident is written with the word that the rule asks for; what ended in April is not offered in May.
    let listed = |form: &Form| form.xml("违规登记").contains("清单!$A$1:$A$8</formula1>");
    assert!(listed(&form), "seven rules of the regulations and one of one's own");
    assert!(!listed(&template(&project, &[])), "without a month all rules are offered");
    let strings = form.part("xl/sharedStrings.xml");
    assert!(strings.contains(">smoking 标题smoking<") && !strings.contains("标题old"));
}

#[test]
fn what_is_wrong_with_a_sheet_is_told() {
    let project = project();
    let mapping = |sheet: &str| {
        format!(
            "name = \"own\"\ntable = \"meetings\"\n[columns]\nstaff_id = {{ from = \"谁\" }}\nstarts_at = {{ from = \"何时\" }}\n\
             present = {{ constant = \"true\" }}\nkind = {{ from = \"何会\", values = {{ \"周会\" = \"weekly\", \"例会\" = \"weekly\" }} }}\n\
             [sheet]\nplace = 1\nabout = {{ zh = \"会\" }}\n[sheet.columns]\n{sheet}\n"
        )
    };
    let whole = "staff_id = { zh = \"谁\" }\nstarts_at = { zh = \"何时\" }\n";
    for (sheet, words) in [
        (format!("{whole}kind = {{ zh = \"何会\" }}"), "has to name one of 例会, 周会 for `weekly`"),
        (format!("{whole}kind = {{ zh = \"何会\", words = [\"周会\", \"早会\"] }}"), "`早会` is no word of `values`"),
        (format!("{whole}kind = {{ zh = \"\", words = [\"周会\"] }}"), "say what belongs into `kind`"),
        (format!("{whole}kind = {{ zh = \"{}\", words = [\"周会\"] }}", "长".repeat(181)), "too long"),
        (
            format!("{whole}kind = {{ zh = \"何会\", words = [\"周会\"] }}\npresent = {{ zh = \"到\" }}"),
            "names no header",
        ),
        (whole.to_owned(), "the sheet lacks `kind`"),
    ] {
        project.write("pipelines/sources/own.toml", mapping(&sheet));
        let output = project.kaohe(&["template", "registers", "--force"]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{words}: {told}");
        assert!(told.contains("K0141") && told.contains("own.toml") && told.contains(words), "{words}: {told}");
    }
    // Two sheets of one name.
    let good = format!("{whole}kind = {{ zh = \"何会\", words = [\"周会\"] }}");
    project.write("pipelines/sources/own.toml", mapping(&good));
    let output = project.kaohe(&["template", "registers", "--force"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("K0904") && stderr(&output).contains("会议签到"), "{}", stderr(&output));
}
