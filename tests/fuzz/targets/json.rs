//! JSON into rows: one for each object, its fields under their names.
#![no_main]

use kaohe_fuzz::whole;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fn objects(text: &str) -> Option<Vec<Map<String, Value>>> {
    if text.trim_start().starts_with('[') {
        return serde_json::from_str(text).ok();
    }
    text.split('\n').filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).ok()).collect()
}

fuzz_target!(|text: &str| {
    // A mark at the start is none of the text; blanks are those of ASCII.
    if text.starts_with(['\u{feff}', '\u{fffe}'])
        || text.contains(|c: char| c.is_whitespace() && !" \t\r\n".contains(c))
    {
        whole(text.as_bytes(), "a.jsonl", |_| ());
        return;
    }
    let expected = objects(text);
    whole(text.as_bytes(), "a.jsonl", |found| {
        assert_eq!(found.diagnostics.is_empty(), expected.is_some(), "{:?}", found.diagnostics);
        for d in &found.diagnostics {
            // What is wrong is told without the text.
            assert!(d.message.len() < 200, "{}", d.message);
        }
        let (Some(objects), Some(piece)) = (&expected, found.pieces.first()) else { return };
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_path(&piece.path).expect("rows");
        let header = rows.headers().expect("a header").clone();
        let rows: Vec<_> = rows.records().map(|r| r.expect("a row")).collect();
        assert_eq!(rows.len(), objects.len());
        for (row, object) in rows.iter().zip(objects) {
            for (name, value) in object {
                // Two fields of one name where names hold dots: the last one counts.
                let twice = name.contains('.') || name.is_empty();
                if let (Value::String(text), false) = (value, twice) {
                    let at = header.iter().skip(1).position(|h| h == name).expect("the field's column") + 1;
                    assert_eq!(row.get(at), Some(text.as_str()), "{name}");
                }
            }
        }
    });
});
