//! Rows of registers that name a rule or a person whom nobody knows: a slip of the pen there would let somebody off, or
//! charge nobody's score, without a word.

use crate::base::{Diagnostic, Place};
use crate::facts::Context;
use crate::lake::registers::{Register, Row};
use crate::lake::schema::Type;
use crate::settings::nearest::nearest;
use crate::settings::rulebook::Rulebook;
use std::collections::{BTreeMap, BTreeSet};

/// Rows that one warning names.
const PLACES: usize = 3;

/// Who or what is not known, and the rows of a register that name it.
#[derive(Debug)]
pub struct Stranger<'r> {
    /// `unknown_rule` or `unknown_staff`, as in `mart/quality`.
    pub kind: &'static str,
    pub table: &'static str,
    /// As it was written.
    pub name: String,
    pub rows: Vec<&'r Row>,
    /// The known one with nearly the same letters.
    meant: Option<String>,
}

/// The strangers of a month's registers, by table. Where there is no roster, everybody is taken for known.
pub fn strangers<'r>(book: &Rulebook, context: &Context<'r>) -> Vec<Stranger<'r>> {
    let rules: BTreeSet<&str> = book.rules.iter().map(|r| r.id.as_str()).collect();
    let people: Vec<_> = context.people.everyone().map(|s| context.names.text(s)).collect();
    let people: BTreeSet<&str> = people.iter().map(|id| id.as_ref()).collect();
    let mut all = Vec::new();
    for register in context.registers.all() {
        all.extend(of(register, ("unknown_rule", "rule_id"), &rules, context));
        if !people.is_empty() {
            all.extend(of(register, ("unknown_staff", "staff_id"), &people, context));
        }
    }
    all
}

fn of<'r>(
    register: &'r Register,
    (kind, column): (&'static str, &str),
    known: &BTreeSet<&str>,
    context: &Context<'_>,
) -> Vec<Stranger<'r>> {
    let Some(place) = register.at(column) else { return Vec::new() };
    let mut found: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in register.rows.iter().filter(|row| of_month(register, row, context)) {
        if let Some(name) = row.values[place].text().filter(|name| !name.is_empty() && !known.contains(name)) {
            found.entry(name).or_default().push(row);
        }
    }
    let stranger = |(name, rows): (&str, Vec<&'r Row>)| Stranger {
        kind,
        table: register.table.name,
        name: name.to_owned(),
        rows,
        meant: nearest(name, known.iter().copied()).map(str::to_owned),
    };
    found.into_iter().map(stranger).collect()
}

/// Registers are read with the months beside it.
fn of_month(register: &Register, row: &Row, context: &Context<'_>) -> bool {
    let Some(by) = register.table.month_by else { return true };
    let is_day = register.table.column(by).is_some_and(|c| c.kind == Type::Date);
    register.at(by).and_then(|at| row.values[at].int()).is_some_and(|t| {
        if is_day {
            i32::try_from(t).is_ok_and(|day| context.own_days().contains(&day))
        } else {
            context.window.own.contains(&t)
        }
    })
}

/// A warning for each.
pub fn warnings(strangers: &[Stranger<'_>], context: &Context<'_>) -> Vec<Diagnostic> {
    let warning = |s: &Stranger<'_>| {
        let (name, table, n) = (&s.name, s.table, s.rows.len());
        let (code, column, message, otherwise) = if s.kind == "unknown_rule" {
            let message =
                format!("`{name}` is no rule of the rulebook; rows of `{table}` with it cost nobody anything: {n}");
            ("K0316", "rule_id", message, "`kaohe rulebook docs` lists the rules")
        } else {
            let message =
                format!("`{name}` is not in the roster; rows of `{table}` with it count for nobody's score: {n}");
            ("K0317", "staff_id", message, "enter the person into the roster, with his or her days")
        };
        let help =
            s.meant.as_ref().map_or_else(|| otherwise.to_owned(), |m| format!("did you mean `{m}`? Else {otherwise}"));
        let place = |row: &&Row| {
            let file = context.names.text(row.file).to_string();
            Place::row(file, row.row.max(0) as u64, Some(column), "")
        };
        s.rows.iter().take(PLACES).map(place).fold(Diagnostic::warning(code, message).help(help), Diagnostic::at)
    };
    strangers.iter().map(warning).collect()
}
