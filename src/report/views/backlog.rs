//! What was left unanswered: the curve over the month, the cut-offs with their ages, who has open rounds at the end.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::kpi;
use super::overview::headline;
use super::sheet::{Section, Sheet};
use super::table::{Cell, Table};
use super::trend;
use crate::base::time::HOUR;
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Series, Tick};
use crate::report::data::Backlog;
use crate::report::format::{Quantity, day, grouped};
use std::collections::BTreeMap;

/// Open, and of these younger than 1 h, 4 h, 24 h, and older.
type Ages = [i64; 5];

pub fn backlog(desk: &Desk) -> Sheet {
    let words = desk.words;
    let counted = desk.now.counted_at().map(|at| desk.inputs.zone.format(at));
    let note = counted.map(|at| words.fill("overview.counted", &[("at", &at)]));
    let figures = [&kpi::BACKLOG, &kpi::UNSHIPPED]
        .map(|k| headline(desk, k, |t| Some(t.whole()), note.clone().map(Into::into).into_iter().collect()));
    Sheet::new("backlog", words.text("nav.backlog"))
        .lead(lead(desk))
        .section(Section::new("figures", words).headlines(figures.to_vec()))
        .section(
            Section::new("curve", words)
                .note(words.text("backlog.curve"))
                .chart(curve(desk, |_| true))
                .chart(trend::backlog(desk)),
        )
        .section(Section::new("ages", words).chart(ages(desk, "rounds")).table(instants(desk)))
        .section(Section::new("open_now", words).note(words.text("backlog.open_now")).table(open_now(desk)))
        .section(Section::new("unshipped_days", words).chart(ages(desk, "unshipped")))
}

/// One sentence: the fullest hour, and what is left at the end.
fn lead(desk: &Desk) -> String {
    let words = desk.words;
    let hours = hours(desk, |_| true);
    let most = hours.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).filter(|(_, open)| **open > 0);
    let open = desk.now.whole().backlog;
    match (most, open) {
        (Some((at, most)), Some(open)) => words.fill(
            "backlog.lead",
            &[("at", &desk.inputs.zone.format(*at)), ("most", &grouped(*most)), ("open", &grouped(open))],
        ),
        (None, Some(open)) => words.fill("backlog.lead_end", &[("open", &grouped(open))]),
        _ => words.text("backlog.nothing"),
    }
}

/// Open rounds at each full hour of the month up to the clock.
fn hours(desk: &Desk, keep: impl Fn(&str) -> bool) -> BTreeMap<i64, i64> {
    let (from, to) = desk.now.month.month.bounds(desk.inputs.zone);
    let rows = &desk.now.month.open_hours;
    if rows.is_empty() {
        return BTreeMap::new();
    }
    let mut all: BTreeMap<i64, i64> = (0..)
        .map(|n| from + n * HOUR)
        .take_while(|at| *at < to && *at <= desk.inputs.as_of)
        .map(|at| (at, 0))
        .collect();
    for row in rows.iter().filter(|r| keep(&r.shop)) {
        if let Some(open) = all.get_mut(&row.at) {
            *open += row.open;
        }
    }
    all
}

/// The curve, hour by hour, of the shops that `keep` keeps.
pub fn curve(desk: &Desk, keep: impl Fn(&str) -> bool) -> Chart {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let hours = hours(desk, keep);
    let tick = |at: &i64| {
        let date = zone.date(*at);
        let short = trend::ticks(words, &[date]).pop().map(|t| t.short).unwrap_or_default();
        Tick { short, long: zone.format(*at) }
    };
    let plot = Plot {
        id: "open-hours".to_owned(),
        title: words.text("chart.open_hours.title"),
        description: words.text("chart.open_hours.description"),
        kind: Kind::Line,
        ticks: hours.keys().map(tick).collect(),
        series: vec![Series { name: words.text("column.open"), values: hours.values().map(|n| Some(*n)).collect() }],
        reference: None,
        divide: None,
        steps: Steps::Decimal(1),
        ceiling: None,
    };
    Chart::new(plot, "time", words, Quantity::Count(0))
}

/// Counts of a kind by instant, all shops and people together.
fn by_instant(desk: &Desk, kind: &str) -> BTreeMap<i64, Ages> {
    let mut all: BTreeMap<i64, Ages> = BTreeMap::new();
    for b in desk.now.month.backlog.iter().filter(|b| b.kind == kind) {
        add(all.entry(b.at).or_default(), b);
    }
    all
}

fn add(ages: &mut Ages, b: &Backlog) {
    for (sum, n) in ages.iter_mut().zip([b.open, b.lt_1h, b.lt_4h, b.lt_24h, b.older]) {
        *sum += n;
    }
}

/// By age at each day's last instant.
fn ages(desk: &Desk, kind: &str) -> Chart {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let days = trend::days(desk);
    // Later instants of a day replace earlier ones.
    let last: BTreeMap<_, Ages> = by_instant(desk, kind).into_iter().map(|(at, ages)| (zone.date(at), ages)).collect();
    let series = ["lt_1h", "lt_4h", "lt_24h", "older"].iter().enumerate().map(|(i, name)| Series {
        name: words.text(&format!("column.{name}")),
        values: days.iter().map(|d| last.get(d).map(|ages| ages[i + 1])).collect(),
    });
    let plot = Plot {
        id: format!("ages-{kind}"),
        title: words.text(&format!("chart.ages.{kind}")),
        description: words.text("chart.ages.description"),
        kind: Kind::Stack,
        ticks: trend::ticks(words, &days),
        series: series.collect(),
        reference: None,
        divide: None,
        steps: Steps::Decimal(1),
        ceiling: None,
    };
    Chart::new(plot, "day", words, Quantity::Count(0))
}

/// Every instant at which was counted.
fn instants(desk: &Desk) -> Table {
    let (words, zone) = (desk.words, desk.inputs.zone);
    let mut table = Table::new("instants", &["day", "at", "#open", "#lt_1h", "#lt_4h", "#lt_24h", "#older"], words);
    for (at, ages) in by_instant(desk, "rounds") {
        let time = crate::base::time::format_time_of_day(zone.time_of_day(at));
        let date = zone.date(at);
        let mut row = vec![Cell::date(day(words, date), date), Cell::text(time)];
        row.extend(ages.iter().map(|n| Cell::count(*n, words)));
        table.push(row);
    }
    table
}

/// Who has open rounds at the last instant, most first.
fn open_now(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("open_now", &["shop", "agent", "#open", "#lt_1h", "#lt_4h", "#lt_24h", "#older"], words);
    let last = desk.now.counted_at();
    let mut rows: Vec<&Backlog> =
        desk.now.month.backlog.iter().filter(|b| b.kind == "rounds" && Some(b.at) == last && b.open > 0).collect();
    rows.sort_by_key(|b| (-b.open, b.shop.as_str(), b.staff_id.as_str()));
    for b in rows {
        let mut ages = Ages::default();
        add(&mut ages, b);
        let mut row = vec![
            Cell::link(desk.shop_link(From::Root, &b.shop)),
            Cell::link(desk.person_link(From::Root, &b.staff_id)),
        ];
        row.extend(ages.iter().map(|n| Cell::count(*n, words)));
        table.push(row);
    }
    table
}
