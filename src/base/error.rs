//! Why a command stops: one variant per documented exit code.

use super::diagnostic::Diagnostic;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The reasons to stop. What a file holds is never an error below the pipeline (invariant 2): rooms hand diagnostics
/// up as values, and the pipeline decides whether they stop the run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Exit 1: the machine did not do what was asked.
    #[error("{doing} {}: {source}", path.display())]
    Io { doing: &'static str, path: PathBuf, source: std::io::Error },
    /// Exit 1: a broken lake file or a bug of ours.
    #[error("{0}")]
    Failed(String),
    /// Exit 2: the settings, the rulebook or the command line are wrong.
    #[error("the settings have {} problem(s)", .0.len())]
    Settings(Vec<Diagnostic>),
    /// Exit 3: the data was refused and nothing of it was published.
    #[error("the data was refused: {} problem(s)", .0.len())]
    Refused(Vec<Diagnostic>),
    /// Exit 4: another run holds the lake.
    #[error("{0}")]
    Locked(String),
    /// Exit 5: a verification found differences.
    #[error("{} difference(s) found", .0.len())]
    Differs(Vec<Diagnostic>),
}

impl Error {
    /// The documented exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Io { .. } | Error::Failed(_) => 1,
            Error::Settings(_) => 2,
            Error::Refused(_) => 3,
            Error::Locked(_) => 4,
            Error::Differs(_) => 5,
        }
    }

    /// For `map_err`: keeps what was being done and to which file.
    pub fn io(doing: &'static str, path: impl AsRef<Path>) -> impl FnOnce(std::io::Error) -> Error {
        let path = path.as_ref().to_path_buf();
        move |source| Error::Io { doing, path, source }
    }

    /// The findings that it carries.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Error::Settings(d) | Error::Refused(d) | Error::Differs(d) => d,
            _ => &[],
        }
    }
}

impl From<Diagnostic> for Error {
    /// A lone finding about settings.
    fn from(d: Diagnostic) -> Self {
        Error::Settings(vec![d])
    }
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a library over bytes from outside; `None` where it panicked, which nobody else gets to see.
pub fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    CONTAINED.set(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CONTAINED.set(false);
    done.ok()
}

/// Whether this thread is inside [`contained`]: a panic is then no message for the user.
pub fn is_contained() -> bool {
    CONTAINED.get()
}
