//! What ingest would make of each file, told and nothing written.

use super::buyers::Buyers;
use super::chats::Agents;
use super::containers::{SCRATCH, Scratch};
use super::input::{Input, Tally};
use super::key::BuyerKey;
use super::look::look;
use super::messages;
use super::rows;
use super::stage::agents;
use super::text::TextRules;
use super::{Options, auto};
use crate::base::{Diagnostic, Result};
use crate::lake::dimensions::QuarantineRow;
use crate::lake::manifest::Manifest;
use crate::lake::schema::{self, ACCOUNTS, MESSAGES};
use crate::settings::source::Source;
use rayon::prelude::*;
use std::path::Path;

/// What became of one file.
#[derive(Debug)]
pub struct Preview {
    pub name: String,
    pub source: String,
    pub table: String,
    pub encoding: String,
    pub rows: u64,
    /// Sums and empty rows.
    pub skipped: u64,
    /// Canonical columns and the header names that they are taken from.
    pub mapped: Vec<(String, Vec<String>)>,
    pub unmapped: Vec<String>,
    /// All of them, in the order of the rows.
    pub rejects: Vec<QuarantineRow>,
}

/// Reads every file of the raw folder and keeps nothing. Gives what is wrong with files beside.
///
/// # Errors
/// A broken machine; settings that do not compile.
pub fn preview(
    raw: &Path,
    data: &Path,
    sources: &[Source],
    options: &Options,
    key: &BuyerKey,
) -> Result<(Vec<Preview>, Vec<Diagnostic>)> {
    let lake = data.join("lake");
    let scratch = Scratch::new(&data.join(SCRATCH))?;
    let mut told = Vec::new();
    let mut inputs = look(raw, sources, &scratch, &mut told)?.unwrap_or_default();
    let manifest = Manifest::load(&lake)?.unwrap_or_default();
    let buyers = Buyers::load(&lake, key)?;
    let tally = |input: &mut Input<'_>| -> Result<()> {
        match schema::table(&input.source.table) {
            Some(table) if table.name != MESSAGES.name => rows::count(table, input, options, &buyers),
            _ => Ok(()),
        }
    };
    inputs.par_iter_mut().map(tally).collect::<Result<()>>()?;
    // Accounts that are delivered now are as good as those of the lake.
    let mut names = agents(&lake, &manifest)?;
    for input in inputs.iter_mut().filter(|i| i.source.table == ACCOUNTS.name) {
        names.extend(rows::texts(&ACCOUNTS, input, "account", options, &buyers)?);
    }
    let names = Agents::new(names);
    let rules = TextRules::new(options, names.as_ref().clone(), auto::AutoTexts::read(&lake, &manifest)?)?;
    let mut chats: Vec<&mut Input<'_>> = inputs.iter_mut().filter(|i| i.source.table == MESSAGES.name).collect();
    chats.iter_mut().for_each(|i| i.agents = names.clone());
    messages::count(&mut chats, &scratch.place()?, options, &rules, &buyers)?;
    Ok((inputs.into_iter().map(shown).collect(), told))
}

fn shown(input: Input<'_>) -> Preview {
    let Tally { read, skipped, rejects, .. } = input.tally;
    Preview {
        name: input.name,
        source: input.source.name.clone(),
        table: input.source.table.clone(),
        encoding: input.encoding.to_owned(),
        rows: read,
        skipped,
        mapped: input.plan.mapped,
        unmapped: input.plan.unmapped,
        rejects,
    }
}
