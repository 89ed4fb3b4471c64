//! The settings in force as the page of definitions shows them: dotted names, values as written.

use super::files::{Text, embedded};
use toml::{Table, Value};

/// Not for a page: where files lie on one machine says nothing about the figures.
const HIDDEN: [&str; 2] = ["pipeline.name", "pipeline.paths"];

/// Names of customers stand in these: the page says how many there are.
const COUNTED: [&str; 1] = ["pipeline.filters.blacklist"];

/// Settings of a pipeline, its preset and its rulebook. What a file leaves out is shown with its default.
pub fn shown(pipeline: &Text, preset: &Text, book: &Text) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (name, text, default) in [
        ("pipeline", pipeline, embedded("pipelines/monthly.toml")),
        ("preset", preset, embedded("pipelines/presets/regulation.toml")),
        ("rulebook", book, None),
    ] {
        let mut table = default.map(table_of).unwrap_or_default();
        lay_over(&mut table, table_of(&text.text), 1);
        flatten(name, &Value::Table(table), &mut out);
    }
    let preset_name = ("preset.name".to_owned(), preset.stem().to_owned());
    let at = out.partition_point(|(name, _)| *name < preset_name.0);
    out.insert(at, preset_name);
    out
}

/// The settings of reviews; what the file leaves out is shown with its default.
pub fn half_year(text: &Text) -> Vec<(String, String)> {
    let mut table = embedded(super::half_year::FILE).map(table_of).unwrap_or_default();
    lay_over(&mut table, table_of(&text.text), 1);
    let mut out = Vec::new();
    flatten("half-year", &Value::Table(table), &mut out);
    out
}

fn table_of(text: &str) -> Table {
    text.parse().unwrap_or_default()
}

/// Keys of `over` win. Tables of the first level (`filters`, `hours`, …) are joined key by key; what lies deeper (the
/// days of one kind of hours) belongs together and is taken whole.
fn lay_over(under: &mut Table, over: Table, levels: u32) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) if levels > 0 => lay_over(below, above, levels - 1),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

fn flatten(name: &str, value: &Value, out: &mut Vec<(String, String)>) {
    if HIDDEN.contains(&name) {
        return;
    }
    match value {
        Value::Table(table) => table.iter().for_each(|(key, v)| flatten(&format!("{name}.{key}"), v, out)),
        Value::Array(items) if COUNTED.contains(&name) => out.push((name.to_owned(), items.len().to_string())),
        value => out.push((name.to_owned(), written(name, value))),
    }
}

/// A value as a person would write it down: lists with commas, the two ends of an interval with a dash, no quotes.
fn written(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let interval = name.is_empty() || name.ends_with(".window");
            let items: Vec<String> = items.iter().map(|item| written("", item)).collect();
            items.join(if interval { "-" } else { ", " })
        }
        other => other.to_string(),
    }
}
