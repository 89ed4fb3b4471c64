//! Files that were damaged or made to do harm: no panic, no hang, no table that holds a part.

use super::{book, gb, zip};
use crate::support::{Project, files, stderr};
use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far beyond what any of these files takes; a machine under load does not get there.
const HANG: Duration = Duration::from_secs(120);

/// Random numbers that are the same in every run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below.max(1)
    }
}

/// Ingests a raw file; what it may end in is success or a refusal that is told, and a whole lake.
fn survives(name: &str, bytes: &[u8], what: &str) {
    let project = Project::new();
    project.raw("accounts.csv", "shop,account,staff_id,valid_from,valid_to\nS,小美,A1,,\n");
    project.ok(&["ingest"]);
    project.raw(name, bytes);
    let mut child = Command::new(env!("CARGO_BIN_EXE_kaohe"))
        .args(["ingest", "--data", "data"])
        .current_dir(project.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let begun = Instant::now();
    let told = std::thread::spawn({
        let mut pipe = child.stderr.take().expect("stderr");
        move || {
            let mut told = Vec::new();
            std::io::Read::read_to_end(&mut pipe, &mut told).map(|_| String::from_utf8_lossy(&told).into_owned())
        }
    });
    let status = loop {
        match child.try_wait().expect("a child") {
            Some(status) => break status,
            None if begun.elapsed() > HANG => {
                let _ = child.kill();
                panic!("{what}: it hangs");
            }
            None => std::thread::yield_now(),
        }
    };
    let told = told.join().expect("a reader").expect("stderr");
    let told: String = told.chars().take(2000).collect();
    assert!(matches!(status.code(), Some(0 | 3)), "{what}: {status}\n{told}");
    assert!(!told.contains("panicked") && !told.contains("internal"), "{what}: {told}");
    assert!(status.success() || told.contains("error["), "{what}: {told}");
    whole(&project, what);
}

/// The manifest and the tables tell the same, and nothing half done lies about.
fn whole(project: &Project, what: &str) {
    let manifest: Value = serde_json::from_str(&project.read("data/lake/manifest.json")).expect("a manifest");
    for f in manifest["files"].as_array().expect("files") {
        let n = |name: &str| f[name].as_u64().unwrap_or(0);
        let accounted = n("kept") + n("replaced") + n("quarantined") + n("merged") + n("forgotten");
        assert_eq!(n("read"), accounted, "{what}: {f}");
    }
    let mut rows = std::collections::BTreeMap::new();
    for p in manifest["partitions"].as_array().expect("partitions") {
        *rows.entry(p["table"].as_str().expect("a name").to_owned()).or_insert(0) += p["rows"].as_u64().expect("rows");
    }
    for (table, rows) in rows.into_iter().filter(|(_, rows)| *rows > 0) {
        assert_eq!(project.lake(&table).height() as u64, rows, "{what}: {table}");
    }
    let lost =
        |p: &std::path::PathBuf| p.to_string_lossy().contains("/.new") || p.to_string_lossy().contains("/.unpacked");
    assert!(!files(project.path()).iter().any(lost), "{what}");
}

const ORDERS: &str = "订单编号,买家会员名,买家应付货款,总金额,买家实际支付金额,订单状态,订单创建时间,订单付款时间,店铺名称,宝贝种类,宝贝总数量\n";

fn orders() -> String {
    (1..=40).fold(ORDERS.to_owned(), |text, i| {
        text + &format!("=\"3926123456789{i:05}\",小王{i},10.00,10.00,10.00,买家已付款，等待卖家发货,2026-05-{:02} 09:00:00,2026-05-{:02} 09:01:00,云途,1,1\n", i % 28 + 1, i % 28 + 1)
            .replace("款，等", "款等")
    })
}

fn chat() -> String {
    (0..40).map(|i| format!("小王2026-5-15 9:{i:02}:00\n在吗{i}\n云途:小美2026-5-15 9:{i:02}:20\n在的，亲\n")).collect()
}

/// A file of each kind that is read.
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let orders = orders();
    let cells: Vec<Vec<String>> = orders.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect();
    let cells: Vec<Vec<&str>> = cells.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    let json: String = (0..40)
        .map(|i| format!("{{\"gmtCreated\": 17788068{i:02}123, \"userNickFrom\": \"小王\", \"userNickTo\": \"云途:小美\", \"msg\": \"在吗{i}\"}}\n"))
        .collect();
    let dialogue: String = (0..20)
        .map(|i| format!("小美,小王{i},2026-05-15 09:00:00,,\"用户 09:00:{i:02}：在吗\n客服 09:00:59：在\"\n"))
        .collect();
    let blocks: String = (0..20)
        .map(|i| format!("小王{i},\"2026-05-15 09:00:00\n小王{i}：在吗\n2026-05-15 09:00:20\n云途:小美：在\"\n"))
        .collect();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(orders.as_bytes()).expect("bytes");
    vec![
        ("orders.csv", gb(&orders)),
        ("orders.xlsx", book(&[("订单", &cells)])),
        ("roster.xls", include_bytes!("../../fixtures/roster.xls").to_vec()),
        ("orders.zip", zip(&[("a/orders.csv", orders.as_bytes()), ("chat.txt", chat().as_bytes())])),
        ("orders.csv.gz", gz.finish().expect("gz")),
        ("orders.csv.zst", zstd::encode_all(orders.as_bytes(), 1).expect("zst")),
        ("chat.txt", chat().into_bytes()),
        ("chat16.txt", [0xFEFF].into_iter().chain(chat().encode_utf16()).flat_map(u16::to_le_bytes).collect()),
        ("chat.jsonl", json.clone().into_bytes()),
        ("chat.json", format!("[{}]", json.trim_end().replace('\n', ",")).into_bytes()),
        ("dialogue.csv", format!("客服,客户,开始时间,结束时间,谈话内容\n{dialogue}").into_bytes()),
        ("blocks.csv", format!("客户ID,聊天记录\n{blocks}").into_bytes()),
    ]
}

