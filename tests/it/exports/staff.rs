//! Rosters, accounts, time clocks and the figures of other tools.

use super::{book, gb, quarantine};
use crate::support::{Project, rows};
use kaohe::settings::{Files, source};
use rust_xlsxwriter::{Format, Workbook};

#[test]
fn a_roster_with_a_title_above_its_header() {
    let project = Project::new();
    project.raw(
        "人员.xlsx",
        book(&[
            (
                "花名册",
                &[
                    &["客服部花名册（2026年5月）"],
                    &["工号", "姓名", "岗位", "团队", "上级工号", "入职日期"],
                    &["A1", "一号", "客服专员", "甲组", "B1", "2026-01-05"],
                    &["合计", "1"],
                ],
            ),
            ("账号", &[&["店铺", "客服账号", "工号", "生效日期"], &["云途", "云途：小美", "A1", "2026-01-05"]]),
        ]),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("roster"), &["staff_id", "name", "joined_on", "source_file", "source_row"]),
        ["A1|一号|2026-01-05|人员.xlsx#花名册|3"]
    );
    assert_eq!(rows(&project.lake("accounts"), &["account", "valid_from"]), ["云途:小美|2026-01-05"]);
}

const ATTENDANCE: [&str; 6] = ["staff_id", "date", "in_at", "out_at", "result", "source_row"];

/// A table of ours with one word changed is asked about, also beside sheets that are known; a stranger is passed over.
#[test]
fn a_sheet_that_is_nearly_known_is_no_stranger() {
    let accounts: &[&[&str]] = &[&["店铺", "客服账号", "工号", "生效日期"], &["云途", "云途:小美", "A1", "2026-01-05"]];
    let project = Project::new();
    project.raw("人员.xlsx", book(&[("账号", accounts), ("说明", &[&["怎样填写"], &["先看这里", "再看那里"]])]));
    project.ok(&["ingest"]);
    project.raw(
        "人员.xlsx",
        book(&[
            ("账号", accounts),
            ("花名册", &[&["工号", "姓名", "做什么", "入职日期"], &["A1", "一号", "客服", "2026-01-05"]]),
        ]),
    );
    let output = project.on_data(&["ingest"]);
    assert_eq!(output.status.code(), Some(3));
    let told = crate::support::stderr(&output);
    assert!(told.contains("人员.xlsx#花名册") && told.contains("`kaohe-roster`; missing: role"), "{told}");
}

#[test]
fn punches_of_dingtalk_are_days() {
    let project = Project::new();
    project.raw(
        "原始记录.xlsx",
        book(&[(
            "原始记录",
            &[
                &["原始记录表 统计日期：2026-05-01 至 2026-05-31"],
                &["报表生成时间：2026-06-01 09:00"],
                &[
                    "姓名",
                    "考勤组",
                    "部门",
                    "工号",
                    "职位",
                    "UserId",
                    "考勤日期",
                    "考勤时间",
                    "打卡时间",
                    "打卡结果",
                    "打卡地址",
                ],
                &[
                    "一号",
                    "客服",
                    "客服部",
                    "A1",
                    "客服",
                    "u1",
                    "26-05-04 星期一",
                    "2026-05-04 09:00",
                    "2026-05-04 08:58",
                    "正常",
                    "地址",
                ],
                &[
                    "一号",
                    "客服",
                    "客服部",
                    "A1",
                    "客服",
                    "u1",
                    "26-05-04 星期一",
                    "2026-05-04 18:00",
                    "2026-05-05 00:10",
                    "早退",
                    "地址",
                ],
                &[
                    "一号",
                    "客服",
                    "客服部",
                    "A1",
                    "客服",
                    "u1",
                    "26-05-04 星期一",
                    "2026-05-04 18:00",
                    "2026-05-04 12:00",
                    "正常",
                    "地址",
                ],
                &[
                    "二号",
                    "客服",
                    "客服部",
                    "",
                    "客服",
                    "u2",
                    "26-05-04 星期一",
                    "2026-05-04 09:00",
                    "2026-05-04 09:05",
                    "迟到",
                    "地址",
                ],
                &["二号", "客服", "客服部", "", "客服", "u2", "26-05-04 星期一", "2026-05-04 18:00", "", "缺卡", ""],
            ],
        )]),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("attendance"), &ATTENDANCE),
        [
            "A1|2026-05-04|2026-05-04 08:58:00|2026-05-05 00:10:00|正常、早退|4",
            "u2|2026-05-04|2026-05-04 09:05:00||迟到、缺卡|7",
        ]
    );
}

