//! Facts as tables of the mart, each sorted by its key.

mod month;
mod orders;
mod responses;

pub use month::{hours, open_hours, presets, repeat};
pub use orders::{products, steps, unshipped};
pub use responses::{ResponseRow, percentiles, response_rows, spread};

use super::backlog::Backlog;
use super::context::Context;
use super::people::UNASSIGNED;
use super::staff_day::StaffDays;
use super::unit::{CreditRow, Facts};
use crate::base::Result;
use crate::lake::batch::{self, Batch, coded, day, flag, id, int, long, plain, text};
use crate::lake::names::NONE;
use crate::lake::schema::{BACKLOG, CREDITS, INQUIRIES, ORDERS_BESIDE, ROUNDS, SESSIONS, STAFF_DAY, Table};
use foldhash::HashSet;
use std::sync::Arc;

/// Texts of the names' numbers.
struct Texts(Vec<Arc<str>>);

impl Texts {
    /// For coded columns.
    fn codes(&self) -> batch::Texts {
        batch::Texts::new(self.0.iter().map(AsRef::as_ref))
    }

    fn get(&self, id: u32) -> Option<&str> {
        self.0.get(id as usize).map(AsRef::as_ref)
    }

    fn person(&self, id: u32) -> &str {
        self.get(id).unwrap_or(UNASSIGNED)
    }

    fn shop(&self, id: u32) -> &str {
        self.get(id).unwrap_or("")
    }
}

/// A shop and a person; empty stands for all.
type Group = (String, String);

