//! A preset (口径): every choice where platforms differ. `regulation` is the default; kpis.md has the table.

pub use super::preset_raw::parse;

use crate::base::Ms;
use crate::base::time::DAY;

/// What a rate counts: the denominator of the headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Session,
    Round,
    /// One late reply makes the buyer's day late.
    BuyerDay,
}

/// Which clock the pages show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Wall,
    OnlineHours,
    OfficeHours,
}

/// When a robot's message counts as a valid reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotReply {
    Never,
    /// Once a person has written in the session.
    HumanPhase,
    Always,
}

/// What stands in for the response time of a round that nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// It stays out of means and rates.
    LeftOut,
    /// It counts as not in time, and stays out of means.
    Late,
    /// It counts with this value, ms.
    Value(i64),
}

/// By which time of an order the credited reply is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditBy {
    Order,
    Payment,
    /// By the order's time; where that is silent, by the payment's.
    OrderFirst,
}

/// A checked preset. Durations in ms, times of day in ms since midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preset {
    pub name: String,
    pub unit: Unit,
    pub clock: Clock,
    /// Window of the response figures: start included, end not.
    pub window: (Ms, Ms),
    /// The window is tested at the session's start instead of the round's first message.
    pub window_by_session: bool,
    /// `None`: a session is a local day.
    pub session_gap_ms: Option<i64>,
    pub round_expires_ms: i64,
    /// Ceiling for each response time in means.
    pub cap_ms: Option<i64>,
    pub unanswered_as: Unanswered,
    pub bot_reply: BotReply,
    /// `transfer = "split"`.
    pub split_transfer: bool,
    pub closing_words_passed_over: bool,
    /// The headline's limit: met when response ≤ target.
    pub target_ms: i64,
    /// At or after it an inquiry belongs to the next working day.
    pub cutoff_ms: i64,
    pub slow_over_ms: i64,
    pub slow_times: u32,
    pub long_ms: i64,
    pub after_sale_days: u32,
    pub conversion_days: u32,
    pub attribution_ms: i64,
    pub credit_by: CreditBy,
    /// Orders closed within so many days lose their credit (jd).
    pub cancelled_within_days: Option<u32>,
}

impl Preset {
    /// The definition that looks furthest beyond a month's border, by its key, and how many days (begun ones count).
    pub fn reach(&self) -> (&'static str, u64) {
        let begun = |ms: i64| u64::try_from(ms).unwrap_or(0).div_ceil(DAY.unsigned_abs());
        [
            ("round_expires", begun(self.round_expires_ms)),
            ("attribution", begun(self.attribution_ms)),
            ("after_sale_days", u64::from(self.after_sale_days)),
            ("conversion_days", u64::from(self.conversion_days)),
            ("cancelled_within_days", u64::from(self.cancelled_within_days.unwrap_or(0))),
        ]
        .into_iter()
        .max_by_key(|(_, days)| *days)
        .unwrap_or(("round_expires", 0))
    }
}
