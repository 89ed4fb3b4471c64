//! `coverage`: interval algebra over presence and shifts: nobody there, away unmarked, duty left alone.

use super::rows::concerns;
use super::words::{Lines, span};
use super::{Detector, Event, Need, params};
use crate::base::time::{date_of, parse_time_of_day};
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::facts::intervals::{clip, union, without};
use crate::facts::people::Shift;
use crate::facts::presence::Stretch;
use crate::facts::{Context, MonthFacts};
use crate::lake::names::NONE;
use crate::rules::violation::{Evidence, Violation};
use crate::settings::duration::Duration;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    NobodyOnline,
    UnmarkedAway,
    DutyAway,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Within {
    Lunch,
    OnlineHours,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    what: What,
    within: Option<Within>,
    lunch_default: Option<(String, String)>,
    longer_than: Duration,
    duty: Option<String>,
}

/// The detector with its checked parameters; times of day and lengths in ms.
#[derive(Debug)]
pub struct Coverage {
    what: What,
    within: Within,
    lunch: Range<i64>,
    longer_than: i64,
}

impl Coverage {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Coverage, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let mut wrong = Vec::new();
        let mut about = |key: &str, message: String| wrong.push(detect.origin.about(key, "K0303", message));
        let nobody = p.what == What::NobodyOnline;
        if nobody != p.within.is_some() {
            about("within", "`within` goes with `what = \"nobody_online\"`, and only with it".to_owned());
        }
        if p.lunch_default.is_some() && !nobody {
            about("lunch_default", "`lunch_default` goes with `what = \"nobody_online\"` alone".to_owned());
        }
        match (&p.duty, p.what) {
            (Some(duty), What::DutyAway) if duty == "weekend" => {}
            (None, What::NobodyOnline | What::UnmarkedAway) => {}
            _ => about("duty", "`what = \"duty_away\"` takes `duty = \"weekend\"`, and only it does".to_owned()),
        }
        let (from, to) = p.lunch_default.unwrap_or(("12:00".to_owned(), "13:00".to_owned()));
        let mut time = |text: &str| parse_time_of_day(text).map_err(|e| about("lunch_default", e)).unwrap_or(0);
        let lunch = time(&from)..time(&to);
        let within = p.within.unwrap_or(Within::Lunch);
        let detector = Coverage { what: p.what, within, lunch, longer_than: p.longer_than.0 };
        if wrong.is_empty() { Ok(detector) } else { Err(wrong) }
    }

    /// Stretches in which nobody of a shop is present and nobody is unknown.
    fn nobody(
        &self,
        rule: &Rule,
        shop: u32,
        day: i32,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Range<Ms>>, CalendarError> {
        let people = context.people;
        let staff: Vec<u32> = people
            .everyone()
            .filter(|&s| {
                people.shops_of(s, day).contains(&shop) && people.employed(s, day) && concerns(rule, s, day, context)
            })
            .collect();
        // A day without any shift says nothing of who was to be there.
        if staff.iter().all(|&s| people.shifts_on(s, day).is_empty()) {
            return Ok(Vec::new());
        }
        let lunch = self.lunch_of(&staff, day, context);
        let windows = match self.within {
            Within::Lunch => lunch,
            Within::OnlineHours => {
                let open = context.online.open_of(day)?;
                open.into_iter().flat_map(|(from, to)| without(&(from..to), &lunch)).collect()
            }
        };
        let mut gaps = Vec::new();
        for window in windows {
            let mut taken = Vec::new();
            for &person in &staff {
                let stretches = month.presence.stretches(context, person, &window);
                taken.extend(stretches.into_iter().filter(|s| s.state.present).map(|s| s.span));
                let shifts = (day - 1..=day + 1).flat_map(|d| people.shifts_on(person, d));
                let unknown =
                    shifts.filter(|s| !month.presence.knows(person, s)).map(|s| clip(&(s.start..s.end), &window));
                taken.extend(unknown);
            }
            gaps.extend(without(&window, &union(taken)).into_iter().filter(|g| self.long(g)));
        }
        Ok(gaps)
    }

    /// The lunch intervals of the people's shifts of the day; without any the default.
    fn lunch_of(&self, staff: &[u32], day: i32, context: &Context<'_>) -> Vec<Range<Ms>> {
        let of_shifts = staff.iter().flat_map(|&s| context.people.shifts_on(s, day)).filter_map(|s| s.lunch);
        let mut all: Vec<Range<Ms>> = of_shifts.map(|(from, to)| from..to).collect();
        if all.is_empty() {
            let at = |time: i64| context.zone.at(date_of(day), time);
            all.push(at(self.lunch.start)..at(self.lunch.end));
        }
        union(all)
    }

    /// Stretches of one person in a shift, joined over repeated states, with the row that began each.
    fn away(
        &self,
        staff: u32,
        shift: &Shift,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Vec<(Range<Ms>, Option<Evidence>)> {
        if !month.presence.knows(staff, shift) {
            return Vec::new();
        }
        let whole = shift.start..shift.end;
        let stretches = month.presence.stretches(context, staff, &whole);
        let evidence = |s: &Stretch| Evidence { table: "presence", file: s.file, row: s.row };
        let wrong = |s: &&Stretch| match self.what {
            What::DutyAway => !s.state.present && !s.state.covered,
            _ => s.state.online && s.state.left_desk,
        };
        let mut found: Vec<(Range<Ms>, Option<Evidence>)> =
            stretches.iter().filter(wrong).map(|s| (s.span.clone(), Some(evidence(s)))).collect();
        if self.what == What::DutyAway {
            // Not there yet is away, too.
            let first = stretches.first().map_or(whole.end, |s| s.span.start);
            found.insert(0, (whole.start..first, None));
        }
        let joined = union(found.iter().map(|(s, _)| s.clone()).collect());
        let began =
            |gap: &Range<Ms>| found.iter().find(|(s, e)| s.start == gap.start && e.is_some()).and_then(|(_, e)| *e);
        joined.into_iter().filter(|g| self.long(g)).map(|g| (g.clone(), began(&g))).collect()
    }

    fn long(&self, gap: &Range<Ms>) -> bool {
        gap.end - gap.start > self.longer_than
    }
}

fn violation(shop: u32, staff: u32, gap: &Range<Ms>, evidence: Vec<Evidence>, context: &Context<'_>) -> Violation {
    let who = if shop == NONE { staff } else { shop };
    Violation {
        rule: 0,
        shop,
        caused_by: staff,
        event_key: format!("{}|{}", context.names.text(who), gap.start),
        occurred_at: gap.start,
        due_at: None,
        done_at: Some(gap.end),
        period: Month::of(context.zone.date(gap.start)),
        stated: None,
        evidence,
    }
}

impl Detector for Coverage {
    fn needs(&self) -> Vec<Need> {
        let presence = match self.what {
            What::UnmarkedAway => vec!["staff_id", "ts", "state", "at_desk"],
            What::DutyAway => vec!["staff_id", "ts", "state", "covered_by", "told_director"],
            What::NobodyOnline => vec!["staff_id", "ts", "state"],
        };
        let shifts =
            if self.what == What::DutyAway { vec!["staff_id", "start", "duty"] } else { vec!["staff_id", "start"] };
        let mut needs = vec![("presence", presence), ("shifts", shifts), ("roster", vec!["staff_id", "role"])];
        if self.what == What::NobodyOnline {
            needs.push(("accounts", vec!["shop", "staff_id"]));
        }
        needs
    }

    fn month(
        &self,
        rule: &Rule,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut found = Vec::new();
        // What the clock has not reached is not known: a stretch is judged once it is over.
        let over = |gap: &Range<Ms>| gap.end <= context.as_of;
        for day in context.own_days() {
            if self.what == What::NobodyOnline {
                for &shop in month.shops {
                    let gaps = self.nobody(rule, shop, day, month, context)?;
                    found
                        .extend(gaps.iter().filter(|g| over(g)).map(|g| violation(shop, NONE, g, Vec::new(), context)));
                }
                continue;
            }
            for &(_, staff) in context.people.on_duty(day..day + 1) {
                if !concerns(rule, staff, day, context) {
                    continue;
                }
                let wanted = |s: &&Shift| self.what == What::UnmarkedAway || s.weekend;
                for shift in context.people.shifts_on(staff, day).iter().filter(wanted) {
                    let gaps = self.away(staff, shift, month, context);
                    let gaps = gaps.into_iter().filter(|(g, _)| over(g) && context.in_month(context.zone.day(g.start)));
                    found.extend(gaps.map(|(g, e)| violation(NONE, staff, &g, e.into_iter().collect(), context)));
                }
            }
        }
        Ok(found)
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let mut lines = Lines::new(lang);
        let (from, to) = (event.occurred_at, event.done_at.unwrap_or(event.occurred_at));
        let (a, b) = (context.zone.format(from), context.zone.format(to));
        match self.what {
            What::NobodyOnline => {
                lines.add(format!("{a} 至 {b}：该店无人在岗"), format!("{a} to {b}: nobody of the shop was present"))
            }
            What::UnmarkedAway => lines.add(
                format!("{a} 至 {b}：离座而状态仍为在线"),
                format!("{a} to {b}: away from the desk while shown as online"),
            ),
            What::DutyAway => lines.add(
                format!("{a} 至 {b}：值班人员不在岗，无人暂替，也未告知值班总监"),
                format!("{a} to {b}: on duty and away; nobody stood in, the duty director was not told"),
            ),
        }
        let (length, limit) = (to - from, self.longer_than);
        lines.add(
            format!("历时 {}，超过 {}", span(length, true), span(limit, true)),
            format!("lasted {}, longer than {}", span(length, false), span(limit, false)),
        );
        Ok(lines.done())
    }
}
