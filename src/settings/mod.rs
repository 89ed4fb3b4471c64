//! What people write (pipeline, source mappings, presets, rulebook, calendars), parsed and checked with
//! file:line:column. Files on disk win over the embedded defaults, folder by folder.
//!
//! Each kind of file has two types: the raw shape (`…_raw`), which serde reads, and the checked one, which the rooms
//! above work with and which cannot hold a mistake.

pub mod codes;
pub mod date;
pub mod docs;
pub mod document;
pub mod duration;
pub mod files;
pub mod half_year;
pub mod hours;
pub mod nearest;
pub mod pipeline;
pub mod preset;
pub mod raw_columns;
pub mod rulebook;
pub mod sheet;
pub mod source;
pub mod target;
pub mod words;

mod exact;
mod example_raw;
mod half_year_raw;
mod load;
mod peel;
mod pipeline_raw;
mod points;
mod preset_raw;
mod required;
mod rule_raw;
mod rulebook_raw;
mod schema;
mod shown;

pub use document::Checked;
pub use duration::Duration;
pub use files::Files;
pub use half_year::HalfYear;
pub use load::{Settings, rulebook as load_rulebook};
pub use pipeline::Pipeline;
pub use preset::Preset;
pub use rule_raw::{DETECTORS, ROLES};
pub use rulebook::{Rule, Rulebook};
pub use schema::schema;
