//! Who pays for a violation, and how much: one violation may cost several people.

use super::violation::Violation;
use crate::facts::Context;
use crate::lake::names::NONE;
use crate::settings::rulebook::{Payer, Points, Rule};

/// A violation and one who pays for it. Points in hundredths, before escalation and waivers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    pub violation: Violation,
    pub payer: u32,
    pub points: i32,
}

/// A register row that states points outside its rule's range: nobody is charged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfRange {
    pub violation: Violation,
    pub stated: i32,
    pub min: i32,
    pub max: i32,
}

/// Charges a violation by its rule. Nobody found is [`NONE`]: listed, in nobody's score.
///
/// # Errors
/// Points outside the rule's range.
pub fn charge(violation: Violation, rules: &[Rule], context: &Context<'_>) -> Result<Vec<Charged>, Box<OutOfRange>> {
    let day = context.zone.day(violation.occurred_at);
    let rule = &rules[violation.rule];
    let mut owed: Vec<(u32, i32)> = Vec::with_capacity(1);
    for part in &rule.charge {
        let points = match (part.points, violation.stated) {
            (Points::Fixed(n), _) => n,
            (Points::Range { min, .. }, None) => min,
            (Points::Range { min, max }, Some(n)) if (min..=max).contains(&n) => n,
            (Points::Range { min, max }, Some(stated)) => {
                return Err(Box::new(OutOfRange { violation, stated, min, max }));
            }
        };
        owed.extend(payers(part.to, &violation, rule, context, day).into_iter().map(|payer| (payer, points)));
    }
    let charged = |violation, (payer, points)| Charged { violation, payer, points };
    Ok(match owed.pop() {
        None => Vec::new(),
        // Mostly there is one payer: nothing is copied.
        Some(last) => {
            let mut all: Vec<Charged> = owed.into_iter().map(|o| charged(violation.clone(), o)).collect();
            all.push(charged(violation, last));
            all
        }
    })
}

fn payers(to: Payer, violation: &Violation, rule: &Rule, context: &Context<'_>, day: i32) -> Vec<u32> {
    let people = context.people;
    let has_role = |staff: u32| {
        people.row(staff, day).is_some_and(|r| rule.applies_to.is_empty() || rule.applies_to.contains(&r.role))
    };
    match to {
        Payer::Caused => vec![violation.caused_by],
        Payer::Supervisor => {
            let boss = people.row(violation.caused_by, day).and_then(|r| r.supervisor_id.as_deref());
            vec![boss.map_or(NONE, |b| context.names.id(b))]
        }
        Payer::OnShift => sorted(
            context,
            people
                .on_duty(day - 1..day + 1)
                .iter()
                .filter(|&&(d, staff)| {
                    let now = violation.occurred_at;
                    people.shifts_on(staff, d).iter().any(|s| s.start <= now && now < s.end)
                })
                .map(|&(_, staff)| staff)
                .filter(|&staff| has_role(staff) && people.shops_of(staff, day).contains(&violation.shop))
                .collect(),
        ),
        Payer::All => sorted(context, people.everyone().filter(|&s| people.employed(s, day) && has_role(s)).collect()),
    }
}

fn sorted(context: &Context<'_>, mut staff: Vec<u32>) -> Vec<u32> {
    staff.sort_by_cached_key(|&s| context.names.text(s));
    staff.dedup();
    if staff.is_empty() {
        staff.push(NONE);
    }
    staff
}
