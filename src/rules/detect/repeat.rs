//! `repeat`: results that come again and again: failed months, or deductions of certain rules, within a half-year or a
//! year. Judged in its last month, after the results that it reads.

use super::words::Lines;
use super::{Detector, Event, Need, Reads, params};
use crate::base::time::{date_of, day_of};
use crate::base::{Diagnostic, Month};
use crate::calendar::CalendarError;
use crate::facts::Context;
use crate::lake::names::NONE;
use crate::rules::results::Results;
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Of {
    Scores,
    Deductions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Within {
    HalfYear,
    Year,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    of: Of,
    grade: Option<String>,
    rules: Option<Vec<String>>,
    within: Within,
    /// From so many on: so many points.
    steps: Vec<(u32, u32)>,
}

/// The detector with its checked parameters; points in hundredths.
#[derive(Debug)]
pub struct Repeat {
    of: Of,
    grade: String,
    rules: Vec<String>,
    within: Within,
    steps: Vec<(u32, i32)>,
}

impl Repeat {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Repeat, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let mut wrong = Vec::new();
        let mut about = |key: &str, message: &str| wrong.push(detect.origin.about(key, "K0303", message.to_owned()));
        if (p.of == Of::Scores) != p.grade.is_some() {
            about("grade", "`grade` goes with `of = \"scores\"`, and only with it");
        }
        if (p.of == Of::Deductions) != p.rules.is_some() {
            about("rules", "`rules` goes with `of = \"deductions\"`, and only with it");
        }
        let grade = p.grade.unwrap_or_default();
        if p.of == Of::Scores && !["excellent", "good", "pass", "fail"].contains(&grade.as_str()) {
            about("grade", "`grade` is one of excellent, good, pass, fail");
        }
        if p.steps.is_empty() || p.steps.windows(2).any(|w| w[0].0 >= w[1].0) || p.steps.iter().any(|s| s.1 > 100) {
            about("steps", "`steps` is a list such as [[2, 3], [3, 4]]: from 2 on 3 points, from 3 on 4 points");
        }
        let steps = p.steps.into_iter().map(|(n, points)| (n, points.min(100) as i32 * 100)).collect();
        let repeat = Repeat { of: p.of, grade, rules: p.rules.unwrap_or_default(), within: p.within, steps };
        if wrong.is_empty() { Ok(repeat) } else { Err(wrong) }
    }

    /// The months that a month closes; empty where it is not the last.
    fn months(&self, last: Month) -> Vec<Month> {
        let length = if self.within == Within::Year { 12 } else { 6 };
        if !last.month().is_multiple_of(length) {
            return Vec::new();
        }
        (0..length as i32).rev().map(|n| last.offset(-n)).collect()
    }
}

impl Detector for Repeat {
    fn needs(&self) -> Vec<Need> {
        vec![("roster", vec!["staff_id", "supervisor_id"])]
    }

    fn reads(&self) -> Reads<'_> {
        match self.of {
            Of::Scores => Reads::Scores,
            Of::Deductions => Reads::Rules(&self.rules),
        }
    }

    fn looks_back(&self, month: Month) -> Vec<Month> {
        self.months(month)
    }

    fn results(&self, rule: &Rule, results: &Results, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let last = context.window.month;
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for month in self.months(last).iter().filter_map(|m| results.get(*m)) {
            match self.of {
                Of::Scores => {
                    for (staff, _) in month.grades.iter().filter(|(_, g)| **g == self.grade) {
                        *counts.entry(staff).or_insert(0) += 1;
                    }
                }
                Of::Deductions => {
                    for ((_, staff), n) in month.charged.iter().filter(|((r, _), _)| self.rules.contains(r)) {
                        *counts.entry(staff).or_insert(0) += n;
                    }
                }
            }
        }
        let day = day_of(last.last_day());
        let at = context.zone.start_of(date_of(day));
        let mut found = Vec::new();
        for (staff, n) in counts {
            let Some((_, points)) = self.steps.iter().rev().find(|(from, _)| n >= *from) else { continue };
            let person = context.names.id(staff);
            // Nobody answers for who has no superior.
            let row = context.people.row(person, day);
            if row.is_none_or(|r| r.supervisor_id.is_none()) && rule.charges_supervisors() {
                continue;
            }
            found.push(Violation {
                rule: 0,
                shop: NONE,
                caused_by: person,
                event_key: format!("{staff}|{last}"),
                occurred_at: at,
                due_at: None,
                done_at: None,
                period: last,
                stated: Some(*points),
                evidence: Vec::new(),
            });
        }
        Ok(found)
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let who = context.names.text(event.caused_by);
        let months = self.months(context.window.month);
        let span = months.first().zip(months.last()).map_or_else(String::new, |(a, b)| format!("{a} – {b}"));
        let mut lines = Lines::new(lang);
        match self.of {
            Of::Scores => lines.add(
                format!("{who} 在 {span} 内多个月的等级为 {}，见各月得分", self.grade),
                format!("{who}: several months of {span} are graded {}, see the months' scores", self.grade),
            ),
            Of::Deductions => lines.add(
                format!("{who} 在 {span} 内屡犯：{}", self.rules.join("、")),
                format!("{who}: again and again in {span}: {}", self.rules.join(", ")),
            ),
        }
        let steps: Vec<String> = self.steps.iter().map(|(n, points)| format!("{n} → {}", points / 100)).collect();
        lines.add(format!("次数 → 分数：{}", steps.join("，")), format!("times → points: {}", steps.join(", ")));
        Ok(lines.done())
    }
}
