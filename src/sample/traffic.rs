//! An ordinary day: visits that are answered by whoever is on duty, messages left at night, orders after chats.

use super::chat::Chat;
use super::desk::{Desk, Seat};
use super::dice::Dice;
use super::order::Order;
use super::texts;
use super::volume::{Volume, sale};
use super::wall::{self, Wall};
use super::world::World;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

/// Plants have the buyers below, regulars the next, then come those who ask once, then those who only order.
const PLANTED: u64 = 1 << 14;
/// A regular comes again after so many days.
const RETURN: u64 = 11;

const HOURS: [u64; 24] = [9, 4, 2, 1, 1, 2, 5, 12, 26, 58, 70, 66, 52, 58, 66, 68, 66, 60, 52, 64, 82, 88, 70, 22];
const ROUNDS: [u64; 9] = [21, 23, 19, 13, 9, 6, 4, 3, 2];

/// Typical response of each agent in seconds, and orders per thousand visits.
const PACE: [i64; 12] = [11, 16, 9, 14, 22, 18, 13, 25, 12, 27, 20, 15];
const SELLS: [u64; 12] = [300, 240, 330, 260, 190, 230, 280, 170, 310, 180, 210, 250];
/// Response times around the typical one, in permille of it.
const SPREAD: [(i64, i64); 9] =
    [(0, 250), (100, 450), (250, 650), (500, 1000), (750, 1500), (900, 2200), (970, 3400), (995, 6000), (1000, 11_000)];

/// Makes the visits and orders of a shop's day.
#[derive(Debug)]
pub struct Traffic<'a> {
    world: &'a World,
    volume: &'a Volume,
    shop: usize,
    day: i32,
    desk: Desk,
    tomorrow: Desk,
    dice: Dice,
    serial: u64,
}

