//! Month scores and grades: base − deductions + awards, never below the floor (《电商部员工管理制度》四).

pub mod half;

use crate::base::Result;
use crate::facts::Context;
use crate::lake::batch::{Batch, flag, int, plain};
use crate::lake::dimensions::AwardRow;
use crate::lake::schema::SCORES;
use crate::rules::Deduction;
use crate::settings::rulebook::Scoring;
use std::collections::BTreeMap;

/// One person's month. Points in hundredths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub staff_id: String,
    pub base: i32,
    pub deducted: i32,
    pub awarded: i32,
    pub score: i32,
    pub grade: &'static str,
    pub provisional: bool,
}

/// The grade of a score (hundredths): `excellent` 优秀, `good` 良好, `pass` 合格, `fail` 不合格.
pub fn grade(score: i32, scoring: &Scoring) -> &'static str {
    match score {
        s if s >= scoring.excellent => "excellent",
        s if s >= scoring.good => "good",
        s if s >= scoring.pass => "pass",
        _ => "fail",
    }
}

/// The scores of everyone employed on some day of the month, by staff_id. `provisional` says of a role whether something
/// may still change its scores.
pub fn scores(
    context: &Context<'_>,
    deductions: &[Deduction<'_>],
    awards: &[AwardRow],
    scoring: &Scoring,
    provisional: &dyn Fn(&str) -> bool,
) -> Vec<Score> {
    let mut people: BTreeMap<String, (i32, i32)> = BTreeMap::new();
    for staff in context.people.everyone() {
        if context.own_days().any(|day| context.people.employed(staff, day)) {
            people.insert(context.names.text(staff).to_string(), (0, 0));
        }
    }
    for one in deductions.chunk_by(|a, b| a.staff_id == b.staff_id) {
        if let Some((deducted, _)) = people.get_mut(one[0].staff_id.as_ref()) {
            *deducted += one.iter().map(|d| d.points).sum::<i32>();
        }
    }
    for award in awards.iter().filter(|a| context.in_month(a.on)) {
        if let Some((_, awarded)) = people.get_mut(&award.staff_id) {
            *awarded += award.points;
        }
    }
    let last = context.own_days().end - 1;
    people
        .into_iter()
        .map(|(staff_id, (deducted, awarded))| {
            let score = (scoring.base - deducted + awarded).max(scoring.floor);
            let grade = grade(score, scoring);
            let role =
                context.names.find(&staff_id).and_then(|s| context.people.row(s, last)).map_or("", |r| r.role.as_str());
            let provisional = provisional(role);
            Score { staff_id, base: scoring.base, deducted, awarded, score, grade, provisional }
        })
        .collect()
}

/// `scores` as a table.
pub fn table(period: &str, scores: &[Score]) -> Result<Batch> {
    Batch::new(
        &SCORES,
        vec![
            plain("period", scores.iter().map(|_| period)),
            plain("staff_id", scores.iter().map(|s| s.staff_id.as_str())),
            int("base", scores.iter().map(|s| s.base)),
            int("deducted", scores.iter().map(|s| s.deducted)),
            int("awarded", scores.iter().map(|s| s.awarded)),
            int("score", scores.iter().map(|s| s.score)),
            plain("grade", scores.iter().map(|s| s.grade)),
            flag("provisional", scores.iter().map(|s| s.provisional)),
        ],
    )
}
