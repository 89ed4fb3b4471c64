//! The house: floors and fences of architecture.md, held by reading the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Lowest first.
const FLOORS: [&str; 13] = [
    "base", "settings", "calendar", "lake", "ingest", "sample", "facts", "rules", "scores", "report", "review",
    "pipeline", "cli",
];

fn sources() -> Vec<(String, PathBuf, String)> {
    fn walk(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("src is readable") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { walk(&path, out) } else { out.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let below = path.strip_prefix(&root).ok()?.to_path_buf();
            let room = below.components().next()?.as_os_str().to_str()?.to_owned();
            FLOORS.contains(&room.as_str()).then(|| (room, below, fs::read_to_string(&path).expect("a source")))
        })
        .collect()
}

/// Room names that a file imports: `crate::room`, also inside `use crate::{a, b::c}`.
fn imports(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for piece in code.split("crate::").skip(1) {
        if let Some(list) = piece.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && (c == ',' || c == '{') {
                    rooms.push(std::mem::take(&mut word));
                } else if depth == 1 {
                    word.push(c);
                }
            }
            rooms.push(word);
        } else {
            rooms.push(piece.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    rooms.iter().map(|r| r.trim().split("::").next().unwrap_or("").trim().to_owned()).collect()
}

#[test]
fn imports_go_downwards_only() {
    let floor = |room: &str| FLOORS.iter().position(|f| *f == room);
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        for imported in imports(&text) {
            if let Some(target) = floor(&imported)
                && target > floor(&room).expect("a floor")
            {
                wrong.push(format!("{} imports {imported}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn fences_hold() {
    // What only some rooms may touch.
    let fences: [(&[&str], &[&str]); 8] = [
        (&["arrow::", "parquet::"], &["lake", "ingest"]),
        (&["minijinja"], &["report"]),
        (&["rust_xlsxwriter"], &["report"]),
        (&["calamine"], &["ingest"]),
        (&["clap::", "anyhow"], &["cli"]),
        (&["SystemTime", "Instant::now", "Utc::now", "Local::now", "std::env::"], &["cli"]),
        (&["println!", "eprintln!", "print!("], &[]),
        (&["unsafe {"], &["cli"]),
    ];
    let mut wrong = Vec::new();
    for (room, path, text) in sources() {
        for (words, rooms) in fences {
            if rooms.contains(&room.as_str()) {
                continue;
            }
            for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
                for word in words {
                    let at = line.find(word);
                    let own = at.is_some_and(|i| {
                        line[..i].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_')
                    });
                    if own {
                        wrong.push(format!("{}:{}: {word}", path.display(), n + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_are_small_and_say_what_they_are() {
    for (_, path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines: split it", path.display());
        assert!(text.starts_with("//!"), "{} does not begin with a `//!` line", path.display());
    }
}

#[test]
fn nothing_from_outside_is_unwrapped() {
    let mut wrong = Vec::new();
    for (_, path, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        for (n, line) in code.lines().enumerate().filter(|(_, l)| !l.trim_start().starts_with("//")) {
            if [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("].iter().any(|w| line.contains(w)) {
                wrong.push(format!("{}:{}: {}", path.display(), n + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What parses bytes and texts by hand, and the fuzz target that feeds it (`tests/fuzz`).
const PARSED_BY_HAND: [(&str, &str); 18] = [
    ("calendar/question.rs", "settings"),
    ("calendar/span.rs", "settings"),
    ("ingest/chats/blocks.rs", "cells"),
    ("ingest/chats/clock.rs", "values"),
    ("ingest/chats/dialogue.rs", "cells"),
    ("ingest/chats/qianniu.rs", "qianniu"),
    ("ingest/closing.rs", "closing"),
    ("ingest/containers/binary.rs", "xls"),
    ("ingest/containers/json.rs", "json"),
    ("ingest/containers/zipped.rs", "containers"),
    ("ingest/decode.rs", "decode"),
    ("ingest/delimited.rs", "delimited"),
    ("ingest/header.rs", "table"),
    ("ingest/parse.rs", "values"),
    ("ingest/period.rs", "values"),
    ("ingest/private.rs", "scrub"),
    ("ingest/veil.rs", "veil"),
    ("settings/duration.rs", "settings"),
];

#[test]
fn what_is_parsed_by_hand_is_fuzzed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(root.join("tests/fuzz/Cargo.toml")).expect("the fuzz crate");
    for (file, target) in PARSED_BY_HAND {
        assert!(root.join("src").join(file).is_file(), "{file} is gone");
        assert!(root.join(format!("tests/fuzz/targets/{target}.rs")).is_file(), "{file} has no target `{target}`");
        assert!(fs::read_dir(root.join("tests/fuzz/seeds").join(target)).is_ok_and(|mut d| d.next().is_some()));
        assert!(manifest.contains(&format!("name = \"{target}\"")), "{target} is no binary of the fuzz crate");
    }
    // A new reader of chats or containers is one more; said.rs and mod.rs hold the types and the joints, the others a library.
    let others = ["mod.rs", "said.rs", "packed.rs", "sheets.rs"];
    for (_, path, _) in sources() {
        let name = path.to_string_lossy().replace('\\', "/");
        let reader = ["ingest/chats/", "ingest/containers/"].iter().any(|room| name.starts_with(room));
        if reader && !others.iter().any(|o| name.ends_with(o)) {
            assert!(PARSED_BY_HAND.iter().any(|(file, _)| *file == name), "{name} needs a fuzz target");
        }
    }
}
