//! `deadline`: something was due and was done late, or never.

use super::{Detector, Event, Need, params};
use crate::base::time::{DAY, date_of, format_time_of_day, parse_time_of_day};
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::{self, Trace};
use crate::facts::unit::{CreditRow, RoundRow};
use crate::facts::{Context, Facts};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::rulebook::Detect;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    Rounds,
    Orders,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    BeforeCutoff,
    AfterCutoff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OncePer {
    Event,
    ConversationAndDue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unless {
    Closed,
    Refunded,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DueText {
    ShiftEnd(String),
    NextWorkdayAt(String),
    Workdays(u32),
    Days(u32),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    of: Of,
    starts: String,
    done: String,
    asked: Option<Asked>,
    due: DueText,
    once_per: Option<OncePer>,
    #[serde(default)]
    unless: Vec<Unless>,
}

/// When it is due. Times of day in ms since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    /// The end of the person's own shift of the day; without one (or after it) this time of day.
    ShiftEnd(i64),
    NextWorkdayAt(i64),
    /// The end of the N-th working day after the day.
    Workdays(u32),
    /// The end of the N-th day after the day.
    Days(u32),
}

/// The detector with its checked parameters.
#[derive(Debug)]
pub struct Deadline {
    of: Of,
    asked: Option<Asked>,
    due: Due,
    once_per: OncePer,
    unless: Vec<Unless>,
}

impl Deadline {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Deadline, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let mut wrong = Vec::new();
        let mut time = |text: &str| {
            parse_time_of_day(text).unwrap_or_else(|e| {
                wrong.push(detect.origin.about("due", "K0304", e));
                0
            })
        };
        let due = match &p.due {
            DueText::ShiftEnd(otherwise) => Due::ShiftEnd(time(otherwise)),
            DueText::NextWorkdayAt(at) => Due::NextWorkdayAt(time(at)),
            DueText::Workdays(n) => Due::Workdays(*n),
            DueText::Days(n) => Due::Days(*n),
        };
        let (starts, done) = match p.of {
            Of::Rounds => ("asked_at", "answered_at"),
            Of::Orders => ("paid_at", "shipped_at"),
        };
        for (key, given, expected) in [("starts", &p.starts, starts), ("done", &p.done, done)] {
            if given != expected {
                let message = format!("`{key} = \"{given}\"` does not go with `of`; expected \"{expected}\"");
                wrong.push(detect.origin.about(key, "K0305", message));
            }
        }
        if p.of == Of::Orders && p.asked.is_some() {
            wrong.push(detect.origin.about("asked", "K0306", "`asked` goes with `of = \"rounds\"` alone"));
        }
        if p.of == Of::Rounds && !p.unless.is_empty() {
            wrong.push(detect.origin.about("unless", "K0306", "`unless` goes with `of = \"orders\"` alone"));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let once_per = p.once_per.unwrap_or(OncePer::Event);
        Ok(Deadline { of: p.of, asked: p.asked, due, once_per, unless: p.unless })
    }

    /// When something that began at `from` is due for a person, with the arithmetic.
    fn due(&self, from: Ms, staff: u32, context: &Context<'_>, trace: &mut Trace) -> Result<Ms, CalendarError> {
        let day = context.zone.day(from);
        let date = date_of(day);
        match self.due {
            Due::ShiftEnd(otherwise) => match context.people.shift_end(staff, day, from) {
                Some(end) => {
                    trace.shift_end(end);
                    Ok(end)
                }
                None => {
                    let end = context.zone.at(date, otherwise);
                    trace.no_shift(end);
                    Ok(end)
                }
            },
            Due::NextWorkdayAt(at) => deadline::next_workday_at(context.workdays, context.zone, date, at, trace),
            Due::Workdays(n) => deadline::end_of_workday(context.workdays, context.zone, date, n, trace),
            Due::Days(n) => Ok(deadline::end_of_day(context.zone, date, n, trace)),
        }
    }

    fn rounds(&self, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let mut open: Vec<(&RoundRow, Ms)> = Vec::new();
        for r in facts.rounds.iter().filter(|r| r.round.dropped.is_none() && context.in_month(r.asked_day)) {
            let before = context.zone.time_of_day(r.round.asked_at) < context.preset.cutoff_ms;
            let wanted = match self.asked {
                None => true,
                Some(Asked::BeforeCutoff) => before,
                Some(Asked::AfterCutoff) => !before,
            };
            let done = r.round.answered_at.or(r.round.transferred_at);
            if !wanted || done.is_some_and(|t| t <= self.surely_in_time(r.round.asked_at, context)) {
                continue;
            }
            let due = self.due(r.round.asked_at, r.staff_addressed, context, &mut Trace::silent())?;
            let late = done.is_none_or(|t| t > due) && due < context.as_of;
            if late {
                open.push((r, due));
            }
        }
        // Rounds of a conversation come in order of time: the first of a group is the earliest.
        let mut groups: BTreeMap<(usize, Ms, usize), Vec<&RoundRow>> = BTreeMap::new();
        for (i, (r, due)) in open.into_iter().enumerate() {
            let alone = if self.once_per == OncePer::Event { i } else { 0 };
            groups.entry((r.whose, due, alone)).or_default().push(r);
        }
        Ok(groups.into_iter().filter_map(|((_, due, _), rounds)| self.round(&rounds, due, facts, context)).collect())
    }

    /// Answered by then needs no look at shifts and calendar: most rounds.
    fn surely_in_time(&self, asked_at: Ms, context: &Context<'_>) -> Ms {
        let day = context.zone.day(asked_at);
        match self.due {
            Due::ShiftEnd(otherwise) => {
                let end = context.zone.at(date_of(day), otherwise);
                context.people.earliest_shift_end(day).map_or(end, |t| t.min(end))
            }
            _ => context.zone.end_of(date_of(day)) - 1,
        }
    }

    fn round(&self, rounds: &[&RoundRow], due: Ms, facts: &Facts, context: &Context<'_>) -> Option<Violation> {
        let first = rounds.first()?;
        let whose = &facts.conversations[first.whose];
        let mark = if self.once_per == OncePer::Event { first.round.asked_at } else { due };
        let mut evidence = Vec::new();
        for r in rounds {
            evidence.push(Evidence { table: "messages", file: r.round.asked_file, row: r.round.asked_row });
            if r.round.answered_at.is_some() {
                let (file, row) = (r.round.answered_file, r.round.answered_row);
                evidence.push(Evidence { table: "messages", file, row });
            }
        }
        evidence.sort_by_key(|e| (context.names.text(e.file), e.row));
        evidence.dedup();
        Some(Violation {
            rule: 0,
            shop: whose.shop,
            caused_by: first.staff_addressed,
            event_key: format!("{}|{}|{mark}", context.names.text(whose.shop), whose.buyer_key),
            occurred_at: first.round.asked_at,
            due_at: Some(due),
            done_at: first.round.answered_at,
            period: Month::of(date_of(first.asked_day)),
            stated: None,
            evidence,
        })
    }

    fn orders(&self, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let mut found = Vec::new();
        for c in &facts.credits {
            let order = &c.order.order;
            let Some(paid) = order.paid_at.filter(|t| context.window.own.contains(t)) else { continue };
            let due = self.due(paid, order.responsible, context, &mut Trace::silent())?;
            let late = order.shipped_at.is_none_or(|t| t > due) && due < context.as_of;
            if late && !self.excused(c, due) {
                found.push(Violation {
                    rule: 0,
                    shop: order.shop,
                    caused_by: order.responsible,
                    event_key: format!("{}|{}", context.names.text(order.shop), order.order_id),
                    occurred_at: paid,
                    due_at: Some(due),
                    done_at: order.shipped_at,
                    period: Month::of(context.zone.date(paid)),
                    stated: None,
                    evidence: vec![Evidence { table: "orders", file: order.file, row: order.row }],
                });
            }
        }
        Ok(found)
    }

    /// Closed by the due time, or (where no closing time says otherwise) refunded in full.
    fn excused(&self, c: &CreditRow, due: Ms) -> bool {
        let order = &c.order.order;
        self.unless.iter().any(|u| match u {
            Unless::Closed => order.closed_at.is_some_and(|t| t <= due),
            Unless::Refunded => {
                let all = order.refund_fen.unwrap_or(0) >= order.paid_fen.unwrap_or(0);
                all && order.refund_fen.unwrap_or(0) > 0 && order.closed_at.is_none_or(|t| t <= due)
            }
        })
    }
}

impl Detector for Deadline {
    fn needs(&self) -> Vec<Need> {
        match self.of {
            Of::Rounds => vec![("messages", &["role", "ts", "account"])],
            Of::Orders => vec![("orders", &["paid_at", "shipped_at"])],
        }
    }

    fn detect(&self, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        match self.of {
            Of::Rounds => self.rounds(facts, context),
            Of::Orders => self.orders(facts, context),
        }
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let zh = lang != "en";
        let at = |t: Ms| context.zone.format(t);
        let mut steps = Vec::new();
        let what = match (self.of, zh) {
            (Of::Rounds, true) => "买家提问",
            (Of::Rounds, false) => "asked at",
            (Of::Orders, true) => "订单付款",
            (Of::Orders, false) => "paid at",
        };
        steps.push(format!("{what}{}{}", if zh { "：" } else { " " }, at(event.occurred_at)));
        if let Some(asked) = self.asked {
            let cutoff = format_time_of_day(context.preset.cutoff_ms);
            steps.push(match (asked, zh) {
                (Asked::BeforeCutoff, true) => format!("早于 {cutoff}：按当天咨询处理"),
                (Asked::BeforeCutoff, false) => format!("before {cutoff}: belongs to its own day"),
                (Asked::AfterCutoff, true) => format!("不早于 {cutoff}：归入下一个工作日"),
                (Asked::AfterCutoff, false) => format!("at or after {cutoff}: belongs to the next working day"),
            });
        }
        let mut trace = Trace::on();
        let due = self.due(event.occurred_at, event.caused_by, context, &mut trace)?;
        steps.extend(trace.lines(context.zone, lang));
        steps.push(if zh {
            format!("最迟：{}（恰好此刻算按时）", at(due))
        } else {
            format!("due at {}", at(due))
        });
        steps.push(match (event.done_at, zh) {
            (Some(t), true) => format!("实际：{}，迟 {}", at(t), span(t - due, zh)),
            (Some(t), false) => format!("done at {}: {} too late", at(t), span(t - due, zh)),
            (None, true) => format!("截至 {} 仍未完成", at(context.as_of)),
            (None, false) => format!("not done as of {}", at(context.as_of)),
        });
        Ok(steps)
    }
}

/// A length of time for the explanation: days, hours, minutes, seconds and ms, exact.
fn span(ms: i64, zh: bool) -> String {
    let (d, rest) = (ms / DAY, ms % DAY);
    let (h, m, s, ms) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    if zh { format!("{d} 天 {h:02}:{m:02}:{s:02}.{ms:03}") } else { format!("{d} d {h:02}:{m:02}:{s:02}.{ms:03}") }
}
