//! The rows of a rulebook's example as the lake would hold them.

use crate::base::time::{DAY, day_of, parse_time_of_day};
use crate::base::{Diagnostic, Error, Month, Ms, Result, Zone};
use crate::facts::people::People;
use crate::facts::unit::{LinkedBy, LinkedOrder};
use crate::ingest::cell::{self, Cell};
use crate::ingest::period;
use crate::lake::auto_replies::AutoReply;
use crate::lake::dimensions::{AccountRow, RosterRow, ShiftRow};
use crate::lake::messages::{Message, Messages, Role};
use crate::lake::names::{NONE, Names};
use crate::lake::orders::{self, Order};
use crate::lake::registers::{Registers, Row, Value};
use crate::lake::schema::{self, Column, Table, Type};
use crate::rules::Results;
use crate::rules::results::MonthResults;
use crate::settings::rulebook::{Example, Rule};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

const SHOP: &str = "S";
const BUYER: &str = "B";
/// Everyone's supervisor in an example.
const SUPERVISOR: &str = "主管";
/// Rows of the mart that an example may give for rules that read results.
const RESULTS: [&str; 2] = ["scores", "deductions"];

pub type Cells<'a> = BTreeMap<&'a str, &'a str>;

/// An example's rows.
pub struct Given {
    pub messages: Messages,
    pub auto_replies: Vec<AutoReply>,
    pub orders: Vec<LinkedOrder>,
    pub people: People,
    pub registers: Registers,
    /// Registers that were delivered, be it with a header alone.
    pub delivered: BTreeSet<String>,
    pub results: Results,
    pub shops: Vec<u32>,
    /// Times of all rows.
    pub span: (Ms, Ms),
}

/// Reads an example.
///
/// # Errors
/// What cannot be read, at the example's place (exit 2).
pub fn given(example: &Example, rule: &Rule, zone: Zone, names: &Names) -> Result<Given> {
    let mut reader = Reader {
        example,
        zone,
        names,
        staff: example.expect.iter().map(|(who, _)| who.clone()).collect(),
        shops: BTreeSet::new(),
        span: None,
    };
    let (messages, auto_replies) = reader.messages()?;
    let orders = reader.orders()?;
    let shifts = reader.shifts()?;
    let (registers, delivered) = reader.registers()?;
    let results = reader.results()?;
    if reader.shops.is_empty() {
        reader.shops.insert(SHOP.to_owned());
    }
    let span = reader.span.ok_or_else(|| unreadable(example, "the example has no rows"))?;
    let people = reader.people(rule, shifts);
    let shops = reader.shops.iter().map(|s| names.id(s)).collect();
    Ok(Given { messages, auto_replies, orders, people, registers, delivered, results, shops, span })
}

struct Reader<'a> {
    example: &'a Example,
    zone: Zone,
    names: &'a Names,
    staff: BTreeSet<String>,
    shops: BTreeSet<String>,
    span: Option<(Ms, Ms)>,
}

