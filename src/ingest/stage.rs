//! The stage: which tables must be made anew, of new files and of what the lake holds already; publish or refuse.

use super::auto::{self, AutoTexts};
use super::buyers::Buyers;
use super::chats::Agents;
use super::containers::{SCRATCH, Scratch};
use super::input::{Fate, Input};
use super::key::BuyerKey;
use super::look::look;
use super::rows::{Earlier, Made};
use super::settle::Origin;
use super::text::TextRules;
use super::{Options, messages, quarantine, rows};
use crate::base::{Diagnostic, Error, Place, Result, Severity, files};
use crate::lake::dimensions::QuarantineRow;
use crate::lake::manifest::{Manifest, Partition, SourceFile};
use crate::lake::partition::path_of;
use crate::lake::schema::{self, ACCOUNTS, MESSAGES, Table};
use crate::lake::write::NewTable;
use crate::lake::{columns, earlier};
use crate::settings::raw_columns::RAW_COLUMNS;
use crate::settings::source::Source;
use foldhash::HashSet;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Told of so many rows more.
pub struct Progress<'a>(pub &'a (dyn Fn(u64) + Sync));

impl Progress<'_> {
    pub fn step(&self, rows: u64) {
        (self.0)(rows);
    }
}

/// What ingest did.
#[derive(Debug, Default)]
pub struct Outcome {
    pub manifest: Manifest,
    pub diagnostics: Vec<Diagnostic>,
    /// Tables of which nothing was published.
    pub refused: Vec<String>,
    /// Tables that were made anew.
    pub rebuilt: Vec<String>,
    /// Rows of these.
    pub rows: u64,
}

impl Outcome {
    /// Adds what became of a table.
    pub(super) fn take(&mut self, one: Outcome) {
        self.diagnostics.extend(one.diagnostics);
        self.refused.extend(one.refused);
        self.rebuilt.extend(one.rebuilt);
        self.rows += one.rows;
    }
}

/// Reads the raw folder into the lake. Files that it holds already, read with the same settings, are not read again;
/// what they and files that have left the folder gave stays. A refused table keeps its last good state.
///
/// # Errors
/// A broken machine; settings that do not compile. What the files hold is in the outcome.
pub fn ingest(
    raw: &Path,
    data: &Path,
    sources: &[Source],
    options: &Options,
    key: &BuyerKey,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Outcome> {
    let lake = data.join("lake");
    let scratch = Scratch::new(&data.join(SCRATCH))?;
    let mut outcome = Outcome::default();
    let inputs = look(raw, sources, &scratch, &mut outcome.diagnostics)?.unwrap_or_default();
    let old = Manifest::load(&lake)?.unwrap_or_default();
    outcome.diagnostics.extend(other_key(&old, &inputs, key));
    if outcome.diagnostics.iter().any(|d| d.severity == Severity::Error) {
        outcome.refused.push("raw".to_owned());
        return Ok(outcome);
    }
    let manifest = Manifest {
        schema_version: schema::VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        settings: settings_hash(options, sources),
        key: key.fingerprint(),
        files: Vec::new(),
        partitions: Vec::new(),
    };
    let mut stage = Stage::new(&lake, options, Buyers::load(&lake, key)?, Progress(told), manifest, old)?;
    let mut by_table: BTreeMap<&str, Vec<Input<'_>>> = BTreeMap::new();
    for input in inputs {
        by_table.entry(input.source.table.as_str()).or_default().push(input);
    }
    let mut of = |table: &Table| by_table.remove(table.name).unwrap_or_default();
    // Messages are read beside all tables that they are not read with.
    let (mut outcomes, mut beside, mut last) = (BTreeMap::new(), Vec::new(), None);
    for (place, table) in tables().enumerate() {
        let inputs = of(table);
        if table.name == MESSAGES.name {
            last = Some((place, inputs));
        } else if table.name == ACCOUNTS.name || auto::TABLES.contains(&table.name) {
            let made = stage.task(table, inputs).map(|t| stage.read(t)).transpose()?;
            outcomes.insert(place, made.map_or(Ok(Outcome::default()), |made| stage.record(made))?);
        } else {
            beside.extend(stage.task(table, inputs).map(|task| (place, task)));
        }
    }
    let messages = last.and_then(|(place, inputs)| Some((place, stage.task(&MESSAGES, inputs)?)));
    let read = |(place, task)| Ok((place, stage.read(task)?));
    let (beside, messages) =
        rayon::join(|| beside.into_iter().map(read).collect::<Result<Vec<_>>>(), || messages.map(read).transpose());
    for (place, made) in beside?.into_iter().chain(messages?) {
        outcomes.insert(place, stage.record(made)?);
    }
    outcomes.into_values().for_each(|one| outcome.take(one));
    stage.finish(outcome)
}

/// The tables that raw files give. Messages come last: they are read with accounts and texts.
pub(super) fn tables() -> impl Iterator<Item = &'static Table> {
    let (first, last): (Vec<_>, Vec<_>) = RAW_COLUMNS.iter().partition(|(name, _)| *name != MESSAGES.name);
    first.into_iter().chain(last).filter_map(|(name, _)| schema::table(name))
}

