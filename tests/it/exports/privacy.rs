//! Canaries in every field of every source, looked for in every byte that the program writes or says.

use super::{book, gb, zip};
use crate::support::{Project, files, stderr, stdout};
use kaohe::lake::schema::{self, Type};
use kaohe::settings::files::Files;
use kaohe::settings::source::{self, Field, Layout, Source};
use parquet::file::reader::{FileReader, SerializedFileReader};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// What must never come out: names and addresses by their first word, numbers and mail whole. The card number is valid.
const WORD: &str = "金丝雀";
const NICK: &str = "金丝雀甲";
const MOBILE: &str = "13912345678";
const CARD: &str = "110105199003070009";
const MAIL: &str = "canary@example.com";

fn said() -> String {
    format!("{WORD}说：我的电话{MOBILE}，身份证 {CARD} ，邮箱{MAIL}，送到{WORD}路8号")
}

/// What is written of a customer where an export has columns that nothing takes.
const MORE: [&str; 7] = ["收货人姓名", "收货地址", "联系手机", "联系电话", "买家留言", "买家支付宝账号", "客户备注"];

/// Canaries in UTF-8, GB18030 and UTF-16, and what a hash without a key makes of a nick.
fn canaries() -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for text in [WORD, MOBILE, CARD, MAIL] {
        all.push((text.to_owned(), text.as_bytes().to_vec()));
        all.push((format!("{text} in GB18030"), gb(text)));
        all.push((format!("{text} in UTF-16"), text.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    }
    let hash = hex::encode(Sha256::digest(NICK));
    all.push(("the hash of the nick".to_owned(), hash.as_bytes()[..24].to_vec()));
    all.push(("the hash of the nick".to_owned(), Sha256::digest(NICK)[..12].to_vec()));
    all
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

/// A file's bytes, and what its pages hold when they are decompressed.
fn layers(path: &Path) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(path).expect("a file");
    let mut all = vec![path.to_string_lossy().as_bytes().to_vec(), bytes];
    if path.extension().is_some_and(|e| e == "parquet") {
        let reader = SerializedFileReader::new(std::fs::File::open(path).expect("a table")).expect("Parquet");
        for group in 0..reader.num_row_groups() {
            let group = reader.get_row_group(group).expect("a row group");
            for column in 0..group.num_columns() {
                for page in group.get_column_page_reader(column).expect("pages") {
                    all.push(page.expect("a page").buffer().to_vec());
                }
            }
        }
    }
    all
}

/// Nothing of a customer in what was written below the project or said.
fn clean(project: &Project, said: &[String], what: &str) {
    let canaries = canaries();
    let written: Vec<_> = files(project.path())
        .into_iter()
        .filter(|p| {
            !p.strip_prefix(project.path()).is_ok_and(|p| p.starts_with("data/raw") || p.starts_with("pipelines"))
        })
        .collect();
    assert!(written.iter().any(|p| p.ends_with("manifest.json")), "{what}: a lake");
    let texts = said.iter().map(|s| ("said".to_owned(), s.clone().into_bytes()));
    let bytes = written.iter().flat_map(|p| layers(p).into_iter().map(|b| (p.display().to_string(), b)));
    for (place, bytes) in bytes.chain(texts) {
        for (name, canary) in &canaries {
            assert!(!holds(&bytes, canary), "{what}: {name} in {place}:\n{}", String::from_utf8_lossy(&bytes));
        }
    }
}

/// Everything that the program says and writes of a raw folder, some rejected rows allowed.
fn everything(project: &Project, what: &str) {
    assert!(project.kaohe(&["init", "."]).status.success());
    let path = "pipelines/monthly.toml";
    let strict = project.read(path);
    let line = strict.lines().find(|l| l.starts_with("rejects_max")).expect("a setting").to_owned();
    let mut said = Vec::new();
    let mut on_data = |args: &[&str]| {
        let output = project.on_data(args);
        said.push(stdout(&output) + &stderr(&output));
        output.status.code()
    };
    // As it stands most tables are refused; that is told.
    on_data(&["ingest", "-vv"]);
    on_data(&["ingest", "--json"]);
    project.write(path, strict.replace(&line, "rejects_max = \"100%\""));
    on_data(&["ingest", "--dry-run", "-vv"]);
    on_data(&["ingest", "--dry-run", "--json"]);
    assert_eq!(on_data(&["ingest", "-vv"]), Some(0), "{what}: {:?}", said.last());
    on_data(&["run", "-vv", "--month", "2026-05"]);
    clean(project, &said, what);
}

/// A value that a column takes, and whether it is for anything (then it is no customer's).
fn plausible(source: &Source, column: &str, field: &Field) -> (String, bool) {
    let table = schema::table(&source.table).expect("a table");
    let found = table.column(column).or_else(|| table.column(&format!("{column}_fen")));
    if let Some(word) = field.ways.iter().find_map(|w| w.values.keys().next()) {
        return (word.clone(), false);
    }
    match (column, found.map(|c| c.kind)) {
        ("buyer", _) => (NICK.to_owned(), false),
        ("text", _) => (said(), false),
        (_, Some(Type::Time)) if field.formats.iter().any(|f| f == "epoch_ms") => ("1777860000000".to_owned(), false),
        (_, Some(Type::Time)) => ("2026-05-04 10:00:00".to_owned(), false),
        (_, Some(Type::Date)) => ("2026-05-04".to_owned(), false),
        (_, Some(Type::Bool)) => ("1".to_owned(), false),
        (_, Some(Type::Int64 | Type::Int32)) => ("3".to_owned(), false),
        (_, Some(Type::Utf8)) if found.is_some_and(|c| c.free) => (format!("电话{MOBILE}，{CARD}，{MAIL}"), true),
        (_, Some(Type::Utf8)) => match found.and_then(|c| c.words.first()) {
            Some(word) => ((*word).to_owned(), false),
            None => (if column.ends_with("_id") { "A1".to_owned() } else { "云途:小美".to_owned() }, true),
        },
        _ => ("3".to_owned(), false),
    }
}

/// What cannot be made from the mapping alone.
fn special(source: &str, header: &str) -> Option<&'static str> {
    Some(match (source, header) {
        ("sycm-messages", "userNickFrom") => NICK,
        ("sycm-messages", "userNickTo") => "云途:小美",
        ("support-twitter", "author_id") => "12345",
        ("support-twitter", "inbound") => "True",
        ("support-twitter", "created_at") => "Mon May 04 10:00:00 +0000 2026",
        ("support-twitter", "text") => "@YunTu 金丝雀路8号 13912345678",
        ("kaohe-submissions", "period") => "2026-05-04",
        ("kaohe-targets", "period") => "2026-05",
        ("kaohe-ratings", "score") => "5",
        _ => return None,
    })
}

