//! Accounts and whose they are; figures of other tools beside ours.

use super::book;
use crate::support::{Project, rows};

const CHAT: &str = "shop,buyer,account,role,ts,kind,text\n\
    云途,b1,云途:小美,buyer,2026-05-04 19:00:00,text,在吗\n云途,b1,云途:小美,agent,2026-05-04 19:00:20,text,在\n\
    云途,b2,云途:小美,buyer,2026-05-04 10:00:00,text,在吗\n云途,b2,云途:小美,agent,2026-05-04 10:00:40,text,在\n\
    云途,b3,云途:小美,buyer,2026-05-05 10:00:00,text,在吗\n云途,b3,云途:小美,agent,2026-05-05 10:01:00,text,在\n\
    云途,b4,云途:小夏,buyer,2026-05-04 10:00:00,text,在吗\n云途,b4,云途:小夏,agent,2026-05-04 10:00:10,text,在\n\
    云途,b5,云途:王芳,buyer,2026-05-04 10:00:00,text,在吗\n";

/// An account that changes hands: each day counts for whom it belonged to; between them and before for nobody.
#[test]
fn accounts_change_hands_on_a_day() {
    let project = Project::new();
    project.raw(
        "roster.csv",
        "staff_id,name,role,team,supervisor_id,joined_on,left_on,valid_from,valid_to\nA1,一号,customer_service,T,,,,,\nA2,二号,customer_service,T,,,,,\n",
    );
    project.raw(
        "accounts.csv",
        "shop,account,staff_id,valid_from,valid_to\n云途,云途：小美,A1,2026-05-01,2026-05-04\n云途,云途:小美,A2,2026-05-05,\n",
    );
    project.raw("chat.csv", CHAT);
    project.ok(&["run", "--month", "2026-05"]);
    let received = rows(&project.mart("staff_day", "2026-05"), &["date", "staff_id", "received_count"]);
    // 19:00 lies behind the cut-off: a figure of the next working day, the 6th (the 5th ends the holiday), and A1's all
    // the same, who was asked.
    assert_eq!(received, ["2026-05-04|A1|1", "2026-05-04|unassigned|2", "2026-05-05|A2|1", "2026-05-06|A1|1"]);
}

/// A hand-over is often written down without an end of the row before.
#[test]
fn who_got_an_account_last_has_it() {
    let project = Project::new();
    let accounts =
        |rows: &str| project.raw("accounts.csv", format!("shop,account,staff_id,valid_from,valid_to\n{rows}"));
    project.raw("chat.csv", CHAT);
    accounts("云途,云途:小美,A1,,\n云途,云途:小美,A2,2026-05-05,\n");
    project.ok(&["run", "--month", "2026-05"]);
    let received = || rows(&project.mart("staff_day", "2026-05"), &["date", "staff_id", "received_count"]);
    assert_eq!(received(), ["2026-05-04|A1|1", "2026-05-04|unassigned|2", "2026-05-05|A2|1", "2026-05-06|A1|1"]);
    // From the same day nobody can tell: the later row counts, and that is said.
    accounts("云途,云途:小美,A1,,\n云途,云途:小美,A2,,\n");
    let output = project.on_data(&["run", "--month", "2026-05"]);
    let told = crate::support::stderr(&output);
    assert!(output.status.success() && told.contains("K0228") && told.contains("accounts.csv:2"), "{told}");
    assert_eq!(received(), ["2026-05-04|A2|1", "2026-05-04|unassigned|2", "2026-05-05|A2|1", "2026-05-06|A2|1"]);
}

