//! The mart's rows for the pages.

mod month_rows;
mod rule_text;

use super::project::Project;
use super::state::{PROGRAM, State};
use super::{close, compute, proofs, scan, targets};
use crate::base::time::{date_of, day_of};
use crate::base::{Month, Ms, Result};
use crate::facts::days::Window;
use crate::lake::columns::{self, Rows, get, get_text};
use crate::lake::dimensions::{self, RosterRow};
use crate::lake::manifest::Manifest;
use crate::lake::mart;
use crate::lake::partition::path_of;
use crate::lake::schema::{self, ACCOUNTS, QUARANTINE, ROSTER, STAFF_DAY, Table};
use crate::report::data::{
    Account, Backlog, Crosscheck, Deduction, Inputs, MonthInputs, Percentiles, Person, Problem, Quality, Score,
    StaffDay,
};
use crate::settings::preset::Clock;
pub use rule_text::rule_text;
use std::collections::{BTreeMap, BTreeSet};

/// How many months stand side by side: a year, and the same month of the year before.
const MONTHS: i32 = 13;

/// Everything that the pages of a month say.
///
/// # Errors
/// Exit 3 where the month was not computed.
pub fn inputs(project: &Project, manifest: &Manifest, month: Month, as_of: Ms) -> Result<Inputs> {
    let mart = project.mart();
    let mut months = Vec::new();
    for m in (0..MONTHS).rev().map(|n| month.offset(-n)) {
        if State::read(&mart, m)?.is_some() {
            months.push(self::month(project, manifest, m, as_of)?);
        }
    }
    if months.last().is_none_or(|m| m.month != month) {
        return Err(scan::not_computed(month));
    }
    if let Some(last) = months.last_mut() {
        proofs::fill(project, last)?;
    }
    let settings = &project.settings;
    let lang = project.lang().to_owned();
    let targets = targets::of(project, months.last().map_or(&[], |m| &m.sales_targets))?;
    Ok(Inputs {
        months,
        as_of,
        zone: project.zone(),
        pipeline: settings.pipeline.name.clone(),
        preset: settings.preset.name.clone(),
        clock: match settings.preset.clock {
            Clock::Wall => "wall",
            Clock::OnlineHours => "online_hours",
            Clock::OfficeHours => "office_hours",
        }
        .to_owned(),
        target_ms: settings.preset.target_ms,
        settings: settings.shown.clone(),
        targets,
        min_ratings: i64::from(settings.pipeline.min_ratings),
        rulebook_version: settings.rulebook.version.clone(),
        rules: settings.rulebook.rules.iter().map(|r| rule_text(r, &lang)).collect(),
        program_version: PROGRAM.to_owned(),
        lang,
    })
}

/// The rows of one month; without the raw rows behind its figures.
///
/// # Errors
/// A table that cannot be read.
pub fn month(project: &Project, manifest: &Manifest, month: Month, as_of: Ms) -> Result<MonthInputs> {
    let mart_dir = project.mart();
    let state = State::read(&mart_dir, month)?;
    let read = Reader { project, month };
    let mut percentiles = Vec::new();
    let mut daily = Vec::new();
    for (day, p) in read.rows(&schema::PERCENTILES, percentile)? {
        match day {
            None => percentiles.push(p),
            Some(day) if p.of == "first" => daily.push((date_of(day), p)),
            Some(_) => {}
        }
    }
    Ok(MonthInputs {
        month,
        people: people(project, manifest, month)?,
        staff_day: read.rows(&STAFF_DAY, staff_day)?,
        percentiles,
        daily,
        backlog: with_empty_instants(
            project,
            month,
            state.as_ref().map_or(as_of, |s| s.as_of),
            read.rows(&schema::BACKLOG, backlog)?,
        )?,
        deductions: read.rows(&schema::DEDUCTIONS, deduction)?,
        scores: read.rows(&schema::SCORES, score)?,
        quality: read.rows(&schema::QUALITY, quality)?,
        problems: problems(project, manifest, month)?,
        hours: read.rows(&schema::HOURS, month_rows::hour)?,
        spread: read.rows(&schema::SPREAD, month_rows::spread)?,
        open_hours: read.rows(&schema::OPEN_HOURS, month_rows::open_hour)?,
        steps: read.rows(&schema::STEPS, month_rows::step)?,
        unshipped: read.rows(&schema::UNSHIPPED, month_rows::unshipped)?,
        products: read.rows(&schema::PRODUCTS, month_rows::product)?,
        repeat: read.rows(&schema::REPEAT, month_rows::repeat)?,
        presets: month_rows::presets(read.rows(&schema::PRESETS, month_rows::preset_values)?),
        sales_targets: month_rows::sales_targets(project, manifest, month)?,
        proofs: Vec::new(),
        proven: Vec::new(),
        crosscheck: read.rows(&schema::CROSSCHECK, crosscheck)?,
        accounts: accounts(project, manifest)?,
        closed: close::closed(&project.data)?.contains_key(&month),
        provisional: state.is_none_or(|s| s.provisional),
        final_until: final_until(project, month, as_of)?,
    })
}

