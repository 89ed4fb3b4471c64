//! Compute: lake in, mart out, month by month; buckets side by side.

use super::assessed::Assessed;
use super::inputs::{self, Buckets, Dimensions};
use super::presets::Measured;
use super::project::{Project, calendar_error};
use super::state::{self, State};
use super::{Progress, audit, close, crosscheck, earlier, month_tables, presets, proofs, publish, waivers};
use crate::base::time::{date_of, next_day};
use crate::base::{Diagnostic, Error, Month, Ms, Result};
use crate::facts::context::full_hours;
use crate::facts::days::{Days, Window};
use crate::facts::presence::Presence;
use crate::facts::rows::Scope;
use crate::facts::unit::{self, Facts, Room};
use crate::facts::{Context, MonthFacts, frames, satisfaction, still_open};
use crate::lake::batch::Batch;
use crate::lake::manifest::Manifest;
use crate::lake::names::Names;
use crate::lake::registers::Registers;
use crate::rules::charge::{Charged, OutOfRange};
use crate::rules::results::MonthResults;
use crate::rules::strangers::{self, Stranger};
use crate::rules::{Deduction, Plan, Violation, ledger, notes};
use crate::scores::{self, Score};
use crate::settings::Preset;
use chrono::NaiveDate;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// What compute did.
#[derive(Debug, Default)]
pub struct Computed {
    pub done: Vec<Month>,
    /// Nothing had changed.
    pub kept: Vec<Month>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Computes the months asked for (all that have data where none is), leaving alone what has not changed. Months whose
/// results another one reads come first.
///
/// # Errors
/// Settings (a year without calendar data, wrong detector parameters), a failed audit (exit 3), the machine.
pub fn compute(project: &Project, manifest: &Manifest, as_of: Ms, progress: &dyn Progress) -> Result<Computed> {
    let months = match project.options.months.as_slice() {
        [] => inputs::months(manifest),
        months => months.to_vec(),
    };
    these(project, manifest, &months, as_of, progress)
}

/// The same for some months.
///
/// # Errors
/// As [`compute`].
pub fn these(
    project: &Project,
    manifest: &Manifest,
    asked: &[Month],
    as_of: Ms,
    progress: &dyn Progress,
) -> Result<Computed> {
    let names = Names::new();
    let dimensions = Dimensions::read(&project.lake(), manifest, &names)?;
    let plan = Plan::new(&project.settings.rulebook).map_err(Error::Settings)?;
    let available = inputs::months(manifest);
    let back = asked.iter().flat_map(|m| plan.looks_back(*m)).filter(|m| available.contains(m));
    let months: BTreeSet<Month> = asked.iter().copied().chain(back).collect();
    let closed = close::closed(&project.data)?;
    let mut computed = Computed::default();
    for month in months {
        let scene = Scene::read(project, manifest, &plan, month, &names)?;
        let context = context(project, &dimensions, &scene, &names, as_of)?;
        let inputs = inputs_hash(project, manifest, &plan, &context)?;
        let state = State::read(&project.mart(), month)?;
        let same = state.as_ref().is_some_and(|s| s.inputs == inputs);
        let frozen = closed.get(&month);
        if same || frozen.is_some() && state.is_some() {
            computed.diagnostics.extend(frozen.and_then(|c| c.late(project, manifest, &context.window.months)));
            computed.kept.push(month);
            continue;
        }
        let beside = presets::beside(project, &context)?;
        let work = Work::new(project, manifest, &context, &plan, &dimensions).beside(&beside);
        computed.diagnostics.extend(work.month(inputs, progress)?);
        if let Some(frozen) = frozen {
            computed.diagnostics.extend(frozen.differences(project)?);
        }
        computed.done.push(month);
    }
    if !computed.done.is_empty() {
        computed.diagnostics.extend(waivers::unmatched(project, manifest, &dimensions.waivers)?);
    }
    Ok(computed)
}

/// Names all that a month's results depend on, as it is now: the same as in the month's [`State`], where nothing changed.
///
/// # Errors
/// A year without calendar data; the machine.
pub fn inputs_of(project: &Project, manifest: &Manifest, month: Month, as_of: Ms) -> Result<String> {
    let names = Names::new();
    let plan = Plan::new(&project.settings.rulebook).map_err(Error::Settings)?;
    let (scene, dimensions) = (Scene::bare(project, month)?, Dimensions::default());
    inputs_hash(project, manifest, &plan, &context(project, &dimensions, &scene, &names, as_of)?)
}

/// Over all that a month's results depend on, earlier months' results included.
fn inputs_hash(project: &Project, manifest: &Manifest, plan: &Plan<'_>, context: &Context<'_>) -> Result<String> {
    let mut settings = project.settings.hash.clone();
    for month in plan.looks_back(context.window.month) {
        settings += &State::read(&project.mart(), month)?.map_or_else(String::new, |s| s.inputs);
    }
    Ok(state::inputs_hash(manifest, &context.window, &settings, context.as_of, project.zone()))
}

/// What is read for one month beside its chats and orders.
pub struct Scene {
    window: Window,
    registers: Registers,
}

impl Scene {
    /// # Errors
    /// A year without calendar data; the machine.
    pub fn read(project: &Project, manifest: &Manifest, plan: &Plan<'_>, month: Month, names: &Names) -> Result<Scene> {
        let mut scene = Scene::bare(project, month)?;
        let tables: BTreeSet<&str> = plan.tables().into_iter().chain(satisfaction::REGISTERS).collect();
        scene.registers = Registers::read(&project.lake(), manifest, month, &tables, names)?;
        Ok(scene)
    }

