//! `kaohe rulebook test`: a rule's examples, computed by the same facts and the same ledger as real months.

use super::project::{Project, calendar_error};
use crate::base::time::{DAY, day_of, parse_time_of_day};
use crate::base::{Diagnostic, Error, Month, Ms, Result, Zone};
use crate::facts::Context;
use crate::facts::days::{Days, Window};
use crate::facts::people::People;
use crate::facts::unit::{self, LinkedBy, LinkedOrder};
use crate::lake::dimensions::{AccountRow, RosterRow, ShiftRow};
use crate::lake::messages::{Message, Messages, Role};
use crate::lake::names::{NONE, Names};
use crate::lake::orders::Order;
use crate::rules::{Plan, ledger};
use crate::settings::rulebook::{Example, Rule, Rulebook};
use chrono::{NaiveDate, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};

const SHOP: &str = "S";
const BUYER: &str = "B";
/// Everyone's supervisor in an example.
const SUPERVISOR: &str = "主管";

/// One example's result: what was expected and what came out, as (person, hundredths).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    pub rule: String,
    pub example: String,
    pub expected: Vec<(String, i32)>,
    pub found: Vec<(String, i32)>,
    /// Set where they differ.
    pub problem: Option<Diagnostic>,
}

/// Runs the examples of all rules, or of one.
///
/// # Errors
/// Settings; an example whose rows cannot be read (exit 2).
pub fn test(project: &Project, only: Option<&str>) -> Result<Vec<Tested>> {
    let mut all = Vec::new();
    for rule in project.settings.rulebook.rules.iter().filter(|r| only.is_none_or(|id| r.id == id)) {
        for example in &rule.examples {
            let found = run(project, rule, example)?;
            let mut expected = example.expect.clone();
            expected.sort();
            let problem = (found != expected).then(|| {
                let message =
                    format!("`{}`: {} gives {}, expected {}", rule.id, example.name, list(&found), list(&expected));
                Diagnostic::error("K0321", message).at(example.origin.place("this example"))
            });
            all.push(Tested { rule: rule.id.clone(), example: example.name.clone(), expected, found, problem });
        }
    }
    Ok(all)
}

fn list(charges: &[(String, i32)]) -> String {
    let one = |(who, points): &(String, i32)| format!("{who} −{}.{:02}", points / 100, points % 100);
    if charges.is_empty() { "nothing".to_owned() } else { charges.iter().map(one).collect::<Vec<_>>().join(", ") }
}

type Cells<'a> = BTreeMap<&'a str, &'a str>;

fn rows<'a>(example: &'a Example, table: &str) -> Vec<Cells<'a>> {
    let of = example.given.iter().filter(|(t, _)| t == table).flat_map(|(_, rows)| rows);
    of.map(|cells| cells.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect()).collect()
}

/// The rows of an example as the lake would hold them.
struct Given {
    messages: Messages,
    orders: Vec<LinkedOrder>,
    people: People,
    /// Times of all rows.
    span: (Ms, Ms),
}

fn run(project: &Project, rule: &Rule, example: &Example) -> Result<Vec<(String, i32)>> {
    let names = Names::new();
    let zone = project.zone();
    let given = given(example, rule, zone, &names)?;
    // The rule alone, whatever its dates: an example shows the rule as it is written.
    let book = Rulebook {
        rules: vec![Rule { effective_from: None, effective_to: None, ..rule.clone() }],
        ..project.settings.rulebook.clone()
    };
    let plan = Plan::new(&book).map_err(Error::Settings)?;
    let as_of = match &example.as_of {
        Some(text) => time(text, zone, example)?,
        None => given.span.1 + 40 * DAY,
    };
    let (mut month, last) = (Month::of(zone.date(given.span.0)), Month::of(zone.date(given.span.1)).next());
    let mut found = Vec::new();
    while month <= last {
        let context = context(project, &given.people, &names, month, as_of)?;
        let facts = unit::compute(&context, std::slice::from_ref(&given.messages), given.orders.clone())
            .map_err(calendar_error)?;
        let violations = plan.detect(&facts, &context, &|_, _| true).map_err(calendar_error)?;
        let charged = [ledger::charged(violations, &book, &context)];
        let (lines, _) = ledger::ledger(&charged, &[], &book, &context);
        found.extend(lines.into_iter().map(|l| (l.staff_id.to_string(), l.points)));
        month = month.next();
    }
    found.sort();
    Ok(found)
}

