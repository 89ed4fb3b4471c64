//! `kaohe schema context`: the schema and what templates are given have the same keys, both ways.

use super::super::{files, made, small, template};
use kaohe::report::{context, render::catalogue, views};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Walks a value along its schema; gathers keys that only one of the two has, and the places of the schema that were seen.
struct Walk<'a> {
    defs: &'a Value,
    unknown: BTreeSet<String>,
    missing: BTreeSet<String>,
    seen: BTreeSet<String>,
    /// Whether what there is nothing of is left out.
    pruned: bool,
}

impl<'a> Walk<'a> {
    fn new(schema: &'a Value, pruned: bool) -> Walk<'a> {
        let sets = BTreeSet::new;
        Walk { defs: &schema["$defs"], unknown: sets(), missing: sets(), seen: sets(), pruned }
    }

    fn walk(&mut self, schema: &'a Value, value: &Value, path: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/$defs/")) {
            assert!(!self.defs[name].is_null(), "{path}: no definition {name}");
            return self.walk(&self.defs[name], value, name);
        }
        if let Some(options) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            // Something, or nothing.
            if !value.is_null()
                && let Some(real) = options.iter().find(|o| o["type"] != "null")
            {
                self.walk(real, value, path);
            }
            return;
        }
        match value {
            Value::Object(map) => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                for key in properties.keys() {
                    let optional =
                        self.pruned && !schema["required"].as_array().is_some_and(|r| r.contains(&json!(key)));
                    if map.contains_key(key) {
                        self.seen.insert(format!("{path}.{key}"));
                    } else if !optional {
                        self.missing.insert(format!("{path}.{key}"));
                    }
                }
                for (key, inner) in map {
                    match schema["properties"].get(key) {
                        Some(known) => self.walk(known, inner, &format!("{path}.{key}")),
                        None => {
                            self.unknown.insert(format!("{path}.{key}"));
                        }
                    }
                }
            }
            Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| {
                let of = schema["prefixItems"].get(i).unwrap_or(&schema["items"]);
                self.walk(of, item, path);
            }),
            _ => {}
        }
    }

    fn assert_clean(&self) {
        assert!(self.unknown.is_empty(), "in no schema: {:?}", self.unknown);
        assert!(self.missing.is_empty(), "never given: {:?}", self.missing);
    }
}

#[test]
fn the_schema_is_what_templates_are_given() {
    let schema = context::schema();
    for inputs in [small(), made::department("zh", 3, 2)] {
        let words = catalogue("zh", &template).unwrap();
        let mut walk = Walk::new(&schema, false);
        for page in views::pages(&inputs, &words).unwrap() {
            for (file, name) in &page.files {
                let given = json!({"frame": &page.frame, "view": &page.view});
                let known = &schema["properties"][name];
                assert!(!known.is_null(), "{file}: the schema does not know {name}");
                walk.walk(known, &given, name);
            }
        }
        walk.assert_clean();
    }
}

#[test]
fn the_example_has_everything_that_the_schema_names() {
    let (schema, example) = (context::schema(), context::example(&template).unwrap());
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(keys(&schema["properties"]), keys(&example));
    let mut walk = Walk::new(&schema, false);
    for (name, given) in example.as_object().unwrap().iter().filter(|(name, _)| *name != "report.json") {
        walk.walk(&schema["properties"][name], given, name);
    }
    walk.assert_clean();
    for (name, definition) in schema["$defs"].as_object().unwrap().iter().filter(|(name, _)| *name != "Whole") {
        for key in definition["properties"].as_object().into_iter().flat_map(|p| p.keys()) {
            assert!(walk.seen.contains(&format!("{name}.{key}")), "no example of {name}.{key}");
        }
    }
}

#[test]
fn report_json_is_as_the_schema_says() {
    let schema = context::schema();
    let json: Value = serde_json::from_str(&files(&made::department("zh", 3, 2))["report.json"]).unwrap();
    let mut walk = Walk::new(&schema, true);
    walk.walk(&schema["properties"]["report.json"], &json, "report.json");
    walk.assert_clean();
}
