//! What a review is made of, read from mart and lake.

use super::basis::Months;
use super::gather::{self, rule_text};
use super::inputs::whole;
use super::project::Project;
use super::scan;
use super::state::{PROGRAM, State};
use crate::base::time::day_of;
use crate::base::{Month, Ms, Result};
use crate::lake::dimensions;
use crate::lake::manifest::Manifest;
use crate::lake::names::Names;
use crate::lake::registers::Registers;
use crate::lake::schema::{AWARDS, INCIDENTS, ROSTER};
use crate::review::{PayFile, Period, ReviewInputs};
use crate::settings::HalfYear;
use std::collections::BTreeSet;

/// Everything that the review of a period says, of those of its months that are asked for and of the months before it.
///
/// # Errors
/// Exit 3 where a month was not computed; exit 2 where the settings of reviews are wrong.
pub fn gather(
    project: &Project,
    manifest: &Manifest,
    period: Period,
    asked: &Months,
    as_of: Ms,
    pay: Option<PayFile>,
) -> Result<ReviewInputs> {
    let settings = &project.settings;
    let half = HalfYear::load(&project.files, settings)?;
    let mart = project.mart();
    let read = |month: &Month| match State::read(&mart, *month)? {
        Some(_) => gather::month(project, manifest, *month, as_of),
        None => Err(scan::not_computed(*month)),
    };
    let months = asked.all.iter().map(read).collect::<Result<Vec<_>>>()?;
    let before = asked.before.iter().map(read).collect::<Result<Vec<_>>>()?;
    let (lake, lang) = (project.lake(), project.lang().to_owned());
    let within = |on: i32| {
        let ends = months.first().zip(months.last());
        ends.is_some_and(|(a, b)| day_of(a.month.first_day()) <= on && on <= day_of(b.month.last_day()))
    };
    let mut awards = whole(&lake, manifest, &AWARDS, dimensions::awards)?;
    awards.retain(|a| within(a.on));
    awards.sort_by(|a, b| (&a.staff_id, a.on, a.points).cmp(&(&b.staff_id, b.on, b.points)));
    Ok(ReviewInputs {
        period,
        roster: whole(&lake, manifest, &ROSTER, dimensions::roster)?,
        awards,
        serious: serious(project, manifest, &asked.all)?,
        rules: settings.rulebook.rules.iter().map(|r| rule_text(r, &lang)).collect(),
        rulebook: settings.rulebook.clone(),
        half,
        pay,
        as_of,
        zone: project.zone(),
        lang,
        draft: !asked.open.is_empty(),
        amended: false,
        pipeline: settings.pipeline.name.clone(),
        preset: settings.preset.name.clone(),
        program_version: PROGRAM.to_owned(),
        files: project.files.clone(),
        months,
        before,
    })
}

/// Rows of `incidents` that are marked as serious.
fn serious(project: &Project, manifest: &Manifest, months: &[Month]) -> Result<BTreeSet<(String, i64)>> {
    let (names, tables) = (Names::new(), BTreeSet::from([INCIDENTS.name]));
    let mut found = BTreeSet::new();
    for month in months {
        let registers = Registers::read(&project.lake(), manifest, *month, &tables, &names)?;
        let Some(incidents) = registers.get(INCIDENTS.name) else { continue };
        let marked = incidents.rows.iter().filter(|row| incidents.get(row, "serious").int() == Some(1));
        found.extend(marked.map(|row| (names.text(row.file).to_string(), row.row)));
    }
    Ok(found)
}
