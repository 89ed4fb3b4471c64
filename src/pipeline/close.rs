//! Months that are closed: their results stand. What comes later is told and changes nothing. Who closed what is a log
//! beside lake and mart, for both can be made anew and a decision cannot.

use super::compute::{self, Scene};
use super::inputs::Dimensions;
use super::project::Project;
use super::stage;
use super::state::State;
use crate::base::{Diagnostic, Error, Month, Ms, Place, Result, files};
use crate::lake::lock::Lock;
use crate::lake::manifest::Manifest;
use crate::lake::mart;
use crate::lake::names::Names;
use crate::lake::schema::{self, Floor};
use crate::rules::Plan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The results of a month as they were when it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub month: Month,
    /// The clock.
    pub as_of: Ms,
    /// Why it was closed while a deadline was still running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forced: Option<String>,
    /// Names settings and program.
    pub settings: String,
    pub program: String,
    /// Rows of the month and its margin by file (`table name sha256`).
    pub files: BTreeMap<String, u64>,
    /// SHA-256 of each table of the month that is one file.
    pub results: BTreeMap<String, String>,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event {
    Closed(Closed),
    Reopened { month: Month, as_of: Ms, reason: String },
}

fn log(data: &Path) -> PathBuf {
    data.join("closed.jsonl")
}

fn events(data: &Path) -> Result<Vec<Event>> {
    let path = log(data);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let text = files::read_text(&path)?;
    let line = |(i, line): (usize, &str)| {
        let broken = |e| Error::Failed(format!("{} line {} is damaged ({e}); restore the file", path.display(), i + 1));
        serde_json::from_str(line).map_err(broken)
    };
    text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(line).collect()
}

fn append(data: &Path, event: &Event) -> Result<()> {
    let path = log(data);
    let mut text = if path.is_file() { files::read_text(&path)? } else { String::new() };
    text += &serde_json::to_string(event).map_err(|e| Error::Failed(e.to_string()))?;
    text.push('\n');
    files::write_atomic(&path, text.as_bytes())
}

/// The months that are closed now.
///
/// # Errors
/// A damaged log.
pub fn closed(data: &Path) -> Result<BTreeMap<Month, Closed>> {
    let mut all = BTreeMap::new();
    for event in events(data)? {
        match event {
            Event::Closed(c) => drop(all.insert(c.month, c)),
            Event::Reopened { month, .. } => drop(all.remove(&month)),
        }
    }
    Ok(all)
}

/// The months that were opened again and are open still, with the reason.
///
/// # Errors
/// A damaged log.
pub fn reopened(data: &Path) -> Result<BTreeMap<Month, String>> {
    let mut all = BTreeMap::new();
    for event in events(data)? {
        match event {
            Event::Closed(c) => drop(all.remove(&c.month)),
            Event::Reopened { month, reason, .. } => drop(all.insert(month, reason)),
        }
    }
    Ok(all)
}

/// Closes months.
///
/// # Errors
/// Exit 3 where a month is not computed, is not up to date, or a deadline of it is still running and no reason is given
/// (`forced`).
pub fn close(project: &Project, months: &[Month], forced: Option<&str>) -> Result<Vec<Closed>> {
    let _lock = Lock::take(&project.data)?;
    let manifest = stage::manifest(project)?;
    let as_of = stage::as_of(project, &manifest)?;
    close_unlocked(project, &manifest, months, as_of, forced)
}

pub(super) fn close_unlocked(
    project: &Project,
    manifest: &Manifest,
    months: &[Month],
    as_of: Ms,
    forced: Option<&str>,
) -> Result<Vec<Closed>> {
    let known = closed(&project.data)?;
    let mut wrong = Vec::new();
    let mut done = Vec::new();
    for &month in months {
        if known.contains_key(&month) {
            continue;
        }
        let Some(state) = State::read(&project.mart(), month)? else {
            let d = Diagnostic::error("K0410", format!("{month} has not been computed"));
            wrong.push(d.help(format!("run `kaohe run --month {month}` first")));
            continue;
        };
        if compute::inputs_of(project, manifest, month, state.as_of)? != state.inputs {
            let d = Diagnostic::error("K0415", format!("data or settings of {month} changed since it was computed"));
            wrong.push(d.help(format!("run `kaohe run --month {month}` first")));
            continue;
        }
        let over = settles_at(project, manifest, month, as_of)?;
        if as_of < over && forced.is_none() {
            let until = project.zone().format(over);
            let d = Diagnostic::error("K0411", format!("a deadline or window of {month} runs until {until}"));
            wrong.push(d.help("close it after that (with `--as-of`), or with `--force REASON`, which is kept"));
            continue;
        }
        let window = Scene::bare(project, month)?.into_window();
        done.push(Closed {
            month,
            as_of,
            forced: forced.filter(|_| as_of < over).map(str::to_owned),
            settings: project.settings.hash.clone(),
            program: state.program,
            files: files_of(manifest, &window.months),
            results: results(project, month)?,
        });
    }
    if !wrong.is_empty() {
        return Err(Error::Refused(wrong));
    }
    done.iter().try_for_each(|c| append(&project.data, &Event::Closed(c.clone())))?;
    Ok(done)
}

