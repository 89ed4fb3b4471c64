//! The month as each preset measures it: the figures of the platforms beside the company's own. Sums alone, no rules.

use super::project::{Project, calendar_error};
use crate::base::Result;
use crate::facts::percentiles::{Values, nearest_rank};
use crate::facts::staff_day::{MEASURES, Measure, StaffDays, measure_name};
use crate::facts::unit::{self, LinkedOrder, Room};
use crate::facts::{Context, Facts, frames};
use crate::lake::batch::Batch;
use crate::lake::messages::Messages;
use crate::settings::Preset;
use std::collections::BTreeMap;

/// A month's sums by one preset.
#[derive(Debug, Default)]
pub struct Measured {
    staff_day: StaffDays,
    first_responses: Values,
}

impl Measured {
    /// Takes in another bucket's sums.
    pub fn add(&mut self, other: Measured) {
        self.staff_day.add(other.staff_day);
        self.first_responses.add(other.first_responses);
    }

    /// What belongs to no bucket.
    pub fn settle(&mut self, context: &Context<'_>) {
        self.staff_day.online(context);
        self.staff_day.satisfaction(context);
    }
}

/// The presets beside the one in use, each with a month's context; none where the settings do not compare.
///
/// # Errors
/// A year without calendar data.
pub fn beside<'a>(project: &'a Project, context: &'a Context<'a>) -> Result<Vec<Context<'a>>> {
    if !project.settings.pipeline.compare_presets {
        return Ok(Vec::new());
    }
    let others = project.settings.presets.values().filter(|p| p.name != context.preset.name);
    others.map(|preset| context.by_preset(preset).map_err(calendar_error)).collect()
}

/// Measures a bucket by each of `contexts`, in the room of another one.
///
/// # Errors
/// A year without calendar data.
pub fn bucket(
    mut room: Room,
    contexts: &[Context<'_>],
    parts: &[Messages],
    orders: &[LinkedOrder],
) -> Result<(Vec<Measured>, Room)> {
    let mut all = Vec::with_capacity(contexts.len());
    for context in contexts {
        let mut facts = unit::compute_in(room, context, parts, orders.to_vec()).map_err(calendar_error)?;
        room = facts.clear_rows();
        facts.staff_day.forget_concurrency();
        all.push(Measured { staff_day: facts.staff_day, first_responses: facts.first_responses });
    }
    Ok((all, room))
}

/// `presets` of a month: the one in use, then those beside it. Empty where the settings do not compare.
pub fn table(project: &Project, context: &Context<'_>, facts: &Facts, beside: &[(&Preset, Measured)]) -> Result<Batch> {
    let mut values = BTreeMap::new();
    if project.settings.pipeline.compare_presets {
        sums(&mut values, context.preset, context, &facts.staff_day, &facts.first_responses);
    }
    for (preset, measured) in beside {
        sums(&mut values, preset, context, &measured.staff_day, &measured.first_responses);
    }
    frames::presets(&values, context.window.month)
}

fn sums<'p>(
    values: &mut BTreeMap<(&'p str, &'static str), i64>,
    preset: &'p Preset,
    context: &Context<'_>,
    days: &StaffDays,
    first: &Values,
) {
    let mut sum = [0_i64; MEASURES];
    for (_, row) in days.rows().filter(|((day, ..), _)| context.in_month(*day)) {
        sum.iter_mut().zip(row).for_each(|(sum, n)| *sum += n);
    }
    // A maximum cannot be added up, and no platform states one.
    for place in (0..MEASURES).filter(|place| *place != Measure::ConcurrentMax as usize) {
        values.insert((&preset.name, measure_name(place)), sum[place]);
    }
    values.insert((&preset.name, "target_ms"), preset.target_ms);
    let median = first.by(|_, _, _| Some(()), |v| nearest_rank(v, 50)).into_values().flatten().next();
    if let Some(median) = median {
        values.insert((&preset.name, "first_response_p50_ms"), i64::from(median));
    }
}
