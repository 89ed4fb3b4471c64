//! The rows that each key figure is made of: one list of definitions, read by compute (the first of them), by
//! `kaohe rows` (all of them) and by the figures' pages. Each is a query over the month's tables of the mart, apart from
//! the pass that counts, so that a test can hold the counts against it.

mod frames;
mod pick;

pub use frames::{Scope, Tables};
pub use pick::{BaseRows, Picked, Picks, Row, all, few};

use polars::prelude::{BooleanChunked, DataFrame, Expr, IntoLazy, LazyFrame, PolarsResult, col, lit};

/// What the rows are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Base {
    Sessions,
    Missed,
    Long,
    /// Sessions that ran when a person had most of them at once.
    Concurrent,
    FirstResponses,
    Responses,
    /// What the preset's rate counts as not in time.
    NotMet,
    Slow,
    /// Buyers of a day whom nobody answered.
    Unanswered,
    Inquiries,
    /// Inquiries that became orders, with the orders' own rows.
    Converted,
    /// By the day on which they were created.
    Orders,
    /// By the day on which they were paid.
    Paid,
    Refunds,
    /// What was open at the last instant of the month.
    Open,
}

/// Which rows come first. Ties are decided by time, shop, event and place in the raw files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Oldest,
    Largest,
    Smallest,
    /// From small to large; where few are shown, those around the median.
    AroundMedian,
    /// The same around the 90th percentile.
    AroundP90,
}

/// What a row's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Nothing,
    Ms,
    Fen,
    Messages,
}

/// The rows of one or more key figures.
#[derive(Debug)]
pub struct Listing {
    /// Names it: mostly the key figure's id.
    pub id: &'static str,
    /// Ids of the key figures that rest on these rows.
    pub figures: &'static [&'static str],
    pub base: Base,
    keep: Option<fn() -> Expr>,
    pub order: Order,
    pub unit: Unit,
    /// The measure of `staff_day` that counts the same rows: the first less the second. `None`: no measure does.
    pub counts: Option<(&'static str, Option<&'static str>)>,
}

const fn rows(
    id: &'static str,
    figures: &'static [&'static str],
    base: Base,
    order: Order,
    unit: Unit,
    counts: Option<(&'static str, Option<&'static str>)>,
) -> Listing {
    Listing { id, figures, base, keep: None, order, unit, counts }
}

impl Listing {
    const fn keep(mut self, keep: fn() -> Expr) -> Listing {
        self.keep = Some(keep);
        self
    }
}

const fn count(measure: &'static str) -> Option<(&'static str, Option<&'static str>)> {
    Some((measure, None))
}

const fn less(all: &'static str, part: &'static str) -> Option<(&'static str, Option<&'static str>)> {
    Some((all, Some(part)))
}

const CONVERSIONS: &[&str] = &["conversion", "conversion_same_day", "conversion_next_day", "conversion_paid"];
const SALES: &[&str] = &["sales", "sales_net", "sales_per_hour", "order_value", "refund_rate"];
const FIRST: &str = "first_response_count";

