//! The stage: which files there are, what they are, which tables must be made anew; publish or refuse.

use super::auto::{self, AutoTexts};
use super::decode::{self, Examined};
use super::key::BuyerKey;
use super::period;
use super::plan::Plan;
use super::recognise::{fold, recognise};
use super::records::Records;
use super::reject::Reject;
use super::spill::Spill;
use super::text::TextRules;
use super::{Options, messages, quarantine, rows};
use crate::base::{Diagnostic, Error, Month, Place, Result, Zone, files};
use crate::lake::dimensions::QuarantineRow;
use crate::lake::manifest::{Manifest, Partition, SourceFile};
use crate::lake::schema::{self, ACCOUNTS, MESSAGES, Table};
use crate::lake::write::NewTable;
use crate::settings::raw_columns::RAW_COLUMNS;
use crate::settings::source::Source;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many rejected rows of a refused table are shown.
const SHOWN: usize = 5;

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

/// One file's counts.
#[derive(Debug, Default)]
pub struct Tally {
    pub read: u64,
    pub kept: u64,
    pub replaced: u64,
    pub months: BTreeMap<Month, u64>,
    pub shops: BTreeSet<String>,
    pub rejects: Vec<QuarantineRow>,
}

impl Tally {
    pub fn keep(&mut self, month: Option<Month>) {
        self.kept += 1;
        if let Some(month) = month {
            *self.months.entry(month).or_insert(0) += 1;
        }
    }

    pub fn reject(&mut self, file: &str, table: &str, line: u64, reject: Reject) {
        self.rejects.push(reject.at(table, file, line));
    }
}

/// A recognised file on its way.
pub struct Input<'a> {
    /// Relative to the raw folder, with `/`.
    pub name: String,
    path: PathBuf,
    pub examined: Examined,
    encoding: &'static str,
    plan: Option<Plan<'a>>,
    source: &'a Source,
    tally: Tally,
}

impl<'a> Input<'a> {
    /// The table that the file is for.
    pub fn table(&self) -> &str {
        &self.source.table
    }

    /// The file's records after the header.
    pub fn records(&self) -> Result<Records> {
        let width = self.plan.as_ref().map_or(0, |p| p.width);
        Records::open(&self.path, &self.examined, self.source, width)
    }

    /// Zone of the file's local times.
    pub fn zone(&self, otherwise: Zone) -> Zone {
        self.source.zone.unwrap_or(otherwise)
    }

    /// The plan, for a reader that also changes the input; to be given back.
    pub fn take_plan(&mut self) -> Plan<'a> {
        self.plan.take().unwrap_or_else(|| Plan::new(self.source, &csv::StringRecord::new()))
    }

    pub fn keep_plan(&mut self, plan: Plan<'a>) {
        self.plan = Some(plan);
    }

    pub fn finish(&mut self, plan: Plan<'a>, tally: Tally) {
        self.plan = Some(plan);
        self.tally = tally;
    }

    pub fn finish_kept(&mut self, tally: Tally) {
        self.tally = tally;
    }

    fn entry(&self) -> SourceFile {
        let plan = self.plan.as_ref();
        SourceFile {
            name: self.name.clone(),
            sha256: self.examined.sha256.clone(),
            bytes: self.examined.bytes,
            source: self.source.name.clone(),
            table: self.source.table.clone(),
            encoding: self.encoding.to_owned(),
            read: self.tally.read,
            kept: self.tally.kept,
            quarantined: self.tally.rejects.len() as u64,
            replaced: self.tally.replaced,
            columns: plan.map(|p| p.delivered.clone()).unwrap_or_default(),
            unmapped: plan.map(|p| p.unmapped.clone()).unwrap_or_default(),
            months: self.tally.months.clone(),
            named: period::named_month(&self.name),
            shops: self.tally.shops.clone(),
        }
    }
}

