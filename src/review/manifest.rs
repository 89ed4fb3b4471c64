//! `manifest.json` of a bundle: every file's hash, and all that the bundle was made of. Its own hash is the seal.

use super::Files;
use crate::base::{Error, Month, Ms, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Its name in the bundle.
pub const NAME: &str = "manifest.json";

/// Raised when its fields change their meaning.
const FORMAT: u32 = 1;

/// SHA-256 (hex) and length of some bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    pub sha256: String,
    pub bytes: u64,
}

impl Fingerprint {
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint { sha256: hex::encode(Sha256::digest(bytes)), bytes: bytes.len() as u64 }
    }
}

/// A bundle's contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub period: String,
    /// Counts from 1; 0 for a draft.
    pub version: u32,
    /// Months are open: nothing is sealed.
    pub draft: bool,
    /// The version that this one amends.
    pub replaces: Option<Replaced>,
    /// The clock.
    pub as_of: Ms,
    pub zone: String,
    #[serde(flatten)]
    pub basis: Basis,
    /// By their path in the bundle's folder.
    pub files: BTreeMap<String, Fingerprint>,
}

/// The version before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    pub version: u32,
    pub seal: String,
}

/// All that a bundle's contents depend on, but for the clock: closed months do not move with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub program: String,
    pub lang: String,
    pub rulebook: Rulebook,
    /// SHA-256 over pipeline, presets and rulebook.
    pub settings: String,
    /// SHA-256 over what of them is shown on the page of definitions, without the rulebook.
    pub definitions: String,
    /// SHA-256 of the half-year's settings.
    pub half_year: String,
    /// SHA-256 over templates, catalogues and layouts of workbooks.
    pub templates: String,
    /// SHA-256 of the pay file.
    pub pay: Option<String>,
    pub months: Vec<MonthBasis>,
    /// The months of the half-year before, for comparison.
    pub before: Vec<MonthBasis>,
    /// SHA-256 of the files behind the tables without months that are read beside (roster, awards, …).
    pub tables: BTreeMap<String, Vec<String>>,
}

/// The rulebook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rulebook {
    pub version: String,
    pub sha256: String,
    /// SHA-256 of each rule's text, by its id.
    pub rules: BTreeMap<String, String>,
}

/// A month as it went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthBasis {
    pub month: Month,
    pub closed: bool,
    /// Why it was closed while a deadline was running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forced: Option<String>,
    /// The clock that it was computed by.
    pub as_of: Ms,
    pub program: String,
    pub rulebook_version: String,
    pub preset: String,
    pub provisional: bool,
    /// Rows of each table of the mart.
    pub rows: BTreeMap<String, u64>,
    /// SHA-256 of each table that is one file.
    pub results: BTreeMap<String, String>,
    /// Rows of the month and its margin by raw file (`table name sha256`).
    pub inputs: BTreeMap<String, u64>,
}

impl Basis {
    /// Names it.
    pub fn hash(&self) -> Result<String> {
        Ok(Fingerprint::of(json(self)?.as_bytes()).sha256)
    }

    /// What is other than it was: one line each, for people.
    pub fn changed(&self, was: &Basis) -> Vec<String> {
        let mut all = Vec::new();
        let both = was.months.iter().chain(&was.before);
        for month in self.months.iter().chain(&self.before) {
            let differs = |then: &&MonthBasis| then.month == month.month && *then != month;
            if let Some(then) = both.clone().find(differs) {
                all.push(format!("{}: {}", month.month, month.changed(then)));
            }
        }
        let months = |basis: &Basis| basis.months.iter().chain(&basis.before).map(|m| m.month).collect::<Vec<_>>();
        let parts = [
            (months(self) != months(was), "the months that are there"),
            (self.rulebook != was.rulebook, "the rulebook"),
            (self.other_settings(was), "the pipeline's settings or presets"),
            (self.half_year != was.half_year, "the settings of half-years"),
            (self.pay != was.pay, "the pay file"),
            (self.templates != was.templates, "the templates or layouts of workbooks"),
            (self.lang != was.lang, "the language"),
            (self.program != was.program, "the program"),
        ];
        all.extend(parts.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what.to_owned()));
        let names = self.tables.keys().chain(was.tables.keys()).collect::<std::collections::BTreeSet<_>>();
        all.extend(
            names.into_iter().filter(|n| self.tables.get(*n) != was.tables.get(*n)).map(|n| format!("table `{n}`")),
        );
        all
    }

    fn other_settings(&self, was: &Basis) -> bool {
        self.definitions != was.definitions
            || self.settings != was.settings && self.rulebook.sha256 == was.rulebook.sha256
    }

    /// Why a figure of a rule (or of none) may be other than it was.
    pub fn reasons(&self, was: &Basis, rule: Option<&str>) -> Vec<&'static str> {
        let inputs = |b: &Basis| b.months.iter().map(|m| m.inputs.clone()).collect::<Vec<_>>();
        let rules = match rule {
            Some(rule) => self.rulebook.rules.get(rule) != was.rulebook.rules.get(rule),
            None => self.rulebook.rules != was.rulebook.rules,
        };
        let all = [
            (inputs(self) != inputs(was) || self.tables != was.tables, "data"),
            (rules, "rules"),
            (self.half_year != was.half_year || self.other_settings(was), "settings"),
            (self.pay != was.pay && rule.is_none(), "pay"),
            (self.program != was.program, "program"),
        ];
        all.into_iter().filter(|(differs, _)| *differs).map(|(_, why)| why).collect()
    }
}

impl MonthBasis {
    fn changed(&self, was: &MonthBasis) -> String {
        let parts = [
            (self.inputs != was.inputs, "other raw files"),
            (self.results != was.results, "other results"),
            (self.closed != was.closed, if self.closed { "closed since" } else { "open again" }),
            (self.rulebook_version != was.rulebook_version, "another version of the rulebook"),
        ];
        let said: Vec<&str> = parts.into_iter().filter(|(differs, _)| *differs).map(|(_, what)| what).collect();
        if said.is_empty() { "computed again".to_owned() } else { said.join(", ") }
    }
}

impl Manifest {
    /// Of files that are ready; without itself.
    pub fn new(
        period: &str,
        version: u32,
        replaces: Option<Replaced>,
        clock: (Ms, String),
        basis: Basis,
        files: &Files,
    ) -> Manifest {
        let files = files.iter().map(|(name, bytes)| (name.clone(), Fingerprint::of(bytes))).collect();
        let (as_of, zone) = clock;
        let (period, draft) = (period.to_owned(), version == 0);
        Manifest { format: FORMAT, period, version, draft, replaces, as_of, zone, basis, files }
    }

    /// Its bytes and their hash: the seal.
    pub fn sealed(&self) -> Result<(Vec<u8>, String)> {
        let bytes = (json(self)? + "\n").into_bytes();
        let seal = Fingerprint::of(&bytes).sha256;
        Ok((bytes, seal))
    }

    /// Reads one.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(bytes: &[u8]) -> Result<Manifest, String> {
        let manifest: Manifest = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        match manifest.format {
            FORMAT => Ok(manifest),
            other => Err(format!("it has format {other}; this program knows {FORMAT}")),
        }
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string_pretty(value).map_err(|e| Error::Failed(e.to_string()))
}
