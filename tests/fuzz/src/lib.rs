//! The rooms of kaohe that parse by hand, taken in file by file, and what the targets share.

#![allow(clippy::missing_errors_doc)]

#[path = "../../../src/base/mod.rs"]
pub mod base;
#[path = "../../../src/calendar/mod.rs"]
pub mod calendar;
pub mod ingest;
pub mod lake;
#[path = "../../../src/settings/mod.rs"]
pub mod settings;

mod support;

pub use support::{contain, files, sources, start, whole};
