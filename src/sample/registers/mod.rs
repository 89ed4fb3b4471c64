//! The registers that people fill in: beside the chats (follow-ups, annotations, reports), and those of their other work.

mod chats;
mod presence;
mod presence_judge;
mod reports;
mod rows;
mod service;
mod tables;
mod work;

pub use chats::Chats;
pub use reports::Reports;

use super::dice::Dice;
use super::judge::{Finding, Rule};
use super::truth::{Truth, Waiver};
use super::wall::{self, Wall};
use super::world::World;
use crate::base::time::{MINUTE, SECOND, day_of};
use crate::base::{Month, Result};
use rows::{Row, Rows};
use std::path::Path;

/// Agents who are with the department all the time.
const STEADY: [usize; 10] = [0, 1, 2, 3, 4, 5, 6, 8, 9, 11];

/// Writes the registers that do not hang on chats, month by month, and enters what they owe.
pub fn write(world: &World, dir: &Path, truth: &mut Truth, waivers: &mut Vec<Waiver>) -> Result<()> {
    let mut rows = Rows::default();
    presence::add(world, &mut rows, truth);
    for month in world.months() {
        let dice = Dice::new(world.seed, &[9, month.year() as u64, u64::from(month.month())]);
        let mut book = Book { world, month, dice, rows: &mut rows, waivers };
        work::add(&mut book);
        service::add(&mut book);
    }
    rows.write(world, dir, truth)?;
    tables::write(world, dir)
}

/// A month's registers while they are put together.
struct Book<'a> {
    world: &'a World,
    month: Month,
    dice: Dice,
    rows: &'a mut Rows,
    waivers: &'a mut Vec<Waiver>,
}

impl Book<'_> {
    fn first(&self) -> i32 {
        day_of(self.month.first_day())
    }

    fn last(&self) -> i32 {
        day_of(self.month.last_day())
    }

    /// The n-th working day of the month, round and round.
    fn work_day(&self, n: usize) -> i32 {
        let days: Vec<i32> = (self.first()..=self.last()).filter(|d| self.world.days.is_work(*d)).collect();
        days.get(n % days.len().max(1)).copied().unwrap_or(self.first())
    }

    /// Days of the month whose next working day is far: evenings before holidays.
    fn before_holiday(&self) -> Option<i32> {
        let far = |d: &i32| self.world.days.is_work(*d) && self.world.days.next_work(*d) - d > 3;
        (self.first()..=self.last()).find(far)
    }

    /// A weekend day that is worked.
    fn makeup(&self) -> Option<i32> {
        (self.first()..=self.last()).find(|d| wall::weekday(*d) > 4 && self.world.days.is_work(*d))
    }

    /// Some steady agent.
    fn agent(&mut self) -> usize {
        self.dice.pick(&STEADY).copied().unwrap_or(0)
    }

    /// A row that owes nothing, or what `owed` says.
    fn add(&mut self, table: &'static str, at: Wall, shop: Option<usize>, cells: Vec<String>, owed: Vec<Finding>) {
        self.rows.add(Row { table, month: self.month, at, shop, cells, owed });
    }

    /// What somebody owes for an event of this month.
    fn owes(&self, rule: Rule, payer: usize, occurred: Wall, due: Option<Wall>) -> Vec<Finding> {
        let period = self.month;
        vec![Finding { rule, payer: Some(payer), period, occurred, due, asked: 0, stated: None }]
    }

    /// An approved exception around an event.
    fn waive(&mut self, rule: Rule, agent: usize, occurred: Wall, reason: &'static str) {
        let from = occurred.div_euclid(SECOND) * SECOND;
        self.waivers.push(Waiver { rule, agent, from, to: from + MINUTE, reason });
    }
}
