//! What is kept of a message's text: its length, whether it is closing words, which filter it meets, which order numbers
//! it quotes. The text itself stays in the raw file.

use super::auto::AutoTexts;
use super::closing::Closing;
use super::{Options, private};
use crate::base::{Diagnostic, Error, Result};
use crate::lake::messages::FILTERS;
use foldhash::HashSet;
use regex::Regex;
use sha2::{Digest, Sha256};

/// Compiled from the options.
#[derive(Debug)]
pub struct TextRules {
    closing: Closing,
    order_number: Regex,
    own_staff: Option<HashSet<String>>,
    blacklist: HashSet<String>,
    advertising: Vec<String>,
    mass: bool,
    auto: Vec<String>,
    auto_prefixes: Vec<String>,
    pub auto_texts: AutoTexts,
}

fn filter_code(name: &str) -> u8 {
    FILTERS.iter().position(|f| *f == name).map_or(0, |i| i as u8 + 1)
}

impl TextRules {
    /// `accounts`: names of all agent accounts, for the filter of the own staff.
    ///
    /// # Errors
    /// An order-number pattern that does not compile (exit 2).
    pub fn new(options: &Options, accounts: HashSet<String>, auto_texts: AutoTexts) -> Result<TextRules> {
        let order_number = Regex::new(&options.order_number)
            .map_err(|e| Error::from(Diagnostic::error("K0108", format!("order_number: {e}"))))?;
        Ok(TextRules {
            closing: Closing::new(&options.closing_words),
            order_number,
            own_staff: options.own_staff.then_some(accounts),
            blacklist: options.blacklist.iter().cloned().collect(),
            advertising: options.advertising.clone(),
            mass: options.mass,
            auto: options.auto_texts.iter().map(|t| t.trim().to_owned()).collect(),
            auto_prefixes: options.auto_prefixes.iter().map(|t| t.trim().to_owned()).collect(),
            auto_texts,
        })
    }

    /// Whether a message is closing words alone.
    pub fn closing(&self, text: &str) -> bool {
        self.closing.holds(text)
    }

    /// Whether an agent's message is an auto reply by the words of the settings.
    pub fn auto(&self, text: &str) -> bool {
        let text = text.trim();
        self.auto.iter().any(|t| t == text) || self.auto_prefixes.iter().any(|p| !p.is_empty() && text.starts_with(p))
    }

    /// The filter that all messages with a buyer meet, as its code (0: none).
    pub fn buyer_filter(&self, buyer: &str) -> u8 {
        if self.own_staff.as_ref().is_some_and(|accounts| accounts.contains(buyer)) {
            return filter_code("own_staff");
        }
        if self.blacklist.contains(buyer) { filter_code("blacklist") } else { 0 }
    }

    /// The filter that a text meets where its buyer meets none.
    pub fn text_filter(&self, text: &str, from_agent: bool) -> u8 {
        if self.advertising.iter().any(|phrase| text.contains(phrase.as_str())) {
            return filter_code("advertising");
        }
        if self.mass && from_agent && text.starts_with('@') {
            return filter_code("mass");
        }
        0
    }

    /// Order numbers that a text quotes, without repetition; a card's number is none.
    pub fn quoted(&self, text: &str) -> Vec<String> {
        // Most texts hold too few digits for an order number; sums of a byte are taken many at once.
        let digits = |piece: &[u8]| piece.iter().fold(0_u8, |n, b| n.wrapping_add(b.is_ascii_digit().into()));
        if text.as_bytes().chunks(255).map(|piece| usize::from(digits(piece))).sum::<usize>() < 10 {
            return Vec::new();
        }
        let mut found: Vec<String> = Vec::new();
        for c in self.order_number.captures_iter(text) {
            let id = c.get(1).or(c.get(0)).map_or("", |m| m.as_str());
            if !id.is_empty() && !private::personal(id) && !found.iter().any(|f| f == id) {
                found.push(id.to_owned());
            }
        }
        found
    }
}

/// Hash of an auto reply's text, trimmed: SHA-256, hex.
pub fn text_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.trim()))
}

/// Number of characters.
pub fn chars(text: &str) -> u32 {
    text.chars().count() as u32
}
