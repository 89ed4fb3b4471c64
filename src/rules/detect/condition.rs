//! Conditions on a register's rows: `{ kind = "weekly", late_minutes = { min = 1 } }` (all must hold), or a list of such
//! tables (one must hold). An empty value meets no condition.

use crate::lake::registers::{Row, Value};
use crate::lake::schema::{Table, Type};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// One of these.
    Words(Vec<String>),
    /// Yes or no.
    Flag(bool),
    /// Whole numbers, both included.
    Between(i64, i64),
}

impl Test {
    fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Test::Words(words), Value::Text(text)) => words.iter().any(|w| **w == **text),
            (Test::Flag(wanted), Value::Int(n)) => *n == i64::from(*wanted),
            (Test::Between(min, max), Value::Int(n)) => (*min..=*max).contains(n),
            _ => false,
        }
    }
}

/// A checked condition: one of several, each all of several (place of a column, test).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(Vec<Vec<(usize, Test)>>);

impl Condition {
    /// Reads a condition on a table's rows.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(value: &toml::Value, table: &Table) -> Result<Condition, String> {
        match value {
            toml::Value::Table(all) => Ok(Condition(vec![all_of(all, table)?])),
            toml::Value::Array(any) if !any.is_empty() => {
                let one = |v: &toml::Value| match v {
                    toml::Value::Table(all) => all_of(all, table),
                    _ => Err("each item of a list of conditions is a table".to_owned()),
                };
                any.iter().map(one).collect::<Result<_, _>>().map(Condition)
            }
            _ => Err("a condition is a table such as { kind = \"weekly\" }, or a list of them".to_owned()),
        }
    }

    pub fn holds(&self, row: &Row) -> bool {
        let test = |(at, test): &(usize, Test)| row.values.get(*at).is_some_and(|v| test.holds(v));
        self.0.iter().any(|all| all.iter().all(test))
    }

    /// The columns that it looks at.
    pub fn columns(&self, table: &'static Table) -> Vec<&'static str> {
        self.0.iter().flatten().filter_map(|(at, _)| table.columns.get(*at)).map(|c| c.name).collect()
    }
}

fn all_of(all: &toml::Table, table: &Table) -> Result<Vec<(usize, Test)>, String> {
    all.iter()
        .map(|(name, value)| {
            let at = table.columns.iter().position(|c| c.name == name).ok_or_else(|| no_column(table, name))?;
            Ok((at, test(table, at, value)?))
        })
        .collect()
}

fn no_column(table: &Table, name: &str) -> String {
    let known: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
    format!("`{}` has no column `{name}`; it has {}", table.name, known.join(", "))
}

fn test(table: &Table, at: usize, value: &toml::Value) -> Result<Test, String> {
    let column = table.columns[at];
    let word = |v: &toml::Value| match v {
        toml::Value::String(s) if column.words.is_empty() || column.words.contains(&s.as_str()) => Ok(s.clone()),
        toml::Value::String(s) => {
            Err(format!("`{}` is never `{s}`; it is one of {}", column.name, column.words.join(", ")))
        }
        _ => Err(format!("`{}` holds texts", column.name)),
    };
    let limit = |limits: &toml::Table, key: &str, otherwise: i64| match limits.get(key) {
        None => Ok(otherwise),
        Some(toml::Value::Integer(n)) => Ok(*n),
        Some(_) => Err(format!("`{key}` of `{}` is a whole number", column.name)),
    };
    match (column.kind, value) {
        (Type::Utf8, toml::Value::Array(words)) => words.iter().map(word).collect::<Result<_, _>>().map(Test::Words),
        (Type::Utf8, one) => Ok(Test::Words(vec![word(one)?])),
        (Type::Bool, toml::Value::Boolean(b)) => Ok(Test::Flag(*b)),
        (Type::Int32 | Type::Int64, toml::Value::Integer(n)) => Ok(Test::Between(*n, *n)),
        (Type::Int32 | Type::Int64, toml::Value::Table(limits))
            if limits.keys().all(|k| k == "min" || k == "max") && !limits.is_empty() =>
        {
            Ok(Test::Between(limit(limits, "min", i64::MIN)?, limit(limits, "max", i64::MAX)?))
        }
        (Type::Bool, _) => Err(format!("`{}` is true or false", column.name)),
        (Type::Int32 | Type::Int64, _) => Err(format!("`{}` is a number, or {{ min = …, max = … }}", column.name)),
        _ => Err(format!("`{}` cannot be compared with a value", column.name)),
    }
}
