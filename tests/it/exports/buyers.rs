//! The buyer key and what it makes: backup, rotation, a buyer forgotten; and the dry run, which keeps nothing.

use crate::support::{Project, files, rows, stderr, stdout};
use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Output, Stdio};

const CHAT: &str = "shop,buyer,account,role,ts,kind,text\n\
    S,wang,A1,buyer,2026-04-20 09:00:00,text,hello\nS,wang,A1,agent,2026-04-20 09:00:10,text,yes\n\
    S,li,A1,buyer,2026-05-04 09:00:00,text,hello\nS,li,A1,agent,2026-05-04 09:00:10,text,yes\n\
    S,wang,A2,buyer,2026-05-05 09:00:00,text,hello\nS,wang,A2,agent,2026-05-05 09:00:10,text,yes\n";
const ORDERS: &str = "shop,order_id,buyer,created_at,paid_at,paid\n\
    S,1,wang,2026-05-05 10:00:00,2026-05-05 10:01:00,10.00\nS,2,li,2026-05-04 10:00:00,2026-05-04 10:01:00,20.00\n";

fn project() -> Project {
    let project = Project::staffed();
    project.raw("chat.csv", CHAT);
    project.raw("orders.csv", ORDERS);
    project.ok(&["ingest"]);
    project
}

fn keys(project: &Project, table: &str) -> Vec<String> {
    rows(&project.lake(table), &["buyer_key"])
}

fn said(project: &Project, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(args)
        .args(["--data", "data"])
        .current_dir(project.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("input");
    child.wait_with_output().expect("its end")
}

/// Who is whom stays the same, under other names; a raw file read after it meets the old rows.
#[test]
fn a_rotated_key_leaves_who_is_whom() {
    let project = project();
    let (messages, orders) = (keys(&project, "messages"), keys(&project, "orders"));
    project.ok(&["run", "--month", "2026-05"]);
    let credits = rows(&project.mart("credits", "2026-05"), &["order_id", "account"]);
    project.ok(&["key", "rotate"]);
    let (now, now_orders) = (keys(&project, "messages"), keys(&project, "orders"));
    let before: BTreeSet<&String> = messages.iter().chain(&orders).collect();
    assert!(now.iter().chain(&now_orders).all(|k| !before.contains(k)));
    let pairs: BTreeSet<(String, String)> = {
        let of = |project: &Project| -> BTreeSet<(String, String)> {
            let order = rows(&project.lake("orders"), &["order_id", "buyer_key"]);
            order.iter().filter_map(|r| r.split_once('|')).map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
        };
        of(&project)
    };
    let of_order = |id: &str| pairs.iter().find(|(o, _)| o == id).map(|(_, k)| k.clone()).expect("an order");
    let count = |key: &String| now.iter().filter(|k| *k == key).count();
    assert_eq!((count(&of_order("1")), count(&of_order("2"))), (4, 2), "the orders still meet their chats");
    // No old pseudonym is left in any file, the raw files may go, and results are the same.
    for path in files(&project.path().join("data")) {
        let bytes = std::fs::read(&path).expect("a file");
        assert!(before.iter().all(|k| memchr::memmem::find(&bytes, k.as_bytes()).is_none()), "{}", path.display());
    }
    project.raw("chat.csv", format!("{CHAT}S,li,A2,buyer,2026-05-06 09:00:00,text,again\n"));
    project.ok(&["ingest"]);
    let all = keys(&project, "messages");
    assert_eq!(all.len(), 7);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 2, "li is still li");
    project.ok(&["run", "--month", "2026-05"]);
    assert_eq!(rows(&project.mart("credits", "2026-05"), &["order_id", "account"]), credits);
}

#[test]
fn a_backup_brings_the_key_back() {
    let project = project();
    let before = keys(&project, "messages");
    project.ok(&["key", "backup", "safe.key"]);
    let again = project.on_data(&["key", "backup", "safe.key"]);
    assert!(!again.status.success() && stderr(&again).contains("K0226"), "{}", stderr(&again));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(project.path().join("safe.key")).expect("a backup").permissions().mode();
        assert_eq!(mode & 0o077, 0, "for its owner alone");
    }
    // Lost, and a new one in its place: rows of files that are gone would never meet new ones.
    project.write("data/sample/buyer.key", "09".repeat(32));
    std::fs::remove_file(project.path().join("data/raw/orders.csv")).expect("a raw file");
    let other = project.on_data(&["ingest"]);
    assert_eq!(other.status.code(), Some(3));
    assert!(stderr(&other).contains("K0220") && stderr(&other).contains("orders.csv"), "{}", stderr(&other));
    std::fs::copy(project.path().join("safe.key"), project.path().join("data/sample/buyer.key")).expect("a copy");
    project.ok(&["ingest"]);
    assert_eq!(keys(&project, "messages"), before);
    project.write("data/sample/buyer.key", "no key");
    let broken = project.on_data(&["ingest"]);
    assert!(!broken.status.success() && stderr(&broken).contains("buyer.key"), "{}", stderr(&broken));
    assert!(!stderr(&broken).contains("no key\n"), "what is in the file is not told");
}

