//! What the figures mean: definitions in our own words, the settings in force, the rules with their clauses.

use super::desk::{Desk, From};
use super::kpi;
use super::table::{Cell, Link, Table};
use schemars::JsonSchema;
use serde::Serialize;

/// Terms that the definitions use; `term.ID.name` and `term.ID.text` in the catalogue.
const TERMS: [&str; 9] =
    ["session", "round", "first_response", "inquiry_date", "closing", "backlog", "attribution", "deduction", "waiver"];

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DefinitionsPage {
    pub terms: Vec<Definition>,
    pub kpis: Vec<Definition>,
    pub settings: Table,
    pub rules: Vec<RuleText>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Definition {
    pub id: &'static str,
    pub name: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleText {
    pub rule: Link,
    pub rule_id: String,
    pub clause: String,
    pub quote: String,
    pub interpretation: String,
    pub points: String,
    pub monitored: bool,
}

pub fn definitions(desk: &Desk) -> DefinitionsPage {
    let words = desk.words;
    let term = |id: &'static str| Definition {
        id,
        name: words.text(&format!("term.{id}.name")),
        text: words.text(&format!("term.{id}.text")),
    };
    let kpi = |k: &&'static kpi::Kpi| Definition {
        id: k.id,
        name: k.name(words, desk.inputs),
        text: k.definition(words, desk.inputs),
    };
    let mut settings = Table::new("settings", &["setting", "value"], words);
    for (name, value) in &desk.inputs.settings {
        settings.push(vec![Cell::text(name), Cell::text(value)]);
    }
    let rules = desk.inputs.rules.iter().map(|r| RuleText {
        rule: desk.rule_link(From::Root, &r.id),
        rule_id: r.id.clone(),
        clause: r.clause.clone(),
        quote: r.quote.clone(),
        interpretation: r.interpretation.clone(),
        points: r.points.clone(),
        monitored: r.monitored,
    });
    DefinitionsPage {
        terms: TERMS.into_iter().map(term).collect(),
        kpis: kpi::ALL.iter().map(kpi).collect(),
        settings,
        rules: rules.collect(),
    }
}
