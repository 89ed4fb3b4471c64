//! A rulebook as people write it: `book.toml` says how points become a score, every other file of the folder holds
//! rules.

use super::codes;
use super::document::{Checked, Document};
use super::files::{Text, hash_of};
use super::points::{Number, hundredths};
use super::rule_raw::RuleRaw;
use super::rulebook::{Rule, Rulebook, Scoring, Words};
use crate::base::{Diagnostic, Place};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// The file that says what holds for all rules.
const BOOK: &str = "book";

/// `book.toml`: the version and how points become a score.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "kaohe rulebook: book.toml")]
pub struct BookRaw {
    /// Printed on every deduction; change it with every change of a rule.
    #[schemars(with = "String")]
    version: Spanned<String>,
    title: WordsRaw,
    #[schemars(with = "ScoringRaw")]
    scoring: Spanned<ScoringRaw>,
}

/// Chinese, and English where there is any.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsRaw {
    zh: String,
    #[serde(default)]
    en: String,
}

impl From<WordsRaw> for Words {
    fn from(raw: WordsRaw) -> Words {
        Words { zh: raw.zh.trim().to_owned(), en: raw.en.trim().to_owned() }
    }
}

/// Where a month starts, where it cannot fall below, and the lower limits of the grades; points.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ScoringRaw {
    #[schemars(with = "f64")]
    base: Spanned<Number>,
    #[schemars(with = "f64")]
    floor: Spanned<Number>,
    #[schemars(with = "f64")]
    excellent: Spanned<Number>,
    #[schemars(with = "f64")]
    good: Spanned<Number>,
    #[schemars(with = "f64")]
    pass: Spanned<Number>,
}

/// Rules; any file of the folder beside `book.toml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "kaohe rulebook: rules")]
pub struct RulesRaw {
    #[serde(default)]
    #[schemars(with = "Vec<RuleRaw>")]
    rule: Vec<Spanned<RuleRaw>>,
}

/// Reads all files of a rulebook's folder. `folder` is its name, for the case that it holds no `book.toml`.
pub fn parse(folder: &str, texts: &[Text]) -> Checked<Rulebook> {
    let mut found = Vec::new();
    let mut book = None;
    let mut rules = Vec::new();
    for text in texts {
        let checked = if text.stem() == BOOK {
            book_of(text).map(|b| book = Some(b))
        } else {
            rules_of(text).map(|r| rules.extend(r))
        };
        found.extend(checked.err().into_iter().flatten());
    }
    if !texts.iter().any(|t| t.stem() == BOOK) {
        let place = Place::file(format!("{folder}/{BOOK}.toml"), "");
        let help = "it holds version, title and [scoring]; `kaohe init` writes one, or mend `rulebook` of the pipeline";
        found.push(Diagnostic::error(codes::NOT_FOUND, "the rulebook has no book.toml").at(place).help(help));
    }
    rules.sort_by(|a, b| (&a.id, a.effective_from).cmp(&(&b.id, b.effective_from)));
    found.extend(overlaps(&rules));
    match book {
        Some((version, title, scoring)) if found.is_empty() => {
            Ok(Rulebook { version, title, scoring, rules, hash: hash_of(texts.iter()) })
        }
        _ => Err(found),
    }
}

fn book_of(text: &Text) -> Checked<(String, Words, Scoring)> {
    let mut file = Document::new(text);
    let raw = file.read::<BookRaw>();
    let checked = raw.and_then(|raw| {
        if raw.version.get_ref().trim().is_empty() {
            file.wrong(codes::MISSING, raw.version.span(), "the version is empty", "write one such as \"2026.1\"");
        }
        let scoring = scoring_of(raw.scoring, &mut file)?;
        Some((raw.version.into_inner(), raw.title.into(), scoring))
    });
    file.finish(checked)
}

fn scoring_of(raw: Spanned<ScoringRaw>, file: &mut Document) -> Option<Scoring> {
    let span = raw.span();
    let raw = raw.into_inner();
    let [base, floor, excellent, good, pass] =
        [&raw.base, &raw.floor, &raw.excellent, &raw.good, &raw.pass].map(|number| hundredths(number, file));
    let scoring = Scoring { base: base?, floor: floor?, excellent: excellent?, good: good?, pass: pass? };
    let ladder = [scoring.floor, scoring.pass, scoring.good, scoring.excellent, scoring.base];
    if !ladder.is_sorted() {
        let message = "the grades are out of order: floor ≤ pass ≤ good ≤ excellent ≤ base has to hold";
        file.wrong(codes::LIMITS, span, message, "such as floor 0, pass 60, good 80, excellent 90, base 100");
    }
    Some(scoring)
}

fn rules_of(text: &Text) -> Checked<Vec<Rule>> {
    let mut file = Document::new(text);
    let raw = file.read::<RulesRaw>();
    let checked = raw.map(|raw| raw.rule.into_iter().filter_map(|rule| RuleRaw::check(rule, &mut file)).collect());
    file.finish(checked)
}

/// Two versions of one rule must not be in force on the same day. `rules` are sorted by id and first day.
fn overlaps(rules: &[Rule]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (i, older) in rules.iter().enumerate() {
        let versions = rules.iter().skip(i + 1).take_while(|r| r.id == older.id);
        for newer in versions.filter(|newer| meet(older, newer)) {
            let message = match newer.effective_from.or(older.effective_to).or(newer.effective_to) {
                Some(day) => format!("two versions of the rule `{}` are in force on {day}", older.id),
                None => format!("the rule `{}` is there twice", older.id),
            };
            let help = "give one an effective_to before the other's effective_from, or another id";
            let (first, second) = (newer.origin.place("this one"), older.origin.place("and this one"));
            found.push(Diagnostic::error(codes::RULE_OVERLAP, message).at(first).at(second).help(help));
        }
    }
    found
}

/// `older` begins no later.
fn meet(older: &Rule, newer: &Rule) -> bool {
    older.effective_to.is_none_or(|ends| newer.effective_from.is_none_or(|begins| begins <= ends))
}
