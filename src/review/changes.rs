//! Two versions of a review's results held against each other: who, what, from what to what.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Fields that tell the objects of a list apart, besides the person's.
const KEYS: [&str; 5] = ["deduction_id", "part", "kind", "month", "from"];

/// A figure that differs, or a whole entry (a deduction, say) that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Whose; empty where it is nobody's own.
    pub staff_id: String,
    /// Which figure: names and keys on the way to it.
    pub what: String,
    /// `null`: it was not there.
    pub from: Value,
    /// `null`: it is gone.
    pub to: Value,
    /// data, rules, settings, pay, program: what it was reckoned from and is other than it was.
    pub why: Vec<&'static str>,
    #[serde(skip)]
    pub rule: Option<String>,
}

/// Everything that differs, in the order of people and figures.
pub fn changes(was: &Value, is: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    walk(&Place::default(), was, is, &mut found);
    found.sort_by(|a, b| (&a.staff_id, &a.what).cmp(&(&b.staff_id, &b.what)));
    found
}

/// Where in the results.
#[derive(Clone, Default)]
struct Place {
    staff_id: String,
    rule: Option<String>,
    path: Vec<String>,
}

impl Place {
    fn down(&self, name: &str) -> Place {
        let mut below = self.clone();
        below.path.push(name.to_owned());
        below
    }

    /// Into an entry of a list.
    fn entry(&self, key: &str, entry: &Value) -> Place {
        let mut below = self.clone();
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        below.staff_id = text("staff_id").unwrap_or(below.staff_id);
        below.path.extend((!key.is_empty()).then(|| key.to_owned()));
        below.rule = text("rule_id").or(below.rule);
        below
    }

    fn change(&self, from: &Value, to: &Value) -> Change {
        let (staff_id, rule) = (self.staff_id.clone(), self.rule.clone());
        Change { staff_id, what: self.path.join("."), from: from.clone(), to: to.clone(), why: Vec::new(), rule }
    }
}

fn walk(at: &Place, was: &Value, is: &Value, found: &mut Vec<Change>) {
    match (was, is) {
        (a, b) if a == b => {}
        (Value::Object(a), Value::Object(b)) => {
            let at = match is.get("rule_id").and_then(Value::as_str) {
                Some(rule) => Place { rule: Some(rule.to_owned()), ..at.clone() },
                None => at.clone(),
            };
            for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let side = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or(Value::Null);
                walk(&at.down(name), &side(a), &side(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.iter().chain(b).all(Value::is_object) => {
            let (a, b) = (by_key(a), by_key(b));
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                match (a.get(key), b.get(key)) {
                    (Some(was), Some(is)) => walk(&at.entry(&key.1, is), was, is, found),
                    (was, is) => {
                        let entry = was.or(is).copied().unwrap_or(&Value::Null);
                        let side = |v: Option<&&Value>| v.copied().cloned().unwrap_or(Value::Null);
                        let mut change = at.entry(&key.1, entry).change(&side(was), &side(is));
                        if change.what.is_empty() {
                            change.what = "everything".to_owned();
                        }
                        found.push(change);
                    }
                }
            }
        }
        (a, b) => found.push(at.change(a, b)),
    }
}

/// The entries of a list by person and key; those without either are told apart by their place.
fn by_key(list: &[Value]) -> BTreeMap<(String, String), &Value> {
    let mut all = BTreeMap::new();
    for entry in list {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let (who, mut key) = (text("staff_id"), KEYS.map(text).into_iter().find(|k| !k.is_empty()).unwrap_or_default());
        if who.is_empty() && key.is_empty() || all.contains_key(&(who.clone(), key.clone())) {
            key = format!("{key}#{}", all.len() + 1);
        }
        all.insert((who, key), entry);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn people_figures_and_events() {
        let was = json!({"people": [
            {"staff_id": "A1", "score": 9000, "deductions": [{"deduction_id": "x", "rule_id": "r1", "points": -150}]},
            {"staff_id": "A2", "score": 8000, "parts": [{"part": "sales", "score": 1}]},
        ], "pay": [{"staff_id": "A2", "month": "2026-05", "bonus": 1}]});
        let is = json!({"people": [
            {"staff_id": "A1", "score": 8850, "deductions": [
                {"deduction_id": "x", "rule_id": "r1", "points": -150}, {"deduction_id": "y", "rule_id": "r2", "points": -150},
            ]},
            {"staff_id": "A2", "score": 8000, "parts": [{"part": "sales", "score": 2}]},
        ], "pay": [{"staff_id": "A2", "month": "2026-05", "bonus": 2}]});
        let found = changes(&was, &is);
        let told: Vec<_> = found.iter().map(|c| (c.staff_id.as_str(), c.what.as_str(), &c.from, &c.to)).collect();
        let event = json!({"deduction_id": "y", "rule_id": "r2", "points": -150});
        assert_eq!(
            told,
            [
                ("A1", "people.deductions.y", &Value::Null, &event),
                ("A1", "people.score", &json!(9000), &json!(8850)),
                ("A2", "pay.2026-05.bonus", &json!(1), &json!(2)),
                ("A2", "people.parts.sales.score", &json!(1), &json!(2)),
            ]
        );
        assert_eq!(found[0].rule.as_deref(), Some("r2"));
        assert!(changes(&was, &was).is_empty());
    }
}