/// Opens closed months again; the reason is kept.
///
/// # Errors
/// Exit 3 where a month is not closed.
pub fn reopen(project: &Project, months: &[Month], reason: &str) -> Result<()> {
    let _lock = Lock::take(&project.data)?;
    let as_of = stage::as_of(project, &stage::manifest(project)?)?;
    reopen_unlocked(project, months, as_of, reason)
}

pub(super) fn reopen_unlocked(project: &Project, months: &[Month], as_of: Ms, reason: &str) -> Result<()> {
    let known = closed(&project.data)?;
    let open = months.iter().filter(|m| !known.contains_key(m));
    let wrong: Vec<_> = open.map(|m| Diagnostic::error("K0412", format!("{m} is not closed"))).collect();
    if !wrong.is_empty() {
        return Err(Error::Refused(wrong));
    }
    let event = |m: &Month| Event::Reopened { month: *m, as_of, reason: reason.to_owned() };
    months.iter().try_for_each(|m| append(&project.data, &event(m)))
}

/// When the last deadline and window of a month is over.
pub(super) fn settles_at(project: &Project, manifest: &Manifest, month: Month, as_of: Ms) -> Result<Ms> {
    let names = Names::new();
    let (scene, dimensions) = (Scene::bare(project, month)?, Dimensions::default());
    let plan = Plan::new(&project.settings.rulebook).map_err(Error::Settings)?;
    let context = compute::context(project, &dimensions, &scene, &names, as_of)?;
    compute::Work::new(project, manifest, &context, &plan, &dimensions).settles_at()
}

/// Rows that each file gave to some months, by `table name sha256`.
pub(super) fn files_of(manifest: &Manifest, months: &[Month]) -> BTreeMap<String, u64> {
    let rows = |f: &crate::lake::manifest::SourceFile| match f.months.is_empty() {
        true => f.kept,
        false => months.iter().filter_map(|m| f.months.get(m)).sum(),
    };
    let of = manifest.files.iter().map(|f| (format!("{} {} {}", f.table, f.name, f.sha256), rows(f)));
    of.filter(|(_, n)| *n > 0).collect()
}

/// Hashes of the month's tables that do not depend on the number of buckets.
pub(super) fn results(project: &Project, month: Month) -> Result<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for table in schema::tables().filter(|t| t.floor == Floor::Mart && !t.bucketed) {
        for path in mart::month_files(&project.mart(), table, month)? {
            all.insert(table.name.to_owned(), files::hash(&path)?.1);
        }
    }
    Ok(all)
}

impl Closed {
    /// What has changed since, for the analyst: nothing of it is in the results.
    pub fn late(&self, project: &Project, manifest: &Manifest, months: &[Month]) -> Option<Diagnostic> {
        let now = files_of(manifest, months);
        let name = |key: &str| key.split(' ').nth(1).unwrap_or(key).to_owned();
        let mut places = Vec::new();
        for (key, rows) in &now {
            match self.files.get(key) {
                None => places.push((name(key), format!("came later: {rows} row(s)"))),
                Some(then) if then != rows => places.push((name(key), format!("gives {rows} row(s), then {then}"))),
                Some(_) => {}
            }
        }
        let gone = self.files.keys().filter(|key| !now.contains_key(*key));
        places.extend(gone.map(|key| (name(key), "was there when the month was closed".to_owned())));
        if self.settings != project.settings.hash {
            places.push(("pipelines".to_owned(), "settings or rulebook changed since".to_owned()));
        }
        if places.is_empty() {
            return None;
        }
        let message = format!("{} is closed: {} change(s) since are not in its results", self.month, places.len());
        let d = Diagnostic::warning("K0413", message);
        let d = places.into_iter().fold(d, |d, (file, what)| d.at(Place::file(file, what)));
        Some(d.help(format!("`kaohe close --reopen {} --reason …` lets the next run compute it again", self.month)))
    }

    /// Tables of a closed month, computed again from the lake, that are not what they were.
    ///
    /// # Errors
    /// The machine.
    pub fn differences(&self, project: &Project) -> Result<Vec<Diagnostic>> {
        let now = results(project, self.month)?;
        let other = self.results.iter().filter(|(table, hash)| now.get(*table) != Some(hash));
        let told = |(table, _): (&String, &String)| {
            let message = format!("`{table}` of the closed month {} is not what it was when it was closed", self.month);
            Diagnostic::warning("K0414", message)
                .help("its results were removed and computed again, from changed data or settings")
        };
        Ok(other.map(told).collect())
    }
}