struct Reader<'a> {
    project: &'a Project,
    month: Month,
}

impl Reader<'_> {
    fn rows<T>(&self, table: &Table, row: fn(&Rows<'_>) -> Result<Vec<T>>) -> Result<Vec<T>> {
        let names: Vec<&str> = table.all_columns().iter().map(|c| c.name).collect();
        let mut all = Vec::new();
        for path in mart::month_files(&self.project.mart(), table, self.month)? {
            columns::each(&path, &names, |rows| {
                all.extend(row(rows)?);
                Ok(())
            })?;
        }
        Ok(all)
    }
}

fn staff_day(rows: &Rows<'_>) -> Result<Vec<StaffDay>> {
    let (date, shop, staff) = (rows.date("date")?, rows.text("shop")?, rows.text("staff_id")?);
    let measures: Vec<_> =
        STAFF_DAY.columns[3..].iter().map(|c| Ok((c.name, rows.int64(c.name)?))).collect::<Result<_>>()?;
    Ok((0..rows.len())
        .map(|i| StaffDay {
            date: date_of(date.value(i)),
            shop: shop.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            measures: measures.iter().map(|(name, values)| (*name, values.value(i))).collect(),
        })
        .collect())
}

fn percentile(rows: &Rows<'_>) -> Result<Vec<(Option<i32>, Percentiles)>> {
    let (of, date, shop, staff) = (rows.text("of")?, rows.date("date")?, rows.text("shop")?, rows.text("staff_id")?);
    let (count, p50, p90, p99) =
        (rows.int64("count")?, rows.int64("p50_ms")?, rows.int64("p90_ms")?, rows.int64("p99_ms")?);
    Ok((0..rows.len())
        .map(|i| {
            let p = Percentiles {
                of: of.value(i).to_owned(),
                shop: shop.value(i).to_owned(),
                staff_id: staff.value(i).to_owned(),
                count: count.value(i),
                p50: p50.value(i),
                p90: p90.value(i),
                p99: p99.value(i),
            };
            (get(&date, i), p)
        })
        .collect())
}

fn backlog(rows: &Rows<'_>) -> Result<Vec<Backlog>> {
    let (at, shop, staff, kind) = (rows.int64("at")?, rows.text("shop")?, rows.text("staff_id")?, rows.text("kind")?);
    let (open, h1, h4) = (rows.int64("open")?, rows.int64("lt_1h")?, rows.int64("lt_4h")?);
    let (h24, older) = (rows.int64("lt_24h")?, rows.int64("older")?);
    Ok((0..rows.len())
        .map(|i| Backlog {
            at: at.value(i),
            shop: shop.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            kind: kind.value(i).to_owned(),
            open: open.value(i),
            lt_1h: h1.value(i),
            lt_4h: h4.value(i),
            lt_24h: h24.value(i),
            older: older.value(i),
        })
        .collect())
}