fn context<'a>(
    project: &'a Project,
    people: &'a People,
    names: &'a Names,
    month: Month,
    as_of: Ms,
) -> Result<Context<'a>> {
    let p = &project.settings.pipeline;
    let window = Window::of(month, p.margin_days, p.zone, &project.workdays).map_err(calendar_error)?;
    let days = Days::new(&window.messages, project.settings.preset.cutoff_ms, p.zone, &project.workdays)
        .map_err(calendar_error)?;
    Ok(Context {
        preset: &project.settings.preset,
        zone: p.zone,
        window,
        days,
        online: &project.online,
        office: &project.office,
        workdays: &project.workdays,
        people,
        names,
        as_of,
        advertising_max: p.filters.advertising_max,
        instants: Vec::new(),
    })
}

fn given(example: &Example, rule: &Rule, zone: Zone, names: &Names) -> Result<Given> {
    let mut staff: BTreeSet<String> = example.expect.iter().map(|(who, _)| who.clone()).collect();
    let mut span: Option<(Ms, Ms)> = None;
    let mut saw = |at: Ms| span = Some(span.map_or((at, at), |(a, b)| (a.min(at), b.max(at))));
    let file = names.id("example");
    let mut messages: Vec<(String, String, Message)> = Vec::new();
    for (i, cells) in rows(example, "messages").iter().enumerate() {
        let at = time(cells.get("ts").unwrap_or(&""), zone, example)?;
        saw(at);
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
        messages.push((cell("shop", SHOP), cell("buyer", BUYER), message));
    }
    messages.sort_by(|a, b| (&a.0, &a.1, a.2.ts, a.2.row).cmp(&(&b.0, &b.1, b.2.ts, b.2.row)));
    let mut part = Messages::default();
    let mut shops: BTreeSet<String> = [SHOP.to_owned()].into();
    for (shop, buyer, message) in messages {
        part.push(names.id(&shop), &buyer, message);
        shops.insert(shop);
    }
    let mut orders = Vec::new();
    for (i, cells) in rows(example, "orders").iter().enumerate() {
        let order = order(cells, i, zone, names, example)?;
        saw(order.created_at);
        order.paid_at.into_iter().chain(order.shipped_at).for_each(&mut saw);
        if order.responsible != NONE {
            staff.insert(names.text(order.responsible).to_string());
        }
        shops.insert(names.text(order.shop).to_string());
        orders.push(LinkedOrder { order, linked_by: LinkedBy::Buyer });
    }
    let mut shifts = Vec::new();
    for cells in rows(example, "shifts") {
        let shift = shift(&cells, zone, example)?;
        staff.insert(shift.staff_id.clone());
        shifts.push(shift);
    }
    let role = rule.applies_to.first().cloned().unwrap_or_else(|| "other".to_owned());
    let roster = staff
        .iter()
        .map(|id| RosterRow {
            staff_id: id.clone(),
            name: id.clone(),
            role: if id == SUPERVISOR { "supervisor".to_owned() } else { role.clone() },
            team: None,
            supervisor_id: Some(SUPERVISOR.to_owned()),
            joined_on: None,
            left_on: None,
            valid_from: None,
            valid_to: None,
        })
        .collect();
    let accounts = shops
        .iter()
        .flat_map(|shop| {
            staff.iter().map(|id| AccountRow {
                shop: shop.clone(),
                account: id.clone(),
                staff_id: id.clone(),
                valid_from: None,
                valid_to: None,
            })
        })
        .collect();
    let span = span.ok_or_else(|| unreadable(example, "the example has no rows"))?;
    Ok(Given { messages: part, orders, people: People::new(roster, accounts, shifts, names), span })
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
    Ok(Order {
        shop: names.id(&text("shop").unwrap_or_else(|| SHOP.to_owned())),
        order_id: text("order_id").unwrap_or_else(|| format!("{}", i + 1)),
        buyer_key: Some(text("buyer").unwrap_or_else(|| BUYER.to_owned())),
        created_at,
        paid_at,
        shipped_at: at("shipped_at")?,
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
        lunch: None,
    })
}

fn time(text: &str, zone: Zone, example: &Example) -> Result<Ms> {
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"]
        .iter()
        .find_map(|p| NaiveDateTime::parse_from_str(text, p).ok())
        .map(|t| zone.instant(t))
        .ok_or_else(|| unreadable(example, &format!("`{text}` is no time such as 2026-05-15 17:59:50.000")))
}

fn unreadable(example: &Example, what: &str) -> Error {
    Diagnostic::error("K0322", format!("example `{}`: {what}", example.name)).at(example.origin.place("")).into()
}
