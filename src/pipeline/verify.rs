//! `kaohe verify`: whether a bundle (its folder, the sealed archive, or the archive of one audience) is what was sealed.

use super::bundle::{HR, RESULTS, audience_of, name_of};
use super::project::Project;
use crate::base::{Diagnostic, Error, Place, Result, files};
use crate::review::Files;
use crate::review::archive::{self, Closed, Passphrase};
use crate::review::manifest::{self, Fingerprint, Manifest};
use crate::review::seals::{Log, Seal};
use std::path::Path;

/// A bundle that was looked at.
#[derive(Debug)]
pub struct Verified {
    /// `2026H1-v1`.
    pub name: String,
    pub manifest: Manifest,
    /// Files that are as they were sealed.
    pub files: usize,
    /// `results.json`, where the bundle holds it as it was sealed.
    pub results: Option<Vec<u8>>,
}

/// Whether an archive wants a passphrase.
///
/// # Errors
/// The machine.
pub fn is_locked(bundle: &Path) -> Result<bool> {
    Ok(bundle.is_file() && matches!(archive::unpack(&files::read(bundle)?, None), Err(Closed::Locked)))
}

/// Holds a bundle against its manifest and the manifest against the log of seals.
///
/// # Errors
/// Exit 5 with everything that differs; the machine.
pub fn verify(project: &Project, bundle: &Path, passphrase: Option<&Passphrase>) -> Result<Verified> {
    let log = Log::read(&project.data)?;
    let mut look = Look { log, passphrase, wrong: Vec::new() };
    let done = if bundle.is_dir() { look.folder(bundle)? } else { look.file(bundle)? };
    let Look { log, mut wrong, .. } = look;
    wrong.extend(log.wrong);
    match done {
        Some(done) if wrong.is_empty() => Ok(done),
        _ => Err(Error::Differs(wrong)),
    }
}

struct Look<'a> {
    log: Log,
    passphrase: Option<&'a Passphrase>,
    wrong: Vec<Diagnostic>,
}

