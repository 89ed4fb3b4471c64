//! Which keys a table must have: read off the same shape that serde reads, for serde names only the first that is
//! missing.

use super::peel::Step;
use schemars::{JsonSchema, schema_for};
use serde_json::Value;

/// The required keys of the table at that place of a file of shape `T`; `None` where the shape does not say.
pub fn required<T: JsonSchema>(path: &[Step]) -> Option<Vec<String>> {
    let root = schema_for!(T).to_value();
    let mut shape = resolve(&root, &root)?;
    for step in path {
        let inner = match step {
            Step::Key(key) => shape.get("properties").and_then(|p| p.get(key)).or(shape.get("additionalProperties")),
            Step::Item(_) => shape.get("items"),
        };
        shape = resolve(&root, inner?)?;
    }
    let keys = shape.get("required")?.as_array()?;
    Some(keys.iter().filter_map(|k| k.as_str().map(str::to_owned)).collect())
}

/// Follows references, and takes the first choice where an optional table is a choice between it and null.
fn resolve<'a>(root: &'a Value, shape: &'a Value) -> Option<&'a Value> {
    if let Some(name) = shape.get("$ref").and_then(Value::as_str) {
        return resolve(root, root.get("$defs")?.get(name.strip_prefix("#/$defs/")?)?);
    }
    match shape.get("anyOf").and_then(Value::as_array) {
        Some(choices) => resolve(root, choices.first()?),
        None => Some(shape),
    }
}
