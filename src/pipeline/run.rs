//! `kaohe run`: all stages under one lock.

use super::project::Project;
use super::stage;
use super::{Progress, compute};
use crate::base::{Diagnostic, Error, Result};
use crate::lake::lock::Lock;
use std::path::PathBuf;

/// What a run did.
#[derive(Debug, Default)]
pub struct Ran {
    pub rows: u64,
    pub rebuilt: Vec<String>,
    pub computed: compute::Computed,
    pub diagnostics: Vec<Diagnostic>,
    /// Index pages, the newest month's last.
    pub pages: Vec<PathBuf>,
}

/// Ingests what is new, computes the months that changed, renders the month asked for (else the newest complete one).
///
/// # Errors
/// Exit 3 where data was refused: nothing is computed or rendered then. `begun` is called once the lock is ours.
pub fn run(project: &Project, progress: &dyn Progress, begun: &dyn Fn() -> Result<()>) -> Result<Ran> {
    let _lock = Lock::take(&project.data)?;
    begun()?;
    let outcome = stage::ingest_unlocked(project, progress)?;
    if !outcome.refused.is_empty() {
        return Err(Error::Refused(outcome.diagnostics));
    }
    let manifest = stage::manifest(project)?;
    let as_of = stage::as_of(project, &manifest)?;
    let computed = compute::compute(project, &manifest, as_of, progress)?;
    progress.begin("report", 0);
    let pages = stage::report_unlocked(project);
    progress.end();
    Ok(Ran { rows: outcome.rows, rebuilt: outcome.rebuilt, computed, diagnostics: outcome.diagnostics, pages: pages? })
}
