//! Working days, opening hours, deadlines. The calendar never guesses: a day in a year without data is an error that
//! names the missing file.

pub mod deadline;
pub mod eval;
pub mod hours;
pub mod question;
pub mod show;
pub mod span;
pub mod workdays;

pub use hours::Hours;
pub use workdays::{DayKind, Workdays};

use crate::base::Diagnostic;

/// A question about a day that the calendar knows nothing of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The statutory calendar of a year is missing.
    #[error("the calendar has no data for {year}: {file} is missing")]
    NoData { year: i32, file: String },
    /// More open time was asked for than the hours ever give.
    #[error("the hours never give so much open time")]
    NeverOpen,
}

impl CalendarError {
    /// For the analyst, with the remedy.
    pub fn diagnostic(&self) -> Diagnostic {
        let d = Diagnostic::error("K0130", self.to_string());
        match self {
            CalendarError::NoData { year, .. } => d.help(format!(
                "copy the file of another year, enter the holidays and make-up days of {year} from the State Council's \
                 notice; or say `holidays = \"none\"` under [calendar] of the pipeline"
            )),
            CalendarError::NeverOpen => d.help("give the hours at least one open interval"),
        }
    }
}
