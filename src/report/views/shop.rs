//! One shop: its figures, its week, who answers there, its orders, what was deducted there.

use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::overview::headline;
use super::sheet::{Section, Sheet};
use super::{backlog, conversion, discipline, grid, ledger, orders, service, trend};
use crate::report::charts::scale::Steps;
use crate::report::data::Deduction;

pub fn shop(desk: &Desk, shop: &str) -> Sheet {
    let words = desk.words;
    let figures: [&'static Kpi; 12] = [
        &kpi::INQUIRIES,
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::RESPONSE_MEAN,
        &kpi::MISSED,
        &kpi::BACKLOG,
        &kpi::CONVERSION,
        &kpi::LINK_RATE,
        &kpi::ORDERS,
        &kpi::SALES,
        &kpi::REFUND_RATE,
    ];
    let agents: [&'static Kpi; 9] = [
        &kpi::RECEIVED,
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::CONVERSION,
        &kpi::SALES,
    ];
    let month = desk.now.month;
    let deductions: Vec<&Deduction> = month.deductions.iter().filter(|d| d.shop == shop).collect();
    let unshipped: Vec<_> = month.unshipped.iter().filter(|u| u.shop == shop).cloned().collect();
    let mut answers = Section::new("answers", words)
        .chart(service::spread(desk, "first", &month.spread, (shop, "")))
        .chart(trend::daily(desk, "response_days", &[&kpi::FIRST_MEAN, &kpi::RESPONSE_MEAN], Steps::Time, |r| {
            r.shop == shop
        }))
        .chart(service::load(desk, &month.hours, |h| h.shop == shop))
        .chart(backlog::curve(desk, |s| s == shop));
    if let Some(totals) = desk.now.shop(shop) {
        answers = answers.chart(conversion::funnel(desk, &totals));
    }
    Sheet::new("shop", shop.to_owned())
        .section(
            Section::new("figures", words)
                .headlines(figures.map(|k| headline(desk, k, |t| t.shop(shop), vec![])).to_vec()),
        )
        .section(answers)
        .section(Section::new("agents", words).table(grid::people_of_shop(desk, shop, "shop_agents", &agents)))
        .section(Section::new("months", words).table(trend::months(
            desk,
            From::Folder,
            "months",
            &trend::month_kpis(desk),
            |t| t.shop(shop),
        )))
        .section(
            Section::new("steps", words)
                .table(orders::steps(desk, From::Folder, "steps", |s| s.shop == shop && s.staff_id.is_empty(), &[]))
                .table(orders::unshipped(desk, From::Folder, &unshipped)),
        )
        .section(Section::new("clauses", words).note(discipline::sum(desk, &deductions)).table(ledger::clauses(
            desk,
            From::Folder,
            &deductions,
            false,
        )))
        .section(
            Section::new("days", words)
                .table(grid::days(
                    desk,
                    "shop_days",
                    &[&kpi::INQUIRIES, &kpi::FIRST_MEAN, &kpi::MISSED, &kpi::ORDERS, &kpi::SALES],
                    |r| r.shop == shop,
                ))
                .folded(),
        )
}
