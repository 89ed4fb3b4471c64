//! Messages of earlier files, out of the lake: their texts are gone, what was made of them stays.

use super::conversations::Conversation;
use super::messages::{KINDS, Shared};
use super::rows::Earlier;
use super::spill::Row;
use crate::base::time::date_of;
use crate::base::{Month, Result};
use crate::lake::columns;
use crate::lake::messages::{FILTERS, Role};
use crate::lake::names::NONE;
use crate::lake::partition::is_aside;
use foldhash::HashMap;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

const COLUMNS: [&str; 16] = [
    "shop",
    "buyer_key",
    "buyer_mask",
    "account",
    "role",
    "ts",
    "kind",
    "chars",
    "closing",
    "filter",
    "auto_text_id",
    "promotion_ids",
    "quoted_order_ids",
    "source_file",
    "source_sha256",
    "source_row",
];

/// Hands the rows of earlier files, which have these numbers, over to the spill.
pub(super) fn read(earlier: &Earlier, numbers: &[u32], shared: &Shared<'_>) -> Result<()> {
    if earlier.files.is_empty() {
        return Ok(());
    }
    let places: HashMap<(&str, &str), u32> =
        earlier.files.iter().zip(numbers).map(|(f, number)| ((f.name.as_str(), f.sha256.as_str()), *number)).collect();
    // What was set aside comes last: rows of one cell within a second stay in the order in which they come.
    let (aside, parts): (Vec<&PathBuf>, Vec<&PathBuf>) = earlier.paths.iter().partition(|path| is_aside(path));
    parts.into_par_iter().try_for_each(|path| one(path, &places, shared))?;
    aside.into_iter().try_for_each(|path| one(path, &places, shared))
}

fn one(path: &Path, places: &HashMap<(&str, &str), u32>, shared: &Shared<'_>) -> Result<()> {
    let place = |all: &[&str], word: &str| all.iter().position(|w| *w == word).map_or(0, |i| i as u32);
    let roles: Vec<&str> = Role::ALL.iter().map(|(n, _)| *n).collect();
    let mut filling = shared.spill.fill();
    columns::each(path, &COLUMNS, |rows| {
        let (files, hashes) = (rows.texts("source_file")?, rows.texts("source_sha256")?);
        let (shop, account) = (rows.named("shop", &shared.names)?, rows.named("account", &shared.names)?);
        let (role, kind) = (rows.coded("role", &|r| place(&roles, r))?, rows.coded("kind", &|k| place(&KINDS, k))?);
        let filter = rows.coded("filter", &|f| place(&FILTERS, f) + 1)?;
        let mask = rows.coded("buyer_mask", &|m| m.chars().next().map_or(0, u32::from))?;
        let (buyer, ts, line) = (rows.texts("buyer_key")?, rows.int64("ts")?, rows.int64("source_row")?);
        let (chars, closing) = (rows.int32("chars")?, rows.bool("closing")?);
        let (auto, promotions) = (rows.texts("auto_text_id")?, rows.lists("promotion_ids")?);
        let quoted = rows.lists("quoted_order_ids")?;
        // A conversation's rows lie together.
        let mut last = None;
        for i in 0..rows.len() {
            let Some(&file) = places.get(&(files.text(i), hashes.text(i))) else { continue };
            let mut key = [0; 12];
            // A key of another length is not one of ours: it stays a key of zeros nowhere else used.
            let _ = hex::decode_to_slice(buyer.text(i), &mut key);
            let Some(key) = shared.buyers.again(key) else {
                if let Some(forgotten) = shared.forgotten.get(file as usize) {
                    forgotten.fetch_add(1, Ordering::Relaxed);
                }
                continue;
            };
            let found = (Some(auto.text(i).to_owned()).filter(|t| !t.is_empty()), promotions.get(i));
            let mark = if found.0.is_none() && found.1.is_empty() { 0 } else { shared.marks.found(found) };
            let ids = quoted.get(i);
            let quoted = if ids.is_empty() {
                0
            } else {
                let mut all = shared.quoted.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(ids);
                all.len() as u32
            };
            let month = Month::of(date_of(shared.options.zone.day(ts.value(i))));
            let conversation = Conversation { shop: shop[i], buyer: key, mask: mask[i] };
            let place = match last {
                Some((known, place)) if known == conversation => place,
                _ => shared.conversations.add(&shared.names.text(shop[i]), conversation),
            };
            last = Some((conversation, place));
            let row = Row {
                ts: ts.value(i),
                conversation: place.conversation,
                account: account[i],
                row: u32::try_from(line.value(i)).unwrap_or(u32::MAX),
                file,
                chars: chars.value(i).max(0) as u32,
                quoted,
                auto: mark,
                role: role[i] as u8,
                kind: kind[i] as u8,
                closing: closing.value(i),
                filter: if filter[i] == NONE { 0 } else { filter[i] as u8 },
            };
            filling.push(month, place.fine, row)?;
        }
        Ok(())
    })?;
    filling.finish()
}
