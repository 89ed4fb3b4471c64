//! An example of a rule as people write it: rows that are given, and what they cost.

use super::codes;
use super::date::{Date, LocalTime};
use super::document::Document;
use super::exact::{Exact, nothing_left};
use super::points::{Number, hundredths};
use super::rulebook::{Example, Row};
use super::words::TimeOfDay;
use crate::base::time::format_time_of_day;
use chrono::NaiveDate;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, de};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

const SHOP: &str = "S";
const BUYER: &str = "B";

/// One shop and one buyer, unless a row names others; each account belongs to the person of the same name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleRaw {
    name: String,
    /// `["2026-05-15 17:59:50.000", "buyer", "A1"]`, a closing word with a fourth text `"closing"`; or a table.
    #[serde(default)]
    messages: Vec<MessageRaw>,
    #[serde(default)]
    orders: Vec<OrderRaw>,
    /// `["A1", "2026-05-15", "09:00", "18:00"]`: who, day, start, end; or a table.
    #[serde(default)]
    shifts: Vec<ShiftRaw>,
    /// `{ tickets = [{ staff_id = "A1", … }] }`: rows of registers; an empty list says that a header alone was there.
    #[serde(default)]
    registers: BTreeMap<String, Vec<BTreeMap<String, Cell>>>,
    /// `["A1", 1.5]` for each charge, in order of person and time. Nothing charged: an empty list.
    #[schemars(with = "Vec<(String, f64)>")]
    expect: Vec<Exact<(String, Spanned<Number>)>>,
    /// The clock of the example; left out: long after the last row.
    as_of: Option<LocalTime>,
}

/// A cell of a register's row: text, number, true or false.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Cell {
    Text(String),
    Flag(bool),
    Whole(i64),
    Number(f64),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Text(t) => f.write_str(t),
            Cell::Flag(b) => write!(f, "{b}"),
            Cell::Whole(n) => write!(f, "{n}"),
            Cell::Number(n) => write!(f, "{n}"),
        }
    }
}

/// One shift, written as a list or as a table.
#[derive(Debug, Clone)]
struct ShiftRaw(ShiftTable);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ShiftTable {
    staff_id: String,
    #[schemars(with = "NaiveDate")]
    date: Date,
    start: TimeOfDay,
    end: TimeOfDay,
    lunch_start: Option<TimeOfDay>,
    lunch_end: Option<TimeOfDay>,
    duty: Option<String>,
}

/// One row of a chat log, written as a list or as a table.
#[derive(Debug, Clone)]
struct MessageRaw(MessageTable);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MessageTable {
    ts: LocalTime,
    role: Role,
    account: Option<String>,
    #[serde(default)]
    closing: bool,
    shop: Option<String>,
    buyer: Option<String>,
    /// `transfer` hands the buyer on to `account`.
    #[serde(default)]
    kind: Kind,
    /// The approved text that an auto reply equals.
    text_id: Option<String>,
    /// The promotions whose keywords an auto reply holds.
    #[serde(default)]
    promotion_ids: Vec<String>,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Role {
    Buyer,
    Agent,
    Auto,
    Bot,
    System,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Role::Buyer => "buyer",
            Role::Agent => "agent",
            Role::Auto => "auto",
            Role::Bot => "bot",
            Role::System => "system",
        }
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Text,
    Card,
    Image,
    Transfer,
    Recall,
    Other,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Card => "card",
            Kind::Image => "image",
            Kind::Transfer => "transfer",
            Kind::Recall => "recall",
            Kind::Other => "other",
        }
    }
}

/// The fourth text of a short message.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Marker {
    Closing,
}

/// One order; amounts in yuan, as text.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OrderRaw {
    shop: Option<String>,
    order_id: Option<String>,
    buyer: Option<String>,
    status: Option<String>,
    created_at: Option<LocalTime>,
    paid_at: Option<LocalTime>,
    shipped_at: Option<LocalTime>,
    signed_at: Option<LocalTime>,
    closed_at: Option<LocalTime>,
    paid: Option<String>,
    refund: Option<String>,
    responsible: Option<String>,
}

impl<'de> Deserialize<'de> for MessageRaw {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = MessageRaw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message such as [\"2026-05-15 17:59:50.000\", \"buyer\", \"A1\"]")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<MessageRaw, A::Error> {
                let short = |n| de::Error::invalid_length(n, &Visitor);
                let ts = items.next_element()?.ok_or_else(|| short(0))?;
                let role = items.next_element()?.ok_or_else(|| short(1))?;
                let account = items.next_element()?.ok_or_else(|| short(2))?;
                let closing = items.next_element::<Marker>()?.is_some();
                nothing_left(&mut items)?;
                let table = MessageTable {
                    ts,
                    role,
                    account: Some(account),
                    closing,
                    shop: None,
                    buyer: None,
                    kind: Kind::Text,
                    text_id: None,
                    promotion_ids: Vec::new(),
                };
                Ok(MessageRaw(table))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<MessageRaw, A::Error> {
                MessageTable::deserialize(MapAccessDeserializer::new(map)).map(MessageRaw)
            }
        }

        d.deserialize_any(Visitor)
    }
}

