//! Reports that people hand in: daily with the number of buyers received, weekly, monthly; editors' logs. What is late,
//! missing or wrong is planned per month; everything else is as it should be.

use super::STEADY;
use super::rows::seconds;
use crate::base::time::{HOUR, MINUTE, SECOND, date_of, day_of};
use crate::base::{Month, Result};
use crate::sample::dice::Dice;
use crate::sample::judge::{Finding, Rule, Verdict};
use crate::sample::people::{AGENTS, People};
use crate::sample::sheet::Monthly;
use crate::sample::truth::{Truth, Waiver};
use crate::sample::wall::{self, Wall};
use crate::sample::world::World;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const HEADER: &[&str] = &["staff_id", "kind", "period", "submitted_at", "inquiries", "correct"];
const EDITORS: [usize; 2] = [14, 15];

/// What becomes of a report; offsets in ms around its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    At(i64),
    /// No row.
    Never,
    /// A row without a time.
    Empty,
    /// So many more than received.
    Wrong(i64),
    /// No number.
    Blank,
}

/// Reports as the days go by.
#[derive(Debug)]
pub struct Reports<'a> {
    world: &'a World,
    sheet: Monthly,
    /// Buyers received by (day, agent), until the day is written.
    received: BTreeMap<(i32, usize), u64>,
    daily: BTreeMap<(i32, usize), Case>,
    weekly: BTreeMap<(i32, usize), Case>,
    monthly: BTreeMap<(Month, usize), Case>,
    logs: BTreeMap<(i32, usize), Case>,
}