impl<'a> Traffic<'a> {
    pub fn new(world: &'a World, volume: &'a Volume, shop: usize, day: i32) -> Traffic<'a> {
        let dice = Dice::new(world.seed, &[1, shop as u64, day as u64]);
        let (desk, tomorrow) = (Desk::new(world, shop, day), Desk::new(world, shop, day + 1));
        let serial = ((day - world.days.first) as u64 * 3 + shop as u64) << 32;
        Traffic { world, volume, shop, day, desk, tomorrow, dice, serial }
    }

    /// Hands each visit to `take`, with its order if there is one, and then the orders of buyers who never ask.
    pub fn each(mut self, take: &mut dyn FnMut(Option<Chat>, Option<Order>)) {
        let visits = self.volume.of(self.shop, self.day);
        for visit in 0..visits {
            let (chat, order) = self.visit(visit);
            take(Some(chat), order);
        }
        for n in 0..visits {
            if self.dice.chance(80) {
                let at = self.time();
                let buyer = self.first_stranger() + self.world.days_of_traffic() * 3 * self.volume.most();
                let buyer = buyer + self.stranger(n);
                let order = self.order(buyer, at, None);
                take(None, order);
            }
        }
    }

    fn time(&mut self) -> Wall {
        let hour = self.dice.weighted(&HOURS) as i64;
        wall::midnight(self.day) + hour * HOUR + self.dice.between(0, HOUR)
    }

    fn first_stranger(&self) -> u64 {
        PLANTED + RETURN * self.volume.most()
    }

    fn stranger(&self, visit: u64) -> u64 {
        ((self.day - self.world.days.first) as u64 * 3 + self.shop as u64) * self.volume.most() + visit
    }

    fn visit(&mut self, visit: u64) -> (Chat, Option<Order>) {
        let start = self.time();
        let regular = self.dice.chance(300);
        let buyer = if regular {
            PLANTED + (self.day.rem_euclid(RETURN as i32) as u64) * self.volume.most() + visit
        } else {
            self.first_stranger() + self.stranger(visit)
        };
        let mut chat = Chat::new(self.shop, buyer, self.dice.fork());
        // Regulars are always answered: their next visit must find nothing open.
        let may_fail = !regular && self.day <= self.world.last_silent_day();
        let seat = match self.desk.at(start, &mut self.dice) {
            Some(seat) => self.talk(&mut chat, seat, start, may_fail),
            None => self.leave_message(&mut chat, start, may_fail),
        };
        let sells = seat.and_then(|s| SELLS.get(s.agent)).copied().unwrap_or(0);
        let order = if self.dice.chance(sells) { self.order_after(&mut chat, seat) } else { None };
        if let Some(seat) = seat.filter(|_| self.dice.chance(550) && chat.end() + MINUTE < self.world.end()) {
            let account = chat.messages.last().map_or(seat.account, |m| usize::from(m.account));
            chat.closes(chat.end() + self.dice.between(4 * SECOND, 40 * SECOND), account);
            if self.dice.chance(200) {
                chat.says(chat.end() + self.dice.between(3 * SECOND, 15 * SECOND), account, texts::NOT_AT_ALL);
            }
        }
        (chat, order)
    }

    /// Rounds of question and answer with somebody who is there; gives who served the buyer last.
    fn talk(&mut self, chat: &mut Chat, mut seat: Seat, start: Wall, may_fail: bool) -> Option<Seat> {
        let rounds = self.dice.weighted(&ROUNDS) + 1;
        // Now and then a round gets no answer, or one on the next morning only.
        let fails = may_fail && self.dice.chance(9);
        let failing = if fails && self.dice.chance(500) { 0 } else { rounds - 1 };
        let passed_on = self.dice.chance(25).then(|| self.dice.index(rounds));
        let mut at = start;
        for round in 0..rounds {
            let response = self.response(seat.agent);
            let answer = if fails && round == failing { Wall::MAX } else { at + response };
            let run = 1 + self.dice.weighted(&[72, 21, 7]);
            let mut spoken = at;
            for message in 0..run {
                if spoken >= answer {
                    break;
                }
                chat.asks(spoken, seat.account);
                if (round, message) == (0, 0) && chat.messages.len() == 1 {
                    self.greet(chat, seat, spoken);
                }
                spoken += self.dice.between(2 * SECOND, 14 * SECOND);
            }
            if answer == Wall::MAX {
                return if self.dice.chance(300) { self.next_morning(chat) } else { None };
            }
            let mut answer = answer.max(chat.end() + SECOND);
            if let Some(other) = self.desk.other(seat, at).filter(|_| passed_on == Some(round)) {
                chat.transfer(answer, other.account);
                seat = other;
                answer += self.dice.between(6 * SECOND, 40 * SECOND);
            }
            chat.answers(answer, seat.account);
            if self.dice.chance(260) {
                chat.answers(answer + self.dice.between(3 * SECOND, 15 * SECOND), seat.account);
            }
            let pause = if self.dice.chance(40) {
                self.dice.between(31 * MINUTE, 150 * MINUTE)
            } else {
                self.dice.between(6 * SECOND, 90 * SECOND)
            };
            at = chat.end() + pause;
            if at + 5 * MINUTE > seat.end || at >= self.world.end() {
                break;
            }
        }
        Some(seat)
    }

    /// What a machine says before a person does.
    fn greet(&mut self, chat: &mut Chat, seat: Seat, at: Wall) {
        let soon = at + self.dice.between(300, 900);
        match self.dice.below(100) {
            0..60 => chat.auto(soon, seat.account, texts::WELCOME),
            60..70 => chat.bot(soon, seat.account),
            70..71 => chat.recall(soon, seat.account),
            _ => {}
        }
    }

    fn response(&mut self, agent: usize) -> i64 {
        let pace = PACE.get(agent).copied().unwrap_or(20) * SECOND;
        // Slower in the rush of a sale.
        let rush = 100 + (sale(self.day) as i64 - 100) / 4;
        pace * rush / 100 * self.dice.curve(&SPREAD) / 1000 + self.dice.between(0, SECOND)
    }

    /// The early person of tomorrow finds the message.
    fn next_morning(&mut self, chat: &mut Chat) -> Option<Seat> {
        let open = wall::midnight(self.day + 1) + 9 * HOUR;
        let seat = self.tomorrow.at(open, &mut self.dice)?;
        let at = open.max(chat.end() + SECOND) + self.dice.between(MINUTE, 40 * MINUTE);
        chat.says(at, seat.account, texts::SORRY);
        Some(seat)
    }

    /// Nobody is there: an auto reply, and an answer in the morning.
    fn leave_message(&mut self, chat: &mut Chat, start: Wall, may_fail: bool) -> Option<Seat> {
        let addressed = self.desk.any(&mut self.dice)?;
        chat.asks(start, addressed);
        chat.auto(start + self.dice.between(400, 900), addressed, texts::AWAY);
        for _ in 0..self.dice.weighted(&[60, 30, 10]) {
            chat.asks(chat.end() + self.dice.between(3 * SECOND, 25 * SECOND), addressed);
        }
        let small_hours = wall::time_of_day(start) < 9 * HOUR;
        let again = chat.end() + self.dice.between(35 * MINUTE, 90 * MINUTE);
        let opens = wall::midnight(self.day) + if small_hours { 9 * HOUR } else { DAY + 9 * HOUR };
        if again < opens.min(self.world.end()) && self.dice.chance(120) {
            chat.asks(again, addressed);
        }
        if may_fail && self.dice.chance(12) {
            return None;
        }
        if !small_hours {
            return self.next_morning(chat);
        }
        let seat = self.desk.at(opens, &mut self.dice)?;
        let at = opens.max(chat.end()) + self.dice.between(MINUTE, 40 * MINUTE);
        chat.says(at, seat.account, texts::SORRY);
        if self.dice.chance(600) {
            return Some(seat);
        }
        let at = chat.end() + self.dice.between(MINUTE, 9 * MINUTE);
        self.talk(chat, seat, at, false)
    }

    /// The buyer orders: while they talk, within a day, or after some days.
    fn order_after(&mut self, chat: &mut Chat, seat: Option<Seat>) -> Option<Order> {
        let seat = seat?;
        let talking = self.dice.chance(450);
        let later = match self.dice.chance(730) {
            _ if talking => self.dice.between(8 * SECOND, 90 * SECOND),
            true => self.dice.between(5 * MINUTE, 20 * HOUR),
            false => self.dice.between(DAY, 3 * DAY),
        };
        let at = chat.end() + later;
        let order = self.order(chat.buyer, at, Some(seat.agent))?;
        if talking {
            let account = chat.messages.last().map_or(seat.account, |m| usize::from(m.account));
            chat.confirms(at + self.dice.between(5 * SECOND, 40 * SECOND), account, order.id);
        }
        Some(order)
    }

    /// None is made that falls behind the sample's end.
    fn order(&mut self, buyer: u64, at: Wall, agent: Option<usize>) -> Option<Order> {
        if at >= self.world.end() {
            return None;
        }
        self.serial += 1;
        let mut order = Order::new(self.shop, self.serial, buyer, at, &mut self.dice);
        order.live(self.world, self.world.end(), &mut self.dice);
        // Who is responsible is with the department when the deadline starts.
        let day = wall::day(order.paid.unwrap_or(order.created));
        let team = self.world.people.team(self.shop, day);
        let agent = agent.filter(|a| self.world.people.employed(*a, day));
        order.responsible = agent.or_else(|| self.dice.pick(&team).copied());
        Some(order)
    }
}