/// Rows of files that are gone have another key's pseudonyms: they would never meet the new ones.
fn other_key(old: &Manifest, inputs: &[Input<'_>], key: &BuyerKey) -> Option<Diagnostic> {
    let here: BTreeSet<(&str, &str)> = inputs.iter().map(|i| (i.name.as_str(), i.sha256.as_str())).collect();
    let masked = |table: &str| schema::table(table).is_some_and(|t| t.column("buyer_key").is_some());
    let gone = |f: &&SourceFile| masked(&f.table) && !here.contains(&(f.name.as_str(), f.sha256.as_str()));
    let first = old.files.iter().find(gone).filter(|_| !old.key.is_empty() && old.key != key.fingerprint())?;
    let d = Diagnostic::error("K0220", "the lake was made with another buyer key than the one that is here now");
    let label = "is in the lake and no longer among the raw files: its buyers cannot be derived again";
    Some(d.at(Place::file(first.name.clone(), label)).help("restore the key file from its backup (`kaohe key backup`)"))
}

fn settings_hash(options: &Options, sources: &[Source]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{options:?}"));
    for source in sources {
        hash.update(&source.hash);
    }
    hex::encode(hash.finalize())
}

/// What is to be made of a table: of new files, read with `read_with`, and of those that stay.
pub(super) struct Task<'i> {
    pub table: &'static Table,
    pub inputs: Vec<Input<'i>>,
    pub stay: Vec<SourceFile>,
    pub read_with: String,
    pub told: Option<Diagnostic>,
}

/// A table's new state that is not published yet.
pub(super) struct Read<'i> {
    task: Task<'i>,
    new: NewTable,
    made: Made,
}

/// A lake on its way from one state to the next.
pub(super) struct Stage<'a> {
    lake: &'a Path,
    options: &'a Options,
    buyers: Buyers,
    progress: Progress<'a>,
    quarantine: quarantine::Quarantine,
    /// The new one, as far as it is.
    pub manifest: Manifest,
    pub old: Manifest,
}

