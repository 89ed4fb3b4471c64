//! Rounds that were to be answered.

use super::due::Due;
use super::{Asked, Deadline, OncePer, Params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::unit::RoundRow;
use crate::facts::{Context, Facts};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::rulebook::Detect;
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Rounds {
    pub asked: Option<Asked>,
    once_per: OncePer,
}

impl Rounds {
    pub fn new(p: &Params, detect: &Detect) -> Result<Rounds, Vec<Diagnostic>> {
        let wrong = p.only(&["asked", "once_per"], &["asked_at"], "answered_at", detect);
        let once_per = p.once_per.unwrap_or(OncePer::Event);
        if wrong.is_empty() { Ok(Rounds { asked: p.asked, once_per }) } else { Err(wrong) }
    }

    pub fn find(
        &self,
        deadline: &Deadline,
        facts: &Facts,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut open: Vec<(&RoundRow, Ms)> = Vec::new();
        for r in facts.rounds.iter().filter(|r| r.round.dropped.is_none() && context.in_month(r.asked_day)) {
            let before = context.zone.time_of_day(r.round.asked_at) < context.preset.cutoff_ms;
            let wanted = match self.asked {
                None => true,
                Some(Asked::BeforeCutoff) => before,
                Some(Asked::AfterCutoff) => !before,
            };
            let done = r.round.answered_at.or(r.round.transferred_at);
            if !wanted || done.is_some_and(|t| t <= surely_in_time(deadline, r.round.asked_at, context)) {
                continue;
            }
            let due = deadline.due(r.round.asked_at, r.staff_addressed, context, &mut Trace::silent())?;
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
        let found = groups.into_iter().filter_map(|((_, due, _), rounds)| self.violation(&rounds, due, facts, context));
        Ok(found.collect())
    }

    fn violation(&self, rounds: &[&RoundRow], due: Ms, facts: &Facts, context: &Context<'_>) -> Option<Violation> {
        let first = rounds.first()?;
        let whose = &facts.conversations[first.whose];
        let mark = if self.once_per == OncePer::Event { first.round.asked_at } else { due };
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
            evidence: evidence(rounds, context),
        })
    }
}

/// Questions and answers of rounds, in the order of the files.
pub fn evidence(rounds: &[&RoundRow], context: &Context<'_>) -> Vec<Evidence> {
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
    evidence
}

/// Answered by then needs no look at shifts and calendar: most rounds.
fn surely_in_time(deadline: &Deadline, asked_at: Ms, context: &Context<'_>) -> Ms {
    let day = context.zone.day(asked_at);
    match deadline.dues.of(None) {
        Some(Due::ShiftEnd(otherwise)) => {
            let end = context.zone.at(date_of(day), otherwise);
            context.people.earliest_shift_end(day).map_or(end, |t| t.min(end))
        }
        Some(Due::Days(_) | Due::Workdays(_) | Due::NextWorkdayAt(_)) => context.zone.end_of(date_of(day)) - 1,
        _ => asked_at,
    }
}