#[test]
fn a_forgotten_buyer_stays_forgotten() {
    let project = project();
    project.ok(&["run", "--month", "2026-05"]);
    let wang = rows(&project.lake("orders"), &["order_id", "buyer_key"]);
    let wang = wang.iter().find_map(|r| r.strip_prefix("1|")).expect("wang's order").to_owned();
    let output = said(&project, &["forget-buyer"], "wang\n");
    let told = stdout(&output) + &stderr(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("2026-04, 2026-05") && told.contains("chat.csv, orders.csv"), "{told}");
    assert!(told.contains("5 row(s) less") && !told.contains("wang"), "{told}");
    assert_eq!((keys(&project, "messages").len(), keys(&project, "orders").len()), (2, 1));
    // His pseudonym is in no table any more, also not in those of results.
    for path in files(&project.path().join("data")) {
        let bytes = std::fs::read(&path).expect("a file");
        let kept = path.ends_with("forgotten.json");
        assert_eq!(memchr::memmem::find(&bytes, wang.as_bytes()).is_some(), kept, "{}", path.display());
    }
    // The raw files still name him, also in a newer export.
    project.raw("chat2.csv", CHAT);
    project.raw("chat.csv", format!("{CHAT}S,wang,A2,buyer,2026-05-06 09:00:00,text,again\n"));
    project.ok(&["ingest"]);
    assert_eq!(keys(&project, "messages").len(), 2);
    project.ok(&["key", "rotate"]);
    project.raw("chat3.csv", CHAT.replace("hello", "hallo!"));
    project.ok(&["ingest"]);
    assert!(keys(&project, "messages").iter().collect::<BTreeSet<_>>().len() == 1, "nor under a new key");
    let nobody = said(&project, &["forget-buyer"], "\n");
    assert_eq!(nobody.status.code(), Some(2));
    let mistyped = said(&project, &["forget-buyer"], "wangg\n");
    assert!(stderr(&mistyped).contains("spelled as in the exports"), "{}", stderr(&mistyped));
    let li = keys(&project, "orders").remove(0);
    assert!(said(&project, &["forget-buyer", "--buyer-key", &li], "").status.success());
    assert!(!said(&project, &["forget-buyer", "--buyer-key", "xyz"], "").status.success());
}

#[test]
fn a_dry_run_says_all_and_keeps_nothing() {
    let project = Project::new();
    std::fs::remove_file(project.path().join("data/sample/buyer.key")).expect("the key");
    project.raw(
        "云途/ExportOrderList.csv",
        super::gb(
            "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,联系手机,宝贝种类,宝贝总数量\n\
            1,小王,10.00,10.00,10.00,交易成功,2026-05-01 09:00:00,2026-05-01 09:00:00,138,1,1\n\
            1.23E+17,小王,10.00,10.00,10.00,交易成功,2026-05-01 09:00:00,,138,1,1\n",
        ),
    );
    project.raw("strange.csv", "a,b\n1,2\n");
    let output = project.on_data(&["ingest", "--dry-run"]);
    assert_eq!(output.status.code(), Some(3), "a file that nobody knows is a question");
    let (told, asked) = (stdout(&output), stderr(&output));
    for words in [
        "云途/ExportOrderList.csv",
        "taobao-orders -> orders (gb18030)",
        "2 read, 1 rejected",
        "buyer = 买家会员名",
        "not used",
        "联系手机",
        "row 3, column order_id (9.99A+99)",
    ] {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    assert!(asked.contains("strange.csv") && !told.contains("小王") && !told.contains("1.23E+17"), "{told}{asked}");
    let left: Vec<_> = files(&project.path().join("data"))
        .into_iter()
        .filter(|p| {
            !p.starts_with(project.path().join("data/raw")) && !p.ends_with("data/buyer.key") && !p.ends_with(".lock")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
    let json = stdout(&project.on_data(&["ingest", "--dry-run", "--json"]));
    let first: serde_json::Value = serde_json::from_str(json.lines().next().expect("a line")).expect("JSON");
    assert_eq!((&first["rows"], &first["rejected"], &first["table"]), (&2.into(), &1.into(), &"orders".into()));
}