impl<'a> Stage<'a> {
    pub fn new(
        lake: &'a Path,
        options: &'a Options,
        buyers: Buyers,
        progress: Progress<'a>,
        manifest: Manifest,
        old: Manifest,
    ) -> Result<Stage<'a>> {
        let quarantine = quarantine::Quarantine::load(lake)?;
        Ok(Stage { lake, options, buyers, progress, quarantine, manifest, old })
    }

    /// Saves what is not a table: the manifest, the quarantine, who is forgotten.
    pub fn finish(self, mut outcome: Outcome) -> Result<Outcome> {
        files::remove_dir(&self.lake.join(".new"))?;
        let Stage { mut manifest, quarantine, old, buyers, .. } = self;
        manifest.sort();
        if !outcome.rebuilt.is_empty() || old != manifest {
            quarantine.save(self.lake)?;
            buyers.save(self.lake)?;
            manifest.save(self.lake)?;
        }
        outcome.manifest = manifest;
        Ok(outcome)
    }

    /// What is to be made of a table; `None`: it stays as it is.
    fn task<'i>(&mut self, table: &'static Table, mut inputs: Vec<Input<'i>>) -> Option<Task<'i>> {
        let read_with = self.read_with(&self.manifest, table);
        // Copies of a file that is called after a customer have one name.
        let mut seen = BTreeSet::new();
        inputs.retain(|i| seen.insert((i.name.clone(), i.sha256.clone())));
        let mut old: Vec<SourceFile> = self.old.files.iter().filter(|f| f.table == table.name).cloned().collect();
        seen.clear();
        old.retain(|f| seen.insert((f.name.clone(), f.sha256.clone())));
        let here: BTreeSet<(String, String)> = inputs.iter().map(|i| (i.name.clone(), i.sha256.clone())).collect();
        let known = |i: &Input<'_>| {
            let same = |f: &&SourceFile| f.name == i.name && f.sha256 == i.sha256;
            old.iter().find(same).is_some_and(|f| f.read_with == read_with && f.source == i.source.name)
        };
        let moved = |f: &SourceFile| {
            let mut same = inputs.iter().filter(|i| i.sha256 == f.sha256 && i.name != f.name);
            same.any(|i| f.kept > 0 || !known(i))
        };
        // What the lake is asked for: files that are read already, and those that are gone. One that was only moved is
        // read under its new name.
        let mut stay: Vec<SourceFile> = Vec::new();
        for f in &old {
            let present = inputs.iter().find(|i| i.name == f.name && i.sha256 == f.sha256);
            if present.map_or_else(|| !moved(f), known) {
                stay.push(f.clone());
            }
        }
        inputs.retain(|i| !known(i));
        if inputs.is_empty() && stay.len() == old.len() {
            self.manifest.keep(&self.old, table.name);
            return None;
        }
        for input in &mut inputs {
            let same_name = old.iter().filter(|f| f.name == input.name);
            let same = same_name.clone().find(|f| f.sha256 == input.sha256).map(|f| f.version);
            input.version = same.unwrap_or_else(|| 1 + same_name.map(|f| f.version).max().unwrap_or(0));
        }
        let gone = stay.iter().filter(|f| !here.contains(&(f.name.clone(), f.sha256.clone())));
        let told = gone.clone().any(|f| f.read_with != read_with).then(|| as_they_were(table, gone));
        Some(Task { table, inputs, stay, read_with, told })
    }

    /// Makes a table's new state of new files and those that stay, beside the old one.
    pub fn read<'i>(&self, mut task: Task<'i>) -> Result<Read<'i>> {
        let (table, stay) = (task.table, &task.stay);
        let paths = if stay.is_empty() { Vec::new() } else { earlier::files(self.lake, &self.old, table) };
        let earlier = &Earlier { files: stay.iter().map(origin).collect(), paths };
        let new = NewTable::begin(self.lake, table)?;
        let made = if table.name == MESSAGES.name {
            let accounts = Agents::new(agents(self.lake, &self.manifest)?);
            task.inputs.iter_mut().for_each(|i| i.agents = accounts.clone());
            let texts = AutoTexts::read(self.lake, &self.manifest)?;
            let rules = TextRules::new(self.options, accounts.as_ref().clone(), texts)?;
            messages::ingest(&mut task.inputs, earlier, &new, self.options, &rules, &self.buyers, &self.progress)?
        } else {
            rows::ingest(table, &mut task.inputs, earlier, &new, self.options, &self.buyers)?
        };
        Ok(Read { task, new, made })
    }

    /// Publishes a table's new state, or refuses it.
    pub fn record(&mut self, read: Read<'_>) -> Result<Outcome> {
        let Read { task: Task { table, inputs, stay, read_with, told }, new, made } = read;
        let mut outcome = Outcome { diagnostics: told.into_iter().collect(), ..Outcome::default() };
        let stayed: BTreeSet<String> = stay.iter().map(|f| f.name.clone()).collect();
        let rejects: Vec<QuarantineRow> = inputs.iter().flat_map(|i| i.tally.rejects.iter().cloned()).collect();
        let entries = entries(&inputs, stay, &made, &read_with);
        for e in &entries {
            let accounted = e.kept + e.replaced + e.quarantined + e.merged + e.forgotten;
            if e.read != accounted {
                let message = format!("{}: {} rows were read, {accounted} are accounted for", e.name, e.read);
                return Err(Error::Failed(message));
            }
        }
        // Earlier files have passed.
        let read: u64 = inputs.iter().map(|i| i.tally.read).sum();
        let limit = self.options.rejects_max_permille;
        if rejects.len() as u64 * 1000 > read * u64::from(limit) {
            outcome.refused.push(table.name.to_owned());
            outcome.diagnostics.push(quarantine::refused(table, &rejects, read, limit));
            self.manifest.keep(&self.old, table.name);
            return Ok(outcome);
        }
        new.publish()?;
        let hashes: Vec<String> = entries.iter().map(|f| format!("{}:{}:{}", f.name, f.read_with, f.sha256)).collect();
        let partition = |(month, (rows, buckets)): (&Option<crate::base::Month>, &(u64, u32))| Partition {
            table: table.name.to_owned(),
            month: *month,
            rows: *rows,
            buckets: *buckets,
            inputs: hashes.clone(),
        };
        let partitions: Vec<Partition> = made.parts.iter().map(partition).collect();
        outcome.rows += partitions.iter().map(|p| p.rows).sum::<u64>();
        outcome.rebuilt.push(table.name.to_owned());
        outcome.diagnostics.extend(entries.iter().filter_map(replaced));
        outcome.diagnostics.extend(made.told);
        if !rejects.is_empty() {
            outcome.diagnostics.push(quarantine::quarantined(table, &rejects));
        }
        self.manifest.partitions.extend(partitions);
        self.manifest.files.extend(entries);
        let stayed: BTreeSet<&str> = stayed.iter().map(String::as_str).collect();
        self.quarantine.replace(table.name, &stayed, rejects);
        Ok(outcome)
    }

    /// Names what a table's rows are derived with: settings, program, key, and for messages the accounts and texts.
    pub fn read_with(&self, m: &Manifest, table: &Table) -> String {
        let mut hash = Sha256::new();
        for text in [&m.settings, &m.program, &m.key] {
            hash.update(text);
        }
        hash.update(m.schema_version.to_le_bytes());
        let reads = |p: &&Partition| {
            (p.table == ACCOUNTS.name && self.options.own_staff) || auto::TABLES.contains(&p.table.as_str())
        };
        for p in m.partitions.iter().filter(reads).filter(|_| table.name == MESSAGES.name) {
            p.inputs.iter().for_each(|i| hash.update(i));
        }
        hex::encode(&hash.finalize()[..8])
    }
}

