//! How fast buyers are answered: first and average response, their spread, the week hour by hour, who answers how.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::overview::{headline, is_ranked};
use super::sheet::{Section, Sheet};
use super::{grid, trend};
use crate::report::charts::heat::Heat;
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Series, Tick};
use crate::report::data::{Hour, Spread};
use crate::report::format::{Quantity, Ratio, duration, grouped, show};

/// Figures of the page, in its order.
fn kpis(desk: &Desk) -> Vec<&'static Kpi> {
    vec![
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_P90,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::FIRST_IN_3MIN,
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::SLOW,
        &kpi::LONG,
        &kpi::CONCURRENT,
        &kpi::ANSWER_RATIO,
    ]
}

pub fn service(desk: &Desk) -> Sheet {
    let words = desk.words;
    let (kpis, month) = (kpis(desk), desk.now.month);
    let figures = kpis.iter().map(|k| headline(desk, k, |t| Some(t.whole()), vec![])).collect();
    let agents: Vec<&str> = desk.staff.iter().copied().filter(|id| is_ranked(desk, id)).collect();
    let mut table: Vec<&'static Kpi> = vec![&kpi::RECEIVED];
    table.extend(&kpis);
    Sheet::new("service", words.text("nav.service"))
        .lead(words.fill("service.lead", &[("clock", &super::overview::clock(desk))]))
        .section(Section::new("figures", words).headlines(figures))
        .section(Section::new("spread", words).chart(spread(desk, "first", &month.spread, ("", ""))).chart(spread(
            desk,
            "round",
            &month.spread,
            ("", ""),
        )))
        .section(
            Section::new("week", words)
                .note(words.text("service.week"))
                .chart(load(desk, &month.hours, |_| true))
                .chart(pace(desk, &month.hours, |_| true)),
        )
        .section(Section::new("daily", words).chart(trend::first_response(desk)).chart(trend::daily(
            desk,
            "response_days",
            &[&kpi::FIRST_MEAN, &kpi::RESPONSE_MEAN],
            Steps::Time,
            |_| true,
        )))
        .section(Section::new("agents", words).table(grid::people(desk, From::Root, "service_agents", &agents, &table)))
        .section(Section::new("shops", words).table(grid::shops(desk, From::Root, "service_shops", &kpis)))
}

/// How response times (`of`: first, round) are spread, with the target among them. `whose`: shop and person.
pub fn spread(desk: &Desk, of: &str, rows: &[Spread], whose: (&str, &str)) -> Chart {
    let words = desk.words;
    let mut rows: Vec<&Spread> =
        rows.iter().filter(|s| s.of == of && (s.shop.as_str(), s.staff_id.as_str()) == whose).collect();
    rows.sort_by_key(|s| s.upto.unwrap_or(i64::MAX));
    let all: i64 = rows.iter().map(|s| s.count).sum();
    let target = duration(words, desk.inputs.target_ms);
    let met: i64 = rows.iter().filter(|s| s.upto.is_some_and(|ms| ms <= desk.inputs.target_ms)).map(|s| s.count).sum();
    let share = Ratio::new(Some(met), Some(all)).map(|r| Quantity::Share(r.scaled(10_000)));
    let mut last = None;
    let ticks = rows.iter().map(|s| {
        let (from, to) = (last.map(|ms| duration(words, ms)), s.upto.map(|ms| duration(words, ms)));
        last = s.upto.or(last);
        let (key, short) = match &to {
            Some(to) => ("chart.spread.upto", words.fill("chart.spread.short", &[("to", to)])),
            None => {
                ("chart.spread.above", words.fill("chart.spread.longer", &[("from", from.as_deref().unwrap_or("0"))]))
            }
        };
        let to = to.unwrap_or_default();
        Tick { short, long: words.fill(key, &[("from", from.as_deref().unwrap_or("0")), ("to", &to)]) }
    });
    let ticks: Vec<Tick> = ticks.collect();
    let limit = rows.iter().position(|s| s.upto == Some(desk.inputs.target_ms));
    let plot = Plot {
        id: format!("spread-{of}"),
        title: words.text(&format!("chart.spread.{of}")),
        description: words.fill(
            "chart.spread.description",
            &[("all", &grouped(all)), ("target", &target), ("share", &show(share, words))],
        ),
        kind: Kind::Bar,
        ticks,
        series: vec![Series { name: words.text("column.count"), values: rows.iter().map(|s| Some(s.count)).collect() }],
        reference: None,
        divide: limit.map(|i| (i, words.fill("chart.first.target", &[("target", &target)]))),
        steps: Steps::Decimal(1),
        ceiling: None,
    };
    Chart::new(plot, "response", words, Quantity::Count(0))
}

/// Rounds by weekday and hour.
pub fn load(desk: &Desk, hours: &[Hour], keep: impl Fn(&Hour) -> bool) -> Chart {
    let cells = week(hours, keep, |all, h| *all.get_or_insert(0) += h.rounds);
    heat(desk, "load", cells, Quantity::Count(0))
}

/// Mean first response by weekday and hour.
pub fn pace(desk: &Desk, hours: &[Hour], keep: impl Fn(&Hour) -> bool) -> Chart {
    let sums = week(hours, keep, |all: &mut Option<(i64, i64)>, h| {
        let (sum, count) = all.unwrap_or_default();
        *all = Some((sum + h.first_sum_ms, count + h.first_count));
    });
    let mean = |(sum, count)| Ratio::new(Some(sum), Some(count)).map(Ratio::duration);
    let cells = sums.into_iter().map(|row| row.into_iter().map(|c| c.and_then(mean)).collect()).collect();
    heat(desk, "pace", cells, Quantity::Duration(0))
}

/// The week's cells: seven rows of 24 hours, those without rows empty.
fn week<T: Copy>(
    hours: &[Hour],
    keep: impl Fn(&Hour) -> bool,
    mut add: impl FnMut(&mut Option<T>, &Hour),
) -> Vec<Vec<Option<T>>> {
    let mut cells = vec![vec![None; 24]; 7];
    for h in hours.iter().filter(|h| keep(h)) {
        let row = cells.get_mut((h.weekday - 1).clamp(0, 6) as usize);
        if let Some(cell) = row.and_then(|r: &mut Vec<Option<T>>| r.get_mut(h.hour.clamp(0, 23) as usize)) {
            add(cell, h);
        }
    }
    cells
}

fn heat(desk: &Desk, id: &str, cells: Vec<Vec<Option<i64>>>, unit: Quantity) -> Chart {
    let words = desk.words;
    let column = |hour: i64| Tick {
        short: hour.to_string(),
        long: words.fill("chart.hour", &[("from", &hour.to_string()), ("to", &(hour + 1).to_string())]),
    };
    let heat = Heat {
        id: id.to_owned(),
        title: words.text(&format!("chart.{id}.title")),
        description: words.text(&format!("chart.{id}.description")),
        rows: (1..=7).map(|d| words.text(&format!("weekday.{d}"))).collect(),
        columns: (0..24).map(column).collect(),
        cells,
    };
    Chart::heat(heat, "weekday", words, unit)
}