impl<'de> Deserialize<'de> for ShiftRaw {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = ShiftRaw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a shift such as [\"A1\", \"2026-05-15\", \"09:00\", \"18:00\"]")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, items: A) -> Result<ShiftRaw, A::Error> {
                type Short = Exact<(String, Date, TimeOfDay, TimeOfDay)>;
                let Exact((staff_id, date, start, end)) = Short::deserialize(SeqAccessDeserializer::new(items))?;
                Ok(ShiftRaw(ShiftTable { staff_id, date, start, end, lunch_start: None, lunch_end: None, duty: None }))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<ShiftRaw, A::Error> {
                ShiftTable::deserialize(MapAccessDeserializer::new(map)).map(ShiftRaw)
            }
        }

        d.deserialize_any(Visitor)
    }
}

impl JsonSchema for ShiftRaw {
    fn schema_name() -> Cow<'static, str> {
        "Shift".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<ShiftTable>();
        let list = json_schema!({ "type": "array", "items": { "type": "string" }, "minItems": 4, "maxItems": 4 });
        json_schema!({ "anyOf": [list, table] })
    }
}

impl JsonSchema for MessageRaw {
    fn schema_name() -> Cow<'static, str> {
        "Message".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<MessageTable>();
        let list = json_schema!({ "type": "array", "items": { "type": "string" }, "minItems": 3, "maxItems": 4 });
        json_schema!({ "anyOf": [list, table] })
    }
}

impl ExampleRaw {
    /// The checked example; `None` once what is wrong is reported.
    pub fn check(written: Spanned<ExampleRaw>, file: &mut Document) -> Option<Example> {
        let header = written.span();
        let raw = written.into_inner();
        let tables = ["messages", "orders", "shifts", "registers"];
        let took_rows = tables.iter().any(|t| file.has_taken(&format!("rule.examples.{t}")));
        let register = |(table, rows): (String, Vec<BTreeMap<String, Cell>>)| {
            let row = |cells: BTreeMap<String, Cell>| cells.into_iter().map(|(k, v)| (k, v.to_string())).collect();
            (table, rows.into_iter().map(row).collect())
        };
        let registers: Vec<(String, Vec<Row>)> = raw.registers.into_iter().map(register).collect();
        let given: Vec<(String, Vec<Row>)> = [
            ("messages", raw.messages.into_iter().map(|m| m.0.row()).collect::<Vec<Row>>()),
            ("orders", raw.orders.into_iter().enumerate().map(|(i, o)| o.row(i + 1)).collect()),
            ("shifts", raw.shifts.into_iter().map(shift).collect()),
        ]
        .into_iter()
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(table, rows)| (table.to_owned(), rows))
        .chain(registers)
        .collect();
        if given.is_empty() && !took_rows {
            let message = format!("the example `{}` has no rows", raw.name);
            file.wrong(codes::EXAMPLE, header.clone(), message, "add messages, orders, shifts or registers");
        }
        let expect: Vec<Option<(String, i32)>> =
            raw.expect.into_iter().map(|Exact((who, n))| hundredths(&n, file).map(|points| (who, points))).collect();
        let mut expect: Vec<(String, i32)> = expect.into_iter().collect::<Option<_>>()?;
        // Stable: what one person pays stays in the order of time, as written.
        expect.sort_by(|a, b| a.0.cmp(&b.0));
        let as_of = raw.as_of.map(|t| t.0);
        Some(Example { name: raw.name, given, expect, as_of, origin: file.origin(header, "[") })
    }
}

impl MessageTable {
    fn row(self) -> Row {
        cells([
            ("shop", Some(self.shop.unwrap_or_else(|| SHOP.to_owned()))),
            ("buyer", Some(self.buyer.unwrap_or_else(|| BUYER.to_owned()))),
            ("ts", Some(self.ts.0)),
            ("role", Some(self.role.as_str().to_owned())),
            ("account", self.account),
            ("kind", Some(self.kind.as_str().to_owned())),
            ("closing", Some(self.closing.to_string())),
            ("text_id", self.text_id),
            ("promotion_ids", (!self.promotion_ids.is_empty()).then(|| self.promotion_ids.join(","))),
        ])
    }
}

impl OrderRaw {
    fn row(self, number: usize) -> Row {
        let time = |t: Option<LocalTime>| t.map(|t| t.0);
        cells([
            ("shop", Some(self.shop.unwrap_or_else(|| SHOP.to_owned()))),
            ("order_id", Some(self.order_id.unwrap_or_else(|| format!("O{number}")))),
            ("buyer", Some(self.buyer.unwrap_or_else(|| BUYER.to_owned()))),
            ("status", self.status),
            ("created_at", time(self.created_at)),
            ("paid_at", time(self.paid_at)),
            ("shipped_at", time(self.shipped_at)),
            ("signed_at", time(self.signed_at)),
            ("closed_at", time(self.closed_at)),
            ("paid", self.paid),
            ("refund", self.refund),
            ("responsible", self.responsible),
        ])
    }
}

fn shift(ShiftRaw(t): ShiftRaw) -> Row {
    let time = |t: TimeOfDay| format_time_of_day(t.0);
    cells([
        ("staff_id", Some(t.staff_id)),
        ("date", Some(t.date.0.to_string())),
        ("start", Some(time(t.start))),
        ("end", Some(time(t.end))),
        ("lunch_start", t.lunch_start.map(time)),
        ("lunch_end", t.lunch_end.map(time)),
        ("duty", t.duty),
    ])
}

/// The cells that hold something.
fn cells<const N: usize>(all: [(&str, Option<String>); N]) -> Row {
    all.into_iter().filter_map(|(column, value)| value.map(|v| (column.to_owned(), v))).collect()
}
