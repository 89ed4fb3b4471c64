//! What the detectors of registers share: which rows count, whose they are, when, and how a row becomes a violation.

use super::condition::Condition;
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month, Ms};
use crate::facts::Context;
use crate::lake::names::NONE;
use crate::lake::registers::{Register, Row, Value};
use crate::lake::schema::{self, REGISTERS, Table, Type};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::nearest::advice;
use crate::settings::rulebook::{Detect, Rule};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Staff(usize),
    /// The owner of (shop, account) at the time.
    Account(usize, usize),
}

/// The rows of a register that a rule is about.
#[derive(Debug)]
pub struct Rows {
    pub table: &'static Table,
    filter: Option<Condition>,
    unless: Option<Condition>,
    who: Who,
    points: Option<usize>,
}

/// The parameters as they are written.
#[derive(Debug)]
pub struct Written<'a> {
    pub table: &'a str,
    pub filter: Option<&'a toml::Value>,
    pub unless: Option<&'a toml::Value>,
    pub who: Option<&'a str>,
    pub points: Option<&'a str>,
}

/// A register by its name.
pub fn register(name: &str, detect: &Detect, key: &str) -> Result<&'static Table, Diagnostic> {
    let known: Vec<&str> = REGISTERS.iter().map(|t| t.name).collect();
    schema::table(name).filter(|t| known.contains(&t.name)).ok_or_else(|| {
        detect.origin.about(key, "K0307", format!("there is no register `{name}`")).help(advice(name, &known))
    })
}

/// The place of a column in its table's rows.
pub fn column(table: &Table, name: &str, kinds: &[Type], detect: &Detect, key: &str) -> Result<usize, Diagnostic> {
    let fits: Vec<&str> = table.columns.iter().filter(|c| kinds.contains(&c.kind)).map(|c| c.name).collect();
    match table.columns.iter().position(|c| c.name == name && kinds.contains(&c.kind)) {
        Some(at) => Ok(at),
        None => {
            let message = format!("`{}` has no such column `{name}`; fitting ones: {}", table.name, fits.join(", "));
            Err(detect.origin.about(key, "K0308", message))
        }
    }
}

impl Rows {
    /// # Errors
    /// All that is wrong with the parameters, at its place.
    pub fn new(written: &Written<'_>, detect: &Detect, key: &str) -> Result<Rows, Vec<Diagnostic>> {
        let table = register(written.table, detect, key).map_err(|d| vec![d])?;
        let mut wrong = Vec::new();
        let mut condition = |value: Option<&toml::Value>, key: &str| {
            let parsed = value.map(|v| Condition::parse(v, table)).transpose();
            parsed.unwrap_or_else(|e| {
                wrong.push(detect.origin.about(key, "K0309", e));
                None
            })
        };
        let (filter, unless) = (condition(written.filter, "where"), condition(written.unless, "unless"));
        let mut text = |name: &str, key: &str| {
            column(table, name, &[Type::Utf8], detect, key).unwrap_or_else(|d| {
                wrong.push(d);
                0
            })
        };
        let who = match written.who.unwrap_or("staff_id") {
            "account" => Who::Account(text("shop", "who"), text("account", "who")),
            name => Who::Staff(text(name, "who")),
        };
        let points = written
            .points
            .and_then(|name| column(table, name, &[Type::Int32], detect, "points").map_err(|d| wrong.push(d)).ok());
        if wrong.is_empty() { Ok(Rows { table, filter, unless, who, points }) } else { Err(wrong) }
    }

    /// The columns that must have been delivered.
    pub fn needs(&self) -> Vec<&'static str> {
        let who = match self.who {
            Who::Staff(at) => vec![self.table.columns[at].name],
            Who::Account(shop, account) => vec![self.table.columns[shop].name, self.table.columns[account].name],
        };
        who.into_iter().chain(self.filter.iter().flat_map(|c| c.columns(self.table))).collect()
    }

    /// The rows that the rule is about.
    pub fn all<'c>(&'c self, context: &'c Context<'_>) -> impl Iterator<Item = (&'c Register, &'c Row)> {
        let register = context.registers.get(self.table.name);
        let wanted = |row: &&Row| {
            self.filter.as_ref().is_none_or(|c| c.holds(row)) && !self.unless.as_ref().is_some_and(|c| c.holds(row))
        };
        register.into_iter().flat_map(move |r| r.rows.iter().filter(wanted).map(move |row| (r, row)))
    }

    /// Who answers for a row; [`NONE`] where the account is nobody's.
    pub fn person(&self, row: &Row, at: Ms, context: &Context<'_>) -> u32 {
        let name = |i: usize| row.values.get(i).and_then(Value::text).map_or(NONE, |t| context.names.id(t));
        match self.who {
            Who::Staff(staff) => name(staff),
            Who::Account(shop, account) => context.owner(name(shop), name(account), at),
        }
    }

    /// A row as a violation that occurred at `at`, whose local day decides the period.
    pub fn violation(&self, register: &Register, row: &Row, staff: u32, at: Ms, context: &Context<'_>) -> Violation {
        let shop = register.get(row, "shop").text().map_or(NONE, |t| context.names.id(t));
        Violation {
            rule: 0,
            shop,
            caused_by: staff,
            event_key: key(register, row),
            occurred_at: at,
            due_at: None,
            done_at: None,
            period: Month::of(date_of(context.zone.day(at))),
            stated: self.points.and_then(|i| row.values[i].int()).map(|n| n as i32),
            evidence: vec![evidence(register, row)],
        }
    }
}

/// The row as evidence.
pub fn evidence(register: &Register, row: &Row) -> Evidence {
    Evidence { table: register.table.name, file: row.file, row: row.row }
}

/// Names a row whatever file it came in: its table and a hash of its key (a key may hold free text).
fn key(register: &Register, row: &Row) -> String {
    let mut hash = Sha256::new();
    for column in register.table.key {
        hash.update(format!("{:?}", register.get(row, column)));
        hash.update([0]);
    }
    format!("{}|{}", register.table.name, hex::encode(&hash.finalize()[..8]))
}

/// Rows with the same key are as many events: the second gets a number, and so on.
pub fn number(violations: &mut [Violation]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for v in violations {
        let n = seen.entry(v.event_key.clone()).or_insert(0);
        *n += 1;
        if *n > 1 {
            v.event_key = format!("{}|{n}", v.event_key);
        }
    }
}

/// Whether a rule is about a person: one of its roles that day. Somebody unknown to the roster is listed all the same.
pub fn concerns(rule: &Rule, staff: u32, day: i32, context: &Context<'_>) -> bool {
    let row = context.people.row(staff, day);
    rule.applies_to.is_empty() || row.is_none_or(|r| rule.applies_to.contains(&r.role))
}

/// An instant of a time or date column (a date: its first instant).
pub fn instant(register: &Register, row: &Row, at: usize, context: &Context<'_>) -> Option<Ms> {
    let value = row.values.get(at)?.int()?;
    Some(match register.table.columns[at].kind {
        Type::Date => context.zone.start_of(date_of(value as i32)),
        _ => value,
    })
}
