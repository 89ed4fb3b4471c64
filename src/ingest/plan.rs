//! A source and a file's header made into a plan: for each raw column where its value is found.

use super::private;
use super::recognise::{fold, position};
use super::record::Record;
use crate::settings::raw_columns::raw_columns;
use crate::settings::source::{Field, Source};
use csv::StringRecord;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// What a file's name, place and rows tell as a whole: in mappings `@file`, `@sheet`, `@folder`, `@main`.
#[derive(Debug, Clone, Default)]
pub struct Virtual {
    pub file: String,
    pub sheet: String,
    /// The first folder below the raw folder that has a name in letters; empty where there is none.
    pub folder: String,
    /// Main account of the first agent's account that the file names; empty where no source asks for it.
    pub main: String,
}

impl Virtual {
    fn get(&self, name: &str) -> Option<&str> {
        let text = match name {
            "@file" => &self.file,
            "@sheet" => &self.sheet,
            "@folder" => &self.folder,
            "@main" => &self.main,
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }
}

#[derive(Debug)]
struct Way {
    at: Option<usize>,
    constant: Option<String>,
    capture: Option<Regex>,
    when: Option<(usize, String)>,
    values: BTreeMap<String, String>,
    otherwise: Option<String>,
}

#[derive(Debug)]
struct Resolved {
    ways: Vec<Way>,
    /// A field that is taken as it is: the one way of most columns.
    plain: Option<usize>,
    default: Option<String>,
    formats: Vec<String>,
    /// People's words are taken as they are, blanks at their ends excepted.
    verbatim: bool,
}

/// As [`str::trim`]; most texts have no blank at either end.
#[inline]
fn trimmed(text: &str) -> &str {
    // Blanks beyond ASCII begin with one of these: https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt.
    let may_begin = |b: &u8| *b <= b' ' || matches!(b, 0xC2 | 0xE1..=0xE3);
    let may_end = |b: &u8| *b <= b' ' || !b.is_ascii() && text.chars().next_back().is_some_and(char::is_whitespace);
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(may_begin) || bytes.last().is_some_and(may_end) { text.trim() } else { text }
}

/// Takes off what spreadsheets and exports put around a value so that it stays a text: `="123"`, `'123`.
#[inline]
fn unwrapped(text: &str) -> &str {
    let text = trimmed(text);
    match text.as_bytes().first() {
        Some(b'=') => text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).map_or(text, str::trim),
        Some(b'\'') => text[1..].trim_start(),
        _ => text,
    }
}

/// Characters of the longest header name that is told.
const LONGEST_NAME: usize = 32;

/// How to read the rows of one file.
#[derive(Debug)]
pub struct Plan<'a> {
    pub source: &'a Source,
    columns: Vec<(&'static str, Option<Resolved>)>,
    /// Canonical columns that the file delivers, as the lake names them.
    pub delivered: BTreeSet<String>,
    /// Raw columns and the header names that they are taken from.
    pub mapped: Vec<(String, Vec<String>)>,
    pub unmapped: Vec<String>,
    /// Which bytes words for a missing value begin with.
    missing: [bool; 256],
}

/// The lake's name of a table's raw column: what is derived from it where it is not kept as it is.
pub fn lake_name<'r>(table: &str, raw: &'r str) -> &'r str {
    match (table, raw) {
        (_, "buyer") => "buyer_key",
        (_, "goods") => "goods_fen",
        (_, "paid") => "paid_fen",
        (_, "refund") => "refund_fen",
        (_, "sales") => "sales_fen",
        ("tool_figures", "first_response") => "first_response_ms",
        ("tool_figures", "response") => "response_ms",
        ("annotations", "text") => "chars",
        ("auto_reply_texts", "text") => "text_sha256",
        (_, other) => other,
    }
}

