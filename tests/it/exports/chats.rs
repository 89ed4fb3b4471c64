//! Chats in the shapes that people have in hand.

use super::{book, gb, quarantine};
use crate::support::{Project, rows};

const MESSAGE: [&str; 9] =
    ["shop", "buyer_mask", "account", "role", "ts", "kind", "chars", "quoted_order_ids", "source_row"];

fn messages(project: &Project) -> Vec<String> {
    let mut all = rows(&project.lake("messages"), &MESSAGE);
    all.sort_by_key(|r| r.split('|').nth(4).map(str::to_owned));
    all
}

const COPIED: &str = "当前用户来自 商品详情页\r\n小王甲2026-5-15 9:00:00\r\n在吗\r\n订单392612345678901234\r\n已读\r\n\
    云途：小美2026-5-15 9:00:20\r\n在的\r\n小王甲 撤回了一条消息\r\n由 云途:小美 转交给 云途:阿强\r\n\
    云途:阿强 2026-05-15 09:01:00\r\n好的\r\n[图片]\r\n小王甲\r\n2026-05-15 09:02:00\r\n[图片]\r\n";
const COPIED_ROWS: [&str; 6] = [
    "云途|小**||buyer|2026-05-15 09:00:00|text|23|[\"392612345678901234\"]|2",
    "云途|小**|云途:小美|agent|2026-05-15 09:00:20|text|2||6",
    "云途|小**|云途:阿强|system|2026-05-15 09:00:20|transfer|0||9",
    "云途|小**||buyer|2026-05-15 09:00:20|recall|0||8",
    "云途|小**|云途:阿强|agent|2026-05-15 09:01:00|text|7||10",
    "云途|小**||buyer|2026-05-15 09:02:00|image|4||13",
];

/// Copied text does not say whom a message was for: whoever replied last answers for it.
#[test]
fn questions_without_an_addressee_are_the_agents_who_replies() {
    let say = |who: &str, at: &str, text: &str| format!("{who} 2026-05-15 {at}\n{text}\n");
    let talk = [
        say("小王甲", "10:00:00", "在吗"),
        say("云途:小美", "10:00:20", "在的"),
        say("小王甲", "10:00:40", "能便宜吗"),
        say("云途:阿强", "10:01:00", "稍等"),
        say("小王甲", "10:02:00", "好了吗"),
    ];
    let project = Project::new();
    project
        .raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,云途:小美,A1,,\n云途,云途:阿强,A2,,\n");
    project.raw("聊天.txt", talk.concat());
    project.ok(&["run", "--month", "2026-05"]);
    let rounds = rows(&project.mart("rounds", "2026-05"), &["asked_at", "addressed_to", "answered_by"]);
    assert_eq!(
        rounds,
        [
            "2026-05-15 10:00:00|云途:小美|云途:小美",
            "2026-05-15 10:00:40|云途:小美|云途:阿强",
            "2026-05-15 10:02:00|云途:阿强|"
        ]
    );
    let counts = rows(&project.mart("staff_day", "2026-05"), &["staff_id", "received_count", "buyer_messages_count"]);
    assert_eq!(counts, ["A1|1|2", "A2|1|1"]);
}

/// Two speak and neither is known as an agent: the second must not become a customer who waits.
#[test]
fn an_agent_who_is_not_known_is_asked_for() {
    let project = Project::new();
    project.raw("聊天.txt", "小王甲 2026-05-15 10:00:00\n在吗\n客服小美 2026-05-15 10:00:20\n在的\n");
    let output = project.on_data(&["ingest"]);
    let told = crate::support::stderr(&output);
    assert!(output.status.code() == Some(3) && told.contains("list the account in the accounts"), "{told}");
    project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,客服小美,A1,,\n");
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("messages"), &["buyer_mask", "account", "role"]),
        ["小**||buyer", "小**|客服小美|agent"]
    );
}

