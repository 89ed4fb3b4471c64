//! Buyers with a session per shop and inquiry date, and what became of them (kpis.md, "converted").

use super::context::Context;
use super::credits::Credit;
use super::scan::Session;
use crate::base::Ms;
use crate::base::time::{DAY, date_of};
use crate::lake::names::NONE;
use crate::lake::orders::Order;

/// One buyer's inquiry of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// Days since 1970-01-01.
    pub day: i32,
    /// Who is credited; else whose session it was last; else who was addressed. [`NONE`]: nobody known.
    pub staff: u32,
    pub presales: bool,
    pub ordered_same_day: bool,
    pub ordered_next_day: bool,
    pub ordered_final: bool,
    pub paid_final: bool,
    /// The converting order, as an index of the buyer's orders.
    pub order: Option<usize>,
    pub provisional: bool,
    /// When its first session began, and the row that began it.
    pub started_at: Ms,
    pub file: u32,
    pub row: i64,
}

/// The inquiries of one conversation that lie in the month. `days[i]` is the inquiry date of session `i`
/// (`None`: agent-only), `staff[i]` its person; `orders` are the buyer's in this shop with their credits.
pub fn inquiries(
    context: &Context<'_>,
    sessions: &[Session],
    days: &[Option<i32>],
    staff: &[u32],
    orders: &[(&Order, Credit, u32)],
) -> Vec<Inquiry> {
    let mut dates: Vec<i32> = (0..sessions.len())
        .filter(|&s| sessions[s].dropped.is_none())
        .filter_map(|s| days[s])
        .filter(|&d| context.in_month(d))
        .collect();
    dates.sort_unstable();
    dates.dedup();
    dates.into_iter().map(|day| inquiry(context, day, sessions, days, staff, orders)).collect()
}

fn inquiry(
    context: &Context<'_>,
    day: i32,
    sessions: &[Session],
    days: &[Option<i32>],
    staff: &[u32],
    orders: &[(&Order, Credit, u32)],
) -> Inquiry {
    let preset = context.preset;
    let own = |s: usize| days[s] == Some(day) && sessions[s].dropped.is_none();
    let end_of = |later: u32| -> Ms { context.zone.end_of(date_of(day + later as i32)) };
    let last = end_of(preset.conversion_days);
    let converting = orders
        .iter()
        .enumerate()
        .filter(|(_, (o, c, _))| o.created_at <= last && c.reply.is_some_and(|r| own(r.session)))
        .min_by_key(|(_, (o, _, _))| (o.created_at, &o.order_id));
    let mine: Vec<usize> = (0..sessions.len()).filter(|&s| own(s)).collect();
    let (start, file, row) =
        mine.first().map_or((0, NONE, 0), |&s| (sessions[s].started_at, sessions[s].file, sessions[s].row));
    let after_sale = i64::from(preset.after_sale_days) * DAY;
    let bought_before =
        orders.iter().any(|(o, _, _)| o.paid_at.is_some_and(|p| (start - after_sale..start).contains(&p)));
    let buys_again = orders.iter().any(|(o, _, _)| (start..=last).contains(&o.created_at));
    let person = converting
        .map(|(_, (_, _, staff))| *staff)
        .or_else(|| mine.iter().rev().map(|&s| staff[s]).find(|&p| p != NONE))
        .unwrap_or(NONE);
    let created = converting.map(|(_, (o, _, _))| o.created_at);
    Inquiry {
        day,
        staff: person,
        presales: !bought_before || buys_again,
        ordered_same_day: created.is_some_and(|t| t <= end_of(0)),
        ordered_next_day: created.is_some_and(|t| t <= end_of(1)),
        ordered_final: created.is_some(),
        paid_final: converting.is_some_and(|(_, (o, _, _))| o.paid_at.is_some_and(|t| t <= last)),
        order: converting.map(|(i, _)| i),
        provisional: last > context.as_of,
        started_at: start,
        file,
        row,
    }
}
