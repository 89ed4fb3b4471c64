//! Presence: who logs in when, goes to lunch when somebody else stays, and what goes wrong.

use super::presence_judge;
use super::rows::{Row, Rows, millis};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use crate::sample::dice::Dice;
use crate::sample::people::{People, SHOPS};
use crate::sample::shifts::Shift;
use crate::sample::truth::Truth;
use crate::sample::wall::{self, Wall};
use crate::sample::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// One row of the log.
#[derive(Debug, Clone)]
pub struct Mark {
    pub at: Wall,
    pub state: &'static str,
    /// `false`: away from the desk.
    pub at_desk: bool,
    pub covered_by: &'static str,
    pub told: bool,
    /// Place in the file where that is not its time.
    pub written: Wall,
}

impl Mark {
    fn new(at: Wall, state: &'static str) -> Mark {
        Mark { at, state, at_desk: true, covered_by: "", told: false, written: at }
    }

    fn left(at: Wall, state: &'static str) -> Mark {
        Mark { at_desk: false, ..Mark::new(at, state) }
    }
}

/// The marks of each (day, agent) with a shift.
pub type Log = BTreeMap<(i32, usize), Vec<Mark>>;

/// Adds all rows of the sample's months and what they owe.
pub fn add(world: &World, rows: &mut Rows, truth: &mut Truth) {
    let mut log = Log::new();
    for (day, agent, shift) in world.shifts.all().filter(|(day, ..)| *day <= world.days.last) {
        log.insert((day, agent), usual(world, day, agent, shift));
    }
    for month in world.months() {
        incidents(world, month, &mut log);
    }
    let mut owed = presence_judge::judge(world, &log);
    for ((day, agent), marks) in &log {
        let month = wall::month(*day);
        for (i, mark) in marks.iter().enumerate() {
            // Of two rows with one stamp the later one counts.
            let counts = marks[i + 1..].iter().all(|later| later.at != mark.at);
            let cells = [
                People::id(Some(*agent)),
                &millis(mark.at),
                mark.state,
                if mark.at_desk { "true" } else { "false" },
                mark.covered_by,
                if mark.told { "true" } else { "" },
            ];
            let cells = cells.map(str::to_owned).to_vec();
            let owed = counts.then(|| owed.rows.remove(&(*agent, mark.at))).flatten().unwrap_or_default();
            rows.add(Row { table: "presence", month, at: mark.written, shop: None, cells, owed });
        }
    }
    for (finding, shop) in owed.nobody {
        truth.enter_nothing(finding, shop);
    }
}

fn usual(world: &World, day: i32, agent: usize, shift: Shift) -> Vec<Mark> {
    let midnight = wall::midnight(day);
    let mut dice = Dice::new(world.seed, &[11, day as u64, agent as u64]);
    let mut marks = vec![Mark::new(midnight + shift.start - dice.between(MINUTE, 9 * MINUTE), "online")];
    if let Some(lunch) = shift.lunch.filter(|l| stays(world, day, agent, *l)) {
        marks.push(Mark::left(midnight + lunch, "away"));
        marks.push(Mark::new(midnight + lunch + HOUR - dice.between(SECOND, 4 * MINUTE), "online"));
    } else if dice.chance(150) {
        // The same state again.
        marks.push(Mark::new(midnight + shift.start + 2 * HOUR, "busy"));
        marks.push(Mark::new(midnight + shift.start + 2 * HOUR + 7 * MINUTE, "online"));
    }
    if dice.chance(850) {
        // Else the last state is missing: the shift's end ends it.
        marks.push(Mark::new(midnight + shift.end + dice.between(SECOND, 5 * MINUTE), "offline"));
    }
    if dice.chance(40)
        && let Some(first) = marks.first_mut()
    {
        // Written later than it happened.
        first.written += 3 * HOUR;
    }
    marks
}

/// Whether a colleague of the shop stays while somebody is at lunch.
fn stays(world: &World, day: i32, agent: usize, lunch: i64) -> bool {
    world.people.team(agent / 4, day).into_iter().filter(|a| *a != agent).any(|a| {
        let shift = world.shifts.of(a, day);
        shift.is_some_and(|s| s.start <= lunch && lunch + HOUR <= s.end && s.lunch != Some(lunch))
    })
}

