//! `kaohe rulebook diff`: what another rulebook would have done to past months.

use super::compute::{self, Gathered, Scene, Work};
use super::inputs::Dimensions;
use super::project::Project;
use super::{Progress, stage};
use crate::base::{Error, Month, Result};
use crate::lake::names::Names;
use crate::rules::{Deduction, Plan};
use crate::scores::Score;
use crate::settings::rulebook::Rulebook;
use std::collections::BTreeMap;

/// Number of deductions and points (hundredths), before and after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    pub count: [i64; 2],
    pub points: [i64; 2],
}

/// What changes in a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonthDiff {
    pub month: Option<Month>,
    pub rules: BTreeMap<String, Change>,
    /// By staff_id, `unassigned` included.
    pub people: BTreeMap<String, Change>,
    /// Score and grade by staff_id, where they change.
    pub scores: BTreeMap<String, [(i32, &'static str); 2]>,
}

impl MonthDiff {
    /// Whether both rulebooks say the same.
    pub fn is_empty(&self) -> bool {
        let same = |c: &Change| c.count[0] == c.count[1] && c.points[0] == c.points[1];
        self.rules.values().all(same) && self.people.values().all(same) && self.scores.is_empty()
    }
}

/// Judges months by two rulebooks; nothing is written.
///
/// # Errors
/// Wrong parameters of either rulebook, a year without calendar data, the machine.
pub fn diff(
    project: &Project,
    books: [&Rulebook; 2],
    months: &[Month],
    progress: &dyn Progress,
) -> Result<Vec<MonthDiff>> {
    let manifest = stage::manifest(project)?;
    let as_of = stage::as_of(project, &manifest)?;
    let names = Names::new();
    let dimensions = Dimensions::read(&project.lake(), &manifest, &names)?;
    let plans = [Plan::new(books[0]).map_err(Error::Settings)?, Plan::new(books[1]).map_err(Error::Settings)?];
    let mut all = Vec::new();
    for &month in months {
        let mut diff = MonthDiff { month: Some(month), ..MonthDiff::default() };
        let mut scores: [Vec<Score>; 2] = [Vec::new(), Vec::new()];
        for (side, plan) in plans.iter().enumerate() {
            let scene = Scene::read(project, &manifest, plan, month, &names)?;
            let context = compute::context(project, &dimensions, &scene, &names, as_of)?;
            let work = Work::new(project, &manifest, &context, plan, &dimensions);
            let Gathered { facts, charged, violations, .. } = work.gather(&|_, _| Ok(()), progress)?;
            scores[side] = work.judge(&facts, charged, violations, false, |judged| {
                judged.lines.iter().for_each(|line| add(&mut diff, side, line, plan.book));
                Ok(judged.scores)
            })?;
        }
        let [before, after] = scores;
        for (b, a) in before.iter().zip(&after).filter(|(b, a)| b.staff_id == a.staff_id && b.score != a.score) {
            diff.scores.insert(b.staff_id.clone(), [(b.score, b.grade), (a.score, a.grade)]);
        }
        let same = |c: &Change| c.count[0] == c.count[1] && c.points[0] == c.points[1];
        diff.rules.retain(|_, c| !same(c));
        diff.people.retain(|_, c| !same(c));
        all.push(diff);
    }
    Ok(all)
}

fn add(diff: &mut MonthDiff, side: usize, line: &Deduction<'_>, book: &Rulebook) {
    let rule = &book.rules[line.charged.violation.rule].id;
    for change in
        [diff.rules.entry(rule.clone()).or_default(), diff.people.entry(line.staff_id.to_string()).or_default()]
    {
        change.count[side] += 1;
        change.points[side] += i64::from(line.points);
    }
}
