//! What is in the lake already, changed: a file taken out, a buyer forgotten, pseudonyms carried on to a new key. The new
//! state is made beside the lake and put in its place whole, so that a run that breaks off leaves the old one.

use super::Options;
use super::buyers::Buyers;
use super::containers::{self, SCRATCH, Scratch};
use super::key::{BuyerKey, Pseudonym};
use super::stage::{Outcome, Progress, Stage, Task, tables};
use super::veil;
use crate::base::{Diagnostic, Error, Month, Place, Result, files};
use crate::lake::manifest::{Manifest, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a change did.
#[derive(Debug, Default)]
pub struct Changed {
    /// Rows that are gone, less those that came back in their place.
    pub rows: i64,
    /// Tables that were made anew.
    pub tables: Vec<String>,
    /// Months of which rows are gone or came back.
    pub months: BTreeSet<Month>,
    /// Raw files that gave rows which are gone.
    pub files: BTreeSet<String>,
}

/// Takes a file's rows out of the lake; rows that it had replaced come back. `name`: of a raw file, or of one entry or sheet.
///
/// # Errors
/// A file that gave nothing to the lake, and one that still lies in the raw folder: the next ingest would read it again.
pub fn forget_file(
    raw: &Path,
    data: &Path,
    name: &str,
    options: &Options,
    key: &BuyerKey,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Changed> {
    let old = manifest(data)?;
    let is = |f: &SourceFile| {
        f.name == name || f.name.starts_with(&format!("{name}/")) || f.name.starts_with(&format!("{name}#"))
    };
    if !old.files.iter().any(is) {
        let known: BTreeSet<&str> = old.files.iter().map(|f| f.name.as_str()).collect();
        let d = Diagnostic::error("K0223", format!("no file `{name}` gave anything to the lake"));
        let names: Vec<&str> = known.iter().take(10).copied().collect();
        return Err(d.help(format!("names are relative to the raw folder, for example {}", names.join(", "))).into());
    }
    // A folder lies there under its name, a file of a customer's name under that one.
    let there = if raw.join(name).exists() { Some(name) } else { containers::on_disk(raw, name) };
    let scratch = Scratch::new(&data.join(SCRATCH))?;
    let veiled = raw.is_dir() && veil::may_be(name) && containers::again(raw, name, &scratch)?.is_some();
    if there.is_some() || veiled {
        let d = Diagnostic::error("K0224", format!("`{name}` is still in the raw folder and would be read again"));
        let place = raw.join(there.unwrap_or_default()).display().to_string();
        let d = d.at(Place::file(place, if there.is_some() { "this file" } else { "here, under the customer's name" }));
        return Err(d.help("move it away first, then forget it").into());
    }
    let files = old.files.iter().filter(|f| is(f)).map(|f| f.name.clone()).collect();
    let changed = change(data, old, Buyers::load(&data.join("lake"), key)?, &|f| !is(f), options, told)?;
    Ok(Changed { files, ..changed })
}

/// Removes all rows of a buyer, and keeps his pseudonym so that raw files that still name him do not bring him back.
pub fn forget_buyer(
    data: &Path,
    buyer: Pseudonym,
    options: &Options,
    key: &BuyerKey,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Changed> {
    let mut buyers = Buyers::load(&data.join("lake"), key)?;
    buyers.forget(buyer);
    change(data, manifest(data)?, buyers, &|_| true, options, told)
}

/// Carries all pseudonyms on to the next key of the chain.
pub fn rotate(
    data: &Path,
    key: &BuyerKey,
    next: &BuyerKey,
    options: &Options,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Changed> {
    let mut buyers = Buyers::load(&data.join("lake"), key)?;
    buyers.carry_on_to(next.clone());
    change(data, manifest(data)?, buyers, &|_| true, options, told)
}

fn manifest(data: &Path) -> Result<Manifest> {
    let none =
        || Error::from(Diagnostic::error("K0201", "the lake holds no data yet").help("run `kaohe ingest` first"));
    Manifest::load(&data.join("lake"))?.ok_or_else(none)
}

fn change(
    data: &Path,
    old: Manifest,
    buyers: Buyers,
    stays: &dyn Fn(&SourceFile) -> bool,
    options: &Options,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Changed> {
    let (lake, next) = (data.join("lake"), data.join(".lake-next"));
    files::remove_dir(&next)?;
    files::link_dir(&lake, &next)?;
    // Everything else stays as it was: the next ingest sees what changed since.
    let new = Manifest { key: buyers.fingerprint(), files: Vec::new(), partitions: Vec::new(), ..old.clone() };
    let same = buyers.leaves_all();
    let mut stage = Stage::new(&next, options, buyers, Progress(told), new, old)?;
    let mut outcome = Outcome::default();
    for table in tables() {
        let (was, now) = (stage.read_with(&stage.old, table), stage.read_with(&stage.manifest, table));
        let of: Vec<SourceFile> = stage.old.files.iter().filter(|f| f.table == table.name).cloned().collect();
        let mut stay: Vec<SourceFile> = of.iter().filter(|f| stays(f)).cloned().collect();
        if of.is_empty() || same && stay.len() == of.len() {
            let Stage { manifest, old, .. } = &mut stage;
            manifest.keep(old, table.name);
            continue;
        }
        stay.iter_mut().filter(|f| f.read_with == was).for_each(|f| f.read_with.clone_from(&now));
        let made = stage.read(Task { table, inputs: Vec::new(), stay, read_with: now, told: None })?;
        outcome.take(stage.record(made)?);
    }
    let old = stage.old.clone();
    let outcome = stage.finish(outcome)?;
    files::replace_dir(&next, &lake)?;
    Ok(compared(&old, &outcome))
}

fn compared(old: &Manifest, outcome: &Outcome) -> Changed {
    let rows = |m: &Manifest| -> BTreeMap<(String, Option<Month>), i64> {
        m.partitions.iter().map(|p| ((p.table.clone(), p.month), p.rows as i64)).collect()
    };
    let (before, after) = (rows(old), rows(&outcome.manifest));
    let mut changed = Changed { tables: outcome.rebuilt.clone(), ..Changed::default() };
    for at in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let less = before.get(at).copied().unwrap_or(0) - after.get(at).copied().unwrap_or(0);
        changed.rows += less;
        changed.months.extend(at.1.filter(|_| less != 0));
    }
    for f in &outcome.manifest.files {
        let was = old.files.iter().find(|o| (&o.name, &o.sha256, &o.table) == (&f.name, &f.sha256, &f.table));
        if was.is_some_and(|o| o.forgotten < f.forgotten) {
            changed.files.insert(f.name.clone());
        }
    }
    changed
}
