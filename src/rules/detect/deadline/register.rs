//! Rows of a register with a time by which they were to be done.

use super::Params;
use super::due::Dues;
use crate::base::{Diagnostic, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::Context;
use crate::lake::registers::Row;
use crate::lake::schema::{Table, Type};
use crate::rules::detect::Need;
use crate::rules::detect::rows::{self, Rows};
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};

#[derive(Debug)]
pub struct Due {
    rows: Rows,
    starts: usize,
    /// The earliest of these counts.
    done: Vec<usize>,
}

impl Due {
    pub fn new(p: &Params, rows: Rows, detect: &Detect) -> Result<Due, Vec<Diagnostic>> {
        let own = ["where", "unless", "who", "points"];
        let mut wrong = Vec::new();
        for key in p.written().into_iter().filter(|k| !own.contains(k)) {
            wrong.push(detect.origin.about(key, "K0306", format!("`{key}` does not go with a register's rows")));
        }
        let mut time = |name: &str, kinds: &[Type], key: &str| {
            rows::column(rows.table, name, kinds, detect, key).map_err(|d| wrong.push(d)).unwrap_or(0)
        };
        let starts = time(&p.starts, &[Type::Time, Type::Date], "starts");
        let done = p.done.list().into_iter().map(|name| time(name, &[Type::Time], "done")).collect();
        if wrong.is_empty() { Ok(Due { rows, starts, done }) } else { Err(wrong) }
    }

    pub fn table(&self) -> &'static Table {
        self.rows.table
    }

    pub fn needs(&self) -> Vec<Need> {
        let mut columns = self.rows.needs();
        columns.extend(self.done.iter().chain([&self.starts]).map(|&i| self.table().columns[i].name));
        vec![(self.table().name, columns)]
    }

    pub fn find(&self, dues: &Dues, rule: &Rule, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let mut found = Vec::new();
        for (register, row) in self.rows.all(context) {
            let Some(from) = rows::instant(register, row, self.starts, context) else { continue };
            let day = context.zone.day(from);
            let staff = self.rows.person(row, from, context);
            if !context.in_month(day) || !rows::concerns(rule, staff, day, context) {
                continue;
            }
            let Some(due) = dues.of(Some(row)) else { continue };
            let Some(due) = due.at(from, staff, Some(row), context, &mut Trace::silent())? else { continue };
            let done = self.done_at(row, context.as_of);
            if done.is_none_or(|t| t > due) && due < context.as_of {
                let mut violation = self.rows.violation(register, row, staff, from, context);
                violation.due_at = Some(due);
                violation.done_at = done;
                found.push(violation);
            }
        }
        rows::number(&mut found);
        Ok(found)
    }

    /// What the clock cannot know yet has not been done.
    fn done_at(&self, row: &Row, as_of: Ms) -> Option<Ms> {
        self.done.iter().filter_map(|&i| row.values[i].int()).filter(|t| *t <= as_of).min()
    }
}
