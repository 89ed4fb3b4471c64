//! What a person should do next month: from what was deducted, and from figures behind the department's.

use super::desk::Desk;
use super::kpi::{self, Better, Kpi};
use super::ledger;
use super::trend;
use crate::report::data::Deduction;
use crate::report::format::{cost, grouped};
use schemars::JsonSchema;
use serde::Serialize;

/// Most entries of each kind.
const MOST: usize = 5;

/// One thing to do.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Todo {
    /// What happened, with its figures.
    pub why: String,
    /// What to do: how the rule reads, or which figure to reach.
    pub what: String,
    pub href: Option<String>,
}

/// The most expensive rules first, then figures that lie behind the department's.
pub fn todo(desk: &Desk, staff_id: &str) -> Vec<Todo> {
    let mut all = deducted(desk, staff_id);
    all.extend(behind(desk, staff_id));
    all
}

fn deducted(desk: &Desk, staff_id: &str) -> Vec<Todo> {
    let words = desk.words;
    let mine = desk.now.month.deductions.iter().filter(|d| d.staff_id == staff_id && d.points != 0);
    let mut rules: Vec<(i64, &str, Vec<&Deduction>)> = ledger::by_rule(desk, mine)
        .into_iter()
        .map(|(rule, found)| (found.iter().map(|d| d.points.saturating_abs()).sum(), rule, found))
        .collect();
    rules.sort_by_key(|(points, ..)| -points);
    let one = |(points, rule, found): (i64, &str, Vec<&Deduction>)| {
        let link = desk.rule_link(super::desk::From::Folder, rule);
        let (n, points) = (grouped(found.len() as i64), cost(points));
        Todo {
            why: words.fill("todo.deducted", &[("rule", &link.text), ("n", &n), ("points", &points)]),
            what: desk.rule(rule).map_or_else(String::new, |r| r.interpretation.clone()),
            href: link.href,
        }
    };
    rules.into_iter().take(MOST).map(one).collect()
}

fn behind(desk: &Desk, staff_id: &str) -> Vec<Todo> {
    let words = desk.words;
    let kpis: [&'static Kpi; 5] =
        [&kpi::FIRST_MEDIAN, kpi::in_time(desk.inputs), &kpi::RESPONSE_MEAN, &kpi::REPLY_RATE, &kpi::CONVERSION];
    let Some(totals) = desk.now.person(staff_id) else { return Vec::new() };
    let whole = desk.now.whole();
    let found = kpis.into_iter().filter(|k| !trend::is_provisional(&desk.now, k)).filter_map(|kpi| {
        let (own, all) = ((kpi.of)(&totals)?, (kpi.of)(&whole)?);
        let worse = match kpi.better {
            Better::More => own.raw() < all.raw(),
            Better::Less => own.raw() > all.raw(),
            Better::Neither => false,
        };
        let name = kpi.name(words, desk.inputs);
        worse.then(|| Todo {
            why: words.fill("todo.behind", &[("name", &name), ("own", &own.show(words)), ("all", &all.show(words))]),
            what: words.fill("todo.reach", &[("all", &all.show(words))]),
            href: None,
        })
    });
    found.take(MOST).collect()
}
