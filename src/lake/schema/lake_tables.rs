//! The tables that ingest writes.

use super::Type::{Bool, Date, Int32, Int64, Time, Utf8, Utf8List};
use super::{Floor, Table, free, may, maybe_of, must, one_of};

pub static MESSAGES: Table = Table {
    name: "messages",
    floor: Floor::Lake,
    month_by: Some("ts"),
    bucketed: true,
    key: &["shop", "buyer_key", "ts"],
    columns: &[
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("buyer_mask", Utf8),
        may("account", Utf8),
        must("role", Utf8),
        must("ts", Time),
        must("kind", Utf8),
        must("chars", Int32),
        must("closing", Bool),
        may("filter", Utf8),
        may("auto_text_id", Utf8),
        may("promotion_ids", Utf8List),
        may("quoted_order_ids", Utf8List),
    ],
    doc: "One row of a chat log. role: buyer, agent, auto, bot, system; kind: text, card, image, transfer, recall, other; \
          account: who was addressed (buyer), who wrote (agent, auto, bot) or who received the buyer (transfer); \
          filter: own_staff, blacklist, advertising or mass, where the settings say so.",
};

pub static ORDERS: Table = Table {
    name: "orders",
    floor: Floor::Lake,
    month_by: Some("created_at"),
    bucketed: true,
    key: &["shop", "order_id"],
    columns: &[
        must("shop", Utf8),
        must("order_id", Utf8),
        may("buyer_key", Utf8),
        may("buyer_mask", Utf8),
        maybe_of("status", &["unpaid", "paid", "shipped", "signed", "closed", "other"]),
        must("created_at", Time),
        may("paid_at", Time),
        may("shipped_at", Time),
        may("signed_at", Time),
        may("closed_at", Time),
        may("goods_fen", Int64),
        may("paid_fen", Int64),
        may("refund_fen", Int64),
        may("items", Int64),
        may("responsible", Utf8),
    ],
    doc: "One order, amounts in fen; status: unpaid, paid, shipped, signed, closed, other; paid_fen is what the buyer paid, before refunds; responsible is a staff_id.",
};

pub static ORDER_ITEMS: Table = Table {
    name: "order_items",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["shop", "order_id", "sku"],
    columns: &[
        must("shop", Utf8),
        must("order_id", Utf8),
        must("sku", Utf8),
        free(may("title", Utf8)),
        must("quantity", Int64),
        may("paid_fen", Int64),
    ],
    doc: "One line of an order.",
};

pub static REFUNDS: Table = Table {
    name: "refunds",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["shop", "order_id", "refund_id"],
    columns: &[
        must("shop", Utf8),
        must("order_id", Utf8),
        must("refund_id", Utf8),
        must("refund_fen", Int64),
        maybe_of("status", &["open", "done", "closed"]),
        may("applied_at", Time),
        may("closed_at", Time),
    ],
    doc: "One refund of an order, in fen. status: done (the buyer has his money), closed (withdrawn or refused), open. \
          Counts where the order's own export has no refund.",
};

pub static TOOL_FIGURES: Table = Table {
    name: "tool_figures",
    floor: Floor::Lake,
    month_by: Some("from"),
    bucketed: false,
    key: &["tool", "shop", "account", "from", "to"],
    columns: &[
        must("tool", Utf8),
        must("shop", Utf8),
        must("account", Utf8),
        must("from", Date),
        must("to", Date),
        may("consulted", Int64),
        may("received", Int64),
        may("unanswered", Int64),
        may("slow", Int64),
        may("long", Int64),
        may("transferred_in", Int64),
        may("transferred_out", Int64),
        may("buyer_messages", Int64),
        may("agent_messages", Int64),
        may("inquiries", Int64),
        may("paid_final", Int64),
        may("first_response_ms", Int64),
        may("response_ms", Int64),
        may("reply_rate", Int64),
        may("sales_fen", Int64),
        may("refund_fen", Int64),
    ],
    doc: "What another tool says of an account and a span of days (both included): counts, averages in ms, the reply \
          rate in hundredths of a percent, amounts in fen. A reference for the data-quality page; nothing is computed \
          of it.",
};

pub static ROSTER: Table = Table {
    name: "roster",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["staff_id", "valid_from"],
    columns: &[
        must("staff_id", Utf8),
        must("name", Utf8),
        one_of("role", &["customer_service", "supervisor", "editor", "copywriter", "artist", "head", "other"]),
        may("team", Utf8),
        may("supervisor_id", Utf8),
        may("joined_on", Date),
        may("left_on", Date),
        may("valid_from", Date),
        may("valid_to", Date),
    ],
    doc: "People; several rows per person where role, team or supervisor changed (both dates included). role: \
          customer_service, supervisor, editor, copywriter, artist, head, other.",
};

pub static ACCOUNTS: Table = Table {
    name: "accounts",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["shop", "account", "valid_from"],
    columns: &[
        must("shop", Utf8),
        must("account", Utf8),
        must("staff_id", Utf8),
        may("valid_from", Date),
        may("valid_to", Date),
    ],
    doc: "Who used a chat account, from when to when (both dates included).",
};

pub static SHIFTS: Table = Table {
    name: "shifts",
    floor: Floor::Lake,
    month_by: Some("date"),
    bucketed: false,
    key: &["date", "staff_id", "start"],
    columns: &[
        must("staff_id", Utf8),
        must("date", Date),
        must("start", Time),
        must("end", Time),
        may("lunch_start", Time),
        may("lunch_end", Time),
        one_of("duty", &["normal", "weekend"]),
    ],
    doc: "One shift of a person; an end that is not after the start is on the next day. duty: normal, weekend.",
};

pub static WAIVERS: Table = Table {
    name: "waivers",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["deduction_id", "rule_id", "staff_id", "from"],
    columns: &[
        may("deduction_id", Utf8),
        may("rule_id", Utf8),
        may("staff_id", Utf8),
        may("from", Time),
        may("to", Time),
        free(must("reason", Utf8)),
        must("approved_by", Utf8),
        must("approved_at", Time),
    ],
    doc: "An approved exception: one deduction, or a rule, a person and a time span (from included, to not).",
};

pub static AWARDS: Table = Table {
    name: "awards",
    floor: Floor::Lake,
    month_by: Some("on"),
    bucketed: false,
    key: &["on", "staff_id", "reason"],
    columns: &[must("staff_id", Utf8), must("points", Int32), free(must("reason", Utf8)), must("on", Date)],
    doc: "Points that are added, in hundredths.",
};

pub static QUARANTINE: Table = Table {
    name: "quarantine",
    floor: Floor::Lake,
    month_by: None,
    bucketed: false,
    key: &["source_file", "source_row", "column"],
    columns: &[
        must("table", Utf8),
        must("source_file", Utf8),
        must("source_row", Int64),
        may("column", Utf8),
        may("value_mask", Utf8),
        must("reason", Utf8),
    ],
    doc: "Every row that could not be read, with why. value_mask shows the value's shape, never the value.",
};
