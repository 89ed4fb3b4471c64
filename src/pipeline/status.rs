//! How each month stands: data, results, pages, whether something may still change, closed, sealed.

use super::close::{self, Closed};
use super::compute::{self, Scene};
use super::inputs;
use super::journal::{self, Entry};
use super::project::Project;
use super::state::State;
use crate::base::{Diagnostic, Month, Result};
use crate::lake::manifest::Manifest;
use crate::review::Period;
use crate::review::seals::{Log, Seal};
use std::collections::BTreeMap;

/// One month.
#[derive(Debug, Clone)]
pub struct MonthStatus {
    pub month: Month,
    /// Rows in the lake by table.
    pub rows: BTreeMap<String, u64>,
    pub computed: Option<State>,
    /// The results are those of the data and settings as they are now.
    pub current: bool,
    pub published: Published,
    pub closed: Option<Closed>,
    /// The sealed bundles that it lies in: `2026H1-v1`.
    pub sealed: Vec<String>,
}

/// How the pages of a month stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    No,
    /// Of earlier results.
    Stale,
    Yes,
}

/// Everything that `kaohe status` says.
#[derive(Debug, Clone)]
pub struct Status {
    pub months: Vec<MonthStatus>,
    pub last_run: Option<Entry>,
    pub interrupted: bool,
    /// Lines of the log of seals that were changed.
    pub damaged_seals: Vec<Diagnostic>,
}

/// Looks; changes nothing and waits for nobody.
///
/// # Errors
/// The machine; settings that are wrong.
pub fn status(project: &Project) -> Result<Status> {
    let last_run = journal::last(&project.data)?;
    let interrupted = journal::interrupted(&project.data)?;
    let log = Log::read(&project.data)?;
    let damaged_seals = log.wrong.clone();
    let Some(manifest) = Manifest::load(&project.lake())? else {
        return Ok(Status { months: Vec::new(), last_run, interrupted, damaged_seals });
    };
    let closed = close::closed(&project.data)?;
    let asked = &project.options.months;
    let known = inputs::months(&manifest);
    let months = known.into_iter().filter(|m| asked.is_empty() || asked.contains(m));
    let months = months.map(|month| {
        let computed = State::read(&project.mart(), month)?;
        let current = match (&computed, closed.get(&month)) {
            (None, _) => false,
            // Files of other months change nothing in it.
            (Some(_), Some(frozen)) => {
                let window = Scene::bare(project, month)?.into_window();
                frozen.late(project, &manifest, &window.months).is_none()
            }
            // By its own clock: a later one alone changes nothing.
            (Some(state), None) => compute::inputs_of(project, &manifest, month, state.as_of)? == state.inputs,
        };
        let rows = manifest.partitions.iter().filter(|p| p.month == Some(month) && p.rows > 0);
        Ok(MonthStatus {
            month,
            rows: rows.map(|p| (p.table.clone(), p.rows)).collect(),
            published: published(project, month, computed.as_ref())?,
            computed,
            current,
            closed: closed.get(&month).cloned(),
            sealed: sealed(&log, month),
        })
    });
    Ok(Status { months: months.collect::<Result<_>>()?, last_run, interrupted, damaged_seals })
}

/// The newest version of each period that holds the month.
fn sealed(log: &Log, month: Month) -> Vec<String> {
    let periods = [Period::Half(month.year(), month.month() > 6), Period::Year(month.year())];
    periods.iter().filter_map(|p| log.newest(&p.to_string())).map(Seal::name).collect()
}

fn published(project: &Project, month: Month, state: Option<&State>) -> Result<Published> {
    if !project.reports.join(month.to_string()).join("index.html").is_file() {
        return Ok(Published::No);
    }
    let shown = State::shown(&project.mart(), month)?;
    let same = state.is_some_and(|s| shown.as_deref() == Some(s.inputs.as_str()));
    Ok(if same { Published::Yes } else { Published::Stale })
}
