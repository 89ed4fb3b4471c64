//! A preset as people write it. What is left out is as in `regulation`.

use super::document::{Checked, Document};
use super::duration::Duration;
use super::files::Text;
use super::preset::{BotReply, Clock, CreditBy, Preset, Unanswered, Unit};
use super::words::{TimeOfDay, Window, written_as_text};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use schemars::JsonSchema;
use serde::Deserialize;
use std::str::FromStr;

/// 口径: every choice where platforms differ. A key that is left out is as in the preset `regulation`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "kaohe preset")]
pub struct PresetRaw {
    /// What a rate counts: sessions, rounds, or a buyer's day (one late reply makes it late).
    unit: UnitRaw,
    /// The clock of the response figures on the pages.
    clock: ClockRaw,
    /// Response figures count inside it: start included, end not.
    window: Window,
    /// What has to lie in the window: the round's first message or the session's start.
    window_by: WindowBy,
    /// Silence after which the buyer's next message opens a new session; "day": a session is a local day.
    session_gap: Gap,
    /// An open round older than that stays unanswered and leaves the backlog.
    round_expires: Duration,
    /// Ceiling for each response time in means; "none" where there is no ceiling.
    cap: Cap,
    /// What a round that nobody answered counts as: "left_out", "late", or a duration.
    unanswered_as: UnansweredRaw,
    /// When a robot's message counts as a valid reply; "human_phase": once a person has written in the session.
    bot_reply: BotReplyRaw,
    /// "split": a transfer without a reply ends the round unanswered and starts one for the receiver.
    transfer: Transfer,
    /// Messages made only of closing words never open a round.
    closing_words_passed_over: bool,
    /// The headline's limit: met when the response takes no longer.
    target: Duration,
    /// At or after it an inquiry belongs to the next working day.
    cutoff: TimeOfDay,
    /// Slow: an agent's day with a buyer that holds so many response times above `slow_over`.
    slow_over: Duration,
    #[schemars(range(min = 1))]
    slow_times: std::num::NonZeroU32,
    /// Sessions above it are long.
    long: Duration,
    /// Days after a paid order in which a session is an after-sales case.
    after_sale_days: u32,
    /// An order converts until 24:00 so many days after inquiry_date.
    conversion_days: u32,
    /// A reply is credited for an order that is at most so much younger.
    attribution: Duration,
    /// By which time of an order the credited reply is looked up.
    credit_by: CreditByRaw,
    /// Orders closed within so many days lose their credit; left out: they keep it.
    cancelled_within_days: Option<u32>,
}

impl Default for PresetRaw {
    /// `regulation`; a test holds it equal to the file of that name.
    fn default() -> Self {
        PresetRaw {
            unit: UnitRaw::Session,
            clock: ClockRaw::Wall,
            window: Window(9 * HOUR, 23 * HOUR),
            window_by: WindowBy::Round,
            session_gap: Gap(Some(30 * MINUTE)),
            round_expires: Duration(21 * DAY),
            cap: Cap(None),
            unanswered_as: UnansweredRaw(Unanswered::LeftOut),
            bot_reply: BotReplyRaw::Never,
            transfer: Transfer::Follow,
            closing_words_passed_over: true,
            target: Duration(45 * SECOND),
            cutoff: TimeOfDay(18 * HOUR),
            slow_over: Duration(120 * SECOND),
            slow_times: std::num::NonZeroU32::MIN.saturating_add(2),
            long: Duration(30 * MINUTE),
            after_sale_days: 21,
            conversion_days: 2,
            attribution: Duration(48 * HOUR),
            credit_by: CreditByRaw::Order,
            cancelled_within_days: None,
        }
    }
}

/// Reads a preset; its name is the file's.
pub fn parse(text: &Text) -> Checked<Preset> {
    let mut file = Document::new(text);
    let raw = file.read::<PresetRaw>();
    let checked = raw.map(|raw| raw.named(text.stem()));
    file.finish(checked)
}

