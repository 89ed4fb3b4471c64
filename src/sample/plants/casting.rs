//! Finding a person and a day for a case.

use super::Stage;
use crate::base::time::{DAY, HOUR, MINUTE, day_of};
use crate::sample::people::AGENTS;
use crate::sample::shifts::{EARLY, LATE, NIGHT, Shift, WEEKEND_EARLY};
use crate::sample::wall::{self, Wall};

/// An agent, her own account and a day on which she stands as a case needs it.
#[derive(Debug, Clone)]
pub struct Cast {
    pub agent: usize,
    pub account: usize,
    pub shop: usize,
    pub day: i32,
    /// The end of her shift that day; of online hours where she has none.
    pub end: Wall,
    /// 12:00 of the next working day.
    pub noon: Wall,
    /// 09:05 and something on the next calendar day.
    pub morning: Wall,
    jitter: i64,
}

impl Cast {
    /// That hour of the day and up to 20 minutes, the same ones for each hour.
    pub fn at(&self, hour: i64) -> Wall {
        self.sharp(hour) + self.jitter
    }

    /// Exactly that hour.
    pub fn sharp(&self, hour: i64) -> Wall {
        wall::midnight(self.day) + hour * HOUR
    }
}

/// How the agent's day is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// 09:00-18:00
    Early,
    /// 14:00-23:00
    Late,
    /// 16:00-00:30
    Night,
    /// 09:00-17:00 on a day off
    Weekend,
    /// No shift
    Off,
    Any,
}

impl Duty {
    fn fits(self, shift: Option<Shift>) -> bool {
        match self {
            Duty::Early => shift.is_some_and(|s| (s.start, s.end) == (EARLY.start, EARLY.end)),
            Duty::Late => shift == Some(LATE),
            Duty::Night => shift == Some(NIGHT),
            Duty::Weekend => shift == Some(WEEKEND_EARLY),
            Duty::Off => shift.is_none(),
            Duty::Any => true,
        }
    }
}

impl Stage<'_> {
    /// Somebody with such a duty on any day of the month that may stay unanswered.
    pub fn cast(&mut self, duty: Duty) -> Option<Cast> {
        self.cast_on(duty, |_, _| true)
    }

    /// The same on a working day.
    pub fn cast_working(&mut self, duty: Duty) -> Option<Cast> {
        self.cast_on(duty, |stage, day| stage.world.days.is_work(day))
    }

    /// The same on a day that the case chooses.
    pub fn cast_on(&mut self, duty: Duty, fits: impl Fn(&Self, i32) -> bool) -> Option<Cast> {
        let last = self.last_day().min(self.world.last_silent_day());
        self.cast_among(duty, self.first_day(), last, |stage, _, day| fits(stage, day))
    }

    /// Somebody and a day that the case chooses together.
    pub fn cast_where(&mut self, duty: Duty, fits: impl Fn(&Self, usize, i32) -> bool) -> Option<Cast> {
        self.cast_among(duty, self.first_day(), self.last_day(), fits)
    }

    /// The same person on another working day.
    pub fn cast_again(&mut self, agent: usize) -> Option<Cast> {
        let fits = |stage: &Self, a: usize, day: i32| a == agent && stage.world.days.is_work(day);
        self.cast_where(Duty::Early, fits)
    }

    /// Two people of one shop on one day, each with their duty.
    pub fn cast_pair(&mut self, duty: Duty, other: Duty) -> Option<(Cast, Cast)> {
        let last = self.last_day().min(self.world.last_silent_day());
        let beside = |stage: &Self, agent: usize, day: i32, duty: Duty| {
            let team = stage.world.people.team(agent / 4, day);
            team.into_iter().any(|a| a != agent && stage.is_free(a, day, duty))
        };
        let first =
            self.cast_among(duty, self.first_day(), last, |stage, agent, day| beside(stage, agent, day, other))?;
        let second = self.cast_among(other, first.day, first.day, |_, agent, _| agent / 4 == first.shop)?;
        Some((first, second))
    }

    /// On exactly this day, which may be the last.
    pub fn cast_day(&mut self, duty: Duty, day: i32) -> Option<Cast> {
        self.cast_among(duty, day, day, |_, _, _| true)
    }

    pub fn first_day(&self) -> i32 {
        day_of(self.month.first_day())
    }

    pub fn last_day(&self) -> i32 {
        day_of(self.month.last_day())
    }

    /// How long the office stays closed after a day: 1 is none at all.
    pub fn pause_after(&self, day: i32) -> i32 {
        self.world.days.next_work(day) - day
    }

    fn is_free(&self, agent: usize, day: i32, duty: Duty) -> bool {
        self.world.people.employed(agent, day)
            && !self.used.contains(&(agent, day))
            && duty.fits(self.world.shifts.of(agent, day))
    }

    fn cast_among(&mut self, duty: Duty, from: i32, to: i32, fits: impl Fn(&Self, usize, i32) -> bool) -> Option<Cast> {
        let free: Vec<(usize, i32)> = (from..=to)
            .flat_map(|day| (0..AGENTS).map(move |agent| (agent, day)))
            .filter(|(agent, day)| self.is_free(*agent, *day, duty) && fits(self, *agent, *day))
            .collect();
        let (agent, day) = self.dice.pick(&free).copied()?;
        Some(self.cast_as(agent, agent, day))
    }

    /// This agent at this account on this day.
    pub fn cast_as(&mut self, agent: usize, account: usize, day: i32) -> Cast {
        self.used.insert((agent, day));
        let world = self.world;
        let end = world.shifts.end(agent, day).unwrap_or(wall::midnight(day) + 23 * HOUR);
        let noon = wall::midnight(world.days.next_work(day)) + 12 * HOUR;
        let jitter = self.dice.between(0, 20 * MINUTE);
        let morning = wall::midnight(day) + DAY + 9 * HOUR + 5 * MINUTE + self.dice.between(0, 20 * MINUTE);
        let shop = world.people.accounts.get(account).map_or(0, |a| a.shop);
        Cast { agent, account, shop, day, end, noon, morning, jitter }
    }

    /// A colleague of the same shop that day, and her account; herself where there is none.
    pub fn colleague(&mut self, cast: &Cast) -> usize {
        let mut team = self.world.people.team(cast.shop, cast.day);
        team.retain(|a| *a != cast.agent);
        self.dice.pick(&team).copied().unwrap_or(cast.account)
    }
}
