//! The same things delivered again: files twice, newer exports, overlapping chats, what is taken out again.

use super::quarantine;
use crate::support::{Project, rows, stderr};
use serde_json::Value;

const ORDER: &str = "shop,order_id,buyer,status,created_at,paid_at,signed_at,paid,refund\n";
const STATE: [&str; 5] = ["order_id", "status", "signed_at", "refund_fen", "source_file"];
const CHAT: &str = "shop,buyer,account,role,ts,kind,text\n";

fn manifest(project: &Project, name: &str) -> Value {
    let manifest: Value = serde_json::from_str(&project.read("data/lake/manifest.json")).expect("a manifest");
    let files = manifest["files"].as_array().expect("files");
    files.iter().find(|f| f["name"] == name).unwrap_or_else(|| panic!("{name} is not in the manifest")).clone()
}

fn gone(project: &Project, name: &str) {
    std::fs::remove_file(project.path().join("data/raw").join(name)).expect("the raw file");
}

#[test]
fn the_same_file_twice_counts_once() {
    let orders = format!("{ORDER}S,1,wang,paid,2026-05-01 09:00:00,2026-05-01 09:01:00,,10.00,\n");
    let chat =
        format!("{CHAT}S,wang,,buyer,2026-05-01 08:59:00,text,hello\nS,wang,,buyer,2026-05-01 08:59:00,text,hello\n");
    let waivers = "deduction_id,reason,approved_by,approved_at\nd1,illness,H,2026-05-03 10:00:00\n";
    let project = Project::new();
    for copy in ["a", "b"] {
        project.raw(&format!("{copy}/orders.csv"), &orders);
        project.raw(&format!("{copy}/chat.csv"), &chat);
        project.raw(&format!("{copy}/waivers.csv"), waivers);
    }
    project.ok(&["ingest"]);
    assert_eq!(project.lake("orders").height(), 1);
    assert_eq!(project.lake("messages").height(), 2, "said twice within a second in one export");
    assert_eq!(project.lake("waivers").height(), 1);
    let of = |n: &str| manifest(&project, n);
    let (kept, replaced) = (of("b/orders.csv"), of("a/orders.csv"));
    assert_eq!((&kept["kept"], &kept["replaced"]), (&1.into(), &0.into()));
    assert_eq!((&replaced["kept"], &replaced["replaced"]), (&0.into(), &1.into()));
    assert_eq!(replaced["replaced_by"]["b/orders.csv"], 1);
    assert_eq!(of("b/chat.csv")["replaced_by"]["a/chat.csv"], 2);
    // Moved to another name it is still the same file.
    gone(&project, "a/chat.csv");
    gone(&project, "b/chat.csv");
    project.raw("chat of May.csv", &chat);
    project.ok(&["ingest"]);
    assert_eq!(rows(&project.lake("messages"), &["source_file"]), ["chat of May.csv", "chat of May.csv"]);
}

#[test]
fn the_newer_state_of_an_order_wins() {
    let old = format!(
        "{ORDER}S,1,wang,paid,2026-04-30 09:00:00,2026-04-30 09:01:00,,10.00,\nS,2,li,paid,2026-04-30 10:00:00,2026-04-30 10:01:00,,20.00,\n\
         S,3,li,paid,2026-05-02 10:00:00,2026-05-02 10:01:00,,20.00,\n"
    );
    let new = format!(
        "{ORDER}S,1,wang,signed,2026-04-30 09:00:00,2026-04-30 09:01:00,2026-05-06 12:00:00,10.00,\n\
         S,3,li,paid,2026-05-02 10:00:00,2026-05-02 10:01:00,,20.00,5.00\n"
    );
    let expected = [
        "1|signed|2026-05-06 12:00:00||orders-2026-05-08.csv",
        "2|paid|||orders-2026-05-03.csv",
        "3|paid||500|orders-2026-05-08.csv",
    ];
    // Both at once; the older first; the older one afterwards, when the newer has left the folder.
    for (first, second) in [(Some(&old), Some(&new)), (Some(&old), None), (None, Some(&new))] {
        let project = Project::new();
        let put = |name: &str, text: Option<&String>| text.map(|t| project.raw(name, t));
        put("orders-2026-05-03.csv", first);
        put("orders-2026-05-08.csv", second);
        project.ok(&["ingest"]);
        if second.is_none() {
            gone(&project, "orders-2026-05-03.csv");
            project.raw("orders-2026-05-08.csv", &new);
        } else if first.is_none() {
            gone(&project, "orders-2026-05-08.csv");
            project.raw("orders-2026-05-03.csv", &old);
        }
        project.ok(&["ingest"]);
        assert_eq!(rows(&project.lake("orders"), &STATE), expected);
        assert_eq!(manifest(&project, "orders-2026-05-03.csv")["replaced_by"]["orders-2026-05-08.csv"], 2);
        // A third time changes no byte.
        let before = project.read("data/lake/manifest.json");
        project.ok(&["ingest"]);
        assert_eq!(project.read("data/lake/manifest.json"), before);
    }
}