fn mutate(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(all.len());
        match dice.roll(7) {
            0 | 1 => (0..=dice.roll(12)).for_each(|_| {
                let at = dice.roll(all.len());
                if let Some(byte) = all.get_mut(at) {
                    *byte ^= 1 << dice.roll(8);
                }
            }),
            2 => all.truncate(at),
            3 => drop(all.drain(at..(at + dice.roll(200)).min(all.len()))),
            4 => {
                let piece = all[at.min(all.len())..(at + dice.roll(200)).min(all.len())].to_vec();
                let to = dice.roll(all.len());
                all.splice(to..to, piece);
            }
            5 => drop(all.splice(at..at, vec![0; 1 + dice.roll(64)])),
            _ => {
                let marks = [b'"', b',', b'\n', b'\r', 0xFF, b':', b'{', b'<'];
                all.insert(at.min(all.len()), marks[dice.roll(marks.len())]);
            }
        }
    }
    all
}

/// `KAOHE_MUTATIONS` sets how many of each file are tried.
#[test]
fn damaged_bytes() {
    let tries = std::env::var("KAOHE_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for (name, bytes) in seeds() {
        survives(name, &bytes, name);
        for n in 0..tries {
            survives(name, &mutate(&bytes, &mut dice), &format!("{name}, mutation {n}"));
        }
    }
}

/// Columns taken out, changed for each other, called otherwise.
#[test]
fn columns_that_are_not_where_they_were() {
    let text = orders();
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split(',').collect()).collect();
    let width = rows[0].len();
    let csv = |change: &dyn Fn(usize, &mut Vec<String>)| -> Vec<u8> {
        let mut out = String::new();
        for (i, row) in rows.iter().enumerate() {
            let mut row: Vec<String> = row.iter().map(|c| (*c).to_owned()).collect();
            change(i, &mut row);
            out += &(row.join(",") + "\n");
        }
        gb(&out)
    };
    for c in 0..width {
        survives("orders.csv", &csv(&|_, row| drop(row.remove(c))), &format!("column {c} removed"));
        survives(
            "orders.csv",
            &csv(&|i, row| {
                if i > 0 {
                    row.swap(c, (c + 1) % width)
                }
            }),
            &format!("column {c} swapped"),
        );
        let renamed = csv(&|i, row| {
            if i == 0 {
                row[c] = "别的".to_owned()
            }
        });
        survives("orders.csv", &renamed, &format!("column {c} renamed"));
    }
    // Order does not matter: the values do not change.
    let (plain, turned) = (Project::new(), Project::new());
    plain.raw("orders.csv", csv(&|_, _| {}));
    turned.raw("orders.csv", csv(&|_, row| row.reverse()));
    for project in [&plain, &turned] {
        project.ok(&["ingest"]);
    }
    let columns = ["order_id", "buyer_key", "paid_fen", "status", "created_at", "source_row"];
    let of = |p: &Project| crate::support::rows(&p.lake("orders"), &columns);
    assert_eq!(of(&plain), of(&turned));
    assert_eq!(of(&plain).len(), 40);
    // Columns that are swapped under their names are refused, not believed.
    let project = Project::new();
    project.raw(
        "orders.csv",
        csv(&|i, row| {
            if i > 0 {
                row.swap(0, 6)
            }
        }),
    );
    let output = project.on_data(&["ingest"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("[created_at]"), "{}", stderr(&output));
}

