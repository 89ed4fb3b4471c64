//! A key figure's page: what it says, what it is made of, how it is spread over days, shops and people, and the raw rows
//! behind it with file and row number.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::overview;
use super::proof;
use super::sheet::{Section, Sheet};
use super::sums::{Sums, Tally, Totals};
use super::table::{Cell, Table};
use super::trend;
use crate::base::time::next_day;
use crate::facts::rows as lists;
use crate::report::charts::scale::Steps;
use crate::report::charts::{Kind, Plot, Reference, Series};
use crate::report::data::Percentiles;
use crate::report::format::{NOTHING, Quantity};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Sums, counts and the like that a figure is reckoned from: measures of `staff_day`, and what stands beside them.
fn parts(id: &str) -> &'static [&'static str] {
    match id {
        "inquiries" => &["inquiries_count", "sessions_count"],
        "received" => &["received_count", "sessions_count"],
        "received_per_hour" => &["received_count", "online_sum_ms"],
        "first_median" | "first_p90" => &["p50", "p90", "p99", "first_response_count"],
        "first_mean" => &["first_response_sum_ms", "first_response_count"],
        "first_in_45s" => &["first_response_in_45s_count", "first_response_count"],
        "first_in_3min" => &["first_response_in_3min_count", "first_response_count"],
        "rate_met" => &["rate_met_count", "rate_count"],
        "response_mean" => &["response_sum_ms", "response_count"],
        "reply_rate" => &["received_count", "unanswered_count"],
        "missed" => &["missed_count", "sessions_count"],
        "slow" => &["slow_count", "response_count"],
        "long" => &["long_count", "sessions_count"],
        "answer_ratio" => &["agent_messages_count", "buyer_messages_count"],
        "concurrent" => &["concurrent_max"],
        "conversion" => &["converted_final_count", "presales_count"],
        "conversion_same_day" => &["converted_same_day_count", "presales_count"],
        "conversion_next_day" => &["converted_next_day_count", "presales_count"],
        "conversion_paid" => &["paid_final_count", "presales_count"],
        "orders" => &["orders_count", "paid_count"],
        "sales" => &["sales_sum_fen", "paid_count"],
        "sales_net" => &["sales_sum_fen", "refunds_sum_fen"],
        "sales_per_hour" => &["sales_sum_fen", "online_sum_ms"],
        "order_value" => &["sales_sum_fen", "paid_count"],
        "refund_rate" => &["refunds_sum_fen", "sales_sum_fen"],
        "satisfaction" | "rated" => &["satisfied_count", "rated_count"],
        "bad_reviews" => &["bad_reviews_count", "reviews_count"],
        _ => &[],
    }
}

/// The page of a figure.
pub fn figure(desk: &Desk, kpi: &'static Kpi) -> Sheet {
    let words = desk.words;
    let mut sheet = Sheet::new("figure", kpi.name(words, desk.inputs)).lead(kpi.definition(words, desk.inputs));
    sheet = sheet.section(now(desk, kpi));
    for list in lists::of_figure(kpi.id) {
        sheet = sheet.section(proof::section(desk, list));
    }
    if let Some(chart) = days(desk, kpi) {
        sheet = sheet.section(section(desk, "days").chart(chart));
    }
    let (shops, people) = (shops(desk, kpi), people(desk, kpi));
    if !shops.rows.is_empty() {
        sheet = sheet.section(section(desk, "shops").table(shops));
    }
    if !people.rows.is_empty() {
        sheet = sheet.section(section(desk, "people").table(people));
    }
    sheet
}

/// A section with a title from this page's own texts.
fn section(desk: &Desk, id: &'static str) -> Section {
    proof::titled(id, desk.words.text(&format!("figure_page.{id}")))
}

/// The figure now, before, a year ago and as it should be; and what it is made of.
fn now(desk: &Desk, kpi: &'static Kpi) -> Section {
    let whole = desk.now.whole();
    let headline = overview::with_target(desk, kpi, overview::headline(desk, kpi, |t| Some(t.whole()), vec![]));
    let headline = overview::Headline { href: None, ..headline };
    section(desk, "now").headlines(vec![headline]).table(made_of(desk, kpi, &whole))
}

fn made_of(desk: &Desk, kpi: &Kpi, whole: &Totals) -> Table {
    let words = desk.words;
    let mut table = Table::new("figure_parts", &["figure", "#this_month", "#month_before"], words);
    let before = desk.before().map(Tally::whole);
    let mut add = |name: String, of: &dyn Fn(&Totals) -> Option<Quantity>| {
        let now = Cell::quantity(of(whole), words);
        table.push(vec![Cell::text(name), now, Cell::quantity(before.as_ref().and_then(of), words)]);
    };
    for part in parts(kpi.id) {
        add(words.text(&format!("measure.{part}")), &|t| measure(t, part));
    }
    if kpi.id == kpi::LINK_RATE.id {
        for (name, of) in [("linked", 0), ("link_orders", 1)] {
            add(words.text(&format!("measure.{name}")), &|t| {
                t.link.map(|r| Quantity::Count(if of == 0 { r.above() } else { r.below() }))
            });
        }
    }
    for list in lists::of_figure(kpi.id) {
        let count = proof::count(desk, list, "").map(Quantity::Count);
        let name = words.fill("figure_page.rows_of", &[("list", &proof::title(desk, list))]);
        table.push(vec![Cell::text(name), Cell::quantity(count, words), Cell::text(NOTHING)]);
    }
    table
}

