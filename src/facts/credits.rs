//! Which reply an order is credited to (kpis.md, "credited agent").

use super::scan::{Dropped, Reply, Session};
use crate::base::Ms;
use crate::base::time::DAY;
use crate::lake::orders::Order;
use crate::settings::preset::{CreditBy, Preset};

/// The proof beside an order: session (index of the conversation), account, rule, distance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credit {
    /// 1: inside a running session; 2: within the window; 3: silent.
    pub rule: u8,
    /// The reply, where rule is 1 or 2.
    pub reply: Option<Reply>,
    /// Time of the order (or payment) less the reply's, ms.
    pub distance_ms: Option<i64>,
}

const SILENT: Credit = Credit { rule: 3, reply: None, distance_ms: None };

/// Credits one order to the last valid reply at or before it. `replies` are the conversation's, by time; those of
/// filtered sessions do not count.
pub fn credit(order: &Order, sessions: &[Session], replies: &[Reply], preset: &Preset) -> Credit {
    let taken_back = preset
        .cancelled_within_days
        .is_some_and(|days| order.closed_at.is_some_and(|closed| closed - order.created_at <= i64::from(days) * DAY));
    if taken_back {
        return SILENT;
    }
    let by_order = || at(order.created_at, sessions, replies, preset);
    let by_payment = || order.paid_at.map_or(SILENT, |paid| at(paid, sessions, replies, preset));
    match preset.credit_by {
        CreditBy::Order => by_order(),
        CreditBy::Payment => by_payment(),
        CreditBy::OrderFirst => {
            let first = by_order();
            if first.rule == 3 { by_payment() } else { first }
        }
    }
}

fn at(when: Ms, sessions: &[Session], replies: &[Reply], preset: &Preset) -> Credit {
    let before = replies.partition_point(|r| r.ts <= when);
    let counts = |r: &&Reply| sessions[r.session].dropped.is_none_or(|d| d == Dropped::CLOSING);
    let reply = replies[..before].iter().rev().find(counts);
    let Some(&reply) = reply else { return SILENT };
    let distance = when - reply.ts;
    let rule = if sessions[reply.session].ended_at >= when {
        1
    } else if distance <= preset.attribution_ms {
        2
    } else {
        return SILENT;
    };
    Credit { rule, reply: Some(reply), distance_ms: Some(distance) }
}
