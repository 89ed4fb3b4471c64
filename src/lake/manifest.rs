//! What the lake holds and where it came from; no clock in it, so that the same files give the same manifest.

use super::schema::{MESSAGES, ORDERS};
use crate::base::{Error, Month, Result, files};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One raw file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Name relative to the raw folder.
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    /// Name of the source mapping.
    pub source: String,
    pub table: String,
    pub encoding: String,
    pub read: u64,
    pub kept: u64,
    pub quarantined: u64,
    /// Rows whose key a row of this or a newer file has.
    pub replaced: u64,
    /// Which files those newer rows are from; what is left of `replaced` is from the file itself.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced_by: BTreeMap<String, u64>,
    /// Rows that were made one with an earlier row of the file: an order's parts, a day's punches.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub merged: u64,
    /// Sums and empty rows; not among `read`.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skipped: u64,
    /// Rows of buyers who asked to be forgotten.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub forgotten: u64,
    /// Counts the contents that a file of this name has had.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub version: u32,
    /// A sheet of the registers' workbook: people keep it, whatever its table.
    #[serde(default, skip_serializing_if = "is_false")]
    pub form: bool,
    /// Names the settings, accounts and texts that it was read with.
    #[serde(default)]
    pub read_with: String,
    /// Canonical columns that the file delivers; none where it is a form that nobody has filled in.
    pub columns: BTreeSet<String>,
    /// Header names that nothing takes.
    pub unmapped: Vec<String>,
    /// Rows kept by month; empty for tables without months.
    pub months: BTreeMap<Month, u64>,
    /// The month that the file's name states, where it states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Month>,
    pub shops: BTreeSet<String>,
}

fn is_zero(n: &u64) -> bool {
    *n == 0
}

fn is_false(b: &bool) -> bool {
    !b
}

fn one() -> u32 {
    1
}

fn is_one(n: &u32) -> bool {
    *n == 1
}

/// One month of a table (or all of one without months, under no month).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    pub table: String,
    pub month: Option<Month>,
    pub rows: u64,
    /// 0: not bucketed.
    pub buckets: u32,
    /// SHA-256 of the files that gave rows, and of what was derived at ingest.
    pub inputs: Vec<String>,
}

/// The lake's contents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema_version: u32,
    pub program: String,
    /// Over everything that ingest derives by: options, sources.
    pub settings: String,
    /// Names the key that made the pseudonyms.
    #[serde(default)]
    pub key: String,
    pub files: Vec<SourceFile>,
    pub partitions: Vec<Partition>,
}

fn path(lake: &Path) -> PathBuf {
    lake.join("manifest.json")
}

impl Manifest {
    /// The manifest of a lake; `None` where nothing was ingested.
    ///
    /// # Errors
    /// One that cannot be read: the remedy is a new ingest.
    pub fn load(lake: &Path) -> Result<Option<Manifest>> {
        let path = path(lake);
        if !path.is_file() {
            return Ok(None);
        }
        serde_json::from_str(&files::read_text(&path)?).map(Some).map_err(|e| {
            Error::Failed(format!("{} is damaged ({e}); delete the lake folder and ingest again", path.display()))
        })
    }

