//! Half-year and year reviews: what a review meeting works with, and the seal by which an auditor checks it later.

pub mod archive;
pub mod changes;
pub mod manifest;
pub mod period;
pub mod seals;

use std::collections::BTreeMap;

/// Files by their path inside a folder or archive (parted by `/`).
pub type Files = BTreeMap<String, Vec<u8>>;

/// What a review gives, by audience.
#[derive(Debug, Default)]
pub struct Content {
    pub hr: Files,
    /// By the manager's staff_id.
    pub managers: BTreeMap<String, Files>,
    /// By staff_id.
    pub staff: BTreeMap<String, Files>,
    pub results: serde_json::Value,
}
