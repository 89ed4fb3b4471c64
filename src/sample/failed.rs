//! Superiors of people who fail again and again: two months or more of a half-year below 60.

use super::judge::{Finding, Rule};
use super::people::People;
use super::wall;
use super::world::World;
use crate::base::Month;
use crate::base::time::day_of;
use std::collections::BTreeMap;

const BASE: i64 = 10_000;
const PASS: i64 = 6_000;

/// What superiors owe in the last months of half-years, with the hundredths.
pub fn findings(
    world: &World,
    charged: &BTreeMap<(Month, usize), i64>,
    awards: &[(usize, Month, i64)],
) -> Vec<(Finding, i64)> {
    let mut found = Vec::new();
    for last in world.months().filter(|m| m.month().is_multiple_of(6)) {
        for person in 0..People::COUNT {
            let failed = |month: Month| {
                let awarded: i64 = awards.iter().filter(|a| (a.0, a.1) == (person, month)).map(|a| a.2).sum();
                let score = BASE - charged.get(&(month, person)).copied().unwrap_or(0) + awarded;
                score.max(0) < PASS && world.people.worked(person, month)
            };
            let months = (0..6).map(|n| last.offset(-n)).filter(|m| *m >= world.from);
            let points = match months.filter(|m| failed(*m)).count() {
                0 | 1 => continue,
                2 => 300,
                3 => 400,
                _ => 500,
            };
            let day = day_of(last.last_day());
            let Some(superior) = world.people.superior(person, day) else { continue };
            let occurred = wall::midnight(day);
            let (rule, payer, period) = (Rule::FailedStaff, Some(superior), last);
            found.push((Finding { rule, payer, period, occurred, due: None, asked: 0, stated: Some(points) }, points));
        }
    }
    found
}
