//! What is done with the buyer key and with what it made: backup, rotation, a buyer forgotten, a file taken out.

use super::project::Project;
use super::{Progress, stage};
use crate::base::{Diagnostic, Error, Result, files};
use crate::ingest::change::{self, Changed};
use crate::ingest::key::{BuyerKey, DIGITS, next_place};
use crate::ingest::preview::{Preview, preview};
use crate::lake::lock::Lock;
use crate::lake::manifest::Manifest;
use crate::settings::source;
use std::fs;
use std::path::Path;

/// The project's key, made where there is none. Ends a rotation that was broken off: the lake says whether it had happened.
pub(super) fn open(project: &Project) -> Result<BuyerKey> {
    settle(project)?;
    BuyerKey::load_or_create(&project.key)
}

fn settle(project: &Project) -> Result<()> {
    let next = next_place(&project.key);
    let Some(waiting) = BuyerKey::load(&next)? else { return Ok(()) };
    let lake = Manifest::load(&project.lake())?;
    if lake.is_some_and(|m| m.key == waiting.fingerprint()) {
        fs::rename(&next, &project.key).map_err(Error::io("cannot put in place", &project.key))
    } else {
        fs::remove_file(&next).map_err(Error::io("cannot remove", &next))
    }
}

fn existing(project: &Project) -> Result<BuyerKey> {
    settle(project)?;
    BuyerKey::load(&project.key)?.ok_or_else(|| {
        let d = Diagnostic::error("K0225", format!("there is no buyer key at {}", project.key.display()));
        d.help("the first `kaohe ingest` makes it; or restore it from its backup").into()
    })
}

/// Copies the key into a new file.
///
/// # Errors
/// Exit 2 where there is no key, or a file at that place.
pub fn backup(project: &Project, to: &Path) -> Result<()> {
    let _lock = Lock::take(&project.data)?;
    let key = existing(project)?;
    if to.exists() {
        let d = Diagnostic::error("K0226", format!("{} is there already", to.display()));
        return Err(d.help("a backup never takes another one's place: give a new name").into());
    }
    key.save(to)
}

/// Gives the key one more link and rewrites the lake; what was computed with old pseudonyms is removed.
///
/// # Errors
/// Exit 2 where there is no key or no lake; a broken machine leaves everything as it was.
pub fn rotate(project: &Project, progress: &dyn Progress) -> Result<Changed> {
    let _lock = Lock::take(&project.data)?;
    let key = existing(project)?;
    let next = key.rotated()?;
    next.save(&next_place(&project.key))?;
    progress.begin("rotate", 0);
    let told = |rows: u64| progress.step(rows);
    let changed = change::rotate(&project.data, &key, &next, &stage::options(project), &told);
    progress.end();
    settle(project)?;
    let changed = changed?;
    files::remove_dir(&project.mart())?;
    Ok(changed)
}

/// Removes a buyer's rows for good. `buyer`: his nick, or his buyer_key. What was computed with them is removed.
///
/// # Errors
/// Exit 2 where there is no key or no lake, or where nothing of him is known.
pub fn forget_buyer(project: &Project, buyer: &str, progress: &dyn Progress) -> Result<Changed> {
    let _lock = Lock::take(&project.data)?;
    let key = existing(project)?;
    let mut pseudonym = [0; DIGITS / 2];
    if hex::decode_to_slice(buyer.trim(), &mut pseudonym).is_err() {
        pseudonym = key.pseudonym(buyer);
    }
    progress.begin("forget", 0);
    let told = |rows: u64| progress.step(rows);
    let changed = change::forget_buyer(&project.data, pseudonym, &stage::options(project), &key, &told);
    progress.end();
    let changed = changed?;
    files::remove_dir(&project.mart())?;
    Ok(changed)
}

/// Takes a raw file's rows out of the lake.
///
/// # Errors
/// Exit 2 where the file gave nothing, or still lies in the raw folder.
pub fn forget_file(project: &Project, name: &str, progress: &dyn Progress) -> Result<Changed> {
    let _lock = Lock::take(&project.data)?;
    let key = existing(project)?;
    progress.begin("forget", 0);
    let told = |rows: u64| progress.step(rows);
    let changed = change::forget_file(&project.raw, &project.data, name, &stage::options(project), &key, &told);
    progress.end();
    changed
}

/// What ingest would make of the raw folder; nothing is kept.
///
/// # Errors
/// As [`stage::ingest`]; what is wrong with files is told beside.
pub fn dry_run(project: &Project) -> Result<(Vec<Preview>, Vec<Diagnostic>)> {
    let _lock = Lock::take(&project.data)?;
    let sources = source::load(&project.files)?;
    // Without a key any will do: no pseudonym is kept.
    let key = BuyerKey::load(&project.key)?.map_or_else(BuyerKey::random, Ok)?;
    preview(&project.raw, &project.data, &sources, &stage::options(project), &key)
}
