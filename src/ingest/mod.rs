//! Raw files into the lake: decode → recognise → map → check → pseudonymise → lake, or quarantine.

pub mod again;
pub mod auto;
pub mod bucket;
pub mod buyers;
pub mod cell;
pub mod change;
pub mod chats;
pub mod closing;
pub mod containers;
pub mod conversations;
pub mod decode;
pub mod delimited;
pub mod doubts;
pub mod header;
pub mod input;
pub mod key;
pub mod lines;
pub mod look;
pub mod merge;
pub mod messages;
pub mod nicks;
pub mod nothing;
pub mod overlap;
pub mod parse;
pub mod period;
pub mod plan;
pub mod preview;
pub mod private;
pub mod quarantine;
pub mod raw;
pub mod recognise;
pub mod record;
pub mod records;
pub mod reject;
pub mod row;
pub mod rows;
pub mod settle;
pub mod spill;
pub mod stage;
pub mod text;
pub mod veil;

pub use key::BuyerKey;
pub use stage::{Outcome, ingest};

use crate::base::Zone;

/// What is derived at ingest beside the mapping.
#[derive(Debug, Clone)]
pub struct Options {
    pub closing_words: Vec<String>,
    pub own_staff: bool,
    pub blacklist: Vec<String>,
    pub advertising: Vec<String>,
    pub auto_texts: Vec<String>,
    pub auto_prefixes: Vec<String>,
    pub advertising_max: u32,
    pub mass: bool,
    /// Rejected rows of a table, in thousandths, beyond which nothing of it is published.
    pub rejects_max_permille: u32,
    pub bucket_rows: u64,
    pub zone: Zone,
    /// Finds order numbers in a text.
    pub order_number: String,
}
