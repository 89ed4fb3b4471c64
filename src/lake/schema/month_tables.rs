//! The mart's tables that describe a month as a whole: how its load, its waiting, its orders and its products are spread.

use super::Type::{Int64, Time, Utf8};
use super::{Floor, Table, may, must};

pub static HOURS: Table = Table {
    name: "hours",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["shop", "weekday", "hour"],
    columns: &[
        must("period", Utf8),
        must("shop", Utf8),
        must("weekday", Int64),
        must("hour", Int64),
        must("rounds_count", Int64),
        must("first_response_count", Int64),
        must("first_response_sum_ms", Int64),
        must("first_response_met_count", Int64),
    ],
    doc: "Rounds that count (inside the window or not) and first responses that count for the response figures, by the \
          local weekday (1 Monday … 7) and hour of the question. met: within the preset's target. Hours without a round \
          have no row.",
};

pub static SPREAD: Table = Table {
    name: "spread",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["of", "shop", "staff_id", "upto_ms"],
    columns: &[
        must("period", Utf8),
        must("of", Utf8),
        must("shop", Utf8),
        must("staff_id", Utf8),
        may("upto_ms", Int64),
        must("count", Int64),
    ],
    doc: "How many response times inside the window lie above the step before and at or below upto_ms (empty: above the \
          last step). of: first, round; shop or staff_id empty: all. The counts of a group add up to its `percentiles`.",
};

pub static OPEN_HOURS: Table = Table {
    name: "open_hours",
    floor: Floor::Mart,
    month_by: Some("at"),
    bucketed: false,
    key: &["at", "shop"],
    columns: &[must("at", Time), must("shop", Utf8), must("open", Int64)],
    doc: "Open rounds at each full local hour, by the definition of `backlog`; no row where nothing was open.",
};

pub static STEPS: Table = Table {
    name: "steps",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["step", "shop", "staff_id"],
    columns: &[
        must("period", Utf8),
        must("step", Utf8),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("count", Int64),
        must("open", Int64),
        must("sum_ms", Int64),
        must("p50_ms", Int64),
        must("p90_ms", Int64),
        must("met", Int64),
        must("limit_ms", Int64),
    ],
    doc: "How long a step took of the orders created in the month. step: paid (created to paid), shipped (paid to \
          shipped), signed (shipped to signed); count took it, open came to it and has not taken it, closed orders \
          apart; met: within limit_ms; percentiles by nearest rank, 0 of nothing. shop or staff_id (responsible) empty: \
          all. A shop whose export has no such time has no row.",
};

pub static UNSHIPPED: Table = Table {
    name: "unshipped",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["shop", "order_id"],
    columns: &[
        must("period", Utf8),
        must("at", Time),
        must("shop", Utf8),
        must("order_id", Utf8),
        must("staff_id", Utf8),
        must("paid_at", Time),
        may("paid_fen", Int64),
        must("source_file", Utf8),
        must("source_row", Int64),
    ],
    doc: "Orders, however old, that are paid and neither shipped nor closed at the month's end (at the clock's time, where \
          that is earlier). staff_id is responsible, or `unassigned`.",
};

pub static PRODUCTS: Table = Table {
    name: "products",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["shop", "sku"],
    columns: &[
        must("period", Utf8),
        must("shop", Utf8),
        must("sku", Utf8),
        must("title", Utf8),
        must("orders", Int64),
        must("quantity", Int64),
        must("paid_fen", Int64),
    ],
    doc: "What was sold of a product in orders that were created in the month and paid: orders, pieces, fen before \
          refunds. title: the newest order's.",
};

pub static REPEAT: Table = Table {
    name: "repeat",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["shop"],
    columns: &[must("period", Utf8), must("shop", Utf8), must("buyers", Int64), must("again", Int64)],
    doc: "Known buyers who paid an order in the month, and of these who paid two or more in it.",
};

pub static PRESETS: Table = Table {
    name: "presets",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["preset", "measure"],
    columns: &[must("period", Utf8), must("preset", Utf8), must("measure", Utf8), must("value", Int64)],
    doc: "The month as each preset measures it, all shops and people together. measure: a column of staff_day, added up \
          (concurrent_max apart); target_ms; first_response_p50_ms (nearest rank), where there is a first response.",
};
