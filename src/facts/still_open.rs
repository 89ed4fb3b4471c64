//! What the last backlog of a month counts, one by one: rounds that wait for an answer, orders that wait for their parcel.

use super::backlog::Kind;
use super::context::Context;
use super::people::UNASSIGNED;
use super::scan::Round;
use super::unit::{CreditRow, Facts};
use crate::base::{Ms, Result};
use crate::lake::batch::{Batch, coded, long, plain, text};
use crate::lake::names::NONE;
use crate::lake::orders::Order;
use crate::lake::schema::STILL_OPEN;

/// A round that was open at the month's last instant. It may belong to a month before, or (asked in the evening) to the
/// next one, so no other table of the month need hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRound {
    /// Index of [`Facts::conversations`].
    whose: usize,
    staff: u32,
    asked_at: Ms,
    file: u32,
    row: i64,
}

impl OpenRound {
    /// The round, if the month's last backlog counts it.
    pub fn at_last(context: &Context<'_>, whose: usize, staff: u32, round: &Round) -> Option<OpenRound> {
        let at = context.last_instant().filter(|&at| round.asked_at <= at && round.dropped.is_none())?;
        let open = at < round.closes_at(context.preset.round_expires_ms);
        open.then_some(OpenRound {
            whose,
            staff,
            asked_at: round.asked_at,
            file: round.asked_file,
            row: round.asked_row,
        })
    }
}

struct Row<'a> {
    shop: &'a str,
    kind: Kind,
    staff: u32,
    opened_at: Ms,
    buyer_key: Option<&'a str>,
    order_id: Option<&'a str>,
    file: u32,
    row: i64,
}

/// The bucket's `still_open`.
///
/// # Errors
/// A column that does not fit the table: a bug of ours.
pub fn table(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = context.names.all();
    let name = |id: u32| names.get(id as usize).map(AsRef::as_ref);
    let at = context.last_instant();
    let rounds = facts.open_rounds.iter().map(|r| Row {
        shop: name(facts.conversations[r.whose].shop).unwrap_or(""),
        kind: Kind::Rounds,
        staff: r.staff,
        opened_at: r.asked_at,
        buyer_key: Some(&facts.conversations[r.whose].buyer_key),
        order_id: None,
        file: r.file,
        row: r.row,
    });
    let waits = |o: &Order| {
        let over = o.shipped_at.into_iter().chain(o.closed_at).min().unwrap_or(Ms::MAX);
        o.paid_at.filter(|&paid| at.is_some_and(|at| paid <= at && at < over))
    };
    let orders = facts.credits.iter().filter_map(|c: &CreditRow| {
        let o = &c.order.order;
        Some(Row {
            shop: name(o.shop).unwrap_or(""),
            kind: Kind::Unshipped,
            staff: o.responsible,
            opened_at: waits(o)?,
            buyer_key: o.buyer_key.as_deref(),
            order_id: Some(&o.order_id),
            file: o.file,
            row: o.row,
        })
    });
    let mut rows: Vec<Row<'_>> = rounds.chain(orders).collect();
    let key = |r: &Row<'_>| (r.kind.name(), r.opened_at, name(r.file).map(str::to_owned), r.row);
    rows.sort_by(|a, b| a.shop.cmp(b.shop).then_with(|| key(a).cmp(&key(b))));
    let codes = crate::lake::batch::Texts::new(names.iter().map(AsRef::as_ref));
    Batch::new(
        &STILL_OPEN,
        vec![
            long("at", rows.iter().map(|_| at)),
            plain("shop", rows.iter().map(|r| r.shop)),
            plain("kind", rows.iter().map(|r| r.kind.name())),
            plain("staff_id", rows.iter().map(|r| name(r.staff).filter(|_| r.staff != NONE).unwrap_or(UNASSIGNED))),
            long("opened_at", rows.iter().map(|r| Some(r.opened_at))),
            text("buyer_key", rows.iter().map(|r| r.buyer_key)),
            text("order_id", rows.iter().map(|r| r.order_id)),
            coded("source_file", rows.iter().map(|r| r.file), &codes)?,
            long("source_row", rows.iter().map(|r| Some(r.row))),
        ],
    )
}
