//! Half-year and year reviews: what a review meeting works with, and the seal by which an auditor checks it later.

pub mod archive;
pub mod changes;
pub mod inputs;
pub mod manifest;
pub mod pay_file;
pub mod period;
pub mod results;
pub mod seals;

pub use inputs::{Content, Files, ReviewInputs};
pub use pay_file::PayFile;
pub use period::Period;
pub use results::Results;

use crate::base::Result;

/// Everything that a review says, for each audience.
///
/// # Errors
/// A missing or broken template, catalogue or source mapping (exit 2).
pub fn content(inputs: &ReviewInputs) -> Result<Content> {
    Ok(Content { results: Results { period: inputs.period.to_string(), ..Results::default() }, ..Content::default() })
}
