//! The page of an amended review, for HR: what is other than in the version before, for whom and why.

use super::changes::Change;
use super::parts::PARTS;
use super::room::Room;
use crate::report::format::{NOTHING, Quantity};
use crate::report::views::sheet::{Section, Sheet};
use crate::report::views::table::{Cell, Table};
use serde_json::Value;

/// Figures of a person that the page names with words; others keep the name that they have in `results.json`.
const NAMED: [(&str, &str); 5] = [
    ("people.score", "column.half_score"),
    ("people.grade", "column.grade"),
    ("people.lost", "review.lost"),
    ("people.awarded", "review.changed.awarded"),
    ("people", "review.changed.person"),
];

/// The page. `version`: the one before.
pub fn sheet(room: &Room, changes: &[Change], version: u32) -> Sheet {
    let words = room.words;
    let mut table = Table::new("half_changes", &["person"], words);
    ["what", "from", "to", "because"]
        .iter()
        .for_each(|c| table.text_column(words.text(&format!("review.changed.{c}"))));
    for change in changes {
        let why: Vec<String> = change.why.iter().map(|why| words.named("review.changed.why", why)).collect();
        table.push(vec![
            Cell::text(if change.staff_id.is_empty() { NOTHING.to_owned() } else { room.name(&change.staff_id) }),
            Cell::text(what(room, change)),
            Cell::text(value(room, change, &change.from)),
            Cell::text(value(room, change, &change.to)),
            Cell::text(room.list(&why)),
        ]);
    }
    let title = words.fill("review.changed.title", &[("period", &room.period()), ("version", &version.to_string())]);
    let count = changes.len().to_string();
    let lead = words.fill("review.changed.lead", &[("n", &count), ("version", &version.to_string())]);
    let section = Section::new("half_changes", words).note(words.text("review.changed.note"));
    Sheet::new("review_changes", title).lead(lead).section(section.table(table))
}

fn what(room: &Room, change: &Change) -> String {
    let words = room.words;
    if let Some((_, key)) = NAMED.iter().find(|(path, _)| *path == change.what) {
        return words.text(key);
    }
    let rest = |of: &str| change.what.strip_prefix(&format!("people.parts.{of}"));
    if let Some((part, rest)) = PARTS.iter().find_map(|p| Some((p, rest(p)?))) {
        let names = rest.split('.').filter(|n| !["", "score", "months"].contains(n));
        let names = names.map(|n| words.named("review.changed.part", n));
        return std::iter::once(words.text(&format!("review.part.{part}"))).chain(names).collect::<Vec<_>>().join(" ");
    }
    if let Some(kind) = change.what.strip_prefix("people.proposals.") {
        let kind = kind.split('.').next().unwrap_or(kind);
        return words.named("review.proposal", kind);
    }
    match event(change) {
        Some(event) => {
            let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or(NOTHING);
            let rule = room.title(text("rule_id"));
            words.fill("review.changed.deduction", &[("rule", rule), ("at", text("occurred_at"))])
        }
        None => change.what.clone(),
    }
}

/// A deduction that came or went.
fn event(change: &Change) -> Option<&Value> {
    [&change.to, &change.from].into_iter().find(|v| v.get("deduction_id").is_some())
}

fn value(room: &Room, change: &Change, value: &Value) -> String {
    let points = |n: i64| Cell::quantity(Some(Quantity::Points(n)), room.words).text;
    // The rest are counts and money, as results.json has them.
    let in_points = [".score", ".points", ".lost", ".awarded"].iter().any(|end| change.what.ends_with(end))
        || change.what.starts_with("people.parts.discipline") && change.what.ends_with(".above");
    match value {
        Value::Null => NOTHING.to_owned(),
        Value::Object(event) => match event.get("points").and_then(Value::as_i64) {
            Some(n) if event.contains_key("deduction_id") => points(n),
            _ => room.words.text("review.changed.there"),
        },
        Value::Number(n) if in_points => n.as_i64().map_or_else(|| n.to_string(), points),
        Value::String(grade) if change.what == "people.grade" => room.words.named("grade", grade),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
