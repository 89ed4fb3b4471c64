//! The queries behind the lists: polars over the tables of a month, or of some of its buckets.

use super::Base;
use crate::base::Ms;
use crate::facts::people::{SILENT, UNASSIGNED};
use crate::settings::preset::{Clock, Preset, Unanswered, Unit};
use polars::prelude::*;
use std::ops::Range;

/// The tables of a month that rows are taken from: of all buckets, or of some.
#[derive(Clone)]
pub struct Tables {
    pub sessions: LazyFrame,
    pub rounds: LazyFrame,
    pub inquiries: LazyFrame,
    pub credits: LazyFrame,
    pub orders_beside: LazyFrame,
    pub still_open: LazyFrame,
    pub staff_day: LazyFrame,
}

impl Tables {
    /// The same with the columns that the queries look at read once, for many queries.
    ///
    /// # Errors
    /// A file that polars cannot read, or that is not a table of this version.
    pub fn in_memory(self) -> PolarsResult<Tables> {
        let read = |frame: LazyFrame, columns: &[&str]| -> PolarsResult<LazyFrame> {
            let columns: Vec<Expr> = columns.iter().map(|c| col(*c)).collect();
            Ok(frame.select(columns).collect()?.lazy())
        };
        Ok(Tables {
            sessions: read(self.sessions, SESSION)?,
            rounds: read(self.rounds, ROUND)?,
            inquiries: read(self.inquiries, INQUIRY)?,
            credits: read(self.credits, CREDIT)?,
            orders_beside: read(self.orders_beside, CREDIT)?,
            ..self
        })
    }
}

const SESSION: &[&str] = &[
    "session_id",
    "shop",
    "buyer_key",
    "inquiry_date",
    "started_at",
    "ended_at",
    "opened_by",
    "account",
    "staff_id",
    "buyer_messages",
    "agent_messages",
    "missed",
    "dropped",
    "source_file",
    "source_row",
];
const ROUND: &[&str] = &[
    "session_id",
    "round_no",
    "shop",
    "buyer_key",
    "inquiry_date",
    "asked_at",
    "answered_at",
    "response_ms",
    "response_online_ms",
    "response_office_ms",
    "staff_addressed",
    "staff_answered",
    "in_window",
    "dropped",
    "asked_file",
    "asked_row",
];
const INQUIRY: &[&str] = &[
    "shop",
    "buyer_key",
    "staff_id",
    "presales",
    "ordered_same_day",
    "ordered_next_day",
    "ordered_final",
    "paid_final",
    "order_id",
    "started_at",
    "source_file",
    "source_row",
];
const CREDIT: &[&str] = &[
    "shop",
    "order_id",
    "created_at",
    "paid_at",
    "staff_id",
    "rule",
    "linked_by",
    "paid_fen",
    "refund_fen",
    "source_file",
    "source_row",
];

/// What the month is measured with.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    pub preset: &'a Preset,
    /// The month itself.
    pub own: Range<Ms>,
}

/// One row for each event, with the columns that [`Base::query`] names.
///
/// # Errors
/// A query that polars does not understand: a bug of ours.
pub fn query(base: Base, tables: &Tables, scope: &Scope<'_>) -> PolarsResult<LazyFrame> {
    let t = tables.clone();
    let nothing = lit(NULL).cast(DataType::Int64);
    let lasted = || ms("ended_at") - ms("started_at");
    Ok(match base {
        Base::Sessions => of_session(counted_sessions(t), messages()),
        Base::Missed => of_session(t.sessions.filter(col("missed")), nothing),
        Base::Long => {
            let long = lasted().gt(lit(scope.preset.long_ms));
            of_session(counted_sessions(t).filter(long), lasted())
        }
        Base::Concurrent => of_session(concurrent(t)?, nothing),
        Base::FirstResponses => {
            let answered = counted_rounds(t.rounds.clone()).filter(clock(scope.preset).is_not_null());
            of_round(first_rounds(answered, t.sessions), clock(scope.preset), "staff_answered")
        }
        Base::Responses => responses(t.rounds, scope.preset),
        Base::NotMet => not_met(t, scope.preset),
        Base::Slow => slow(t.rounds, scope.preset),
        Base::Unanswered => unanswered(t),
        Base::Inquiries => t.inquiries.select([
            col("shop"),
            nobody("staff_id"),
            ms("started_at").alias("at"),
            nothing.alias("value"),
            buyer().alias("what"),
            col("source_file"),
            col("source_row"),
            col("presales"),
            col("ordered_final"),
        ]),
        Base::Converted => converted(t)?,
        Base::Orders => of_order(t.credits, "created_at", col("paid_fen")),
        Base::Paid => of_order(paid(t, scope)?, "paid_at", col("paid_fen").fill_null(lit(0_i64))),
        Base::Refunds => {
            of_order(paid(t, scope)?.filter(col("refund_fen").gt(lit(0_i64))), "paid_at", col("refund_fen"))
        }
        Base::Open => t.still_open.select([
            col("shop"),
            col("staff_id"),
            ms("opened_at").alias("at"),
            (ms("at") - ms("opened_at")).alias("value"),
            coalesce(&[col("order_id"), buyer()]).alias("what"),
            col("source_file"),
            col("source_row"),
            col("kind"),
        ]),
    })
}

