//! Folders as analysts have them: files in any encoding and with any delimiter, packed twice, many, two of a kind, and what
//! is asked where it is not clear what is meant.

use super::{gb, zip};
use crate::support::{Project, rows, stderr, stdout};
use serde_json::Value;

const ORDERS: &str = "店铺,订单编号,买家,订单状态,创建时间,付款时间\n云途,1,小王,paid,2026-05-01 09:00:00,2026-05-01 09:01:00\n云途,2,小李,paid,2026-05-02 09:00:00,\n";
const SEEN: [&str; 4] = ["order_id", "paid_at", "source_file", "source_row"];

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn refused(project: &Project, words: &[&str]) -> String {
    let output = project.on_data(&["ingest"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    for word in words {
        assert!(told.contains(word), "{word} in {told}");
    }
    told
}

#[test]
fn every_encoding_and_delimiter_gives_the_same_rows() {
    let marked = format!("\u{feff}{ORDERS}");
    for (what, bytes, encoding) in [
        ("UTF-8", ORDERS.as_bytes().to_vec(), "utf-8"),
        ("UTF-8 with a mark", marked.into_bytes(), "utf-8-bom"),
        ("GBK", gb(ORDERS), "gb18030"),
        ("UTF-16, little end first", utf16(ORDERS, false), "utf-16le"),
        ("UTF-16, big end first", utf16(ORDERS, true), "utf-16be"),
        ("tabs in UTF-16, as spreadsheets save it", utf16(&ORDERS.replace(',', "\t"), false), "utf-16le"),
        ("semicolons", ORDERS.replace(',', ";").into_bytes(), "utf-8"),
        ("Windows' line ends", ORDERS.replace('\n', "\r\n").into_bytes(), "utf-8"),
        ("CR alone, as old programs end lines", ORDERS.replace('\n', "\r").into_bytes(), "utf-8"),
        ("no line end at the end", ORDERS.trim_end().as_bytes().to_vec(), "utf-8"),
    ] {
        let project = Project::new();
        project.raw("订单.csv", bytes);
        project.ok(&["ingest"]);
        let found = rows(&project.lake("orders"), &SEEN);
        assert_eq!(found, ["1|2026-05-01 09:01:00|订单.csv|2", "2||订单.csv|3"], "{what}");
        let manifest: Value = serde_json::from_str(&project.read("data/lake/manifest.json")).expect("a manifest");
        assert_eq!(manifest["files"][0]["encoding"], encoding, "{what}");
    }
}

#[test]
fn what_is_in_no_encoding_is_refused_with_the_first_bad_byte() {
    let text = ORDERS.as_bytes();
    for (bytes, offset) in [
        ([text, b"\xff\xff,3\n"].concat(), text.len()),
        // In GB18030 all is well up to there.
        ([gb(ORDERS).as_slice(), b"\xff,3\n"].concat(), gb(ORDERS).len()),
        ([b"\xef\xbb\xbf".as_slice(), text, b"\xc4\xe3\n"].concat(), 3 + text.len()),
        // Half of a pair.
        ([utf16(ORDERS, false).as_slice(), b"\x3d\xd8\n\0"].concat(), utf16(ORDERS, false).len()),
    ] {
        let project = Project::new();
        project.raw("订单.csv", bytes);
        refused(&project, &["订单.csv", &format!("first bad byte at offset {offset}\n")]);
    }
}

#[test]
fn archives_of_chinese_windows_in_each_other() {
    let named = |archive: Vec<u8>, name: &str| {
        let (mut archive, name) = (archive, gb(name));
        let places: Vec<usize> = archive.windows(4).enumerate().filter(|(_, w)| w == b"AAAA").map(|(i, _)| i).collect();
        places.iter().for_each(|&i| archive[i..i + 4].copy_from_slice(&name));
        archive
    };
    let inner = named(zip(&[("AAAA.csv", &gb(ORDERS))]), "订单");
    let project = Project::new();
    project.raw("五月.zip", named(zip(&[("AAAA/x.zip", &inner)]), "云途"));
    project.ok(&["ingest"]);
    assert_eq!(rows(&project.lake("orders"), &SEEN)[0], "1|2026-05-01 09:01:00|五月.zip/云途/x.zip/订单.csv|2");
}

#[test]
fn two_sources_that_fit_alike_are_a_question() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    let own = project.read("pipelines/sources/kaohe-orders.toml").replace("name = \"kaohe-orders\"", "name = \"own\"");
    project.write("pipelines/sources/own.toml", own);
    project.raw("订单.csv", ORDERS);
    let output = project.kaohe(&["ingest", "--pipeline", "pipelines/monthly.toml"]);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    for words in
        ["订单.csv fits two sources alike: `kaohe-orders` and `own`", "pipelines/sources/own.toml", "signature"]
    {
        assert!(told.contains(words), "{words} in {told}");
    }
}

#[test]
fn an_unknown_file_is_told_what_it_is_nearest_to() {
    let project = Project::new();
    // The platform has renamed two columns.
    project.raw(
        "ExportOrderList.csv",
        gb("订单号码,买家会员名,总金额,买家实际支付金额,订单状态,下单时刻,订单付款时间 ,宝贝种类,宝贝总数量,店铺名称\n"),
    );
    let told = refused(&project, &["no source knows the columns of ExportOrderList.csv", "nearest: `taobao-orders`"]);
    assert!(told.contains("missing: order_id (订单编号), created_at (订单创建时间)"), "{told}");
}

/// Other tools write names into files, too.
#[test]
fn hashes_in_names_are_part_of_them() {
    let project = Project::new();
    project.raw("客服#1/订单#1.csv", ORDERS);
    project.raw("客服#1/订单#2.csv", ORDERS.replace(",1,", ",3,").replace(",2,", ",4,"));
    project.ok(&["ingest"]);
    let found = rows(&project.lake("orders"), &["order_id", "source_file"]);
    assert_eq!(found, ["1|客服#1/订单#1.csv", "2|客服#1/订单#1.csv", "3|客服#1/订单#2.csv", "4|客服#1/订单#2.csv"]);
}

#[test]
fn what_still_lies_there_cannot_be_forgotten() {
    let chat = "小王甲2026-5-15 9:00:00\n在吗\n云途:小美2026-5-15 9:00:20\n在\n";
    let project = Project::new();
    project.raw("五月.zip", zip(&[("订单.csv", ORDERS.as_bytes())]));
    project.raw("与小王甲的聊天.txt", chat);
    project.ok(&["ingest"]);
    let veiled = rows(&project.lake("messages"), &["source_file"]).remove(0);
    assert!(!veiled.contains("小王甲"), "{veiled}");
    for name in ["五月.zip/订单.csv", "五月.zip", &veiled] {
        let output = project.on_data(&["ingest", "--forget", name]);
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("K0224") && !stderr(&output).contains("小王甲"), "{}", stderr(&output));
    }
    std::fs::remove_file(project.path().join("data/raw/五月.zip")).expect("the archive");
    std::fs::remove_file(project.path().join("data/raw/与小王甲的聊天.txt")).expect("the chat");
    project.raw("另.csv", ORDERS.replace(",1,", ",3,"));
    for name in ["五月.zip/订单.csv", &veiled] {
        project.ok(&["ingest", "--forget", name]);
    }
    project.ok(&["ingest"]);
    assert_eq!(rows(&project.lake("orders"), &["order_id", "source_file"]), ["2|另.csv", "3|另.csv"]);
}