/// The table holds what was open; the pages also say when nothing was.
fn with_empty_instants(project: &Project, month: Month, as_of: Ms, mut rows: Vec<Backlog>) -> Result<Vec<Backlog>> {
    let kinds: BTreeSet<String> = rows.iter().map(|r| r.kind.clone()).chain(["rounds".to_owned()]).collect();
    for at in compute::instants(project, month)?.into_iter().filter(|&t| t <= as_of) {
        for kind in &kinds {
            if !rows.iter().any(|r| r.at == at && r.kind == *kind) {
                let (shop, staff_id) = (String::new(), String::new());
                rows.push(Backlog {
                    at,
                    shop,
                    staff_id,
                    kind: kind.clone(),
                    open: 0,
                    lt_1h: 0,
                    lt_4h: 0,
                    lt_24h: 0,
                    older: 0,
                });
            }
        }
    }
    rows.sort_by(|a, b| (a.at, &a.shop, &a.kind, &a.staff_id).cmp(&(b.at, &b.shop, &b.kind, &b.staff_id)));
    Ok(rows)
}

/// The ledger's rows as the pages have them.
pub fn deduction(rows: &Rows<'_>) -> Result<Vec<Deduction>> {
    let t = |name: &str| rows.text(name);
    let (id, rule, version, shop) = (t("deduction_id")?, t("rule_id")?, t("rulebook_version")?, t("shop")?);
    let (staff, caused, waived) = (t("staff_id")?, t("caused_by")?, t("waived_by")?);
    let (occurred, due, done) = (rows.int64("occurred_at")?, rows.int64("due_at")?, rows.int64("done_at")?);
    let waived_at = rows.int64("waived_at")?;
    let (no, factor, points) = (rows.int64("occurrence_no")?, rows.int64("factor")?, rows.int64("points")?);
    let evidence = evidence(rows)?;
    Ok(evidence
        .into_iter()
        .enumerate()
        .map(|(i, evidence)| Deduction {
            deduction_id: id.value(i).to_owned(),
            rule_id: rule.value(i).to_owned(),
            rulebook_version: version.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            caused_by: caused.value(i).to_owned(),
            occurred_at: occurred.value(i),
            due_at: get(&due, i),
            done_at: get(&done, i),
            occurrence_no: no.value(i),
            factor: factor.value(i),
            points: points.value(i),
            waived_by: get_text(&waived, i),
            waived_at: get(&waived_at, i),
            evidence,
        })
        .collect())
}

fn evidence(rows: &Rows<'_>) -> Result<Vec<Vec<(String, String, i64)>>> {
    rows.structs("evidence", |list| {
        let (table, file) = (list.text("table")?, list.text("source_file")?);
        let row = list.int64("source_row")?;
        Ok((0..list.len()).map(|i| (table.value(i).to_owned(), file.value(i).to_owned(), row.value(i))).collect())
    })
}

fn score(rows: &Rows<'_>) -> Result<Vec<Score>> {
    let (staff, grade, provisional) = (rows.text("staff_id")?, rows.text("grade")?, rows.bool("provisional")?);
    let (base, deducted) = (rows.int64("base")?, rows.int64("deducted")?);
    let (awarded, score) = (rows.int64("awarded")?, rows.int64("score")?);
    Ok((0..rows.len())
        .map(|i| Score {
            staff_id: staff.value(i).to_owned(),
            base: base.value(i),
            deducted: deducted.value(i),
            awarded: awarded.value(i),
            score: score.value(i),
            grade: grade.value(i).to_owned(),
            provisional: provisional.value(i),
        })
        .collect())
}

fn quality(rows: &Rows<'_>) -> Result<Vec<Quality>> {
    let (kind, subject, shop, count) =
        (rows.text("kind")?, rows.text("subject")?, rows.text("shop")?, rows.int64("count")?);
    Ok((0..rows.len())
        .map(|i| Quality {
            kind: kind.value(i).to_owned(),
            subject: subject.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            count: count.value(i),
        })
        .collect())
}

