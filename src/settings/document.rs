//! One settings file on its way from text to a checked type: its raw shape is read, and every problem of it is
//! gathered, each with its place.
//!
//! Serde stops at the first piece that does not fit. Here that piece is reported and taken out, and reading starts
//! again, so that a file with ten mistakes is mended in one go.

use super::codes;
use super::files::Text;
use super::nearest::advice;
use super::peel::{self, Piece};
use super::required::required;
use super::rulebook::Origin;
use crate::base::diagnostic::At;
use crate::base::{Diagnostic, Place};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::sync::Arc;
use toml::de::{DeTable, Deserializer};

/// The valid thing, or everything that is wrong with its file.
pub type Checked<T> = Result<T, Vec<Diagnostic>>;

/// A piece that did not fit.
#[derive(Debug)]
struct Taken {
    holder: Range<usize>,
    /// `None` for an item of a list.
    key: Option<String>,
    dotted: String,
}

/// A file that is being read.
#[derive(Debug)]
pub struct Document {
    name: String,
    text: Arc<str>,
    found: Vec<Diagnostic>,
    /// What was taken out: the span of the table that held it, and its key (dotted).
    taken: Vec<Taken>,
}

impl Document {
    pub fn new(text: &Text) -> Document {
        Document { name: text.name.clone(), text: text.text.clone(), found: Vec::new(), taken: Vec::new() }
    }

    /// The raw shape, as far as it could be read: pieces that do not fit are reported and left out. `None` where
    /// nothing is left.
    pub fn read<T: DeserializeOwned + JsonSchema>(&mut self) -> Option<T> {
        let text = self.text.clone();
        let (mut root, errors) = DeTable::parse_recoverable(&text);
        if !errors.is_empty() {
            self.syntax(&errors);
            return None;
        }
        let whole = root.span();
        loop {
            let error = match T::deserialize(Deserializer::from(root.clone())) {
                Ok(value) => return Some(value),
                Err(error) => error,
            };
            let span = error.span().unwrap_or(whole.clone());
            let piece = peel::find(root.get_ref(), &whole, &span);
            match error.message().strip_prefix("missing field `").and_then(|m| m.strip_suffix('`')) {
                Some(key) => self.missing::<T>(key, span, piece.as_ref(), root.get_ref()),
                None => self.misfit(error.message(), span, piece.as_ref()),
            }
            let piece = piece?;
            peel::remove(root.get_mut(), &piece.path);
            let key = piece.key().map(str::to_owned);
            self.taken.push(Taken { dotted: piece.dotted(), key, holder: piece.holder });
        }
    }

    /// Whether the value of that dotted key was there and did not fit: then it is not missing.
    pub fn has_taken(&self, dotted: &str) -> bool {
        self.taken.iter().any(|t| t.dotted == dotted)
    }

    /// Adds a finding about a piece of the file.
    pub fn wrong(&mut self, code: &'static str, span: Range<usize>, message: impl Into<String>, help: &str) {
        let found = Diagnostic::error(code, message).at(self.place(span, "")).help(help);
        self.add(found);
    }

    /// Adds a finding; the same one twice is one.
    pub fn add(&mut self, found: Diagnostic) {
        if !self.found.contains(&found) {
            self.found.push(found);
        }
    }

    pub fn place(&self, span: Range<usize>, label: &str) -> Place {
        Place::span(self.name.clone(), &self.text, span, label)
    }

    /// The place of a table that begins at `header`, with all lines that belong to it: up to the next header, or, for
    /// an entry of a list, up to the next entry.
    pub fn origin(&self, header: Range<usize>, until: &str) -> Origin {
        let body = self.text.get(header.end..).unwrap_or("");
        let inline = self.text.get(header.clone()).is_some_and(|t| t.starts_with('{'));
        let mut end = header.end;
        if !inline {
            let lines = body.split_inclusive('\n').take_while(|line| !line.trim_start().starts_with(until));
            end += lines.map(str::len).sum::<usize>();
            end -= self.text.get(header.start..end).map_or(0, |t| t.len() - t.trim_end().len());
        }
        self.origin_at(header.start..end)
    }

