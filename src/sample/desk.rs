//! Who sits where: the accounts of a shop that somebody uses on a day, and the hours of their users.

use super::dice::Dice;
use super::people::{AGENTS, TWO_SHOPS};
use super::wall::{self, Wall};
use super::world::World;
use crate::base::time::MINUTE;

/// The account of her who works for two shops, in the second one.
const SECOND_ACCOUNT: usize = AGENTS;
const SECOND_SHOP: usize = 1;

/// An agent at her account for one shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    pub account: usize,
    pub agent: usize,
    pub start: Wall,
    pub end: Wall,
}

/// A shop's seats on a day, and all accounts that a buyer might address.
#[derive(Debug)]
pub struct Desk {
    seats: Vec<Seat>,
    accounts: Vec<usize>,
}

impl Desk {
    pub fn new(world: &World, shop: usize, day: i32) -> Desk {
        let mut accounts = world.people.team(shop, day);
        let seat = |account: usize, agent: usize| {
            let shift = world.shifts.of(agent, day)?;
            let midnight = wall::midnight(day);
            Some(Seat { account, agent, start: midnight + shift.start, end: midnight + shift.end })
        };
        let mut seats: Vec<Seat> = accounts.iter().filter_map(|a| seat(*a, *a)).collect();
        if shop == SECOND_SHOP {
            seats.extend(seat(SECOND_ACCOUNT, TWO_SHOPS));
            accounts.push(SECOND_ACCOUNT);
        }
        Desk { seats, accounts }
    }

    /// Somebody on duty; rather one who stays for another while.
    pub fn at(&self, at: Wall, dice: &mut Dice) -> Option<Seat> {
        let staying = |margin: i64| self.seats.iter().filter(move |s| s.start <= at && at + margin < s.end);
        let margin = if staying(25 * MINUTE).next().is_some() { 25 * MINUTE } else { 0 };
        let place = dice.index(staying(margin).count());
        staying(margin).nth(place).copied()
    }

    /// A colleague on duty beside this one.
    pub fn other(&self, seat: Seat, at: Wall) -> Option<Seat> {
        let there = |s: &&Seat| s.agent != seat.agent && s.start <= at && at + 25 * MINUTE < s.end;
        self.seats.iter().find(there).copied()
    }

    /// Any account of the shop, on duty or not.
    pub fn any(&self, dice: &mut Dice) -> Option<usize> {
        dice.pick(&self.accounts).copied()
    }
}
