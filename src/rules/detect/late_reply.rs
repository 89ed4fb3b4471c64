//! `late_reply`: the first reply of a session came too late, or never. Says nothing of later rounds.

use super::words::seconds;
use super::{Detector, Event, Need, params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month};
use crate::calendar::CalendarError;
use crate::facts::unit::RoundRow;
use crate::facts::{Context, Facts};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::duration::Duration;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    limit: Option<Duration>,
    #[serde(default)]
    inside_window: bool,
    #[serde(default)]
    never_answered: bool,
}

/// Late for a limit, or never answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateReply {
    /// Later than so many ms; `inside_window`: only rounds asked inside the preset's window.
    Limit { ms: i64, inside_window: bool },
    /// No round of the session was ever answered.
    Never,
}

impl LateReply {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<LateReply, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        match (p.limit, p.never_answered) {
            (Some(limit), false) => Ok(LateReply::Limit { ms: limit.0, inside_window: p.inside_window }),
            (None, true) => Ok(LateReply::Never),
            _ => {
                let message = "detector `late_reply` takes either `limit = \"45s\"` or `never_answered = true`";
                Err(vec![detect.origin.about("limit", "K0303", message)])
            }
        }
    }

    fn violation(self, facts: &Facts, context: &Context<'_>, round: &RoundRow) -> Option<Violation> {
        let whose = &facts.conversations[round.whose];
        let (due_at, done_at) = match self {
            LateReply::Limit { ms, inside_window } => {
                let answered = round.round.answered_at?;
                let late = answered - round.round.asked_at > ms && (round.in_window || !inside_window);
                late.then_some((Some(round.round.asked_at + ms), Some(answered)))?
            }
            LateReply::Never => facts.sessions[round.round.session].session.missed.then_some((None, None))?,
        };
        // There may be millions of these: no more room than they need.
        let mut evidence = Vec::with_capacity(1 + usize::from(done_at.is_some()));
        evidence.push(Evidence { table: "messages", file: round.round.asked_file, row: round.round.asked_row });
        let shop = context.names.text(whose.shop);
        let asked_at = round.round.asked_at.to_string();
        if done_at.is_some() {
            let (file, row) = (round.round.answered_file, round.round.answered_row);
            evidence.push(Evidence { table: "messages", file, row });
        }
        Some(Violation {
            rule: 0,
            shop: whose.shop,
            caused_by: round.staff_addressed,
            event_key: [&shop, whose.buyer_key.as_str(), &asked_at].join("|"),
            occurred_at: round.round.asked_at,
            due_at,
            done_at,
            period: Month::of(date_of(round.asked_day)),
            stated: None,
            evidence,
        })
    }
}

impl Detector for LateReply {
    fn needs(&self) -> Vec<Need> {
        vec![("messages", vec!["role", "ts", "account"])]
    }

    fn bucket(&self, _: &Rule, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let first = |r: &&RoundRow| {
            r.round.no == 1 && context.in_month(r.asked_day) && facts.sessions[r.round.session].session.opened_by_buyer
        };
        Ok(facts.rounds.iter().filter(first).filter_map(|r| self.violation(facts, context, r)).collect())
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let zh = lang != "en";
        let at = |t: i64| context.zone.format(t);
        let mut steps = vec![if zh {
            format!("买家提问：{}", at(event.occurred_at))
        } else {
            format!("asked at {}", at(event.occurred_at))
        }];
        match (self, event.done_at) {
            (LateReply::Limit { ms, .. }, Some(done)) => {
                let due = event.occurred_at + ms;
                steps.push(if zh {
                    format!("时限 {} 秒：最迟 {}（恰好等于时限算按时）", seconds(*ms), at(due))
                } else {
                    format!("limit {} s: due {} (exactly at the limit is in time)", seconds(*ms), at(due))
                });
                steps.push(if zh {
                    format!(
                        "首次人工回复：{}，用时 {} 秒，超时 {} 秒",
                        at(done),
                        seconds(done - event.occurred_at),
                        seconds(done - due)
                    )
                } else {
                    format!(
                        "first reply by a person at {}: {} s, {} s too late",
                        at(done),
                        seconds(done - event.occurred_at),
                        seconds(done - due)
                    )
                });
            }
            _ => steps.push(if zh {
                format!("截至 {}，该会话没有任何一轮得到人工回复", at(context.as_of))
            } else {
                format!("as of {} no round of the session has a reply by a person", at(context.as_of))
            }),
        }
        Ok(steps)
    }
}