/// A file of a source (and of those that read the same file): a good row, and for each column one whose value there is a
/// customer's.
fn file_of(source: &Source, all: &[Source]) -> String {
    let mut header: Vec<String> = Vec::new();
    let mut values: BTreeMap<String, (String, bool)> = BTreeMap::new();
    let beside = all.iter().filter(|s| source.also.contains(&s.name));
    for (source, column, field) in std::iter::once(source)
        .chain(beside)
        .flat_map(|s| s.fields.iter().map(move |(column, field)| (s, column, field)))
    {
        for way in &field.ways {
            if let Some(name) = way.from.iter().find(|n| !n.starts_with('@')) {
                header.push(name.clone());
                values.entry(name.clone()).or_insert_with(|| plausible(source, column, field));
            }
            if let Some(when) = &way.when {
                header.push(when.column.clone());
                values.entry(when.column.clone()).or_insert((when.is.clone(), false));
            }
        }
    }
    header.extend(source.signature.iter().cloned());
    header.extend(MORE.map(str::to_owned));
    let mut seen = std::collections::BTreeSet::new();
    header.retain(|h| seen.insert(h.clone()));
    let of = |name: &String| match special(&source.name, name) {
        Some(value) => (value.to_owned(), true),
        None => values.get(name).cloned().unwrap_or((said(), false)),
    };
    let good: Vec<(String, bool)> = header.iter().map(of).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("a header");
    writer.write_record(good.iter().map(|(v, _)| v)).expect("a row");
    for (at, _) in good.iter().enumerate().filter(|(_, (_, any))| !any) {
        let row = good.iter().enumerate().map(|(i, (v, _))| if i == at { said() } else { v.clone() });
        writer.write_record(row).expect("a row");
    }
    String::from_utf8(writer.into_inner().expect("a text")).expect("UTF-8")
}

#[test]
fn no_field_of_any_source_lets_a_customer_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let sources = source::load(&Files::new(folder.path())).expect("the shipped sources");
    assert!(sources.len() > 40);
    let beside = |s: &Source| sources.iter().any(|o| o.also.contains(&s.name));
    for source in sources.iter().filter(|s| s.layout == Layout::Table && s.passed_over.is_none() && !beside(s)) {
        let project =
            if ["roster", "accounts"].contains(&source.table.as_str()) { Project::new() } else { Project::staffed() };
        project.raw("云途/2026-05-04.csv", file_of(source, &sources));
        everything(&project, &source.name);
        let manifest: serde_json::Value =
            serde_json::from_str(&project.read("data/lake/manifest.json")).expect("a manifest");
        let files = manifest["files"].as_array().expect("files");
        let mine = files.iter().find(|f| f["source"] == source.name.as_str());
        let read =
            mine.and_then(|f| f["kept"].as_u64()).unwrap_or_else(|| panic!("{}: not read: {files:?}", source.name));
        assert!(read > 0, "{}: the good row was not kept\n{}", source.name, file_of(source, &sources));
    }
}