impl Look<'_> {
    fn wrong(&mut self, code: &'static str, file: String, message: String) {
        self.wrong.push(Diagnostic::error(code, message).at(Place::file(file, "")));
    }

    /// The folder of a bundle: its files, and each archive in it.
    fn folder(&mut self, dir: &Path) -> Result<Option<Verified>> {
        let place = dir.join(manifest::NAME);
        if !place.is_file() {
            self.wrong("K0439", place.display().to_string(), "there is no manifest: this is no bundle".to_owned());
            return Ok(None);
        }
        let bytes = files::read(&place)?;
        let Some((manifest, seal)) = self.manifest(&bytes, &place.display().to_string()) else { return Ok(None) };
        let (mut loose, mut archives) = (Files::new(), Files::new());
        for path in files::walk(dir)? {
            let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if name != manifest::NAME {
                let of = if name.contains('/') { &mut loose } else { &mut archives };
                of.insert(name, files::read(&path)?);
            }
        }
        let files = self.compare(&manifest, &loose, "", &dir.display().to_string());
        let Some(seal) = seal else { return Ok(None) };
        for name in seal.archives.keys().filter(|name| !archives.contains_key(*name)) {
            self.wrong("K0434", dir.join(name).display().to_string(), format!("`{name}` is missing"));
        }
        for (name, bytes) in &archives {
            let place = dir.join(name).display().to_string();
            match seal.archives.get(name) {
                None => self.wrong("K0434", place, format!("`{name}` is no part of the bundle")),
                Some(hash) => {
                    self.archive(&manifest, bytes, (name, Some(hash)), &place);
                }
            }
        }
        Ok(Some(verified(manifest, files, &loose)))
    }

    /// An archive by itself: the sealed one brings its manifest, that of an audience has it beside.
    fn file(&mut self, path: &Path) -> Result<Option<Verified>> {
        let (bytes, place) = (files::read(path)?, path.display().to_string());
        let inside = match archive::unpack(&bytes, self.passphrase) {
            Ok(unpacked) => unpacked,
            Err(e) => {
                self.closed(&e, &place);
                return Ok(None);
            }
        };
        let damaged = inside.damaged.iter().any(|(name, _)| name == manifest::NAME);
        let beside = path.with_file_name(manifest::NAME);
        let (manifest_bytes, said) = match inside.files.get(manifest::NAME) {
            Some(bytes) => (bytes.clone(), format!("{place}/{}", manifest::NAME)),
            None if !damaged && beside.is_file() => (files::read(&beside)?, beside.display().to_string()),
            None => {
                self.damaged(&inside.damaged, &place);
                self.wrong(
                    "K0439",
                    place,
                    format!("it holds no {} that can be read, and none lies beside it", manifest::NAME),
                );
                return Ok(None);
            }
        };
        let Some((manifest, seal)) = self.manifest(&manifest_bytes, &said) else {
            self.damaged(&inside.damaged, &place);
            return Ok(None);
        };
        let name = name_among(seal.as_ref(), &manifest, &inside.files, &bytes, path);
        let hash = seal.as_ref().and_then(|s| s.archives.get(&name));
        let files = self.archive(&manifest, &bytes, (&name, hash), &place);
        Ok(Some(verified(manifest, files, &inside.files)))
    }

    /// The manifest, if it can be read, with its seal, if there is one that fits.
    fn manifest(&mut self, bytes: &[u8], place: &str) -> Option<(Manifest, Option<Seal>)> {
        let manifest = match Manifest::parse(bytes) {
            Ok(manifest) => manifest,
            Err(e) => {
                self.wrong("K0439", place.to_owned(), format!("the manifest is damaged: {e}"));
                return None;
            }
        };
        let name = name_of(&manifest);
        let found = self.log.find(&manifest.period, manifest.version).cloned();
        match &found {
            None if manifest.draft => {
                self.wrong("K0433", place.to_owned(), format!("{name} is a draft: nothing is sealed"))
            }
            None => self.wrong("K0431", place.to_owned(), format!("{name} is not in seals.jsonl")),
            Some(seal) if seal.seal != Fingerprint::of(bytes).sha256 => {
                let message = format!("this is not the bundle that was sealed as {name}: its manifest is another one");
                self.wrong("K0432", place.to_owned(), message);
            }
            Some(_) => {}
        }
        Some((manifest, found))
    }

    /// An archive's files against the manifest; where they are all as sealed, its bytes against the seal. Gives how many
    /// files are as sealed. `sealed`: the archive's name and hash when it was sealed.
    fn archive(&mut self, manifest: &Manifest, bytes: &[u8], sealed: (&str, Option<&String>), place: &str) -> usize {
        let (name, hash) = sealed;
        let same = hash.is_some_and(|hash| *hash == Fingerprint::of(bytes).sha256);
        let before = self.wrong.len();
        let inside = match archive::unpack(bytes, self.passphrase) {
            Ok(inside) => inside,
            // Sealed as it is: what it holds was sealed with it.
            Err(Closed::Locked) if same => return 0,
            Err(Closed::Locked) => {
                let message = "the archive is not as it was sealed; with its passphrase, the file in it is named";
                self.wrong("K0435", place.to_owned(), message.to_owned());
                return 0;
            }
            Err(e) => {
                self.closed(&e, place);
                return 0;
            }
        };
        self.damaged(&inside.damaged, place);
        let mut inner = inside.files;
        let audience = match inner.remove(manifest::NAME) {
            Some(_) => String::new(),
            None => audience_in(manifest, name),
        };
        let found = match audience.as_str() {
            "" => inner.into_iter().collect(),
            audience => inner.into_iter().map(|(name, bytes)| (format!("{audience}/{name}"), bytes)).collect(),
        };
        let part = if audience.is_empty() { HR } else { &audience };
        let known: Vec<&String> = inside.damaged.iter().map(|(name, _)| name).collect();
        let found: Files = found;
        let files = self.compare_but(manifest, &found, part, place, &known);
        if !same && self.wrong.len() == before {
            let again: Files = found
                .iter()
                .map(|(n, b)| (n.strip_prefix(&format!("{audience}/")).unwrap_or(n).to_owned(), b.clone()))
                .collect();
            self.structure(manifest, again, audience.is_empty(), bytes, place);
        }
        files
    }

    /// All files of an archive are as sealed, the archive is not: says where, if it can be packed again the same.
    fn structure(&mut self, manifest: &Manifest, mut inner: Files, sealed: bool, bytes: &[u8], place: &str) {
        if sealed && let Ok((own, _)) = manifest.sealed() {
            inner.insert(manifest::NAME.to_owned(), own);
        }
        // Encrypted anew, nothing would be the same.
        let plain = self.passphrase.is_none();
        let again = archive::pack(inner.iter().map(|(n, b)| (n.as_str(), b.as_slice())), None);
        let at = again.ok().filter(|_| plain).and_then(|good| archive::place_of_difference(&good, bytes));
        let at = at.map_or_else(String::new, |(at, entry)| format!(" (byte {at}, {entry})"));
        let message = format!(
            "the archive is not as it was sealed{at}, although each file in it is: it was changed, or packed anew"
        );
        self.wrong("K0435", place.to_owned(), message);
    }

    fn damaged(&mut self, damaged: &[(String, String)], place: &str) {
        for (name, why) in damaged {
            self.wrong("K0434", format!("{place}/{name}"), format!("`{name}` is damaged: {why}"));
        }
    }

    fn closed(&mut self, why: &Closed, place: &str) {
        let message = match why {
            Closed::Locked => "the archive is encrypted: give its passphrase".to_owned(),
            Closed::WrongPassphrase => "the passphrase does not open the archive".to_owned(),
            Closed::Broken(why) => format!("the archive is damaged: {why}"),
        };
        self.wrong("K0436", place.to_owned(), message);
    }

    fn compare(&mut self, manifest: &Manifest, found: &Files, part: &str, place: &str) -> usize {
        self.compare_but(manifest, found, part, place, &[])
    }

    /// Files against the manifest's, of one audience or (empty) of all. `known`: told already.
    fn compare_but(&mut self, manifest: &Manifest, found: &Files, part: &str, place: &str, known: &[&String]) -> usize {
        let mine = |name: &str| part.is_empty() || audience_of(name) == part;
        let mut good = 0;
        for (name, print) in manifest.files.iter().filter(|(name, _)| mine(name)) {
            let told = known.iter().any(|k| name.ends_with(k.as_str()));
            match found.get(name) {
                Some(bytes) if Fingerprint::of(bytes) == *print => good += 1,
                Some(_) => self.wrong("K0434", format!("{place}/{name}"), format!("`{name}` is not as it was sealed")),
                None if told => {}
                None => self.wrong("K0434", format!("{place}/{name}"), format!("`{name}` is missing")),
            }
        }
        for name in found.keys().filter(|name| !manifest.files.contains_key(*name)) {
            self.wrong("K0434", format!("{place}/{name}"), format!("`{name}` is no part of the bundle"));
        }
        good
    }
}

