//! Compute: lake in, mart out, month by month; buckets side by side.

use super::inputs::{self, Buckets, Dimensions};
use super::project::{Project, calendar_error};
use super::state::{self, State};
use super::{Progress, audit, publish};
use crate::base::time::{date_of, next_day};
use crate::base::{Diagnostic, Error, Month, Ms, Result};
use crate::facts::days::{Days, Window};
use crate::facts::unit::{self, Facts, Room};
use crate::facts::{Context, frames};
use crate::lake::batch::Batch;
use crate::lake::manifest::Manifest;
use crate::lake::names::Names;
use crate::rules::charge::Charged;
use crate::rules::{Plan, ledger};
use crate::scores;
use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What compute did.
#[derive(Debug, Default)]
pub struct Computed {
    pub done: Vec<Month>,
    /// Nothing had changed.
    pub kept: Vec<Month>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Computes the months asked for (all that have data where none is), leaving alone what has not changed.
///
/// # Errors
/// Settings (a year without calendar data, wrong detector parameters), a failed audit (exit 3), the machine.
pub fn compute(project: &Project, manifest: &Manifest, as_of: Ms, progress: &dyn Progress) -> Result<Computed> {
    let names = Names::new();
    let dimensions = Dimensions::read(&project.lake(), manifest, &names)?;
    let plan = Plan::new(&project.settings.rulebook).map_err(Error::Settings)?;
    let available = inputs::months(manifest);
    let months = if project.options.months.is_empty() { available } else { project.options.months.clone() };
    let mut computed = Computed::default();
    for month in months {
        let context = context(project, &dimensions, &names, month, as_of)?;
        let inputs =
            state::inputs_hash(manifest, &context.window, &project.settings.hash, context.as_of, project.zone());
        if State::read(&project.mart(), month)?.is_some_and(|s| s.inputs == inputs) {
            computed.kept.push(month);
            continue;
        }
        let work = Work {
            project,
            manifest,
            context: &context,
            plan: &plan,
            dimensions: &dimensions,
            rooms: Mutex::default(),
        };
        computed.diagnostics.extend(work.month(inputs, progress)?);
        computed.done.push(month);
    }
    Ok(computed)
}

/// Everything that a month is measured with.
///
/// # Errors
/// A year without calendar data.
pub fn context<'a>(
    project: &'a Project,
    dimensions: &'a Dimensions,
    names: &'a Names,
    month: Month,
    as_of: Ms,
) -> Result<Context<'a>> {
    let p = &project.settings.pipeline;
    let window = Window::of(month, p.margin_days, p.zone, &project.workdays).map_err(calendar_error)?;
    let days = Days::new(&window.messages, project.settings.preset.cutoff_ms, p.zone, &project.workdays)
        .map_err(calendar_error)?;
    Ok(Context {
        preset: &project.settings.preset,
        zone: p.zone,
        days,
        online: &project.online,
        office: &project.office,
        workdays: &project.workdays,
        people: &dimensions.people,
        names,
        // Nothing of the month depends on what is later than its window: a newer clock need not recompute it.
        as_of: as_of.min(window.messages.end),
        advertising_max: p.filters.advertising_max,
        instants: instants(project, month)?,
        window,
    })
}

