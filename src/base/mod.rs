//! The ground floor: what every room speaks with (times, months, diagnostics, files). It knows no other room.

pub mod diagnostic;
pub mod error;
pub mod files;
pub mod time;

pub use diagnostic::{Diagnostic, Place, Severity};
pub use error::{Error, Result};
pub use time::{Month, Ms, Zone};
