//! `count_mismatch`: a count that people registered against the one that the chat log gives.

use super::rows::{self, Rows, Written};
use super::words::Lines;
use super::{Detector, Event, Need, params};
use crate::base::Diagnostic;
use crate::base::time::date_of;
use crate::calendar::CalendarError;
use crate::facts::staff_day::{self, Key};
use crate::facts::{Context, MonthFacts};
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
        let tolerance = p.tolerance.max(0);
        if wrong.is_empty() { Ok(CountMismatch { rows, column, on, against, tolerance }) } else { Err(wrong) }
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
        for (register, row) in self.rows.all(context) {
            let (Some(stated), Some(day)) = (row.values[self.column].int(), row.values[self.on].int()) else {
                continue;
            };
            let day = day as i32;
            let from = context.zone.start_of(date_of(day));
            let staff = self.rows.person(row, from, context);
            let known = register.get(row, "submitted_at").int().is_some_and(|t| t <= context.as_of);
            let over = context.zone.end_of(date_of(day)) <= context.as_of;
            if !context.in_month(day) || !known || !over || !rows::concerns(rule, staff, day, context) {
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
        Some((self.rows.table.columns[self.column].name, staff_day::count_name(self.against)))
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
