//! `mart/proofs` and `mart/proven`: the first rows of each list, for all and for each person, and how many there are.

use super::project::Project;
use super::publish::Draft;
use super::scan::{Files, collected, failed};
use crate::base::Result;
use crate::facts::rows::{self, Base, BaseRows, Listing, Picked, Picks, Scope, Tables};
use crate::lake::batch::{Batch, int, long, plain};
use crate::lake::columns::{self, get};
use crate::lake::mart;
use crate::lake::schema::{self, PROOFS, PROVEN};
use crate::report::data::{MonthInputs, Proof, Proven};
use std::collections::{BTreeMap, BTreeSet};

/// How many rows are kept: of all, and of each person.
const MOST: (usize, usize) = (50, 10);
/// Bytes of rounds that are looked through at once.
const RUN: u64 = 8 << 20;

/// Picks the rows from the draft's tables and writes them beside these.
///
/// # Errors
/// The machine; a query that polars cannot run.
pub fn write(draft: &Draft, scope: &Scope<'_>) -> Result<()> {
    let files = Files::of(draft.dir(), draft.month)?;
    let centres = centres(draft)?;
    let none = BTreeMap::new();
    let of = |l: &Listing| l.around().and_then(|p| centres.get(p)).unwrap_or(&none);
    let mut picks: Vec<Picks<'_>> = rows::ALL.iter().map(|l| Picks::new(l, of(l), MOST)).collect();
    let bases: BTreeSet<Base> = rows::ALL.iter().map(|l| l.base).collect();
    let mut look = |tables: &Tables, whole: bool| -> Result<()> {
        for base in bases.iter().filter(|b| b.is_whole() == whole) {
            let frame = collected(base.query(tables, scope).map_err(failed)?)?;
            let base_rows = BaseRows::new(&frame).map_err(failed)?;
            for pick in picks.iter_mut().filter(|p| p.listing.base == *base) {
                pick.take(&base_rows).map_err(failed)?;
            }
        }
        Ok(())
    };
    for run in files.runs(RUN) {
        look(&files.tables(run)?.in_memory().map_err(failed)?, false)?;
    }
    look(&files.tables(0..usize::MAX)?, true)?;
    let list = |pick: Picks<'_>| {
        let id = pick.listing.id;
        pick.finish().into_iter().map(move |p| (id, p))
    };
    let mut picked: Vec<(&str, Picked)> = picks.into_iter().flat_map(list).collect();
    picked.sort_by(|(a, x), (b, y)| (a, &x.of).cmp(&(b, &y.of)));
    draft.write(&proofs(draft, &picked)?, PROOFS.name, None)?;
    draft.write(&proven(draft, &picked)?, PROVEN.name, None)
}

/// The percentiles of the month's first responses, by their column: of all (empty) and of each person.
fn centres(draft: &Draft) -> Result<BTreeMap<&'static str, BTreeMap<String, i64>>> {
    let mut centres: BTreeMap<&'static str, BTreeMap<String, i64>> = BTreeMap::new();
    for path in mart::month_files(draft.dir(), &schema::PERCENTILES, draft.month)? {
        columns::each(&path, &["of", "date", "shop", "staff_id", "p50_ms", "p90_ms"], |rows| {
            let (of, date, shop) = (rows.text("of")?, rows.date("date")?, rows.text("shop")?);
            let staff = rows.text("staff_id")?;
            for column in ["p50_ms", "p90_ms"] {
                let values = rows.int64(column)?;
                for i in (0..rows.len()).filter(|&i| of.value(i) == "first" && get(&date, i).is_none()) {
                    if shop.value(i).is_empty() {
                        centres.entry(column).or_default().insert(staff.value(i).to_owned(), values.value(i));
                    }
                }
            }
            Ok(())
        })?;
    }
    Ok(centres)
}

fn proofs(draft: &Draft, picked: &[(&str, Picked)]) -> Result<Batch> {
    let period = draft.month.to_string();
    let rows: Vec<(&str, &str, usize, &rows::Row)> = picked
        .iter()
        .flat_map(|(list, p)| p.rows.iter().enumerate().map(move |(i, row)| (*list, p.of.as_str(), i + 1, row)))
        .collect();
    Batch::new(
        &PROOFS,
        vec![
            plain("period", rows.iter().map(|_| period.as_str())),
            plain("list", rows.iter().map(|r| r.0)),
            plain("of", rows.iter().map(|r| r.1)),
            int("rank", rows.iter().map(|r| r.2 as i32)),
            plain("shop", rows.iter().map(|r| r.3.shop.as_str())),
            plain("staff_id", rows.iter().map(|r| r.3.staff_id.as_str())),
            long("at", rows.iter().map(|r| Some(r.3.at))),
            long("value", rows.iter().map(|r| r.3.value)),
            plain("what", rows.iter().map(|r| r.3.what.as_str())),
            plain("source_file", rows.iter().map(|r| r.3.file.as_str())),
            long("source_row", rows.iter().map(|r| Some(r.3.row))),
        ],
    )
}

fn proven(draft: &Draft, picked: &[(&str, Picked)]) -> Result<Batch> {
    let period = draft.month.to_string();
    Batch::new(
        &PROVEN,
        vec![
            plain("period", picked.iter().map(|_| period.as_str())),
            plain("list", picked.iter().map(|(list, _)| *list)),
            plain("staff_id", picked.iter().map(|(_, p)| p.of.as_str())),
            long("rows", picked.iter().map(|(_, p)| Some(p.count))),
        ],
    )
}

/// Fills in a month's rows for the pages.
///
/// # Errors
/// A file that is not a table of this version.
pub fn fill(project: &Project, month: &mut MonthInputs) -> Result<()> {
    let mart = project.mart();
    let names: Vec<&str> = PROOFS.columns.iter().map(|c| c.name).collect();
    for path in mart::month_files(&mart, &PROOFS, month.month)? {
        columns::each(&path, &names, |rows| {
            let (list, of, shop) = (rows.text("list")?, rows.text("of")?, rows.text("shop")?);
            let (staff, what, file) = (rows.text("staff_id")?, rows.text("what")?, rows.text("source_file")?);
            let (at, value, row) = (rows.int64("at")?, rows.int64("value")?, rows.int64("source_row")?);
            month.proofs.extend((0..rows.len()).map(|i| Proof {
                list: list.value(i).to_owned(),
                of: of.value(i).to_owned(),
                shop: shop.value(i).to_owned(),
                staff_id: staff.value(i).to_owned(),
                at: at.value(i),
                value: get(&value, i),
                what: what.value(i).to_owned(),
                file: file.value(i).to_owned(),
                row: row.value(i),
            }));
            Ok(())
        })?;
    }
    for path in mart::month_files(&mart, &PROVEN, month.month)? {
        columns::each(&path, &["list", "staff_id", "rows"], |rows| {
            let (list, staff, count) = (rows.text("list")?, rows.text("staff_id")?, rows.int64("rows")?);
            month.proven.extend((0..rows.len()).map(|i| Proven {
                list: list.value(i).to_owned(),
                staff_id: staff.value(i).to_owned(),
                rows: count.value(i),
            }));
            Ok(())
        })?;
    }
    Ok(())
}
