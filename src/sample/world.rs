//! What does not change while a sample is made: its months, its working days, its people and their shifts.

use super::Options;
use super::autos::Autos;
use super::people::People;
use super::shifts::Shifts;
use super::wall::{self, Days, Wall};
use crate::base::Month;
use chrono::NaiveDate;

#[derive(Debug)]
pub struct World {
    pub seed: u64,
    pub from: Month,
    pub to: Month,
    pub days: Days,
    pub people: People,
    pub shifts: Shifts,
    pub autos: Autos,
}

impl World {
    pub fn new(options: &Options, is_workday: &dyn Fn(NaiveDate) -> bool) -> World {
        let Options { seed, from, to, .. } = *options;
        let days = Days::new(from, to, is_workday);
        let people = People::new(from, &days);
        let shifts = Shifts::new(&days, &people);
        World { seed, from, to, days, people, shifts, autos: Autos::new(from, to) }
    }

    /// The first instant after the sample: nobody asks, orders or pays from here on.
    pub fn end(&self) -> Wall {
        wall::midnight(self.days.last + 1)
    }

    /// The last day on which a question may stay without any answer: what is never answered is missed after 21 days,
    /// and the sample is to be over on the 20th of the month behind it.
    pub fn last_silent_day(&self) -> i32 {
        self.days.last - 3
    }

    /// Days with traffic.
    pub fn days_of_traffic(&self) -> u64 {
        (self.days.last - self.days.first + 1).max(0) as u64
    }

    pub fn months(&self) -> impl Iterator<Item = Month> + use<> {
        let to = self.to;
        std::iter::successors(Some(self.from), |m| Some(m.next())).take_while(move |m| *m <= to)
    }
}