/// Reads the raw folder into the lake. Tables whose files, settings and key have not changed are left alone; a refused
/// table keeps its last good state.
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
    let mut outcome = Outcome::default();
    let mut inputs = match look(raw, sources, &mut outcome.diagnostics)? {
        Some(inputs) => inputs,
        None => {
            outcome.refused.push("raw".to_owned());
            return Ok(outcome);
        }
    };
    if outcome.diagnostics.iter().any(|d| d.severity == crate::base::Severity::Error) {
        outcome.refused.push("raw".to_owned());
        return Ok(outcome);
    }
    let settings = settings_hash(options, sources, key);
    let old = Manifest::load(&lake)?.unwrap_or_default();
    let mut manifest = Manifest {
        schema_version: schema::VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        settings,
        files: Vec::new(),
        partitions: Vec::new(),
    };
    let same_rules = old.schema_version == manifest.schema_version
        && old.program == manifest.program
        && old.settings == manifest.settings;
    let mut quarantine = quarantine::Quarantine::load(&lake)?;
    let stage = Stage { lake: &lake, options, key, progress: Progress(told) };
    for (table_name, _) in RAW_COLUMNS {
        let Some(table) = schema::table(table_name) else { continue };
        let (mut mine, rest): (Vec<Input<'_>>, Vec<Input<'_>>) =
            inputs.into_iter().partition(|i| i.source.table == table.name);
        // What messages are read with: a change there makes them anew.
        let reads = |name: &str| (name == ACCOUNTS.name && options.own_staff) || auto::TABLES.contains(&name);
        let others = rest.iter().filter(|i| reads(&i.source.table)).map(|i| i.examined.sha256.clone());
        let also = if table.name == MESSAGES.name { others.collect() } else { Vec::new() };
        inputs = rest;
        let hashes = fingerprint(&mine, &also);
        let known: Vec<&Partition> = old.partitions.iter().filter(|p| p.table == table.name).collect();
        let unchanged = same_rules && known.iter().all(|p| p.inputs == hashes) && same_files(&old, table, &mine);
        if unchanged && (mine.is_empty() || old.files.iter().any(|f| f.table == table.name)) {
            manifest.keep(&old, table.name);
            continue;
        }
        let rules = match table.name == MESSAGES.name {
            true => {
                let accounts = account_names(&mut inputs)?.into_iter().collect();
                Some(TextRules::new(options, accounts, AutoTexts::read(&mut inputs)?)?)
            }
            false => None,
        };
        match stage.table(table, &mut mine, rules, &hashes)? {
            Made::Published(partitions, rejects) => {
                outcome.rows += partitions.iter().map(|p| p.rows).sum::<u64>();
                if !mine.is_empty() || !known.is_empty() {
                    outcome.rebuilt.push(table.name.to_owned());
                }
                manifest.partitions.extend(partitions);
                manifest.files.extend(mine.iter().map(Input::entry));
                if !rejects.is_empty() {
                    outcome.diagnostics.push(quarantined(table, &rejects));
                }
                quarantine.replace(table.name, rejects);
            }
            Made::Refused(found) => {
                outcome.refused.push(table.name.to_owned());
                outcome.diagnostics.extend(found);
                manifest.keep(&old, table.name);
            }
        }
    }
    files::remove_dir(&lake.join(".new"))?;
    manifest.files.sort_by(|a, b| a.name.cmp(&b.name));
    if !outcome.rebuilt.is_empty() || old != manifest {
        quarantine.save(&lake)?;
        manifest.save(&lake)?;
    }
    outcome.manifest = manifest;
    Ok(outcome)
}

fn account_names(inputs: &mut [Input<'_>]) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for input in inputs.iter_mut().filter(|i| i.source.table == ACCOUNTS.name) {
        names.extend(rows::account_names(std::slice::from_mut(input))?);
    }
    Ok(names)
}

/// The recognised files of the raw folder, sorted by name; `None` where there is nothing to read. What is wrong is added
/// to `found`.
fn look<'a>(raw: &Path, sources: &'a [Source], found: &mut Vec<Diagnostic>) -> Result<Option<Vec<Input<'a>>>> {
    let here = Place::file(raw.display().to_string(), "the raw folder");
    let help = "put the month's exports there, or name the folder under [paths] of the pipeline or with --data";
    if !raw.is_dir() {
        found.push(Diagnostic::error("K0213", "there is no folder of raw files").at(here).help(help));
        return Ok(None);
    }
    let mut wanted = Vec::new();
    for path in files::walk(raw)? {
        let name = path.strip_prefix(raw).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let file = name.rsplit('/').next().unwrap_or("");
        if file.starts_with('.') || file.starts_with("~$") {
            continue;
        }
        let ending = file.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
        if !["csv", "tsv", "txt"].contains(&ending.as_str()) {
            found.push(Diagnostic::note("K0214", format!("{name} is not read: this version reads CSV")));
            continue;
        }
        wanted.push((path, name));
    }
    // Each file is read once for its hash and encoding.
    let opened: Vec<_> = wanted.into_par_iter().map(|(path, name)| open(path, name, sources)).collect();
    let mut inputs = Vec::new();
    for file in opened {
        match file? {
            Ok(input) => inputs.push(input),
            Err(d) => found.push(d),
        }
    }
    if inputs.is_empty() && found.iter().all(|d| d.severity != crate::base::Severity::Error) {
        found.push(Diagnostic::error("K0213", "the raw folder holds no file that can be read").at(here).help(help));
        return Ok(None);
    }
    Ok(Some(inputs))
}

fn open<'a>(path: PathBuf, name: String, sources: &'a [Source]) -> Result<std::result::Result<Input<'a>, Diagnostic>> {
    let examined = decode::examine(&path)?;
    let at = |label: &str| Place::file(name.clone(), label);
    if examined.bytes <= if examined.bom { 3 } else { 0 } {
        let d = Diagnostic::error("K0215", format!("{name} is empty")).at(at("0 bytes"));
        return Ok(Err(d.help("export it again, or move it away; where there was nothing, a header alone says so")));
    }
    // A first look with every encoding allowed: the header says which source it is.
    let header = match Records::header(&path, &examined)? {
        Ok(header) => header,
        Err(offset) => return Ok(Err(undecodable(&name, offset))),
    };
    let folded: Vec<String> = header.iter().map(fold).collect();
    let source = match recognise(sources, &folded, &name) {
        Ok(source) => source,
        Err(d) => return Ok(Err(d)),
    };
    let encoding = match decode::open(&path, &examined, source.encoding)? {
        Ok((_, encoding)) => encoding,
        Err(offset) => return Ok(Err(undecodable(&name, offset))),
    };
    let plan = Plan::new(source, &header);
    Ok(Ok(Input { name, path, examined, encoding, plan: Some(plan), source, tally: Tally::default() }))
}

