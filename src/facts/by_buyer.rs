//! A bucket's orders by shop and buyer, and how many of the buyers come again.

use super::context::Context;
use super::unit::LinkedOrder;
use foldhash::HashMap;

/// By shop: buyers who paid an order in the month, and of these who paid for two or more.
pub type Repeat = HashMap<u32, [i64; 2]>;

/// The orders of a bucket, until they are taken.
pub struct ByBuyer {
    known: HashMap<u32, HashMap<String, Vec<LinkedOrder>>>,
    unknown: Vec<LinkedOrder>,
}

impl ByBuyer {
    pub fn new(orders: Vec<LinkedOrder>) -> ByBuyer {
        let mut by = ByBuyer { known: HashMap::default(), unknown: Vec::new() };
        for order in orders {
            match &order.order.buyer_key {
                Some(key) => {
                    let shop = by.known.entry(order.order.shop).or_default();
                    match shop.get_mut(key) {
                        Some(mine) => mine.push(order),
                        None => drop(shop.insert(key.clone(), vec![order])),
                    }
                }
                None => by.unknown.push(order),
            }
        }
        by
    }

    /// Counts the buyers; all orders must still be there. A buyer of a shop lies in one bucket.
    pub fn repeat(&self, context: &Context<'_>) -> Repeat {
        let mut all = Repeat::default();
        for (&shop, buyers) in &self.known {
            for orders in buyers.values() {
                let in_month = |o: &&LinkedOrder| o.order.paid_at.is_some_and(|t| context.window.own.contains(&t));
                let paid = orders.iter().filter(in_month).count();
                if paid > 0 {
                    let [buyers, again] = all.entry(shop).or_insert([0; 2]);
                    *buyers += 1;
                    *again += i64::from(paid > 1);
                }
            }
        }
        all
    }

    /// The orders of one buyer.
    pub fn take(&mut self, shop: u32, buyer: &str) -> Vec<LinkedOrder> {
        self.known.get_mut(&shop).and_then(|mine| mine.remove(buyer)).unwrap_or_default()
    }

    /// What nobody took, and the orders without a buyer.
    pub fn rest(self) -> impl Iterator<Item = LinkedOrder> {
        self.known.into_values().flat_map(HashMap::into_values).flatten().chain(self.unknown)
    }
}
