//! Review forms: one or two A4 pages a person, with what the score is made of and space for words and signatures. The room
//! `review` fills them.

use super::chart::Chart;
use super::table::Table;
use schemars::JsonSchema;
use serde::Serialize;

/// The template of forms.
pub const TEMPLATE: &str = "review.html";

/// The forms of a page: one person's, or everyone's for one print.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Forms {
    pub forms: Vec<Form>,
}

/// One person's form.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Form {
    pub staff_id: String,
    pub name: String,
    /// What it is: "2026年上半年考核表".
    pub title: String,
    /// Role, team, own days, as one line.
    pub about: Vec<String>,
    /// Score, grade, lost, awarded, the period before.
    pub results: Vec<Said>,
    pub parts: Table,
    /// What dropped out and why, what is provisional.
    pub notes: Vec<String>,
    /// `None`: nothing changed inside the period.
    pub stretches: Option<Table>,
    pub chart: Chart,
    pub months: Table,
    pub proposals: Vec<Said>,
    pub clauses: Vec<Clause>,
    pub events: Table,
    /// Who signs.
    pub signatures: Vec<String>,
}

/// A name and what it is.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Said {
    pub name: String,
    pub text: String,
    /// `good`, `bad`, `mute`, or empty.
    pub mark: &'static str,
    pub note: Option<String>,
}

/// A rule that cost points, in the clause's own words.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Clause {
    pub title: String,
    pub clause: String,
    pub quote: String,
    pub count: String,
    pub points: String,
}
