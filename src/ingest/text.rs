//! What is kept of a message's text: its length, whether it is closing words, which filter it meets, which order numbers
//! it quotes. The text itself stays in the raw file.

use super::auto::AutoTexts;
use super::{Options, private};
use crate::base::{Diagnostic, Error, Result};
use crate::lake::messages::FILTERS;
use foldhash::HashSet;
use regex::Regex;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Compiled from the options.
#[derive(Debug)]
pub struct TextRules {
    /// With their first characters.
    closing: Vec<(char, String)>,
    longest: usize,
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
        let mut closing: Vec<String> = options.closing_words.iter().map(|w| w.to_lowercase()).collect();
        closing.sort_by_key(|w| std::cmp::Reverse(w.len()));
        let longest = closing.first().map_or(0, String::len);
        let closing = closing.into_iter().filter_map(|w| Some((w.chars().next()?, w))).collect();
        let order_number = Regex::new(&options.order_number)
            .map_err(|e| Error::from(Diagnostic::error("K0108", format!("order_number: {e}"))))?;
        Ok(TextRules {
            // A word repeated a few times with punctuation is still only closing words.
            longest: longest * 4 + 32,
            closing,
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

    /// Made only of closing words, emoji and punctuation, at least one word or emoji among them. A question mark asks.
    pub fn closing(&self, text: &str) -> bool {
        if text.is_empty() || text.len() > self.longest {
            return false;
        }
        // Most texts have no capital letters: nothing to copy.
        let capitals = text.bytes().any(|b| b.is_ascii_uppercase());
        let lower: Cow<'_, str> = if capitals { text.to_lowercase().into() } else { text.into() };
        let mut rest = lower.as_ref();
        let mut said = false;
        while let Some(c) = rest.chars().next() {
            if emoji(c) {
                said = true;
                rest = &rest[c.len_utf8()..];
            } else if let Some((_, word)) = self.closing.iter().find(|(first, w)| *first == c && rest.starts_with(w)) {
                said = true;
                rest = &rest[word.len()..];
            } else if !c.is_alphanumeric() && c != '?' && c != '？' {
                rest = &rest[c.len_utf8()..];
            } else {
                return false;
            }
        }
        said
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
        // Most texts hold too few digits for an order number; a sum that may wrap is taken many bytes at once.
        if text.bytes().fold(0_usize, |n, b| n.wrapping_add(b.is_ascii_digit().into())) < 10 {
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

fn emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x200D | 0xFE0F | 0x20E3)
}

/// Hash of an auto reply's text, trimmed: SHA-256, hex.
pub fn text_hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.trim()))
}

/// Number of characters.
pub fn chars(text: &str) -> u32 {
    text.chars().count() as u32
}
