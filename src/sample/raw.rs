//! The big tables, day by day: what was made waits for its day, is sorted and written, and tells the truth its place.

use super::chat::{Message, Role};
use super::order::Order;
use super::people::{People, SHOPS};
use super::sheet::{Monthly, Sheet};
use super::texts::{self, GOODS};
use super::truth::Truth;
use super::wall::{self, Stamp, Wall};
use super::world::World;
use crate::base::{Month, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

const MESSAGES: &[&str] = &["shop", "buyer", "account", "role", "ts", "kind", "text"];
const ORDERS: &[&str] = &[
    "shop",
    "order_id",
    "buyer",
    "status",
    "created_at",
    "paid_at",
    "shipped_at",
    "signed_at",
    "closed_at",
    "goods",
    "paid",
    "refund",
    "items",
    "responsible",
];
const ITEMS: &[&str] = &["shop", "order_id", "sku", "title", "quantity", "paid"];

/// Messages and orders on their way to the files. Holds the days that are not written yet.
#[derive(Debug)]
pub struct Raw<'a> {
    world: &'a World,
    messages: Monthly,
    orders: Monthly,
    items: Monthly,
    waiting_messages: BTreeMap<i32, Vec<Message>>,
    waiting_orders: BTreeMap<i32, Vec<Order>>,
    stamp: Stamp,
    /// Rows written, by month of the row.
    pub message_counts: BTreeMap<Month, u64>,
    pub order_counts: BTreeMap<Month, u64>,
}

impl<'a> Raw<'a> {
    pub fn new(world: &'a World, dir: &Path) -> Raw<'a> {
        Raw {
            world,
            messages: Monthly::new(dir, "messages", MESSAGES),
            orders: Monthly::new(dir, "orders", ORDERS),
            items: Monthly::new(dir, "order_items", ITEMS),
            waiting_messages: BTreeMap::new(),
            waiting_orders: BTreeMap::new(),
            stamp: Stamp::default(),
            message_counts: BTreeMap::new(),
            order_counts: BTreeMap::new(),
        }
    }

    /// A conversation's messages, in the order of time.
    pub fn add_messages(&mut self, messages: &[Message]) {
        for same_day in messages.chunk_by(|a, b| wall::day(a.at) == wall::day(b.at)) {
            if let Some(first) = same_day.first() {
                self.waiting_messages.entry(wall::day(first.at)).or_default().extend_from_slice(same_day);
            }
        }
    }

    pub fn add_order(&mut self, order: Order) {
        self.waiting_orders.entry(wall::day(order.created)).or_default().push(order);
    }

    /// Writes what waits for a day.
    pub fn write_day(&mut self, day: i32, truth: &mut Truth) -> Result<()> {
        let month = wall::month(day);
        if let Some(messages) = self.waiting_messages.remove(&day) {
            self.write_messages(month, messages, truth)?;
        }
        if day <= self.world.days.last {
            // Months without a row have files too: delivered and empty is not the same as not delivered.
            self.messages.turn_to(month)?;
            self.write_orders(month, day, truth)?;
        }
        Ok(())
    }

    /// Writes what is left behind the last day and gives the files their names.
    pub fn finish(mut self, truth: &mut Truth) -> Result<(BTreeMap<Month, u64>, BTreeMap<Month, u64>)> {
        while let Some(day) = self.waiting_messages.keys().next().copied() {
            self.write_day(day, truth)?;
        }
        self.messages.close()?;
        self.orders.close()?;
        self.items.close()?;
        Ok((self.message_counts, self.order_counts))
    }

    fn write_messages(&mut self, month: Month, mut messages: Vec<Message>, truth: &mut Truth) -> Result<()> {
        // Stable: messages of a conversation at the same time keep their order.
        messages.sort_by_key(|m| m.at);
        *self.message_counts.entry(month).or_default() += messages.len() as u64;
        let sheet = self.messages.turn_to(month)?;
        let mut nick = Vec::new();
        for message in &messages {
            texts::nick(message.buyer, &mut nick);
            let text = match message.number {
                0 if message.role == Role::Auto => {
                    Cow::Borrowed(self.world.autos.current(usize::from(message.shop), message.text, message.at))
                }
                0 => Cow::Borrowed(message.text),
                number => Cow::Owned(message.text.replace("{}", &number.to_string())),
            };
            let account = self.world.people.accounts.get(usize::from(message.account));
            let line = sheet.row(&[
                shop_name(usize::from(message.shop)).as_bytes(),
                &nick,
                account.map_or("", |a| a.name.as_str()).as_bytes(),
                message.role.as_str().as_bytes(),
                self.stamp.ms(message.at),
                message.kind.as_str().as_bytes(),
                text.as_bytes(),
            ])?;
            if message.mark != 0 {
                truth.place(message.mark, "messages", month, line);
            }
        }
        Ok(())
    }

    fn write_orders(&mut self, month: Month, day: i32, truth: &mut Truth) -> Result<()> {
        let mut orders = self.waiting_orders.remove(&day).unwrap_or_default();
        orders.sort_by_key(|o| (o.created, o.shop, o.id));
        *self.order_counts.entry(month).or_default() += orders.len() as u64;
        let items = self.items.turn_to(month)?;
        let sheet = self.orders.turn_to(month)?;
        for order in &orders {
            let line = sheet.row(&order_row(order, &mut self.stamp))?;
            if order.mark != 0 {
                truth.place(order.mark, "orders", month, line);
            }
            write_items(items, order)?;
        }
        Ok(())
    }
}

fn shop_name(shop: usize) -> &'static str {
    SHOPS.get(shop).copied().unwrap_or_default()
}

fn order_row(order: &Order, stamp: &mut Stamp) -> [String; 14] {
    let mut nick = Vec::new();
    texts::nick(order.buyer, &mut nick);
    let mut time =
        |at: Option<Wall>| at.map(|at| String::from_utf8_lossy(stamp.seconds(at)).into_owned()).unwrap_or_default();
    [
        shop_name(order.shop).to_owned(),
        order.id.to_string(),
        String::from_utf8_lossy(&nick).into_owned(),
        order.status().to_owned(),
        time(Some(order.created)),
        time(order.paid),
        time(order.shipped),
        time(order.signed),
        time(order.closed),
        yuan(order.goods_fen),
        yuan(order.paid_fen),
        yuan(order.refund_fen),
        order.lines.iter().map(|l| l.quantity).sum::<i64>().to_string(),
        order.responsible.map(|a| People::id(Some(a))).unwrap_or_default().to_owned(),
    ]
}

fn write_items(sheet: &mut Sheet, order: &Order) -> Result<()> {
    for line in &order.lines {
        let good = GOODS.get(order.shop).and_then(|g| g.get(line.good));
        let (sku, title, _) = good.copied().unwrap_or_default();
        sheet.row(&[
            shop_name(order.shop),
            &order.id.to_string(),
            sku,
            title,
            &line.quantity.to_string(),
            &yuan(line.paid_fen),
        ])?;
    }
    Ok(())
}

/// Fen as an export writes them: `128.50`.
fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
