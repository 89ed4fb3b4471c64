//! `hours`, `open_hours`, `repeat` and `presets` of a month.

use super::Texts;
use crate::base::{Month, Result};
use crate::facts::Facts;
use crate::facts::context::Context;
use crate::lake::batch::{Batch, long, plain};
use crate::lake::schema::{HOURS, OPEN_HOURS, PRESETS, REPEAT};
use std::collections::BTreeMap;

/// `hours` of the month.
pub fn hours(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let period = context.window.month.to_string();
    let mut rows: Vec<_> = facts.by_hour.rows().collect();
    rows.sort_by_key(|&(shop, weekday, hour, _)| (names.shop(shop), weekday, hour));
    Batch::new(
        &HOURS,
        vec![
            plain("period", rows.iter().map(|_| period.as_str())),
            plain("shop", rows.iter().map(|r| names.shop(r.0))),
            long("weekday", rows.iter().map(|r| Some(r.1))),
            long("hour", rows.iter().map(|r| Some(r.2))),
            long("rounds_count", rows.iter().map(|r| Some(r.3.rounds))),
            long("first_response_count", rows.iter().map(|r| Some(r.3.first_count))),
            long("first_response_sum_ms", rows.iter().map(|r| Some(r.3.first_sum_ms))),
            long("first_response_met_count", rows.iter().map(|r| Some(r.3.first_met))),
        ],
    )
}

/// `open_hours` of the month.
pub fn open_hours(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let mut rows = facts.open_hours.rows(context);
    rows.sort_by_key(|&(at, shop, _)| (at, names.shop(shop)));
    Batch::new(
        &OPEN_HOURS,
        vec![
            long("at", rows.iter().map(|r| Some(r.0))),
            plain("shop", rows.iter().map(|r| names.shop(r.1))),
            long("open", rows.iter().map(|r| Some(r.2))),
        ],
    )
}

/// `repeat` of the month.
pub fn repeat(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let period = context.window.month.to_string();
    let rows: BTreeMap<&str, [i64; 2]> =
        facts.repeat.iter().map(|(shop, counts)| (names.shop(*shop), *counts)).collect();
    Batch::new(
        &REPEAT,
        vec![
            plain("period", rows.keys().map(|_| period.as_str())),
            plain("shop", rows.keys().copied()),
            long("buyers", rows.values().map(|counts| Some(counts[0]))),
            long("again", rows.values().map(|counts| Some(counts[1]))),
        ],
    )
}

/// `presets` of a month: (preset, measure) → value.
pub fn presets(values: &BTreeMap<(&str, &str), i64>, month: Month) -> Result<Batch> {
    let period = month.to_string();
    Batch::new(
        &PRESETS,
        vec![
            plain("period", values.keys().map(|_| period.as_str())),
            plain("preset", values.keys().map(|key| key.0)),
            plain("measure", values.keys().map(|key| key.1)),
            long("value", values.values().map(|value| Some(*value))),
        ],
    )
}
