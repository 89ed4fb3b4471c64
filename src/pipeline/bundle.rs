//! A review bundle on disk: `reviews/2026H1/v1/` with a folder and an archive for each audience, the sealed archive and
//! `manifest.json`. It is made beside its place and gets its name whole.

use super::basis::Months;
use super::project::Project;
use super::review_gather;
use crate::base::{Diagnostic, Error, Ms, Result, files};
use crate::lake::manifest::Manifest as LakeManifest;
use crate::report::names::FileNames;
use crate::review::archive::{self, Passphrase};
use crate::review::changes::{self, Change};
use crate::review::manifest::{self, Basis, Fingerprint, Manifest, Replaced};
use crate::review::seals::{Log, Seal};
use crate::review::{self, Files, PayFile, Period};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folder of the HR audience; the sealed archive holds it and the manifest.
pub const HR: &str = "hr";
/// What the versions of a bundle are compared by.
pub const RESULTS: &str = "hr/results.json";
/// The folder of a bundle that is not sealed.
const DRAFT: &str = "draft";
/// What is other than in the version before.
const CHANGES: &str = "hr/changes.json";
const CHANGES_PAGE: &str = "hr/changes.html";

/// A bundle, not yet on disk.
#[derive(Debug)]
pub struct Bundle {
    pub manifest: Manifest,
    /// Of the manifest's bytes.
    pub seal: String,
    pub changes: Vec<Change>,
    bytes: Vec<u8>,
    /// By audience: `hr/…`, `manager/P01/…`, `staff/S01/…`.
    files: Files,
}

/// Which bundle is made.
#[derive(Debug)]
pub struct Order<'a> {
    pub period: Period,
    /// 0: a draft.
    pub version: u32,
    pub as_of: Ms,
    pub pay: Option<PayFile>,
    pub basis: Basis,
    /// The version that it amends.
    pub before: Option<&'a Published>,
}

impl Bundle {
    /// Computes the files of a bundle.
    ///
    /// # Errors
    /// Settings that are wrong; the machine.
    pub fn make(project: &Project, lake: &LakeManifest, months: &Months, order: Order<'_>) -> Result<Bundle> {
        let Order { period, version, as_of, pay, basis, before } = order;
        let mut inputs = review_gather::gather(project, lake, period, months, as_of, pay)?;
        inputs.amended = before.is_some();
        let content = review::content(&inputs)?;
        let mut files = Files::new();
        let below =
            |dir: &str, of: Files| of.into_iter().map(move |(n, b)| (format!("{dir}/{n}"), b)).collect::<Vec<_>>();
        files.extend(below(HR, content.hr));
        for (audience, all) in [("manager", content.managers), ("staff", content.staff)] {
            let names = FileNames::new(all.keys().map(String::as_str));
            let stem = |id: &str| names.get(id).unwrap_or("").to_owned();
            files.extend(all.into_iter().flat_map(|(id, of)| below(&format!("{audience}/{}", stem(&id)), of)));
        }
        let results = serde_json::to_value(&content.results).map_err(json_error)?;
        let mut found = Vec::new();
        if let Some(before) = before {
            found = changes::changes(&before.results, &results);
            found.iter_mut().for_each(|c| c.why = basis.reasons(&before.manifest.basis, c.rule.as_deref()));
            let page = review::changes_page(&inputs, &found, before.manifest.version)?;
            files.extend([(CHANGES.to_owned(), pretty(&found)?), (CHANGES_PAGE.to_owned(), page)]);
        }
        let replaces = before.map(|b| Replaced { version: b.manifest.version, seal: b.seal.clone() });
        let clock = (as_of, project.zone().to_string());
        let manifest = Manifest::new(&period.to_string(), version, replaces, clock, basis, &files);
        let (bytes, seal) = manifest.sealed()?;
        Ok(Bundle { manifest, seal, changes: found, bytes, files })
    }

