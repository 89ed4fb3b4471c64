//! From inquiry to payment: the funnel with its windows, who is credited, how many orders are known to belong to a buyer.

use super::chart::Chart;
use super::desk::{Desk, From, SILENT, UNASSIGNED};
use super::kpi::{self, Kpi};
use super::overview::{headline, is_ranked};
use super::sheet::{Section, Sheet};
use super::sums::{Sums, Totals};
use super::table::{Cell, Table};
use super::{grid, quality, trend};
use crate::report::charts::funnel::{Funnel, Stage};
use crate::report::charts::scale::Steps;
use crate::report::format::{Quantity, Ratio, show};

pub fn conversion(desk: &Desk) -> Sheet {
    let words = desk.words;
    let figures: [&'static Kpi; 5] = [
        &kpi::CONVERSION,
        &kpi::CONVERSION_SAME_DAY,
        &kpi::CONVERSION_NEXT_DAY,
        &kpi::CONVERSION_PAID,
        &kpi::LINK_RATE,
    ];
    let columns: Vec<&'static Kpi> =
        [&kpi::INQUIRIES].into_iter().chain(figures).chain([&kpi::ORDERS, &kpi::SALES]).collect();
    // The link rate is a shop's: whose an order without a buyer would be, nobody knows.
    let of_people: Vec<&'static Kpi> = columns.iter().copied().filter(|k| k.id != kpi::LINK_RATE.id).collect();
    let agents: Vec<&str> = desk.staff.iter().copied().filter(|id| is_ranked(desk, id)).collect();
    let whole = desk.now.whole();
    Sheet::new("conversion", words.text("nav.conversion"))
        .lead(words.fill("conversion.lead", &[("link", &show((kpi::LINK_RATE.of)(&whole), words))]))
        .section(
            Section::new("figures", words)
                .headlines(figures.map(|k| headline(desk, k, |t| Some(t.whole()), vec![])).to_vec()),
        )
        .section(Section::new("funnel", words).chart(funnel(desk, &whole)).table(windows(desk, &whole)))
        .section(Section::new("daily", words).chart(trend::daily(
            desk,
            "conversion_days",
            &[&kpi::CONVERSION],
            Steps::Decimal(100),
            |_| true,
        )))
        .section(Section::new("credited", words).note(words.text("conversion.credited")).table(credited(desk)))
        .section(Section::new("agents", words).table(grid::people(
            desk,
            From::Root,
            "conversion_agents",
            &agents,
            &of_people,
        )))
        .section(Section::new("shops", words).table(grid::shops(desk, From::Root, "conversion_shops", &columns)))
        .section(Section::new("links", words).note(words.text("quality.links_note")).table(quality::links(desk)))
}

/// A count of the totals, and its share in the pre-sales inquiries.
fn of_presales(totals: &Totals, measure: &str) -> Option<(i64, Option<Ratio>)> {
    let n = totals.sums.get(measure)?;
    Some((n, Ratio::new(Some(n), totals.sums.get("presales_count"))))
}

fn share(ratio: Option<Ratio>) -> Option<Quantity> {
    ratio.map(|r| Quantity::Share(r.scaled(10_000)))
}

/// Inquiries → pre-sales → ordered → paid.
pub fn funnel(desk: &Desk, totals: &Totals) -> Chart {
    let words = desk.words;
    let mut stages = Vec::new();
    if let Some(inquiries) = totals.sums.get("inquiries_count") {
        stages.push(Stage { name: words.text("conversion.inquiries"), value: inquiries, note: String::new() });
    }
    for (key, measure) in
        [("presales", "presales_count"), ("ordered", "converted_final_count"), ("paid", "paid_final_count")]
    {
        let Some((n, ratio)) = of_presales(totals, measure) else { continue };
        // Of the pre-sales inquiries; these themselves of all.
        let ratio = if key == "presales" { Ratio::new(Some(n), totals.sums.get("inquiries_count")) } else { ratio };
        stages.push(Stage {
            name: words.text(&format!("conversion.{key}")),
            value: n,
            note: show(share(ratio), words),
        });
    }
    let funnel = Funnel {
        id: "funnel".to_owned(),
        title: words.text("chart.funnel.title"),
        description: words.text("chart.funnel.description"),
        stages,
    };
    Chart::funnel(funnel, words)
}

/// The same inquiries by each window.
fn windows(desk: &Desk, totals: &Totals) -> Table {
    let words = desk.words;
    let mut table = Table::new("windows", &["window", "#count", "#share"], words);
    for (key, measure) in [
        ("same_day", "converted_same_day_count"),
        ("next_day", "converted_next_day_count"),
        ("final", "converted_final_count"),
        ("paid", "paid_final_count"),
    ] {
        let Some((n, ratio)) = of_presales(totals, measure) else { continue };
        table.push(vec![
            Cell::text(words.text(&format!("window.{key}"))),
            Cell::count(n, words),
            Cell::quantity(share(ratio), words),
        ]);
    }
    table
}

/// Orders and sales by who is credited: agents, nobody (silent), accounts that nobody has.
fn credited(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("credited", &["credited", "#orders", "#share", "#sales", "#share"], words);
    let all = &desk.now.month.staff_day;
    let of = |keep: &dyn Fn(&str) -> bool| Sums::of(all.iter().filter(|r| keep(&r.staff_id)));
    let whole = of(&|_| true);
    let groups: [(&str, Sums); 3] = [
        ("agents", of(&|id| id != SILENT && id != UNASSIGNED)),
        ("silent", of(&|id| id == SILENT)),
        ("unassigned", of(&|id| id == UNASSIGNED)),
    ];
    for (key, sums) in groups {
        let part = |name: &str| share(Ratio::new(sums.get(name).or(Some(0)), whole.get(name)));
        table.push(vec![
            Cell::text(words.text(&format!("credited.{key}"))),
            Cell::count(sums.get("orders_count").unwrap_or(0), words),
            Cell::quantity(part("orders_count"), words),
            Cell::quantity(Some(Quantity::Fen(sums.get("sales_sum_fen").unwrap_or(0))), words),
            Cell::quantity(part("sales_sum_fen"), words),
        ]);
    }
    table
}