fn measure(totals: &Totals, name: &str) -> Option<Quantity> {
    let of = |value: fn(&Percentiles) -> i64| totals.first.map(|p| Quantity::Duration(value(p)));
    match name {
        "p50" => of(|p| p.p50),
        "p90" => of(|p| p.p90),
        "p99" => of(|p| p.p99),
        _ if name.ends_with("_ms") => totals.sums.get(name).map(Quantity::Duration),
        _ if name.ends_with("_fen") => totals.sums.get(name).map(Quantity::Fen),
        _ => totals.sums.get(name).map(Quantity::Count),
    }
}

/// The figure day by day; `None` where it has no daily values.
fn days(desk: &Desk, kpi: &Kpi) -> Option<Chart> {
    let (words, month) = (desk.words, desk.now.month);
    let mut sums: BTreeMap<NaiveDate, Sums> = BTreeMap::new();
    month.staff_day.iter().for_each(|row| sums.entry(row.date).or_default().add(row));
    let first: BTreeMap<NaiveDate, &Percentiles> =
        month.daily.iter().filter(|(_, p)| p.of == "first" && p.count > 0).map(|(day, p)| (*day, p)).collect();
    let open = |kind: &str| {
        let mut last: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
        for b in month.backlog.iter().filter(|b| b.kind == kind) {
            let of_day = last.entry(desk.inputs.zone.date(b.at)).or_insert((b.at, 0));
            if of_day.0 < b.at {
                *of_day = (b.at, 0);
            }
            of_day.1 += if of_day.0 == b.at { b.open } else { 0 };
        }
        last
    };
    let (backlog, unshipped) = (open("rounds"), open("unshipped"));
    let none = Sums::default();
    let days: Vec<NaiveDate> = std::iter::successors(Some(month.month.first_day()), |d| Some(next_day(*d)))
        .take_while(|d| month.month.contains(*d))
        .collect();
    let values: Vec<Option<Quantity>> = days
        .iter()
        .map(|day| {
            (kpi.of)(&Totals {
                sums: sums.get(day).unwrap_or(&none),
                first: first.get(day).copied(),
                link: None,
                backlog: backlog.get(day).map(|b| b.1),
                unshipped: unshipped.get(day).map(|b| b.1),
            })
        })
        .collect();
    let unit = values.iter().flatten().next().copied()?;
    let name = kpi.name(words, desk.inputs);
    let target = desk.inputs.targets.get(kpi.id).map(|target| Reference {
        name: words.fill("figure_page.target", &[("value", &unit.with(*target).show(words))]),
        value: *target,
    });
    let plot = Plot {
        id: "by-day".to_owned(),
        title: name.clone(),
        description: words.text("figure_page.days_description"),
        kind: Kind::Line,
        ticks: trend::ticks(words, &days),
        series: vec![Series { name, values: values.iter().map(|v| v.map(Quantity::raw)).collect() }],
        reference: target,
        divide: None,
        steps: match unit {
            Quantity::Duration(_) => Steps::Time,
            Quantity::Tenths(_) => Steps::Decimal(10),
            Quantity::Share(_) | Quantity::Fen(_) | Quantity::Points(_) => Steps::Decimal(100),
            Quantity::Count(_) => Steps::Decimal(1),
        },
        ceiling: None,
    };
    Some(Chart::new(plot, "day", words, unit))
}

fn shops(desk: &Desk, kpi: &Kpi) -> Table {
    let words = desk.words;
    let mut table = Table::new("figure_shops", &["shop", "#this_month", "#change", "#month_before"], words);
    for shop in desk.now.shops() {
        let value = desk.now.shop(shop).as_ref().and_then(kpi.of);
        if value.is_some() {
            let before = desk.before().and_then(|t| t.shop(shop)).as_ref().and_then(kpi.of);
            let mut row = vec![Cell::link(desk.shop_link(From::Folder, shop))];
            row.extend(compared(desk, kpi, value, before));
            table.push(row);
        }
    }
    table
}

/// Everyone who has the figure; the name leads to his or her own rows.
fn people(desk: &Desk, kpi: &Kpi) -> Table {
    let words = desk.words;
    let columns = ["person", "#this_month", "#change", "#month_before", "#rows"];
    let mut table = Table::new("figure_people", &columns, words);
    let list = lists::of_figure(kpi.id).next();
    for id in &desk.staff {
        let value = desk.now.person(id).as_ref().and_then(kpi.of);
        if value.is_none() {
            continue;
        }
        let before = desk.before().and_then(|t| t.person(id)).as_ref().and_then(kpi.of);
        let rows = list.and_then(|l| proof::count(desk, l, id));
        let mut link = desk.person_link(From::Folder, id);
        if let Some(list) = list.filter(|_| rows.is_some()) {
            link.href = link.href.map(|href| format!("{href}#{}", proof::anchor(list)));
        }
        let mut row = vec![Cell::link(link)];
        row.extend(compared(desk, kpi, value, before));
        row.push(Cell::quantity(rows.map(Quantity::Count), words));
        table.push(row);
    }
    table
}

/// Now, the change, before.
fn compared(desk: &Desk, kpi: &Kpi, now: Option<Quantity>, before: Option<Quantity>) -> [Cell; 3] {
    let change = now.zip(before).and_then(|(n, b)| overview::change(desk, kpi, n, b));
    [
        Cell::quantity(now, desk.words),
        change.map_or_else(|| Cell::text(NOTHING), |c| Cell::text(format!("{} {}", c.arrow, c.text)).mark(c.mark)),
        Cell::quantity(before, desk.words),
    ]
}