fn ms(column: &str) -> Expr {
    col(column).cast(DataType::Int64)
}

/// The first digits of a pseudonym: enough to find a buyer again in a list.
fn buyer() -> Expr {
    col("buyer_key").str().head(lit(8))
}

/// Nobody's accounts count for a person of their own, as in `staff_day`.
fn nobody(column: &str) -> Expr {
    col(column).fill_null(lit(UNASSIGNED)).alias("staff_id")
}

/// Response time as the preset reads it.
fn clock(preset: &Preset) -> Expr {
    col(match preset.clock {
        Clock::Wall => "response_ms",
        Clock::OnlineHours => "response_online_ms",
        Clock::OfficeHours => "response_office_ms",
    })
}

fn messages() -> Expr {
    ms("buyer_messages") + ms("agent_messages")
}

fn counted_sessions(t: Tables) -> LazyFrame {
    t.sessions.filter(col("dropped").is_null().and(col("inquiry_date").is_not_null()))
}

/// Rounds that response figures are made of.
fn counted_rounds(rounds: LazyFrame) -> LazyFrame {
    rounds.filter(col("dropped").is_null().and(col("in_window")))
}

/// Each session's first round; a session that the agent opened has no first response.
fn first_rounds(rounds: LazyFrame, sessions: LazyFrame) -> LazyFrame {
    let by_agent = sessions.filter(col("opened_by").eq(lit("agent"))).select([col("session_id")]);
    rounds.filter(col("round_no").eq(lit(1))).anti_join(by_agent, col("session_id"), col("session_id"))
}

fn of_session(sessions: LazyFrame, value: Expr) -> LazyFrame {
    sessions.select([
        col("shop"),
        nobody("staff_id"),
        ms("started_at").alias("at"),
        value.alias("value"),
        buyer().alias("what"),
        col("source_file"),
        col("source_row"),
    ])
}

fn of_round(rounds: LazyFrame, value: Expr, staff: &str) -> LazyFrame {
    rounds.select([
        col("shop"),
        nobody(staff),
        ms("asked_at").alias("at"),
        value.alias("value"),
        buyer().alias("what"),
        col("asked_file").alias("source_file"),
        col("asked_row").alias("source_row"),
    ])
}

/// Who a round's response counts for: who answered, else who was asked.
fn with_person(rounds: LazyFrame, preset: &Preset) -> LazyFrame {
    let staff = when(clock(preset).is_not_null()).then(col("staff_answered")).otherwise(col("staff_addressed"));
    rounds.with_column(staff.alias("person"))
}

fn responses(rounds: LazyFrame, preset: &Preset) -> LazyFrame {
    let rounds = counted_rounds(rounds);
    let (rounds, value) = match preset.unanswered_as {
        Unanswered::Value(ms) => (rounds, clock(preset).fill_null(lit(ms))),
        _ => (rounds.filter(clock(preset).is_not_null()), clock(preset)),
    };
    let capped = match preset.cap_ms {
        Some(cap) => when(value.clone().gt(lit(cap))).then(lit(cap)).otherwise(value),
        None => value,
    };
    of_round(with_person(rounds, preset), capped, "person")
}

