//! The tables of a month that are made of all buckets' sums.

use super::presets::{self, Measured};
use super::project::Project;
use super::publish::Draft;
use crate::base::Result;
use crate::facts::steps::Step;
use crate::facts::{Context, Facts, frames};
use crate::lake::manifest::Manifest;
use crate::lake::order_items;
use crate::lake::partition::path_of;
use crate::lake::schema::{ORDER_ITEMS, ORDERS};
use crate::settings::Preset;

/// Writes them all.
pub fn write(
    draft: &Draft,
    project: &Project,
    manifest: &Manifest,
    context: &Context<'_>,
    facts: &Facts,
    beside: &[(&Preset, Measured)],
) -> Result<()> {
    let month = context.window.month;
    draft.write(&frames::staff_day(&facts.staff_day, context)?, "staff_day", None)?;
    draft.write(&frames::backlog(&facts.backlog, context)?, "backlog", None)?;
    let responses = frames::response_rows(facts, context);
    draft.write(&frames::percentiles(&responses)?, "percentiles", None)?;
    draft.write(&frames::spread(&responses, context.preset.target_ms, month)?, "spread", None)?;
    draft.write(&frames::hours(facts, context)?, "hours", None)?;
    draft.write(&frames::open_hours(facts, context)?, "open_hours", None)?;
    // What an export does not tell was not left undone.
    let known = |step: Step, shop: &str| step.needs().iter().all(|c| manifest.delivered(ORDERS.name, c, shop, month));
    draft.write(&frames::steps(facts, context, &project.settings.pipeline.steps, &known)?, "steps", None)?;
    draft.write(&frames::unshipped(facts, context)?, "unshipped", None)?;
    draft.write(&frames::repeat(facts, context)?, "repeat", None)?;
    draft.write(&presets::table(project, context, facts, beside)?, "presets", None)?;
    let mut items = Vec::new();
    for part in manifest.partitions(ORDER_ITEMS.name) {
        let path = path_of(&project.lake(), &ORDER_ITEMS, part, None);
        items.extend(order_items::read(&path, context.names, &|shop, order| facts.products.holds(shop, order))?);
    }
    draft.write(&frames::products(facts.products.sold(&items), context)?, "products", None)
}
