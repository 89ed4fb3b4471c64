//! Source mappings: one file per export format says how to recognise it and which column becomes which.

use super::files::{Files, Text, hash_of};
use super::raw_columns::{RAW_COLUMNS, raw_columns};
use super::sheet::{Sheet, SheetRaw};
use crate::base::{Diagnostic, Error, Place, Result, Zone};
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;

/// Folder of the mappings.
pub const FOLDER: &str = "pipelines/sources";

/// One text or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Many<T> {
    One(T),
    All(Vec<T>),
}

impl<T> Many<T> {
    fn list(self) -> Vec<T> {
        match self {
            Many::One(x) => vec![x],
            Many::All(all) => all,
        }
    }
}

/// Takes a value only where another column holds a text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub column: String,
    pub is: String,
}

/// Where a canonical column comes from. Several are tried in order; the first that gives a value wins.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FieldRaw {
    /// Header names, the first one found counts.
    from: Option<Many<String>>,
    /// The same value for every row.
    constant: Option<String>,
    /// A regular expression; its first group is the value.
    capture: Option<String>,
    when: Option<When>,
    /// What an empty value becomes.
    default: Option<String>,
    /// What the export's words mean.
    #[serde(default)]
    values: BTreeMap<String, String>,
    /// What a word becomes that `values` does not list.
    otherwise: Option<String>,
    /// Patterns of times (`%Y-%m-%d %H:%M:%S`), tried in order.
    #[serde(default)]
    formats: Vec<String>,
}

/// A mapping as it is written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceRaw {
    /// What the manifest calls it.
    name: String,
    /// The canonical table; left out for exports that are known and passed over.
    table: Option<String>,
    /// Why an export of this kind holds nothing that is used: its files are passed over with this note.
    passed_over: Option<String>,
    /// How the rows stand in the file: `table` (a header and rows), `qianniu` (copied chat text), `cells` (a customer's
    /// whole conversation in a cell) or `dialogue` (the same with times of day).
    #[serde(default)]
    layout: Layout,
    /// Where a conversation stands that fills one cell.
    conversation: Option<ConversationRaw>,
    /// Names of mappings that read the same file for other tables.
    #[serde(default)]
    also: Vec<String>,
    /// Rows of one key in one file are one row: what becomes of each raw column; of those left out the last value counts.
    #[serde(default)]
    merge: BTreeMap<String, Merge>,
    /// Rows may be longer than the header; what stands behind it is not read.
    #[serde(default)]
    ragged: bool,
    /// Rows that begin with a word such as 合计 are sums, not rows.
    #[serde(default)]
    summary_rows: bool,
    /// A row in which all of these raw columns are empty is a form that nobody has filled in: it is passed over.
    #[serde(default)]
    unfilled: Vec<String>,
    /// `auto` (BOM, strict UTF-8, then GB18030), `utf-8` or `gb18030`.
    #[serde(default = "auto")]
    encoding: String,
    #[serde(default = "comma")]
    delimiter: char,
    /// Zone of local times; left out: the pipeline's.
    zone: Option<String>,
    /// Header names that must be there besides those of the columns that the table needs.
    #[serde(default)]
    signature: Vec<String>,
    /// Whether the paid amount is before (`gross`) or after (`net`) refunds.
    paid_is: Option<PaidIs>,
    /// Texts that stand for "no value".
    #[serde(default = "missing")]
    missing: Vec<String>,
    #[serde(default)]
    columns: BTreeMap<String, Many<FieldRaw>>,
    /// People fill this layout in by hand: it is a sheet of `kaohe template registers`.
    sheet: Option<SheetRaw>,
}

/// Header names of an export with a conversation in a cell.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConversationRaw {
    customer: Many<String>,
    text: Many<String>,
    agent: Option<Many<String>>,
    /// When it began; needed where its lines have times of day alone.
    start: Option<Many<String>>,
}

/// Header names of an export with a conversation in a cell; of each list the first one found counts.
#[derive(Debug, Clone, Default)]
pub struct Conversation {
    pub customer: Vec<String>,
    pub text: Vec<String>,
    pub agent: Vec<String>,
    pub start: Vec<String>,
}

/// How the rows stand in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[default]
    Table,
    Qianniu,
    Cells,
    Dialogue,
}

