//! One message of a conversation, and what a text holds.

use chrono::NaiveDateTime;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Recall,
    /// `from` hands the customer over, `to` receives him.
    Transfer,
}

/// One message; its time is wall-clock, not yet in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// 1-based line of the text.
    pub line: u64,
    pub at: NaiveDateTime,
    pub from: String,
    pub to: Option<String>,
    pub kind: Kind,
    pub text: String,
}

/// Messages in order, and the lines that could not be read with the reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversation {
    pub said: Vec<Said>,
    pub wrong: Vec<(u64, &'static str)>,
}
