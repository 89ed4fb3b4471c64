//! The catalogue: every text that a page says, by key, one file per language.

use crate::base::{Diagnostic, Error, Place, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Text of one language. A key that is asked for and missing is noted, and stops the report at its end, so that all
/// missing ones are told at once.
#[derive(Debug)]
pub struct Words {
    file: String,
    texts: BTreeMap<String, String>,
    missing: Mutex<BTreeSet<String>>,
}

impl Words {
    /// The catalogue's file name for a language.
    pub fn file(lang: &str) -> String {
        format!("words/{lang}.toml")
    }

    /// Reads a catalogue: nested TOML tables whose keys are joined by dots. `file`: what people call it.
    pub fn parse(file: &str, source: &str) -> Result<Words> {
        let table: toml::Table = toml::from_str(source).map_err(|e| {
            let text: Arc<str> = Arc::from(source);
            let at = e.span().unwrap_or(0..0);
            Diagnostic::error("K0901", "the catalogue of texts is not valid TOML").at(Place::span(
                file,
                &text,
                at,
                e.message(),
            ))
        })?;
        let mut texts = BTreeMap::new();
        flatten(file, "", &table, &mut texts)?;
        Ok(Words { file: file.to_owned(), texts, missing: Mutex::default() })
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The text of a key, if there is one.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text of a key that must be there.
    pub fn text(&self, key: &str) -> String {
        self.get(key).map(str::to_owned).unwrap_or_else(|| {
            self.missing.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
            format!("[{key}]")
        })
    }

    /// The text of a key with its `{name}`s filled in. What is filled in is not read again.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let text = self.text(key);
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let known = after
                .split_once('}')
                .and_then(|(name, tail)| values.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value, tail)));
            match known {
                Some((value, tail)) => {
                    out.push_str(value);
                    rest = tail;
                }
                None => {
                    out.push('{');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// What people call a code of the data (`role.customer_service`). A code that the catalogue does not know is shown
    /// as it is: data may hold roles of its own.
    pub fn named(&self, group: &str, code: &str) -> String {
        self.get(&format!("{group}.{code}")).unwrap_or(code).to_owned()
    }

    /// Fails when a text was asked for that is not there.
    pub fn check(&self) -> Result<()> {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if missing.is_empty() {
            return Ok(());
        }
        let found = missing.iter().map(|key| {
            Diagnostic::error("K0902", format!("the catalogue has no text `{key}`"))
                .at(Place::file(&self.file, ""))
                .help(format!("add `{key} = \"…\"`"))
        });
        Err(Error::Settings(found.collect()))
    }
}

fn flatten(file: &str, above: &str, table: &toml::Table, texts: &mut BTreeMap<String, String>) -> Result<()> {
    for (name, value) in table {
        let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            toml::Value::String(text) => {
                texts.insert(key, text.clone());
            }
            toml::Value::Table(inner) => flatten(file, &key, inner, texts)?,
            _ => {
                return Err(Diagnostic::error("K0901", format!("`{key}` is not a text"))
                    .at(Place::file(file, ""))
                    .help("write it between quotes")
                    .into());
            }
        }
    }
    Ok(())
}
