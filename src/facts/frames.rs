//! Facts as frames, one for each table of the mart, sorted by the table's key.

use super::backlog::Backlog;
use super::context::Context;
use super::people::UNASSIGNED;
use super::percentiles::Percentiles;
use super::staff_day::StaffDays;
use super::unit::{CreditRow, Facts};
use crate::base::{Error, Result};
use crate::lake::names::NONE;
use crate::lake::schema::STAFF_DAY;
use polars::prelude::*;
use std::sync::Arc;

/// Texts of the names' numbers.
struct Texts(Vec<Arc<str>>);

impl Texts {
    fn get(&self, id: u32) -> Option<&str> {
        self.0.get(id as usize).map(AsRef::as_ref)
    }

    fn person(&self, id: u32) -> &str {
        self.get(id).unwrap_or(UNASSIGNED)
    }
}

fn frame(height: usize, columns: Vec<Column>) -> Result<DataFrame> {
    DataFrame::new(height, columns).map_err(|e| Error::Failed(format!("cannot build a frame: {e}")))
}

fn text<'a>(name: &str, values: impl Iterator<Item = Option<&'a str>>) -> Column {
    StringChunked::from_iter_options(name.into(), values).into_column()
}

fn plain<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Column {
    text(name, values.map(Some))
}

fn long(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    Int64Chunked::from_iter_options(name.into(), values).into_column()
}

fn int(name: &str, values: impl Iterator<Item = i32>) -> Column {
    Int32Chunked::from_vec(name.into(), values.collect()).into_column()
}

fn day(name: &str, values: impl Iterator<Item = Option<i32>>) -> Result<Column> {
    Int32Chunked::from_iter_options(name.into(), values)
        .into_column()
        .cast(&DataType::Date)
        .map_err(|e| Error::Failed(e.to_string()))
}

fn flag(name: &str, values: impl Iterator<Item = bool>) -> Column {
    BooleanChunked::from_iter_values(name.into(), values).into_column()
}

/// `session_id` as the tables have it.
pub fn session_id(id: u64) -> String {
    format!("{id:016x}")
}

