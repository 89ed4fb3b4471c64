//! Orders that were to be shipped: each after its payment, or those that the month's end finds unshipped.

use super::{Deadline, Params};
use crate::base::{Diagnostic, Month, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::unit::CreditRow;
use crate::facts::{Context, Facts};
use crate::rules::violation::{Evidence, Violation};
use crate::settings::rulebook::Detect;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unless {
    Closed,
    Refunded,
}

#[derive(Debug)]
pub struct Orders {
    /// Whether the month's end starts the deadline, for what is unshipped then.
    month_end: bool,
    unless: Vec<Unless>,
}

impl Orders {
    pub fn new(p: &Params, detect: &Detect) -> Result<Orders, Vec<Diagnostic>> {
        let mut wrong = p.only(&["unless", "once_per"], &["paid_at", "month_end"], "shipped_at", detect);
        let unless = p.unless.clone().map_or(Ok(Vec::new()), toml::Value::try_into).unwrap_or_else(|_| {
            let message = "`unless` of orders is a list of \"closed\" and \"refunded\"";
            wrong.push(detect.origin.about("unless", "K0309", message));
            Vec::new()
        });
        if wrong.is_empty() { Ok(Orders { month_end: p.starts == "month_end", unless }) } else { Err(wrong) }
    }

    pub fn of_month_end(&self) -> bool {
        self.month_end
    }

    pub fn find(
        &self,
        deadline: &Deadline,
        facts: &Facts,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        let own = &context.window.own;
        let mut found = Vec::new();
        for c in &facts.credits {
            let order = &c.order.order;
            // Nobody knows whether it was in time.
            if order.shipped_untold {
                continue;
            }
            let starts = match (self.month_end, order.paid_at) {
                (false, Some(paid)) if own.contains(&paid) => paid,
                (true, Some(paid)) if paid < own.end && self.open_at(c, own.end - 1) => own.end - 1,
                _ => continue,
            };
            let due = deadline.due(starts, order.responsible, context, &mut Trace::silent())?;
            let late = order.shipped_at.is_none_or(|t| t > due) && due < context.as_of;
            if late && !self.excused(c, due) {
                let mark = if self.month_end { format!("|{}", context.window.month) } else { String::new() };
                found.push(Violation {
                    rule: 0,
                    shop: order.shop,
                    caused_by: order.responsible,
                    event_key: format!("{}|{}{mark}", context.names.text(order.shop), order.order_id),
                    occurred_at: starts,
                    due_at: Some(due),
                    done_at: order.shipped_at,
                    period: Month::of(context.zone.date(starts)),
                    stated: None,
                    evidence: vec![Evidence { table: "orders", file: order.file, row: order.row }],
                });
            }
        }
        Ok(found)
    }

    /// Neither shipped nor excused by an instant.
    fn open_at(&self, c: &CreditRow, at: Ms) -> bool {
        c.order.order.shipped_at.is_none_or(|t| t > at) && !self.excused(c, at)
    }

    /// Closed by the due time, or (where no closing time says otherwise) refunded in full.
    fn excused(&self, c: &CreditRow, due: Ms) -> bool {
        let order = &c.order.order;
        self.unless.iter().any(|u| match u {
            Unless::Closed => order.closed_at.is_some_and(|t| t <= due),
            Unless::Refunded => {
                let all = order.refund_fen.unwrap_or(0) >= order.paid_fen.unwrap_or(0);
                all && order.refund_fen.unwrap_or(0) > 0 && order.closed_at.is_none_or(|t| t <= due)
            }
        })
    }
}
