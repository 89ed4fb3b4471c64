//! A slow reference for scores, from the definitions alone: it reads the sample's raw files, its truth and who was credited
//! with an order (which has a reference of its own), and nothing that the program adds up.

use super::sample;
use crate::support::rows;
use chrono::{Datelike, NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const MONTHS: [&str; 6] = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

/// Above and below the line of each part, and the score in points.
#[derive(Debug, Clone, Default)]
pub struct Rated {
    /// yuan ÷ yuan
    pub sales: (f64, f64),
    pub efficiency: (f64, f64),
    pub satisfaction: (f64, f64),
    /// points ÷ months
    pub discipline: (f64, f64),
    pub lost: f64,
    pub score: Option<f64>,
}

type Row = BTreeMap<String, String>;

/// All rows of the raw files whose names begin so.
fn raw(prefix: &str) -> Vec<Row> {
    let dir = sample().path().join("data/raw");
    let mut names: Vec<_> = fs::read_dir(dir).expect("the raw folder").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    let wanted = names.iter().filter(|p| {
        let name = p.file_name().unwrap().to_string_lossy();
        let rest = name.strip_prefix(prefix).and_then(|r| r.strip_suffix(".csv"));
        rest.is_some_and(|r| r.is_empty() || r.starts_with('-'))
    });
    wanted.flat_map(|p| read(p)).collect()
}

fn read(path: &std::path::Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("a file of the sample");
    reader.deserialize().map(|r| r.expect("a row")).collect()
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(&text[..10], "%Y-%m-%d").expect("a date")
}

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").expect("a time")
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(0.0)
}

fn days_of(month: &str) -> Vec<NaiveDate> {
    let first = day(&format!("{month}-01"));
    first.iter_days().take_while(|d| d.month() == first.month()).collect()
}

/// Every day on which somebody is on the roster, joined and not left.
fn own_days() -> BTreeMap<String, BTreeSet<NaiveDate>> {
    let mut own: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    let roster = raw("roster");
    for date in MONTHS.iter().flat_map(|m| days_of(m)) {
        for r in &roster {
            let from = |c: &str| r[c].is_empty() || day(&r[c]) <= date;
            let to = |c: &str| r[c].is_empty() || date <= day(&r[c]);
            if from("joined_on") && from("valid_from") && to("left_on") && to("valid_to") {
                own.entry(r["staff_id"].clone()).or_default().insert(date);
            }
        }
    }
    own
}

/// Order → person, of all months.
fn credited() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for month in MONTHS {
        for row in rows(&sample().mart("credits", month), &["order_id", "staff_id", "rule"]) {
            let cells: Vec<&str> = row.split('|').collect();
            if cells[2] != "3" {
                all.insert(cells[0].to_owned(), cells[1].to_owned());
            }
        }
    }
    all
}

/// Everyone's parts and score with the default settings.
pub fn rated() -> BTreeMap<String, Rated> {
    let own = own_days();
    let mut all: BTreeMap<String, Rated> = own.keys().map(|id| (id.clone(), Rated::default())).collect();
    let here = |id: &str, date: NaiveDate| own.get(id).is_some_and(|days| days.contains(&date));

    // Who has a target in which month, and for which share of its days.
    let mut targeted = BTreeSet::new();
    for t in raw("targets").iter().filter(|t| !t["staff_id"].is_empty()) {
        let (id, days) = (&t["staff_id"], days_of(&t["period"]));
        let there = days.iter().filter(|d| here(id, **d)).count();
        if let Some(r) = all.get_mut(id) {
            r.sales.1 += (number(&t["sales"]) * 100.0 * there as f64 / days.len() as f64).round() / 100.0;
            targeted.insert((id.clone(), t["period"].clone()));
        }
    }
    let credited = credited();
    for o in raw("orders") {
        let (created, paid, shipped) = (&o["created_at"], &o["paid_at"], &o["shipped_at"]);
        if !paid.is_empty()
            && let Some(id) = credited.get(&o["order_id"])
            && here(id, day(paid))
            && targeted.contains(&(id.clone(), paid[..7].to_owned()))
        {
            all.get_mut(id).unwrap().sales.0 += number(&o["paid"]);
        }
        if MONTHS.contains(&&created[..7])
            && !paid.is_empty()
            && !shipped.is_empty()
            && let Some(r) = all.get_mut(&o["responsible"])
        {
            let late = time(shipped) - time(paid) > chrono::TimeDelta::hours(48);
            r.efficiency.0 += f64::from(!late);
            r.efficiency.1 += 1.0;
        }
    }
    let accounts = raw("accounts");
    for rating in raw("ratings") {
        let date = day(&rating["ts"]);
        let owner = accounts.iter().find(|a| {
            a["shop"] == rating["shop"]
                && a["account"] == rating["account"]
                && (a["valid_from"].is_empty() || day(&a["valid_from"]) <= date)
                && (a["valid_to"].is_empty() || date <= day(&a["valid_to"]))
        });
        if let Some(a) = owner
            && here(&a["staff_id"], date)
        {
            let r = all.get_mut(&a["staff_id"]).unwrap();
            r.satisfaction.0 += f64::from(number(&rating["score"]) >= 4.0);
            r.satisfaction.1 += 1.0;
        }
    }
    discipline(&own, &mut all);
    for r in all.values_mut() {
        r.score = score(r);
    }
    all
}

/// 100 − deductions of the truth + awards, month by month, of months with an own day.
fn discipline(own: &BTreeMap<String, BTreeSet<NaiveDate>>, all: &mut BTreeMap<String, Rated>) {
    let truth = read(&sample().path().join("data/truth/deductions.csv"));
    let awards = raw("awards");
    for (id, r) in all {
        for month in MONTHS {
            if !days_of(month).iter().any(|d| own[id].contains(d)) {
                continue;
            }
            let mine = truth.iter().filter(|d| d["staff_id"] == *id && d["period"] == month);
            let lost: f64 = mine.map(|d| number(&d["points"]) / 100.0).sum();
            let awarded: f64 = awards
                .iter()
                .filter(|a| a["staff_id"] == *id && a["on"].starts_with(month))
                .map(|a| number(&a["points"]))
                .sum();
            r.discipline.0 += (100.0 - lost + awarded).max(0.0);
            r.discipline.1 += 1.0;
            r.lost += lost;
        }
    }
}

/// The weighted mean of what is there: 30 / 20 / 20 / 30, attainment up to 120, five steps and twenty ratings at least.
fn score(r: &Rated) -> Option<f64> {
    let share = |(above, below): (f64, f64)| 100.0 * above / below;
    let mut parts = Vec::new();
    if r.sales.1 > 0.0 {
        parts.push((30.0, share(r.sales).min(120.0)));
    }
    if r.efficiency.1 >= 5.0 {
        parts.push((20.0, share(r.efficiency)));
    }
    if r.satisfaction.1 >= 20.0 {
        parts.push((20.0, share(r.satisfaction)));
    }
    if r.discipline.1 > 0.0 {
        parts.push((30.0, r.discipline.0 / r.discipline.1));
    }
    let weights: f64 = parts.iter().map(|p| p.0).sum();
    (weights > 0.0).then(|| parts.iter().map(|p| p.0 * p.1).sum::<f64>() / weights)
}