    /// The files by their path in the bundle's folder.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Its archives by their names, encrypted where a passphrase is given.
    fn archives(&self, passphrase: Option<&Passphrase>) -> Result<Files> {
        let name = name_of(&self.manifest);
        let mut parts: BTreeMap<String, Vec<(&str, &[u8])>> = BTreeMap::new();
        for (path, bytes) in &self.files {
            let audience = audience_of(path);
            let inner = path.get(audience.len() + 1..).unwrap_or(path);
            parts.entry(format!("{name}-{}.zip", audience.replace('/', "-"))).or_default().push((inner, bytes));
            if audience == HR {
                parts.entry(format!("{name}.zip")).or_default().push((path, bytes));
            }
        }
        parts.entry(format!("{name}.zip")).or_default().push((manifest::NAME, &self.bytes));
        let pack = |(name, files): (String, Vec<(&str, &[u8])>)| Ok((name, archive::pack(files, passphrase)?));
        parts.into_par_iter().map(pack).collect()
    }

    /// Writes all of it into a new folder. Gives the archives' hashes.
    ///
    /// # Errors
    /// The machine.
    pub fn write(&self, dir: &Path, passphrase: Option<&Passphrase>) -> Result<BTreeMap<String, String>> {
        files::remove_dir(dir)?;
        let archives = self.archives(passphrase)?;
        for (name, bytes) in self.files.iter().chain(&archives) {
            files::write_atomic(&dir.join(name), bytes)?;
        }
        files::write_atomic(&dir.join(manifest::NAME), &self.bytes)?;
        Ok(archives.iter().map(|(name, bytes)| (name.clone(), Fingerprint::of(bytes).sha256)).collect())
    }
}

/// `2026H1-v1`, or `2026H1-draft`.
pub fn name_of(manifest: &Manifest) -> String {
    match manifest.version {
        0 => format!("{}-draft", manifest.period),
        n => format!("{}-v{n}", manifest.period),
    }
}

/// The audience that a path of the bundle belongs to: `hr`, `manager/P01`, `staff/S01`.
pub fn audience_of(path: &str) -> &str {
    let mut parts = path.match_indices('/').map(|(i, _)| i);
    let first = parts.next().unwrap_or(path.len());
    let end = if path.get(..first) == Some(HR) { first } else { parts.next().unwrap_or(path.len()) };
    path.get(..end).unwrap_or(path)
}

fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    Ok((serde_json::to_string_pretty(value).map_err(json_error)? + "\n").into_bytes())
}

fn json_error(e: serde_json::Error) -> Error {
    Error::Failed(e.to_string())
}

/// A version that was sealed and is on disk, as far as the next one needs it.
#[derive(Debug)]
pub struct Published {
    pub manifest: Manifest,
    pub seal: String,
    pub results: Value,
}

/// The folder of a period's bundles.
#[derive(Debug)]
pub struct Shelf {
    dir: PathBuf,
    period: String,
}

