//! The month day by day, and the months side by side.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::sums::{Sums, Tally, Totals};
use super::table::{Cell, Table};
use crate::base::time::{format_time_of_day, next_day};
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Reference, Series, Tick};
use crate::report::data::StaffDay;
use crate::report::format::{self, Quantity, duration};
use crate::report::words::Words;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// First response, day by day: median and 90th percentile, with the target. For pages at the report's root.
pub fn first_response(desk: &Desk) -> Chart {
    let words = desk.words;
    let days = days(desk);
    let of_day: BTreeMap<NaiveDate, _> = desk
        .now
        .month
        .daily
        .iter()
        .filter(|(_, p)| p.of == "first" && p.shop.is_empty() && p.staff_id.is_empty() && p.count > 0)
        .map(|(day, p)| (*day, p))
        .collect();
    let series = |key: &str, value: fn(&crate::report::data::Percentiles) -> i64| Series {
        name: words.text(key),
        values: days.iter().map(|d| of_day.get(d).map(|p| value(p))).collect(),
    };
    let target = duration(words, desk.inputs.target_ms);
    let plot = Plot {
        id: "first-response".to_owned(),
        title: words.text("chart.first.title"),
        description: words.fill("chart.first.description", &[("target", &target)]),
        kind: Kind::Line,
        ticks: ticks(words, &days),
        series: vec![series("chart.first.median", |p| p.p50), series("chart.first.p90", |p| p.p90)],
        reference: Some(Reference {
            name: words.fill("chart.first.target", &[("target", &target)]),
            value: desk.inputs.target_ms,
        }),
        divide: None,
        steps: Steps::Time,
        ceiling: Some(desk.inputs.target_ms.saturating_mul(4)),
    };
    let mut chart = Chart::new(plot, "day", words, Quantity::Duration(0));
    chart.table.leads(1, kpi::FIRST_MEDIAN.href(From::Root));
    chart.table.leads(2, kpi::FIRST_P90.href(From::Root));
    chart
}

/// Open rounds, day by day, one line for each cut-off. For pages at the report's root.
pub fn backlog(desk: &Desk) -> Chart {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let days = days(desk);
    let mut open: BTreeMap<(i64, NaiveDate), i64> = BTreeMap::new();
    for b in desk.now.month.backlog.iter().filter(|b| b.kind == "rounds") {
        *open.entry((zone.time_of_day(b.at), zone.date(b.at))).or_default() += b.open;
    }
    let times: BTreeSet<i64> = open.keys().map(|(time, _)| *time).collect();
    let series = times.iter().map(|time| Series {
        name: words.fill("chart.backlog.at", &[("time", &format_time_of_day(*time))]),
        values: days.iter().map(|d| open.get(&(*time, *d)).copied()).collect(),
    });
    let plot = Plot {
        id: "backlog".to_owned(),
        title: words.text("chart.backlog.title"),
        description: words.text("chart.backlog.description"),
        kind: Kind::Line,
        ticks: ticks(words, &days),
        series: series.collect(),
        reference: None,
        divide: None,
        steps: Steps::Decimal(1),
        ceiling: None,
    };
    let mut chart = Chart::new(plot, "day", words, Quantity::Count(0));
    (1..=times.len()).for_each(|column| chart.table.leads(column, kpi::BACKLOG.href(From::Root)));
    chart
}

/// The month's sums day by day, of the rows that `keep` keeps.
pub fn by_day(tally: &Tally, keep: impl Fn(&StaffDay) -> bool) -> BTreeMap<NaiveDate, Sums> {
    let mut days: BTreeMap<NaiveDate, Sums> = BTreeMap::new();
    for row in tally.month.staff_day.iter().filter(|r| keep(r)) {
        days.entry(row.date).or_default().add(row);
    }
    days
}

