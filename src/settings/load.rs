//! All settings of one report, from its pipeline file down, with every problem of every file at once.

use super::codes;
use super::document::Checked;
use super::files::{Files, Text, hash_of};
use super::half_year;
use super::nearest::advice;
use super::pipeline::Pipeline;
use super::preset::Preset;
use super::rulebook::Rulebook;
use super::{pipeline_raw, preset_raw, rulebook_raw, shown};
use crate::base::{Diagnostic, Error, Place, Result};
use std::collections::BTreeMap;

const PRESETS: &str = "pipelines/presets";

/// What one report is computed with.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub pipeline: Pipeline,
    /// The one that the pipeline names.
    pub preset: Preset,
    /// All there are, by name.
    pub presets: BTreeMap<String, Preset>,
    pub rulebook: Rulebook,
    /// For the page of definitions: (dotted name, value as written), sorted within pipeline, preset, rulebook.
    pub shown: Vec<(String, String)>,
    /// SHA-256 over the texts of pipeline, presets and rulebook, hex. Sources and calendars have hashes of their own.
    pub hash: String,
}

impl Settings {
    /// Reads the pipeline file (`pipelines/monthly.toml`, or any path; a relative one hangs on the root), the presets
    /// and the rulebook. Errors: [`Error::Settings`] with all findings, [`Error::Io`] where a file cannot be read.
    pub fn load(files: &Files, pipeline_file: &str) -> Result<Settings> {
        let preset_texts = read_all(files, PRESETS)?;
        let presets: BTreeMap<String, Checked<Preset>> =
            preset_texts.iter().map(|text| (text.stem().to_owned(), preset_raw::parse(text))).collect();
        let pipeline_text = files.read(pipeline_file)?;
        let pipeline = match &pipeline_text {
            Some(text) => pipeline_raw::parse(text, &presets),
            None => Err(vec![no_pipeline(files, pipeline_file)?]),
        };
        // A pipeline with mistakes still has its rulebook looked at: people mend all files in one go.
        let folder = pipeline.as_ref().map_or("pipelines/rulebook", |p| p.rulebook.as_str()).to_owned();
        let book_texts = read_all(files, &folder)?;
        let rulebook = rulebook_raw::parse(&folder, &book_texts);

        let hash = hash_of(pipeline_text.iter().chain(&preset_texts).chain(&book_texts));
        let mut found = Vec::new();
        let pipeline = pipeline.map_err(|f| found.extend(f)).ok();
        let presets: BTreeMap<String, Preset> =
            presets.into_iter().filter_map(|(n, p)| Some((n, p.map_err(|f| found.extend(f)).ok()?))).collect();
        let rulebook = rulebook.map_err(|f| found.extend(f)).ok();
        let (Some(pipeline), Some(rulebook), Some(text), true) = (pipeline, rulebook, pipeline_text, found.is_empty())
        else {
            return Err(Error::Settings(found));
        };
        let by_stem = |texts: &[Text], stem: &str| texts.iter().find(|t| t.stem() == stem).cloned();
        let preset = presets.get(&pipeline.preset).cloned();
        let preset_text = by_stem(&preset_texts, &pipeline.preset);
        let book_text = by_stem(&book_texts, "book");
        let (Some(preset), Some(preset_text), Some(book_text)) = (preset, preset_text, book_text) else {
            return Err(Error::Failed(format!("the preset `{}` was checked and is gone", pipeline.preset)));
        };
        let shown = shown::shown(&text, &preset_text, &book_text);
        Ok(Settings { pipeline, preset, presets, rulebook, shown, hash })
    }
}

/// One rulebook, by its folder (relative to the root, or absolute).
///
/// # Errors
/// Every problem of its files (exit 2); a file that cannot be read.
pub fn rulebook(files: &Files, folder: &str) -> Result<Rulebook> {
    rulebook_raw::parse(folder, &read_all(files, folder)?).map_err(Error::Settings)
}

fn read_all(files: &Files, folder: &str) -> Result<Vec<Text>> {
    let names = files.list(folder, ".toml")?;
    names.iter().filter_map(|name| files.read(name).transpose()).collect()
}

fn no_pipeline(files: &Files, name: &str) -> Result<Diagnostic> {
    let names = files.list("pipelines", ".toml")?;
    let known: Vec<&str> = names.iter().map(String::as_str).filter(|n| *n != half_year::FILE).collect();
    let place = Place::file(name, "");
    Ok(Diagnostic::error(codes::NOT_FOUND, "there is no such pipeline file").at(place).help(advice(name, &known)))
}
