//! Reports that must exist, also where no row does: what was delivered and does not hold them says that they were not
//! made.

use super::Params;
use super::due::{Dues, week_last_workday};
use crate::base::time::{date_of, day_of};
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::staff_day::Measure;
use crate::facts::{Context, MonthFacts};
use crate::lake::names::NONE;
use crate::lake::registers::{Register, Row};
use crate::rules::detect::Need;
use crate::rules::detect::rows::{self, Rows};
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};
use chrono::Datelike;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Of whom and how often something is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// Each day on which a person has a shift or received buyers.
    Daily,
    /// Each ISO week with a shift, on its last working day.
    Weekly,
    /// Each month with a shift, on its last day.
    Monthly,
    /// Each working day.
    Workdays,
}

/// Which of the two the rule charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    Late,
    Missing,
    Both,
}

#[derive(Debug)]
pub struct Expected {
    rows: Rows,
    expect: Expect,
    count: Count,
}

/// One thing that is expected of somebody.
struct Duty {
    staff: u32,
    /// As the register writes it.
    period: String,
    day: i32,
}

impl Expected {
    pub fn new(p: &Params, rows: Rows, detect: &Detect) -> Result<Expected, Vec<Diagnostic>> {
        let mut wrong = p.only(&["where", "count", "expect"], &["on"], "submitted_at", detect);
        if rows.table.name != "submissions" {
            wrong.push(detect.origin.about("of", "K0306", "`expect` goes with `of = \"submissions\"` alone"));
        }
        let Some(expect) = p.expect else {
            return Err(vec![detect.origin.about("count", "K0306", "`count` goes with `expect`")]);
        };
        let count = p.count.unwrap_or(Count::Both);
        if wrong.is_empty() { Ok(Expected { rows, expect, count }) } else { Err(wrong) }
    }

    pub fn needs(&self) -> Vec<Need> {
        let mut columns = self.rows.needs();
        columns.extend(["period", "submitted_at"]);
        let register = (self.rows.table.name, columns);
        match self.expect {
            Expect::Workdays => vec![register, ("roster", vec!["staff_id", "role"])],
            _ => vec![register, ("roster", vec!["staff_id", "role"]), ("shifts", vec!["staff_id", "date"])],
        }
    }

    pub fn find(
        &self,
        dues: &Dues,
        rule: &Rule,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let there = self.registered(context);
        let mut found = Vec::new();
        for duty in self.duties(rule, month, context)? {
            let from = context.zone.start_of(date_of(duty.day));
            let Some(due) = dues.of(None) else { continue };
            let Some(due) = due.at(from, duty.staff, None, context, &mut Trace::silent())? else { continue };
            let row = there.get(&(duty.staff, duty.period.as_str()));
            let done = row.and_then(|(_, _, at)| *at);
            let charged = match self.count {
                Count::Late => done.is_some_and(|t| t > due),
                Count::Missing => done.is_none(),
                Count::Both => done.is_none_or(|t| t > due),
            };
            if charged && due < context.as_of {
                found.push(Violation {
                    rule: 0,
                    shop: NONE,
                    caused_by: duty.staff,
                    event_key: format!("{}|{}|{}", self.rows.table.name, context.names.text(duty.staff), duty.period),
                    occurred_at: from,
                    due_at: Some(due),
                    done_at: done,
                    period: Month::of(date_of(duty.day)),
                    stated: None,
                    evidence: row.map(|(register, row, _)| rows::evidence(register, row)).into_iter().collect(),
                });
            }
        }
        Ok(found)
    }

    /// The first submission of each person and period, as far as the clock knows it.
    fn registered<'c>(
        &'c self,
        context: &'c Context<'_>,
    ) -> BTreeMap<(u32, &'c str), (&'c Register, &'c Row, Option<Ms>)> {
        let mut first: BTreeMap<(u32, &str), (&Register, &Row, Option<Ms>)> = BTreeMap::new();
        for (register, row) in self.rows.all(context) {
            let Some(period) = register.get(row, "period").text() else { continue };
            let at = register.get(row, "submitted_at").int().filter(|t| *t <= context.as_of);
            let known = first.entry((self.rows.person(row, 0, context), period)).or_insert((register, row, at));
            if at.is_some_and(|t| known.2.is_none_or(|k| t < k)) {
                *known = (register, row, at);
            }
        }
        first
    }

    fn duties(&self, rule: &Rule, month: &MonthFacts<'_>, context: &Context<'_>) -> Result<Vec<Duty>, CalendarError> {
        let own = context.own_days();
        let people = context.people;
        let on_duty =
            |days: std::ops::Range<i32>| -> BTreeSet<u32> { people.on_duty(days).iter().map(|d| d.1).collect() };
        let mut duties: Vec<(i32, String, BTreeSet<u32>)> = Vec::new();
        match self.expect {
            Expect::Daily => {
                let mut received: BTreeMap<i32, BTreeSet<u32>> = BTreeMap::new();
                for ((day, _, staff), values) in month.staff_day.rows() {
                    if *staff != NONE && values[Measure::Received as usize] > 0 {
                        received.entry(*day).or_default().insert(*staff);
                    }
                }
                for day in own {
                    let mut staff = on_duty(day..day + 1);
                    staff.extend(received.get(&day).into_iter().flatten());
                    duties.push((day, date_of(day).to_string(), staff));
                }
            }
            Expect::Weekly => {
                for day in own {
                    let date = date_of(day);
                    // A week's duty lies on its last working day, which may lie in another month than its Friday.
                    if week_last_workday(context.workdays, date, &mut Trace::silent())? == Some(date) {
                        let monday = day - date.weekday().num_days_from_monday() as i32;
                        let week = date.iso_week();
                        let period = format!("{}-W{:02}", week.year(), week.week());
                        duties.push((day, period, on_duty(monday..monday + 7)));
                    }
                }
            }
            Expect::Monthly => {
                let last = day_of(context.window.month.last_day());
                duties.push((last, context.window.month.to_string(), on_duty(own)));
            }
            Expect::Workdays => {
                for day in own {
                    if context.workdays.is_workday(date_of(day))? {
                        duties.push((day, date_of(day).to_string(), people.everyone().collect()));
                    }
                }
            }
        }
        let all = duties.into_iter().flat_map(|(day, period, staff)| {
            let staff: Vec<u32> = staff.into_iter().collect();
            staff.into_iter().map(move |staff| Duty { staff, period: period.clone(), day })
        });
        Ok(all.filter(|d| people.employed(d.staff, d.day) && rows::concerns(rule, d.staff, d.day, context)).collect())
    }
}
