//! What is kept of an auto reply's text: which approved text of its shop it equals, and which promotions' keywords it
//! holds. Texts and promotions are in the lake before the messages are read.

use super::text::text_hash;
use crate::base::Result;
use crate::lake::columns;
use crate::lake::manifest::Manifest;
use crate::lake::partition::path_of;
use crate::lake::schema::{AUTO_REPLY_TEXTS, PROMOTIONS, Table};
use foldhash::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The tables that it is made of.
pub const TABLES: [&str; 2] = [AUTO_REPLY_TEXTS.name, PROMOTIONS.name];

/// What an auto reply was found to be: an approved text's id, and promotions' ids.
pub type Found = (Option<String>, Vec<String>);

/// Approved texts and promotions by shop.
#[derive(Debug, Default)]
pub struct AutoTexts {
    /// (shop, hash of the text) → the first text_id.
    texts: HashMap<(String, String), String>,
    /// (shop, keyword, promotion_id).
    promotions: Vec<(String, String, String)>,
}

impl AutoTexts {
    /// Reads both tables of the lake, where they were delivered.
    pub fn read(lake: &Path, manifest: &Manifest) -> Result<AutoTexts> {
        let mut all = AutoTexts::default();
        each(lake, manifest, &AUTO_REPLY_TEXTS, ["shop", "text_sha256", "text_id"], |[shop, hash, id]| {
            let known = all.texts.entry((shop.to_owned(), hash.to_owned())).or_insert_with(|| id.to_owned());
            if id < known.as_str() {
                *known = id.to_owned();
            }
        })?;
        each(lake, manifest, &PROMOTIONS, ["shop", "keyword", "promotion_id"], |[shop, keyword, id]| {
            all.promotions.push((shop.to_owned(), keyword.to_owned(), id.to_owned()));
        })?;
        all.promotions.sort();
        all.promotions.dedup();
        Ok(all)
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.promotions.is_empty()
    }

    /// Whether a text is an approved one of its shop.
    pub fn approved(&self, shop: &str, text: &str) -> bool {
        !self.texts.is_empty() && self.texts.contains_key(&(shop.to_owned(), text_hash(text)))
    }

    fn find(&self, shop: &str, text: &str) -> Found {
        let approved = self.texts.get(&(shop.to_owned(), text_hash(text))).cloned();
        let held = self.promotions.iter().filter(|(s, keyword, _)| s == shop && text.contains(keyword.as_str()));
        let mut promotions: Vec<String> = held.map(|(_, _, id)| id.clone()).collect();
        promotions.dedup();
        (approved, promotions)
    }
}

/// Three text columns of a table of the lake.
fn each(
    lake: &Path,
    manifest: &Manifest,
    table: &Table,
    columns: [&str; 3],
    mut f: impl FnMut([&str; 3]),
) -> Result<()> {
    for month in manifest.partitions(table.name) {
        columns::each(&path_of(lake, table, month, None), &columns, |rows| {
            let [a, b, c] = [rows.text(columns[0])?, rows.text(columns[1])?, rows.text(columns[2])?];
            (0..rows.len()).for_each(|i| f([a.value(i), b.value(i), c.value(i)]));
            Ok(())
        })?;
    }
    Ok(())
}

/// Numbers for what auto replies were found to be; 0 is nothing.
#[derive(Debug, Default)]
pub struct Marks(Mutex<HashMap<Found, u32>>);

impl Marks {
    /// The number of what a text of a shop is.
    pub fn of(&self, texts: &AutoTexts, shop: &str, text: &str) -> u32 {
        let found = texts.find(shop, text);
        if found.0.is_none() && found.1.is_empty() {
            return 0;
        }
        self.found(found)
    }

    /// The number of what a text was found to be.
    pub fn found(&self, found: Found) -> u32 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = known.len() as u32 + 1;
        *known.entry(found).or_insert(next)
    }

    /// By number, less one.
    pub fn all(self) -> Vec<Found> {
        let known = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<(u32, Found)> = known.into_iter().map(|(found, n)| (n, found)).collect();
        all.sort_unstable_by_key(|(n, _)| *n);
        all.into_iter().map(|(_, found)| found).collect()
    }
}
