//! What is planted: for each rule and month, cases on both sides of each limit. Every one has a buyer of its own and
//! states what it is to owe; a test compares that with the bookkeeping.

mod care;
mod casting;
mod day;
mod first_response;
mod missed;
mod night;
mod orders;
mod ownership;
mod rounds;

use super::chat::Chat;
use super::dice::Dice;
use super::judge::{self, Finding, Rule, Verdict};
use super::order::Order;
use super::truth::Waiver;
use super::wall::Wall;
use super::world::World;
use crate::base::time::{MINUTE, SECOND};
use crate::base::{Error, Month, Result};
use casting::Cast;
use std::collections::BTreeSet;

/// What is to be owed, and by whom (`None`: unassigned).
pub type Owed = Vec<(Rule, Option<usize>)>;

/// One planted case: a conversation or an order.
#[derive(Debug)]
pub struct Plant {
    pub month: Month,
    pub kind: &'static str,
    pub chat: Option<Chat>,
    pub order: Option<Order>,
    owed: Owed,
}

impl Plant {
    /// Fails where the bookkeeping finds something else than the case is to owe: a bug in one of the two.
    pub fn check(&self, world: &World) -> Result<()> {
        let mut found: Owed = self.findings(world).iter().map(|f| (f.rule, f.payer)).collect();
        let mut owed = self.owed.clone();
        found.sort();
        owed.sort();
        if found == owed {
            return Ok(());
        }
        let (kind, month) = (self.kind, self.month);
        Err(Error::Failed(format!("the sample's case {kind} of {month} owes {found:?} instead of {owed:?}")))
    }

    fn findings(&self, world: &World) -> Vec<Finding> {
        let mut verdict = Verdict::default();
        if let Some(chat) = &self.chat {
            judge::chat(world, &chat.messages, &mut verdict);
            crate::sample::care::judge(world, chat, &mut verdict);
        }
        verdict.findings.extend(self.order.as_ref().and_then(|o| judge::order(world, o)));
        verdict.findings
    }
}

/// All cases of a sample and the waivers that go with them.
pub fn all(world: &World) -> (Vec<Plant>, Vec<Waiver>) {
    let (mut plants, mut waivers) = (Vec::new(), Vec::new());
    let mut buyer = 0;
    for month in world.months() {
        let labels = [2, month.year() as u64, u64::from(month.month())];
        let dice = Dice::new(world.seed, &labels);
        let mut stage = Stage { world, month, dice, used: BTreeSet::new(), buyer, plants, waivers };
        // Those that need a certain day or person first: each takes its person's day.
        ownership::plant(&mut stage);
        night::plant(&mut stage);
        day::plant(&mut stage);
        rounds::plant(&mut stage);
        first_response::plant(&mut stage);
        missed::plant(&mut stage);
        orders::plant(&mut stage);
        care::plant(&mut stage);
        Stage { buyer, plants, waivers, .. } = stage;
    }
    (plants, waivers)
}

/// Where the cases of a month are put together.
#[derive(Debug)]
struct Stage<'a> {
    world: &'a World,
    month: Month,
    dice: Dice,
    /// (agent, day) that a case has already: two cases never meet in one person's day.
    used: BTreeSet<(usize, i32)>,
    buyer: u64,
    plants: Vec<Plant>,
    waivers: Vec<Waiver>,
}

impl Stage<'_> {
    /// Plants a conversation; nothing where nobody could be cast.
    fn play(&mut self, kind: &'static str, cast: Option<Cast>, owed: Owed, script: impl FnOnce(&mut Chat, &Cast)) {
        let Some(cast) = cast else { return };
        self.buyer += 1;
        let mut chat = Chat::new(cast.shop, self.buyer, self.dice.fork());
        script(&mut chat, &cast);
        self.plants.push(Plant { month: self.month, kind, chat: Some(chat), order: None, owed });
    }

    /// The same, where whoever is cast pays for everything.
    fn play_own(
        &mut self,
        kind: &'static str,
        cast: Option<Cast>,
        rules: &[Rule],
        script: impl FnOnce(&mut Chat, &Cast),
    ) {
        let owed = cast.as_ref().map(|c| rules.iter().map(|r| (*r, Some(c.agent))).collect()).unwrap_or_default();
        self.play(kind, cast, owed, script);
    }

    /// Waives what the last plant owes, except what is monitored only.
    fn waive(&mut self, reason: &'static str) {
        let Some(plant) = self.plants.last() else { return };
        for finding in plant.findings(self.world).iter().filter(|f| f.rule.points() > 0) {
            let Some(agent) = finding.payer else { continue };
            let from: Wall = finding.occurred.div_euclid(SECOND) * SECOND;
            self.waivers.push(Waiver { rule: finding.rule, agent, from, to: from + MINUTE, reason });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::date_of;
    use crate::sample::Options;
    use std::collections::BTreeMap;

    const HOLIDAYS: [(&str, &str); 7] = [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ];
    const MADE_UP: [&str; 4] = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09"];

    fn is_workday(date: chrono::NaiveDate) -> bool {
        let text = date.to_string();
        let off = HOLIDAYS.iter().any(|(from, to)| (*from..=*to).contains(&text.as_str()));
        let weekend = chrono::Datelike::weekday(&date).num_days_from_monday() > 4;
        MADE_UP.contains(&text.as_str()) || (!off && !weekend)
    }

    fn world(seed: u64) -> World {
        let options = Options { seed, from: "2026-01".parse().unwrap(), to: "2026-06".parse().unwrap(), messages: 0 };
        World::new(&options, &is_workday)
    }

    #[test]
    fn every_case_owes_what_it_says() {
        for seed in 0..40 {
            let world = world(seed);
            for plant in all(&world).0 {
                if let Some(chat) = &plant.chat {
                    assert!(chat.messages.is_sorted_by_key(|m| m.at), "{} is out of order", plant.kind);
                }
                plant.check(&world).unwrap();
            }
        }
    }

    #[test]
    fn every_month_has_every_kind() {
        for seed in [1, 20_260_101] {
            let world = world(seed);
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for plant in all(&world).0 {
                *kinds.entry(plant.kind).or_default() += 1;
            }
            // Cases that hang on a date: a holiday, a make-up day, a change of people.
            let dated = [
                "holiday",
                "makeup",
                "handover",
                "leaver",
                "joiner",
                "paid_after_midnight",
                "last_day",
                "promotion",
                "evening",
            ];
            for (kind, count) in kinds {
                let some = dated.iter().any(|d| kind.contains(d));
                assert!(if some { (1..=6).contains(&count) } else { count >= 6 }, "{kind}: {count} (seed {seed})");
            }
        }
    }

    #[test]
    fn nothing_stays_open_at_the_end() {
        let world = world(3);
        let safe = super::super::wall::midnight(world.last_silent_day() + 1);
        for plant in all(&world).0 {
            let missed = plant.owed.iter().any(|(rule, _)| *rule == Rule::Missed);
            let Some(chat) = plant.chat.filter(|_| missed) else { continue };
            let last = chat.messages.iter().rfind(|m| m.role == crate::sample::chat::Role::Buyer).unwrap();
            assert!(last.at < safe, "{} on {}", plant.kind, date_of(super::super::wall::day(last.at)));
        }
    }
}
