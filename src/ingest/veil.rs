//! Files, sheets and folders that are called after a customer, or hold his telephone number: the lake knows them by their hash and place instead, so
//! that no nick is in its lineage and the row is found again all the same.

use super::containers::Piece;
use super::private;
use std::collections::BTreeSet;

/// Hex digits of a file's hash that stand for its name.
const DIGITS: usize = 8;

/// Whether a name could be a veiled one.
pub fn may_be(name: &str) -> bool {
    name.split(['/', '#']).any(|part| {
        let stem = part.split('.').next().unwrap_or("");
        stem.len() == DIGITS && stem.bytes().all(|b| b.is_ascii_hexdigit())
    }) || name.rsplit_once('#').is_some_and(|(_, sheet)| sheet.bytes().all(|b| b.is_ascii_digit()))
}

/// What the lineage calls a piece that holds conversations of these customers.
pub fn name(piece: &Piece, customers: &BTreeSet<String>, sha256: &str) -> String {
    let named =
        |part: &str| customers.iter().any(|c| part == c || c.chars().nth(1).is_some() && part.contains(c.as_str()));
    let tells = |part: &str| named(part) || private::scrub(part) != part;
    let parts = piece.file().split('/');
    let shown = parts.map(|part| if tells(part) { veiled(part, sha256) } else { part.to_owned() });
    let name = shown.collect::<Vec<_>>().join("/");
    match &piece.sheet {
        Some((number, sheet)) if tells(sheet) => format!("{name}#{number}"),
        Some((_, sheet)) => format!("{name}#{sheet}"),
        None => name,
    }
}

/// Whether the lineage calls a piece so.
pub fn is(name: &str, piece: &Piece, sha256: &str) -> bool {
    let as_file = |wanted: &str| {
        let (wanted, own): (Vec<&str>, Vec<&str>) = (wanted.split('/').collect(), piece.file().split('/').collect());
        wanted.len() == own.len() && wanted.iter().zip(own).all(|(w, part)| *w == part || *w == veiled(part, sha256))
    };
    let Some((number, sheet)) = &piece.sheet else { return as_file(name) };
    let files = [sheet.clone(), number.to_string()].map(|sheet| name.strip_suffix(&format!("#{sheet}")));
    files.into_iter().flatten().any(as_file)
}

/// The hash with the part's endings (`.zip`, `.txt.gz`): they say what it is.
fn veiled(part: &str, sha256: &str) -> String {
    let known = |e: &&str| {
        ["txt", "log", "csv", "tsv", "json", "jsonl", "ndjson", "xls", "xlsx", "xlsm", "zip", "gz", "zst"].contains(e)
    };
    let mut endings: Vec<&str> = part.rsplit('.').take_while(known).collect();
    endings.reverse();
    let stem = sha256.get(..DIGITS).unwrap_or(sha256);
    std::iter::once(stem).chain(endings).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::containers::Form;

    fn piece(name: &str) -> Piece {
        let sheet = name.split_once(".xlsx#").map(|(_, sheet)| (3, sheet.to_owned()));
        Piece { name: name.to_owned(), path: "0".into(), form: Form::Text, made_of: None, origin: None, sheet }
    }

    #[test]
    fn names_of_customers_are_veiled_and_found_again() {
        let customers: BTreeSet<String> = ["小王甲", "李"].map(str::to_owned).into_iter().collect();
        let sha256 = "0123456789abcdef";
        for (was, shown) in [
            ("云途/与小王甲的聊天.v2.txt.gz", "云途/01234567.txt.gz"),
            ("小王甲.zip/聊天.txt", "01234567.zip/聊天.txt"),
            ("聊天.xlsx#小王甲", "聊天.xlsx#3"),
            ("聊天.xlsx#李", "聊天.xlsx#3"),
            ("客服#1/小王甲#2.xlsx#小王甲", "客服#1/01234567.xlsx#3"),
            ("13811112222张三丰.txt", "01234567.txt"),
            ("1791430000_订单.csv", "1791430000_订单.csv"),
            ("ExportOrderList202606010900.csv", "ExportOrderList202606010900.csv"),
            ("李宁旗舰店.csv", "李宁旗舰店.csv"),
            ("五月.xlsx#订单", "五月.xlsx#订单"),
            ("订单#1.csv", "订单#1.csv"),
        ] {
            let piece = piece(was);
            assert_eq!(name(&piece, &customers, sha256), shown);
            assert!(is(shown, &piece, sha256) && (was == shown || may_be(shown)), "{shown}");
            assert!(!is("b.txt", &piece, sha256));
        }
    }
}