/// The newer export leaves out the column of the shipping time: closed is closed all the same.
#[test]
fn a_closed_order_is_the_newer_one() {
    let header = ORDER.replace("signed_at", "shipped_at");
    let old = format!("{header}S,1,wang,shipped,2026-05-01 09:00:00,2026-05-01 09:01:00,2026-05-02 10:00:00,10.00,\n");
    let header = "shop,order_id,buyer,status,created_at,paid_at,paid,refund\n";
    let new = format!("{header}S,1,wang,closed,2026-05-01 09:00:00,2026-05-01 09:01:00,10.00,10.00\n");
    let project = Project::new();
    project.raw("ExportOrderList202606010900.csv", old);
    project.raw("ExportOrderList202606150900.csv", new);
    project.ok(&["ingest"]);
    let found = rows(&project.lake("orders"), &STATE);
    assert_eq!(found, ["1|closed||1000|ExportOrderList202606150900.csv"]);
}

/// An export that was made again under its name is the one that lies there: its rows can be shown.
#[test]
fn of_a_chats_contents_the_newest_counts() {
    let line = |day: u32| format!("S,wang,,buyer,2026-05-{day:02} 09:00:00,text,hello\n");
    let project = Project::new();
    project.raw("chat.csv", format!("{CHAT}{}{}", line(10), line(11)));
    project.ok(&["ingest"]);
    project.raw("chat.csv", format!("{CHAT}{}{}{}", line(12), line(11), line(10)));
    project.ok(&["ingest"]);
    let found = || rows(&project.lake("messages"), &["ts", "source_row"]);
    let newest = ["2026-05-10 09:00:00|4", "2026-05-11 09:00:00|3", "2026-05-12 09:00:00|2"];
    assert_eq!(found(), newest);
    // Whatever else comes.
    project.raw("more.csv", format!("{CHAT}{}", line(10)));
    project.ok(&["ingest"]);
    assert_eq!(found(), newest);
}

/// Both are called after the customer, and both names are veiled to the same one.
#[test]
fn copies_of_a_file_that_is_called_after_a_customer() {
    let project = Project::new();
    for name in ["xiaowang.csv", "xiaowang (1).csv"] {
        project.raw(name, format!("{CHAT}S,xiaowang,,buyer,2026-05-10 09:00:00,text,hello\n"));
    }
    project.ok(&["ingest"]);
    project.raw("other.csv", format!("{CHAT}S,li,,buyer,2026-05-11 09:00:00,text,hello\n"));
    project.ok(&["ingest"]);
    gone(&project, "xiaowang (1).csv");
    project.raw("third.csv", format!("{CHAT}S,li,,buyer,2026-05-12 09:00:00,text,hello\n"));
    project.ok(&["ingest"]);
    assert_eq!(project.lake("messages").height(), 3);
}

#[test]
fn overlapping_chats_are_one_chat() {
    let line = |day: u32, text: &str| format!("S,wang,,buyer,2026-05-{day:02} 09:00:00,text,{text}\n");
    let first: String = [CHAT.to_owned()].into_iter().chain((1..=15).map(|d| line(d, "hello"))).collect();
    let second: String = [CHAT.to_owned()].into_iter().chain((10..=20).map(|d| line(d, "hello"))).collect();
    let project = Project::new();
    project.raw("first.csv", first);
    project.ok(&["ingest"]);
    // The platform keeps 30 days: the first export is deleted, the archive has it.
    gone(&project, "first.csv");
    project.raw("second.csv", second);
    project.ok(&["ingest"]);
    let days: Vec<String> = rows(&project.lake("messages"), &["ts"]);
    assert_eq!(days, (1..=20).map(|d| format!("2026-05-{d:02} 09:00:00")).collect::<Vec<_>>());
    let second = manifest(&project, "second.csv");
    assert_eq!(second["kept"].as_u64().zip(second["replaced"].as_u64()).map(|(k, r)| k + r), Some(11));
}

#[test]
fn overlapping_chats_are_the_same_whichever_came_first() {
    let line = |day: u32, nick: &str| format!("S,{nick},,buyer,2026-05-{day:02} 09:00:00,text,hello\n");
    let export = |days: std::ops::RangeInclusive<u32>| -> String {
        [CHAT.to_owned()].into_iter().chain(days.flat_map(|d| ["wang", "li"].map(|nick| line(d, nick)))).collect()
    };
    let files = [("chat-2026-05.csv", export(1..=15)), ("chat-2026-06.csv", export(10..=20))];
    let lake = |steps: &[&[usize]]| {
        let project = Project::new();
        for step in steps {
            step.iter().for_each(|i| project.raw(files[*i].0, &files[*i].1));
            project.ok(&["ingest"]);
        }
        let old = manifest(&project, files[0].0);
        assert_eq!((&old["kept"], &old["replaced"]), (&30.into(), &0.into()), "{steps:?}: the older export counts");
        project.bytes("data/lake/messages")
    };
    let at_once = lake(&[&[0, 1]]);
    assert!(lake(&[&[0], &[1]]) == at_once);
    assert!(lake(&[&[1], &[0]]) == at_once);
}