/// The bucket's `sessions` of the month.
pub fn sessions(facts: &Facts, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let rows: Vec<_> = facts.sessions.iter().filter(|s| s.in_month).collect();
    let whose = |i: usize| &facts.conversations[i];
    let ids: Vec<String> = rows.iter().map(|s| session_id(s.id)).collect();
    let first = |n: usize| rows.iter().map(move |s| s.first_response.map(|r| r[n]));
    frame(
        rows.len(),
        vec![
            plain("session_id", ids.iter().map(String::as_str)),
            text("shop", rows.iter().map(|s| names.get(whose(s.whose).shop))),
            plain("buyer_key", rows.iter().map(|s| whose(s.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|s| s.day))?,
            long("started_at", rows.iter().map(|s| Some(s.session.started_at))),
            long("ended_at", rows.iter().map(|s| Some(s.session.ended_at))),
            plain("opened_by", rows.iter().map(|s| if s.session.opened_by_buyer { "buyer" } else { "agent" })),
            text("account", rows.iter().map(|s| names.get(s.session.account))),
            text("staff_id", rows.iter().map(|s| names.get(s.staff))),
            int("buyer_messages", rows.iter().map(|s| s.session.buyer_messages as i32)),
            int("agent_messages", rows.iter().map(|s| s.session.agent_messages as i32)),
            int("rounds", rows.iter().map(|s| s.session.rounds as i32)),
            long("first_response_ms", first(0)),
            long("first_response_online_ms", first(1)),
            long("first_response_office_ms", first(2)),
            flag("missed", rows.iter().map(|s| s.session.missed)),
            flag("in_window", rows.iter().map(|s| s.in_window)),
            text("dropped", rows.iter().map(|s| s.session.dropped.map(|d| d.name()))),
        ],
    )
}

/// The bucket's `rounds` of the month's sessions.
pub fn rounds(facts: &Facts, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let rows: Vec<_> = facts.rounds.iter().filter(|r| facts.sessions[r.round.session].in_month).collect();
    let whose = |i: usize| &facts.conversations[i];
    let ids: Vec<String> = rows.iter().map(|r| session_id(r.session_id)).collect();
    let response = |n: usize| rows.iter().map(move |r| r.response.map(|t| t[n]));
    frame(
        rows.len(),
        vec![
            plain("session_id", ids.iter().map(String::as_str)),
            int("round_no", rows.iter().map(|r| r.round.no as i32)),
            text("shop", rows.iter().map(|r| names.get(whose(r.whose).shop))),
            plain("buyer_key", rows.iter().map(|r| whose(r.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|r| Some(r.day)))?,
            long("asked_at", rows.iter().map(|r| Some(r.round.asked_at))),
            long("answered_at", rows.iter().map(|r| r.round.answered_at)),
            long("transferred_at", rows.iter().map(|r| r.round.transferred_at)),
            long("response_ms", response(0)),
            long("response_online_ms", response(1)),
            long("response_office_ms", response(2)),
            text("addressed_to", rows.iter().map(|r| names.get(r.round.addressed_to))),
            text("answered_by", rows.iter().map(|r| names.get(r.round.answered_by))),
            text("staff_addressed", rows.iter().map(|r| names.get(r.staff_addressed))),
            text("staff_answered", rows.iter().map(|r| names.get(r.staff_answered))),
            flag("in_window", rows.iter().map(|r| r.in_window)),
            text("dropped", rows.iter().map(|r| r.round.dropped.map(|d| d.name()))),
            text("asked_file", rows.iter().map(|r| names.get(r.round.asked_file))),
            long("asked_row", rows.iter().map(|r| Some(r.round.asked_row))),
            text("answered_file", rows.iter().map(|r| names.get(r.round.answered_file))),
            long("answered_row", rows.iter().map(|r| r.round.answered_at.map(|_| r.round.answered_row))),
        ],
    )
}

/// The bucket's `credits` of orders that were created in the month.
pub fn credits(facts: &Facts, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let mut rows: Vec<&CreditRow> = facts.credits.iter().filter(|c| c.in_month).collect();
    let key = |c: &CreditRow| (names.get(c.order.order.shop).unwrap_or("").to_owned(), c.order.order.order_id.clone());
    rows.sort_by_cached_key(|c| key(c));
    let ids: Vec<Option<String>> = rows.iter().map(|c| c.session_id.map(session_id)).collect();
    let order = |f: fn(&crate::lake::orders::Order) -> Option<i64>| rows.iter().map(move |c| f(&c.order.order));
    frame(
        rows.len(),
        vec![
            text("shop", rows.iter().map(|c| names.get(c.order.order.shop))),
            plain("order_id", rows.iter().map(|c| c.order.order.order_id.as_str())),
            text("buyer_key", rows.iter().map(|c| c.order.order.buyer_key.as_deref())),
            long("created_at", order(|o| Some(o.created_at))),
            long("paid_at", order(|o| o.paid_at)),
            text("session_id", ids.iter().map(Option::as_deref)),
            text("account", rows.iter().map(|c| c.credit.reply.and_then(|r| names.get(r.account)))),
            text("staff_id", rows.iter().map(|c| names.get(c.staff))),
            int("rule", rows.iter().map(|c| i32::from(c.credit.rule))),
            long("distance_ms", rows.iter().map(|c| c.credit.distance_ms)),
            plain("linked_by", rows.iter().map(|c| c.order.linked_by.name())),
            long("paid_fen", order(|o| o.paid_fen)),
            long("refund_fen", order(|o| o.refund_fen)),
            text("source_file", rows.iter().map(|c| names.get(c.order.order.file))),
            long("source_row", order(|o| Some(o.row))),
        ],
    )
}

/// The bucket's `inquiries`.
pub fn inquiries(facts: &Facts, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let rows = &facts.inquiries;
    let whose = |i: usize| &facts.conversations[i];
    frame(
        rows.len(),
        vec![
            text("shop", rows.iter().map(|r| names.get(whose(r.whose).shop))),
            plain("buyer_key", rows.iter().map(|r| whose(r.whose).buyer_key.as_str())),
            day("inquiry_date", rows.iter().map(|r| Some(r.inquiry.day)))?,
            text("staff_id", rows.iter().map(|r| names.get(r.inquiry.staff))),
            flag("presales", rows.iter().map(|r| r.inquiry.presales)),
            flag("ordered_same_day", rows.iter().map(|r| r.inquiry.ordered_same_day)),
            flag("ordered_next_day", rows.iter().map(|r| r.inquiry.ordered_next_day)),
            flag("ordered_final", rows.iter().map(|r| r.inquiry.ordered_final)),
            flag("paid_final", rows.iter().map(|r| r.inquiry.paid_final)),
            text("order_id", rows.iter().map(|r| r.order_id.as_deref())),
            flag("provisional", rows.iter().map(|r| r.inquiry.provisional)),
        ],
    )
}

/// `staff_day` of the month.
pub fn staff_day(days: &StaffDays, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let mut rows: Vec<_> = days.rows().filter(|((d, _, _), _)| context.in_month(*d)).collect();
    rows.sort_by(|((d, s, p), _), ((e, t, q), _)| {
        (d, names.get(*s), names.person(*p)).cmp(&(e, names.get(*t), names.person(*q)))
    });
    let mut columns = vec![
        day("date", rows.iter().map(|((d, _, _), _)| Some(*d)))?,
        text("shop", rows.iter().map(|((_, s, _), _)| names.get(*s))),
        plain("staff_id", rows.iter().map(|((_, _, p), _)| names.person(*p))),
    ];
    for (i, field) in STAFF_DAY.columns[3..].iter().enumerate() {
        columns.push(long(field.name, rows.iter().map(|(_, values)| Some(values[i]))));
    }
    frame(rows.len(), columns)
}

/// `backlog` of the month's instants.
pub fn backlog(backlog: &Backlog, context: &Context<'_>) -> Result<DataFrame> {
    let names = Texts(context.names.all());
    let mut rows: Vec<_> = backlog.rows().collect();
    rows.sort_by(|((at, s, k, p), _), ((bt, t, l, q), _)| {
        (at, names.get(*s), k.name(), names.person(*p)).cmp(&(bt, names.get(*t), l.name(), names.person(*q)))
    });
    let ages = |n: usize| rows.iter().map(move |(_, ages)| Some(ages[n]));
    frame(
        rows.len(),
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

/// One row of `percentiles`: what it is of, the day (`None`: the month), shop and person (empty: all).
pub type PercentileRow = (&'static str, Option<i32>, String, String, Percentiles);

/// `percentiles` of the month, sorted.
pub fn percentiles(rows: &[PercentileRow]) -> Result<DataFrame> {
    let value = |f: fn(&Percentiles) -> i64| rows.iter().map(move |r| Some(f(&r.4)));
    frame(
        rows.len(),
        vec![
            plain("of", rows.iter().map(|r| r.0)),
            day("date", rows.iter().map(|r| r.1))?,
            plain("shop", rows.iter().map(|r| r.2.as_str())),
            plain("staff_id", rows.iter().map(|r| r.3.as_str())),
            long("count", value(|p| p.count)),
            long("p50_ms", value(|p| p.p50)),
            long("p90_ms", value(|p| p.p90)),
            long("p99_ms", value(|p| p.p99)),
        ],
    )
}

/// The percentiles that pages show: the month for all, each shop, each person, each person in each shop; each day.
pub fn percentile_rows(facts: &Facts, context: &Context<'_>) -> Vec<PercentileRow> {
    let names = Texts(context.names.all());
    let mut rows: Vec<PercentileRow> = Vec::new();
    for (of, values) in [("first", &facts.first_responses), ("round", &facts.responses)] {
        let shop = |s: u32| names.get(s).unwrap_or("").to_owned();
        let person = |p: u32| names.person(p).to_owned();
        let mut add = |groups: std::collections::BTreeMap<(Option<i32>, String, String), Percentiles>| {
            rows.extend(groups.into_iter().map(|((day, shop, staff), p)| (of, day, shop, staff, p)));
        };
        add(values.by(|_, _, _| Some((None, String::new(), String::new()))));
        add(values.by(|_, s, _| Some((None, shop(s), String::new()))));
        add(values.by(|_, _, p| (p != NONE).then(|| (None, String::new(), person(p)))));
        add(values.by(|_, s, p| (p != NONE).then(|| (None, shop(s), person(p)))));
        add(values.by(|d, _, _| Some((Some(d), String::new(), String::new()))));
    }
    rows.sort_by(|a, b| (a.0, a.1, &a.2, &a.3).cmp(&(b.0, b.1, &b.2, &b.3)));
    rows.dedup_by(|a, b| (a.0, a.1, &a.2, &a.3) == (b.0, b.1, &b.2, &b.3));
    rows
}
