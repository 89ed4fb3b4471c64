//! `text`: auto replies against the texts approved for the day and the promotions that are on.

use super::words::Lines;
use super::{Detector, Event, Need, params};
use crate::base::time::date_of;
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::facts::{Context, Facts};
use crate::lake::auto_replies::AutoReply;
use crate::lake::names::NONE;
use crate::lake::registers::{Register, Row, Value};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::duration::Duration;
use crate::settings::rulebook::{Detect, Rule};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum What {
    /// Equals no text approved for its shop and day.
    Approved,
    /// Lacks the keyword of a promotion that is on.
    PromotionMissing,
    /// Holds the keyword of a promotion that is over for longer than `after`.
    PromotionStale,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    what: What,
    after: Option<Duration>,
}

/// The detector with its checked parameters; `after` in ms.
#[derive(Debug)]
pub struct Text {
    what: What,
    after: i64,
}

/// A promotion: the keyword is in auto replies from `starts` to before `ends`.
struct Promotion<'a> {
    id: u32,
    shop: u32,
    keyword: &'a str,
    starts: Ms,
    ends: Ms,
}

impl Text {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Text, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        if p.after.is_some() != (p.what == What::PromotionStale) {
            let message = "`after` goes with `what = \"promotion_stale\"`, and only with it";
            return Err(vec![detect.origin.about("after", "K0303", message)]);
        }
        Ok(Text { what: p.what, after: p.after.map_or(0, |d| d.0) })
    }

    /// The marks under which a reply is found wrong: one violation for each person, day and mark. With the due time,
    /// where there is one.
    fn marks(&self, reply: &AutoReply, context: &Context<'_>) -> Vec<(String, Option<Ms>)> {
        match self.what {
            What::Approved => {
                let register = context.registers.get("auto_reply_texts");
                let fine = register.is_some_and(|r| approved(r, reply, context));
                if fine { Vec::new() } else { vec![(String::new(), None)] }
            }
            What::PromotionMissing => promotions(context)
                .iter()
                .filter(|p| p.shop == reply.shop && (p.starts..p.ends).contains(&reply.ts))
                .filter(|p| !reply.promotions.contains(&p.id))
                .map(|p| (context.names.text(p.id).to_string(), None))
                .collect(),
            What::PromotionStale => {
                let all = promotions(context);
                let on = |p: &&Promotion<'_>| p.starts <= reply.ts && reply.ts <= p.ends + self.after;
                all.iter()
                    .filter(|p| p.shop == reply.shop && reply.ts > p.ends + self.after)
                    .filter(|p| reply.promotions.contains(&p.id))
                    .filter(|p| !all.iter().filter(on).any(|q| q.shop == p.shop && q.keyword == p.keyword))
                    .map(|p| (context.names.text(p.id).to_string(), Some(p.ends + self.after)))
                    .collect()
            }
        }
    }
}

/// Whether the text that a reply equals was approved for its shop that day, under whatever id.
fn approved(register: &Register, reply: &AutoReply, context: &Context<'_>) -> bool {
    let day = i64::from(context.zone.day(reply.ts));
    let (shop, id) = (context.names.text(reply.shop), context.names.text(reply.text));
    let of_shop = |row: &&Row| register.get(row, "shop").text() == Some(&shop);
    let is = |row: &&Row| register.get(row, "text_id").text() == Some(&id);
    let text = register.rows.iter().filter(of_shop).find(is).map(|row| register.get(row, "text_sha256"));
    register.rows.iter().filter(of_shop).any(|row| {
        let same =
            is(&row) || (text.is_some_and(|t| *t != Value::Null) && text == Some(register.get(row, "text_sha256")));
        let from = register.get(row, "valid_from").int().is_none_or(|d| d <= day);
        same && from && register.get(row, "valid_to").int().is_none_or(|d| day <= d)
    })
}

fn promotions<'c>(context: &'c Context<'_>) -> Vec<Promotion<'c>> {
    let Some(register) = context.registers.get("promotions") else { return Vec::new() };
    let read = |row: &'c Row| {
        let get = |column: &str| register.get(row, column);
        Some(Promotion {
            id: context.names.id(get("promotion_id").text()?),
            shop: context.names.id(get("shop").text()?),
            keyword: get("keyword").text()?,
            starts: get("starts_at").int()?,
            ends: get("ends_at").int()?,
        })
    };
    register.rows.iter().filter_map(read).collect()
}

impl Detector for Text {
    fn needs(&self) -> Vec<Need> {
        let register = match self.what {
            What::Approved => ("auto_reply_texts", vec!["text_id", "shop", "text_sha256"]),
            _ => ("promotions", vec!["promotion_id", "shop", "keyword", "starts_at", "ends_at"]),
        };
        vec![("messages", vec!["role", "ts", "account", "text"]), register]
    }

    fn per_shop(&self) -> bool {
        self.what == What::Approved
    }

    fn bucket(&self, _: &Rule, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        let mut found = Vec::new();
        for reply in &facts.auto_replies {
            let marks = self.marks(reply, context);
            if marks.is_empty() || reply.ts > context.as_of {
                continue;
            }
            let staff = context.owner(reply.shop, reply.account, reply.ts);
            let who = match staff {
                NONE => format!("{}|{}", context.names.text(reply.shop), context.names.text(reply.account)),
                staff => context.names.text(staff).to_string(),
            };
            let date = date_of(context.zone.day(reply.ts));
            found.extend(marks.into_iter().map(|(mark, due_at)| Violation {
                rule: 0,
                shop: reply.shop,
                caused_by: staff,
                event_key: format!("{who}|{date}|{mark}"),
                occurred_at: reply.ts,
                due_at,
                done_at: None,
                period: Month::of(date),
                stated: None,
                evidence: vec![Evidence { table: "messages", file: reply.file, row: reply.row }],
            }));
        }
        Ok(found)
    }

    fn once_per_key(&self) -> bool {
        true
    }

    fn reads_auto_replies(&self) -> bool {
        true
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let at = context.zone.format(event.occurred_at);
        let mut lines = Lines::new(lang);
        lines.add(format!("自动回复发出：{at}（当日首条）"), format!("auto reply sent at {at} (the day's first)"));
        match (self.what, event.due_at) {
            (What::Approved, _) => {
                lines.add("与当日该店任何已批准的文本都不一致", "equals no text approved for its shop and day")
            }
            (What::PromotionMissing, _) => {
                lines.add("活动进行中，文本里没有活动关键词", "a promotion is on; its keyword is not in the text");
            }
            (What::PromotionStale, due) => {
                let due = due.map_or_else(String::new, |t| context.zone.format(t));
                lines.add(
                    format!("活动关键词最迟应于 {due} 撤下，此时仍在"),
                    format!("the keyword was to be gone by {due} and is still there"),
                );
            }
        }
        Ok(lines.done())
    }
}