/// All of them.
pub static ALL: &[Listing] = &[
    rows("inquiries", &["inquiries"], Base::Inquiries, Order::Oldest, Unit::Nothing, count("inquiries_count")),
    rows(
        "sessions",
        &["received", "received_per_hour", "answer_ratio"],
        Base::Sessions,
        Order::Oldest,
        Unit::Messages,
        count("sessions_count"),
    ),
    rows("first_median", &["first_median"], Base::FirstResponses, Order::AroundMedian, Unit::Ms, count(FIRST)),
    rows("first_p90", &["first_p90"], Base::FirstResponses, Order::AroundP90, Unit::Ms, count(FIRST)),
    rows("first_mean", &["first_mean"], Base::FirstResponses, Order::Largest, Unit::Ms, count(FIRST)),
    rows(
        "first_in_45s",
        &["first_in_45s"],
        Base::FirstResponses,
        Order::Smallest,
        Unit::Ms,
        less(FIRST, "first_response_in_45s_count"),
    )
    .keep(|| col("value").gt(lit(45_000_i64))),
    rows(
        "first_in_3min",
        &["first_in_3min"],
        Base::FirstResponses,
        Order::Smallest,
        Unit::Ms,
        less(FIRST, "first_response_in_3min_count"),
    )
    .keep(|| col("value").gt(lit(180_000_i64))),
    rows("rate_met", &["rate_met"], Base::NotMet, Order::Smallest, Unit::Ms, less("rate_count", "rate_met_count")),
    rows("response_mean", &["response_mean"], Base::Responses, Order::Largest, Unit::Ms, count("response_count")),
    rows("reply_rate", &["reply_rate"], Base::Unanswered, Order::Oldest, Unit::Nothing, None),
    rows("missed", &["missed"], Base::Missed, Order::Oldest, Unit::Nothing, count("missed_count")),
    rows("slow", &["slow"], Base::Slow, Order::Largest, Unit::Ms, count("slow_count")),
    rows("long", &["long"], Base::Long, Order::Largest, Unit::Ms, count("long_count")),
    rows("concurrent", &["concurrent"], Base::Concurrent, Order::Oldest, Unit::Nothing, None),
    rows("backlog", &["backlog"], Base::Open, Order::Oldest, Unit::Ms, None).keep(|| col("kind").eq(lit("rounds"))),
    rows("unshipped", &["unshipped"], Base::Open, Order::Oldest, Unit::Ms, None)
        .keep(|| col("kind").eq(lit("unshipped"))),
    rows("conversion", &["conversion"], Base::Converted, Order::Largest, Unit::Fen, count("converted_final_count")),
    rows(
        "conversion_same_day",
        &["conversion_same_day"],
        Base::Converted,
        Order::Largest,
        Unit::Fen,
        count("converted_same_day_count"),
    )
    .keep(|| col("ordered_same_day")),
    rows(
        "conversion_next_day",
        &["conversion_next_day"],
        Base::Converted,
        Order::Largest,
        Unit::Fen,
        count("converted_next_day_count"),
    )
    .keep(|| col("ordered_next_day")),
    rows(
        "conversion_paid",
        &["conversion_paid"],
        Base::Converted,
        Order::Largest,
        Unit::Fen,
        count("paid_final_count"),
    )
    .keep(|| col("paid_final")),
    rows(
        "not_converted",
        CONVERSIONS,
        Base::Inquiries,
        Order::Oldest,
        Unit::Nothing,
        less("presales_count", "converted_final_count"),
    )
    .keep(|| col("presales").and(col("ordered_final").not())),
    rows("link_rate", &["link_rate"], Base::Orders, Order::Largest, Unit::Fen, None)
        .keep(|| col("linked_by").eq(lit("none"))),
    rows("orders", &["orders"], Base::Orders, Order::Largest, Unit::Fen, count("orders_count")),
    rows("sales", SALES, Base::Paid, Order::Largest, Unit::Fen, count("paid_count")),
    rows("refunds", &["sales_net", "refund_rate"], Base::Refunds, Order::Largest, Unit::Fen, None),
];

/// The list of that name, else the first that the key figure of that name rests on.
pub fn listing(id: &str) -> Option<&'static Listing> {
    ALL.iter().find(|l| l.id == id).or_else(|| of_figure(id).next())
}

/// All lists that a key figure rests on, its own first.
pub fn of_figure(figure: &str) -> impl Iterator<Item = &'static Listing> + use<'_> {
    ALL.iter().filter(move |l| l.figures.contains(&figure))
}

impl Listing {
    /// Which of a base's rows are the list's; `None`: all of them.
    fn mask(&self, base: &DataFrame) -> PolarsResult<Option<BooleanChunked>> {
        let Some(keep) = self.keep else { return Ok(None) };
        let mask = base.clone().lazy().select([keep().alias("keep")]).collect()?;
        Ok(Some(mask.column("keep")?.bool()?.clone()))
    }

    /// Whether its persons' rows stand around a percentile: which one.
    pub fn around(&self) -> Option<&'static str> {
        match self.order {
            Order::AroundMedian => Some("p50_ms"),
            Order::AroundP90 => Some("p90_ms"),
            _ => None,
        }
    }
}

impl Base {
    /// Whether a person's rows of all buckets are needed at once.
    pub fn is_whole(self) -> bool {
        self == Base::Concurrent
    }

    /// The query. Its columns: `shop`, `staff_id` (as in `staff_day`), `at` (ms), `value`, `what` (an order's number or
    /// a pseudonym), `source_file`, `source_row`, and what the lists' conditions look at.
    ///
    /// # Errors
    /// A query that polars does not understand: a bug of ours.
    pub fn query(self, tables: &Tables, scope: &Scope<'_>) -> PolarsResult<LazyFrame> {
        frames::query(self, tables, scope)
    }
}
