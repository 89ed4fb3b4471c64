//! Who is reviewed, and what they were on each of their own days: role, team and supervisor as the roster dates them.

use super::inputs::ReviewInputs;
use crate::base::Month;
use crate::base::time::{date_of, day_of};
use crate::facts::people::People;
use crate::lake::dimensions::RosterRow;
use crate::lake::names::Names;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Days (since 1970-01-01) on which role, team and supervisor stayed the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub days: RangeInclusive<i32>,
    pub role: String,
    pub team: Option<String>,
    pub supervisor_id: Option<String>,
}

/// One who was employed on some day of the months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub staff_id: String,
    pub name: String,
    /// In order, none empty; a gap is time without employment.
    pub stretches: Vec<Stretch>,
}

impl Member {
    /// As on the last day there.
    pub fn last(&self) -> Option<&Stretch> {
        self.stretches.last()
    }

    pub fn here(&self, day: i32) -> bool {
        self.stretches.iter().any(|s| s.days.contains(&day))
    }

    /// Own days of a month.
    pub fn days_of(&self, month: Month) -> i64 {
        let (first, last) = (day_of(month.first_day()), day_of(month.last_day()));
        let of =
            |s: &Stretch| (i64::from(*s.days.end().min(&last)) - i64::from(*s.days.start().max(&first)) + 1).max(0);
        self.stretches.iter().map(of).sum()
    }

    /// Own days in all.
    pub fn days(&self) -> i64 {
        self.stretches.iter().map(|s| i64::from(*s.days.end()) - i64::from(*s.days.start()) + 1).sum()
    }

    /// Whether someone supervised this person on a day.
    pub fn under(&self, supervisor: &str, day: i32) -> bool {
        self.stretches.iter().any(|s| s.days.contains(&day) && s.supervisor_id.as_deref() == Some(supervisor))
    }
}

/// Everyone employed on some day of the months, by staff_id.
pub fn members(inputs: &ReviewInputs, months: &[Month]) -> BTreeMap<String, Member> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return BTreeMap::new() };
    let names = Names::new();
    let people = People::new(inputs.roster.clone(), Vec::new(), Vec::new(), &names);
    let mut all = BTreeMap::new();
    for staff in people.everyone() {
        let mut member = Member { staff_id: names.text(staff).to_string(), name: String::new(), stretches: Vec::new() };
        for day in day_of(first.first_day())..=day_of(last.last_day()) {
            let Some(row) = people.row(staff, day).filter(|_| people.employed(staff, day)) else { continue };
            if months.binary_search(&Month::of(date_of(day))).is_ok() {
                member.name.clone_from(&row.name);
                extend(&mut member.stretches, row, day);
            }
        }
        if !member.stretches.is_empty() {
            all.insert(member.staff_id.clone(), member);
        }
    }
    all
}

fn extend(stretches: &mut Vec<Stretch>, row: &RosterRow, day: i32) {
    let filled = |text: &Option<String>| text.clone().filter(|t| !t.is_empty());
    let (team, supervisor_id) = (filled(&row.team), filled(&row.supervisor_id));
    match stretches.last_mut() {
        Some(s)
            if *s.days.end() == day - 1 && s.role == row.role && s.team == team && s.supervisor_id == supervisor_id =>
        {
            s.days = *s.days.start()..=day;
        }
        _ => stretches.push(Stretch { days: day..=day, role: row.role.clone(), team, supervisor_id }),
    }
}
