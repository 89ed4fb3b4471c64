//! The stages that commands call: ingest, compute, report; each under the lake's lock.

use super::project::Project;
use super::state::State;
use super::{Progress, compute, gather, inputs, key};
use crate::base::time::MINUTE;
use crate::base::{Diagnostic, Error, Month, Ms, Result, Zone, files};
use crate::ingest::{self, Outcome};
use crate::lake::lock::Lock;
use crate::lake::manifest::Manifest;
use crate::lake::newest;
use crate::report;
use crate::settings::source;
use std::path::PathBuf;

/// Raw files into the lake.
///
/// # Errors
/// Exit 3 where a table was refused (too many rejected rows, a file nobody recognises); what was refused keeps its last
/// good state, the rest is published.
pub fn ingest(project: &Project, progress: &dyn Progress) -> Result<Outcome> {
    let _lock = Lock::take(&project.data)?;
    ingest_unlocked(project, progress)
}

pub(super) fn ingest_unlocked(project: &Project, progress: &dyn Progress) -> Result<Outcome> {
    let sources = source::load(&project.files)?;
    let key = key::open(project)?;
    progress.begin("ingest", 0);
    let told = |rows: u64| progress.step(rows);
    let outcome = ingest::ingest(&project.raw, &project.data, &sources, &options(project), &key, &told);
    progress.end();
    outcome
}

pub(super) fn options(project: &Project) -> ingest::Options {
    let p = &project.settings.pipeline;
    ingest::Options {
        closing_words: p.filters.closing_words.clone(),
        own_staff: p.filters.own_staff,
        blacklist: p.filters.blacklist.clone(),
        advertising: p.filters.advertising.clone(),
        auto_texts: p.filters.auto_texts.clone(),
        auto_prefixes: p.filters.auto_prefixes.clone(),
        advertising_max: p.filters.advertising_max,
        mass: p.filters.mass,
        rejects_max_permille: p.rejects_max_permille,
        bucket_rows: p.bucket_rows,
        zone: p.zone,
        order_number: p.order_number.clone(),
    }
}

/// The manifest of a lake that holds something.
///
/// # Errors
/// Exit 3 where nothing was ingested yet.
pub fn manifest(project: &Project) -> Result<Manifest> {
    Manifest::load(&project.lake())?.ok_or_else(|| {
        Error::Refused(vec![
            Diagnostic::error("K0201", format!("{} holds no data yet", project.lake().display()))
                .help(format!("put exports into {} and run `kaohe ingest`", project.raw.display())),
        ])
    })
}

/// The clock: `--as-of`, else the newest event of the data.
pub fn as_of(project: &Project, manifest: &Manifest) -> Result<Ms> {
    match project.options.as_of {
        Some(at) => Ok(at),
        None => Ok(newest::event(&project.lake(), manifest)?.unwrap_or(0)),
    }
}

/// Lake into the mart.
pub fn compute(project: &Project, progress: &dyn Progress) -> Result<compute::Computed> {
    let _lock = Lock::take(&project.data)?;
    let manifest = manifest(project)?;
    compute::compute(project, &manifest, as_of(project, &manifest)?, progress)
}

/// The month that is reported on where none is named: the newest whose last day the data reaches; else the newest.
pub fn newest_complete(manifest: &Manifest, as_of: Ms, zone: Zone) -> Option<Month> {
    let months = inputs::months(manifest);
    // A night without traffic does not make a month incomplete: an hour before midnight is enough.
    let reached = |m: &Month| as_of >= m.bounds(zone).1 - 60 * MINUTE;
    months.iter().rev().find(|m| reached(m)).or(months.last()).copied()
}

/// The mart into pages. Gives the index pages' paths, one for each month.
pub fn report(project: &Project) -> Result<Vec<PathBuf>> {
    let _lock = Lock::take(&project.data)?;
    report_unlocked(project)
}

pub(super) fn report_unlocked(project: &Project) -> Result<Vec<PathBuf>> {
    let manifest = manifest(project)?;
    let as_of = as_of(project, &manifest)?;
    let months = match project.options.months.as_slice() {
        [] => newest_complete(&manifest, as_of, project.zone()).into_iter().collect(),
        months => months.to_vec(),
    };
    months.into_iter().map(|month| site(project, &manifest, month, as_of)).collect()
}

/// One month's site, put in place whole.
fn site(project: &Project, manifest: &Manifest, month: Month, as_of: Ms) -> Result<PathBuf> {
    let inputs = gather::inputs(project, manifest, month, as_of)?;
    let made = report::render(&inputs, &|name: &str| project.files.template(name))?;
    let place = project.reports.join(month.to_string());
    let draft = project.reports.join(format!(".draft-{month}"));
    files::remove_dir(&draft)?;
    for (name, bytes) in made {
        files::write_atomic(&draft.join(name), &bytes)?;
    }
    files::replace_dir(&draft, &place)?;
    if let Some(state) = State::read(&project.mart(), month)? {
        state.note_shown(&project.mart())?;
    }
    Ok(place.join("index.html"))
}