fn not_met(t: Tables, preset: &Preset) -> LazyFrame {
    let rounds = counted_rounds(t.rounds);
    let late = clock(preset).gt(lit(preset.target_ms));
    let (value, late) = match preset.unanswered_as {
        Unanswered::LeftOut => (clock(preset), late),
        Unanswered::Late => (clock(preset), clock(preset).is_null().or(late)),
        Unanswered::Value(ms) => {
            let value = clock(preset).fill_null(lit(ms));
            (value.clone(), value.gt(lit(preset.target_ms)))
        }
    };
    let rounds = with_person(rounds.filter(late), preset);
    let rounds = match preset.unit {
        Unit::Round => rounds,
        Unit::Session => first_rounds(rounds, t.sessions),
        Unit::BuyerDay => worst_of_day(rounds, Some(value.clone()), "person"),
    };
    of_round(rounds, value, "person")
}

/// One row for each buyer, day and person: the slowest round by `value` (an unanswered one before all), else the first,
/// with `rounds`, how many there were.
fn worst_of_day(rounds: LazyFrame, value: Option<Expr>, staff: &str) -> LazyFrame {
    let worst = value.into_iter();
    let (down, order): (Vec<bool>, Vec<Expr>) = worst
        .map(|v| (true, v))
        .chain([ms("asked_at"), col("asked_file"), col("asked_row")].map(|e| (false, e)))
        .unzip();
    let how = SortMultipleOptions::default().with_order_descending_multi(down);
    let key = [col("shop"), col("buyer_key"), col("inquiry_date"), col(staff)];
    let first = |name: &str| col(name).first();
    rounds.sort_by_exprs(order, how.with_nulls_last(false)).group_by_stable(key).agg([
        first("asked_at"),
        first("response_ms"),
        first("response_online_ms"),
        first("response_office_ms"),
        first("asked_file"),
        first("asked_row"),
        len().cast(DataType::Int64).alias("rounds"),
    ])
}

fn slow(rounds: LazyFrame, preset: &Preset) -> LazyFrame {
    let slow = counted_rounds(rounds).filter(clock(preset).gt(lit(preset.slow_over_ms)));
    let days = worst_of_day(slow, Some(clock(preset)), "staff_answered");
    of_round(days.filter(col("rounds").gt_eq(lit(i64::from(preset.slow_times)))), clock(preset), "staff_answered")
}

/// Buyers of a day who asked a person, got no answer to what they asked, and heard nothing of that person that the tables
/// know of: a person who only added to another's answer leaves no trace in them.
fn unanswered(t: Tables) -> LazyFrame {
    let pair = |staff: &str| [col("shop"), col("buyer_key"), col("inquiry_date"), col(staff)];
    let none = JoinArgs::new(JoinType::Anti);
    let rounds = t.rounds.filter(col("dropped").is_null());
    let open = rounds.clone().filter(col("answered_at").is_null());
    let buyers = open.clone().select([col("buyer_key")]);
    // Few: only their buyers' other rounds and sessions matter.
    let of_buyers = |frame: LazyFrame| frame.semi_join(buyers.clone(), col("buyer_key"), col("buyer_key"));
    let answered = of_buyers(rounds.filter(col("answered_at").is_not_null()));
    let replied = of_buyers(t.sessions.filter(col("dropped").is_null().and(col("account").is_not_null())));
    let key = pair("staff_addressed");
    let waiting = open
        .join(answered.clone(), key.clone(), pair("staff_addressed"), nulls_equal(none.clone()))
        .join(answered, key.clone(), pair("staff_answered"), nulls_equal(none.clone()))
        .join(replied, key, pair("staff_id"), nulls_equal(none));
    let first = worst_of_day(waiting, None, "staff_addressed");
    of_round(first, lit(NULL).cast(DataType::Int64), "staff_addressed")
}

fn nulls_equal(mut args: JoinArgs) -> JoinArgs {
    args.nulls_equal = true;
    args
}

fn of_order(orders: LazyFrame, at: &str, value: Expr) -> LazyFrame {
    let silent = when(col("rule").eq(lit(3))).then(lit(SILENT)).otherwise(col("staff_id").fill_null(lit(UNASSIGNED)));
    orders.select([
        col("shop"),
        silent.alias("staff_id"),
        ms(at).alias("at"),
        value.alias("value"),
        col("order_id").alias("what"),
        col("source_file"),
        col("source_row"),
        col("linked_by"),
    ])
}

