//! A sealed bundle computed again from the lake, beside the mart, by its own clock: what is other now, file by file and figure
//! by figure.

use super::basis::{self, Months};
use super::bundle::{Bundle, Order, RESULTS, Shelf};
use super::project::Project;
use super::verify::Verified;
use super::{Progress, compute, stage};
use crate::base::{Diagnostic, Error, Place, Result, files};
use crate::lake::lock::Lock;
use crate::review::changes;
use crate::review::manifest::{Fingerprint, Manifest};
use crate::review::seals::Log;
use crate::review::{PayFile, Period};
use std::collections::BTreeSet;
use std::path::Path;

/// Computes a bundle again and compares it.
///
/// # Errors
/// Exit 5 with what differs; the machine.
pub fn recompute(project: Project, sealed: &Verified, pay: Option<&Path>, progress: &dyn Progress) -> Result<()> {
    let _lock = Lock::take(&project.data)?;
    let pay = pay.map(PayFile::read).transpose()?;
    let mart = project.data.join(".recomputed");
    files::remove_dir(&mart)?;
    let mut project = project.beside(mart.clone());
    project.options.lang = Some(sealed.manifest.basis.lang.clone());
    let found = differences(&project, sealed, pay, progress);
    files::remove_dir(&mart)?;
    let found = found?;
    if found.is_empty() { Ok(()) } else { Err(Error::Differs(found)) }
}

fn differences(
    project: &Project,
    sealed: &Verified,
    pay: Option<PayFile>,
    progress: &dyn Progress,
) -> Result<Vec<Diagnostic>> {
    let (lake, manifest) = (stage::manifest(project)?, &sealed.manifest);
    let was = &manifest.basis;
    // As they were computed: oldest first, each by its own clock.
    for month in was.before.iter().chain(&was.months) {
        compute::these(project, &lake, &[month.month], month.as_of, progress)?;
    }
    let months = |of: &[crate::review::manifest::MonthBasis]| of.iter().map(|m| m.month).collect();
    let months = Months { all: months(&was.months), before: months(&was.before), ..Months::default() };
    let mut found = Vec::new();
    let now = basis::basis(project, &lake, &months, pay.as_ref().map(|p| p.hash.clone()))?;
    for what in now.changed(was) {
        let d = Diagnostic::error("K0437", "what the bundle was made of is other now");
        found.push(d.at(Place::file(what, "")));
    }
    let period: Period = manifest.period.parse().map_err(Error::Failed)?;
    let before = match &manifest.replaces {
        None => None,
        Some(replaced) => {
            let log = Log::read(&project.data)?;
            let shelf = Shelf::open(&project.reviews, period, &log)?;
            log.find(&manifest.period, replaced.version).map(|seal| shelf.published(seal)).transpose()?
        }
    };
    let order = Order {
        period,
        version: manifest.version,
        as_of: manifest.as_of,
        pay,
        basis: was.clone(),
        before: before.as_ref(),
    };
    let bundle = Bundle::make(project, &lake, &months, order)?;
    found.extend(files_that_differ(manifest, &bundle));
    if let (Some(was), Some(is)) = (&sealed.results, bundle.files().get(RESULTS)) {
        found.extend(figures_that_differ(was, is));
    }
    Ok(found)
}

fn files_that_differ(manifest: &Manifest, bundle: &Bundle) -> Vec<Diagnostic> {
    let names: BTreeSet<&String> = manifest.files.keys().chain(bundle.files().keys()).collect();
    let say = |name: &String| {
        let what = match (manifest.files.get(name), bundle.files().get(name)) {
            (Some(was), Some(is)) if *was == Fingerprint::of(is) => return None,
            (Some(_), Some(_)) => "is another file when it is computed again",
            (Some(_), None) => "is not made when it is computed again",
            _ => "is made when it is computed again, and was not there",
        };
        Some(Diagnostic::error("K0440", format!("`{name}` {what}")))
    };
    names.into_iter().filter_map(say).collect()
}

fn figures_that_differ(was: &[u8], is: &[u8]) -> Vec<Diagnostic> {
    let (Ok(was), Ok(is)) = (serde_json::from_slice(was), serde_json::from_slice(is)) else { return Vec::new() };
    let say = |c: changes::Change| {
        let message = format!("{} {}: {} when it was sealed, {} now", c.staff_id, c.what, c.from, c.to);
        Diagnostic::error("K0441", message.trim_start().to_owned())
    };
    changes::changes(&was, &is).into_iter().map(say).collect()
}
