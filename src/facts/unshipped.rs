//! The list of the month's end: orders, however old, that are paid and neither shipped nor closed (clause 六·3).

use super::backlog::waits;
use super::context::Context;
use crate::base::Ms;
use crate::lake::orders::Order;

/// The orders that wait, in no order.
#[derive(Debug, Default)]
pub struct Unshipped(Vec<Order>);

impl Unshipped {
    /// When the list is made: at the month's end, or at the clock's time, where that is earlier.
    pub fn at(context: &Context<'_>) -> Ms {
        context.window.own.end.min(context.as_of)
    }

    pub fn order(&mut self, context: &Context<'_>, order: &Order) {
        if waits(order).is_some_and(|span| span.contains(&Unshipped::at(context))) {
            self.0.push(order.clone());
        }
    }

    /// Takes in another bucket's orders.
    pub fn add(&mut self, mut other: Unshipped) {
        self.0.append(&mut other.0);
    }

    pub fn orders(&self) -> &[Order] {
        &self.0
    }
}
