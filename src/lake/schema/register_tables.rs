//! The registers: tables that people or other tools fill in, and that rules read row by row.

use super::Type::{Bool, Date, Int32, Int64, Time, Utf8};
use super::{Column, Floor, Table, free, may, maybe_of, must, one_of};

/// Every register, in the order in which they are read.
pub static REGISTERS: [&Table; 17] = [
    &PRESENCE,
    &CALLS,
    &REVIEWS,
    &RATINGS,
    &ANNOTATIONS,
    &FOLLOWUPS,
    &SUBMISSIONS,
    &CUSTODY,
    &TICKETS,
    &MEETINGS,
    &LISTINGS,
    &TASKS,
    &INCIDENTS,
    &ATTENDANCE,
    &TARGETS,
    &PROMOTIONS,
    &AUTO_REPLY_TEXTS,
];

const fn register(
    name: &'static str,
    month_by: Option<&'static str>,
    key: &'static [&'static str],
    columns: &'static [Column],
    doc: &'static str,
) -> Table {
    Table { name, floor: Floor::Lake, month_by, bucketed: false, key, columns, doc }
}

pub static PRESENCE: Table = register(
    "presence",
    Some("ts"),
    &["staff_id", "ts"],
    &[
        must("staff_id", Utf8),
        must("ts", Time),
        one_of("state", &["online", "away", "offline", "busy"]),
        may("at_desk", Bool),
        may("covered_by", Utf8),
        may("told_director", Bool),
    ],
    "A person's chat state from a moment on. covered_by: staff_id of who stands in; told_director: the duty director \
     was told.",
);

pub static CALLS: Table = register(
    "calls",
    Some("rang_at"),
    &["shop", "account", "rang_at"],
    &[
        must("shop", Utf8),
        must("account", Utf8),
        must("rang_at", Time),
        may("answered_at", Time),
        may("overloaded", Bool),
        may("asked_support", Bool),
    ],
    "One telephone call. overloaded: several conversations at once; asked_support: others were asked for help.",
);

pub static REVIEWS: Table = register(
    "reviews",
    Some("ts"),
    &["shop", "order_id", "staff_id", "ts"],
    &[
        must("shop", Utf8),
        may("order_id", Utf8),
        may("buyer_key", Utf8),
        may("buyer_mask", Utf8),
        may("staff_id", Utf8),
        one_of("rating", &["good", "neutral", "bad"]),
        maybe_of("cause", &["attitude", "product", "logistics", "other"]),
        must("has_text", Bool),
        must("ts", Time),
    ],
    "One review of an order. cause: why it is what it is, as found by the department.",
);

pub static RATINGS: Table = register(
    "ratings",
    Some("ts"),
    &["shop", "buyer_key", "account", "ts"],
    &[
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("buyer_mask", Utf8),
        must("account", Utf8),
        must("score", Int32),
        must("ts", Time),
    ],
    "A buyer's rating of a session, 1 to 5.",
);

pub static ANNOTATIONS: Table = register(
    "annotations",
    Some("ts"),
    &["shop", "buyer_key", "ts", "staff_id"],
    &[
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("buyer_mask", Utf8),
        must("staff_id", Utf8),
        must("ts", Time),
        must("chars", Int32),
    ],
    "A note on how an offline message was handled; chars: its length after trimming.",
);

pub static FOLLOWUPS: Table = register(
    "followups",
    Some("inquiry_date"),
    &["inquiry_date", "shop", "buyer_key", "staff_id", "done_at"],
    &[
        must("shop", Utf8),
        must("buyer_key", Utf8),
        must("buyer_mask", Utf8),
        must("staff_id", Utf8),
        must("inquiry_date", Date),
        may("done_at", Time),
        one_of("form", &["complete", "incomplete", "sloppy", "missing"]),
    ],
    "The follow-up of an inquiry (回访), and the state of its form.",
);

pub static SUBMISSIONS: Table = register(
    "submissions",
    Some("on"),
    &["on", "staff_id", "kind", "period", "submitted_at"],
    &[
        must("staff_id", Utf8),
        one_of("kind", &["daily_report", "weekly_summary", "month_end", "daily_log"]),
        must("period", Utf8),
        must("on", Date),
        may("submitted_at", Time),
        may("inquiries", Int64),
        may("correct", Bool),
    ],
    "A report that was handed in. period: 2026-05-15, 2026-W20 or 2026-05; on: that day, the week's Friday, the \
     month's last day; inquiries: the count that it states.",
);

