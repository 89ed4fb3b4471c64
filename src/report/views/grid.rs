//! Tables of key figures: people, shops, teams or days as rows, figures as columns.

use super::desk::{Desk, From};
use super::kpi::Kpi;
use super::sums::{Sums, Totals};
use super::table::{Cell, Table};
use super::trend;
use crate::report::format::day;

/// An empty table with columns of the names and of the figures; those that may still change are marked.
pub fn grid(desk: &Desk, from: From, id: &str, names: &[&str], kpis: &[&'static Kpi]) -> Table {
    let words = desk.words;
    let mut table = Table::new(id, names, words);
    for kpi in kpis {
        table.figure_column(kpi.name(words, desk.inputs));
        table.last_leads(kpi.href(from));
        table.tag(trend::is_provisional(&desk.now, kpi).then(|| words.text("provisional")));
    }
    table
}

/// The figures of one row.
pub fn cells(desk: &Desk, kpis: &[&'static Kpi], totals: Option<&Totals>) -> Vec<Cell> {
    kpis.iter().map(|k| Cell::quantity(totals.and_then(k.of), desk.words)).collect()
}

/// One row for each shop of the month.
pub fn shops(desk: &Desk, from: From, id: &str, kpis: &[&'static Kpi]) -> Table {
    let mut table = grid(desk, from, id, &["shop"], kpis);
    for shop in desk.now.shops() {
        let mut row = vec![Cell::link(desk.shop_link(from, shop))];
        row.extend(cells(desk, kpis, desk.now.shop(shop).as_ref()));
        table.push(row);
    }
    table
}

/// One row for each of these people.
pub fn people(desk: &Desk, from: From, id: &str, people: &[&str], kpis: &[&'static Kpi]) -> Table {
    let mut table = grid(desk, from, id, &["agent"], kpis);
    for person in people {
        let mut row = vec![Cell::link(desk.person_link(from, person))];
        row.extend(cells(desk, kpis, desk.now.person(person).as_ref()));
        table.push(row);
    }
    table
}

/// One row for each of these people in one shop. Percentiles are of the person in that shop.
pub fn people_of_shop(desk: &Desk, shop: &str, id: &str, kpis: &[&'static Kpi]) -> Table {
    let mut table = grid(desk, From::Folder, id, &["agent"], kpis);
    for person in &desk.staff {
        let sums = Sums::of(desk.now.rows(person).iter().copied().filter(|r| r.shop == shop));
        if sums.is_empty() {
            continue;
        }
        let totals = Totals { first: desk.now.first_of(shop, person), ..Totals::bare(&sums) };
        let mut row = vec![Cell::link(desk.person_link(From::Folder, person))];
        row.extend(cells(desk, kpis, Some(&totals)));
        table.push(row);
    }
    table
}

/// One row for each day with figures, of the rows that `keep` keeps.
pub fn days(
    desk: &Desk,
    id: &str,
    kpis: &[&'static Kpi],
    keep: impl Fn(&crate::report::data::StaffDay) -> bool,
) -> Table {
    let mut table = grid(desk, From::Folder, id, &["day"], kpis);
    for (date, sums) in trend::by_day(&desk.now, keep) {
        let mut row = vec![Cell::date(day(desk.words, date), date)];
        row.extend(cells(desk, kpis, Some(&Totals::bare(&sums))));
        table.push(row);
    }
    table
}