impl Layout {
    /// The columns that a conversation's text is made into: the mapping names them as if they stood in the file.
    pub const CHAT: [&'static str; 7] = ["main", "buyer", "account", "role", "ts", "kind", "text"];
}

/// What becomes of a column's values where several rows of a file are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Merge {
    Sum,
    First,
    Earliest,
    Latest,
    /// The latest where every row has one, else none: an order is shipped when its last part is.
    LatestOfAll,
    /// The latest where several differ, else none: somebody who punched once has come and not gone.
    LatestOfSeveral,
    /// Different words in order, joined with `、`.
    Distinct,
}

fn auto() -> String {
    "auto".to_owned()
}

fn comma() -> char {
    ','
}

fn missing() -> Vec<String> {
    ["-", "--", "null", "NULL"].map(str::to_owned).to_vec()
}

/// Before or after refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaidIs {
    Gross,
    Net,
}

/// How a file's bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Auto,
    Utf8,
    Gb18030,
}

/// One way to a value.
#[derive(Debug, Clone)]
pub struct Way {
    pub from: Vec<String>,
    pub constant: Option<String>,
    pub capture: Option<Regex>,
    pub when: Option<When>,
    /// What the export's words mean that are found on this way.
    pub values: BTreeMap<String, String>,
    pub otherwise: Option<String>,
}

/// A canonical column's ways and words.
#[derive(Debug, Clone, Default)]
pub struct Field {
    pub ways: Vec<Way>,
    pub default: Option<String>,
    pub formats: Vec<String>,
}

/// A checked mapping.
#[derive(Debug, Clone)]
pub struct Source {
    pub name: String,
    pub file: String,
    /// Empty where files of this kind are passed over.
    pub table: String,
    pub passed_over: Option<String>,
    pub layout: Layout,
    pub conversation: Conversation,
    pub also: Vec<String>,
    pub merge: BTreeMap<String, Merge>,
    pub ragged: bool,
    pub summary_rows: bool,
    /// A row in which all of these raw columns are empty is passed over.
    pub unfilled: Vec<String>,
    pub encoding: Encoding,
    pub delimiter: u8,
    pub zone: Option<Zone>,
    pub signature: Vec<String>,
    pub paid_is: PaidIs,
    pub missing: Vec<String>,
    pub fields: BTreeMap<String, Field>,
    /// Its sheet in the workbook that people fill in.
    pub sheet: Option<Sheet>,
    /// SHA-256 of its text.
    pub hash: String,
}

impl Source {
    /// Whether an export of this kind says which messages are auto replies.
    pub fn marks_auto(&self) -> bool {
        let role = self.fields.get("role").filter(|_| self.layout == Layout::Table);
        role.is_some_and(|f| f.ways.iter().any(|w| w.values.values().any(|v| v == "auto")))
    }
}

/// Reads all mappings of a project.
///
/// # Errors
/// Every problem of every file (exit 2).
pub fn load(files: &Files) -> Result<Vec<Source>> {
    let (mut sources, mut wrong) = (Vec::new(), Vec::new());
    for name in files.list(FOLDER, ".toml")? {
        if let Some(text) = files.read(&name)? {
            match parse(&text) {
                Ok(source) => sources.push(source),
                Err(found) => wrong.extend(found),
            }
        }
    }
    if wrong.is_empty() { Ok(sources) } else { Err(Error::Settings(wrong)) }
}