#[test]
fn daily_statistics_of_dingtalk_and_its_monthly_sums() {
    let project = Project::new();
    let head: &[&str] = &[
        "姓名",
        "考勤组",
        "部门",
        "工号",
        "职位",
        "UserId",
        "日期",
        "班次",
        "上班1打卡时间",
        "上班1打卡结果",
        "下班1打卡时间",
        "下班1打卡结果",
        "上班2打卡时间",
        "上班2打卡结果",
        "下班2打卡时间",
        "下班2打卡结果",
    ];
    project.raw(
        "每日统计.xlsx",
        book(&[(
            "每日统计",
            &[
                &["每日统计表"],
                head,
                &[
                    "一号", "", "", "A1", "", "u1", "2026/5/4", "白班", "08:58", "正常", "12:00", "正常", "13:00",
                    "正常", "18:01", "正常",
                ],
                &["一号", "", "", "A1", "", "u1", "2026/5/5", "晚班", "20:00", "正常", "04:00", "正常", "", "", "", ""],
            ],
        )]),
    );
    project.raw(
        "月度汇总.xlsx",
        book(&[(
            "月度汇总",
            &[
                &["月度汇总 统计日期：2026-05-01 至 2026-05-31"],
                &["姓名", "考勤组", "部门", "工号", "职位", "出勤天数"],
                &["一号", "", "", "A1", "", "21"],
            ],
        )]),
    );
    let output = project.on_data(&["ingest", "-v"]);
    assert!(output.status.success(), "{}", crate::support::stderr(&output));
    assert!(crate::support::stderr(&output).contains("月度汇总.xlsx#月度汇总 is passed over"));
    assert_eq!(
        rows(&project.lake("attendance"), &ATTENDANCE),
        [
            "A1|2026-05-04|2026-05-04 08:58:00|2026-05-04 18:01:00|正常|3",
            "A1|2026-05-05|2026-05-05 20:00:00|2026-05-06 04:00:00|正常|4",
        ]
    );
}

#[test]
fn wecom_s_header_stands_on_two_rows() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("概况统计与打卡明细").unwrap();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 6, "打卡明细 2026-05-01 至 2026-05-31", &plain).unwrap();
    sheet.write_string(1, 0, "报表生成时间：2026-06-01").unwrap();
    for (c, name) in ["时间", "姓名", "账号"].iter().enumerate() {
        sheet.merge_range(2, c as u16, 3, c as u16, name, &plain).unwrap();
    }
    sheet.merge_range(2, 3, 2, 4, "基础信息", &plain).unwrap();
    sheet.merge_range(2, 5, 2, 8, "考勤概况", &plain).unwrap();
    sheet.merge_range(2, 9, 2, 10, "外出打卡", &plain).unwrap();
    for (c, name) in ["部门", "职务", "班次", "最早", "最晚", "考勤结果", "最早", "最晚"].iter().enumerate()
    {
        sheet.write_string(3, c as u16 + 3, *name).unwrap();
    }
    let days = [
        ["2026/05/04", "一号", "A1", "客服部", "客服", "白班", "08:58", "18:00", "正常"],
        ["2026/05/05 星期二", "一号", "A1", "客服部", "客服", "晚班", "19:58", "次日04:01", "正常"],
    ];
    for (r, day) in days.iter().enumerate() {
        day.iter().enumerate().for_each(|(c, v)| drop(sheet.write_string(r as u32 + 4, c as u16, *v)));
    }
    sheet.write_string(6, 0, "2026/05/06").unwrap();
    sheet.write_string(6, 2, "A1").unwrap();
    sheet.write_string(6, 6, "--").unwrap();
    sheet.write_string(6, 8, "缺卡").unwrap();
    let project = Project::new();
    project.raw("打卡.xlsx", book.save_to_buffer().unwrap());
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("attendance"), &ATTENDANCE),
        [
            "A1|2026-05-04|2026-05-04 08:58:00|2026-05-04 18:00:00|正常|5",
            "A1|2026-05-05|2026-05-05 19:58:00|2026-05-06 04:01:00|正常|6",
            "A1|2026-05-06|||缺卡|7",
        ]
    );
}

const FIGURES: [&str; 13] = [
    "tool",
    "shop",
    "account",
    "from",
    "to",
    "consulted",
    "received",
    "unanswered",
    "slow",
    "first_response_ms",
    "response_ms",
    "reply_rate",
    "sales_fen",
];

