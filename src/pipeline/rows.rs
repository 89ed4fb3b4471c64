//! The rows behind the key figures: the month's tables as queries see them, and `kaohe rows`.

use super::project::Project;
use super::scan::{Files, collected, failed, not_computed};
use super::stage;
use super::state::State;
use crate::base::{Diagnostic, Error, Month, Result, Zone};
use crate::facts::rows::{self, Listing, Row, Scope, Unit};
use crate::report::render::catalogue;
use crate::settings::nearest;
use polars::prelude::{col, lit};
use serde_json::{Value, json};

/// The rows of a month.
#[derive(Debug)]
pub struct MonthRows {
    pub month: Month,
    pub listing: &'static Listing,
    /// As many as were wanted: the first of them, or those around the figure's percentile.
    pub rows: Vec<Row>,
    /// How many there are.
    pub all: usize,
}

/// A list, for people.
#[derive(Debug)]
pub struct Name {
    pub id: &'static str,
    pub title: String,
    /// Key figures that rest on it.
    pub figures: &'static [&'static str],
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub shop: Option<&'a str>,
    pub staff_id: Option<&'a str>,
    /// How many of each month at most.
    pub limit: Option<usize>,
}

/// The list of a key figure.
///
/// # Errors
/// Exit 2 where there is no such figure.
pub fn listing(figure: &str) -> Result<&'static Listing> {
    rows::listing(figure).ok_or_else(|| {
        let known: Vec<&str> = rows::ALL.iter().flat_map(|l| l.figures.iter().copied().chain([l.id])).collect();
        let help = nearest::nearest(figure, known).map(|meant| format!("did you mean `{meant}`?"));
        Diagnostic::error("K0205", format!("there is no figure `{figure}`"))
            .help(help.unwrap_or_else(|| "`kaohe rows --list` names them all".to_owned()))
            .into()
    })
}

/// All lists, named in the project's language.
///
/// # Errors
/// No catalogue of that language.
pub fn names(project: &Project) -> Result<Vec<Name>> {
    let words = catalogue(project.lang(), &|name: &str| project.files.template(name))?;
    let name =
        |l: &'static Listing| Name { id: l.id, title: words.text(&format!("rows.{}.name", l.id)), figures: l.figures };
    Ok(rows::ALL.iter().map(name).collect())
}

/// A list's rows, month by month, in the list's order: of the months asked for, else of the newest complete one.
///
/// # Errors
/// Exit 3 where a month was not computed.
pub fn rows(project: &Project, listing: &'static Listing, wanted: Wanted<'_>) -> Result<Vec<MonthRows>> {
    let manifest = stage::manifest(project)?;
    let months = match project.options.months.as_slice() {
        [] => {
            stage::newest_complete(&manifest, stage::as_of(project, &manifest)?, project.zone()).into_iter().collect()
        }
        months => months.to_vec(),
    };
    months.into_iter().map(|month| one(project, listing, month, wanted)).collect()
}

fn one(project: &Project, listing: &'static Listing, month: Month, wanted: Wanted<'_>) -> Result<MonthRows> {
    let state = State::read(&project.mart(), month)?.ok_or_else(|| not_computed(month))?;
    let preset = project.settings.presets.get(&state.preset).unwrap_or(&project.settings.preset);
    let (start, end) = month.bounds(project.zone());
    let scope = Scope { preset, own: start..end };
    let tables = Files::of(&project.mart(), month)?.tables(0..usize::MAX)?;
    let mut query = listing.base.query(&tables, &scope).map_err(failed)?;
    for (column, only) in [("shop", wanted.shop), ("staff_id", wanted.staff_id)] {
        if let Some(only) = only {
            query = query.filter(col(column).eq(lit(only)));
        }
    }
    let rows = rows::all(listing, &collected(query)?).map_err(failed)?;
    let all = rows.len();
    let rows = rows::few(listing, rows, wanted.limit.unwrap_or(usize::MAX));
    Ok(MonthRows { month, listing, rows, all })
}

/// Columns of the rows as text.
const COLUMNS: [&str; 10] =
    ["month", "list", "shop", "staff_id", "at", "value", "unit", "what", "source_file", "source_row"];

fn cells(month: &MonthRows, row: &Row, zone: Zone) -> [String; 10] {
    [
        month.month.to_string(),
        month.listing.id.to_owned(),
        row.shop.clone(),
        row.staff_id.clone(),
        zone.format(row.at),
        row.value.map_or_else(String::new, |v| v.to_string()),
        unit(month.listing.unit).to_owned(),
        row.what.clone(),
        row.file.clone(),
        row.row.to_string(),
    ]
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Nothing => "",
        Unit::Ms => "ms",
        Unit::Fen => "fen",
        Unit::Messages => "messages",
    }
}

/// The rows as CSV with a header; values in ms and fen. What a spreadsheet would take for a formula gets an apostrophe.
///
/// # Errors
/// The machine.
pub fn csv(found: &[MonthRows], zone: Zone) -> Result<String> {
    let broken = |e: String| Error::Failed(format!("cannot write the rows as CSV: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|e| broken(e.to_string()))?;
    let plain = |text: String| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<i64>().is_err();
        if formula { format!("'{text}") } else { text }
    };
    for month in found {
        for row in &month.rows {
            writer.write_record(cells(month, row, zone).map(plain)).map_err(|e| broken(e.to_string()))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| broken(e.to_string()))?;
    String::from_utf8(bytes).map_err(|e| broken(e.to_string()))
}

/// The rows for people, one a line.
pub fn lines(month: &MonthRows, zone: Zone) -> Vec<String> {
    let value = |v: Option<i64>| match (v, month.listing.unit) {
        (None, _) | (_, Unit::Nothing) => String::new(),
        (Some(v), Unit::Ms) => format!("{}.{:03} s", v / 1_000, v.rem_euclid(1_000)),
        (Some(v), Unit::Fen) => format!("{}.{:02}", v / 100, v.rem_euclid(100)),
        (Some(v), Unit::Messages) => v.to_string(),
    };
    let line = |r: &Row| {
        format!(
            "{}\t{}\t{}\t{}\t{}\t{}:{}",
            zone.format(r.at),
            r.shop,
            r.staff_id,
            value(r.value),
            r.what,
            r.file,
            r.row
        )
    };
    month.rows.iter().map(line).collect()
}

/// The rows as JSON objects.
pub fn json(month: &MonthRows, zone: Zone) -> Vec<Value> {
    let object = |r: &Row| {
        json!({
            "type": "row", "month": month.month.to_string(), "list": month.listing.id, "shop": r.shop,
            "staff_id": r.staff_id, "at": zone.format(r.at), "value": r.value, "unit": unit(month.listing.unit),
            "what": r.what, "source_file": r.file, "source_row": r.row,
        })
    };
    month.rows.iter().map(object).collect()
}