/// Reads one mapping.
///
/// # Errors
/// Every problem at its place.
pub fn parse(text: &Text) -> Result<Source, Vec<Diagnostic>> {
    let at = |span: Option<Range<usize>>| Place::span(text.name.clone(), &text.text, span.unwrap_or(0..0), "");
    let raw: SourceRaw = toml::from_str(&text.text)
        .map_err(|e| vec![Diagnostic::error("K0140", e.message().to_owned()).at(at(e.span()))])?;
    let mut wrong = Vec::new();
    let mut problem = |key: &str, message: String| {
        let span = text.text.find(key).map(|i| i..i + key.len());
        wrong.push(Diagnostic::error("K0141", message).at(at(span)));
    };
    let table = raw.table.unwrap_or_default();
    let known = raw_columns(&table);
    if raw.passed_over.is_some() != table.is_empty() {
        problem("name", "a mapping has either a `table` or, for exports that are not used, `passed_over`".to_owned());
    } else if known.is_none() && !table.is_empty() {
        let tables: Vec<&str> = RAW_COLUMNS.iter().map(|(t, _)| *t).collect();
        problem("table", format!("there is no table `{table}`; expected one of {}", tables.join(", ")));
    }
    if raw.passed_over.is_some() && raw.signature.is_empty() {
        problem("passed_over", "an export that is passed over is known by its `signature` alone: give one".to_owned());
    }
    if matches!(raw.layout, Layout::Cells | Layout::Dialogue) != raw.conversation.is_some() {
        problem("layout", "`[conversation]` goes with the layouts cells and dialogue".to_owned());
    }
    for column in raw.merge.keys().filter(|m| known.is_some_and(|k| !k.iter().any(|(c, _)| c == m))) {
        problem(column, format!("`{table}` has no column `{column}` to merge"));
    }
    for column in raw.unfilled.iter().filter(|m| known.is_some_and(|k| !k.iter().any(|(c, _)| c == m))) {
        problem(column, format!("`{table}` has no column `{column}` that could be unfilled"));
    }
    let encoding = match raw.encoding.as_str() {
        "auto" => Encoding::Auto,
        "utf-8" => Encoding::Utf8,
        "gb18030" | "gbk" => Encoding::Gb18030,
        other => {
            problem("encoding", format!("`{other}` is no encoding; expected auto, utf-8 or gb18030"));
            Encoding::Auto
        }
    };
    let zone = raw.zone.as_ref().and_then(|z| z.parse::<Zone>().map_err(|e| problem("zone", e)).ok());
    if !raw.delimiter.is_ascii() {
        problem("delimiter", format!("`{}` is no delimiter; expected one ASCII character", raw.delimiter));
    }
    let mut fields = BTreeMap::new();
    for (column, ways) in raw.columns {
        if let Some(known) = known.filter(|k| !k.iter().any(|(c, _)| *c == column)) {
            let names: Vec<&str> = known.iter().map(|(c, _)| *c).collect();
            problem(&column, format!("`{table}` has no column `{column}`; it has {}", names.join(", ")));
        }
        let mut field = Field::default();
        for way in ways.list() {
            let capture = way.capture.as_ref().and_then(|p| match Regex::new(p) {
                Ok(r) if r.captures_len() > 1 => Some(r),
                Ok(_) => {
                    problem(p, format!("the expression of `{column}` needs a group in brackets"));
                    None
                }
                Err(e) => {
                    problem(&column, format!("`{column}`: {e}"));
                    None
                }
            });
            if way.from.is_none() == way.constant.is_none() {
                problem(&column, format!("`{column}` takes either `from` or `constant`"));
            }
            field.ways.push(Way {
                from: way.from.map(Many::list).unwrap_or_default(),
                constant: way.constant,
                capture,
                when: way.when,
                values: way.values,
                otherwise: way.otherwise,
            });
            field.default = field.default.or(way.default);
            field.formats.extend(way.formats);
        }
        fields.insert(column, field);
    }
    if raw.sheet.is_some() && (raw.layout != Layout::Table || table.is_empty()) {
        problem("sheet", "`[sheet]` goes with a table of rows under a header".to_owned());
    }
    let sheet = raw.sheet.map(|s| s.check(&fields, known.unwrap_or(&[]), &mut problem));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Source {
        name: raw.name,
        file: text.name.clone(),
        table,
        passed_over: raw.passed_over,
        layout: raw.layout,
        conversation: raw.conversation.map_or_else(Conversation::default, |c| Conversation {
            customer: c.customer.list(),
            text: c.text.list(),
            agent: c.agent.map(Many::list).unwrap_or_default(),
            start: c.start.map(Many::list).unwrap_or_default(),
        }),
        also: raw.also,
        merge: raw.merge,
        ragged: raw.ragged,
        summary_rows: raw.summary_rows,
        unfilled: raw.unfilled,
        encoding,
        delimiter: raw.delimiter as u8,
        zone,
        signature: raw.signature,
        paid_is: raw.paid_is.unwrap_or(PaidIs::Gross),
        missing: raw.missing,
        fields,
        sheet,
        hash: hash_of([text]),
    })
}