impl Reader<'_> {
    fn rows(&self, table: &str) -> Vec<Cells<'_>> {
        let of = self.example.given.iter().filter(|(t, _)| t == table).flat_map(|(_, rows)| rows);
        of.map(|cells| cells.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()).collect()
    }

    fn saw(&mut self, at: Ms) {
        self.span = Some(self.span.map_or((at, at), |(a, b)| (a.min(at), b.max(at))));
    }

    fn messages(&mut self) -> Result<(Messages, Vec<AutoReply>)> {
        let (example, zone, names) = (self.example, self.zone, self.names);
        let file = names.id("example");
        let mut found: Vec<(String, String, Message)> = Vec::new();
        let mut auto_replies = Vec::new();
        let (mut staff, mut times) = (Vec::new(), Vec::new());
        for (i, cells) in self.rows("messages").iter().enumerate() {
            let at = time(cells.get("ts").unwrap_or(&""), zone, example)?;
            times.push(at);
            let account = cells.get("account").filter(|a| !a.is_empty());
            staff.extend(account.map(|a| (*a).to_owned()));
            let role = cells.get("role").and_then(|r| Role::ALL.iter().find(|(n, _)| n == r)).map(|(_, r)| *r);
            let message = Message {
                ts: at,
                row: i as i64 + 1,
                file,
                account: account.map_or(NONE, |a| names.id(a)),
                role: role.ok_or_else(|| unreadable(example, "a message has no role"))?,
                transfer: cells.get("kind").is_some_and(|k| *k == "transfer"),
                closing: cells.get("closing").is_some_and(|c| *c == "true" || *c == "closing"),
                filter: 0,
            };
            let cell = |name: &str, default: &str| cells.get(name).map_or(default, |v| v).to_owned();
            if message.role == Role::Auto {
                let text = cells.get("text_id").map_or(NONE, |t| names.id(t));
                let ids = cells.get("promotion_ids").unwrap_or(&"").split(',').filter(|p| !p.is_empty());
                let promotions = ids.map(|p| names.id(p)).collect();
                let (shop, account, row) = (names.id(&cell("shop", SHOP)), message.account, message.row);
                auto_replies.push(AutoReply { shop, account, ts: at, text, promotions, file, row });
            }
            found.push((cell("shop", SHOP), cell("buyer", BUYER), message));
        }
        self.staff.extend(staff);
        times.into_iter().for_each(|t| self.saw(t));
        found.sort_by(|a, b| (&a.0, &a.1, a.2.ts, a.2.row).cmp(&(&b.0, &b.1, b.2.ts, b.2.row)));
        let mut part = Messages::default();
        for (shop, buyer, message) in found {
            part.push(names.id(&shop), &buyer, message);
            self.shops.insert(shop);
        }
        Ok((part, auto_replies))
    }

    fn orders(&mut self) -> Result<Vec<LinkedOrder>> {
        let all: Vec<Order> = self
            .rows("orders")
            .iter()
            .enumerate()
            .map(|(i, cells)| order(cells, i, self.zone, self.names, self.example))
            .collect::<Result<_>>()?;
        for order in &all {
            self.saw(order.created_at);
            order.paid_at.into_iter().chain(order.shipped_at).for_each(|t| self.saw(t));
            if order.responsible != NONE {
                self.staff.insert(self.names.text(order.responsible).to_string());
            }
            self.shops.insert(self.names.text(order.shop).to_string());
        }
        Ok(all.into_iter().map(|order| LinkedOrder { order, linked_by: LinkedBy::Buyer }).collect())
    }

    fn shifts(&mut self) -> Result<Vec<ShiftRow>> {
        let rows: Result<Vec<ShiftRow>> =
            self.rows("shifts").iter().map(|cells| shift(cells, self.zone, self.example)).collect();
        let rows = rows?;
        for row in &rows {
            self.staff.insert(row.staff_id.clone());
            self.saw(row.start);
        }
        Ok(rows)
    }

    fn registers(&mut self) -> Result<(Registers, BTreeSet<String>)> {
        let (mut registers, mut delivered) = (Registers::default(), BTreeSet::new());
        for table in schema::REGISTERS {
            if !self.example.given.iter().any(|(t, _)| t == table.name) {
                continue;
            }
            delivered.insert(table.name.to_owned());
            let raw: Vec<BTreeMap<String, String>> = self
                .rows(table.name)
                .into_iter()
                .map(|cells| cells.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
                .collect();
            let mut rows = Vec::new();
            for (i, cells) in raw.iter().enumerate() {
                let values =
                    table.columns.iter().map(|c| self.value(table, c, cells)).collect::<Result<Vec<Value>>>()?;
                rows.push(Row { values, file: self.names.id("example"), row: i as i64 + 1 });
            }
            registers.set(table, rows);
        }
        Ok((registers, delivered))
    }

    /// One cell, as ingest would read it; times, people and shops are noted.
    fn value(&mut self, table: &'static Table, column: &Column, cells: &BTreeMap<String, String>) -> Result<Value> {
        let wrong = |reason: String| unreadable(self.example, &format!("{}.{}: {reason}", table.name, column.name));
        let raw = |name: &str| cells.get(name).filter(|t| !t.is_empty()).map(String::as_str);
        let text = match column.name {
            "buyer_key" => raw("buyer").or(Some(BUYER)),
            "buyer_mask" => Some("*"),
            "shop" => raw("shop").or(Some(SHOP)),
            "text_sha256" => return Ok(Value::Null),
            "on" | "period" if table.name == "submissions" => {
                let period = raw("period").ok_or_else(|| wrong("a submission has a period".to_owned()))?;
                let read = period::parse(raw("kind").unwrap_or(""), period).map_err(|r| wrong(r.reason))?;
                if column.name == "on" {
                    let at = self.zone.start_of(crate::base::time::date_of(read.1));
                    self.saw(at);
                    return Ok(Value::Int(read.1.into()));
                }
                return Ok(Value::Text(read.0.into()));
            }
            name => raw(name),
        };
        let Some(text) = text else { return Ok(Value::Null) };
        let value = match cell::plain(column, text, &[], self.zone).map_err(|r| wrong(r.reason))? {
            Cell::Null => Value::Null,
            Cell::Number(n) => Value::Int(n),
            Cell::Text(t) => Value::Text(t.as_ref().into()),
        };
        match (column.name, &value, column.kind) {
            ("staff_id" | "account", Value::Text(t), _) => {
                self.staff.insert(t.to_string());
            }
            ("shop", Value::Text(t), _) => {
                self.shops.insert(t.to_string());
            }
            // How long a text was approved or a promotion ran says nothing of when something happened.
            (_, Value::Int(at), Type::Time) if table.month_by.is_some() => self.saw(*at),
            (_, Value::Int(day), Type::Date) if table.month_by.is_some() => {
                let at = self.zone.start_of(crate::base::time::date_of(*day as i32));
                self.saw(at);
            }
            _ => {}
        }
        Ok(value)
    }

    fn results(&mut self) -> Result<Results> {
        let mut months: BTreeMap<Month, MonthResults> = BTreeMap::new();
        let (mut staff, mut seen) = (Vec::new(), Vec::new());
        for table in RESULTS {
            for cells in self.rows(table) {
                let cell = |name: &str| {
                    let text = cells.get(name).copied();
                    text.ok_or_else(|| unreadable(self.example, &format!("a row of {table} has no {name}")))
                };
                let month: Month = cell("period")?.parse().map_err(|e: String| unreadable(self.example, &e))?;
                let who = cell("staff_id")?.to_owned();
                let own = months.entry(month).or_default();
                if table == "scores" {
                    own.grades.insert(who.clone(), cell("grade")?.to_owned());
                } else {
                    *own.charged.entry((cell("rule_id")?.to_owned(), who.clone())).or_insert(0) += 1;
                }
                staff.push(who);
                seen.push(self.zone.start_of(month.first_day()));
            }
        }
        self.staff.extend(staff);
        seen.into_iter().for_each(|t| self.saw(t));
        let mut results = Results::default();
        months.into_iter().for_each(|(month, own)| results.set(month, own));
        Ok(results)
    }

    /// Everyone has the rule's first role, works always, and has an account of his name in every shop.
    fn people(&self, rule: &Rule, shifts: Vec<ShiftRow>) -> People {
        let role = rule.applies_to.first().cloned().unwrap_or_else(|| "other".to_owned());
        let role_of = |id: &str| if id == SUPERVISOR { "supervisor".to_owned() } else { role.clone() };
        let roster = self.staff.iter().map(|id| RosterRow {
            staff_id: id.clone(),
            name: id.clone(),
            role: role_of(id),
            team: None,
            supervisor_id: (id != SUPERVISOR).then(|| SUPERVISOR.to_owned()),
            joined_on: None,
            left_on: None,
            valid_from: None,
            valid_to: None,
        });
        let account = |shop: &String, id: &String| AccountRow {
            shop: shop.clone(),
            account: id.clone(),
            staff_id: id.clone(),
            valid_from: None,
            valid_to: None,
        };
        let accounts = self.shops.iter().flat_map(|shop| self.staff.iter().map(|id| account(shop, id))).collect();
        People::new(roster.collect(), accounts, shifts, self.names)
    }
}

