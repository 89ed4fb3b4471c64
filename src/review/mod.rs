//! Half-year and year reviews: what a review meeting works with, and the seal by which an auditor checks it later.
//!
//! Inputs → [`rating`] (whole numbers) → [`results`] (plain rows) and pages for three audiences: HR sees everything, a manager
//! the people whom he supervised, a person nobody else. What an audience may see is decided in `room`.

pub mod archive;
mod books;
mod changed;
pub mod changes;
mod form;
pub mod inputs;
pub mod manifest;
mod overview;
mod pages;
pub mod parts;
pub mod pay;
pub mod pay_file;
mod pay_page;
pub mod people;
pub mod period;
pub mod rating;
pub mod results;
mod room;
pub mod seals;
mod tables;

pub use inputs::{Content, Files, ReviewInputs};
pub use pay_file::PayFile;
pub use period::Period;
pub use results::Results;

use crate::base::{Error, Result};
use crate::report::engine::Engine;
use crate::report::render::catalogue;
use room::Room;
use std::sync::Arc;

/// Everything that a review says, for each audience.
///
/// # Errors
/// A missing or broken template, catalogue or source mapping (exit 2).
pub fn content(inputs: &ReviewInputs) -> Result<Content> {
    let source = |name: &str| inputs.files.template(name);
    let words = Arc::new(catalogue(&inputs.lang, &source)?);
    let engine = Engine::new(pages::TEMPLATES, &words, &source)?;
    let reviews = rating::reviews(inputs);
    let room = Room::new(inputs, &reviews, &words);
    let pay = pay::pay(inputs, &reviews);
    let layout = books::layout(inputs, &words)?;
    let mut content = Content::default();

    let sheets = pages::hr_sheets(&room, &pay);
    content.hr = pages::hr(&room, &engine, &sheets)?;
    content.hr.insert("review.xlsx".to_owned(), books::tables(&room, &sheets)?);
    content.hr.insert("appeals.xlsx".to_owned(), books::appeals(&room, &layout, reviews.values())?);
    for boss in room.teams.keys() {
        content.managers.insert((*boss).to_owned(), pages::manager(&room, &engine, boss)?);
    }
    for (id, review) in &reviews {
        let mut files = pages::staff(&room, &engine, id)?;
        files.insert("appeals.xlsx".to_owned(), books::appeals(&room, &layout, [review])?);
        content.staff.insert(id.clone(), files);
    }
    words.check()?;
    content.results = results::results(inputs, &reviews, pay);
    let json = serde_json::to_string_pretty(&content.results)
        .map_err(|e| Error::Failed(format!("the results have no JSON: {e}")))?;
    content.hr.insert("results.json".to_owned(), (json + "\n").into_bytes());
    Ok(content)
}

/// The page about what is other than in an earlier version, for HR.
///
/// # Errors
/// A missing or broken template or catalogue (exit 2).
pub fn changes_page(inputs: &ReviewInputs, changes: &[changes::Change], version: u32) -> Result<Vec<u8>> {
    let source = |name: &str| inputs.files.template(name);
    let words = Arc::new(catalogue(&inputs.lang, &source)?);
    let engine = Engine::new(pages::TEMPLATES, &words, &source)?;
    let reviews = rating::reviews(inputs);
    let page = pages::changed(&Room::new(inputs, &reviews, &words), &engine, changes, version)?;
    words.check()?;
    Ok(page)
}
