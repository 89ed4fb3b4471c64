//! Agents by what they receive in an hour online, so that unequal shifts compare fairly.

use super::desk::{Desk, From, UNASSIGNED};
use super::kpi::{self, Kpi};
use super::ledger::{self, Sum};
use super::overview::is_ranked;
use super::table::{Cell, Table};
use super::trend;
use crate::base::time::HOUR;
use crate::report::format::{Quantity, Ratio};

/// Column of those received.
const RECEIVED: usize = 2;
/// Column of received per hour, which carries the bars.
const PER_HOUR: usize = 4;

pub fn ranking(desk: &Desk) -> Table {
    let words = desk.words;
    let kpis: [&'static Kpi; 6] = [
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::REPLY_RATE,
        &kpi::CONVERSION,
        &kpi::SALES_PER_HOUR,
    ];
    let mut table = Table::new("ranking", &["#rank", "agent", "#received", "#online", "#per_hour"], words);
    table.leads(RECEIVED, kpi::RECEIVED.href(From::Root));
    table.leads(PER_HOUR, kpi::RECEIVED_PER_HOUR.href(From::Root));
    for kpi in kpis {
        table.figure_column(kpi.name(words, desk.inputs));
        table.last_leads(kpi.href(From::Root));
        table.tag(trend::is_provisional(&desk.now, kpi).then(|| words.text("provisional")));
    }
    table.figure_column(words.text("column.points"));

    let mut agents: Vec<(&str, Option<Ratio>)> = desk
        .staff
        .iter()
        .filter(|id| is_ranked(desk, id))
        .map(|id| (*id, desk.now.person(id).and_then(|t| kpi::received_per_hour(&t))))
        .collect();
    // Largest first, those without hours last, equal ones by id.
    agents.sort_by(|(a, x), (b, y)| match (x, y) {
        (Some(x), Some(y)) => y.compare(*x).then(a.cmp(b)),
        _ => y.is_some().cmp(&x.is_some()).then((*a == UNASSIGNED).cmp(&(*b == UNASSIGNED))).then(a.cmp(b)),
    });

    for (i, (id, per_hour)) in agents.into_iter().enumerate() {
        let totals = desk.now.person(id);
        let figure = |kpi: &Kpi| Cell::quantity(totals.as_ref().and_then(kpi.of), words);
        let online = totals.as_ref().and_then(|t| t.sums.get("online_sum_ms"));
        let hours = Ratio::new(online, Some(HOUR)).map(|r| Quantity::Tenths(r.scaled(10)));
        let place = per_hour.map(|_| Quantity::Count(i as i64 + 1));
        let sum = Sum::of(desk, desk.now.month.deductions.iter().filter(|d| d.staff_id == id));
        let mut row = vec![
            Cell::quantity(place, words),
            Cell::link(desk.person_link(From::Root, id)),
            figure(&kpi::RECEIVED),
            Cell::quantity(hours, words),
            figure(&kpi::RECEIVED_PER_HOUR),
        ];
        row.extend(kpis.iter().map(|kpi| figure(kpi)));
        row.push(ledger::points(sum.points));
        table.push(row);
    }
    table.with_bars(PER_HOUR)
}
