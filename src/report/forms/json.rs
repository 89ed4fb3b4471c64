//! `report.json`: everything that the pages say, for other programs. `kaohe schema context` describes it.

use super::{File, Report};
use crate::base::{Error, Result};
use crate::report::data::Inputs;
use crate::report::views::chapter::Chapter;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub const FILE: &str = "report.json";
/// Raised when something is renamed, moved or taken away; not when something is added.
pub const VERSION: u32 = 1;

/// The file. What there is nothing of (`null`) is left out.
#[derive(Serialize, JsonSchema)]
pub struct Whole<'a> {
    /// The version of this layout.
    pub version: u32,
    /// `2026-05`.
    pub month: String,
    /// Local time.
    pub as_of: String,
    pub zone: String,
    pub lang: &'a str,
    pub pipeline: &'a str,
    pub preset: &'a str,
    pub clock: &'a str,
    pub rulebook: &'a str,
    pub program: &'a str,
    /// Whether some deadline or window of the month was not over at `as_of`.
    pub provisional: bool,
    /// In the order of the navigation.
    pub chapters: &'a [Chapter],
}

impl<'a> Whole<'a> {
    /// `None` without any month.
    pub fn of(inputs: &'a Inputs, chapters: &'a [Chapter]) -> Option<Whole<'a>> {
        let month = inputs.months.last()?;
        Some(Whole {
            version: VERSION,
            month: month.month.to_string(),
            as_of: inputs.zone.format(inputs.as_of),
            zone: inputs.zone.to_string(),
            lang: &inputs.lang,
            pipeline: &inputs.pipeline,
            preset: &inputs.preset,
            clock: &inputs.clock,
            rulebook: &inputs.rulebook_version,
            program: &inputs.program_version,
            provisional: month.provisional,
            chapters,
        })
    }
}

pub fn files(report: &Report) -> Result<Vec<File>> {
    let Some(whole) = Whole::of(report.inputs, &report.chapters) else { return Ok(Vec::new()) };
    let text = serde_json::to_string(&value(&whole)?).map_err(failed)?;
    // The same JSON, and harmless where somebody pastes it into a page.
    let text = text.replace('<', "\\u003c") + "\n";
    Ok(vec![(FILE.to_owned(), text.into_bytes())])
}

/// The file's content.
pub fn value(whole: &Whole) -> Result<Value> {
    let mut value = serde_json::to_value(whole).map_err(failed)?;
    prune(&mut value);
    Ok(value)
}

fn failed(e: serde_json::Error) -> Error {
    Error::Failed(format!("{FILE}: {e}"))
}

/// Leaves out what there is nothing of: nine in ten fields of a cell.
fn prune(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(prune);
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}