#[test]
fn things_of_a_monstrous_size() {
    let million: Vec<String> = (0..1_000_000).map(|i| format!("c{i}")).collect();
    let wide = format!("{}{}\n", ORDERS.trim_end(), million.join(",")) + &"1,".repeat(1_000_000);
    survives("orders.csv", wide.as_bytes(), "a million columns");
    survives("orders.csv", (million.join(",") + "\n").as_bytes(), "a million unknown columns");
    let cell = "长".repeat(4 << 20);
    let row = format!("1,小王,1,1,1,交易成功,2026-05-01 09:00:00,2026-05-01 09:00:00,{cell},1,1\n");
    survives("orders.csv", format!("{ORDERS}{row}").as_bytes(), "a huge cell");
    survives("orders.csv", format!("{ORDERS}\"{row}").as_bytes(), "a quote that never ends");
    survives("chat.txt", format!("小王2026-5-15 9:00:00\n{cell}\n").as_bytes(), "a huge message");
    survives("chat.txt", "小王2026-5-15 9:00:00\n".repeat(200_000).as_bytes(), "nothing but headers");
    survives("chat.txt", "\n".repeat(2 << 20).as_bytes(), "nothing but line breaks");
    survives("chat.json", "[".repeat(1 << 20).as_bytes(), "deep JSON");
    survives(
        "chat.jsonl",
        format!("{}1{}\n", "{\"a\":".repeat(100_000), "}".repeat(100_000)).as_bytes(),
        "deep objects",
    );
    survives("orders.csv", &vec![0; 1 << 20], "nothing but NUL");
    survives("orders.csv", &[&[0xEF, 0xBB, 0xBF][..], &[0xFF; 4096]].concat(), "a mark and no text");
    let blocks = "2026-05-15 09:00:00\n".repeat(100_000);
    survives("blocks.csv", format!("客户ID,聊天记录\n小王,\"{blocks}\"\n").as_bytes(), "a cell of times");
}

/// Sheets that say they are larger than any, or hold cells out of order.
#[test]
fn workbooks_that_lie() {
    let parts = |sheet: &str| {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let rels = "http://schemas.openxmlformats.org/package/2006/relationships";
        let of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let book = format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{of}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
        );
        let links = format!(
            "<Relationships xmlns=\"{rels}\"><Relationship Id=\"rId1\" Type=\"{of}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
        );
        let sheet = format!("<worksheet xmlns=\"{main}\">{sheet}</worksheet>");
        zip(&[
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", links.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    };
    let cell = |at: &str, v: &str| format!("<c r=\"{at}\" t=\"str\"><v>{v}</v></c>");
    for (what, sheet) in [
        (
            "huge dimension",
            format!("<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\">{}</row></sheetData>", cell("A1", "x")),
        ),
        ("far cell", format!("<sheetData><row r=\"1048576\">{}</row></sheetData>", cell("XFD1048576", "x"))),
        ("column beyond", format!("<sheetData><row r=\"1\">{}</row></sheetData>", cell("ZZZZZ1", "x"))),
        (
            "rows back",
            format!(
                "<sheetData><row r=\"9\">{}</row><row r=\"2\">{}</row></sheetData>",
                cell("A9", "x"),
                cell("A2", "y")
            ),
        ),
        (
            "shared text that is not there",
            "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row></sheetData>".to_owned(),
        ),
        (
            "no number",
            "<sheetData><row r=\"1\"><c r=\"A1\"><v>1e999</v></c><c r=\"B1\"><v>NaN</v></c></row></sheetData>"
                .to_owned(),
        ),
        ("broken XML", "<sheetData><row r=\"1\"><c r=\"A1\"".to_owned()),
        (
            "entities",
            "<sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>&a;&#0;&#x110000;</v></c></row></sheetData>".to_owned(),
        ),
    ] {
        survives("a.xlsx", &parts(&sheet), what);
    }
}