    /// The same without any data, for questions about deadlines.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn bare(project: &Project, month: Month) -> Result<Scene> {
        let p = &project.settings.pipeline;
        let window = Window::of(month, p.margin_days, p.zone, &project.workdays).map_err(calendar_error)?;
        Ok(Scene { window, registers: Registers::default() })
    }

    /// The month's stretch of time.
    pub fn into_window(self) -> Window {
        self.window
    }
}

/// Everything that a month is measured with.
///
/// # Errors
/// A year without calendar data.
pub fn context<'a>(
    project: &'a Project,
    dimensions: &'a Dimensions,
    scene: &'a Scene,
    names: &'a Names,
    as_of: Ms,
) -> Result<Context<'a>> {
    let p = &project.settings.pipeline;
    let window = scene.window.clone();
    let days = Days::new(&window.messages, project.settings.preset.cutoff_ms, p.zone, &project.workdays)
        .map_err(calendar_error)?;
    // Nothing of the month depends on what is later than its window: a newer clock need not recompute it.
    let as_of = as_of.min(window.messages.end);
    Ok(Context {
        preset: &project.settings.preset,
        zone: p.zone,
        days,
        online: &project.online,
        office: &project.office,
        workdays: &project.workdays,
        people: &dimensions.people,
        names,
        registers: &scene.registers,
        as_of,
        advertising_max: p.filters.advertising_max,
        instants: instants(project, window.month)?,
        full_hours: full_hours(p.zone, window.month, as_of),
        sums_only: false,
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

/// A month's work.
pub struct Work<'a> {
    project: &'a Project,
    manifest: &'a Manifest,
    context: &'a Context<'a>,
    plan: &'a Plan<'a>,
    dimensions: &'a Dimensions,
    assessed: Assessed,
    /// The same month by other presets.
    beside: &'a [Context<'a>],
    /// Of buckets that are done.
    rooms: Mutex<Vec<Room>>,
}