#[test]
fn figures_of_sycm_end_in_sums() {
    let project = Project::new();
    let sums = ["汇总值", "平均值", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值"];
    let mut reception: Vec<Vec<&str>> = vec![
        vec!["生意参谋"],
        "旺旺昵称,咨询人数,接待人数,未回复人数,有效接待人数,平均响应时长（秒),3分钟人工响应率,旺旺回复率,首次响应时长（秒),慢响应人数,答问比,旺旺分组"
            .split(',')
            .collect(),
        vec!["云途:小美", "1,280", "1,200", "3", "900", "28.5", "98.00%", "99.71%", "11秒", "12", "120%", "默认"],
        vec!["云途:阿强", "5", "-", "延迟统计", "-", "--", "-", "0.9971", "2分30秒", "0", "-", "默认"],
    ];
    reception
        .extend(sums.iter().map(|s| vec![*s, "1285", "1200", "3", "900", "28", "98%", "99%", "30", "12", "1", ""]));
    let cells: Vec<&[&str]> = reception.iter().map(Vec::as_slice).collect();
    project.raw("咨询接待分析_2026-05-01_2026-05-31.xlsx", book(&[("数据信息", &cells)]));
    project.raw(
        "客服绩效20260501-20260531.xlsx",
        book(&[(
            "Sheet1",
            &[
                &[
                    "旺旺昵称",
                    "询单最终付款人数",
                    "询单人数",
                    "询单最终付款转化率",
                    "首次响应时长（秒)",
                    "平均响应时长（秒)",
                    "客户满意率",
                    "旺旺回复率",
                    "询单最终付款金额",
                    "成功退款金额",
                ],
                // The same account and days as in the other report.
                &["云途:小美", "30", "100", "30%", "9", "20", "99%", "100%", "12,345.60", "100.00"],
                &["汇总", "30", "100", "30%", "9", "20", "99%", "100%", "12,345.60", "100.00"],
            ],
        )]),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("tool_figures"), &FIGURES),
        [
            "sycm|云途|云途:小美|2026-05-01|2026-05-31|1280|1200|3|12|11000|28500|9971|",
            "sycm|云途|云途:阿强|2026-05-01|2026-05-31|5|||0|150000||9971|",
            "sycm_performance|云途|云途:小美|2026-05-01|2026-05-31|||||9000|20000|10000|1234560",
        ]
    );
}