impl Shelf {
    /// Opens it, and settles what a killed run left: a bundle whose seal is in the log already gets its place, the rest goes.
    ///
    /// # Errors
    /// The machine.
    pub fn open(reviews: &Path, period: Period, log: &Log) -> Result<Shelf> {
        let shelf = Shelf { dir: reviews.join(period.to_string()), period: period.to_string() };
        if !shelf.dir.is_dir() {
            return Ok(shelf);
        }
        files::recover_dirs(&shelf.dir)?;
        if let Some(seal) = log.newest(&shelf.period) {
            let (new, place) = (shelf.new_place(seal.version), shelf.place(seal.version));
            let there = new.join(manifest::NAME);
            if !place.exists() && there.is_file() && files::hash(&there)?.1 == seal.seal {
                files::replace_dir(&new, &place)?;
            }
        }
        for entry in std::fs::read_dir(&shelf.dir).map_err(Error::io("cannot read the folder", &shelf.dir))? {
            let path = entry.map_err(Error::io("cannot read the folder", &shelf.dir))?.path();
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(".new-")) {
                files::remove_dir(&path)?;
            }
        }
        Ok(shelf)
    }

    /// Where a version lies.
    pub fn place(&self, version: u32) -> PathBuf {
        self.dir.join(if version == 0 { DRAFT.to_owned() } else { format!("v{version}") })
    }

    fn new_place(&self, version: u32) -> PathBuf {
        self.dir.join(format!(".new-v{version}"))
    }

    /// Puts a draft in place of the last one.
    ///
    /// # Errors
    /// The machine.
    pub fn draft(&self, bundle: &Bundle, passphrase: Option<&Passphrase>) -> Result<()> {
        bundle.write(&self.new_place(0), passphrase)?;
        files::replace_dir(&self.new_place(0), &self.place(0))
    }

    /// Seals a bundle: written whole, then its line in the log, then its name. A run that is killed after the line is
    /// completed by the next.
    ///
    /// # Errors
    /// Exit 3 where something lies in its place that was never sealed; the machine.
    pub fn seal(&self, bundle: &Bundle, passphrase: Option<&Passphrase>, data: &Path, log: &mut Log) -> Result<()> {
        let m = &bundle.manifest;
        let (new, place) = (self.new_place(m.version), self.place(m.version));
        if place.exists() {
            let message = format!("{} is there, but seals.jsonl knows no such bundle", place.display());
            let d = Diagnostic::error("K0427", message);
            return Err(Error::Refused(vec![d.help("restore seals.jsonl from a backup, or move the folder away")]));
        }
        let archives = bundle.write(&new, passphrase)?;
        log.append(
            data,
            Seal {
                period: m.period.clone(),
                version: m.version,
                seal: bundle.seal.clone(),
                archives,
                basis: m.basis.hash()?,
                as_of: m.as_of,
                program: m.basis.program.clone(),
                previous: String::new(),
                line: String::new(),
            },
        )?;
        files::replace_dir(&new, &place)?;
        files::remove_dir(&self.place(0))
    }

    /// Puts a sealed bundle, made again, back where it was removed.
    ///
    /// # Errors
    /// Exit 3 where it is not, byte for byte, what was sealed.
    pub fn put_back(&self, bundle: &Bundle, seal: &Seal) -> Result<()> {
        let new = self.new_place(seal.version);
        let archives = bundle.write(&new, None)?;
        if bundle.seal != seal.seal || archives != seal.archives {
            files::remove_dir(&new)?;
            let message =
                format!("{} is sealed, its folder is gone, and it cannot be made again the same", seal.name());
            let help = format!("restore {} from a copy", self.place(seal.version).display());
            return Err(Error::Refused(vec![Diagnostic::error("K0428", message).help(help)]));
        }
        files::replace_dir(&new, &self.place(seal.version))
    }

    /// A sealed version, checked against its seal, for the one that amends it.
    ///
    /// # Errors
    /// Exit 3 where it is not there or not what was sealed.
    pub fn published(&self, seal: &Seal) -> Result<Published> {
        let place = self.place(seal.version);
        let wrong = |what: String| {
            let d = Diagnostic::error("K0426", format!("{}: {what}", seal.name()));
            Error::Refused(vec![
                d.help(format!("a new version is compared with it: restore {} from a copy", place.display())),
            ])
        };
        let read = |name: &str| match place.join(name) {
            path if path.is_file() => files::read(&path),
            path => Err(wrong(format!("{} is not there", path.display()))),
        };
        let bytes = read(manifest::NAME)?;
        if Fingerprint::of(&bytes).sha256 != seal.seal {
            return Err(wrong("its manifest is not the one that was sealed".to_owned()));
        }
        let manifest = Manifest::parse(&bytes).map_err(|e| wrong(format!("its manifest cannot be read: {e}")))?;
        let results = read(RESULTS)?;
        if manifest.files.get(RESULTS) != Some(&Fingerprint::of(&results)) {
            return Err(wrong(format!("{RESULTS} is not the one that was sealed")));
        }
        let results = serde_json::from_slice(&results).map_err(|e| wrong(format!("{RESULTS} cannot be read: {e}")))?;
        Ok(Published { manifest, seal: seal.seal.clone(), results })
    }
}

/// The manifest of a period's draft, where there is one that can be read.
///
/// # Errors
/// The machine.
pub fn draft_of(reviews: &Path, period: Period) -> Result<Option<Manifest>> {
    let path = reviews.join(period.to_string()).join(DRAFT).join(manifest::NAME);
    if path.is_file() { Ok(Manifest::parse(&files::read(&path)?).ok()) } else { Ok(None) }
}
