//! Names of files, folders and sheets that tell of a customer: the first line is the name (a sheet behind a tab), the others
//! are the customers.
#![no_main]

use kaohe_fuzz::ingest::containers::{Form, Piece};
use kaohe_fuzz::ingest::{private, veil};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let (path, sheet) = match lines.next().unwrap_or("").split_once('\t') {
        Some((path, sheet)) => (path, Some(sheet)),
        None => (text.split('\n').next().unwrap_or(""), None),
    };
    let customers: BTreeSet<String> = lines.map(str::to_owned).filter(|c| !c.is_empty()).collect();
    let name = sheet.map_or(path.to_owned(), |s| format!("{path}#{s}"));
    let sheet = sheet.map(|s| (3, s.to_owned()));
    let piece = Piece { name, path: "0".into(), form: Form::Text, made_of: None, origin: None, sheet };
    let shown = veil::name(&piece, &customers, SHA256);
    assert!(veil::is(&shown, &piece, SHA256), "{shown} for {piece:?}");
    assert!(shown == piece.name || veil::may_be(&shown), "{shown} for {piece:?}");
    // Nor is anything veiled for nothing: a telephone number tells of somebody, too.
    let is_clean = |part: &str| private::scrub(part) == part;
    if customers.is_empty() && is_clean(&piece.name) && piece.name.split(['/', '#']).all(is_clean) {
        assert_eq!(shown, piece.name);
    }
    // A nick of two characters or more is in no part that was veiled.
    for customer in customers.iter().filter(|c| c.chars().nth(1).is_some() && !c.contains(['/', '#', '.'])) {
        let made = [
            "txt",
            "log",
            "csv",
            "tsv",
            "json",
            "jsonl",
            "ndjson",
            "xls",
            "xlsx",
            "xlsm",
            "zip",
            "gz",
            "zst",
            &SHA256[..8],
        ];
        let own = made.iter().any(|m| m.contains(customer.as_str())) || customer == "3";
        assert!(own || !shown.contains(customer.as_str()), "{customer} is in {shown}");
    }
});