/// The bucket's `sessions` of the month.
pub fn sessions(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let codes = names.codes();
    let rows: Vec<_> = facts.sessions.iter().filter(|s| s.in_month).collect();
    let whose = |i: usize| &facts.conversations[i];
    let openers = batch::Texts::new(["buyer", "agent"]);
    let first = |n: usize| rows.iter().map(move |s| s.first_response.map(|r| r[n]));
    Batch::new(
        &SESSIONS,
        vec![
            id("session_id", rows.iter().map(|s| Some(s.id))),
            coded("shop", rows.iter().map(|s| whose(s.whose).shop), &codes)?,
            plain("buyer_key", rows.iter().map(|s| whose(s.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|s| s.day)),
            long("started_at", rows.iter().map(|s| Some(s.session.started_at))),
            long("ended_at", rows.iter().map(|s| Some(s.session.ended_at))),
            coded("opened_by", rows.iter().map(|s| u32::from(!s.session.opened_by_buyer)), &openers)?,
            coded("account", rows.iter().map(|s| s.session.account), &codes)?,
            coded("staff_id", rows.iter().map(|s| s.staff), &codes)?,
            int("buyer_messages", rows.iter().map(|s| s.session.buyer_messages as i32)),
            int("agent_messages", rows.iter().map(|s| s.session.agent_messages as i32)),
            int("rounds", rows.iter().map(|s| s.session.rounds as i32)),
            long("first_response_ms", first(0)),
            long("first_response_online_ms", first(1)),
            long("first_response_office_ms", first(2)),
            flag("missed", rows.iter().map(|s| s.session.missed)),
            flag("in_window", rows.iter().map(|s| s.in_window)),
            text("dropped", rows.iter().map(|s| s.session.dropped.map(|d| d.name()))),
            coded("source_file", rows.iter().map(|s| s.session.file), &codes)?,
            long("source_row", rows.iter().map(|s| Some(s.session.row))),
        ],
    )
}

/// The bucket's `rounds` of the month's sessions.
pub fn rounds(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let codes = names.codes();
    let rows: Vec<_> = facts.rounds.iter().filter(|r| facts.sessions[r.round.session].in_month).collect();
    let whose = |i: usize| &facts.conversations[i];
    let response = |n: usize| rows.iter().map(move |r| r.response.map(|t| t[n]));
    Batch::new(
        &ROUNDS,
        vec![
            id("session_id", rows.iter().map(|r| Some(r.session_id))),
            int("round_no", rows.iter().map(|r| r.round.no as i32)),
            coded("shop", rows.iter().map(|r| whose(r.whose).shop), &codes)?,
            plain("buyer_key", rows.iter().map(|r| whose(r.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|r| Some(r.day))),
            long("asked_at", rows.iter().map(|r| Some(r.round.asked_at))),
            long("answered_at", rows.iter().map(|r| r.round.answered_at)),
            long("transferred_at", rows.iter().map(|r| r.round.transferred_at)),
            long("response_ms", response(0)),
            long("response_online_ms", response(1)),
            long("response_office_ms", response(2)),
            coded("addressed_to", rows.iter().map(|r| r.round.addressed_to), &codes)?,
            coded("answered_by", rows.iter().map(|r| r.round.answered_by), &codes)?,
            coded("staff_addressed", rows.iter().map(|r| r.staff_addressed), &codes)?,
            coded("staff_answered", rows.iter().map(|r| r.staff_answered), &codes)?,
            flag("in_window", rows.iter().map(|r| r.in_window)),
            text("dropped", rows.iter().map(|r| r.round.dropped.map(|d| d.name()))),
            coded("asked_file", rows.iter().map(|r| r.round.asked_file), &codes)?,
            long("asked_row", rows.iter().map(|r| Some(r.round.asked_row))),
            coded("answered_file", rows.iter().map(|r| r.round.answered_file), &codes)?,
            long("answered_row", rows.iter().map(|r| r.round.answered_at.map(|_| r.round.answered_row))),
        ],
    )
}

/// The bucket's `credits` of orders that were created in the month.
pub fn credits(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    credit_rows(&CREDITS, facts.credits.iter().filter(|c| c.in_month).collect(), context)
}

/// The bucket's `orders_beside`: created in another month, and paid in this one or behind one of its inquiries.
pub fn orders_beside(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let converts: HashSet<(u32, &str)> = facts
        .inquiries
        .iter()
        .filter_map(|i| Some((facts.conversations[i.whose].shop, i.order_id.as_deref()?)))
        .collect();
    let counts = |c: &&CreditRow| {
        let order = &c.order.order;
        let paid = order.paid_at.is_some_and(|t| context.window.own.contains(&t));
        !c.in_month && (paid || converts.contains(&(order.shop, order.order_id.as_str())))
    };
    credit_rows(&ORDERS_BESIDE, facts.credits.iter().filter(counts).collect(), context)
}

fn credit_rows(table: &Table, mut rows: Vec<&CreditRow>, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let codes = names.codes();
    let shop = |c: &CreditRow| names.get(c.order.order.shop);
    rows.sort_unstable_by(|a, b| {
        shop(a).cmp(&shop(b)).then_with(|| a.order.order.order_id.cmp(&b.order.order.order_id))
    });
    let order = |f: fn(&crate::lake::orders::Order) -> Option<i64>| rows.iter().map(move |c| f(&c.order.order));
    Batch::new(
        table,
        vec![
            coded("shop", rows.iter().map(|c| c.order.order.shop), &codes)?,
            plain("order_id", rows.iter().map(|c| c.order.order.order_id.as_str())),
            text("buyer_key", rows.iter().map(|c| c.order.order.buyer_key.as_deref())),
            long("created_at", order(|o| Some(o.created_at))),
            long("paid_at", order(|o| o.paid_at)),
            id("session_id", rows.iter().map(|c| c.session_id)),
            coded("account", rows.iter().map(|c| c.credit.reply.map_or(NONE, |r| r.account)), &codes)?,
            coded("staff_id", rows.iter().map(|c| c.staff), &codes)?,
            int("rule", rows.iter().map(|c| i32::from(c.credit.rule))),
            long("distance_ms", rows.iter().map(|c| c.credit.distance_ms)),
            plain("linked_by", rows.iter().map(|c| c.order.linked_by.name())),
            long("paid_fen", order(|o| o.paid_fen)),
            long("refund_fen", order(|o| o.refund_fen)),
            coded("source_file", rows.iter().map(|c| c.order.order.file), &codes)?,
            long("source_row", order(|o| Some(o.row))),
        ],
    )
}

/// The bucket's `inquiries`.
pub fn inquiries(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let codes = names.codes();
    let rows = &facts.inquiries;
    let whose = |i: usize| &facts.conversations[i];
    Batch::new(
        &INQUIRIES,
        vec![
            coded("shop", rows.iter().map(|r| whose(r.whose).shop), &codes)?,
            plain("buyer_key", rows.iter().map(|r| whose(r.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|r| Some(r.inquiry.day))),
            coded("staff_id", rows.iter().map(|r| r.inquiry.staff), &codes)?,
            flag("presales", rows.iter().map(|r| r.inquiry.presales)),
            flag("ordered_same_day", rows.iter().map(|r| r.inquiry.ordered_same_day)),
            flag("ordered_next_day", rows.iter().map(|r| r.inquiry.ordered_next_day)),
            flag("ordered_final", rows.iter().map(|r| r.inquiry.ordered_final)),
            flag("paid_final", rows.iter().map(|r| r.inquiry.paid_final)),
            text("order_id", rows.iter().map(|r| r.order_id.as_deref())),
            flag("provisional", rows.iter().map(|r| r.inquiry.provisional)),
            long("started_at", rows.iter().map(|r| Some(r.inquiry.started_at))),
            coded("source_file", rows.iter().map(|r| r.inquiry.file), &codes)?,
            long("source_row", rows.iter().map(|r| Some(r.inquiry.row))),
        ],
    )
}

/// `staff_day` of the month.
pub fn staff_day(days: &StaffDays, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let mut rows: Vec<_> = days.rows().filter(|((d, _, _), _)| context.in_month(*d)).collect();
    rows.sort_by(|((d, s, p), _), ((e, t, q), _)| {
        (d, names.get(*s), names.person(*p)).cmp(&(e, names.get(*t), names.person(*q)))
    });
    let mut columns = vec![
        day("date", rows.iter().map(|((d, _, _), _)| Some(*d))),
        text("shop", rows.iter().map(|((_, s, _), _)| names.get(*s))),
        plain("staff_id", rows.iter().map(|((_, _, p), _)| names.person(*p))),
    ];
    for (i, field) in STAFF_DAY.columns[3..].iter().enumerate() {
        columns.push(long(field.name, rows.iter().map(|(_, values)| Some(values[i]))));
    }
    Batch::new(&STAFF_DAY, columns)
}

/// `backlog` of the month's instants.
pub fn backlog(backlog: &Backlog, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let mut rows: Vec<_> = backlog.rows().collect();
    rows.sort_by(|((at, s, k, p), _), ((bt, t, l, q), _)| {
        (at, names.get(*s), k.name(), names.person(*p)).cmp(&(bt, names.get(*t), l.name(), names.person(*q)))
    });
    let ages = |n: usize| rows.iter().map(move |(_, ages)| Some(ages[n]));
    Batch::new(
        &BACKLOG,
        vec![
            long("at", rows.iter().map(|((at, ..), _)| Some(*at))),
            text("shop", rows.iter().map(|((_, s, ..), _)| names.get(*s))),
            plain("staff_id", rows.iter().map(|((.., p), _)| names.person(*p))),
            plain("kind", rows.iter().map(|((_, _, k, _), _)| k.name())),
            long("open", ages(0)),
            long("lt_1h", ages(1)),
            long("lt_4h", ages(2)),
            long("lt_24h", ages(3)),
            long("older", ages(4)),
        ],
    )
}
