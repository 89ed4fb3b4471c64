//! What every view needs at hand: the months added up, people and rules by id, and where their pages are.

use super::proof::Proofs;
use super::sums::Tally;
use super::table::Link;
use crate::base::{Error, Result};
use crate::report::data::{Deduction, Inputs, Person, RuleText};
use crate::report::names::FileNames;
use crate::report::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// Stands for accounts that nobody has.
pub const UNASSIGNED: &str = "unassigned";
/// Stands for orders without a credited agent.
pub const SILENT: &str = "silent";
/// The role whose people always get a page and a place in the ranking.
pub const AGENT: &str = "customer_service";

/// Roles in the order in which people are listed; others follow.
const ROLES: [&str; 6] = [AGENT, "supervisor", "editor", "copywriter", "artist", "head"];

/// Where the report's root is, seen from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Root,
    Folder,
}

impl From {
    pub fn prefix(self) -> &'static str {
        match self {
            From::Root => "",
            From::Folder => "../",
        }
    }
}

/// The inputs, laid out.
#[derive(Debug)]
pub struct Desk<'a> {
    pub inputs: &'a Inputs,
    pub words: &'a Words,
    /// The month reported on.
    pub now: Tally<'a>,
    /// The months before it, oldest first.
    pub earlier: Vec<Tally<'a>>,
    people: BTreeMap<&'a str, &'a Person>,
    rules: BTreeMap<&'a str, &'a RuleText>,
    /// In the order in which they are listed.
    pub staff: Vec<&'a str>,
    pub rule_ids: Vec<&'a str>,
    /// Teams with anybody in the month, sorted.
    pub teams: Vec<&'a str>,
    /// Of the month reported on.
    pub proofs: Proofs<'a>,
    shop_files: FileNames,
    team_files: FileNames,
    people_files: FileNames,
    rule_files: FileNames,
}

impl<'a> Desk<'a> {
    /// Fails only without any month.
    pub fn new(inputs: &'a Inputs, words: &'a Words) -> Result<Self> {
        let (last, earlier) = inputs
            .months
            .split_last()
            .ok_or_else(|| Error::Failed("a report needs the results of at least one month".to_owned()))?;
        let now = Tally::new(last);
        // Later months win: a person is shown as he or she stood at the end of the month reported on.
        let people: BTreeMap<&str, &Person> =
            inputs.months.iter().flat_map(|m| &m.people).map(|p| (p.staff_id.as_str(), p)).collect();
        let rules: BTreeMap<&str, &RuleText> = inputs.rules.iter().map(|r| (r.id.as_str(), r)).collect();

        let mut staff: BTreeSet<&str> = now.staff().filter(|id| *id != SILENT).collect();
        staff.extend(last.people.iter().filter(|p| p.role == AGENT).map(|p| p.staff_id.as_str()));
        staff.extend(last.deductions.iter().map(|d| d.staff_id.as_str()));
        staff.extend(last.scores.iter().map(|s| s.staff_id.as_str()));
        let mut staff: Vec<&str> = staff.into_iter().collect();
        staff.sort_by_key(|id| (role_rank(id, &people), *id));

        let mut rule_ids: Vec<&str> = inputs.rules.iter().map(|r| r.id.as_str()).collect();
        let unknown: BTreeSet<&str> =
            last.deductions.iter().map(|d| d.rule_id.as_str()).filter(|id| !rules.contains_key(id)).collect();
        rule_ids.extend(unknown);

        let of_team = |p: &'a Person| p.team.as_deref().filter(|t| !t.trim().is_empty());
        let teams: BTreeSet<&str> = last.people.iter().filter_map(of_team).collect();

        Ok(Desk {
            inputs,
            words,
            proofs: Proofs::new(last),
            shop_files: FileNames::new(now.shops()),
            team_files: FileNames::new(teams.iter().copied()),
            teams: teams.into_iter().collect(),
            now,
            earlier: earlier.iter().map(Tally::new).collect(),
            people_files: FileNames::new(staff.iter().copied()),
            rule_files: FileNames::new(rule_ids.iter().copied()),
            people,
            rules,
            staff,
            rule_ids,
        })
    }

