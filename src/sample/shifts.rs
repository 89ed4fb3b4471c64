//! Who is on duty when: early, late and night shifts on working days, two people a shop on days off.

use super::people::{AGENTS, People, SHOPS};
use super::wall::{self, Days, Wall};
use crate::base::time::{HOUR, MINUTE};

/// How many days behind the last month are planned: June's last questions are answered in July.
const TAIL: i32 = 7;

/// A shift on some day; `end` is beyond 24 h where it is over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    /// Ms since midnight of the shift's day.
    pub start: i64,
    pub end: i64,
    /// Ms since midnight, one hour long.
    pub lunch: Option<i64>,
    pub weekend: bool,
}

pub const EARLY: Shift = Shift { start: 9 * HOUR, end: 18 * HOUR, lunch: Some(12 * HOUR), weekend: false };
pub const EARLY_LATER_LUNCH: Shift = Shift { lunch: Some(13 * HOUR), ..EARLY };
pub const LATE: Shift = Shift { start: 14 * HOUR, end: 23 * HOUR, lunch: None, weekend: false };
pub const NIGHT: Shift = Shift { start: 16 * HOUR, end: 24 * HOUR + 30 * MINUTE, lunch: None, weekend: false };
pub const WEEKEND_EARLY: Shift = Shift { start: 9 * HOUR, end: 17 * HOUR, lunch: Some(12 * HOUR), weekend: true };
pub const WEEKEND_LATE: Shift = Shift { start: 15 * HOUR, end: 23 * HOUR, lunch: None, weekend: true };

/// All shifts, by day and agent.
#[derive(Debug)]
pub struct Shifts {
    first: i32,
    plan: Vec<[Option<Shift>; AGENTS]>,
}

impl Shifts {
    pub fn new(days: &Days, people: &People) -> Shifts {
        let plan = (days.first..=days.last + TAIL)
            .map(|day| {
                let mut row = [None; AGENTS];
                for shop in 0..SHOPS.len() {
                    let team = people.team(shop, day);
                    for (slot, shift) in rota(day, days.is_work(day), team.len()) {
                        row[team[slot]] = Some(shift);
                    }
                }
                row
            })
            .collect();
        Shifts { first: days.first, plan }
    }

    /// An agent's shift on a day.
    pub fn of(&self, agent: usize, day: i32) -> Option<Shift> {
        let row = usize::try_from(day - self.first).ok().and_then(|i| self.plan.get(i))?;
        row.get(agent).copied().flatten()
    }

    /// End of the agent's shift on a day, as wall time.
    pub fn end(&self, agent: usize, day: i32) -> Option<Wall> {
        self.of(agent, day).map(|s| wall::midnight(day) + s.end)
    }

    /// (day, agent, shift), in that order.
    pub fn all(&self) -> impl Iterator<Item = (i32, usize, Shift)> + '_ {
        self.plan.iter().zip(self.first..).flat_map(|(row, day)| {
            row.iter().enumerate().filter_map(move |(agent, shift)| shift.map(|s| (day, agent, s)))
        })
    }
}

/// Places of a team of three or four and their shifts; places rotate each week. Five days' work of eight hours a week
/// with four people; with three nobody rests on a working day.
fn rota(day: i32, work: bool, team: usize) -> Vec<(usize, Shift)> {
    if team < 3 {
        return Vec::new();
    }
    let week = (day + 3).div_euclid(7) as usize;
    let place = |slot: usize| (slot + week) % team;
    if !work {
        return if day % 2 == 0 {
            vec![(place(0), WEEKEND_EARLY), (place(2), WEEKEND_LATE)]
        } else {
            vec![(place(if team > 3 { 3 } else { 0 }), WEEKEND_EARLY), (place(1), WEEKEND_LATE)]
        };
    }
    let weekday = wall::weekday(day);
    let night = weekday == 1 || weekday == 3;
    let shifts = [EARLY, LATE, EARLY_LATER_LUNCH, if night { NIGHT } else { LATE }];
    // Who rests on which weekday: never two of a kind on one day.
    let rests = [4, 2, 1, 0];
    (0..team).filter(|slot| team < 4 || rests[*slot] != weekday).map(|slot| (place(slot), shifts[slot])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Month;

    #[test]
    fn every_shop_is_covered_on_every_day() {
        let (from, to) = (Month::new(2026, 1).unwrap(), Month::new(2026, 6).unwrap());
        let days = Days::new(from, to, &|d| chrono::Datelike::weekday(&d).num_days_from_monday() < 5);
        let people = People::new(from, &days);
        let shifts = Shifts::new(&days, &people);
        for day in days.first..=days.last {
            for shop in 0..SHOPS.len() {
                let on: Vec<Shift> = people.team(shop, day).iter().filter_map(|a| shifts.of(*a, day)).collect();
                assert!(on.iter().any(|s| s.start == 9 * HOUR), "nobody early in shop {shop} on day {day}");
                assert!(on.iter().any(|s| s.end >= 23 * HOUR), "nobody late in shop {shop} on day {day}");
            }
        }
        assert!(shifts.all().any(|(.., s)| s == NIGHT));
        assert!(shifts.all().all(|(day, agent, _)| people.employed(agent, day)));
    }
}