/// A header name that nothing takes, as it is told: one that is no plain name may hold what is a customer's, and scripts
/// save conversations by nick as fields inside a field.
fn told(at: usize, name: &str) -> String {
    let name = name.trim();
    if name.chars().count() > LONGEST_NAME || name.contains(['\n', '\r']) || private::scrub(name) != name {
        return format!("column {}", at + 1);
    }
    match name.split_once('.') {
        Some((outer, inner)) if !inner.is_empty() => format!("{outer}.*"),
        _ => name.to_owned(),
    }
}

impl<'a> Plan<'a> {
    /// `header` as it stands in the file.
    pub fn new(source: &'a Source, header: &StringRecord, of_file: &Virtual) -> Plan<'a> {
        let folded: Vec<String> = header.iter().map(fold).collect();
        let (mut columns, mut delivered, mut used) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        let mut mapped = Vec::new();
        for (name, _) in raw_columns(&source.table).unwrap_or(&[]) {
            let resolved = source.fields.get(*name).and_then(|f| resolve(name, f, &folded, of_file, &mut used));
            if resolved.as_ref().is_some_and(|r| !r.ways.is_empty()) {
                delivered.insert(lake_name(&source.table, name).to_owned());
                let ways = resolved.iter().flat_map(|r| &r.ways);
                let mut from: Vec<String> =
                    ways.filter_map(|w| header.get(w.at?)).map(|h| h.trim().to_owned()).collect();
                from.dedup();
                mapped.push(((*name).to_owned(), from));
            }
            columns.push((*name, resolved));
        }
        let unmapped = header
            .iter()
            .enumerate()
            .filter(|(i, h)| !used.contains(i) && !h.trim().is_empty())
            .map(|(i, h)| told(i, h));
        let mut unmapped: Vec<String> = unmapped.collect();
        unmapped.dedup();
        Plan { columns, delivered, mapped, unmapped, ..Plan::empty(source) }
    }

    /// One that finds nothing.
    pub fn empty(source: &'a Source) -> Plan<'a> {
        let mut missing = [false; 256];
        source.missing.iter().filter_map(|m| m.as_bytes().first()).for_each(|b| missing[usize::from(*b)] = true);
        let (columns, delivered) = (Vec::new(), BTreeSet::new());
        Plan { source, columns, delivered, mapped: Vec::new(), unmapped: Vec::new(), missing }
    }

    /// Whether a row is a form that nobody has filled in.
    pub fn unfilled(&self, row: Record<'_>) -> bool {
        let columns = &self.source.unfilled;
        !columns.is_empty() && columns.iter().all(|c| self.get(self.index(c), row).is_none())
    }

    /// Index of a raw column, for [`Plan::get`].
    pub fn index(&self, name: &str) -> usize {
        self.columns.iter().position(|(n, _)| *n == name).unwrap_or(usize::MAX)
    }

    /// A raw column's value in a row; `None` where the file has none there.
    #[inline]
    pub fn get<'r>(&'r self, index: usize, row: Record<'r>) -> Option<&'r str> {
        let resolved = self.columns.get(index)?.1.as_ref()?;
        match resolved.plain {
            Some(at) => row.get(at).and_then(|t| self.value(resolved, t)).or(resolved.default.as_deref()),
            None => self.by_ways(resolved, row),
        }
    }

    /// What a field says; `None` where it says that there is nothing.
    #[inline]
    fn value<'r>(&self, resolved: &Resolved, field: &'r str) -> Option<&'r str> {
        let text = if resolved.verbatim { trimmed(field) } else { unwrapped(field) };
        let first = usize::from(*text.as_bytes().first()?);
        let missing = self.missing[first] && self.source.missing.iter().any(|m| m == text);
        (!missing).then_some(text)
    }