#[test]
fn figures_of_chitu_wangwang_and_pdd() {
    let project = Project::new();
    project.raw(
        "自定义报表_接待_下单优先判定_2026-04-20至2026-04-26.xlsx",
        book(&[("报表", &[
            &"客服昵称,聊天人数(原咨询人数),接待人数,直接接入人数,转发接入人数,转出人数,总消息数,买家消息数,客服消息数,答问比,客服字数,最大同时聊天数,未回复人数,回复率,慢接待人数,长接待人数,首次响应(秒),平均响应(秒),平均接待时长"
                .split(',')
                .collect::<Vec<_>>(),
            &["云途:小美", "50", "48", "45", "5", "2", "300", "140", "160", "114%", "4000", "7", "2", "96%", "1", "3", "12", "25.30", "8分48秒"],
            &["汇总", "50", "48", "45", "5", "2", "300", "140", "160", "114%", "4000", "7", "2", "96%", "1", "3", "12", "25.30", "8分48秒"],
            &["均值", "50", "48", "45", "5", "2", "300", "140", "160", "114%", "4000", "7", "2", "96%", "1", "3", "12", "25.30", "8分48秒"],
        ])]),
    );
    project.raw(
        "旺旺服务.csv",
        gb("日期,店铺,账户名,咨询人数,接待人数,直接接待人数,转入人数,转出人数,买家发起,客服主动跟进,总消息,买家消息,客服消息,答问比,客服字数,最大同时接待,未回复人数,旺旺回复率,慢响应人数,长接待人数,首次响应(秒),平均响应(秒),平均接待时长,发出评价数,收到评价数,很满意,满意,一般,不满,很不满,评价发送率,评价返回率,客户满意比,客服服务满意度\n\
            2026-05-04,云途旗舰店,云途:小美,10,9,8,1,0,9,1,60,30,30,100%,900,3,1,90%,0,0,15,30,120,5,4,4,0,0,0,0,50%,80%,100%,100%\n\
            合计,,,10,9,8,1,0,9,1,60,30,30,100%,900,3,1,90%,0,0,15,30,120,5,4,4,0,0,0,0,50%,80%,100%,100%\n"),
    );
    project.raw("拼多多/客服2026-05.csv", "店铺名,客服账号,咨询人数,询单转化率,客服销售额,3分钟人工回复率(8-23点),30秒应答率(8-23点),客服服务分\n多多店,pdd小张,88,20%,999.00,99%,80%,5\n");
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("tool_figures"), &FIGURES),
        [
            "chitu|云途|云途:小美|2026-04-20|2026-04-26|50|48|2|1|12000|25300|9600|",
            "pdd|多多店|pdd小张|2026-05-01|2026-05-31|88|||||||99900",
            "wangwang|云途旗舰店|云途:小美|2026-05-04|2026-05-04|10|9|1|0|15000|30000|9000|",
        ]
    );
    // Without days nothing can be compared.
    let project = Project::new();
    project.raw("客服.csv", "店铺名,客服账号,咨询人数,询单转化率,客服销售额,3分钟人工回复率(8-23点),30秒应答率(8-23点),客服服务分\n多多店,pdd小张,88,20%,999.00,99%,80%,5\n");
    let output = project.on_data(&["ingest"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(crate::support::stderr(&output).contains("which days it is about"), "{}", crate::support::stderr(&output));
}

#[test]
fn figures_of_feige_kuaishou_and_chitu_s_presales() {
    let project = Project::new();
    project.raw(
        "抖音店/客服表现_2026-05-01至2026-05-31.xlsx",
        book(&[(
            "客服表现",
            &[
                &[
                    "日期",
                    "客服昵称",
                    "接待会话量",
                    "已接待人数",
                    "转出会话量",
                    "全天平响时长",
                    "全天首响时长",
                    "询单人数",
                    "支付人数",
                    "客服询单支付额",
                    "退款金额",
                ],
                // The sums stand behind a date, some values in one of the two alone.
                &["2026-05-31", "店铺汇总值", "90", "80", "3", "-", "-", "30", "9", "¥999.00", "0"],
                &["2026-05-31", "店铺平均值", "45", "40", "1", "2分30秒", "11秒", "-", "-", "-", "-"],
                &["2026-05-31", "飞鸽小张", "90", "80", "3", "2分30秒", "11秒", "30", "9", "¥999.00", "0"],
            ],
        )]),
    );
    project.raw(
        "快手店/客服考核2026-05.csv",
        gb("客服昵称,三分钟回复率（人维度）,咨询人数,人工平均回复时长,询单人数,支付人数,客服销售额\n店铺数据,99%,100,12秒,40,10,\"1,000.00\"\n快手小李,98%,50,14秒,20,5,500.00\n"),
    );
    project.raw(
        "赤兔售前明细_2026-05-01至2026-05-31.csv",
        gb("客服,接待人数,询单人数,询单->最终付款人数,客服回复率,平均响应时间,首次响应时间,销售额,慢响应人数,转出人数\n云途:小美,48,20,8,96%,25.30,12,\"1,280.50\",1,2\n汇总,48,20,8,96%,25.30,12,\"1,280.50\",1,2\n"),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("tool_figures"), &FIGURES),
        [
            "chitu_presales|云途|云途:小美|2026-05-01|2026-05-31||48||1|12000|25300|9600|128050",
            "feige|抖音店|飞鸽小张|2026-05-31|2026-05-31||80|||11000|150000||99900",
            "kuaishou|快手店|快手小李|2026-05-01|2026-05-31|50|||||14000||50000",
        ]
    );
}

/// A tool that a mapping names has a name on the pages.
#[test]
fn every_tool_has_a_name() {
    let sources = source::load(&Files::new("nowhere")).expect("the embedded mappings");
    let tools: Vec<&String> = sources
        .iter()
        .filter(|s| s.table == "tool_figures")
        .flat_map(|s| s.fields.get("tool").into_iter().flat_map(|f| &f.ways).filter_map(|w| w.constant.as_ref()))
        .collect();
    assert!(tools.len() > 5);
    for lang in ["zh", "en"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("templates/words/{lang}.toml"));
        let words: toml::Table = std::fs::read_to_string(path).expect("the words").parse().expect("TOML");
        for tool in &tools {
            assert!(words["tool"].get(tool.as_str()).is_some(), "{tool} has no name in {lang}");
        }
    }
}

#[test]
fn an_old_workbook_is_read_like_a_new_one() {
    let project = Project::new();
    project.raw("人员.xls", include_bytes!("../../fixtures/roster.xls"));
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("roster"), &["staff_id", "name", "role", "joined_on", "source_file", "source_row"]),
        ["A1|一号|customer_service|2026-01-05|人员.xls#花名册|3", "A2|二号|supervisor|2025-12-31|人员.xls#花名册|4"]
    );
    assert!(
        crate::support::files(&project.path().join("data/lake/quarantine")).is_empty()
            || quarantine(&project).is_empty()
    );
}
