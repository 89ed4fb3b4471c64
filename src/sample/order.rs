//! An order and how one usually goes: paid or not, shipped in time, refunded now and then.

use super::dice::Dice;
use super::texts::GOODS;
use super::wall::{self, Wall};
use super::world::World;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

/// Up to how many different goods an order holds.
const LINES: usize = 3;

/// One line: which of the shop's goods, how many, what was paid for them (fen).
#[derive(Debug, Clone, Copy, Default)]
pub struct Line {
    pub good: usize,
    pub quantity: i64,
    pub paid_fen: i64,
}

/// One order; times are whole seconds.
#[derive(Debug, Clone)]
pub struct Order {
    pub shop: usize,
    pub id: u64,
    pub buyer: u64,
    pub created: Wall,
    pub paid: Option<Wall>,
    pub shipped: Option<Wall>,
    pub signed: Option<Wall>,
    pub closed: Option<Wall>,
    pub goods_fen: i64,
    pub paid_fen: i64,
    pub refund_fen: i64,
    pub lines: Vec<Line>,
    pub responsible: Option<usize>,
    /// Where the truth wants to know this row's place; 0: nowhere.
    pub mark: u32,
}

impl Order {
    /// An order that is not paid yet, of goods as chance has it.
    pub fn new(shop: usize, serial: u64, buyer: u64, created: Wall, dice: &mut Dice) -> Order {
        let count = 1 + dice.weighted(&[75, 20, 5]).min(LINES - 1);
        let goods = GOODS.get(shop).map_or(&[][..], |g| &g[..]);
        let first = dice.index(goods.len().max(1));
        let lines: Vec<Line> = (0..count)
            .map(|i| Line { good: (first + i * 5) % goods.len().max(1), quantity: dice.between(1, 3), paid_fen: 0 })
            .collect();
        let goods_fen = lines.iter().map(|l| goods.get(l.good).map_or(0, |g| g.2) * l.quantity).sum();
        Order {
            shop,
            id: number(shop, serial),
            buyer,
            created: created.div_euclid(SECOND) * SECOND,
            paid: None,
            shipped: None,
            signed: None,
            closed: None,
            goods_fen,
            paid_fen: 0,
            refund_fen: 0,
            lines,
            responsible: None,
            mark: 0,
        }
    }

    /// Paid at that time, all of it or with a discount; the lines' amounts add up to the order's.
    pub fn pay(&mut self, at: Wall, dice: &mut Dice) {
        self.paid = Some(at.div_euclid(SECOND) * SECOND);
        let permille = [1000, 950, 900][dice.weighted(&[60, 25, 15])];
        self.paid_fen = self.goods_fen * permille / 1000;
        let mut left = self.paid_fen;
        let goods = GOODS.get(self.shop).map_or(&[][..], |g| &g[..]);
        for line in &mut self.lines {
            line.paid_fen = goods.get(line.good).map_or(0, |g| g.2) * line.quantity * permille / 1000;
            left -= line.paid_fen;
        }
        if let Some(line) = self.lines.last_mut() {
            line.paid_fen += left;
        }
    }

    /// What the export says in its column `status`.
    pub fn status(&self) -> &'static str {
        match self {
            Order { closed: Some(_), .. } => "closed",
            Order { signed: Some(_), .. } => "signed",
            Order { shipped: Some(_), .. } => "shipped",
            Order { paid: Some(_), .. } => "paid",
            _ => "unpaid",
        }
    }

    /// The usual course of things. Payments beyond `end` (the sample's end) do not happen.
    pub fn live(&mut self, world: &World, end: Wall, dice: &mut Dice) {
        let wait = if dice.chance(900) { dice.between(8 * SECOND, 9 * MINUTE) } else { dice.between(HOUR, 12 * HOUR) };
        if dice.chance(120) || self.created + wait >= end {
            self.closed = dice.chance(800).then_some(self.created + DAY);
            return;
        }
        let paid = self.created + wait;
        self.pay(paid, dice);
        if dice.chance(30) {
            // Called off before it was packed.
            self.refund_fen = self.paid_fen;
            self.closed = Some(whole(paid + dice.between(10 * MINUTE, 3 * HOUR)));
            return;
        }
        let day = wall::day(paid);
        let packed = |day: i32, dice: &mut Dice| whole(wall::midnight(day) + dice.between(10 * HOUR, 20 * HOUR));
        let today = world.days.is_work(day) && wall::time_of_day(paid) < 9 * HOUR + 30 * MINUTE;
        let next = world.days.next_work(day);
        let late = if dice.chance(4) { next + dice.between(1, 4) as i32 } else { next };
        let shipped = packed(if today { day } else { late }, dice);
        self.shipped = Some(shipped);
        self.signed = dice.chance(960).then(|| whole(shipped + dice.between(DAY, 5 * DAY)));
        if dice.chance(50) {
            self.refund_fen = if dice.chance(500) { self.paid_fen } else { self.paid_fen / 100 * dice.between(5, 60) };
        }
    }
}

/// Order numbers have 18 digits; each (shop, serial) has one of its own. Serials are below 10¹⁷.
fn number(shop: usize, serial: u64) -> u64 {
    const ALL: u128 = 100_000_000_000_000_000;
    // Prime to 10, so that it maps the serials onto themselves.
    let mixed = (u128::from(serial) * 31_415_926_535_897_931 + 2_718_281_828_459) % ALL;
    (3 + shop as u64) * ALL as u64 + mixed as u64
}

fn whole(at: Wall) -> Wall {
    at.div_euclid(SECOND) * SECOND
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_have_18_digits_and_are_distinct() {
        let numbers: BTreeSet<u64> =
            (0..20_000).map(|s| number(2, s)).chain((0..20_000).map(|s| number(0, s))).collect();
        assert_eq!(numbers.len(), 40_000);
        assert!(numbers.iter().all(|n| n.to_string().len() == 18));
    }

    #[test]
    fn lines_add_up_to_what_was_paid() {
        let mut dice = Dice::new(1, &[]);
        for serial in 0..500 {
            let mut order = Order::new(serial as usize % 3, serial, 1, 1_234, &mut dice);
            order.pay(5_678, &mut dice);
            assert_eq!(order.lines.iter().map(|l| l.paid_fen).sum::<i64>(), order.paid_fen);
            assert!(order.paid_fen > 0 && order.lines.iter().all(|l| l.paid_fen > 0));
            let mut goods: Vec<usize> = order.lines.iter().map(|l| l.good).collect();
            goods.dedup();
            assert_eq!((goods.len(), order.created, order.paid), (order.lines.len(), 1_000, Some(5_000)));
        }
    }
}
