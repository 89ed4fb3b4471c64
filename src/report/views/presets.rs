//! The same month in the company's definitions and in the platforms', side by side.

use super::desk::Desk;
use super::kpi::{self, Kpi};
use super::sheet::{Section, Sheet};
use super::sums::{Sums, Totals};
use super::table::{Cell, Table};
use crate::report::data::{Percentiles, PresetSums};
use crate::report::format::Quantity;

/// Figures that definitions change.
static KPIS: [&Kpi; 16] = [
    &kpi::INQUIRIES,
    &kpi::RECEIVED,
    &kpi::FIRST_MEDIAN,
    &kpi::FIRST_MEAN,
    &kpi::FIRST_IN_45S,
    &kpi::FIRST_IN_3MIN,
    &kpi::RESPONSE_MEAN,
    &kpi::REPLY_RATE,
    &kpi::MISSED,
    &kpi::SLOW,
    &kpi::LONG,
    &kpi::CONVERSION_SAME_DAY,
    &kpi::CONVERSION,
    &kpi::CONVERSION_PAID,
    &kpi::ORDERS,
    &kpi::SALES,
];

pub fn presets(desk: &Desk) -> Sheet {
    let words = desk.words;
    let sheet = Sheet::new("presets", words.text("nav.presets")).lead(words.text("presets.lead"));
    sheet
        .section(Section::new("side_by_side", words).table(table(desk)))
        .section(Section::new("their_targets", words).note(words.text("presets.targets")).table(targets(desk)))
}

/// The report's own preset first.
fn ordered<'d>(desk: &'d Desk) -> Vec<&'d PresetSums> {
    let mut all: Vec<&PresetSums> = desk.now.month.presets.iter().collect();
    all.sort_by_key(|p| (p.preset != desk.inputs.preset, p.preset.as_str()));
    all
}

fn name(desk: &Desk, preset: &str) -> String {
    desk.words.named("preset", preset)
}

fn table(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("presets", &["figure"], words).fixed();
    let all = ordered(desk);
    all.iter().for_each(|p| table.figure_column(name(desk, &p.preset)));
    if all.is_empty() {
        return table;
    }
    for kpi in KPIS {
        let mut row = vec![Cell::text(kpi.name(words, desk.inputs))];
        row.extend(all.iter().map(|p| Cell::quantity(of(p, kpi), words)));
        table.push(row);
    }
    table
}

fn of(preset: &PresetSums, kpi: &Kpi) -> Option<Quantity> {
    let sums = Sums::from(preset.measures.clone());
    let first = preset.first_p50.map(|p50| Percentiles { count: 1, p50, ..Percentiles::default() });
    (kpi.of)(&Totals { first: first.as_ref(), ..Totals::bare(&sums) })
}

/// What each preset asks for, and how far it is reached by its own unit.
fn targets(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("preset_targets", &["preset", "#target", "#rate"], words);
    for p in ordered(desk) {
        table.push(vec![
            Cell::text(name(desk, &p.preset)),
            Cell::quantity(Some(Quantity::Duration(p.target_ms)), words),
            Cell::quantity(of(p, &kpi::RATE_MET), words),
        ]);
    }
    table
}
