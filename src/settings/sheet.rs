//! A layout that people fill in by hand: what the workbook of `kaohe template registers` says of its sheet and columns.

use super::rulebook::Words;
use super::rulebook_raw::WordsRaw;
use super::source::Field;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Characters of an explanation and of an example: a spreadsheet's message holds both.
const MOST_ABOUT: usize = 180;
const MOST_EXAMPLE: usize = 40;

/// `[sheet]` of a mapping: its layout is a sheet of the registers' workbook.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetRaw {
    /// Where it stands: sheets are sorted by it.
    place: u32,
    /// Its name; left out: what the pages call the table.
    title: Option<WordsRaw>,
    /// What it is for.
    about: WordsRaw,
    /// What belongs into each column. Columns that are left out here are not on the sheet.
    columns: BTreeMap<String, AboutRaw>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AboutRaw {
    zh: String,
    #[serde(default)]
    en: String,
    /// A value as it is written; times with seconds make a column that shows seconds.
    #[serde(default)]
    example: String,
    /// Which words of `values` the drop-down offers; left out: all, where each means something else.
    #[serde(default)]
    words: Vec<String>,
    /// What else the drop-down offers.
    list: Option<List>,
}

/// Drop-downs whose words are not the mapping's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// The ids on the roster's sheet of the same workbook.
    Staff,
    /// The rules that read the sheet's table; for waivers those that can be waived.
    Rules,
}

/// A checked `[sheet]`.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub place: u32,
    pub title: Option<Words>,
    pub about: Words,
    /// By raw column.
    pub columns: BTreeMap<String, About>,
}

/// What a sheet says of a column.
#[derive(Debug, Clone)]
pub struct About {
    pub text: Words,
    /// Empty where there is none.
    pub example: String,
    /// The drop-down's words with what they mean; empty where `values` has none.
    pub words: Vec<(String, String)>,
    pub list: Option<List>,
}

impl SheetRaw {
    /// The checked sheet. `known`: the table's raw columns and whether a file must have them.
    pub fn check(
        self,
        fields: &BTreeMap<String, Field>,
        known: &[(&str, bool)],
        problem: &mut impl FnMut(&str, String),
    ) -> Sheet {
        let has_header = |c: &str| fields.get(c).is_some_and(|f| f.ways.iter().any(|w| !w.from.is_empty()));
        for (column, _) in self.columns.iter().filter(|(c, _)| !has_header(c)) {
            problem(column, format!("the sheet has a column `{column}` for which [columns] names no header"));
        }
        for (column, _) in known.iter().filter(|(c, must)| *must && has_header(c) && !self.columns.contains_key(*c)) {
            problem("[sheet.columns]", format!("the sheet lacks `{column}`, without which no row can be read"));
        }
        let columns = self.columns.into_iter().map(|(c, raw)| {
            let about = raw.check(&c, fields.get(&c), problem);
            (c, about)
        });
        let columns = columns.collect();
        Sheet { place: self.place, title: self.title.map(Words::from), about: self.about.into(), columns }
    }
}

impl AboutRaw {
    fn check(self, column: &str, field: Option<&Field>, problem: &mut impl FnMut(&str, String)) -> About {
        let text = Words { zh: self.zh.trim().to_owned(), en: self.en.trim().to_owned() };
        if text.zh.is_empty() {
            problem(column, format!("say what belongs into `{column}`"));
        }
        let long = |t: &str, most: usize| t.chars().count() > most;
        if long(&text.zh, MOST_ABOUT) || long(&text.en, MOST_ABOUT) || long(&self.example, MOST_EXAMPLE) {
            let most = format!("{MOST_ABOUT} characters, its example {MOST_EXAMPLE}");
            problem(
                column,
                format!("what is said of `{column}` is too long for a spreadsheet's message: at most {most}"),
            );
        }
        // Words of other languages mean the same as the table's own.
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let values = field.into_iter().flat_map(|f| &f.ways).flat_map(|w| &w.values);
        for (word, meaning) in values.clone().filter(|(word, _)| !word.is_ascii()) {
            all.entry(meaning).or_default().push(word);
        }
        let mut words: Vec<(String, String)> = Vec::new();
        for (meaning, said) in &all {
            let chosen: Vec<&&str> =
                said.iter().filter(|w| self.words.is_empty() || self.words.iter().any(|c| c == *w)).collect();
            match chosen.as_slice() {
                [word] => words.push(((**word).to_owned(), (*meaning).to_owned())),
                _ => problem(
                    column,
                    format!(
                        "`words` of `{column}` on the sheet has to name one of {} for `{meaning}`",
                        said.join(", ")
                    ),
                ),
            }
        }
        let known: Vec<&str> = all.values().flatten().copied().collect();
        for word in self.words.iter().filter(|w| !known.contains(&w.as_str())) {
            problem(word, format!("`{word}` is no word of `values` of `{column}`"));
        }
        About { text, example: self.example, words, list: self.list }
    }
}