#[test]
fn unmatched_accounts_are_listed_with_a_suggestion() {
    let project = Project::new();
    project.raw(
        "roster.csv",
        "staff_id,name,role,team,supervisor_id,joined_on,left_on,valid_from,valid_to\nA1,一号,customer_service,T,,,,,\nA9,王芳,customer_service,T,,,,,\n",
    );
    project
        .raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,云途:小美,A1,,\n远山,远山:小夏,A9,,\n");
    project.raw("chat.csv", CHAT);
    let output = project.on_data(&["run", "--month", "2026-05"]);
    assert!(output.status.success());
    let told = crate::support::stderr(&output);
    assert!(told.contains("2 accounts belong to nobody") && told.contains("云途:小夏"), "{told}");
    let page = project.read("reports/2026-05/quality.html");
    let section =
        page.split("id=\"unmatched\"").nth(1).and_then(|s| s.split("</section>").next()).expect("the section");
    for words in ["云途:小夏", "A9 王芳", "其他店铺的同名子账号", "云途:王芳", "账号里有姓名"]
    {
        assert!(section.contains(words), "{words}: {section}");
    }
    assert!(!section.contains("云途:小美"));
}

/// Worked out by hand in the preset `taobao` (natural days): on 2026-05-04 小美 has two buyers with 20 s and 40 s, on both
/// days three with 20, 40 and 60 s.
#[test]
fn figures_of_tools_stand_beside_ours() {
    let project = Project::staffed();
    project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\n云途,云途:小美,A1,,\n");
    project.raw("chat.csv", CHAT);
    let head: &[&str] = &[
        "旺旺昵称",
        "咨询人数",
        "接待人数",
        "未回复人数",
        "有效接待人数",
        "平均响应时长（秒)",
        "3分钟人工响应率",
        "旺旺回复率",
        "首次响应时长（秒)",
        "慢响应人数",
        "答问比",
        "旺旺分组",
    ];
    let row = |received: &'static str, first: &'static str| -> Vec<&str> {
        vec!["云途:小美", received, received, "0", "1", "延迟统计", "100%", "100.00%", first, "0", "100%", "默认"]
    };
    let (one, two) = (row("2", "30"), row("4", "40秒"));
    project.raw("咨询接待分析_2026-05-04_2026-05-04.xlsx", book(&[("数据信息", &[head, &one])]));
    project.raw("咨询接待分析_2026-05-04_2026-05-05.xlsx", book(&[("数据信息", &[head, &two])]));
    project.raw(
        "咨询接待分析_2026-05-20.xlsx",
        book(&[(
            "数据信息",
            &[head, &{
                let mut other = row("1", "1");
                other[0] = "云途:不在";
                other
            }],
        )]),
    );
    project.ok(&["run", "--month", "2026-05"]);
    let found = rows(
        &project.mart("crosscheck", "2026-05"),
        &["tool", "preset", "account", "from", "to", "figure", "theirs", "ours"],
    );
    let of = |from_to: &str| -> Vec<&str> {
        found.iter().filter_map(|r| r.strip_prefix(&format!("sycm|taobao|云途:小美|{from_to}|"))).collect()
    };
    let mut expected = [
        "consulted|2|2",
        "first_response_ms|30000|30000",
        "received|2|2",
        "reply_rate|10000|10000",
        "slow|0|0",
        "unanswered|0|0",
    ];
    expected.sort_unstable();
    assert_eq!(of("2026-05-04|2026-05-04"), expected);
    assert_eq!(
        of("2026-05-04|2026-05-05"),
        [
            "consulted|4|3",
            "first_response_ms|40000|40000",
            "received|4|3",
            "reply_rate|10000|10000",
            "slow|0|0",
            "unanswered|0|0"
        ]
    );
    assert!(found.contains(&"sycm|taobao|云途:不在|2026-05-20|2026-05-20|received|1|".to_owned()), "{found:?}");
    let page = project.read("reports/2026-05/quality.html");
    let section =
        page.split("id=\"crosscheck\"").nth(1).and_then(|s| s.split("</section>").next()).expect("the section");
    assert!(section.contains("生意参谋") && section.contains("−25.0%") && section.contains("40秒"), "{section}");
}