fn order(cells: &Cells<'_>, i: usize, zone: Zone, names: &Names, example: &Example) -> Result<Order> {
    let at = |name: &str| -> Result<Option<Ms>> {
        cells.get(name).filter(|t| !t.is_empty()).map(|t| time(t, zone, example)).transpose()
    };
    let fen = |name: &str| -> Result<Option<i64>> {
        let text = cells.get(name).filter(|t| !t.is_empty());
        text.map(|t| fen(t).ok_or_else(|| unreadable(example, "an amount is no number of yuan"))).transpose()
    };
    let paid_at = at("paid_at")?;
    let created_at = at("created_at")?.or(paid_at).ok_or_else(|| unreadable(example, "an order has no time"))?;
    let text = |name: &str| cells.get(name).filter(|t| !t.is_empty()).map(|t| (*t).to_owned());
    let shipped_at = at("shipped_at")?;
    let is_shipped = text("status").is_some_and(|s| orders::SHIPPED.contains(&s.as_str()));
    Ok(Order {
        shop: names.id(&text("shop").unwrap_or_else(|| SHOP.to_owned())),
        order_id: text("order_id").unwrap_or_else(|| format!("{}", i + 1)),
        buyer_key: Some(text("buyer").unwrap_or_else(|| BUYER.to_owned())),
        created_at,
        paid_at,
        shipped_at,
        shipped_untold: is_shipped && shipped_at.is_none(),
        signed_at: at("signed_at")?,
        closed_at: at("closed_at")?,
        paid_fen: fen("paid")?.or(Some(10_000)),
        refund_fen: fen("refund")?,
        items: Some(1),
        responsible: text("responsible").map_or(NONE, |r| names.id(&r)),
        file: names.id("example"),
        row: i as i64 + 1,
    })
}