/// What goes wrong in a month: both sides of each limit. What it owes is read off the log.
fn incidents(world: &World, month: crate::base::Month, log: &mut Log) {
    let mut dice = Dice::new(world.seed, &[12, month.year() as u64, u64::from(month.month())]);
    let of_month: Vec<(i32, usize)> = log.keys().filter(|(day, _)| wall::month(*day) == month).copied().collect();
    let mut used: BTreeSet<(i32, usize)> = BTreeSet::new();
    let mut free = |fits: &dyn Fn(i32, usize, Shift) -> bool| -> Option<(i32, usize)> {
        let fitting: Vec<(i32, usize)> = of_month
            .iter()
            .filter(|(day, agent)| !used.contains(&(*day, *agent)))
            .filter(|(day, agent)| world.shifts.of(*agent, *day).is_some_and(|s| fits(*day, *agent, s)))
            .copied()
            .collect();
        let found = dice.pick(&fitting).copied();
        used.extend(found);
        found
    };
    let early = |_: i32, agent: usize, s: Shift| !s.weekend && s.start == 9 * HOUR && agent != 3;
    let late = |_: i32, _: usize, s: Shift| !s.weekend && s.start == 14 * HOUR;
    let night = |_: i32, _: usize, s: Shift| s.end > DAY;
    let weekend = |_: i32, _: usize, s: Shift| s.weekend && s.start == 9 * HOUR;
    let last = |day: i32, _: usize, _: Shift| day == crate::base::time::day_of(month.last_day());
    let mut put = |key: Option<(i32, usize)>, marks: &dyn Fn(Wall) -> Vec<Mark>| {
        if let Some(key) = key
            && let Some(known) = log.get_mut(&key)
        {
            known.extend(marks(wall::midnight(key.0)));
            known.sort_by_key(|m| m.at);
        }
    };
    let left = |at: Wall, length: i64| vec![Mark::left(at, "online"), Mark::new(at + length, "online")];
    put(free(&early), &|t| left(t + 15 * HOUR, MINUTE));
    put(free(&early), &|t| left(t + 15 * HOUR + 5 * MINUTE, MINUTE + 1));
    put(free(&late), &|t| {
        // Repeated states are one stretch.
        let at = t + 16 * HOUR;
        vec![Mark::left(at, "online"), Mark::left(at + 40 * SECOND, "online"), Mark::new(at + 80 * SECOND, "online")]
    });
    put(free(&early), &|t| vec![Mark::left(t + 16 * HOUR, "away"), Mark::new(t + 16 * HOUR + 9 * MINUTE, "online")]);
    put(free(&night), &|t| left(t + DAY - 30 * SECOND, 3 * MINUTE));
    put(free(&last), &|t| left(t + 17 * HOUR, 5 * MINUTE));
    // Never back, and nothing written any more.
    put(free(&late), &|t| vec![Mark::left(t + 22 * HOUR + 58 * MINUTE, "online")]);
    for (length, covered_by, told) in
        [(MINUTE, "", false), (MINUTE + 1, "", false), (HOUR, "S01", false), (HOUR, "", true)]
    {
        put(free(&weekend), &|t| {
            let at = t + 15 * HOUR + 20 * MINUTE;
            vec![Mark { covered_by, told, ..Mark::left(at, "away") }, Mark::new(at + length, "online")]
        });
    }
    // Nobody of a shop there at lunch, and in the evening.
    for shop in [0, 2] {
        let two = |day: i32, agent: usize, s: Shift| {
            let lunch = s.lunch.filter(|l| agent / 4 == shop && *l == 13 * HOUR && !s.weekend);
            lunch.is_some_and(|l| stays(world, day, agent, l))
        };
        let length = if shop == 0 { MINUTE } else { MINUTE + 1 };
        put(free(&two), &|t| {
            let at = t + 12 * HOUR + 20 * MINUTE;
            vec![Mark::left(at, "away"), Mark::new(at + length, "online")]
        });
    }
    let closing = |_: i32, agent: usize, s: Shift| s.weekend && s.start == 15 * HOUR && agent / 4 < SHOPS.len();
    put(free(&closing), &|t| vec![Mark::new(t + 23 * HOUR - MINUTE - 1, "offline")]);
    put(free(&closing), &|t| vec![Mark::new(t + 23 * HOUR - MINUTE, "offline")]);
    // Somebody without any row: nothing is known of him.
    if let Some(key) = free(&late) {
        log.insert(key, Vec::new());
    }
}