/// Credits of the month's orders and of those beside it.
fn all_orders(t: &Tables) -> PolarsResult<LazyFrame> {
    let columns: Vec<Expr> = CREDIT.iter().map(|c| col(*c)).collect();
    let same = |frame: &LazyFrame| frame.clone().select(columns.clone());
    concat([same(&t.credits), same(&t.orders_beside)], UnionArgs::default())
}

fn paid(t: Tables, scope: &Scope<'_>) -> PolarsResult<LazyFrame> {
    let paid = ms("paid_at");
    let inside = paid.clone().gt_eq(lit(scope.own.start)).and(paid.lt(lit(scope.own.end)));
    Ok(all_orders(&t)?.filter(inside))
}

/// The order that converted an inquiry stands for it.
fn converted(t: Tables) -> PolarsResult<LazyFrame> {
    let orders = all_orders(&t)?.select([
        col("shop"),
        col("order_id"),
        ms("created_at").alias("ordered_at"),
        col("paid_fen"),
        col("source_file").alias("order_file"),
        col("source_row").alias("order_row"),
    ]);
    let key = [col("shop"), col("order_id")];
    let inquiries = t.inquiries.filter(col("presales").and(col("ordered_final")));
    Ok(inquiries.join(orders, key.clone(), key, JoinArgs::new(JoinType::Left)).select([
        col("shop"),
        nobody("staff_id"),
        coalesce(&[col("ordered_at"), ms("started_at")]).alias("at"),
        col("paid_fen").alias("value"),
        col("order_id").alias("what"),
        coalesce(&[col("order_file"), col("source_file")]).alias("source_file"),
        coalesce(&[col("order_row"), col("source_row")]).alias("source_row"),
        col("ordered_same_day"),
        col("ordered_next_day"),
        col("paid_final"),
    ]))
}

/// The sessions that ran at the first instant at which a person had most of them at once.
fn concurrent(t: Tables) -> PolarsResult<LazyFrame> {
    let staff = || [col("staff_id")];
    let inner = || JoinArgs::new(JoinType::Inner);
    let days = t.staff_day.group_by([col("date"), col("staff_id")]).agg([col("concurrent_max").max()]);
    let most = days.clone().group_by(staff()).agg([col("concurrent_max").max().alias("most")]);
    let peaks = days
        .join(most, staff(), staff(), inner())
        .filter(col("concurrent_max").eq(col("most")).and(col("most").gt(lit(0_i64))))
        .group_by(staff())
        .agg([col("date").min().alias("peak")]);
    let sessions = t.sessions.filter(col("dropped").is_null().and(col("inquiry_date").is_not_null()));
    // Only what ran while the day's sessions began can have been open with them.
    let starts = sessions
        .clone()
        .join(peaks, staff(), staff(), inner())
        .filter(col("inquiry_date").eq(col("peak")))
        .group_by(staff())
        .agg([col("started_at").min().alias("first"), col("started_at").max().alias("last")]);
    let near = sessions
        .join(starts, staff(), staff(), inner())
        .filter(col("started_at").lt_eq(col("last")).and(col("ended_at").gt_eq(col("first"))));
    // A session that ends at an instant still runs then.
    let step = |at: &str, after: i32, by: i64| {
        near.clone().select([col("staff_id"), ms(at).alias("t"), lit(after).alias("after"), lit(by).alias("by")])
    };
    let events = concat([step("started_at", 0, 1), step("ended_at", 1, -1)], UnionArgs::default())?;
    let peak = events
        .sort_by_exprs([col("staff_id"), col("t"), col("after")], SortMultipleOptions::default())
        .with_column(col("by").cum_sum(false).over(staff())?.alias("open"))
        .filter(col("open").eq(col("open").max().over(staff())?))
        .group_by(staff())
        .agg([col("t").min().alias("instant")]);
    Ok(near
        .join(peak, staff(), staff(), inner())
        .filter(ms("started_at").lt_eq(col("instant")).and(ms("ended_at").gt_eq(col("instant")))))
}
