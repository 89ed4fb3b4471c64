//! `count_mismatch`: a count that people registered against the one that the chat log gives.

use super::deadline::Dues;
use super::rows::{self, Rows, Written};
use super::words::Lines;
use super::{Detector, Event, Need, params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::staff_day::{self, Key};
use crate::facts::{Context, MonthFacts};
use crate::lake::registers::{Register, Row};
use crate::lake::schema::Type;
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    of: String,
    #[serde(rename = "where")]
    filter: Option<toml::Value>,
    column: String,
    against: String,
    #[serde(default)]
    tolerance: i64,
    /// Until when a later row corrects an earlier one; written like `due`.
    corrected_by: Option<toml::Value>,
}

/// The detector with its checked parameters.
#[derive(Debug)]
pub struct CountMismatch {
    rows: Rows,
    column: usize,
    on: usize,
    /// Place of the measure in `staff_day`.
    against: usize,
    tolerance: i64,
    corrected_by: Option<Dues>,
}

impl CountMismatch {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<CountMismatch, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let written = Written { table: &p.of, filter: p.filter.as_ref(), unless: None, who: None, points: None };
        let rows = Rows::new(&written, detect, "of")?;
        let mut wrong = Vec::new();
        let mut place = |name: &str, kind: Type, key: &str| {
            rows::column(rows.table, name, &[kind], detect, key).map_err(|d| wrong.push(d)).unwrap_or(0)
        };
        let (column, on) = (place(&p.column, Type::Int64, "column"), place("on", Type::Date, "of"));
        let against = staff_day::count_named(&p.against).unwrap_or_else(|| {
            let message = format!("`staff_day` has no count `{}`, such as received", p.against);
            wrong.push(detect.origin.about("against", "K0308", message));
            0
        });
        let by = p.corrected_by.as_ref().map(|v| Dues::parse(v, Some(rows.table), detect)).transpose();
        let corrected_by = by.unwrap_or_else(|found| {
            wrong.extend(found);
            None
        });
        let tolerance = p.tolerance.max(0);
        if wrong.is_empty() {
            Ok(CountMismatch { rows, column, on, against, tolerance, corrected_by })
        } else {
            Err(wrong)
        }
    }

    /// The rows that count: of several of one person and day the last one by `corrected_by`, else the first.
    fn standing<'c>(&'c self, context: &'c Context<'_>) -> Result<Vec<(&'c Register, &'c Row)>, CalendarError> {
        let mut standing: BTreeMap<(u32, i64), (Ms, &Register, &Row)> = BTreeMap::new();
        for (register, row) in self.rows.all(context) {
            let Some(day) = row.values[self.on].int() else { continue };
            let Some(at) = register.get(row, "submitted_at").int().filter(|t| *t <= context.as_of) else { continue };
            let from = context.zone.start_of(date_of(day as i32));
            let staff = self.rows.person(row, from, context);
            let by = match self.corrected_by.as_ref().and_then(|d| d.of(Some(row))) {
                Some(due) => due.at(from, staff, Some(row), context, &mut Trace::silent())?.unwrap_or(Ms::MAX),
                None => Ms::MAX,
            };
            let known = standing.entry((staff, day)).or_insert((at, register, row));
            let better = match (at <= by, known.0 <= by) {
                (true, true) => at > known.0,
                (true, false) => true,
                (false, true) => false,
                (false, false) => at < known.0,
            };
            if better {
                *known = (at, register, row);
            }
        }
        Ok(standing.into_values().map(|(_, register, row)| (register, row)).collect())
    }
}

impl Detector for CountMismatch {
    fn needs(&self) -> Vec<Need> {
        let mut columns = self.rows.needs();
        columns.push(self.rows.table.columns[self.column].name);
        vec![
            ("messages", vec!["role", "ts", "account"]),
            ("accounts", vec!["shop", "account", "staff_id"]),
            (self.rows.table.name, columns),
        ]
    }

    fn month(
        &self,
        rule: &Rule,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let mut counted: BTreeMap<(i32, u32), i64> = BTreeMap::new();
        let rows: Vec<(&Key, _)> = month.staff_day.rows().collect();
        for ((day, _, staff), values) in rows {
            *counted.entry((*day, *staff)).or_insert(0) += values[self.against];
        }
        let mut found = Vec::new();
        for (register, row) in self.standing(context)? {
            let (Some(stated), Some(day)) = (row.values[self.column].int(), row.values[self.on].int()) else {
                continue;
            };
            let day = day as i32;
            let from = context.zone.start_of(date_of(day));
            let staff = self.rows.person(row, from, context);
            let over = context.zone.end_of(date_of(day)) <= context.as_of;
            if !context.in_month(day) || !over || !rows::concerns(rule, staff, day, context) {
                continue;
            }
            let log = counted.get(&(day, staff)).copied().unwrap_or(0);
            if (stated - log).abs() > self.tolerance {
                found.push(self.rows.violation(register, row, staff, from, context));
            }
        }
        rows::number(&mut found);
        Ok(found)
    }

    fn counts(&self) -> Option<(&'static str, &'static str)> {
        Some((self.rows.table.columns[self.column].name, staff_day::measure_name(self.against)))
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let day = context.zone.date(event.occurred_at);
        let mut lines = Lines::new(lang);
        lines.add(
            format!("{day} 登记的数与聊天记录算出的数不一致（允许相差 {}）", self.tolerance),
            format!("{day}: the registered count differs from the chat log's (tolerance {})", self.tolerance),
        );
        Ok(lines.done())
    }
}
