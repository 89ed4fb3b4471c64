//! The tables that compute writes.

use super::Type::{Bool, Date, Evidence, Int32, Int64, Time, Utf8};
use super::{Column, Floor, Table, may, must};

pub static SESSIONS: Table = Table {
    name: "sessions",
    floor: Floor::Mart,
    month_by: Some("inquiry_date"),
    bucketed: true,
    key: &["shop", "buyer_key", "started_at", "session_id"],
    columns: &[
        must("session_id", Utf8),
        must("shop", Utf8),
        must("buyer_key", Utf8),
        may("inquiry_date", Date),
        must("started_at", Time),
        must("ended_at", Time),
        must("opened_by", Utf8),
        may("account", Utf8),
        may("staff_id", Utf8),
        must("buyer_messages", Int32),
        must("agent_messages", Int32),
        must("rounds", Int32),
        may("first_response_ms", Int64),
        may("first_response_online_ms", Int64),
        may("first_response_office_ms", Int64),
        must("missed", Bool),
        must("in_window", Bool),
        may("dropped", Utf8),
        must("source_file", Utf8),
        must("source_row", Int64),
    ],
    doc: "Contacts (接待会话). source_file and source_row: of the first message; dropped: null, closing (nothing but closing words) or the filter that removed it.",
};

pub static ROUNDS: Table = Table {
    name: "rounds",
    floor: Floor::Mart,
    month_by: Some("inquiry_date"),
    bucketed: true,
    key: &["shop", "buyer_key", "asked_at", "session_id", "round_no"],
    columns: &[
        must("session_id", Utf8),
        must("round_no", Int32),
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("inquiry_date", Date),
        must("asked_at", Time),
        may("answered_at", Time),
        may("transferred_at", Time),
        may("response_ms", Int64),
        may("response_online_ms", Int64),
        may("response_office_ms", Int64),
        may("addressed_to", Utf8),
        may("answered_by", Utf8),
        may("staff_addressed", Utf8),
        may("staff_answered", Utf8),
        must("in_window", Bool),
        may("dropped", Utf8),
        must("asked_file", Utf8),
        must("asked_row", Int64),
        may("answered_file", Utf8),
        may("answered_row", Int64),
    ],
    doc: "Rounds (对话轮次); inquiry_date is the session's; round_no 1 is a session's first that counts, 0 stands for \
          dropped ones; addressed_to is as the export tells it, else who replied last in the session before; \
          transferred_at ends a round in the split reading.",
};

pub static BACKLOG: Table = Table {
    name: "backlog",
    floor: Floor::Mart,
    month_by: Some("at"),
    bucketed: false,
    key: &["at", "shop", "kind", "staff_id"],
    columns: &[
        must("at", Time),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("kind", Utf8),
        must("open", Int64),
        must("lt_1h", Int64),
        must("lt_4h", Int64),
        must("lt_24h", Int64),
        must("older", Int64),
    ],
    doc: "What was open at an instant, by age. kind: rounds (one row for each cut-off), unshipped.",
};

pub static CREDITS: Table = Table {
    name: "credits",
    floor: Floor::Mart,
    month_by: Some("created_at"),
    bucketed: true,
    key: &["shop", "order_id"],
    columns: CREDIT,
    doc: "Whom an order is credited to and why: rule 1 inside a running session, 2 within the window, 3 silent.",
};

pub static ORDERS_BESIDE: Table = Table {
    name: "orders_beside",
    floor: Floor::Mart,
    month_by: None,
    bucketed: true,
    key: &["shop", "order_id"],
    columns: CREDIT,
    doc: "Orders created in another month that this month's figures count, as in credits: paid in it, or converting one \
          of its inquiries.",
};