pub static CUSTODY: Table = register(
    "custody",
    Some("received_at"),
    &["received_at", "staff_id", "kind", "ref"],
    &[
        must("staff_id", Utf8),
        one_of("kind", &["documents", "return_mail", "payment_slip"]),
        free(must("ref", Utf8)),
        must("received_at", Time),
        may("handed_on_at", Time),
        may("harm", Bool),
    ],
    "Customer documents, mail to be returned and payment slips on their way. harm: a delay came of it.",
);

pub static TICKETS: Table = register(
    "tickets",
    Some("opened_at"),
    &["opened_at", "staff_id", "kind"],
    &[
        one_of("kind", &["feedback", "help_request"]),
        must("staff_id", Utf8),
        must("opened_at", Time),
        may("solved_at", Time),
        may("escalated_at", Time),
    ],
    "Customers' feedback and colleagues' requests for help; staff_id owes the answer.",
);

pub static MEETINGS: Table = register(
    "meetings",
    Some("starts_at"),
    &["starts_at", "staff_id", "kind"],
    &[
        must("staff_id", Utf8),
        one_of("kind", &["weekly", "monthly", "training"]),
        must("starts_at", Time),
        must("present", Bool),
        may("late_minutes", Int64),
    ],
    "Who was to attend a meeting, and did.",
);

pub static LISTINGS: Table = register(
    "listings",
    Some("handed_over_at"),
    &["handed_over_at", "staff_id", "kind", "product"],
    &[
        must("staff_id", Utf8),
        one_of("kind", &["new", "special", "update"]),
        free(must("product", Utf8)),
        must("handed_over_at", Time),
        may("due_at", Time),
        may("online_at", Time),
    ],
    "A product to be put online (special: 特价) or updated.",
);

pub static TASKS: Table = register(
    "tasks",
    Some("due_at"),
    &["due_at", "staff_id", "kind", "title"],
    &[
        must("staff_id", Utf8),
        one_of("kind", &["copy", "design", "support", "other"]),
        free(must("title", Utf8)),
        must("due_at", Time),
        may("done_at", Time),
        may("points", Int32),
    ],
    "Work with a date. points: what its delay costs, hundredths, where a rule has a range.",
);

pub static INCIDENTS: Table = register(
    "incidents",
    Some("occurred_at"),
    &["occurred_at", "staff_id", "rule_id", "note"],
    &[
        must("staff_id", Utf8),
        must("rule_id", Utf8),
        must("occurred_at", Time),
        may("points", Int32),
        may("serious", Bool),
        may("confirmed", Bool),
        free(may("note", Utf8)),
    ],
    "What was found by people, for a rule. points: hundredths, where the rule has a range; confirmed: the product \
     department had confirmed it beforehand.",
);

pub static ATTENDANCE: Table = register(
    "attendance",
    Some("date"),
    &["date", "staff_id"],
    &[must("staff_id", Utf8), must("date", Date), may("in_at", Time), may("out_at", Time), may("result", Utf8)],
    "A person's working day as the time clock has it.",
);

pub static TARGETS: Table = register(
    "targets",
    None,
    &["period", "shop", "staff_id"],
    &[may("staff_id", Utf8), may("shop", Utf8), must("period", Utf8), must("sales_fen", Int64)],
    "Sales to be reached by a person or a shop in a period (2026-05).",
);

pub static PROMOTIONS: Table = register(
    "promotions",
    None,
    &["promotion_id", "shop"],
    &[
        must("promotion_id", Utf8),
        must("shop", Utf8),
        must("keyword", Utf8),
        must("starts_at", Time),
        must("ends_at", Time),
    ],
    "A promotion whose keyword auto replies hold while it is on (from starts_at to before ends_at).",
);

pub static AUTO_REPLY_TEXTS: Table = register(
    "auto_reply_texts",
    None,
    &["text_id", "shop", "valid_from"],
    &[
        must("text_id", Utf8),
        must("shop", Utf8),
        must("text_sha256", Utf8),
        may("valid_from", Date),
        may("valid_to", Date),
    ],
    "An approved auto reply, with its days (both included).",
);
