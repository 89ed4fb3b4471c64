//! What a review bundle is made of, as its manifest names it: a period whose basis is the same is left alone.

use super::close::{self, Closed};
use super::compute::Scene;
use super::inputs;
use super::project::Project;
use super::scan;
use super::state::{PROGRAM, State};
use crate::base::{Diagnostic, Error, Month, Result};
use crate::lake::manifest::Manifest;
use crate::review::Period;
use crate::review::manifest::{Basis, Fingerprint, MonthBasis, Rulebook};
use crate::settings::HalfYear;
use crate::settings::files::{self, Text};
use std::collections::BTreeMap;

/// The months of a period, as they stand.
#[derive(Debug, Default)]
pub struct Months {
    /// Those that go in.
    pub all: Vec<Month>,
    /// Computed months of the period before, for comparison.
    pub before: Vec<Month>,
    /// Those that are not closed, or not computed at all.
    pub open: Vec<Month>,
    /// What is told besides.
    pub told: Vec<Diagnostic>,
}

impl Months {
    /// Looks which months there are. A month before the first data needs no results.
    ///
    /// # Errors
    /// Exit 3 where a month is not computed or not up to date, or open while open months are not allowed.
    pub fn of(project: &Project, manifest: &Manifest, period: Period, open_months: bool) -> Result<Months> {
        let closed = close::closed(&project.data)?;
        let first = inputs::months(manifest).first().copied();
        let (mut months, mut wrong, mut before_data) = (Months::default(), Vec::new(), Vec::new());
        for month in period.months() {
            if first.is_none_or(|first| month < first) {
                before_data.push(month.to_string());
                continue;
            }
            let state = State::read(&project.mart(), month)?;
            let stale = match &state {
                Some(s) if !closed.contains_key(&month) => {
                    super::compute::inputs_of(project, manifest, month, s.as_of)? != s.inputs
                }
                _ => false,
            };
            if stale {
                let d = Diagnostic::error("K0422", format!("{month}: data or settings changed since it was computed"));
                wrong.push(d.help(format!("run `kaohe run --month {month}` first")));
            } else if state.is_none() && !open_months {
                wrong.extend(scan::not_computed(month).diagnostics().iter().cloned());
            } else if !closed.contains_key(&month) {
                months.open.push(month);
            }
            if state.is_some() {
                months.all.push(month);
            }
        }
        if wrong.is_empty() && !open_months {
            wrong.extend(months.open.iter().map(|m| open(*m)));
        }
        if wrong.is_empty() && months.all.is_empty() {
            wrong.push(
                Diagnostic::error("K0420", format!("no month of {period} is computed")).help("run `kaohe run` first"),
            );
        }
        if !wrong.is_empty() {
            return Err(Error::Refused(wrong));
        }
        if !before_data.is_empty() {
            let message = format!("{}: before the first data, left out", before_data.join(", "));
            months.told.push(Diagnostic::warning("K0424", message));
        }
        for month in period.before().months() {
            if State::read(&project.mart(), month)?.is_some() {
                months.before.push(month);
            }
        }
        Ok(months)
    }

    /// What came since the months were closed and is not in their results, month by month.
    ///
    /// # Errors
    /// A year without calendar data; the machine.
    pub fn late(&self, project: &Project, manifest: &Manifest) -> Result<Vec<(Month, Diagnostic)>> {
        let closed = close::closed(&project.data)?;
        let mut all = Vec::new();
        for month in &self.all {
            if let Some(closed) = closed.get(month) {
                let window = Scene::bare(project, *month)?.into_window();
                all.extend(closed.late(project, manifest, &window.months).map(|d| (*month, d)));
            }
        }
        Ok(all)
    }
}

fn open(month: Month) -> Diagnostic {
    Diagnostic::error("K0421", format!("{month} is not closed")).help(format!(
        "`kaohe close --month {month}` when its deadlines are over; or make a draft with `--open-months`"
    ))
}

/// All that a bundle of some months is made of. `pay`: the pay file's hash.
///
/// # Errors
/// The machine; a damaged log of closed months.
pub fn basis(project: &Project, manifest: &Manifest, months: &Months, pay: Option<String>) -> Result<Basis> {
    let closed = close::closed(&project.data)?;
    let of =
        |all: &[Month]| all.iter().map(|m| month(project, manifest, closed.get(m), *m)).collect::<Result<Vec<_>>>();
    let settings = &project.settings;
    let book = &settings.rulebook;
    let mut rules: BTreeMap<String, String> = BTreeMap::new();
    for rule in &book.rules {
        let text = rule.origin.text.get(rule.origin.span.clone()).unwrap_or("");
        *rules.entry(rule.id.clone()).or_default() += text;
    }
    rules.values_mut().for_each(|text| *text = Fingerprint::of(text.as_bytes()).sha256);
    let definitions = settings.shown.iter().filter(|(name, _)| !name.starts_with("rulebook."));
    let definitions: String = definitions.map(|(name, value)| format!("{name}={value}\n")).collect();
    Ok(Basis {
        program: PROGRAM.to_owned(),
        lang: project.lang().to_owned(),
        rulebook: Rulebook { version: book.version.clone(), sha256: book.hash.clone(), rules },
        settings: settings.hash.clone(),
        definitions: Fingerprint::of(definitions.as_bytes()).sha256,
        half_year: HalfYear::load(&project.files, settings)?.hash,
        templates: templates(project)?,
        pay,
        months: of(&months.all)?,
        before: of(&months.before)?,
        tables: tables(manifest, &months.all),
    })
}

fn month(project: &Project, manifest: &Manifest, closed: Option<&Closed>, month: Month) -> Result<MonthBasis> {
    let state = State::read(&project.mart(), month)?.ok_or_else(|| scan::not_computed(month))?;
    let inputs = match closed {
        Some(closed) => closed.files.clone(),
        None => close::files_of(manifest, &Scene::bare(project, month)?.into_window().months),
    };
    Ok(MonthBasis {
        month,
        closed: closed.is_some(),
        forced: closed.and_then(|c| c.forced.clone()),
        as_of: state.as_of,
        program: state.program,
        rulebook_version: state.rulebook_version,
        preset: state.preset,
        provisional: state.provisional,
        rows: state.rows,
        results: close::results(project, month)?,
        inputs,
    })
}

/// Pages and the layouts of workbooks that go out.
fn templates(project: &Project) -> Result<String> {
    let names = files::defaults().into_iter().filter_map(|t| t.name.strip_prefix("templates/").map(str::to_owned));
    let texts = names.map(|name| Ok(project.files.template(&name)?.map(|t| Text { name, ..t })));
    let layouts = project.files.list("pipelines/sources", ".toml")?.into_iter().map(|name| project.files.read(&name));
    let all = texts.chain(layouts).collect::<Result<Vec<_>>>()?;
    Ok(files::hash_of(all.iter().flatten()))
}

/// What the small tables beside the months came from: a review reads them as they are now.
fn tables(manifest: &Manifest, months: &[Month]) -> BTreeMap<String, Vec<String>> {
    use crate::lake::schema::{AWARDS, INCIDENTS, ROSTER, TARGETS};
    let names = [ROSTER.name, AWARDS.name, INCIDENTS.name, TARGETS.name];
    let mine = |p: &&crate::lake::manifest::Partition| {
        names.contains(&p.table.as_str()) && p.rows > 0 && p.month.is_none_or(|m| months.contains(&m))
    };
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for p in manifest.partitions.iter().filter(mine) {
        all.entry(p.table.clone()).or_default().extend(p.inputs.iter().cloned());
    }
    all
}
