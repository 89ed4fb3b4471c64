//! What buyers say: ratings after a session, reviews of orders. A rate of few ratings says nothing: it is shown as a count.

use super::desk::{Desk, From};
use super::kpi;
use super::overview::headline;
use super::sheet::{Section, Sheet};
use super::sums::{Sums, Tally, Totals};
use super::table::{Cell, Link, Table};
use super::trend;
use crate::report::charts::scale::Steps;
use crate::report::format::{Quantity, Ratio, grouped};

pub fn satisfaction(desk: &Desk) -> Sheet {
    let words = desk.words;
    let figures = [&kpi::SATISFACTION, &kpi::RATED, &kpi::BAD_REVIEWS];
    let shops = desk.now.shops().map(|s| (desk.shop_link(From::Root, s), desk.now.shop(s)));
    let people = desk.staff.iter().map(|id| (desk.person_link(From::Root, id), desk.now.person(id)));
    let min = grouped(desk.inputs.min_ratings);
    Sheet::new("satisfaction", words.text("nav.satisfaction"))
        .lead(words.fill("satisfaction.lead", &[("min", &min)]))
        .section(
            Section::new("figures", words)
                .headlines(figures.map(|k| headline(desk, k, |t| Some(t.whole()), vec![])).to_vec()),
        )
        .section(Section::new("months", words).table(rows(
            desk,
            "satisfaction_months",
            "month",
            desk.months().map(|t| (of_month(t), Some(t.whole()))),
        )))
        .section(Section::new("daily", words).chart(trend::daily(
            desk,
            "rated_days",
            &[&kpi::RATED, &kpi::BAD_REVIEWS],
            Steps::Decimal(1),
            |_| true,
        )))
        .section(Section::new("shops", words).table(rows(desk, "satisfaction_shops", "shop", shops)))
        .section(Section::new("agents", words).table(rows(desk, "satisfaction_agents", "agent", people)))
}

fn of_month(tally: &Tally) -> Link {
    Link { text: tally.month.month.to_string(), href: None }
}

/// Those with a rating or a review; the rate only of enough ratings.
fn rows<'d>(desk: &Desk, id: &str, name: &str, all: impl Iterator<Item = (Link, Option<Totals<'d>>)>) -> Table {
    let words = desk.words;
    let mut table = Table::new(id, &[name, "#rated", "#satisfied", "#satisfaction", "#reviews", "#bad_reviews"], words);
    for (link, totals) in all {
        let Some(sums) = totals.map(|t| t.sums).filter(|s| said_anything(s)) else { continue };
        let count = |name: &str| Cell::count(sums.get(name).unwrap_or(0), words);
        let rated = sums.get("rated_count").unwrap_or(0);
        let rate = sums.ratio("satisfied_count", "rated_count").filter(|_| rated >= desk.inputs.min_ratings);
        let rate = match rate.map(|r: Ratio| Quantity::Share(r.scaled(10_000))) {
            None if rated > 0 => Cell::text(words.text("satisfaction.few")),
            rate => Cell::quantity(rate, words),
        };
        let bad = count("bad_reviews_count");
        let bad = if bad.value > Some(0) { bad.mark("bad") } else { bad };
        table.push(vec![
            Cell::link(link),
            count("rated_count"),
            count("satisfied_count"),
            rate,
            count("reviews_count"),
            bad,
        ]);
    }
    table
}

fn said_anything(sums: &Sums) -> bool {
    ["rated_count", "reviews_count"].iter().any(|m| sums.get(m).unwrap_or(0) > 0)
}
