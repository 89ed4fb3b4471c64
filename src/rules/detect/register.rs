//! `register`: each row that people entered is a violation.

use super::rows::{self, Rows, Written};
use super::words::Lines;
use super::{Detector, Event, Need, params};
use crate::base::Diagnostic;
use crate::calendar::CalendarError;
use crate::facts::{Context, MonthFacts};
use crate::lake::schema::Type;
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    table: String,
    #[serde(rename = "where")]
    filter: Option<toml::Value>,
    unless: Option<toml::Value>,
    at: String,
    who: Option<String>,
    points: Option<String>,
}

/// The detector with its checked parameters.
#[derive(Debug)]
pub struct Register {
    rows: Rows,
    /// Column of the event's time.
    at: usize,
}

impl Register {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Register, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let written = Written {
            table: &p.table,
            filter: p.filter.as_ref(),
            unless: p.unless.as_ref(),
            who: p.who.as_deref(),
            points: p.points.as_deref(),
        };
        let rows = Rows::new(&written, detect, "table")?;
        let at = rows::column(rows.table, &p.at, &[Type::Time, Type::Date], detect, "at").map_err(|d| vec![d])?;
        Ok(Register { rows, at })
    }
}

impl Detector for Register {
    fn needs(&self) -> Vec<Need> {
        let mut columns = self.rows.needs();
        columns.push(self.rows.table.columns[self.at].name);
        vec![(self.rows.table.name, columns)]
    }

    fn per_shop(&self) -> bool {
        false
    }

    fn month(&self, rule: &Rule, _: &MonthFacts<'_>, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let mut found = Vec::new();
        for (register, row) in self.rows.all(context) {
            let Some(at) = rows::instant(register, row, self.at, context) else { continue };
            let day = context.zone.day(at);
            let staff = self.rows.person(row, at, context);
            if context.in_month(day) && at <= context.as_of && rows::concerns(rule, staff, day, context) {
                found.push(self.rows.violation(register, row, staff, at, context));
            }
        }
        rows::number(&mut found);
        Ok(found)
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let table = self.rows.table.name;
        let at = context.zone.format(event.occurred_at);
        let mut lines = Lines::new(lang);
        lines.add(
            format!("{at}：登记表 {table} 中的一行，见原始记录"),
            format!("{at}: a row of the register {table}, see the raw row"),
        );
        Ok(lines.done())
    }
}