    pub fn origin_at(&self, span: Range<usize>) -> Origin {
        Origin { file: self.name.clone(), text: self.text.clone(), span }
    }

    /// The checked value, unless something was found: then all of it, from the top of the file down.
    pub fn finish<T>(mut self, value: Option<T>) -> Checked<T> {
        self.found.sort_by_key(|d| match d.places.first().map(|p| &p.at) {
            Some(At::Span { start, .. }) => *start,
            _ => 0,
        });
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }

    /// One finding a line: a bracket left open makes the parser complain several times.
    fn syntax(&mut self, errors: &[toml::de::Error]) {
        let mut lines = Vec::new();
        for error in errors {
            let place = self.place(error.span().unwrap_or(0..0), "");
            let (line, _) = place.line_column();
            if !lines.contains(&line) {
                lines.push(line);
                self.add(Diagnostic::error(codes::SYNTAX, format!("this is not TOML: {}", error.message())).at(place));
            }
        }
    }

    /// Reports every key that the table at `span` lacks; those that were taken out were reported already.
    fn missing<T: JsonSchema>(&mut self, first: &str, span: Range<usize>, table: Option<&Piece>, root: &DeTable<'_>) {
        let path = table.map_or(&[][..], |t| &t.path);
        let mut lacking = required::<T>(path).unwrap_or_default();
        lacking.retain(|key| key != first && !peel::has(root, path, key));
        lacking.insert(0, first.to_owned());
        lacking.retain(|key| !self.taken.iter().any(|t| t.holder == span && t.key.as_ref() == Some(key)));
        let of = table.map_or_else(|| "the file".to_owned(), |t| format!("`{}`", t.dotted()));
        for key in lacking {
            let place = self.place_of(span.clone(), table);
            let message = format!("`{key}` is missing in {of}");
            self.add(Diagnostic::error(codes::MISSING, message).at(place).help(format!("add `{key} = …`")));
        }
    }

    /// Words for what serde says about a piece.
    fn misfit(&mut self, said: &str, span: Range<usize>, piece: Option<&Piece>) {
        let named: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
        let (name, known) = named.split_first().map_or(("", &[][..]), |(n, k)| (*n, k));
        let key = piece.map(Piece::dotted).unwrap_or_default();
        let (code, message, help) = if said.starts_with("unknown field") {
            (codes::UNKNOWN_KEY, format!("there is no key `{name}` here"), Some(advice(name, known)))
        } else if said.starts_with("unknown variant") {
            (codes::UNKNOWN_WORD, format!("`{key}` cannot be `{name}`"), Some(advice(name, known)))
        } else {
            (codes::WRONG_VALUE, format!("`{key}`: {}", plain(said)), None)
        };
        let mut found = Diagnostic::error(code, message).at(self.place_of(span, piece));
        found.help = help;
        self.add(found);
    }

    /// A whole file marked is nothing marked: then the file is named alone.
    fn place_of(&self, span: Range<usize>, piece: Option<&Piece>) -> Place {
        if piece.is_some() { self.place(span, "") } else { Place::file(self.name.clone(), "") }
    }
}

/// Serde's words for types, as a person would say them.
fn plain(said: &str) -> String {
    const WORDS: [(&str, &str); 13] = [
        ("invalid type: ", "found "),
        ("invalid value: ", "found "),
        ("invalid length ", "found a list of length "),
        ("expected u32", "expected a whole number"),
        ("expected u64", "expected a whole number"),
        ("expected i64", "expected a whole number"),
        ("expected a boolean", "expected true or false"),
        ("expected a sequence", "expected a list […]"),
        ("expected a map", "expected a table"),
        ("expected a string", "expected a text in quotes"),
        ("expected string or table", "expected a word in quotes"),
        ("expected a nonzero u32", "expected a whole number above 0"),
        ("expected path string", "expected a text in quotes"),
    ];
    let mut text = said.to_owned();
    for (theirs, ours) in WORDS {
        text = text.replace(theirs, ours);
    }
    match text.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a table"),
        None => text,
    }
}