/// `128.5` yuan in fen.
fn fen(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    let cents = format!("{rest:0<2}");
    (cents.len() == 2).then_some(())?;
    Some(yuan.parse::<i64>().ok()?.checked_mul(100)? + cents.parse::<i64>().ok()?)
}

fn shift(cells: &Cells<'_>, zone: Zone, example: &Example) -> Result<ShiftRow> {
    let wrong = || unreadable(example, "a shift needs a person, a day, a start and an end");
    let cell = |name: &str| cells.get(name).copied().ok_or_else(wrong);
    let date = NaiveDate::parse_from_str(cell("date")?, "%Y-%m-%d").map_err(|_| wrong())?;
    let start = parse_time_of_day(cell("start")?).map_err(|_| wrong())?;
    let end = parse_time_of_day(cell("end")?).map_err(|_| wrong())?;
    // An end that is not after the start is on the next day.
    let end = if end <= start { end + DAY } else { end };
    Ok(ShiftRow {
        staff_id: cell("staff_id")?.to_owned(),
        date: day_of(date),
        start: zone.at(date, start),
        end: zone.at(date, end),
        lunch: lunch(cells, zone, date),
        weekend: cells.get("duty").is_some_and(|d| *d == "weekend"),
    })
}

/// A local time.
pub fn time(text: &str, zone: Zone, example: &Example) -> Result<Ms> {
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|p| NaiveDateTime::parse_from_str(text, p).ok())
        .map(|t| zone.instant(t))
        .ok_or_else(|| unreadable(example, &format!("`{text}` is no time such as 2026-05-15 17:59:50.000")))
}

fn unreadable(example: &Example, what: &str) -> Error {
    Diagnostic::error("K0322", format!("example `{}`: {what}", example.name)).at(example.origin.place("")).into()
}

fn lunch(cells: &Cells<'_>, zone: Zone, date: NaiveDate) -> Option<(Ms, Ms)> {
    let at = |name: &str| cells.get(name).and_then(|t| parse_time_of_day(t).ok()).map(|t| zone.at(date, t));
    at("lunch_start").zip(at("lunch_end"))
}
