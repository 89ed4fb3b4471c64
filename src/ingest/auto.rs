//! What is kept of an auto reply's text: which approved text of its shop it equals, and which promotions' keywords it
//! holds. Texts and promotions are read before the messages.

use super::stage::Input;
use super::text::text_hash;
use crate::base::Result;
use crate::lake::schema::{AUTO_REPLY_TEXTS, PROMOTIONS};
use csv::StringRecord;
use foldhash::HashMap;
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
    /// Reads the files of both tables. What is wrong with their rows is told where the tables themselves are read.
    pub fn read(inputs: &mut [Input<'_>]) -> Result<AutoTexts> {
        let mut all = AutoTexts::default();
        for input in inputs {
            let table = input.table();
            if table == AUTO_REPLY_TEXTS.name {
                each(input, ["shop", "text", "text_id"], |[shop, text, id]| {
                    let known = all.texts.entry((shop, text_hash(&text))).or_insert_with(|| id.clone());
                    if id < *known {
                        *known = id;
                    }
                })?;
            } else if table == PROMOTIONS.name {
                each(input, ["shop", "keyword", "promotion_id"], |[shop, keyword, id]| {
                    all.promotions.push((shop, keyword, id));
                })?;
            }
        }
        all.promotions.sort();
        all.promotions.dedup();
        Ok(all)
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.promotions.is_empty()
    }

    fn find(&self, shop: &str, text: &str) -> Found {
        let approved = self.texts.get(&(shop.to_owned(), text_hash(text))).cloned();
        let held = self.promotions.iter().filter(|(s, keyword, _)| s == shop && text.contains(keyword.as_str()));
        let mut promotions: Vec<String> = held.map(|(_, _, id)| id.clone()).collect();
        promotions.dedup();
        (approved, promotions)
    }
}

fn each(input: &mut Input<'_>, columns: [&str; 3], mut f: impl FnMut([String; 3])) -> Result<()> {
    let mut records = input.records()?;
    let plan = input.take_plan();
    let at = columns.map(|c| plan.index(c));
    let mut record = StringRecord::new();
    while let Some(line) = records.next(&mut record)? {
        let cell = |i: usize| plan.get(at[i], &record).map(|t| t.into_owned());
        if let (Ok(_), Some(a), Some(b), Some(c)) = (line, cell(0), cell(1), cell(2)) {
            f([a, b, c]);
        }
    }
    input.keep_plan(plan);
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