impl<'a> Reports<'a> {
    pub fn new(world: &'a World, dir: &Path, waivers: &mut Vec<Waiver>) -> Reports<'a> {
        let mut reports = Reports {
            world,
            sheet: Monthly::new(dir, "submissions", HEADER),
            received: BTreeMap::new(),
            daily: BTreeMap::new(),
            weekly: BTreeMap::new(),
            monthly: BTreeMap::new(),
            logs: BTreeMap::new(),
        };
        for month in world.months() {
            reports.plan(month, waivers);
        }
        reports
    }

    fn plan(&mut self, month: Month, waivers: &mut Vec<Waiver>) {
        let world = self.world;
        let mut dice = Dice::new(world.seed, &[13, month.year() as u64, u64::from(month.month())]);
        let (first, last) = (day_of(month.first_day()), day_of(month.last_day()));
        let shifts: Vec<(i32, usize)> = world
            .shifts
            .all()
            .map(|(day, agent, _)| (day, agent))
            .filter(|(d, _)| (first..=last).contains(d))
            .collect();
        let far = |day: i32| world.days.next_work(day) - day > 3;
        let makeup = |day: i32| wall::weekday(day) > 4 && world.days.is_work(day);
        let cases: [(Case, &dyn Fn(i32) -> bool); 13] = [
            (Case::At(0), &|_| true),
            (Case::At(SECOND), &|_| true),
            (Case::At(50 * HOUR), &|_| true),
            (Case::Never, &|_| true),
            (Case::Empty, &|_| true),
            (Case::Wrong(1), &|_| true),
            (Case::Wrong(-1), &|_| true),
            (Case::Blank, &|_| true),
            (Case::At(0), &far),
            (Case::At(SECOND), &far),
            (Case::At(SECOND), &|d| makeup(d + 1)),
            (Case::At(SECOND), &|d| d == last),
            (Case::Never, &|d| d == last),
        ];
        for (case, fits) in cases {
            let free: Vec<(i32, usize)> =
                shifts.iter().filter(|s| fits(s.0) && !self.daily.contains_key(s)).copied().collect();
            if let Some(key) = dice.pick(&free) {
                self.daily.insert(*key, case);
            }
        }
        // One that is waived.
        let free: Vec<(i32, usize)> = shifts.iter().filter(|s| !self.daily.contains_key(s)).copied().collect();
        if let Some(&(day, agent)) = dice.pick(&free) {
            self.daily.insert((day, agent), Case::At(3 * HOUR));
            let from = wall::midnight(day);
            let (rule, reason) = (Rule::RecordLate, "登记系统停机");
            waivers.push(Waiver { rule, agent, from, to: from + MINUTE, reason });
        }
        let fridays: Vec<i32> = (first..=last).filter(|d| week_ends(world, *d)).collect();
        for (n, case) in [Case::At(0), Case::At(SECOND), Case::Never, Case::Empty].into_iter().enumerate() {
            let agent = STEADY[(n * 2 + month.month() as usize) % STEADY.len()];
            if let Some(day) = dice.pick(&fridays) {
                self.weekly.insert((*day, agent), case);
            }
        }
        for (n, case) in [Case::At(0), Case::At(SECOND), Case::Never].into_iter().enumerate() {
            self.monthly.insert((month, STEADY[(n * 3 + month.month() as usize) % STEADY.len()]), case);
        }
        let work: Vec<i32> = (first..=last).filter(|d| world.days.is_work(*d)).collect();
        for case in [Case::At(0), Case::At(SECOND), Case::Never] {
            if let Some(day) = dice.pick(&work) {
                self.logs.insert((*day, EDITORS[dice.index(2)]), case);
            }
        }
    }

    /// Counts the buyer of a conversation for those who received him.
    pub fn add(&mut self, verdict: &Verdict) {
        for (agent, day) in verdict.received.iter().filter(|(_, day)| *day <= self.world.days.last) {
            *self.received.entry((*day, *agent)).or_default() += 1;
        }
    }

    /// Writes the reports about a day (and a week, a month that it ends).
    pub fn write_day(&mut self, day: i32, truth: &mut Truth) -> Result<()> {
        let world = self.world;
        let month = wall::month(day);
        let due = wall::midnight(world.days.next_work(day)) + 10 * HOUR;
        for agent in 0..AGENTS {
            let received = self.received.remove(&(day, agent)).unwrap_or(0);
            let expected = world.shifts.of(agent, day).is_some() || received > 0;
            if !expected || !with_us(world, agent, day) {
                continue;
            }
            let case = self.daily.get(&(day, agent)).copied();
            let usual = wall::midnight(day) + 23 * HOUR + 35 * MINUTE + agent as i64 * SECOND;
            let period = date_of(day).to_string();
            let charged = [Rule::RecordLate, Rule::RecordMissing];
            let report = Report { agent, kind: "daily_report", period, day, due, usual, case, charged };
            self.write(&report, Some(received as i64), truth)?;
        }
        if week_ends(world, day) {
            let monday = day - wall::weekday(day);
            let agents: BTreeSet<usize> = (monday..monday + 7)
                .flat_map(|d| (0..AGENTS).filter(move |a| world.shifts.of(*a, d).is_some()))
                .collect();
            let (due, usual) = (wall::midnight(day + 1), wall::midnight(day) + 17 * HOUR + 20 * MINUTE);
            let week = date_of(day).iso_week();
            let period = format!("{}-W{:02}", week.year(), week.week());
            for agent in agents.into_iter().filter(|a| with_us(world, *a, day)) {
                let case = self.weekly.get(&(day, agent)).copied();
                let charged = [Rule::WeeklySummary; 2];
                let kind = "weekly_summary";
                let report = Report { agent, kind, period: period.clone(), day, due, usual, case, charged };
                self.write(&report, None, truth)?;
            }
        }
        if day == day_of(month.last_day()) {
            let first = day_of(month.first_day());
            let (due, usual) = (wall::midnight(day + 8), wall::midnight(day + 3) + 15 * HOUR);
            for agent in 0..AGENTS {
                if with_us(world, agent, day) && (first..=day).any(|d| world.shifts.of(agent, d).is_some()) {
                    let case = self.monthly.get(&(month, agent)).copied();
                    let (kind, charged) = ("month_end", [Rule::MonthEnd; 2]);
                    let report = Report { agent, kind, period: month.to_string(), day, due, usual, case, charged };
                    self.write(&report, None, truth)?;
                }
            }
        }
        if world.days.is_work(day) {
            for agent in EDITORS {
                let case = self.logs.get(&(day, agent)).copied();
                let (due, usual) = (wall::midnight(day + 1), wall::midnight(day) + 17 * HOUR + 45 * MINUTE);
                let (kind, charged) = ("daily_log", [Rule::LogMissing; 2]);
                let report = Report { agent, kind, period: date_of(day).to_string(), day, due, usual, case, charged };
                self.write(&report, None, truth)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, r: &Report, count: Option<i64>, truth: &mut Truth) -> Result<()> {
        let month = wall::month(r.day);
        let finding = |rule: Rule, due: Option<Wall>| Finding {
            rule,
            payer: Some(r.agent),
            period: month,
            occurred: wall::midnight(r.day),
            due,
            asked: 0,
            stated: None,
        };
        let (at, stated) = match r.case {
            Some(Case::At(offset)) => (Some(r.due + offset), count),
            Some(Case::Never) => {
                truth.enter_nothing(finding(r.charged[1], Some(r.due)), None);
                return Ok(());
            }
            Some(Case::Empty) => (None, None),
            Some(Case::Wrong(more)) => (Some(r.usual), count.map(|n| if n + more < 0 { n + 1 } else { n + more })),
            Some(Case::Blank) => (Some(r.usual), None),
            None => (Some(r.usual), count),
        };
        let number = stated.map(|n| n.to_string()).unwrap_or_default();
        let cells = [People::id(Some(r.agent)), r.kind, &r.period, &seconds(at), &number, ""];
        let line = self.sheet.turn_to(month)?.row(&cells)?;
        let mut owed = Vec::new();
        if at.is_none_or(|t| t > r.due) {
            owed.push(finding(r.charged[usize::from(at.is_none())], Some(r.due)));
        }
        if stated.is_some() && stated != count {
            owed.push(finding(Rule::RecordWrong, None));
        }
        if !owed.is_empty() {
            let mark = truth.enter_row(owed, None);
            truth.place(mark, "submissions", month, line);
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        self.sheet.close()
    }
}

/// One report that is due; `charged`: what lateness and absence cost.
struct Report {
    agent: usize,
    kind: &'static str,
    period: String,
    day: i32,
    due: Wall,
    usual: Wall,
    case: Option<Case>,
    charged: [Rule; 2],
}

/// Whether a day is the last working day of its week.
fn week_ends(world: &World, day: i32) -> bool {
    let sunday = day - wall::weekday(day) + 6;
    world.days.is_work(day) && (day + 1..=sunday).all(|d| !world.days.is_work(d))
}

fn with_us(world: &World, person: usize, day: i32) -> bool {
    let own = world.people.roster.iter().filter(|s| People::number(s.id) == Some(person));
    own.into_iter().any(|s| s.joined <= day && s.left.is_none_or(|l| day <= l))
}
