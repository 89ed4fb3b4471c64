//! The four parts of a person's score, month by month, over the person's own days.

use super::people::Member;
use crate::base::time::day_of;
use crate::report::data::MonthInputs;
use crate::scores::half::{Measure, share_of};
use crate::settings::HalfYear;
use std::collections::BTreeSet;

/// The parts, in their order on every page.
pub const PARTS: [&str; 4] = ["sales", "efficiency", "satisfaction", "discipline"];

/// A month of a part; see [`Part`] for the units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthOf {
    pub month: String,
    pub above: i64,
    pub below: i64,
    /// Something may still change it.
    pub provisional: bool,
}

/// One part of a person's score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// One of [`PARTS`].
    pub name: &'static str,
    /// Fen ÷ fen, steps ÷ steps, ratings ÷ ratings, hundredths of a point ÷ months.
    pub measure: Measure,
    /// Months with something below the line.
    pub months: Vec<MonthOf>,
    /// Steps that were not taken, in months with steps.
    pub open: i64,
    /// Months of employment without a sales target of the person.
    pub untargeted: Vec<String>,
}

/// Reckons all parts.
pub fn parts(member: &Member, months: &[MonthInputs], half: &HalfYear) -> Vec<Part> {
    let here: Vec<&MonthInputs> = months.iter().filter(|m| member.days_of(m.month) > 0).collect();
    vec![
        sales(member, &here, half),
        efficiency(member, &here, half),
        satisfaction(member, &here, half),
        discipline(member, &here, half),
    ]
}

fn part(name: &'static str, measure: Measure, months: Vec<MonthOf>) -> Part {
    let measure =
        Measure { above: months.iter().map(|m| m.above).sum(), below: months.iter().map(|m| m.below).sum(), ..measure };
    Part { name, measure, months, open: 0, untargeted: Vec::new() }
}

fn share(weight: i64, least: i64) -> Measure {
    Measure { weight, above: 0, below: 0, worth: 10_000, most: 10_000, least }
}

/// Credited sales of own days against own targets, of months that have one. A target is a month's; for a part of the
/// month it is that share of its calendar days.
fn sales(member: &Member, months: &[&MonthInputs], half: &HalfYear) -> Part {
    let (mut rows, mut untargeted) = (Vec::new(), Vec::new());
    for m in months {
        let targets = m.sales_targets.iter().filter(|t| t.staff_id.as_deref() == Some(&member.staff_id));
        let target: i64 = targets.map(|t| t.sales_fen).sum();
        if target <= 0 {
            untargeted.push(m.month.to_string());
            continue;
        }
        let of = i64::from(day_of(m.month.last_day()) - day_of(m.month.first_day())) + 1;
        rows.push(MonthOf {
            month: m.month.to_string(),
            above: sum(member, m, "sales_sum_fen"),
            below: share_of(target, member.days_of(m.month), of),
            provisional: false,
        });
    }
    let measure = Measure { most: half.attainment_cap * 100, ..share(half.weights.sales, 0) };
    Part { untargeted, ..part("sales", measure, rows) }
}

/// Steps of own orders within their limit, of those that were taken, by the month in which the order was created.
fn efficiency(member: &Member, months: &[&MonthInputs], half: &HalfYear) -> Part {
    let (mut rows, mut open) = (Vec::new(), 0);
    for m in months {
        let own = m
            .steps
            .iter()
            .filter(|s| s.shop.is_empty() && s.staff_id == member.staff_id && half.steps.contains(&s.step));
        let (met, count, waiting) =
            own.fold((0, 0, 0), |(met, count, open), s| (met + s.met, count + s.count, open + s.open));
        open += waiting;
        if count > 0 {
            rows.push(MonthOf { month: m.month.to_string(), above: met, below: count, provisional: false });
        }
    }
    Part { open, ..part("efficiency", share(half.weights.efficiency, half.min_orders), rows) }
}

/// Satisfied of rated, as the figure of that name counts them, on own days.
fn satisfaction(member: &Member, months: &[&MonthInputs], half: &HalfYear) -> Part {
    let of = |m: &&MonthInputs| MonthOf {
        month: m.month.to_string(),
        above: sum(member, m, "satisfied_count"),
        below: sum(member, m, "rated_count"),
        provisional: false,
    };
    let rows = months.iter().map(of).filter(|m| m.below > 0).collect();
    part("satisfaction", share(half.weights.satisfaction, half.min_ratings), rows)
}

/// The mean of the month scores.
fn discipline(member: &Member, months: &[&MonthInputs], half: &HalfYear) -> Part {
    let mut rows = Vec::new();
    for m in months {
        let Some(score) = m.scores.iter().find(|s| s.staff_id == member.staff_id) else { continue };
        let provisional = score.provisional;
        rows.push(MonthOf { month: m.month.to_string(), above: score.score, below: 1, provisional });
    }
    // Awards may lift a month above its base: nothing cuts that off again.
    let measure = Measure { worth: 1, most: i64::from(i32::MAX), ..share(half.weights.discipline, 0) };
    part("discipline", measure, rows)
}

/// A measure of the person's own days in a month, all shops together.
pub fn sum(member: &Member, month: &MonthInputs, measure: &str) -> i64 {
    let own = month.staff_day.iter().filter(|r| r.staff_id == member.staff_id && member.here(day_of(r.date)));
    own.filter_map(|r| r.measures.get(measure)).sum()
}

/// Months whose score may still change.
pub fn provisional(parts: &[Part]) -> BTreeSet<&str> {
    parts.iter().flat_map(|p| &p.months).filter(|m| m.provisional).map(|m| m.month.as_str()).collect()
}