/// The instants of a month at which the backlog is counted.
pub fn instants(project: &Project, month: Month) -> Result<Vec<Ms>> {
    let p = &project.settings.pipeline;
    let mut all = Vec::new();
    let mut date = month.first_day();
    while month.contains(date) {
        all.extend(p.backlog_at.iter().map(|&t| p.zone.at(date, t)));
        if project.workdays.is_workday(date).map_err(calendar_error)? {
            all.extend(p.backlog_at_workdays.iter().map(|&t| p.zone.at(date, t)));
        }
        date = next_day(date);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

struct Work<'a> {
    project: &'a Project,
    manifest: &'a Manifest,
    context: &'a Context<'a>,
    plan: &'a Plan<'a>,
    dimensions: &'a Dimensions,
    /// Of buckets that are done.
    rooms: Mutex<Vec<Room>>,
}

impl Work<'_> {
    fn month(&self, inputs: String, progress: &dyn Progress) -> Result<Vec<Diagnostic>> {
        let (context, month) = (self.context, self.context.window.month);
        let lake = self.project.lake();
        let buckets = Buckets::open(&lake, self.manifest, &context.window, context.as_of, context.names)?;
        let draft = publish::Draft::begin(&self.project.mart(), month)?;
        let missing = self.not_assessed();
        progress.begin(&format!("compute {month}"), u64::from(buckets.count));
        let all = Mutex::new(Facts::default());
        let charged: Vec<Vec<Charged>> = (0..buckets.count)
            .into_par_iter()
            .map(|b| {
                let (facts, charged) = self.bucket(&buckets, b, &draft, &missing)?;
                self.add(&mut all.lock().unwrap_or_else(PoisonError::into_inner), facts);
                progress.step(1);
                Ok(charged)
            })
            .collect::<Result<_>>()?;
        progress.end();
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.close(all, &charged, &missing, draft, inputs)
    }

    /// Takes in a bucket's sums; in whatever order, they come out the same.
    fn add(&self, all: &mut Facts, facts: Facts) {
        all.staff_day.add(facts.staff_day);
        all.backlog.add(facts.backlog);
        all.first_responses.add(facts.first_responses);
        all.responses.add(facts.responses);
        for (key, n) in facts.quality {
            *all.quality.entry(key).or_insert(0) += n;
        }
        for ((shop, account), n) in facts.unmatched {
            let key = ("unmatched_account", self.context.names.text(account).to_string().into(), shop);
            *all.quality.entry(key).or_insert(0) += n;
        }
    }

    /// One unit of work: reads, computes, writes its files, gives back what is small.
    fn bucket(
        &self,
        buckets: &Buckets<'_>,
        bucket: u32,
        draft: &publish::Draft,
        missing: &BTreeMap<(usize, String), i64>,
    ) -> Result<(Facts, Vec<Charged>)> {
        let context = self.context;
        let parts = buckets.messages(bucket, context.names)?;
        let room = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let orders = buckets.take_orders(bucket);
        let mut facts = unit::compute_in(room, context, &parts, orders).map_err(calendar_error)?;
        drop(parts);
        let assessed = |rule: usize, shop: u32| !missing.contains_key(&(rule, context.names.text(shop).to_string()));
        let violations = self.plan.detect(&facts, context, &assessed).map_err(calendar_error)?;
        let charged = ledger::charged(violations, self.plan.book, context);
        let failed = audit::bucket(&facts, context.window.month);
        if !failed.is_empty() {
            return Err(Error::Refused(failed));
        }
        draft.write(&frames::sessions(&facts, context)?, "sessions", Some(bucket))?;
        draft.write(&frames::rounds(&facts, context)?, "rounds", Some(bucket))?;
        draft.write(&frames::credits(&facts, context)?, "credits", Some(bucket))?;
        draft.write(&frames::inquiries(&facts, context)?, "inquiries", Some(bucket))?;
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).push(facts.clear_rows());
        Ok((facts, charged))
    }

    /// Rules whose tables were not delivered, by (rule, shop): 0 points, listed, the score provisional.
    fn not_assessed(&self) -> BTreeMap<(usize, String), i64> {
        let month = self.context.window.month;
        let shops = self.manifest.shops(month);
        let mut missing = BTreeMap::new();
        for rule in 0..self.plan.book.rules.len() {
            let Some(detector) = self.plan.detector(rule) else { continue };
            for shop in &shops {
                let absent = detector.needs().into_iter().any(|(table, columns)| {
                    columns.iter().any(|column| !self.manifest.delivered(table, column, shop, month))
                });
                if absent {
                    missing.insert((rule, shop.clone()), 1);
                }
            }
        }
        missing
    }

    /// What needs all buckets: ledger, scores, sums; then the audits, then the month is put in place.
    fn close(
        &self,
        mut all: Facts,
        charged: &[Vec<Charged>],
        missing: &BTreeMap<(usize, String), i64>,
        draft: publish::Draft,
        inputs: String,
    ) -> Result<Vec<Diagnostic>> {
        let (context, month) = (self.context, self.context.window.month);
        let book = &self.project.settings.rulebook;
        let provisional = !self.settled(month)? || !missing.is_empty();
        let sums = || -> Result<()> {
            all.staff_day.settle_concurrency(context);
            all.staff_day.online(context);
            draft.write(&frames::staff_day(&all.staff_day, context)?, "staff_day", None)?;
            draft.write(&frames::backlog(&all.backlog, context)?, "backlog", None)?;
            draft.write(&frames::percentiles(&frames::percentile_rows(&all, context))?, "percentiles", None)?;
            draft.write(&self.quality(&all, missing)?, "quality", None)
        };
        let (sums, ledger) = rayon::join(sums, || self.ledger(charged, provisional, &draft));
        sums?;
        let (notes, mut failed) = ledger?;
        failed.extend(audit::check(&draft)?);
        if !failed.is_empty() {
            return Err(Error::Refused(failed));
        }
        let state = State {
            month,
            inputs,
            as_of: context.as_of,
            preset: self.project.settings.preset.name.clone(),
            rulebook_version: book.version.clone(),
            program: state::PROGRAM.to_owned(),
            provisional,
            rows: draft.rows(),
        };
        draft.publish(&state)?;
        Ok(notes)
    }

    /// Ledger and scores, written; what people should know, and what is wrong with them.
    fn ledger(
        &self,
        charged: &[Vec<Charged>],
        provisional: bool,
        draft: &publish::Draft,
    ) -> Result<(Vec<Diagnostic>, Vec<Diagnostic>)> {
        let (context, book) = (self.context, self.plan.book);
        let (lines, notes) = ledger::ledger(charged, &self.dimensions.waivers, book, context);
        let failed = audit::ledger(&lines, context.window.month);
        let scores = scores::scores(context, &lines, &self.dimensions.awards, &book.scoring, provisional);
        draft.write(&scores::table(&context.window.month.to_string(), &scores)?, "scores", None)?;
        draft.write_groups(lines.len(), |rows| ledger::table(&lines[rows], book, context), "deductions")?;
        Ok((notes, failed))
    }

    /// Whether every deadline and window of the month is over: the next working day after its last day, and the
    /// conversion window of its last inquiry.
    fn settled(&self, month: Month) -> Result<bool> {
        let context = self.context;
        let last = month.last_day();
        let workday = self.project.workdays.next_workday(last).map_err(calendar_error)?;
        let after: NaiveDate = date_of(crate::base::time::day_of(last) + context.preset.conversion_days.max(1) as i32);
        Ok(context.as_of >= context.zone.end_of(workday.max(after)))
    }

    fn quality(&self, all: &Facts, missing: &BTreeMap<(usize, String), i64>) -> Result<Batch> {
        let month = self.context.window.month;
        let mut rows: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        for ((kind, subject, shop), n) in &all.quality {
            let shop = self.context.names.text(*shop).to_string();
            *rows.entry(((*kind).to_owned(), subject.to_string(), shop)).or_insert(0) += n;
        }
        for ((rule, shop), n) in missing {
            let id = self.plan.book.rules[*rule].id.clone();
            *rows.entry(("not_assessed".to_owned(), id, shop.clone())).or_insert(0) += n;
        }
        for (kind, file, n) in self.manifest.files_of(month) {
            *rows.entry((kind.to_owned(), file, String::new())).or_insert(0) += n;
        }
        publish::quality(month, &rows)
    }
}
