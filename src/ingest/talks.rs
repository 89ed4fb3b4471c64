//! Conversations as numbers, by fine bucket. The numbers depend on the order of arrival and must never reach an output.

use super::key::{Hex, Pseudonym};
use crate::lake::partition::{bucket_of, conversation_hash};
use foldhash::HashMap;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Fine buckets of a month; the final ones are runs of them.
pub const FINE: u32 = 256;

/// Who talks to which shop, by the shop's number in `Names`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    pub shop: u32,
    pub buyer: Pseudonym,
    /// First character of the nick.
    pub mask: u32,
}

/// Where a conversation is found: its fine bucket, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub fine: u32,
    pub talk: u32,
}

/// All conversations. Each reader adds those that it meets: one that several meet is there several times.
#[derive(Debug)]
pub struct Talks(Vec<Mutex<Vec<Talk>>>);

impl Default for Talks {
    fn default() -> Talks {
        Talks((0..FINE).map(|_| Mutex::default()).collect())
    }
}

impl Talks {
    /// Adds a conversation; `shop` is its shop's name.
    pub fn add(&self, shop: &str, talk: Talk) -> Place {
        let fine = bucket_of(conversation_hash(shop, Hex::of(talk.buyer).as_str()), FINE);
        let mut all = self.0[fine as usize].lock().unwrap_or_else(PoisonError::into_inner);
        all.push(talk);
        Place { fine, talk: all.len() as u32 - 1 }
    }

    /// Each fine bucket's conversations, when all are there.
    pub fn all(self) -> Vec<Distinct> {
        let distinct =
            |talks: Mutex<Vec<Talk>>| Distinct::of(&talks.into_inner().unwrap_or_else(PoisonError::into_inner));
        self.0.into_par_iter().map(distinct).collect()
    }
}

/// A fine bucket's conversations, each once.
#[derive(Debug)]
pub struct Distinct {
    pub talks: Vec<Talk>,
    /// The place among them of each one's number.
    pub places: Vec<u32>,
}

impl Distinct {
    fn of(all: &[Talk]) -> Distinct {
        let mut talks: Vec<Talk> = Vec::new();
        let mut known: HashMap<(u32, Pseudonym), u32> = HashMap::default();
        let place = |talk: &Talk| {
            let place = *known.entry((talk.shop, talk.buyer)).or_insert(talks.len() as u32);
            match talks.get_mut(place as usize) {
                Some(known) => known.mask = known.mask.min(talk.mask),
                None => talks.push(*talk),
            }
            place
        };
        let places = all.iter().map(place).collect();
        Distinct { talks, places }
    }
}