const CREDIT: &[Column] = &[
    must("shop", Utf8),
    must("order_id", Utf8),
    may("buyer_key", Utf8),
    must("created_at", Time),
    may("paid_at", Time),
    may("session_id", Utf8),
    may("account", Utf8),
    may("staff_id", Utf8),
    must("rule", Int32),
    may("distance_ms", Int64),
    must("linked_by", Utf8),
    may("paid_fen", Int64),
    may("refund_fen", Int64),
    must("source_file", Utf8),
    must("source_row", Int64),
];

pub static INQUIRIES: Table = Table {
    name: "inquiries",
    floor: Floor::Mart,
    month_by: Some("inquiry_date"),
    bucketed: true,
    key: &["shop", "buyer_key", "inquiry_date"],
    columns: &[
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("inquiry_date", Date),
        may("staff_id", Utf8),
        must("presales", Bool),
        must("ordered_same_day", Bool),
        must("ordered_next_day", Bool),
        must("ordered_final", Bool),
        must("paid_final", Bool),
        may("order_id", Utf8),
        must("provisional", Bool),
        must("started_at", Time),
        must("source_file", Utf8),
        must("source_row", Int64),
    ],
    doc: "One buyer with a session, per shop and inquiry_date; started_at, source_file and source_row: of the first \
          session's first message.",
};

/// The measures of `staff_day` in column order. `_count` counts, `_sum_ms` and `_sum_fen` sum, `_max` is a maximum
/// (the only one that must not be added up).
pub static STAFF_DAY: Table = Table {
    name: "staff_day",
    floor: Floor::Mart,
    month_by: Some("date"),
    bucketed: false,
    key: &["date", "shop", "staff_id"],
    columns: &[
        must("date", Date),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("inquiries_count", Int64),
        must("received_count", Int64),
        must("unanswered_count", Int64),
        must("missed_count", Int64),
        must("sessions_count", Int64),
        must("rounds_count", Int64),
        must("response_count", Int64),
        must("response_sum_ms", Int64),
        must("first_response_count", Int64),
        must("first_response_sum_ms", Int64),
        must("first_response_in_45s_count", Int64),
        must("first_response_in_3min_count", Int64),
        must("rate_count", Int64),
        must("rate_met_count", Int64),
        must("slow_count", Int64),
        must("long_count", Int64),
        must("buyer_messages_count", Int64),
        must("agent_messages_count", Int64),
        must("concurrent_max", Int64),
        must("presales_count", Int64),
        must("converted_same_day_count", Int64),
        must("converted_next_day_count", Int64),
        must("converted_final_count", Int64),
        must("paid_final_count", Int64),
        must("orders_count", Int64),
        must("paid_count", Int64),
        must("sales_sum_fen", Int64),
        must("refunds_sum_fen", Int64),
        must("items_count", Int64),
        must("online_sum_ms", Int64),
        must("rated_count", Int64),
        must("satisfied_count", Int64),
        must("reviews_count", Int64),
        must("bad_reviews_count", Int64),
    ],
    doc: "Sums and counts per person and day; staff_id `unassigned` for accounts that nobody has, `silent` for orders \
          without a credited agent. Satisfied: rated 4 or 5 of 5; ratings count for who had the account that day.",
};

pub static PERCENTILES: Table = Table {
    name: "percentiles",
    floor: Floor::Mart,
    month_by: Some("date"),
    bucketed: false,
    key: &["of", "date", "shop", "staff_id"],
    columns: &[
        must("of", Utf8),
        may("date", Date),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("count", Int64),
        must("p50_ms", Int64),
        must("p90_ms", Int64),
        must("p99_ms", Int64),
    ],
    doc: "Exact percentiles (nearest rank) of response times inside the window. of: first, round; date empty: the \
          month; shop or staff_id empty: all.",
};

