//! What a presence log owes, by looking at every stretch between two changes of anything: slow and plain.

use super::presence::{Log, Mark};
use crate::base::time::{HOUR, MINUTE};
use crate::sample::judge::{Finding, Rule};
use crate::sample::people::{AGENTS, SHOPS};
use crate::sample::shifts::Shift;
use crate::sample::wall::{self, Wall};
use crate::sample::world::World;
use std::collections::BTreeMap;

/// What is owed: by the (agent, time) of the row that proves it, and without any row.
#[derive(Debug, Default)]
pub struct Owed {
    pub rows: BTreeMap<(usize, Wall), Vec<Finding>>,
    pub nobody: Vec<(Finding, Option<usize>)>,
}

pub fn judge(world: &World, log: &Log) -> Owed {
    let mut owed = Owed::default();
    for (day, agent) in log.keys() {
        if let Some(shift) = world.shifts.of(*agent, *day) {
            alone(world, log, *day, *agent, shift, &mut owed);
        }
    }
    for day in world.days.first..=world.days.last {
        for shop in 0..SHOPS.len() {
            nobody(world, log, day, shop, &mut owed);
        }
    }
    owed
}

/// The state of an agent at an instant: the newest mark of the shift that is on; none where nothing is known or there
/// is no shift.
fn state<'l>(log: &'l Log, world: &World, agent: usize, at: Wall) -> Option<&'l Mark> {
    let days = [wall::day(at), wall::day(at) - 1];
    let marks = days.into_iter().filter(|day| on(world, agent, *day, at)).find_map(|day| log.get(&(day, agent)))?;
    marks.iter().rev().find(|m| m.at <= at)
}

/// Whether the agent's shift of a day is on at an instant.
fn on(world: &World, agent: usize, day: i32, at: Wall) -> bool {
    let midnight = wall::midnight(day);
    world.shifts.of(agent, day).is_some_and(|s| midnight + s.start <= at && at < midnight + s.end)
}

/// Whether the agent has a shift that is on and of which the log says nothing.
fn unknown(log: &Log, world: &World, agent: usize, at: Wall) -> bool {
    (wall::day(at) - 1..=wall::day(at))
        .any(|day| on(world, agent, day, at) && log.get(&(day, agent)).is_none_or(Vec::is_empty))
}

fn present(mark: &Mark) -> bool {
    matches!(mark.state, "online" | "busy") && mark.at_desk
}

/// Stretches between `from` and `to` in which `wrong` holds, longer than a minute.
fn stretches(from: Wall, to: Wall, changes: &[Wall], wrong: impl Fn(Wall) -> bool) -> Vec<(Wall, Wall)> {
    let mut cuts: Vec<Wall> = changes.iter().copied().filter(|t| (from..to).contains(t)).chain([from, to]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut found: Vec<(Wall, Wall)> = Vec::new();
    for pair in cuts.windows(2).filter(|pair| wrong(pair[0])) {
        match found.last_mut() {
            Some(last) if last.1 == pair[0] => last.1 = pair[1],
            _ => found.push((pair[0], pair[1])),
        }
    }
    found.retain(|(a, b)| b - a > MINUTE);
    found
}

fn finding(rule: Rule, payer: Option<usize>, at: Wall, stated: Option<i64>) -> Finding {
    let period = wall::month(wall::day(at));
    Finding { rule, payer, period, occurred: at, due: None, asked: 0, stated }
}

/// Away from the desk while shown as online; away from a weekend's duty without cover.
fn alone(world: &World, log: &Log, day: i32, agent: usize, shift: Shift, owed: &mut Owed) {
    let Some(marks) = log.get(&(day, agent)).filter(|m| !m.is_empty()) else { return };
    let (from, to) = (wall::midnight(day) + shift.start, wall::midnight(day) + shift.end);
    let changes: Vec<Wall> = marks.iter().map(|m| m.at).collect();
    let at = |t: Wall| state(log, world, agent, t);
    let away = stretches(from, to, &changes, |t| at(t).is_some_and(|m| m.state == "online" && !m.at_desk));
    for (start, _) in away {
        let both = owed.rows.entry((agent, start)).or_default();
        both.push(finding(Rule::UnmarkedAway, Some(agent), start, None));
        let superior = world.people.superior(agent, wall::day(start));
        both.push(finding(Rule::UnmarkedAway, superior, start, Some(200)));
    }
    if !shift.weekend {
        return;
    }
    let gone = |t: Wall| at(t).is_none_or(|m| !present(m) && m.covered_by.is_empty() && !m.told);
    for (start, _) in stretches(from, to, &changes, gone) {
        owed.rows.entry((agent, start)).or_default().push(finding(Rule::WeekendUncovered, Some(agent), start, None));
    }
}

/// Nobody of a shop there, at lunch or in the other online hours; everyone on shift then is charged.
fn nobody(world: &World, log: &Log, day: i32, shop: usize, owed: &mut Owed) {
    let team: Vec<usize> = (0..AGENTS)
        .filter(|agent| {
            let accounts = world.people.accounts.iter().enumerate().filter(|(_, a)| a.shop == shop);
            accounts.into_iter().any(|(i, _)| world.people.owner(i, day) == Some(*agent))
        })
        .collect();
    let midnight = wall::midnight(day);
    let lunches: Vec<i64> = team.iter().filter_map(|a| world.shifts.of(*a, day)?.lunch).collect();
    let at_lunch = |t: Wall| {
        let time = t - midnight;
        if lunches.is_empty() {
            (12 * HOUR..13 * HOUR).contains(&time)
        } else {
            lunches.iter().any(|l| (*l..*l + HOUR).contains(&time))
        }
    };
    let mut changes: Vec<Wall> = (0..=24).map(|h| midnight + h * HOUR).chain([midnight + 30 * MINUTE]).collect();
    for agent in &team {
        for d in [day - 1, day] {
            changes.extend(log.get(&(d, *agent)).into_iter().flatten().map(|m| m.at));
            if let Some(s) = world.shifts.of(*agent, d) {
                changes.extend([wall::midnight(d) + s.start, wall::midnight(d) + s.end]);
            }
        }
    }
    let empty = |t: Wall| {
        let there = |a: &usize| unknown(log, world, *a, t) || state(log, world, *a, t).is_some_and(present);
        !team.iter().any(there)
    };
    for (rule, lunch) in [(Rule::LunchUncovered, true), (Rule::HoursUncovered, false)] {
        let wrong = |t: Wall| at_lunch(t) == lunch && empty(t);
        for (start, _) in stretches(midnight + 9 * HOUR, midnight + 23 * HOUR, &changes, wrong) {
            let on_shift = team.iter().filter(|a| on(world, **a, day, start) || on(world, **a, day - 1, start));
            let mut payers: Vec<Option<usize>> = on_shift.map(|a| Some(*a)).collect();
            if payers.is_empty() {
                payers.push(None);
            }
            owed.nobody.extend(payers.into_iter().map(|p| (finding(rule, p, start, None), Some(shop))));
        }
    }
}
