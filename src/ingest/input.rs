//! A recognised file on its way into one table, and what became of its rows.

use super::chats::Agents;
use super::containers::Form;
use super::decode::Examined;
use super::period;
use super::plan::Plan;
use super::quarantine;
use super::records::{Layed, Records};
use super::reject::Reject;
use super::settle::Origin;
use crate::base::{Month, Result, Zone};
use crate::lake::dimensions::QuarantineRow;
use crate::lake::manifest::SourceFile;
use crate::settings::source::Source;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What reading one file gave.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Rows after the header, sums and empty ones left out.
    pub read: u64,
    pub skipped: u64,
    /// Made one with an earlier row.
    pub merged: u64,
    /// Of buyers who asked to be forgotten.
    pub forgotten: u64,
    pub shops: BTreeSet<String>,
    pub rejects: Vec<QuarantineRow>,
}

impl Tally {
    pub fn reject(&mut self, file: &str, table: &str, line: u64, reject: Reject) {
        if reject.forgotten {
            self.forgotten += 1;
        } else {
            self.rejects.push(quarantine::row(reject, table, file, line));
        }
    }
}

/// What became of the good rows of one file, beside those of all others.
#[derive(Debug, Clone, Default)]
pub struct Fate {
    pub kept: u64,
    pub replaced: u64,
    pub replaced_by: BTreeMap<String, u64>,
    pub months: BTreeMap<Month, u64>,
    /// Rows of an earlier file that were taken out for good.
    pub forgotten: u64,
    /// The newest event that the file tells of.
    pub newest: Option<i64>,
}

/// A recognised file on its way.
#[derive(Debug)]
pub struct Input<'a> {
    /// Relative to the raw folder, with `/`; see [`super::containers::Piece`].
    pub name: String,
    pub path: PathBuf,
    pub examined: Examined,
    /// Of the raw file that it is or was made of.
    pub sha256: String,
    pub bytes: u64,
    pub form: Form,
    /// A sheet of the registers' workbook, see [`super::nothing`].
    pub asks: bool,
    pub encoding: &'static str,
    pub delimiter: u8,
    pub skip: usize,
    pub header: StringRecord,
    pub source: &'a Source,
    pub plan: Plan<'a>,
    /// Whose names in a conversation are agents'; needed by messages alone.
    pub agents: Agents,
    /// Which content of a file of this name it is.
    pub version: u32,
    pub tally: Tally,
}

impl Input<'_> {
    /// As rows know it.
    pub fn origin(&self) -> Origin {
        Origin { name: self.name.clone(), sha256: self.sha256.clone(), version: self.version, form: self.asks }
    }

    /// The file's records after the header.
    pub fn records(&self) -> Result<Records> {
        let layed = Layed {
            path: &self.path,
            examined: &self.examined,
            form: self.form,
            delimiter: self.delimiter,
            skip: self.skip,
            width: self.header.len(),
            header: &self.header,
            source: self.source,
        };
        Records::open(&layed, &self.agents)
    }

    /// Zone of the file's local times.
    pub fn zone(&self, otherwise: Zone) -> Zone {
        self.source.zone.unwrap_or(otherwise)
    }

    /// The manifest's entry. `read_with`: see [`SourceFile::read_with`].
    pub fn entry(&self, fate: Fate, read_with: &str) -> SourceFile {
        SourceFile {
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            source: self.source.name.clone(),
            table: self.source.table.clone(),
            encoding: self.encoding.to_owned(),
            read: self.tally.read,
            kept: fate.kept,
            quarantined: self.tally.rejects.len() as u64,
            replaced: fate.replaced,
            replaced_by: fate.replaced_by,
            merged: self.tally.merged,
            skipped: self.tally.skipped,
            forgotten: self.tally.forgotten,
            version: self.version,
            form: self.asks,
            read_with: read_with.to_owned(),
            columns: self.plan.delivered.clone(),
            unmapped: self.plan.unmapped.clone(),
            months: fate.months,
            named: period::named_month(&self.name),
            shops: self.tally.shops.clone(),
        }
    }
}