impl<'a> Work<'a> {
    pub fn new(
        project: &'a Project,
        manifest: &'a Manifest,
        context: &'a Context<'a>,
        plan: &'a Plan<'a>,
        dimensions: &'a Dimensions,
    ) -> Work<'a> {
        let assessed = Assessed::new(plan, manifest, context.window.month, context.names);
        Work { project, manifest, context, plan, dimensions, assessed, beside: &[], rooms: Mutex::new(Vec::new()) }
    }

    /// Has the month measured by other presets as well.
    #[must_use]
    pub fn beside(self, contexts: &'a [Context<'a>]) -> Work<'a> {
        Work { beside: contexts, ..self }
    }

    fn month(&self, inputs: String, progress: &dyn Progress) -> Result<Vec<Diagnostic>> {
        let draft = publish::Draft::begin(&self.project.mart(), self.context.window.month)?;
        let found = self.gather(&|bucket, facts| self.write(&draft, bucket, facts), progress)?;
        self.close(found, draft, inputs)
    }

    /// Computes all buckets; `each` gets a bucket's facts before they shrink to sums.
    pub fn gather(
        &self,
        each: &(dyn Fn(u32, &Facts) -> Result<()> + Sync),
        progress: &dyn Progress,
    ) -> Result<Gathered<'a>> {
        let (context, lake) = (self.context, self.project.lake());
        let buckets = Buckets::open(&lake, self.manifest, &context.window, context.as_of, context.names)?;
        progress.begin(&format!("compute {}", context.window.month), u64::from(buckets.count));
        let all = Mutex::new((Facts::default(), self.beside.iter().map(|_| Measured::default()).collect::<Vec<_>>()));
        let parts: Vec<(Vec<Charged>, Vec<Violation>)> = (0..buckets.count)
            .into_par_iter()
            .map(|b| {
                let (facts, measured, charged, shared) = self.bucket(&buckets, b, each)?;
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.0.add(facts, context);
                all.1.iter_mut().zip(measured).for_each(|(all, measured)| all.add(measured));
                drop(all);
                progress.step(1);
                Ok((charged, shared))
            })
            .collect::<Result<_>>()?;
        progress.end();
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let (mut facts, mut measured) = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        facts.staff_day.settle_concurrency(context);
        facts.staff_day.online(context);
        facts.staff_day.satisfaction(context);
        measured.iter_mut().for_each(|m| m.settle(context));
        let (charged, shared): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let mut violations: Vec<Violation> = shared.into_iter().flatten().collect();
        self.plan.merge(&mut violations);
        let beside = self.beside.iter().map(|c| c.preset).zip(measured).collect();
        Ok(Gathered { facts, beside, charged, violations })
    }

    /// One unit of work: reads, computes, hands over, gives back what is small: sums, charges, and violations that
    /// another bucket may have found as well.
    fn bucket(
        &self,
        buckets: &Buckets<'_>,
        bucket: u32,
        each: &(dyn Fn(u32, &Facts) -> Result<()> + Sync),
    ) -> Result<Bucket> {
        let context = self.context;
        let parts = buckets.messages(bucket, context.names)?;
        let room = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let orders = buckets.take_orders(bucket);
        let (measured, room) = presets::bucket(room, self.beside, &parts, &orders)?;
        let mut facts = unit::compute_in(room, context, &parts, orders).map_err(calendar_error)?;
        drop(parts);
        if self.plan.reads_auto_replies() {
            facts.auto_replies = buckets.auto_replies(bucket, context.names)?;
        }
        let assessed = |rule: usize, shop: u32| self.assessed.holds(rule, shop);
        let found = self.plan.bucket(&facts, context, &assessed).map_err(calendar_error)?;
        let (shared, own): (Vec<_>, Vec<_>) = found.into_iter().partition(|v| self.plan.once_per_key(v.rule));
        // Chats and orders state no points: nothing of theirs is out of a range.
        let charged = ledger::charged(own, self.plan.book, context, &mut Vec::new());
        let failed = audit::bucket(&facts, context.window.month);
        if !failed.is_empty() {
            return Err(Error::Refused(failed));
        }
        each(bucket, &facts)?;
        facts.auto_replies = Vec::new();
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).push(facts.clear_rows());
        Ok((facts, measured, charged, shared))
    }

    fn write(&self, draft: &publish::Draft, bucket: u32, facts: &Facts) -> Result<()> {
        let context = self.context;
        draft.write(&frames::sessions(facts, context)?, "sessions", Some(bucket))?;
        draft.write(&frames::rounds(facts, context)?, "rounds", Some(bucket))?;
        draft.write(&frames::credits(facts, context)?, "credits", Some(bucket))?;
        draft.write(&frames::inquiries(facts, context)?, "inquiries", Some(bucket))?;
        draft.write(&frames::orders_beside(facts, context)?, "orders_beside", Some(bucket))?;
        draft.write(&still_open::table(facts, context)?, "still_open", Some(bucket))?;
        Ok(())
    }

    /// The month's ledger and scores, handed to `then`: the rules of facts, then those that read results, pass by pass.
    pub fn judge<T>(
        &self,
        facts: &Facts,
        mut charged: Vec<Vec<Charged>>,
        mut violations: Vec<Violation>,
        provisional: bool,
        then: impl FnOnce(Judged<'_>) -> Result<T>,
    ) -> Result<T> {
        let (context, plan, book) = (self.context, self.plan, self.plan.book);
        let assessed = |rule: usize, shop: u32| self.assessed.holds(rule, shop);
        let presence = Presence::new(context.registers, context.names);
        let whole = MonthFacts { shops: self.assessed.shops(), staff_day: &facts.staff_day, presence: &presence };
        violations.extend(plan.month(&whole, context, &assessed).map_err(calendar_error)?);
        let mut out_of_range = Vec::new();
        charged.push(ledger::charged(violations, book, context, &mut out_of_range));
        let waivers = &self.dimensions.waivers;
        let roles = self.assessed.roles(plan);
        let open = |role: &str| provisional || roles.as_ref().is_none_or(|r| r.contains(role));
        let score =
            |lines: &[Deduction<'_>]| scores::scores(context, lines, &self.dimensions.awards, &book.scoring, &open);
        let back = plan.looks_back(context.window.month);
        if !back.is_empty() {
            let mut results = earlier::results(self.project, &back)?;
            for pass in plan.passes() {
                let mut own = MonthResults::default();
                {
                    let (lines, _) = ledger::ledger(&charged, waivers, book, context);
                    own.charge(&lines, book);
                    own.grades = score(&lines).into_iter().map(|s| (s.staff_id, s.grade.to_owned())).collect();
                }
                results.set(context.window.month, own);
                let later = plan.results(pass, &results, context, &assessed).map_err(calendar_error)?;
                charged.push(ledger::charged(later, book, context, &mut out_of_range));
            }
        }
        let (lines, used) = ledger::ledger(&charged, waivers, book, context);
        let scores = score(&lines);
        then(Judged { lines, scores, used, out_of_range })
    }

    /// What needs all buckets: ledger, scores, sums; then the audits, then the month is put in place.
    fn close(&self, found: Gathered<'_>, draft: publish::Draft, inputs: String) -> Result<Vec<Diagnostic>> {
        let (context, month) = (self.context, self.context.window.month);
        let book = self.plan.book;
        let unsettled = context.as_of < self.settles_at()?;
        let Gathered { facts, beside, charged, violations } = found;
        let sums = || month_tables::write(&draft, self.project, self.manifest, context, &facts, &beside);
        let ledger = || {
            self.judge(&facts, charged, violations, unsettled, |judged| {
                let Judged { lines, scores, used, out_of_range } = judged;
                let failed = audit::ledger(&lines, month);
                draft.write(&scores::table(&month.to_string(), &scores)?, "scores", None)?;
                draft.write_groups(lines.len(), |rows| ledger::table(&lines[rows], book, context), "deductions")?;
                let unknown = strangers::strangers(book, context);
                draft.write(&self.quality(&facts, &out_of_range, &unknown)?, "quality", None)?;
                let beside = crosscheck::lines(self.project, self.manifest, month, context.names, context.as_of)?;
                draft.write(&crosscheck::table(month, &beside)?, "crosscheck", None)?;
                let mut told = notes::out_of_range(&out_of_range, book, context);
                told.extend(notes::unused(&self.dimensions.waivers, &used, context));
                told.extend(strangers::warnings(&unknown, context));
                let nobodys = facts.quality.keys().filter(|(kind, ..)| *kind == "unmatched_account");
                let of = |(_, account, shop): &(_, std::borrow::Cow<'_, str>, u32)| {
                    (context.names.text(*shop).to_string(), account.to_string())
                };
                let mut nobodys: Vec<(String, String)> = nobodys.map(of).collect();
                nobodys.sort();
                told.extend(notes::unmatched(&nobodys, context));
                Ok((told, failed, scores.iter().any(|s| s.provisional)))
            })
        };
        let (sums, ledger) = rayon::join(sums, ledger);
        sums?;
        let (told, mut failed, provisional) = ledger?;
        failed.extend(audit::check(&draft)?);
        if !failed.is_empty() {
            return Err(Error::Refused(failed));
        }
        proofs::write(&draft, &Scope { preset: context.preset, own: context.window.own.clone() })?;
        let state = State {
            month,
            inputs,
            as_of: context.as_of,
            preset: self.project.settings.preset.name.clone(),
            rulebook_version: book.version.clone(),
            program: state::PROGRAM.to_owned(),
            provisional: unsettled || provisional,
            rows: draft.rows(),
        };
        draft.publish(&state)?;
        Ok(told)
    }

    /// When every deadline and window of the month is over: what its last instant starts, the next working day after its
    /// last day, and the conversion window of its last inquiry.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn settles_at(&self) -> Result<Ms> {
        let context = self.context;
        let last = context.window.month.last_day();
        let workday = self.project.workdays.next_workday(last).map_err(calendar_error)?;
        let after: NaiveDate = date_of(crate::base::time::day_of(last) + context.preset.conversion_days.max(1) as i32);
        let mut over = context.zone.end_of(workday.max(after));
        for rule in 0..self.plan.book.rules.len() {
            if let Some(detector) = self.plan.detector(rule) {
                over = over.max(detector.last_due(context).map_err(calendar_error)?.unwrap_or(over));
            }
        }
        Ok(over)
    }

    fn quality(&self, all: &Facts, out_of_range: &[OutOfRange], unknown: &[Stranger<'_>]) -> Result<Batch> {
        let month = self.context.window.month;
        let mut rows: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        let mut add = |kind: &str, subject: &str, shop: &str, n: i64| {
            *rows.entry((kind.to_owned(), subject.to_owned(), shop.to_owned())).or_insert(0) += n;
        };
        for ((kind, subject, shop), n) in &all.quality {
            add(kind, subject, &self.context.names.text(*shop), *n);
        }
        for (rule, shop) in self.assessed.missing() {
            add("not_assessed", &self.plan.book.rules[rule].id, shop, 1);
        }
        for o in out_of_range {
            let id = &self.plan.book.rules[o.violation.rule].id;
            add("out_of_range", id, &self.context.names.text(o.violation.shop), 1);
        }
        for s in unknown {
            add(s.kind, &format!("{} {}", s.table, s.name), "", s.rows.len() as i64);
        }
        for (kind, file, n) in self.manifest.files_of(month) {
            add(kind, &file, "", n);
        }
        publish::quality(month, &rows)
    }
}

/// What one bucket gives: its sums, those in the presets beside, charges, violations that others may have found as well.
type Bucket = (Facts, Vec<Measured>, Vec<Charged>, Vec<Violation>);

/// What all buckets of a month gave.
pub struct Gathered<'a> {
    pub facts: Facts,
    /// The sums by other presets.
    pub beside: Vec<(&'a Preset, Measured)>,
    pub charged: Vec<Vec<Charged>>,
    /// Not charged yet: several buckets may have found them.
    pub violations: Vec<Violation>,
}

/// A month's ledger and scores.
pub struct Judged<'a> {
    /// In the table's order.
    pub lines: Vec<Deduction<'a>>,
    pub scores: Vec<Score>,
    /// Which waivers match some charge.
    pub used: Vec<bool>,
    pub out_of_range: Vec<OutOfRange>,
}
