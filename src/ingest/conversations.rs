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
pub struct Conversation {
    pub shop: u32,
    pub buyer: Pseudonym,
    /// First character of the nick.
    pub mask: u32,
}

/// Where a conversation is found: its fine bucket, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub fine: u32,
    pub conversation: u32,
}

/// All conversations. Each reader adds those that it meets: one that several meet is there several times.
#[derive(Debug)]
pub struct Conversations(Vec<Mutex<Vec<Conversation>>>);

impl Default for Conversations {
    fn default() -> Conversations {
        Conversations((0..FINE).map(|_| Mutex::default()).collect())
    }
}

impl Conversations {
    /// Adds a conversation; `shop` is its shop's name.
    pub fn add(&self, shop: &str, conversation: Conversation) -> Place {
        let fine = bucket_of(conversation_hash(shop, Hex::of(conversation.buyer).as_str()), FINE);
        let mut all = self.0[fine as usize].lock().unwrap_or_else(PoisonError::into_inner);
        all.push(conversation);
        Place { fine, conversation: all.len() as u32 - 1 }
    }

    /// Each fine bucket's conversations, when all are there.
    pub fn all(self) -> Vec<Distinct> {
        let distinct = |conversations: Mutex<Vec<Conversation>>| {
            Distinct::of(&conversations.into_inner().unwrap_or_else(PoisonError::into_inner))
        };
        self.0.into_par_iter().map(distinct).collect()
    }
}

/// A fine bucket's conversations, each once.
#[derive(Debug)]
pub struct Distinct {
    pub conversations: Vec<Conversation>,
    /// The place among them of each one's number.
    pub places: Vec<u32>,
}

impl Distinct {
    fn of(all: &[Conversation]) -> Distinct {
        let mut conversations: Vec<Conversation> = Vec::new();
        let mut known: HashMap<(u32, Pseudonym), u32> = HashMap::default();
        let place = |conversation: &Conversation| {
            let place = *known.entry((conversation.shop, conversation.buyer)).or_insert(conversations.len() as u32);
            match conversations.get_mut(place as usize) {
                Some(known) => known.mask = known.mask.min(conversation.mask),
                None => conversations.push(*conversation),
            }
            place
        };
        let places = all.iter().map(place).collect();
        Distinct { conversations, places }
    }
}