    /// The calendar month just before, where it was computed.
    pub fn before(&self) -> Option<&Tally<'a>> {
        let month = self.now.month.month.previous();
        self.earlier.iter().find(|t| t.month.month == month)
    }

    /// All months, oldest first.
    pub fn months(&self) -> impl Iterator<Item = &Tally<'a>> {
        self.earlier.iter().chain(std::iter::once(&self.now))
    }

    pub fn person(&self, id: &str) -> Option<&'a Person> {
        self.people.get(id).copied()
    }

    pub fn rule(&self, id: &str) -> Option<&'a RuleText> {
        self.rules.get(id).copied()
    }

    pub fn is_monitored(&self, d: &Deduction) -> bool {
        self.rule(&d.rule_id).is_some_and(|r| r.monitored)
    }

    /// A person's name; ids without a person are shown as they are.
    pub fn name(&self, id: &str) -> String {
        match self.person(id) {
            Some(p) if !p.name.trim().is_empty() => p.name.clone(),
            _ if id == UNASSIGNED || id == SILENT => self.words.named("staff", id),
            _ => id.to_owned(),
        }
    }

    /// What people call the definitions in force.
    pub fn preset(&self) -> String {
        self.words.named("preset", &self.inputs.preset)
    }

    pub fn title(&self, rule_id: &str) -> String {
        self.rule(rule_id).map_or(rule_id, |r| &r.title).to_owned()
    }

    /// The same month of the year before, where it was computed.
    pub fn year_before(&self) -> Option<&Tally<'a>> {
        let month = self.now.month.month.offset(-12);
        self.earlier.iter().find(|t| t.month.month == month)
    }

    /// The people of a team, in the order in which people are listed.
    pub fn members(&self, team: &str) -> Vec<&'a str> {
        let of = |id: &&str| self.person(id).is_some_and(|p| p.team.as_deref() == Some(team));
        self.staff.iter().copied().filter(of).collect()
    }

    /// The file of a shop's page.
    pub fn shop_file(&self, shop: &str) -> Option<String> {
        self.shop_files.get(shop).map(|stem| format!("shops/{stem}.html"))
    }

    /// The file of a team's page.
    pub fn team_file(&self, team: &str) -> Option<String> {
        self.team_files.get(team).map(|stem| format!("teams/{stem}.html"))
    }

    pub fn shop_link(&self, from: From, shop: &str) -> Link {
        Link { text: shop.to_owned(), href: self.shop_file(shop).map(|f| format!("{}{f}", from.prefix())) }
    }

    pub fn team_link(&self, from: From, team: &str) -> Link {
        Link { text: team.to_owned(), href: self.team_file(team).map(|f| format!("{}{f}", from.prefix())) }
    }

    /// The file of a person's page.
    pub fn person_file(&self, id: &str) -> Option<String> {
        self.people_files.get(id).map(|stem| format!("people/{stem}.html"))
    }

    /// The file of a rule's page.
    pub fn rule_file(&self, id: &str) -> Option<String> {
        self.rule_files.get(id).map(|stem| format!("rules/{stem}.html"))
    }

    pub fn person_link(&self, from: From, id: &str) -> Link {
        Link { text: self.name(id), href: self.person_file(id).map(|f| format!("{}{f}", from.prefix())) }
    }

    /// A person's link with the id beside the name: two people may have the same.
    pub fn named_link(&self, from: From, id: &str) -> Link {
        let link = self.person_link(from, id);
        let text = if link.text == id { link.text } else { format!("{} {id}", link.text) };
        Link { text, href: link.href }
    }

    pub fn rule_link(&self, from: From, id: &str) -> Link {
        Link { text: self.title(id), href: self.rule_file(id).map(|f| format!("{}{f}", from.prefix())) }
    }
}

fn role_rank(id: &str, people: &BTreeMap<&str, &Person>) -> usize {
    let role = people.get(id).map(|p| p.role.as_str());
    role.map_or(ROLES.len() + 1, |role| ROLES.iter().position(|r| *r == role).unwrap_or(ROLES.len()))
}
