//! Half-year and year reviews: what a review meeting works with, and the seal by which an auditor checks it later.

pub mod archive;
pub mod changes;
pub mod inputs;
pub mod manifest;
pub mod parts;
pub mod pay_file;
pub mod people;
pub mod period;
pub mod rating;
pub mod results;
pub mod seals;

pub use inputs::{Content, Files, ReviewInputs};
pub use pay_file::PayFile;
pub use period::Period;
pub use results::Results;

use crate::base::{Error, Result};

/// Everything that a review says, for each audience.
///
/// # Errors
/// A missing or broken template, catalogue or source mapping (exit 2).
pub fn content(inputs: &ReviewInputs) -> Result<Content> {
    let reviews = rating::reviews(inputs);
    let results = results::results(inputs, &reviews, Vec::new());
    let mut content = Content { results, ..Content::default() };
    let json = serde_json::to_string_pretty(&content.results)
        .map_err(|e| Error::Failed(format!("the results have no JSON: {e}")))?;
    content.hr.insert("results.json".to_owned(), (json + "\n").into_bytes());
    Ok(content)
}
