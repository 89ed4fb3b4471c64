//! From inputs to files: what is said is made once, and every form takes it from there.

use super::data::Inputs;
use super::engine::{Engine, Source};
use super::forms::{self, File, Report};
use super::views;
use super::words::Words;
use crate::base::{Diagnostic, Place, Result};
use rayon::prelude::*;
use std::sync::Arc;

/// Makes every file of a report (see [`forms::FORMS`]): (name relative to the report's folder, bytes), in a fixed order.
///
/// # Errors
/// A missing or broken template or catalogue: settings (exit 2), with its file and, where known, its line.
pub fn render(inputs: &Inputs, source: &Source) -> Result<Vec<File>> {
    let words = Arc::new(catalogue(&inputs.lang, source)?);
    let pages = views::pages(inputs, &words)?;
    let chapters = pages.iter().map(|p| p.chapter(&words)).collect();
    let brief = views::brief::brief(inputs, &words)?;
    words.check()?;

    let templates = pages.iter().flat_map(|p| p.files.iter().map(|(_, template)| *template)).chain(forms::TEMPLATES);
    let engine = Engine::new(templates, &words, source)?;
    let report = Report { inputs, words: &words, engine: &engine, pages, chapters, brief };
    // In the order of the list, whichever is ready first; of several mistakes the first is told.
    let made: Vec<Result<Vec<File>>> = forms::FORMS.par_iter().map(|(_, form)| form(&report)).collect();
    let files = made.into_iter().collect::<Result<Vec<_>>>()?;
    words.check()?;
    Ok(files.into_iter().flatten().collect())
}

/// The texts of a language.
pub fn catalogue(lang: &str, source: &Source) -> Result<Words> {
    let name = Words::file(lang);
    let text = source(&name)?.ok_or_else(|| {
        Diagnostic::error("K0903", format!("there is no catalogue of texts for `{lang}`"))
            .at(Place::file(&name, ""))
            .help("write `lang = \"zh\"` or `lang = \"en\"`, or add the file")
    })?;
    Words::parse(&text.name, &text.text)
}
