//! What the workbook says: sheets, columns and rules, out of the source mappings, the tables and the rulebook.

use crate::base::Month;
use crate::ingest::plan::lake_name;
use crate::lake::schema::{self, Column as LakeColumn, Table, Type, WAIVERS};
use crate::report::words::Words;
use crate::rules::Plan;
use crate::settings::raw_columns::raw_columns;
use crate::settings::rulebook::{Points, Rule};
use crate::settings::sheet::{About, List, Sheet as Layout};
use crate::settings::source::{Field, Source};
use std::collections::BTreeMap;

/// Points that may be entered where no rule has a range, hundredths.
const ANY_POINTS: (i32, i32) = (0, 10_000);

/// The whole workbook.
#[derive(Debug)]
pub struct Book {
    /// `zh` or `en`.
    pub lang: String,
    pub month: Option<Month>,
    /// Title and version of the rulebook.
    pub rulebook: (String, String),
    pub sheets: Vec<Sheet>,
    /// Every rule that some sheet's list offers.
    pub rules: Vec<Choice>,
}

/// A register's sheet.
#[derive(Debug)]
pub struct Sheet {
    pub table: &'static str,
    pub title: String,
    pub about: String,
    /// Rules that read the table: id and title.
    pub read_by: Vec<(String, String)>,
    pub columns: Vec<Column>,
}

/// A column of a sheet.
#[derive(Debug)]
pub struct Column {
    /// The raw column's name.
    pub name: &'static str,
    /// The header: ingest finds the column by it.
    pub header: String,
    /// Whether a row without a value is refused.
    pub required: bool,
    pub about: String,
    pub example: String,
    pub kind: Kind,
}

/// What a column takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of these.
    Words(Vec<String>),
    /// Yes or no.
    Flag,
    /// An id of the roster's sheet.
    Staff,
    /// One of these rules.
    Rule(Vec<Choice>),
    Date,
    /// Date and time of day, to the minute or the second.
    Time {
        seconds: bool,
    },
    /// A time of day; the row has its date elsewhere.
    Clock,
    /// A whole number that is not negative.
    Whole,
    /// Yuan.
    Money,
    /// Hundredths, both included.
    Points(i32, i32),
    /// As the rule in the column of this place allows.
    PointsOf(usize),
}

impl Kind {
    /// The rules that it offers.
    pub fn choices(&self) -> Option<&[Choice]> {
        match self {
            Kind::Rule(choices) => Some(choices),
            _ => None,
        }
    }
}

/// A rule in a drop-down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub id: String,
    pub title: String,
    pub clause: String,
    /// As the list offers it; ingest takes the id out of it.
    pub shown: String,
    /// Least and most points that a row may state, hundredths.
    pub points: (i32, i32),
}

impl Book {
    /// `month`: rules that are not in force in it are left out.
    pub fn new(sources: &[Source], plan: &Plan<'_>, lang: &str, month: Option<Month>, words: &Words) -> Book {
        let mut layouts: Vec<(&Source, &Layout)> =
            sources.iter().filter_map(|s| s.sheet.as_ref().map(|l| (s, l))).collect();
        layouts.sort_by_key(|(s, l)| (l.place, s.name.as_str()));
        let view = View { plan, lang, month, words };
        let sheets: Vec<Sheet> = layouts.into_iter().filter_map(|(s, l)| view.sheet(s, l)).collect();
        let mut rules: BTreeMap<String, Choice> = BTreeMap::new();
        for choice in sheets.iter().flat_map(|s| &s.columns).filter_map(|c| c.kind.choices()).flatten() {
            rules.insert(choice.id.clone(), choice.clone());
        }
        let rulebook = (plan.book.title.get(lang).to_owned(), plan.book.version.clone());
        Book { lang: lang.to_owned(), month, rulebook, sheets, rules: rules.into_values().collect() }
    }
}

struct View<'a> {
    plan: &'a Plan<'a>,
    lang: &'a str,
    month: Option<Month>,
    words: &'a Words,
}