pub static DEDUCTIONS: Table = Table {
    name: "deductions",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["period", "staff_id", "rule_id", "occurred_at", "deduction_id"],
    columns: &[
        must("deduction_id", Utf8),
        must("rule_id", Utf8),
        must("rulebook_version", Utf8),
        must("period", Utf8),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("caused_by", Utf8),
        must("occurred_at", Time),
        may("due_at", Time),
        may("done_at", Time),
        must("occurrence_no", Int32),
        must("factor", Int32),
        must("points", Int32),
        may("waived_by", Utf8),
        may("waived_at", Time),
        must("event_key", Utf8),
        must("evidence", Evidence),
    ],
    doc: "The ledger. points: hundredths, 0 where waived (waived_at: when that was approved); factor: whole times; occurred_at: the event that starts the \
          deadline; evidence leads to the raw rows.",
};

pub static SCORES: Table = Table {
    name: "scores",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["period", "staff_id"],
    columns: &[
        must("period", Utf8),
        must("staff_id", Utf8),
        must("base", Int32),
        must("deducted", Int32),
        must("awarded", Int32),
        must("score", Int32),
        must("grade", Utf8),
        must("provisional", Bool),
    ],
    doc: "Month scores in hundredths of a point.",
};

pub static CROSSCHECK: Table = Table {
    name: "crosscheck",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["tool", "shop", "account", "from", "to", "figure"],
    columns: &[
        must("period", Utf8),
        must("tool", Utf8),
        must("preset", Utf8),
        must("shop", Utf8),
        must("account", Utf8),
        must("from", Date),
        must("to", Date),
        must("figure", Utf8),
        must("theirs", Int64),
        may("ours", Int64),
    ],
    doc: "What another tool says of an account and a span of days, beside our own figure of the same account and span in \
          that platform's preset, by calendar days. figure: a column of tool_figures; ours is empty where the lake holds \
          no chat of the account in that span.",
};

pub static QUALITY: Table = Table {
    name: "quality",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["kind", "subject", "shop"],
    columns: &[
        must("period", Utf8),
        must("kind", Utf8),
        must("subject", Utf8),
        must("shop", Utf8),
        must("count", Int64),
    ],
    doc: "What the data-quality page says. kind: kept, quarantined, replaced, merged (subject: file); filtered (subject: filter); \
          passed_over (closing words); linked (subject: buyer, quoted, mapping, none); unmatched_account (subject: \
          account); not_assessed, out_of_range (subject: rule); unknown_rule, unknown_staff (subject: a register and what \
          stands there, with a blank between); agent_only (sessions without a buyer's message).",
};

pub static STILL_OPEN: Table = Table {
    name: "still_open",
    floor: Floor::Mart,
    month_by: Some("at"),
    bucketed: true,
    key: &["shop", "kind", "opened_at", "source_file", "source_row"],
    columns: &[
        must("at", Time),
        must("shop", Utf8),
        must("kind", Utf8),
        must("staff_id", Utf8),
        must("opened_at", Time),
        may("buyer_key", Utf8),
        may("order_id", Utf8),
        must("source_file", Utf8),
        must("source_row", Int64),
    ],
    doc: "What the last backlog of the month counts, one row each. kind: rounds (asked, not answered), unshipped (paid, \
          neither shipped nor closed).",
};

pub static PROOFS: Table = Table {
    name: "proofs",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["list", "of", "rank"],
    columns: &[
        must("period", Utf8),
        must("list", Utf8),
        must("of", Utf8),
        must("rank", Int32),
        must("shop", Utf8),
        must("staff_id", Utf8),
        must("at", Time),
        may("value", Int64),
        must("what", Utf8),
        must("source_file", Utf8),
        must("source_row", Int64),
    ],
    doc: "The first rows that a key figure is made of, as `kaohe rows` lists all of them. of: empty (the department's), \
          or the person whose first rows these are; what: an order's number, else the first digits of a buyer_key.",
};

pub static PROVEN: Table = Table {
    name: "proven",
    floor: Floor::Mart,
    month_by: Some("period"),
    bucketed: false,
    key: &["list", "staff_id"],
    columns: &[must("period", Utf8), must("list", Utf8), must("staff_id", Utf8), must("rows", Int64)],
    doc: "How many rows a list has: of all (staff_id empty) and of each person.",
};