fn undecodable(name: &str, offset: u64) -> Diagnostic {
    Diagnostic::error("K0216", format!("{name} is neither UTF-8 nor GB18030"))
        .at(Place::file(name, format!("first bad byte at offset {offset}")))
        .help("export it again as CSV UTF-8")
}

fn settings_hash(options: &Options, sources: &[Source], key: &BuyerKey) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{options:?}"));
    for source in sources {
        hash.update(&source.hash);
    }
    hash.update(key.fingerprint());
    hex::encode(hash.finalize())
}

/// What a table's rows are made of.
fn fingerprint(inputs: &[Input<'_>], also: &[String]) -> Vec<String> {
    let mut all: Vec<String> =
        inputs.iter().map(|i| format!("{}:{}:{}", i.name, i.source.name, i.examined.sha256)).collect();
    all.extend(also.iter().cloned());
    all
}

fn same_files(old: &Manifest, table: &Table, inputs: &[Input<'_>]) -> bool {
    let known: BTreeSet<(&str, &str)> =
        old.files.iter().filter(|f| f.table == table.name).map(|f| (f.name.as_str(), f.sha256.as_str())).collect();
    known == inputs.iter().map(|i| (i.name.as_str(), i.examined.sha256.as_str())).collect()
}

enum Made {
    Published(Vec<Partition>, Vec<QuarantineRow>),
    Refused(Vec<Diagnostic>),
}

struct Stage<'a> {
    lake: &'a Path,
    options: &'a Options,
    key: &'a BuyerKey,
    progress: Progress<'a>,
}

impl Stage<'_> {
    fn table(
        &self,
        table: &'static Table,
        inputs: &mut [Input<'_>],
        rules: Option<TextRules>,
        hashes: &[String],
    ) -> Result<Made> {
        let new = NewTable::begin(self.lake, table)?;
        let parts: BTreeMap<Option<Month>, (u64, u32)> = if let Some(rules) = rules {
            let spill = Spill::new(&self.lake.join(".new").join("spill"))?;
            messages::ingest(inputs, &new, spill, self.options, &rules, self.key, &self.progress)?
                .into_iter()
                .map(|(month, part)| (Some(month), part))
                .collect()
        } else {
            rows::ingest(table, inputs, &new, self.options, self.key)?
        };
        let rejects: Vec<QuarantineRow> = inputs.iter().flat_map(|i| i.tally.rejects.iter().cloned()).collect();
        let read: u64 = inputs.iter().map(|i| i.tally.read).sum();
        let accounted: u64 =
            inputs.iter().map(|i| i.tally.kept + i.tally.replaced + i.tally.rejects.len() as u64).sum();
        if read != accounted {
            return Err(Error::Failed(format!("{}: {read} rows were read, {accounted} are accounted for", table.name)));
        }
        if rejects.len() as u64 * 1000 > read * u64::from(self.options.rejects_max_permille) {
            return Ok(Made::Refused(self.refused(table, &rejects, read)));
        }
        new.publish()?;
        let partitions = parts.into_iter().map(|(month, (rows, buckets))| Partition {
            table: table.name.to_owned(),
            month,
            rows,
            buckets,
            inputs: hashes.to_vec(),
        });
        Ok(Made::Published(partitions.collect(), rejects))
    }

    fn refused(&self, table: &Table, rejects: &[QuarantineRow], read: u64) -> Vec<Diagnostic> {
        let limit = self.options.rejects_max_permille;
        let message = format!(
            "{} of {read} rows of `{}` cannot be read; at most {}.{} % may fail",
            rejects.len(),
            table.name,
            limit / 10,
            limit % 10
        );
        let mut d = Diagnostic::error("K0217", message);
        for r in rejects.iter().take(SHOWN) {
            let seen = r.value_mask.as_ref().map(|m| format!(" (`{m}`)")).unwrap_or_default();
            d = d.at(Place::row(r.file.clone(), r.row as u64, r.column.as_deref(), format!("{}{seen}", r.reason)));
        }
        vec![d.help(
            "mend the mapping in pipelines/sources or export again; `rejects_max` of the pipeline sets the share",
        )]
    }
}

fn quarantined(table: &Table, rejects: &[QuarantineRow]) -> Diagnostic {
    let d = Diagnostic::warning("K0218", format!("{} row(s) of `{}` went to quarantine", rejects.len(), table.name));
    let places = rejects.iter().take(SHOWN).map(|r| {
        let seen = r.value_mask.as_ref().map(|m| format!(" (`{m}`)")).unwrap_or_default();
        Place::row(r.file.clone(), r.row as u64, r.column.as_deref(), format!("{}{seen}", r.reason))
    });
    places.fold(d, Diagnostic::at)
}