impl View<'_> {
    fn sheet(&self, source: &Source, layout: &Layout) -> Option<Sheet> {
        let table = schema::table(&source.table)?;
        let title = layout.title.as_ref().map(|t| t.get(self.lang).to_owned());
        let rules = self.rules(|rule| self.reads(rule, table.name));
        let mut columns: Vec<Column> = Vec::new();
        for (name, _) in raw_columns(table.name)? {
            let Some((about, field)) = layout.columns.get(*name).zip(source.fields.get(*name)) else { continue };
            let column = table.column(lake_name(table.name, name))?;
            let rule_at = columns.iter().position(|c| matches!(c.kind, Kind::Rule(_)));
            columns.push(Column {
                name,
                header: self.header(field),
                required: !column.null && field.default.is_none(),
                about: about.text.get(self.lang).to_owned(),
                example: about.example.clone(),
                kind: self.kind(table, name, &column, field, about, rule_at),
            });
        }
        Some(Sheet {
            table: table.name,
            title: title.unwrap_or_else(|| self.words.named("lake", table.name)),
            about: layout.about.get(self.lang).to_owned(),
            read_by: rules.iter().map(|(_, r)| (r.id.clone(), r.title.get(self.lang).to_owned())).collect(),
            columns,
        })
    }

    /// Rules in force that are wanted, one of each id: the newest.
    fn rules(&self, wanted: impl Fn(usize) -> bool) -> Vec<(usize, &Rule)> {
        let starts = |r: &Rule, m: Month| r.effective_from.is_none_or(|d| d <= m.last_day());
        let ends = |r: &Rule, m: Month| r.effective_to.is_none_or(|d| m.first_day() <= d);
        let in_force = |r: &Rule| self.month.is_none_or(|m| starts(r, m) && ends(r, m));
        let all = self.plan.book.rules.iter().enumerate().filter(|(i, r)| in_force(r) && wanted(*i));
        let newest: BTreeMap<&str, (usize, &Rule)> = all.map(|(i, r)| (r.id.as_str(), (i, r))).collect();
        newest.into_values().collect()
    }

    fn reads(&self, rule: usize, table: &str) -> bool {
        self.plan.detector(rule).is_some_and(|d| d.needs().iter().any(|(t, _)| *t == table))
    }

    /// The first header name in the language: the mapping's own names begin with the canonical one.
    fn header(&self, field: &Field) -> String {
        let mut names = field.ways.iter().flat_map(|w| &w.from);
        let first = names.clone().next();
        names.find(|n| n.is_ascii() == (self.lang == "en")).or(first).cloned().unwrap_or_default()
    }

    fn kind(
        &self,
        table: &'static Table,
        name: &str,
        column: &LakeColumn,
        field: &Field,
        about: &About,
        rule_at: Option<usize>,
    ) -> Kind {
        match (about.list, column.kind) {
            (Some(List::Staff), _) => return Kind::Staff,
            (Some(List::Rules), _) => return Kind::Rule(self.choices(table, name, field)),
            _ => {}
        }
        // Of these the lake keeps a length, a hash or a pseudonym: people write texts.
        if ["text", "buyer"].contains(&name) {
            return Kind::Text;
        }
        // Chinese words where the mapping has them, in the order of the table's own.
        let said = |w: &&'static str| about.words.iter().find(|(_, m)| m == w).filter(|_| self.lang != "en");
        let word = |w: &&'static str| said(w).map_or_else(|| (*w).to_owned(), |(word, _)| word.clone());
        match column.kind {
            Type::Bool => Kind::Flag,
            Type::Date => Kind::Date,
            Type::Time if table.column("date").is_some() => Kind::Clock,
            Type::Time => Kind::Time { seconds: about.example.matches(':').count() == 2 },
            Type::Int32 if name == "points" => rule_at.map_or_else(|| self.points(table), Kind::PointsOf),
            Type::Int64 if column.name.ends_with("_fen") => Kind::Money,
            Type::Int32 | Type::Int64 => Kind::Whole,
            _ if column.words.is_empty() => Kind::Text,
            _ => Kind::Words(column.words.iter().map(word).collect()),
        }
    }

    /// The range of all rules that read the table's points.
    fn points(&self, table: &Table) -> Kind {
        let states =
            |i: usize| self.reads(i, table.name) && self.plan.book.rules[i].detect.params.get("points").is_some();
        let ranges = self.rules(states).into_iter().map(|(_, r)| allowed(r));
        let (least, most) = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or(ANY_POINTS);
        Kind::Points(least, most)
    }

    /// The rules that a column can name.
    fn choices(&self, table: &Table, column: &str, field: &Field) -> Vec<Choice> {
        let waivers = table.name == WAIVERS.name;
        let wanted = |i: usize| if waivers { self.plan.book.rules[i].waivable } else { self.reads(i, table.name) };
        let mut choices: Vec<Choice> = Vec::new();
        for (_, rule) in self.rules(wanted) {
            let named = if waivers { Vec::new() } else { asked(rule, column) };
            for id in if named.is_empty() { vec![rule.id.clone()] } else { named } {
                let title = rule.title.get(self.lang).to_owned();
                let both = format!("{id} {title}");
                // A mapping that does not take the id out of the text gets the id alone.
                let shown = if taken(field, &both) == Some(&id) { both } else { id.clone() };
                choices.push(Choice { id, title, clause: rule.clause.clone(), shown, points: allowed(rule) });
            }
        }
        choices
    }
}

/// The words of a column that a rule's condition asks for: an incident is written with these.
fn asked(rule: &Rule, column: &str) -> Vec<String> {
    let tables = match rule.detect.params.get("where") {
        Some(toml::Value::Table(all)) => vec![all],
        Some(toml::Value::Array(any)) => any.iter().filter_map(toml::Value::as_table).collect(),
        _ => Vec::new(),
    };
    let mut words: Vec<String> = Vec::new();
    for value in tables.into_iter().filter_map(|t| t.get(column)) {
        match value {
            toml::Value::Array(some) => words.extend(some.iter().filter_map(|v| v.as_str().map(str::to_owned))),
            one => words.extend(one.as_str().map(str::to_owned)),
        }
    }
    words.dedup();
    words
}

/// What a mapping makes of a text.
fn taken<'t>(field: &Field, text: &'t str) -> Option<&'t str> {
    let way = field.ways.iter().find(|w| !w.from.is_empty())?;
    match &way.capture {
        Some(pattern) => pattern.captures(text)?.get(1).map(|m| m.as_str()),
        None => Some(text),
    }
}

/// Least and most points that a row may state for a rule.
fn allowed(rule: &Rule) -> (i32, i32) {
    let ranges = rule.charge.iter().filter_map(|c| match c.points {
        Points::Range { min, max } => Some((min, max)),
        Points::Fixed(_) => None,
    });
    let fixed = rule.charge.iter().find_map(|c| match c.points {
        Points::Fixed(n) => Some((n, n)),
        Points::Range { .. } => None,
    });
    let range = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    range.or(fixed).unwrap_or(ANY_POINTS)
}
