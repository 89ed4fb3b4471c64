//! What files are packed in.

use super::{book, gb, zip};
use crate::support::{Project, files, rows, stderr};
use std::io::Write;

const ORDER: &str = "shop,order_id,created_at\n";

fn orders(ids: &[&str]) -> String {
    ids.iter().fold(ORDER.to_owned(), |text, id| text + &format!("S,{id},2026-05-01 09:00:00\n"))
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(bytes).expect("bytes");
    gz.finish().expect("gz")
}

fn seen(project: &Project) -> Vec<String> {
    rows(&project.lake("orders"), &["order_id", "source_file", "source_row"])
}

/// A refusal that names what is wrong; nothing was published.
fn refused(project: &Project, words: &[&str]) {
    let output = project.on_data(&["ingest"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(words.iter().all(|w| told.contains(w)), "{words:?} in {told}");
    assert!(!project.path().join("data/lake/manifest.json").exists());
    assert!(!project.path().join("data/.unpacked").exists());
}

#[test]
fn archives_also_inside_each_other() {
    let inner = zip(&[("四月/d.csv", orders(&["4"]).as_bytes())]);
    let sheet = book(&[("订单", &[&["shop", "order_id", "created_at"], &["S", "5", "2026-05-01 09:00:00"]])]);
    let lock = b"\x15not a workbook".as_slice();
    let project = Project::new();
    project.raw(
        "五月.zip",
        zip(&[
            ("a.csv", orders(&["1"]).as_bytes()),
            ("sub/", b""),
            ("sub/b.csv", gb(&orders(&["2"])).as_slice()),
            ("sub/~$b.xlsx", lock),
            ("__MACOSX/._a.csv", lock),
            ("c.csv.gz", gz(orders(&["3"]).as_bytes()).as_slice()),
            ("inner.zip", &inner),
            ("e.xlsx", &sheet),
        ]),
    );
    project.raw("~$五月.xlsx", lock);
    project.raw("f.csv.zst", zstd::encode_all(orders(&["6"]).as_bytes(), 3).expect("zst"));
    project.raw("g.csv.gz", [gz(orders(&["7"]).as_bytes()), gz(b"S,8,2026-05-01 09:00:00\n")].concat());
    project.raw("notes.pdf", "%PDF");
    let output = project.on_data(&["ingest", "-v"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stderr(&output).contains("notes.pdf is not read"));
    assert_eq!(
        seen(&project),
        [
            "1|五月.zip/a.csv|2",
            "2|五月.zip/sub/b.csv|2",
            "3|五月.zip/c.csv.gz|2",
            "4|五月.zip/inner.zip/四月/d.csv|2",
            "5|五月.zip/e.xlsx#订单|2",
            "6|f.csv.zst|2",
            "7|g.csv.gz|2",
            "8|g.csv.gz|3",
        ]
    );
    assert!(!project.path().join("data/.unpacked").exists());
    // Zipped once more it is one level too deep.
    let project = Project::new();
    project.raw("a.zip", zip(&[("b.zip", &zip(&[("c.zip", &inner)]))]));
    refused(&project, &["a.zip/b.zip/c.zip", "one too many"]);
}

/// Chinese Windows writes names in GBK without saying so.
#[test]
fn names_of_entries_in_gbk() {
    let mut archive = zip(&[("AAAA.csv", orders(&["1"]).as_bytes())]);
    let name = gb("订单");
    let places: Vec<usize> = archive.windows(4).enumerate().filter(|(_, w)| w == b"AAAA").map(|(i, _)| i).collect();
    places.iter().for_each(|&i| archive[i..i + 4].copy_from_slice(&name));
    let project = Project::new();
    project.raw("a.zip", archive);
    project.ok(&["ingest"]);
    assert_eq!(seen(&project), ["1|a.zip/订单.csv|2"]);
}

#[test]
fn no_entry_leaves_its_folder() {
    let project = Project::new();
    project.raw(
        "a.zip",
        zip(&[
            ("../../evil.csv", orders(&["1"]).as_bytes()),
            ("/evil.csv.gz", gz(orders(&["2"]).as_bytes()).as_slice()),
            ("..\\..\\x\\evil.txt", orders(&["3"]).as_bytes()),
        ]),
    );
    project.ok(&["ingest"]);
    assert_eq!(seen(&project), ["1|a.zip/evil.csv|2", "2|a.zip/evil.csv.gz|2", "3|a.zip/x/evil.txt|2"]);
    let strange = |p: &std::path::PathBuf| p.to_string_lossy().contains("evil");
    assert!(!files(project.path()).iter().any(strange));
    let beside = std::fs::read_dir(project.path().parent().expect("a parent")).expect("its entries");
    assert!(!beside.filter_map(Result::ok).any(|e| e.file_name().to_string_lossy().contains("evil")));
}

#[test]
fn bombs_are_not_unpacked() {
    let zeros = vec![0_u8; 300 << 20];
    let bomb = zip(&[("orders.csv", &zeros)]);
    let project = Project::new();
    project.raw("a.zip", &bomb);
    refused(&project, &["a.zip/orders.csv", "holds more than", "unpack it by hand"]);
    let project = Project::new();
    project.raw("a.csv.gz", gz(&zeros));
    refused(&project, &["a.csv.gz", "holds more than"]);
    // A workbook whose parts are small in the file and huge in memory.
    let types = b"<?xml version=\"1.0\"?><Types/>".as_slice();
    let project = Project::new();
    project.raw(
        "a.xlsx",
        zip(&[("[Content_Types].xml", types), ("xl/workbook.xml", types), ("xl/sharedStrings.xml", &zeros)]),
    );
    refused(&project, &["a.xlsx", "holds more than"]);
    // Many small entries.
    let project = Project::new();
    let names: Vec<String> = (0..10_001).map(|i| format!("{i}.csv")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"x".as_slice())).collect();
    project.raw("a.zip", zip(&entries));
    refused(&project, &["10001 entries"]);
}

#[test]
fn what_cannot_be_opened_is_told() {
    let whole = zip(&[("orders.csv", orders(&["1"]).as_bytes())]);
    // Bit 0 of the flags, in the entry and in the directory: encrypted.
    let mut locked = whole.clone();
    let directory = locked.windows(4).position(|w| w == b"PK\x01\x02").expect("a directory");
    locked[6] |= 1;
    locked[directory + 8] |= 1;
    let packed = gz(orders(&["1"]).as_bytes());
    let cases: [(&str, Vec<u8>, &[&str]); 7] = [
        ("a.zip", locked, &["a.zip/orders.csv is encrypted"]),
        ("b.zip", whole[..whole.len() - 30].to_vec(), &["b.zip", "broken archive"]),
        ("c.csv.gz", packed[..packed.len() - 12].to_vec(), &["c.csv.gz", "cannot be unpacked"]),
        ("d.xls", b"<html><table></table></html>".to_vec(), &["d.xls", "a web page", "save it as xlsx"]),
        ("e.xlsx", b"shop,order_id\n".to_vec(), &["e.xlsx is no xlsx file"]),
        ("f.zip", b"no archive".to_vec(), &["f.zip is no zip file"]),
        ("g.csv", b"".to_vec(), &["g.csv is empty"]),
    ];
    for (name, bytes, words) in cases {
        let project = Project::new();
        project.raw(name, bytes);
        refused(&project, words);
    }
}
