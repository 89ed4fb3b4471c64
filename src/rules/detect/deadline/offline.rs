//! Offline messages (留言): asked outside online hours, answered later, and to be annotated when they are handled.

use super::rounds::evidence;
use super::{Deadline, Params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::unit::RoundRow;
use crate::facts::{Context, Facts};
use crate::rules::detect::Need;
use crate::rules::violation::Violation;
use crate::settings::rulebook::Detect;
use std::collections::BTreeMap;

const REGISTER: &str = "annotations";

#[derive(Debug)]
pub struct Offline {
    min_chars: i64,
}

impl Offline {
    pub fn new(p: &Params, detect: &Detect) -> Result<Offline, Vec<Diagnostic>> {
        let mut wrong = p.only(&["followed_by", "min_chars"], &["asked_at"], "ts", detect);
        if p.followed_by.as_deref().is_some_and(|f| f != REGISTER) {
            let message = format!("offline messages are annotated in `{REGISTER}` alone");
            wrong.push(detect.origin.about("followed_by", "K0306", message));
        }
        if wrong.is_empty() { Ok(Offline { min_chars: p.min_chars.unwrap_or(1) }) } else { Err(wrong) }
    }

    pub fn needs(&self) -> Vec<Need> {
        vec![("messages", vec!["role", "ts", "account"]), (REGISTER, vec!["shop", "buyer_key", "ts", "chars"])]
    }

    pub fn find(
        &self,
        deadline: &Deadline,
        facts: &Facts,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut lacking: BTreeMap<(usize, Ms), &RoundRow> = BTreeMap::new();
        for r in facts.rounds.iter().filter(|r| r.round.dropped.is_none() && context.in_month(r.asked_day)) {
            let asked = r.round.asked_at;
            let Some(answered) = r.round.answered_at else { continue };
            if context.online.is_open(asked)? {
                continue;
            }
            let handling = deadline.due(asked, r.staff_addressed, context, &mut Trace::silent())?;
            // Handled too late already: the day of the answer remains.
            let due = if answered > handling { context.zone.end_of(context.zone.date(answered)) } else { handling };
            if due < context.as_of && !self.annotated(facts, context, r, asked..=due) {
                // Rounds of a conversation come in order of time: the first one stays.
                lacking.entry((r.whose, due)).or_insert(r);
            }
        }
        let violation = |((whose, due), r): ((usize, Ms), &RoundRow)| {
            let whose = &facts.conversations[whose];
            Violation {
                rule: 0,
                shop: whose.shop,
                caused_by: r.staff_answered,
                event_key: format!("{}|{}|{due}", context.names.text(whose.shop), whose.buyer_key),
                occurred_at: r.round.asked_at,
                due_at: Some(due),
                done_at: None,
                period: Month::of(date_of(r.asked_day)),
                stated: None,
                evidence: evidence(&[r], context),
            }
        };
        Ok(lacking.into_iter().map(violation).collect())
    }

    fn annotated(
        &self,
        facts: &Facts,
        context: &Context<'_>,
        r: &RoundRow,
        span: std::ops::RangeInclusive<Ms>,
    ) -> bool {
        let whose = &facts.conversations[r.whose];
        let Some(register) = context.registers.get(REGISTER) else { return false };
        register.of_buyer(&context.names.text(whose.shop), &whose.buyer_key).any(|row| {
            let long = register.get(row, "chars").int().is_some_and(|n| n >= self.min_chars);
            long && register.get(row, "ts").int().is_some_and(|t| span.contains(&t))
        })
    }
}
