//! What key figures should reach: the settings' targets in the figures' own units.

use super::project::Project;
use crate::base::{Diagnostic, Error, Result};
use crate::report::data::SalesTarget;
use crate::report::format::Quantity;
use crate::report::views::kpi;
use crate::settings::nearest::advice;
use crate::settings::target::{Goal, Target};
use crate::settings::{Pipeline, codes};
use std::collections::BTreeMap;

/// By key figure, in the unit of its quantity.
///
/// # Errors
/// A figure that nobody knows, a target in a unit that is not the figure's: at its place in the pipeline file.
pub fn check(pipeline: &Pipeline) -> Result<BTreeMap<String, i64>> {
    let known: Vec<&str> = kpi::ALL.iter().map(|k| k.id).collect();
    let (mut found, mut wrong) = (BTreeMap::new(), Vec::new());
    for (id, goal) in &pipeline.targets {
        let Some(figure) = kpi::ALL.iter().find(|k| k.id == id) else {
            let message = format!("there is no key figure `{id}`");
            wrong.push(
                Diagnostic::error(codes::UNKNOWN_KEY, message).at(goal.origin.place("")).help(advice(id, &known)),
            );
            continue;
        };
        let Some(unit) = figure.unit() else { continue };
        match value(goal.target, unit) {
            Some(value) => drop(found.insert(id.clone(), value)),
            None => wrong.push(misfit(id, goal, unit)),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(Error::Settings(wrong)) }
}

/// A target in the unit of a quantity; `None` where it is another.
fn value(target: Target, unit: Quantity) -> Option<i64> {
    let whole = |hundredths: i64, per: i64| (hundredths % per == 0).then_some(hundredths / per);
    match (target, unit) {
        (Target::Share(n), Quantity::Share(_))
        | (Target::Duration(n), Quantity::Duration(_))
        | (Target::Money(n), Quantity::Fen(_))
        | (Target::Number(n), Quantity::Points(_)) => Some(n),
        (Target::Number(n), Quantity::Count(_)) => whole(n, 100),
        (Target::Number(n), Quantity::Tenths(_)) => whole(n, 10),
        _ => None,
    }
}

fn misfit(id: &str, goal: &Goal, unit: Quantity) -> Diagnostic {
    let (what, such) = match unit {
        Quantity::Share(_) => ("a share", "\"90%\""),
        Quantity::Duration(_) => ("a time", "\"45s\""),
        Quantity::Fen(_) => ("money", "\"120000元\""),
        Quantity::Points(_) => ("points", "92.5"),
        Quantity::Tenths(_) => ("a number with one decimal at most", "7.5"),
        Quantity::Count(_) => ("a whole number", "20"),
    };
    Diagnostic::error(codes::WRONG_VALUE, format!("`{id}` is {what}; its target is not"))
        .at(goal.origin.place(""))
        .help(format!("write {id} = {such}"))
}

/// The settings' targets, and what the month should sell where they do not say so: all shops' targets together, or all
/// people's where no shop has one.
///
/// # Errors
/// As [`check`].
pub fn of(project: &Project, sales: &[SalesTarget]) -> Result<BTreeMap<String, i64>> {
    let mut targets = check(&project.settings.pipeline)?;
    let of_shops = sales.iter().any(|t| t.shop.is_some() && t.staff_id.is_none());
    let counts = |t: &&SalesTarget| !of_shops || (t.shop.is_some() && t.staff_id.is_none());
    if !sales.is_empty() {
        let sum = sales.iter().filter(counts).map(|t| t.sales_fen).sum();
        targets.entry(kpi::SALES.id.to_owned()).or_insert(sum);
    }
    Ok(targets)
}
