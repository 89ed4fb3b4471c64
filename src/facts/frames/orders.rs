//! `steps`, `unshipped` and `products` of a month.

use super::{Group, Texts};
use crate::base::Result;
use crate::facts::Facts;
use crate::facts::context::Context;
use crate::facts::products::Sold;
use crate::facts::steps::Step;
use crate::facts::unshipped::Unshipped;
use crate::lake::batch::{Batch, coded, long, plain};
use crate::lake::names::NONE;
use crate::lake::orders::Order;
use crate::lake::schema::{PRODUCTS, STEPS, UNSHIPPED};
use crate::settings::pipeline::StepLimits;

/// `steps` of the month; `known` says whether a shop's exports tell of a step at all.
pub fn steps(
    facts: &Facts,
    context: &Context<'_>,
    limits: &StepLimits,
    known: &dyn Fn(Step, &str) -> bool,
) -> Result<Batch> {
    let names = Texts(context.names.all());
    let period = context.window.month.to_string();
    let groups = |step: Step, shop: u32, person: u32| -> Vec<Group> {
        let shop = names.shop(shop);
        if !known(step, shop) {
            return Vec::new();
        }
        let mut all = vec![(String::new(), String::new()), (shop.to_owned(), String::new())];
        if person != NONE {
            let person = names.person(person);
            all.extend([(String::new(), person.to_owned()), (shop.to_owned(), person.to_owned())]);
        }
        all
    };
    let mut rows: Vec<_> = facts.steps.by(limits, groups).into_iter().collect();
    rows.sort_by(|((s, a), _), ((t, b), _)| (s.name(), a).cmp(&(t.name(), b)));
    Batch::new(
        &STEPS,
        vec![
            plain("period", rows.iter().map(|_| period.as_str())),
            plain("step", rows.iter().map(|((step, _), _)| step.name())),
            plain("shop", rows.iter().map(|((_, (shop, _)), _)| shop.as_str())),
            plain("staff_id", rows.iter().map(|((_, (_, person)), _)| person.as_str())),
            long("count", rows.iter().map(|(_, t)| Some(t.count))),
            long("open", rows.iter().map(|(_, t)| Some(t.open))),
            long("sum_ms", rows.iter().map(|(_, t)| Some(t.sum_ms))),
            long("p50_ms", rows.iter().map(|(_, t)| Some(t.p50))),
            long("p90_ms", rows.iter().map(|(_, t)| Some(t.p90))),
            long("met", rows.iter().map(|(_, t)| Some(t.met))),
            long("limit_ms", rows.iter().map(|((step, _), _)| Some(step.limit(limits)))),
        ],
    )
}

/// `unshipped` of the month.
pub fn unshipped(facts: &Facts, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let codes = names.codes();
    let (period, at) = (context.window.month.to_string(), Unshipped::at(context));
    let mut rows: Vec<&Order> = facts.unshipped.orders().iter().collect();
    rows.sort_by_key(|o| (names.shop(o.shop), o.order_id.as_str()));
    Batch::new(
        &UNSHIPPED,
        vec![
            plain("period", rows.iter().map(|_| period.as_str())),
            long("at", rows.iter().map(|_| Some(at))),
            plain("shop", rows.iter().map(|o| names.shop(o.shop))),
            plain("order_id", rows.iter().map(|o| o.order_id.as_str())),
            plain("staff_id", rows.iter().map(|o| names.person(o.responsible))),
            long("paid_at", rows.iter().map(|o| o.paid_at)),
            long("paid_fen", rows.iter().map(|o| o.paid_fen)),
            coded("source_file", rows.iter().map(|o| o.file), &codes)?,
            long("source_row", rows.iter().map(|o| Some(o.row))),
        ],
    )
}

/// `products` of the month.
pub fn products(mut sold: Vec<Sold>, context: &Context<'_>) -> Result<Batch> {
    let names = Texts(context.names.all());
    let period = context.window.month.to_string();
    sold.sort_by(|a, b| (names.shop(a.shop), &a.sku).cmp(&(names.shop(b.shop), &b.sku)));
    Batch::new(
        &PRODUCTS,
        vec![
            plain("period", sold.iter().map(|_| period.as_str())),
            plain("shop", sold.iter().map(|s| names.shop(s.shop))),
            plain("sku", sold.iter().map(|s| s.sku.as_str())),
            plain("title", sold.iter().map(|s| s.title.as_str())),
            long("orders", sold.iter().map(|s| Some(s.orders))),
            long("quantity", sold.iter().map(|s| Some(s.quantity))),
            long("paid_fen", sold.iter().map(|s| Some(s.paid_fen))),
        ],
    )
}