#[test]
fn a_chat_that_one_export_tells_without_accounts_is_one_chat() {
    let of = |account: &str| {
        format!(
            "{CHAT}S,wang,,buyer,2026-05-10 09:00:00,text,hello\nS,wang,{account},agent,2026-05-10 09:00:05,text,yes\n"
        )
    };
    let project = Project::staffed();
    project.raw("1 without.csv", of(""));
    project.ok(&["ingest"]);
    project.raw("2 with.csv", of("A1"));
    project.ok(&["ingest"]);
    let found = rows(&project.lake("messages"), &["role", "account", "source_file"]);
    assert_eq!(found, ["buyer||1 without.csv", "agent|A1|2 with.csv"]);
}

#[test]
fn a_new_version_of_a_list_stands_for_the_old_one() {
    let project = Project::staffed();
    project.raw(
        "值班 2026-05.csv",
        "staff_id,date,start,end,duty\nA1,2026-05-04,09:00,18:00,normal\nA2,2026-05-04,09:00,18:00,normal\n",
    );
    project.ok(&["ingest"]);
    // A2 was entered by mistake; another month's list says nothing of May.
    project.raw("值班 2026-05.csv", "staff_id,date,start,end,duty\nA1,2026-05-04,09:00,17:00,normal\n");
    project.raw("值班 2026-06.csv", "staff_id,date,start,end,duty\nA2,2026-06-01,09:00,18:00,normal\n");
    project.ok(&["ingest"]);
    assert_eq!(
        rows(&project.lake("shifts"), &["staff_id", "date", "end"]),
        ["A1|2026-05-04|2026-05-04 17:00:00", "A2|2026-06-01|2026-06-01 18:00:00"]
    );
}

#[test]
fn a_file_that_is_forgotten_gives_back_what_it_replaced() {
    let row = |status: &str, signed: &str| {
        format!("{ORDER}S,1,wang,{status},2026-05-01 09:00:00,2026-05-01 09:01:00,{signed},10.00,\n")
    };
    let project = Project::new();
    project.raw("old.csv", row("paid", ""));
    project.ok(&["ingest"]);
    let before = rows(&project.lake("orders"), &STATE);
    project.raw("wrong.csv", row("signed", "2026-05-02 12:00:00") + "S,9,zhao,paid,2026-05-03 09:00:00,,,1.00,\n");
    project.ok(&["ingest"]);
    assert_eq!(project.lake("orders").height(), 2);
    // It is still there, and would be read again.
    let refused = project.on_data(&["ingest", "--forget", "wrong.csv"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("K0224"));
    gone(&project, "wrong.csv");
    let forgot = project.on_data(&["ingest", "--forget", "wrong.csv"]);
    assert!(forgot.status.success() && stderr(&forgot).contains("months that change: 2026-05"), "{}", stderr(&forgot));
    assert_eq!(rows(&project.lake("orders"), &STATE), before);
    assert!(!project.read("data/lake/manifest.json").contains("wrong.csv"));
    let unknown = project.on_data(&["ingest", "--forget", "wrong.csv"]);
    assert!(stderr(&unknown).contains("K0223") && stderr(&unknown).contains("old.csv"), "{}", stderr(&unknown));
}

#[test]
fn a_refused_table_loses_nothing() {
    let project = Project::new();
    project.raw("a.csv", format!("{ORDER}S,1,wang,paid,2026-05-01 09:00:00,,,10.00,\n"));
    project.ok(&["ingest"]);
    let before = rows(&project.lake("orders"), &STATE);
    project.raw("b.csv", format!("{ORDER}S,1.23E+17,wang,paid,2026-05-01 09:00:00,,,10.00,\n"));
    let refused = project.on_data(&["ingest"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("export the file again"), "{}", stderr(&refused));
    assert_eq!(rows(&project.lake("orders"), &STATE), before);
    // With enough good rows beside it the bad one waits in quarantine, and an empty one leaves it there.
    let good: String = (2..300).map(|i| format!("S,{i},wang,paid,2026-05-01 09:00:00,,,10.00,\n")).collect();
    project.raw("b.csv", format!("{ORDER}S,1.23E+17,wang,paid,2026-05-01 09:00:00,,,10.00,\n{good}"));
    project.ok(&["ingest"]);
    assert_eq!(quarantine(&project), ["b.csv|2|order_id"]);
    project.raw("c.csv", ORDER);
    project.ok(&["ingest"]);
    assert_eq!(quarantine(&project), ["b.csv|2|order_id"]);
    assert_eq!(project.lake("orders").height(), 299);
}