/// Names of all agents' accounts in the lake.
pub(super) fn agents(lake: &Path, manifest: &Manifest) -> Result<HashSet<String>> {
    let mut names = HashSet::default();
    for month in manifest.partitions(ACCOUNTS.name) {
        columns::each(&path_of(lake, &ACCOUNTS, month, None), &["account"], |rows| {
            names.extend(rows.text("account")?.iter().flatten().map(str::to_owned));
            Ok(())
        })?;
    }
    Ok(names)
}

fn origin(f: &SourceFile) -> Origin {
    Origin { name: f.name.clone(), sha256: f.sha256.clone(), version: f.version, form: f.form }
}

/// The manifest's entries: of the new files, and of the earlier ones as they are now.
fn entries(inputs: &[Input<'_>], stay: Vec<SourceFile>, made: &Made, read_with: &str) -> Vec<SourceFile> {
    let fate = |i: usize| made.fates.get(i).cloned().unwrap_or_default();
    let new = inputs.iter().enumerate().map(|(i, input)| input.entry(fate(i), read_with));
    let old = stay.into_iter().enumerate().map(|(i, f)| {
        let Fate { kept, replaced, replaced_by, months, forgotten, .. } = fate(inputs.len() + i);
        SourceFile { kept, replaced, replaced_by, months, forgotten: f.forgotten + forgotten, ..f }
    });
    new.chain(old).collect()
}

fn as_they_were<'f>(table: &Table, gone: impl Iterator<Item = &'f SourceFile>) -> Diagnostic {
    let message =
        format!("rows of `{}` stay as they were read with earlier settings: their raw files are gone", table.name);
    let d = Diagnostic::note("K0222", message);
    gone.fold(d, |d, f| d.at(Place::file(f.name.clone(), "no longer in the raw folder")))
}

/// What newer rows stand for a file's.
fn replaced(f: &SourceFile) -> Option<Diagnostic> {
    if f.replaced_by.is_empty() {
        return None;
    }
    let n: u64 = f.replaced_by.values().sum();
    let d = Diagnostic::note("K0221", format!("{n} row(s) of {} are replaced by newer ones", f.name));
    Some(f.replaced_by.iter().fold(d, |d, (by, n)| d.at(Place::file(by.clone(), format!("{n} of them")))))
}
