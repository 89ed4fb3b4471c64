//! What a detector finds: one schema for all rules.

use crate::base::{Month, Ms};

/// A row that proves it. `file` is a number of `Names`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    pub table: &'static str,
    pub file: u32,
    pub row: i64,
}

/// One violation, before anyone is charged. Shops and people are numbers of `Names`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Index of the rulebook's rules.
    pub rule: usize,
    pub shop: u32,
    /// Who did it, or left it undone.
    pub caused_by: u32,
    /// Names the event whatever the run: the same event has the same key for ever.
    pub event_key: String,
    /// The event that starts the deadline.
    pub occurred_at: Ms,
    pub due_at: Option<Ms>,
    pub done_at: Option<Ms>,
    /// 考核月: the month of the event that starts the deadline.
    pub period: Month,
    /// Points that a register row states, hundredths.
    pub stated: Option<i32>,
    pub evidence: Vec<Evidence>,
}
