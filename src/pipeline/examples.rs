//! `kaohe rulebook test`: a rule's examples, computed by the same facts and the same ledger as real months.

use super::example_rows::{self, Given};
use super::project::{Project, calendar_error};
use crate::base::time::DAY;
use crate::base::{Diagnostic, Error, Month, Ms, Result};
use crate::facts::days::{Days, Window};
use crate::facts::presence::Presence;
use crate::facts::unit;
use crate::facts::{Context, MonthFacts};
use crate::lake::names::Names;
use crate::rules::{Plan, ledger};
use crate::settings::rulebook::{Example, Rule, Rulebook};

/// One example's result: what was expected and what came out, as (person, hundredths).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    pub rule: String,
    pub example: String,
    pub expected: Vec<(String, i32)>,
    pub found: Vec<(String, i32)>,
    /// Set where they differ.
    pub problem: Option<Diagnostic>,
}

/// Runs the examples of all rules, or of one.
///
/// # Errors
/// Settings; an example whose rows cannot be read (exit 2).
pub fn test(project: &Project, only: Option<&str>) -> Result<Vec<Tested>> {
    let mut all = Vec::new();
    // Whatever its dates: an example shows the rule as it is written.
    let book = project.settings.rulebook.clone();
    let undated = |r: Rule| Rule { effective_from: None, effective_to: None, ..r };
    let book = Rulebook { rules: book.rules.into_iter().map(undated).collect(), ..book };
    let plan = Plan::new(&book).map_err(Error::Settings)?;
    for (at, rule) in book.rules.iter().enumerate().filter(|(_, r)| only.is_none_or(|id| r.id == id)) {
        for example in &rule.examples {
            let found = run(project, &plan, at, example)?;
            let mut expected = example.expect.clone();
            expected.sort();
            let problem = (found != expected).then(|| {
                let message =
                    format!("`{}`: {} gives {}, expected {}", rule.id, example.name, list(&found), list(&expected));
                Diagnostic::error("K0321", message).at(example.origin.place("this example"))
            });
            all.push(Tested { rule: rule.id.clone(), example: example.name.clone(), expected, found, problem });
        }
    }
    Ok(all)
}

fn list(charges: &[(String, i32)]) -> String {
    let one = |(who, points): &(String, i32)| format!("{who} −{}.{:02}", points / 100, points % 100);
    if charges.is_empty() { "nothing".to_owned() } else { charges.iter().map(one).collect::<Vec<_>>().join(", ") }
}

/// Charges of one rule (its place in the book) for an example's rows.
fn run(project: &Project, plan: &Plan<'_>, rule: usize, example: &Example) -> Result<Vec<(String, i32)>> {
    let names = Names::new();
    let zone = project.zone();
    let given = example_rows::given(example, &plan.book.rules[rule], zone, &names)?;
    let as_of = match &example.as_of {
        Some(text) => example_rows::time(text, zone, example)?,
        None => given.span.1 + 40 * DAY,
    };
    let (mut month, last) = (Month::of(zone.date(given.span.0)), Month::of(zone.date(given.span.1)).next());
    let mut found = Vec::new();
    while month <= last {
        found.extend(charged(project, plan, rule, &given, &names, (month, as_of))?);
        month = month.next();
    }
    found.sort();
    Ok(found)
}

fn charged(
    project: &Project,
    plan: &Plan<'_>,
    rule: usize,
    given: &Given,
    names: &Names,
    (month, as_of): (Month, Ms),
) -> Result<Vec<(String, i32)>> {
    let context = context(project, given, names, month, as_of)?;
    let parts = std::slice::from_ref(&given.messages);
    let mut facts = unit::compute(&context, parts, given.orders.clone()).map_err(calendar_error)?;
    let own = given.auto_replies.iter().filter(|r| context.window.own.contains(&r.ts));
    facts.auto_replies = own.cloned().collect();
    let needs = plan.detector(rule).map(|d| d.needs()).unwrap_or_default();
    let is_register = |table: &str| crate::lake::schema::REGISTERS.iter().any(|t| t.name == table);
    let delivered = needs.iter().all(|(table, _)| !is_register(table) || given.delivered.contains(*table));
    let assessed = |i: usize, _: u32| i == rule && delivered;
    let mut violations = plan.bucket(&facts, &context, &assessed).map_err(calendar_error)?;
    plan.merge(&mut violations);
    let presence = Presence::new(&given.registers, names);
    let whole = MonthFacts { shops: &given.shops, staff_day: &facts.staff_day, presence: &presence };
    violations.extend(plan.month(&whole, &context, &assessed).map_err(calendar_error)?);
    for pass in plan.passes() {
        violations.extend(plan.results(pass, &given.results, &context, &assessed).map_err(calendar_error)?);
    }
    let charged = [ledger::charged(violations, plan.book, &context, &mut Vec::new())];
    let (lines, _) = ledger::ledger(&charged, &[], plan.book, &context);
    Ok(lines.into_iter().map(|l| (l.staff_id.to_string(), l.points)).collect())
}

fn context<'a>(
    project: &'a Project,
    given: &'a Given,
    names: &'a Names,
    month: Month,
    as_of: Ms,
) -> Result<Context<'a>> {
    let p = &project.settings.pipeline;
    let window = Window::of(month, p.margin_days, p.zone, &project.workdays).map_err(calendar_error)?;
    let days = Days::new(&window.messages, project.settings.preset.cutoff_ms, p.zone, &project.workdays)
        .map_err(calendar_error)?;
    Ok(Context {
        preset: &project.settings.preset,
        zone: p.zone,
        window,
        days,
        online: &project.online,
        office: &project.office,
        workdays: &project.workdays,
        people: &given.people,
        names,
        registers: &given.registers,
        as_of,
        advertising_max: p.filters.advertising_max,
        instants: Vec::new(),
        full_hours: Vec::new(),
        sums_only: false,
    })
}
