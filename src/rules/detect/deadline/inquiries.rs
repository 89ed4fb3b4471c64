//! Inquiries that were to be followed up (回访): each pre-sales inquiry, by the end of a day after its date.

use super::{Deadline, Params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::{Context, Facts};
use crate::lake::registers::{Register, Row};
use crate::rules::detect::Need;
use crate::rules::detect::rows;
use crate::rules::violation::{Evidence, Violation};
use crate::settings::rulebook::Detect;
use foldhash::HashMap;

const REGISTER: &str = "followups";

#[derive(Debug)]
pub struct Inquiries {
    unless_ordered: bool,
    presales: bool,
}

/// How an inquiry began: its buyer's first message and, where a round counts, the row of the first question.
#[derive(Debug, Clone, Copy)]
struct Begin {
    at: Ms,
    asked: Option<(Ms, Evidence)>,
}

impl Inquiries {
    pub fn new(p: &Params, detect: &Detect) -> Result<Inquiries, Vec<Diagnostic>> {
        let keys = ["followed_by", "unless_ordered", "presales"];
        let mut wrong = p.only(&keys, &["inquiry_date"], "done_at", detect);
        if p.followed_by.as_deref().is_some_and(|f| f != REGISTER) {
            let message = format!("inquiries are followed up in `{REGISTER}` alone");
            wrong.push(detect.origin.about("followed_by", "K0306", message));
        }
        let part = Inquiries { unless_ordered: p.unless_ordered.unwrap_or(true), presales: p.presales.unwrap_or(true) };
        if wrong.is_empty() { Ok(part) } else { Err(wrong) }
    }

    pub fn needs(&self) -> Vec<Need> {
        let mut needs = vec![
            ("messages", vec!["role", "ts", "account"]),
            (REGISTER, vec!["shop", "buyer_key", "inquiry_date", "done_at"]),
        ];
        if self.unless_ordered {
            needs.push(("orders", vec!["created_at"]));
        }
        needs
    }

    pub fn find(
        &self,
        deadline: &Deadline,
        facts: &Facts,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let begins = begins(facts);
        let orders = orders(facts);
        let register = context.registers.get(REGISTER);
        let mut found = Vec::new();
        for row in facts.inquiries.iter().filter(|i| i.inquiry.presales || !self.presales) {
            let (inquiry, whose) = (&row.inquiry, &facts.conversations[row.whose]);
            let Some(begin) = begins.get(&(row.whose, inquiry.day)) else { continue };
            let from = context.zone.start_of(date_of(inquiry.day));
            let due = deadline.due(from, inquiry.staff, context, &mut Trace::silent())?;
            if due >= context.as_of {
                continue;
            }
            let shop = context.names.text(whose.shop);
            let mine = register.map(|r| followups(r, &shop, &whose.buyer_key, inquiry.day)).unwrap_or_default();
            let done = mine.iter().filter_map(|(at, _)| *at).filter(|t| *t <= context.as_of).min();
            let ordered = || {
                let times = orders.get(&(whose.shop, whose.buyer_key.as_str()));
                times.is_some_and(|t| t.iter().any(|at| (begin.at..=due).contains(at)))
            };
            if done.is_some_and(|t| t <= due) || (self.unless_ordered && ordered()) {
                continue;
            }
            let asked = begin.asked.map(|(_, evidence)| evidence);
            let rows = mine.iter().map(|(_, evidence)| *evidence);
            found.push(Violation {
                rule: 0,
                shop: whose.shop,
                caused_by: inquiry.staff,
                event_key: format!("{shop}|{}|{}", whose.buyer_key, date_of(inquiry.day)),
                occurred_at: begin.at,
                due_at: Some(due),
                done_at: done,
                period: Month::of(date_of(inquiry.day)),
                stated: None,
                evidence: asked.into_iter().chain(rows).collect(),
            });
        }
        Ok(found)
    }
}

/// The rows of an inquiry: when it was followed up, and where that is written.
fn followups(register: &Register, shop: &str, buyer_key: &str, day: i32) -> Vec<(Option<Ms>, Evidence)> {
    let of_day = |row: &&Row| register.get(row, "inquiry_date").int() == Some(day.into());
    let read = |row| (register.get(row, "done_at").int(), rows::evidence(register, row));
    register.of_buyer(shop, buyer_key).filter(of_day).map(read).collect()
}

/// How the inquiries of the bucket's conversations began, by (conversation, inquiry date).
fn begins(facts: &Facts) -> HashMap<(usize, i32), Begin> {
    let mut begins: HashMap<(usize, i32), Begin> = HashMap::default();
    for s in facts.sessions.iter().filter(|s| s.session.dropped.is_none()) {
        let (Some(day), Some(at)) = (s.day, s.session.first_buyer_at) else { continue };
        let begin = begins.entry((s.whose, day)).or_insert(Begin { at, asked: None });
        begin.at = begin.at.min(at);
    }
    for r in facts.rounds.iter().filter(|r| r.round.dropped.is_none()) {
        let evidence = Evidence { table: "messages", file: r.round.asked_file, row: r.round.asked_row };
        if let Some(begin) = begins.get_mut(&(r.whose, r.day))
            && begin.asked.is_none_or(|(at, _)| r.round.asked_at < at)
        {
            begin.asked = Some((r.round.asked_at, evidence));
        }
    }
    begins
}

/// When each buyer of the bucket ordered.
fn orders(facts: &Facts) -> HashMap<(u32, &str), Vec<Ms>> {
    let mut orders: HashMap<(u32, &str), Vec<Ms>> = HashMap::default();
    for c in &facts.credits {
        if let Some(buyer) = &c.order.order.buyer_key {
            orders.entry((c.order.order.shop, buyer.as_str())).or_default().push(c.order.order.created_at);
        }
    }
    orders
}
