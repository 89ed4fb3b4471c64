//! Whose rows are whose: nicks made pseudonyms, pseudonyms carried on to a new key, buyers who asked to be forgotten.

use super::key::{BuyerKey, DIGITS, Pseudonym};
use crate::base::{Error, Result, files};
use foldhash::HashSet;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The key, and the buyers of whom nothing is kept.
#[derive(Debug)]
pub struct Buyers {
    key: BuyerKey,
    /// Rows of the lake are carried on to it.
    next: Option<BuyerKey>,
    forgotten: HashSet<Pseudonym>,
}

fn place(lake: &Path) -> PathBuf {
    lake.join("forgotten.json")
}

impl Buyers {
    /// With those who asked to be forgotten: their pseudonyms are kept in the lake, so that a raw file that still names
    /// them does not bring them back.
    pub fn load(lake: &Path, key: &BuyerKey) -> Result<Buyers> {
        let path = place(lake);
        let mut forgotten = HashSet::default();
        if path.is_file() {
            let wrong = || Error::Failed(format!("{} is no list of pseudonyms; restore it", path.display()));
            let all: Vec<String> = serde_json::from_str(&files::read_text(&path)?).map_err(|_| wrong())?;
            for one in all {
                let mut bytes = [0; DIGITS / 2];
                hex::decode_to_slice(&one, &mut bytes).map_err(|_| wrong())?;
                forgotten.insert(bytes);
            }
        }
        Ok(Buyers { key: key.clone(), next: None, forgotten })
    }

    /// Saves who is forgotten, under the key that rows are carried on to.
    pub fn save(&self, lake: &Path) -> Result<()> {
        if self.forgotten.is_empty() {
            return Ok(());
        }
        let carried = |p: &Pseudonym| hex::encode(self.next.as_ref().map_or(*p, |next| next.carried_on(*p)));
        let all: BTreeSet<String> = self.forgotten.iter().map(carried).collect();
        let text = serde_json::to_string_pretty(&all).map_err(|e| Error::Failed(e.to_string()))?;
        files::write_atomic(&place(lake), (text + "\n").as_bytes())
    }

    /// From now on nothing of this buyer is kept.
    pub fn forget(&mut self, buyer: Pseudonym) {
        self.forgotten.insert(buyer);
    }

    /// Rows of the lake get the pseudonyms of a rotated key.
    pub fn carry_on_to(&mut self, next: BuyerKey) {
        self.next = Some(next);
    }

    /// Names the key of the rows that are written.
    pub fn fingerprint(&self) -> String {
        self.next.as_ref().unwrap_or(&self.key).fingerprint()
    }

    /// A nick's pseudonym; `None`: nothing of him is kept.
    pub fn of(&self, nick: &str) -> Option<Pseudonym> {
        Some(self.key.pseudonym(nick)).filter(|p| !self.forgotten.contains(p))
    }

    /// What becomes of a pseudonym that is in the lake; `None`: nothing of him is kept.
    pub fn again(&self, known: Pseudonym) -> Option<Pseudonym> {
        if self.forgotten.contains(&known) {
            return None;
        }
        Some(self.next.as_ref().map_or(known, |next| next.carried_on(known)))
    }

    /// The same of a buyer_key.
    pub fn again_text(&self, known: &str) -> Option<String> {
        let mut bytes = [0; DIGITS / 2];
        match hex::decode_to_slice(known, &mut bytes) {
            Ok(()) => self.again(bytes).map(hex::encode),
            Err(_) => Some(known.to_owned()),
        }
    }

    /// Whether rows of the lake stay as they are.
    pub fn leaves_all(&self) -> bool {
        self.next.is_none() && self.forgotten.is_empty()
    }
}