/// A folder per shop and day; what is no export is passed over and told.
#[test]
fn two_hundred_files() {
    let project = Project::new();
    for (shop, day) in (0..10).flat_map(|s| (1..=20).map(move |d| (s, d))) {
        let order = format!(
            "订单编号,买家会员名,总金额,买家实际支付金额,订单状态,订单创建时间,宝贝种类,宝贝总数量\n=\"{shop}{day:02}\",'小王,\"1,280.00\",12.00元,交易成功,2026/5/{day} 9:05,1,--\n"
        );
        project.raw(&format!("店{shop}/{day:02}/ExportOrderList.csv"), gb(&order));
    }
    project.raw("店0/~$01.xlsx", b"lock");
    project.raw("店0/说明.docx", b"PK");
    std::os::unix::fs::symlink("店1", project.path().join("data/raw/店1 的链接")).expect("a link");
    project.ok(&["ingest"]);
    let found = rows(&project.lake("orders"), &["shop", "order_id", "goods_fen", "items"]);
    assert_eq!(found.len(), 200);
    assert!(found.iter().all(|r| r.starts_with("店") && r.contains("|128000|") && r.ends_with('|')), "{found:?}");
    let dry = project.on_data(&["ingest", "--dry-run"]);
    assert!(dry.status.success() && stdout(&dry).contains("店0/说明.docx is not read"), "{}", stderr(&dry));
    assert!(!stdout(&dry).contains("~$"));
    assert!(stderr(&dry).contains("店1 的链接 is not read"), "{}", stderr(&dry));
}

/// The last message of the check by hand: its deduction leads back to a line of the raw file, however that is written.
#[test]
fn a_deduction_leads_to_its_line_in_any_kind_of_file() {
    let table = "shop\tbuyer\taccount\trole\tts\tkind\ttext\nS\t小王甲\tA2\tbuyer\t2026-05-16 20:30:00\ttext\t到哪里了, \"快\"\n";
    let copied = "S:A2\r\n2026-05-16 20:00:00\r\n欢迎\r\n\"小王甲\" 撤回了一条消息\r\n小王甲 --> S:A2 2026-05-16 20:30:00\r\n到哪里了, 快\r\n";
    for (name, text, shown) in [
        ("消息.csv", table, "buyer: 小王甲 | account: A2 | role: buyer | ts: 2026-05-16 20:30:00"),
        ("聊天.txt", copied, "小王甲 --> S:A2 2026-05-16 20:30:00"),
    ] {
        let project = Project::staffed();
        project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\nS,A1,A1,,\nS,A2,A2,,\nS,S:A2,A2,,\n");
        project.raw(name, text);
        project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
        let deductions = rows(&project.mart("deductions", "2026-05"), &["rule_id", "deduction_id"]);
        let night = deductions.iter().find_map(|r| r.strip_prefix("cs.online.night_unfinished|")).expect("a deduction");
        let told = project.ok(&["explain", night]);
        assert!(told.contains(shown), "{shown} in {told}");
    }
}