impl PresetRaw {
    fn named(self, name: &str) -> Preset {
        Preset {
            name: name.to_owned(),
            unit: match self.unit {
                UnitRaw::Session => Unit::Session,
                UnitRaw::Round => Unit::Round,
                UnitRaw::BuyerDay => Unit::BuyerDay,
            },
            clock: match self.clock {
                ClockRaw::Wall => Clock::Wall,
                ClockRaw::OnlineHours => Clock::OnlineHours,
                ClockRaw::OfficeHours => Clock::OfficeHours,
            },
            window: (self.window.0, self.window.1),
            window_by_session: self.window_by == WindowBy::Session,
            session_gap_ms: self.session_gap.0,
            round_expires_ms: self.round_expires.ms(),
            cap_ms: self.cap.0,
            unanswered_as: self.unanswered_as.0,
            bot_reply: match self.bot_reply {
                BotReplyRaw::Never => BotReply::Never,
                BotReplyRaw::HumanPhase => BotReply::HumanPhase,
                BotReplyRaw::Always => BotReply::Always,
            },
            split_transfer: self.transfer == Transfer::Split,
            closing_words_passed_over: self.closing_words_passed_over,
            target_ms: self.target.ms(),
            cutoff_ms: self.cutoff.0,
            slow_over_ms: self.slow_over.ms(),
            slow_times: self.slow_times.get(),
            long_ms: self.long.ms(),
            after_sale_days: self.after_sale_days,
            conversion_days: self.conversion_days,
            attribution_ms: self.attribution.ms(),
            credit_by: match self.credit_by {
                CreditByRaw::Order => CreditBy::Order,
                CreditByRaw::Payment => CreditBy::Payment,
                CreditByRaw::OrderFirst => CreditBy::OrderFirst,
            },
            cancelled_within_days: self.cancelled_within_days,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum UnitRaw {
    Session,
    Round,
    BuyerDay,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ClockRaw {
    Wall,
    OnlineHours,
    OfficeHours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WindowBy {
    Round,
    Session,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum BotReplyRaw {
    Never,
    HumanPhase,
    Always,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Transfer {
    Follow,
    Split,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum CreditByRaw {
    Order,
    Payment,
    OrderFirst,
}

/// ms; `None`: a local day.
#[derive(Debug, Clone, Copy)]
struct Gap(Option<i64>);

impl FromStr for Gap {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        if s == "day" { Ok(Gap(None)) } else { Ok(Gap(Some(duration_or(s, "\"day\"")?))) }
    }
}

written_as_text!(Gap, r"^(day|\d+ *(ms|s|min|h|d))$", "A duration, or \"day\".");

/// ms; `None`: no ceiling.
#[derive(Debug, Clone, Copy)]
struct Cap(Option<i64>);

impl FromStr for Cap {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        if s == "none" { Ok(Cap(None)) } else { Ok(Cap(Some(duration_or(s, "\"none\"")?))) }
    }
}

written_as_text!(Cap, r"^(none|\d+ *(ms|s|min|h|d))$", "A duration, or \"none\".");

#[derive(Debug, Clone, Copy)]
struct UnansweredRaw(Unanswered);

impl FromStr for UnansweredRaw {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        Ok(UnansweredRaw(match s {
            "left_out" => Unanswered::LeftOut,
            "late" => Unanswered::Late,
            _ => Unanswered::Value(duration_or(s, "\"left_out\" or \"late\"")?),
        }))
    }
}

written_as_text!(UnansweredRaw, r"^(left_out|late|\d+ *(ms|s|min|h|d))$", "\"left_out\", \"late\", or a duration.");

fn duration_or(s: &str, other: &str) -> Result<i64, String> {
    s.parse::<Duration>().map(Duration::ms).map_err(|e| format!("{e}, or {other}"))
}