#[test]
fn no_conversation_lets_a_customer_out() {
    let said = said();
    let line = said.replace('"', "");
    let copied = format!(
        "{NICK}2026-05-04 10:00:00\n{said}\n云途:小美2026-05-04 10:00:20\n您好，{NICK}，{said}\n{NICK} 撤回了一条消息\n"
    );
    let arrows =
        format!("{NICK} --> 云途:小美 2026-05-04 10:00:00\n{said}\n{WORD}乙 --> {NICK} 2026-05-04 10:00:00\n{said}\n");
    let cells = format!(
        "客户ID,聊天记录\n{NICK},\"2026-05-04 10:00:00\n{NICK}：{line}\n2026-05-04 10:00:20\n云途:小美：{line}\n\
         2026-05-04 10:00:30\n{WORD}的小号：{line}\n\"\n,{line}\n"
    );
    let dialogue = format!(
        "客服,客户,开始时间,结束时间,谈话内容\n云途:小美,{NICK},2026-05-04 10:00:00,,\"用户 10:00:00：{line}\n客服 10:00:10：{line}\"\n\
         云途:小美,{NICK},{line},,\"用户：{line}\"\n"
    );
    let json = format!(
        "{{\"gmtCreated\": 1777860000000, \"userNickFrom\": \"{NICK}\", \"userNickTo\": \"云途:小美\", \"msg\": \"{line}\"}}\n\
         {{\"gmtCreated\": \"{line}\", \"userNickFrom\": \"{NICK}\", \"userNickTo\": \"{WORD}\", \"msg\": {{\"深\": \"{line}\"}}}}\n"
    );
    let head: &[&str] = &["客户名", "消息序号", "发送时间", "发送内容", "发送账号", "账号类型"];
    let web = book(&[(
        NICK,
        &[
            head,
            &[NICK, "1", "2026-05-04 10:00:00", &said, NICK, "客户"],
            &[NICK, "2", "2026-05-04 10:00:20", &said, "云途:小美", "客服"],
            &[NICK, "3", &said, &said, NICK, &said],
        ],
    )]);
    // Someone has mistaken the columns of our own layout: the customer stands as the account, too.
    let own = format!(
        "shop,buyer,account,role,ts,kind,text\n云途,{NICK},{NICK},buyer,2026-05-04 10:00:00,text,{line}\n\
        云途,{NICK},{NICK},agent,2026-05-04 10:00:05,text,{line}\n"
    );
    let name = |e: &str| format!("云途/{NICK}的聊天.{e}");
    for (what, name, bytes) in [
        ("copied", name("txt"), copied.clone().into_bytes()),
        ("copied, GB18030", name("txt"), gb(&copied)),
        ("arrows", name("txt"), arrows.into_bytes()),
        ("cells", name("csv"), cells.into_bytes()),
        ("dialogue", name("csv"), dialogue.into_bytes()),
        ("json", name("jsonl"), json.into_bytes()),
        ("web", name("xlsx"), web),
        ("own", name("csv"), own.into_bytes()),
        ("zip", format!("{NICK}.zip"), zip(&[(&format!("{NICK}/{NICK}.txt"), copied.as_bytes())])),
    ] {
        let project = Project::staffed();
        project.raw("accounts2.csv", "shop,account,staff_id,valid_from,valid_to\n云途,云途:小美,A1,,\n");
        project.raw(&name, bytes);
        everything(&project, what);
        assert!(project.lake("messages").height() > 0, "{what}");
    }
}

/// What is no table of ours, and what cannot be read, is told without what is in it.
#[test]
fn no_error_lets_a_customer_out() {
    let said = said();
    for (name, bytes) in [
        ("a.csv", format!("{said}\n{said},{said}\n").into_bytes()),
        ("a.txt", format!("{said}\n{NICK}\n").into_bytes()),
        ("a.json", format!("{{\"{said}\": \"{said}\"").into_bytes()),
        ("b.json", format!("[\"{said}\"]").into_bytes()),
        ("a.csv", [said.as_bytes(), &[0xFF, 0xFF, 0xFF], said.as_bytes()].concat()),
        ("a.csv", format!("shop,order_id,buyer,created_at\nS,1,\"{said}\n{said},x\n\"\"{said}\n").into_bytes()),
        ("a.csv", format!("shop,order_id,{said},created_at\n{said},{said},{said},{said}\n").into_bytes()),
        ("a.xlsx", book(&[("Sheet1", &[&[&said, NICK], &[&said, MOBILE]])])),
        ("a.zip", zip(&[("a.csv", said.as_bytes()), ("b.bin", said.as_bytes())])),
    ] {
        let project = Project::new();
        project.raw(name, &bytes);
        for args in [["ingest", "-vv"], ["ingest", "--dry-run"], ["ingest", "--json"], ["run", "-vv"]] {
            let output = project.on_data(&args);
            let told = stdout(&output) + &stderr(&output);
            for (what, canary) in canaries() {
                assert!(
                    !holds(told.as_bytes(), &canary),
                    "{what} after {args:?} of {}:\n{told}",
                    String::from_utf8_lossy(&bytes)
                );
            }
        }
    }
}