    pub fn save(&self, lake: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Error::Failed(e.to_string()))?;
        files::write_atomic(&path(lake), text.as_bytes())
    }

    /// Puts the entries into an order that does not depend on that of the work.
    pub fn sort(&mut self) {
        self.files.sort_by(|a, b| (&a.name, &a.table, a.version).cmp(&(&b.name, &b.table, b.version)));
        self.partitions.sort_by(|a, b| (&a.table, a.month).cmp(&(&b.table, b.month)));
    }

    /// Takes over a table's entries of another manifest.
    pub fn keep(&mut self, old: &Manifest, table: &str) {
        self.files.extend(old.files.iter().filter(|f| f.table == table).cloned());
        self.partitions.extend(old.partitions.iter().filter(|p| p.table == table).cloned());
    }

    /// The months that a table has; one `None` for a table without months, nothing where it was not delivered.
    pub fn partitions(&self, table: &str) -> Vec<Option<Month>> {
        self.partitions.iter().filter(|p| p.table == table && p.rows > 0).map(|p| p.month).collect()
    }

    /// How many buckets a month of a table has.
    pub fn buckets(&self, table: &str, month: Month) -> Option<u32> {
        self.partitions.iter().find(|p| p.table == table && p.month == Some(month) && p.rows > 0).map(|p| p.buckets)
    }

    /// Shops with messages or orders in a month.
    pub fn shops(&self, month: Month) -> Vec<String> {
        let tables = [MESSAGES.name, ORDERS.name];
        let files = self.files.iter().filter(|f| tables.contains(&f.table.as_str()) && f.months.contains_key(&month));
        let all: BTreeSet<String> = files.flat_map(|f| f.shops.iter().cloned()).collect();
        all.into_iter().collect()
    }

    /// Every shop that any file names.
    pub fn all_shops(&self) -> BTreeSet<String> {
        self.files.iter().flat_map(|f| f.shops.iter().cloned()).collect()
    }

    /// Whether a column was delivered for a shop (empty: for anyone) and month: by a file that names the shop and whose
    /// months reach over it, or by a header alone (which says: there was nothing; a file whose rows are all replaced or
    /// in quarantine does not say so). A register whose name states a month delivers that month alone, whatever strays
    /// over its border.
    pub fn delivered(&self, table: &str, column: &str, shop: &str, month: Month) -> bool {
        let bucketed = [MESSAGES.name, ORDERS.name].contains(&table);
        let says = |f: &&SourceFile| f.kept > 0 || f.read == 0;
        self.files.iter().filter(|f| f.table == table && f.columns.contains(column)).filter(says).any(|f| {
            let reaches = match (f.named, f.months.first_key_value(), f.months.last_key_value()) {
                (Some(named), ..) if !bucketed => named == month,
                (_, Some((first, _)), Some((last, _))) => *first <= month && month <= *last,
                (Some(named), ..) => named == month,
                _ => true,
            };
            reaches && (f.kept == 0 || shop.is_empty() || f.shops.is_empty() || f.shops.contains(shop))
        })
    }

    /// (kind, file, rows) of the files that belong to a month: kept, quarantined, replaced, merged. Files without months
    /// (dimensions, header alone) belong to every month, those that deliver nothing (a form nobody filled in) to none.
    pub fn files_of(&self, month: Month) -> Vec<(&'static str, String, i64)> {
        let mut all = Vec::new();
        let says = |f: &&SourceFile| f.read > 0 || !f.columns.is_empty();
        for f in self.files.iter().filter(says).filter(|f| f.months.is_empty() || f.months.contains_key(&month)) {
            let kept = f.months.get(&month).copied().unwrap_or(f.kept);
            for (kind, n) in
                [("kept", kept), ("quarantined", f.quarantined), ("replaced", f.replaced), ("merged", f.merged)]
            {
                if n > 0 || kind == "kept" {
                    all.push((kind, f.name.clone(), n as i64));
                }
            }
        }
        all
    }

    /// What the results of a stretch of months depend on, as texts in a fixed order. Orders of all earlier months are
    /// among it: some may still be unshipped.
    pub fn fingerprint(&self, months: &[Month]) -> Vec<String> {
        let version = self.schema_version.to_string();
        let mut all = vec![self.settings.clone(), self.key.clone(), self.program.clone(), version];
        let last = months.last().copied();
        let earlier = |p: &Partition| p.table == ORDERS.name && p.month <= last;
        for p in self.partitions.iter().filter(|p| p.month.is_none_or(|m| months.contains(&m)) || earlier(p)) {
            all.push(format!("{}|{:?}|{}|{}", p.table, p.month, p.rows, p.inputs.join(",")));
        }
        all
    }
}