#[test]
fn text_copied_out_of_qianniu() {
    let utf16: Vec<u8> = [0xFEFF].into_iter().chain(COPIED.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [COPIED.as_bytes().to_vec(), gb(COPIED), utf16] {
        let project = Project::new();
        project.raw("聊天.txt", bytes);
        project.ok(&["ingest"]);
        let mut found = messages(&project);
        found.sort();
        let mut expected = COPIED_ROWS.map(str::to_owned).to_vec();
        expected.sort();
        assert_eq!(found, expected);
    }
}

#[test]
fn arrows_say_who_speaks_to_whom() {
    let project = Project::new();
    project.raw(
        "a.txt",
        "小王甲 --> 云途:小美 2026-05-15 09:00:00\n在吗\n小李乙 --> 云途:小美 2026-05-15 09:00:05\n有货吗\n\
         云途:小美 --> 小李乙 2026-05-15 09:00:10\n有\n",
    );
    project.ok(&["ingest"]);
    assert_eq!(
        messages(&project),
        [
            "云途|小**|云途:小美|buyer|2026-05-15 09:00:00|text|2||1",
            "云途|小**|云途:小美|buyer|2026-05-15 09:00:05|text|3||3",
            "云途|小**|云途:小美|agent|2026-05-15 09:00:10|text|1||5",
        ]
    );
    assert_eq!(
        rows(&project.lake("messages"), &["buyer_key"]).iter().collect::<std::collections::BTreeSet<_>>().len(),
        2
    );
}

#[test]
fn an_agent_without_a_colon_is_known_by_the_accounts() {
    let project = Project::new();
    project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,云途,A1,,\n");
    project.raw("云途/a.txt", "小王甲2026-5-15 9:00:00\n在吗\n云途2026-5-15 9:00:20\n在的\n");
    project.ok(&["ingest"]);
    assert_eq!(
        messages(&project),
        ["云途|小**||buyer|2026-05-15 09:00:00|text|2||1", "云途|小**|云途|agent|2026-05-15 09:00:20|text|2||3"]
    );
}

#[test]
fn two_customers_without_arrows_are_not_guessed() {
    let project = Project::new();
    project.raw(
        "a.txt",
        "小王甲2026-5-15 9:00:00\n在吗\n小李乙2026-5-15 9:00:05\n有货吗\n云途:小美2026-5-15 9:00:10\n有\n",
    );
    let output = project.on_data(&["ingest"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(crate::support::stderr(&output).contains("put each conversation into a file of its own"));
}

#[test]
fn the_userscript_s_workbook_has_a_sheet_per_buyer() {
    let head: &[&str] = &["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"];
    let project = Project::new();
    project.raw(
        "聊天记录.xlsx",
        book(&[
            (
                "小王甲",
                &[
                    head,
                    &["小王甲", "1", "2026-05-15 09:00:00", "在吗", "小王甲", "客户"],
                    &["小王甲", "2", "2026-05-15 09:00:03", "亲，您好", "云途:机器人", "机器人"],
                    &["小王甲", "3", "2026-05-15 09:00:20", "https://item.taobao.com/x", "云途：小美", "客服"],
                ],
            ),
            (
                "小李乙",
                &[
                    head,
                    &[
                        "小李乙",
                        "1",
                        "2026-05-15 10:00:00",
                        "请在客户端查看原始聊天记录，网页版无法展示",
                        "小李乙",
                        "客户",
                    ],
                    &["小李乙", "2", "2026-05-15 10:00:09", "在", "云途:阿强", "客服"],
                ],
            ),
            ("导出汇总", &[&["客户数", "消息数"], &["2", "5"]]),
        ]),
    );
    project.ok(&["ingest"]);
    assert_eq!(
        messages(&project),
        [
            "云途|小**||buyer|2026-05-15 09:00:00|text|2||2",
            "云途|小**|云途:机器人|bot|2026-05-15 09:00:03|text|4||3",
            "云途|小**|云途:小美|agent|2026-05-15 09:00:20|card|25||4",
            "云途|小**||buyer|2026-05-15 10:00:00|other|21||2",
            "云途|小**|云途:阿强|agent|2026-05-15 10:00:09|text|1||3",
        ]
    );
    assert_eq!(rows(&project.lake("messages"), &["source_file"])[0].split('#').next(), Some("聊天记录.xlsx"));
}

#[test]
fn whole_conversations_in_cells() {
    let cell = "2026-05-15 09:00:00\n小王甲：在吗\n急\n2026-05-15 09:00:20\n云途:小美：在的";
    let expected =
        ["云途|小**||buyer|2026-05-15 09:00:00|text|4||2", "云途|小**|云途:小美|agent|2026-05-15 09:00:20|text|2||2"];
    let workbook = book(&[("Sheet1", &[&["客户ID", "聊天记录"], &["小王甲", cell]])]);
    let csv = gb(&format!("客户ID,聊天记录\n小王甲,\"{cell}\"\n"));
    for (name, bytes) in [("a.xlsx", workbook), ("a.csv", csv)] {
        let project = Project::new();
        project.raw(name, bytes);
        project.ok(&["ingest"]);
        assert_eq!(messages(&project), expected, "{name}");
    }
}

#[test]
fn conversations_with_times_of_day() {
    let text = "客服,客户,开始时间,结束时间,谈话内容\n\
            小美,小王甲,2026-05-15 23:59:50,2026-05-16 00:00:30,\"用户 23:59:50：在吗\n客服 00:00:10：在的，亲\"\n\
            阿强,小李乙,2026-05-16 10:00:00,2026-05-16 10:00:10,\"用户 10:00:00：有货吗\n客服 10:00:10：有\"\n";
    let mut project = Project::new();
    for end in ["\r", "\r\n", "\n"] {
        project = Project::new();
        project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,小美,A1,,\n云途,阿强,A2,,\n");
        project.raw("云途/a.csv", gb(&text.replace('\n', end)));
        project.ok(&["ingest"]);
        assert_eq!(
            messages(&project),
            [
                "云途|小**||buyer|2026-05-15 23:59:50|text|2||2",
                "云途|小**|小美|agent|2026-05-16 00:00:10|text|4||2",
                "云途|小**||buyer|2026-05-16 10:00:00|text|3||4",
                "云途|小**|阿强|agent|2026-05-16 10:00:10|text|1||4",
            ],
            "{end:?}"
        );
    }
    project.raw(
        "云途/b.csv",
        gb("客服,客户,开始时间,结束时间,谈话内容\n小美,小王甲,2026-05-17 10:00:00,,\"用户：在吗\n客服：在的\"\n"),
    );
    let output = project.on_data(&["ingest"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(crate::support::stderr(&output).contains("its lines have no times"));
}

#[test]
fn json_of_scripts() {
    let project = Project::new();
    project.raw(
        "a.json",
        "[{\"gmtCreated\": 1778806800123, \"userNickFrom\": \"小王甲\", \"userNickTo\": \"云途:小美\", \"msg\": \"在吗\", \"msgId\": \"m1\"},\n\
          {\"gmtCreated\": \"2026-05-15 09:00:20.500\", \"userNickFrom\": \"cntaobao云途：小美\", \"userNickTo\": \"cntaobao小王甲\", \"msg\": \"[图片]\", \"msgId\": \"m2\"}]",
    );
    project.raw(
        "b.jsonl",
        "{\"shop\":\"云途\",\"buyer\":\"小李乙\",\"account\":\"云途:小美\",\"role\":\"buyer\",\"ts\":\"2026-05-15 10:00:00\",\"kind\":\"text\",\"text\":\"好的\"}\n\
         {\"shop\":\"云途\",\"buyer\":\"小李乙\",\"account\":\"云途:小美\",\"role\":\"auto\",\"ts\":\"2026-05-15 10:00:01\",\"text\":\"亲\"}\n",
    );
    project.ok(&["ingest"]);
    // 1778806800 is 2026-05-15 09:00:00 in Shanghai.
    assert_eq!(
        messages(&project),
        [
            "云途|小**|云途:小美|buyer|2026-05-15 09:00:00.123|text|2||1",
            "云途|小**|云途:小美|agent|2026-05-15 09:00:20.500|image|4||2",
            "云途|小**|云途:小美|buyer|2026-05-15 10:00:00|text|2||1",
            "云途|小**|云途:小美|auto|2026-05-15 10:00:01|text|1||2",
        ]
    );
    let keys = rows(&project.lake("messages"), &["buyer_key"]);
    assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 2, "a prefix makes no other buyer");
}

#[test]
fn auto_replies_are_known_by_text_and_by_prefix() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    let path = "pipelines/monthly.toml";
    let text = project.read(path).replace("auto_texts = []", "auto_texts = [\"客服不在线\"]");
    let text = text.replace("auto_prefixes = []", "auto_prefixes = [\"【自动回复】\"]");
    project.write(path, text);
    project.raw("auto_reply_texts.csv", "text_id,shop,text,valid_from,valid_to\nT1,云途,亲，欢迎光临,,\n");
    project.raw(
        "云途/a.txt",
        "小王甲2026-5-15 9:00:00\n在吗\n云途:小美2026-5-15 9:00:01\n亲，欢迎光临\n云途:小美2026-5-15 9:00:02\n【自动回复】稍等\n\
         云途:小美2026-5-15 9:00:03\n客服不在线\n云途:小美2026-5-15 9:00:20\n亲，欢迎光临本店\n",
    );
    project.ok(&["ingest"]);
    let found = rows(&project.lake("messages"), &["role", "auto_text_id"]);
    assert_eq!(found, ["buyer|", "auto|T1", "auto|", "auto|", "agent|"]);
}

#[test]
fn bad_chats_are_told_by_row() {
    let project = Project::new();
    project.raw(
        "a.json",
        "{\"gmtCreated\": 1778806800123, \"userNickFrom\": \"小王甲\", \"userNickTo\": \"云途\", \"msg\": \"在吗\"}\n\
         {\"gmtCreated\": 1778806800123, \"userNickFrom\": \"小王甲\", \"userNickTo\": \"云途:小美\", \"msg\": \"在吗\"}\n",
    );
    assert!(project.kaohe(&["init", "."]).status.success());
    let path = "pipelines/monthly.toml";
    let text = project.read(path);
    let line = text.lines().find(|l| l.starts_with("rejects_max")).expect("a setting").to_owned();
    project.write(path, text.replace(&line, "rejects_max = \"50%\""));
    project.ok(&["ingest"]);
    assert_eq!(quarantine(&project), ["a.json|1|shop"]);
    assert_eq!(messages(&project).len(), 1);
}
