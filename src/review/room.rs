//! What every page of a review needs at hand: texts, people, rules, and for whom the page is.

use super::inputs::ReviewInputs;
use super::period::Period;
use super::rating::Review;
use crate::base::time::day_of;
use crate::report::data::{Deduction, RuleText};
use crate::report::format::Quantity;
use crate::report::names::FileNames;
use crate::report::views::table::Cell;
use crate::report::words::Words;
use std::collections::{BTreeMap, BTreeSet};

/// For whom a page is, and so whose data it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience<'a> {
    Hr,
    /// One who supervised people: these people alone, and of their deductions those of the days on which he did.
    Manager(&'a str),
    /// A person: nothing of anybody else.
    Staff(&'a str),
}

/// Everything laid out.
#[derive(Debug)]
pub struct Room<'a> {
    pub inputs: &'a ReviewInputs,
    pub words: &'a Words,
    pub reviews: &'a BTreeMap<String, Review<'a>>,
    /// Everyone who supervised somebody, with those people.
    pub teams: BTreeMap<&'a str, BTreeSet<&'a str>>,
    rules: BTreeMap<&'a str, &'a RuleText>,
    files: FileNames,
}

impl<'a> Room<'a> {
    pub fn new(inputs: &'a ReviewInputs, reviews: &'a BTreeMap<String, Review<'a>>, words: &'a Words) -> Room<'a> {
        Room {
            inputs,
            words,
            reviews,
            teams: super::rating::teams(reviews),
            // Of several versions the newest has the last word.
            rules: inputs.rules.iter().map(|r| (r.id.as_str(), r)).collect(),
            files: FileNames::new(reviews.keys().map(String::as_str)),
        }
    }

    /// Whom a page for that audience may be about.
    pub fn people(&self, audience: Audience<'_>) -> Vec<&'a Review<'a>> {
        let own = |id: &str| match audience {
            Audience::Hr => true,
            Audience::Manager(boss) => self.teams.get(boss).is_some_and(|t| t.contains(id)),
            Audience::Staff(staff) => staff == id,
        };
        self.reviews.iter().filter(|(id, _)| own(id)).map(|(_, r)| r).collect()
    }

    /// A person's deductions as far as that audience sees them, with their months.
    pub fn deductions(
        &self,
        audience: Audience<'_>,
        review: &'a Review<'a>,
    ) -> Vec<(crate::base::Month, &'a Deduction)> {
        let seen = |d: &Deduction| match audience {
            Audience::Manager(boss) => review.member.under(boss, self.inputs.zone.day(d.occurred_at)),
            _ => true,
        };
        review.deductions.iter().copied().filter(|(_, d)| seen(d)).collect()
    }

    pub fn rule(&self, id: &str) -> Option<&'a RuleText> {
        self.rules.get(id).copied()
    }

    /// A rule's name, else its id.
    pub fn title<'t>(&self, id: &'t str) -> &'t str
    where
        'a: 't,
    {
        self.rule(id).map_or(id, |r| r.title.as_str())
    }

    /// The page of a person's form, seen from the folder's root.
    pub fn form_file(&self, id: &str) -> String {
        format!("people/{}.html", self.files.get(id).unwrap_or("unknown"))
    }

    /// A person in a table, leading to the form.
    pub fn person(&self, review: &Review<'_>) -> Cell {
        let href = Some(self.form_file(&review.member.staff_id));
        Cell { href, ..Cell::text(&review.member.name).note(&review.member.staff_id) }
    }

    /// A person by id, as everyone who may be named is named.
    pub fn name(&self, id: &str) -> String {
        self.reviews.get(id).map_or_else(|| id.to_owned(), |r| format!("{} {id}", r.member.name))
    }

    pub fn role(&self, role: &str) -> String {
        self.words.named("role", role)
    }

    /// The period as people say it.
    pub fn period(&self) -> String {
        let (key, year) = match self.inputs.period {
            Period::Half(year, false) => ("first", year),
            Period::Half(year, true) => ("second", year),
            Period::Year(year) => ("year", year),
        };
        self.words.fill(&format!("review.period.{key}"), &[("year", &year.to_string())])
    }

    pub fn points(&self, n: Option<i64>) -> Cell {
        Cell::quantity(n.map(Quantity::Points), self.words)
    }

    /// A grade with its colour.
    pub fn grade(&self, grade: Option<&str>) -> Cell {
        let Some(grade) = grade else { return Cell::text(crate::report::format::NOTHING) };
        Cell::text(self.words.named("grade", grade)).mark(mark(grade))
    }

    /// The days of the whole period.
    pub fn days(&self) -> i64 {
        let ends = self.inputs.months.first().zip(self.inputs.months.last());
        ends.map_or(0, |(a, b)| i64::from(day_of(b.month.last_day()) - day_of(a.month.first_day())) + 1)
    }

    /// A list of texts as one.
    pub fn list(&self, texts: &[String]) -> String {
        texts.join(&self.words.text("format.list"))
    }
}

/// How a grade is meant.
pub fn mark(grade: &str) -> &'static str {
    match grade {
        "excellent" => "good",
        "fail" => "bad",
        _ => "mute",
    }
}