fn crosscheck(rows: &Rows<'_>) -> Result<Vec<Crosscheck>> {
    let t = |name: &str| rows.text(name);
    let (tool, preset, shop, account, figure) = (t("tool")?, t("preset")?, t("shop")?, t("account")?, t("figure")?);
    let (from, to) = (rows.date("from")?, rows.date("to")?);
    let (theirs, ours) = (rows.int64("theirs")?, rows.int64("ours")?);
    Ok((0..rows.len())
        .map(|i| Crosscheck {
            tool: tool.value(i).to_owned(),
            preset: preset.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            account: account.value(i).to_owned(),
            from: date_of(from.value(i)),
            to: date_of(to.value(i)),
            figure: figure.value(i).to_owned(),
            theirs: theirs.value(i),
            ours: get(&ours, i),
        })
        .collect())
}

fn accounts(project: &Project, manifest: &Manifest) -> Result<Vec<Account>> {
    if manifest.partitions(ACCOUNTS.name).is_empty() {
        return Ok(Vec::new());
    }
    let rows = dimensions::accounts(&path_of(&project.lake(), &ACCOUNTS, None, None))?;
    let of = |r: dimensions::AccountRow| Account { shop: r.shop, account: r.account, staff_id: r.staff_id };
    Ok(rows.into_iter().map(of).collect())
}

/// Everyone employed in the month, as they stood on its last day there.
fn people(project: &Project, manifest: &Manifest, month: Month) -> Result<Vec<Person>> {
    if manifest.partitions(ROSTER.name).is_empty() {
        return Ok(Vec::new());
    }
    let rows = dimensions::roster(&path_of(&project.lake(), &ROSTER, None, None))?;
    let (first, last) = (day_of(month.first_day()), day_of(month.last_day()));
    let there = |r: &RosterRow| {
        let from = r.valid_from.into_iter().chain(r.joined_on).max().unwrap_or(i32::MIN);
        let to = r.valid_to.into_iter().chain(r.left_on).min().unwrap_or(i32::MAX);
        from <= last && to >= first
    };
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    let mut rows: Vec<RosterRow> = rows.into_iter().filter(there).collect();
    rows.sort_by_key(|r| r.valid_from.unwrap_or(i32::MIN));
    for r in rows {
        let person = Person {
            staff_id: r.staff_id.clone(),
            name: r.name,
            role: r.role,
            team: r.team,
            supervisor_id: r.supervisor_id,
        };
        people.insert(r.staff_id, person);
    }
    Ok(people.into_values().collect())
}

/// Quarantined rows of the files that gave rows to the month (and of files that gave none).
fn problems(project: &Project, manifest: &Manifest, month: Month) -> Result<Vec<Problem>> {
    let path = path_of(&project.lake(), &QUARANTINE, None, None);
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let of_month: Vec<String> = manifest.files_of(month).into_iter().map(|(_, file, _)| file).collect();
    Ok(dimensions::quarantine(&path)?
        .into_iter()
        .filter(|q| of_month.contains(&q.file))
        .map(|q| Problem {
            table: q.table,
            file: q.file,
            row: q.row,
            column: q.column,
            value_mask: q.value_mask,
            reason: q.reason,
        })
        .collect())
}

/// Where a window is not over at the clock's time: the last day for which it is.
fn final_until(project: &Project, month: Month, as_of: Ms) -> Result<BTreeMap<String, chrono::NaiveDate>> {
    let zone = project.zone();
    let window = Window::of(month, 0, zone, &project.workdays).map_err(super::project::calendar_error)?;
    let mut map = BTreeMap::new();
    let days = project.settings.preset.conversion_days as i32;
    if window.own.end + i64::from(days) * crate::base::time::DAY > as_of {
        map.insert("conversion".to_owned(), date_of(zone.day(as_of) - days - 1));
    }
    Ok(map)
}