fn verified(manifest: Manifest, files: usize, found: &Files) -> Verified {
    let sealed = |bytes: &&Vec<u8>| manifest.files.get(RESULTS) == Some(&Fingerprint::of(bytes));
    let results = found.get(RESULTS).filter(sealed).cloned();
    Verified { name: name_of(&manifest), manifest, files, results }
}

/// The name that an archive had when it was sealed: that of the one with the same bytes, else its own; the sealed one's
/// where it brings a manifest.
fn name_among(seal: Option<&Seal>, manifest: &Manifest, inside: &Files, bytes: &[u8], path: &Path) -> String {
    if inside.contains_key(manifest::NAME) {
        return format!("{}.zip", name_of(manifest));
    }
    let hash = Fingerprint::of(bytes).sha256;
    let known = seal.and_then(|s| s.archives.iter().find(|(_, h)| **h == hash)).map(|(name, _)| name.clone());
    known.unwrap_or_else(|| path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned()))
}

/// The audience whose archive has this name.
fn audience_in(manifest: &Manifest, name: &str) -> String {
    let stem = name.strip_suffix(".zip").unwrap_or(name);
    let audiences = manifest.files.keys().map(|path| audience_of(path));
    let fits = |audience: &&str| stem.ends_with(&format!("-{}", audience.replace('/', "-")));
    audiences.filter(fits).max_by_key(|a| a.len()).unwrap_or(HR).to_owned()
}