/// A figure day by day; several figures of one unit side by side. `steps`: of their unit.
pub fn daily(desk: &Desk, id: &str, kpis: &[&'static Kpi], steps: Steps, keep: impl Fn(&StaffDay) -> bool) -> Chart {
    let words = desk.words;
    let (days, sums) = (days(desk), by_day(&desk.now, keep));
    let of = |kpi: &Kpi, date: &NaiveDate| (kpi.of)(&Totals::bare(sums.get(date)?));
    let series = kpis.iter().map(|kpi| Series {
        name: kpi.name(words, desk.inputs),
        values: days.iter().map(|d| of(kpi, d).map(Quantity::raw)).collect(),
    });
    let unit = kpis.iter().flat_map(|kpi| days.iter().filter_map(|d| of(kpi, d))).next();
    let plot = Plot {
        id: id.to_owned(),
        title: words.text(&format!("chart.{id}.title")),
        description: words.text(&format!("chart.{id}.description")),
        kind: Kind::Line,
        ticks: ticks(words, &days),
        series: series.collect(),
        reference: None,
        divide: None,
        steps,
        ceiling: None,
    };
    Chart::new(plot, "day", words, unit.unwrap_or(Quantity::Count(0)))
}

/// A person's scores, month by month.
pub fn scores(desk: &Desk, staff_id: &str) -> Chart {
    let words = desk.words;
    let score = |t: &Tally| t.month.scores.iter().find(|s| s.staff_id == staff_id).map(|s| s.score);
    let plot = Plot {
        id: "scores".to_owned(),
        title: words.text("chart.scores.title"),
        description: words.text("chart.scores.description"),
        kind: Kind::Bar,
        ticks: month_ticks(desk),
        series: vec![Series { name: words.text("column.score"), values: desk.months().map(score).collect() }],
        reference: None,
        divide: None,
        steps: Steps::Decimal(100),
        ceiling: None,
    };
    Chart::new(plot, "month", words, Quantity::Points(0))
}

/// A person's median first response, month by month.
pub fn person_first(desk: &Desk, staff_id: &str) -> Chart {
    let words = desk.words;
    let median = |t: &Tally| t.person(staff_id).and_then(|p| p.first.map(|p| p.p50));
    let everyone = |t: &Tally| t.whole().first.map(|p| p.p50);
    let target = duration(words, desk.inputs.target_ms);
    let plot = Plot {
        id: "first-months".to_owned(),
        title: words.text("chart.first_months.title"),
        description: words.text("chart.first_months.description"),
        kind: Kind::Line,
        ticks: month_ticks(desk),
        series: vec![
            Series { name: desk.name(staff_id), values: desk.months().map(median).collect() },
            Series { name: words.text("column.department"), values: desk.months().map(everyone).collect() },
        ],
        reference: Some(Reference {
            name: words.fill("chart.first.target", &[("target", &target)]),
            value: desk.inputs.target_ms,
        }),
        divide: None,
        steps: Steps::Time,
        ceiling: Some(desk.inputs.target_ms.saturating_mul(4)),
    };
    Chart::new(plot, "month", words, Quantity::Duration(0))
}

/// Months as rows, figures as columns, on a page at `from`.
pub fn months<'d>(
    desk: &'d Desk,
    from: From,
    id: &str,
    kpis: &[&'static Kpi],
    of: impl Fn(&'d Tally<'d>) -> Option<Totals<'d>>,
) -> Table {
    let words = desk.words;
    let mut table = Table::new(id, &["month"], words);
    for kpi in kpis {
        table.figure_column(kpi.name(words, desk.inputs));
        table.last_leads(kpi.href(from));
    }
    for tally in desk.months() {
        let totals = of(tally);
        let mut row = vec![Cell::text(tally.month.month.to_string())];
        row.extend(kpis.iter().map(|k| {
            let value = totals.as_ref().and_then(k.of);
            let open = value.is_some() && is_provisional(tally, k);
            Cell::quantity(value, words).tag(open.then(|| words.text("provisional")))
        }));
        table.push(row);
    }
    table
}

/// Figures of the months table of the department.
pub fn month_kpis(desk: &Desk) -> Vec<&'static Kpi> {
    vec![
        &kpi::INQUIRIES,
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::CONVERSION,
        &kpi::LINK_RATE,
        &kpi::SALES,
    ]
}

/// What a figure of a month is still waiting for, where its window is not over.
pub fn provisional(desk: &Desk, tally: &Tally, kpi: &Kpi, value: Option<Quantity>) -> Option<String> {
    let until = tally.month.final_until.get(kpi.id)?;
    value.map(|_| desk.words.fill("provisional_after", &[("day", &until.to_string())]))
}

/// Figures of the month whose windows are not over: their names, and the last day that is final.
pub fn waiting(desk: &Desk) -> Vec<(String, NaiveDate)> {
    let name = |figure: &String| {
        let known = kpi::ALL.iter().find(|k| k.id == figure);
        known.map_or_else(|| desk.words.named("figure", figure), |k| k.name(desk.words, desk.inputs))
    };
    desk.now.month.final_until.iter().map(|(figure, until)| (name(figure), *until)).collect()
}

/// Whether a figure of a month may still change because its window is not over.
pub fn is_provisional(tally: &Tally, kpi: &Kpi) -> bool {
    tally.month.final_until.contains_key(kpi.id)
}

/// Every day of the month.
pub fn days(desk: &Desk) -> Vec<NaiveDate> {
    let month = desk.now.month.month;
    let mut days = vec![month.first_day()];
    while let Some(last) = days.last().copied().filter(|d| *d < month.last_day()) {
        days.push(next_day(last));
    }
    days
}

/// Days as places of a chart.
pub fn ticks(words: &Words, days: &[NaiveDate]) -> Vec<Tick> {
    let tick = |d: &NaiveDate| Tick { short: format!("{}/{}", d.month(), d.day()), long: format::day(words, *d) };
    days.iter().map(tick).collect()
}

fn month_ticks(desk: &Desk) -> Vec<Tick> {
    let tick = |t: &Tally| Tick {
        short: desk.words.text(&format!("month.{}", t.month.month.month())),
        long: t.month.month.to_string(),
    };
    desk.months().map(tick).collect()
}