    fn by_ways<'r>(&self, resolved: &'r Resolved, row: Record<'r>) -> Option<&'r str> {
        for way in &resolved.ways {
            if let Some((at, is)) = &way.when
                && row.get(*at).map(str::trim) != Some(is)
            {
                continue;
            }
            let found = match (&way.constant, way.at) {
                (Some(constant), _) => constant.as_str(),
                (None, Some(at)) => row.get(at).unwrap_or(""),
                (None, None) => continue,
            };
            let found = match &way.capture {
                Some(pattern) => match pattern.captures(found).and_then(|c| c.get(1)) {
                    Some(found) => found.as_str(),
                    None => continue,
                },
                None => found,
            };
            if let Some(found) = self.value(resolved, found) {
                let otherwise = way.otherwise.as_deref().unwrap_or(found);
                return Some(way.values.get(found).map_or(otherwise, String::as_str));
            }
        }
        resolved.default.as_deref()
    }

    /// Patterns of times of a raw column.
    pub fn formats(&self, index: usize) -> &[String] {
        self.columns.get(index).and_then(|(_, r)| r.as_ref()).map_or(&[], |r| r.formats.as_slice())
    }
}

fn resolve(
    name: &str,
    field: &Field,
    header: &[String],
    of_file: &Virtual,
    used: &mut BTreeSet<usize>,
) -> Option<Resolved> {
    let mut ways = Vec::new();
    for way in &field.ways {
        let at = way.from.iter().find_map(|n| position(header, n));
        let when = match &way.when {
            None => None,
            Some(w) => match position(header, &w.column) {
                Some(at) => Some((at, w.is.clone())),
                None => continue,
            },
        };
        let told = way.from.iter().find_map(|n| of_file.get(n)).filter(|_| at.is_none());
        let constant = way.constant.clone().or(told.map(str::to_owned));
        if at.is_some() || constant.is_some() {
            used.extend(at);
            used.extend(when.as_ref().map(|w| w.0));
            let (values, otherwise) = (way.values.clone(), way.otherwise.clone());
            ways.push(Way { at, constant, capture: way.capture.clone(), when, values, otherwise });
        }
    }
    let plain = match ways.as_slice() {
        [Way { at, constant: None, capture: None, when: None, values, otherwise: None }] if values.is_empty() => *at,
        _ => None,
    };
    // A default also stands for a column that the file lacks.
    (!ways.is_empty() || field.default.is_some()).then(|| Resolved {
        ways,
        plain,
        default: field.default.clone(),
        formats: field.formats.clone(),
        verbatim: name == "text",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_blank_is_trimmed() {
        for blank in (0..=u32::from(char::MAX)).filter_map(char::from_u32).filter(|c| c.is_whitespace()) {
            for text in [format!("{blank}字"), format!("字{blank}"), format!("{blank}a{blank}"), blank.to_string()] {
                assert_eq!(trimmed(&text), text.trim(), "{text:?}");
            }
        }
    }

    use crate::lake::schema;
    use crate::settings::raw_columns::RAW_COLUMNS;
    use crate::settings::{Files, source};

    /// Made at ingest of other columns.
    const DERIVED: [&str; 8] =
        ["buyer_mask", "on", "chars", "closing", "filter", "auto_text_id", "promotion_ids", "quoted_order_ids"];

    #[test]
    fn raw_columns_and_the_lake_s_are_the_same() {
        for (name, raw) in RAW_COLUMNS {
            let table = schema::table(name).unwrap();
            for (column, _) in raw {
                let known = table.column(lake_name(name, column)).is_some() || (name, *column) == ("messages", "text");
                assert!(known, "{name}.{column}");
            }
            for column in table.columns {
                let given = raw.iter().any(|(c, _)| lake_name(name, c) == column.name);
                assert!(given || DERIVED.contains(&column.name), "{name}.{} comes from nowhere", column.name);
            }
        }
    }

    #[test]
    fn the_tool_s_own_layout_has_every_column() {
        let sources = source::load(&Files::new(std::path::Path::new("nowhere"))).unwrap();
        for (name, raw) in RAW_COLUMNS {
            let own = sources.iter().find(|s| s.name == format!("kaohe-{}", name.replace('_', "-"))).unwrap();
            for (column, _) in raw {
                assert!(own.fields.contains_key(*column), "{name}.{column}");
            }
        }
    }
}
