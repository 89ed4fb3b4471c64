//! What raw files hold: the columns of each table as people deliver them.

/// What a raw row of a table consists of: (name, whether a file must have it).
pub const RAW_COLUMNS: [(&str, &[(&str, bool)]); 25] = [
    (
        "messages",
        &[
            ("shop", true),
            ("buyer", true),
            ("account", false),
            ("role", true),
            ("ts", true),
            ("kind", false),
            ("text", false),
        ],
    ),
    (
        "orders",
        &[
            ("shop", true),
            ("order_id", true),
            ("buyer", false),
            ("status", false),
            ("created_at", true),
            ("paid_at", false),
            ("shipped_at", false),
            ("signed_at", false),
            ("closed_at", false),
            ("goods", false),
            ("paid", false),
            ("refund", false),
            ("items", false),
            ("responsible", false),
        ],
    ),
    (
        "order_items",
        &[("shop", true), ("order_id", true), ("sku", true), ("title", false), ("quantity", true), ("paid", false)],
    ),
    (
        "roster",
        &[
            ("staff_id", true),
            ("name", true),
            ("role", true),
            ("team", false),
            ("supervisor_id", false),
            ("joined_on", false),
            ("left_on", false),
            ("valid_from", false),
            ("valid_to", false),
        ],
    ),
    ("accounts", &[("shop", true), ("account", true), ("staff_id", true), ("valid_from", false), ("valid_to", false)]),
    (
        "shifts",
        &[
            ("staff_id", true),
            ("date", true),
            ("start", true),
            ("end", true),
            ("lunch_start", false),
            ("lunch_end", false),
            ("duty", false),
        ],
    ),
    (
        "waivers",
        &[
            ("deduction_id", false),
            ("rule_id", false),
            ("staff_id", false),
            ("from", false),
            ("to", false),
            ("reason", true),
            ("approved_by", true),
            ("approved_at", true),
        ],
    ),
    ("awards", &[("staff_id", true), ("points", true), ("reason", true), ("on", true)]),
    (
        "presence",
        &[
            ("staff_id", true),
            ("ts", true),
            ("state", true),
            ("at_desk", false),
            ("covered_by", false),
            ("told_director", false),
        ],
    ),
    (
        "calls",
        &[
            ("shop", true),
            ("account", true),
            ("rang_at", true),
            ("answered_at", false),
            ("overloaded", false),
            ("asked_support", false),
        ],
    ),
    (
        "reviews",
        &[
            ("shop", true),
            ("order_id", false),
            ("buyer", false),
            ("staff_id", false),
            ("rating", true),
            ("cause", false),
            ("has_text", true),
            ("ts", true),
        ],
    ),
    ("ratings", &[("shop", true), ("buyer", true), ("account", true), ("score", true), ("ts", true)]),
    (
        "annotations",
        &[("shop", true), ("buyer", true), ("staff_id", true), ("ts", true), ("text", false), ("chars", false)],
    ),
    (
        "followups",
        &[
            ("shop", true),
            ("buyer", true),
            ("staff_id", true),
            ("inquiry_date", true),
            ("done_at", false),
            ("form", true),
        ],
    ),
    (
        "submissions",
        &[
            ("staff_id", true),
            ("kind", true),
            ("period", true),
            ("submitted_at", true),
            ("inquiries", false),
            ("correct", false),
        ],
    ),
    (
        "custody",
        &[
            ("staff_id", true),
            ("kind", true),
            ("ref", true),
            ("received_at", true),
            ("handed_on_at", false),
            ("harm", false),
        ],
    ),
    (
        "tickets",
        &[("kind", true), ("staff_id", true), ("opened_at", true), ("solved_at", false), ("escalated_at", false)],
    ),
    (
        "meetings",
        &[("staff_id", true), ("kind", true), ("starts_at", true), ("present", true), ("late_minutes", false)],
    ),
    (
        "listings",
        &[
            ("staff_id", true),
            ("kind", true),
            ("product", true),
            ("handed_over_at", true),
            ("due_at", false),
            ("online_at", false),
        ],
    ),
    (
        "tasks",
        &[("staff_id", true), ("kind", true), ("title", true), ("due_at", true), ("done_at", false), ("points", false)],
    ),
    (
        "incidents",
        &[
            ("staff_id", true),
            ("rule_id", true),
            ("occurred_at", true),
            ("points", false),
            ("serious", false),
            ("confirmed", false),
            ("note", false),
        ],
    ),
    ("attendance", &[("staff_id", true), ("date", true), ("in_at", false), ("out_at", false), ("result", false)]),
    ("targets", &[("staff_id", false), ("shop", false), ("period", true), ("sales", true)]),
    (
        "promotions",
        &[("promotion_id", true), ("shop", true), ("keyword", true), ("starts_at", true), ("ends_at", true)],
    ),
    (
        "auto_reply_texts",
        &[("text_id", true), ("shop", true), ("text", true), ("valid_from", false), ("valid_to", false)],
    ),
];

/// The raw columns of a table.
pub fn raw_columns(table: &str) -> Option<&'static [(&'static str, bool)]> {
    RAW_COLUMNS.iter().find(|(t, _)| *t == table).map(|(_, columns)| *columns)
}
