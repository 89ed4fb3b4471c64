//! What was sold of each product: the lines of the orders that were created in the month and paid.

use super::context::Context;
use crate::base::Ms;
use crate::lake::order_items::Item;
use crate::lake::orders::Order;
use foldhash::HashMap;

/// The orders whose lines count: by shop, order number → created.
#[derive(Debug, Default)]
pub struct Products(HashMap<u32, HashMap<String, Ms>>);

/// What was sold of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// A number of `Names`.
    pub shop: u32,
    pub sku: String,
    /// As the newest order has it; empty where none names it.
    pub title: String,
    pub orders: i64,
    pub quantity: i64,
    pub paid_fen: i64,
}

impl Products {
    pub fn order(&mut self, context: &Context<'_>, order: &Order) {
        if context.window.own.contains(&order.created_at) && order.paid_at.is_some() {
            self.0.entry(order.shop).or_default().insert(order.order_id.clone(), order.created_at);
        }
    }

    /// Takes in another bucket's orders.
    pub fn add(&mut self, other: Products) {
        for (shop, orders) in other.0 {
            self.0.entry(shop).or_default().extend(orders);
        }
    }

    /// Whether the lines of an order count.
    pub fn holds(&self, shop: u32, order_id: &str) -> bool {
        self.created(shop, order_id).is_some()
    }

    fn created(&self, shop: u32, order_id: &str) -> Option<Ms> {
        self.0.get(&shop)?.get(order_id).copied()
    }

    /// The products of these lines, in no order. A line is a product of an order, so lines are orders.
    pub fn sold(&self, items: &[Item]) -> Vec<Sold> {
        /// The order that a title is from: when it was created, its number.
        type Titled<'i> = Option<(Ms, &'i str)>;
        let mut all: HashMap<(u32, &str), (Sold, Titled<'_>)> = HashMap::default();
        for item in items {
            let Some(created) = self.created(item.shop, &item.order_id) else { continue };
            let (sold, newest) = all.entry((item.shop, &item.sku)).or_insert_with(|| {
                let (shop, sku, title) = (item.shop, item.sku.clone(), String::new());
                (Sold { shop, sku, title, orders: 0, quantity: 0, paid_fen: 0 }, None)
            });
            sold.orders += 1;
            sold.quantity += item.quantity;
            sold.paid_fen += item.paid_fen.unwrap_or(0);
            let order = Some((created, item.order_id.as_str()));
            if let Some(title) = item.title.as_ref().filter(|_| order > *newest) {
                sold.title.clone_from(title);
                *newest = order;
            }
        }
        all.into_values().map(|(sold, _)| sold).collect()
    }
}
