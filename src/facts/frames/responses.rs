//! `percentiles` and `spread`: response times in groups of shops and people.

use super::{Group, Texts};
use crate::base::{Month, Result};
use crate::facts::Facts;
use crate::facts::context::Context;
use crate::facts::percentiles::{self, Percentiles};
use crate::facts::spread;
use crate::lake::batch::{Batch, day, long, plain};
use crate::lake::names::NONE;
use crate::lake::schema::{PERCENTILES, SPREAD};
use rayon::prelude::*;

/// The response times of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseRow {
    /// `first` or `round`.
    pub of: &'static str,
    /// Days since 1970-01-01; `None`: the month.
    pub day: Option<i32>,
    /// Empty: all.
    pub shop: String,
    /// Empty: everyone.
    pub staff: String,
    pub percentiles: Percentiles,
    /// How many lie in each step of [`spread::steps`] and (last) above; none for a day.
    pub spread: Vec<i64>,
}

/// What pages show of response times: the month for all, each shop, each person, each person in each shop; each day.
/// Sorted as `percentiles` is.
pub fn response_rows(facts: &Facts, context: &Context<'_>) -> Vec<ResponseRow> {
    let names = Texts(context.names.all());
    let steps = spread::steps(context.preset.target_ms);
    let shop = |s: u32| names.shop(s).to_owned();
    let person = |p: u32| names.person(p).to_owned();
    let group = |by: usize, d: i32, s: u32, p: u32| -> Option<(Option<i32>, Group)> {
        match by {
            0 => Some((None, (String::new(), String::new()))),
            1 => Some((None, (shop(s), String::new()))),
            2 => (p != NONE).then(|| (None, (String::new(), person(p)))),
            3 => (p != NONE).then(|| (None, (shop(s), person(p)))),
            _ => Some((Some(d), (String::new(), String::new()))),
        }
    };
    let all = [("first", &facts.first_responses), ("round", &facts.responses)];
    let jobs: Vec<_> = all.into_iter().flat_map(|(of, values)| (0..5).map(move |by| (of, values, by))).collect();
    let found = jobs.into_par_iter().map(|(of, values, by)| {
        let steps = if by < 4 { &steps[..] } else { &[] };
        let made = |v: &mut [u32]| (spread::spread(v, steps), percentiles::percentiles(v));
        (of, values.by(|d, s, p| group(by, d, s, p), made))
    });
    let mut rows: Vec<ResponseRow> = found
        .collect::<Vec<_>>()
        .into_iter()
        .flat_map(|(of, groups)| groups.into_iter().map(move |(group, made)| (of, group, made)))
        .map(|(of, (day, (shop, staff)), (spread, percentiles))| {
            let spread = if day.is_none() { spread } else { Vec::new() };
            ResponseRow { of, day, shop, staff, percentiles, spread }
        })
        .collect();
    rows.sort_by(|a, b| (a.of, a.day, &a.shop, &a.staff).cmp(&(b.of, b.day, &b.shop, &b.staff)));
    rows.dedup_by(|a, b| (a.of, a.day, &a.shop, &a.staff) == (b.of, b.day, &b.shop, &b.staff));
    rows
}

/// `percentiles` of the month.
pub fn percentiles(rows: &[ResponseRow]) -> Result<Batch> {
    let value = |f: fn(&Percentiles) -> i64| rows.iter().map(move |r| Some(f(&r.percentiles)));
    Batch::new(
        &PERCENTILES,
        vec![
            plain("of", rows.iter().map(|r| r.of)),
            day("date", rows.iter().map(|r| r.day)),
            plain("shop", rows.iter().map(|r| r.shop.as_str())),
            plain("staff_id", rows.iter().map(|r| r.staff.as_str())),
            long("count", value(|p| p.count)),
            long("p50_ms", value(|p| p.p50)),
            long("p90_ms", value(|p| p.p90)),
            long("p99_ms", value(|p| p.p99)),
        ],
    )
}

/// `spread` of the month, steps in order, what lies above all of them last.
pub fn spread(rows: &[ResponseRow], target_ms: i64, month: Month) -> Result<Batch> {
    let period = month.to_string();
    let steps: Vec<Option<i64>> = spread::steps(target_ms).into_iter().map(Some).chain([None]).collect();
    let cells = || rows.iter().flat_map(|r| steps.iter().zip(&r.spread).map(move |(upto, count)| (r, *upto, *count)));
    Batch::new(
        &SPREAD,
        vec![
            plain("period", cells().map(|_| period.as_str())),
            plain("of", cells().map(|(r, ..)| r.of)),
            plain("shop", cells().map(|(r, ..)| r.shop.as_str())),
            plain("staff_id", cells().map(|(r, ..)| r.staff.as_str())),
            long("upto_ms", cells().map(|(_, upto, _)| upto)),
            long("count", cells().map(|(.., count)| Some(count))),
        ],
    )
}
