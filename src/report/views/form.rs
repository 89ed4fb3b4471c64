//! Review forms: one or two A4 pages a person, with what the score is made of and space for words and signatures. The room
//! `review` fills them.

use super::chart::Chart;
use super::person::PersonPage;
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

impl Forms {
    /// One form about the person of a page, for the documentation of what templates are given.
    pub fn example(page: &PersonPage) -> Forms {
        let said = |name: &str, text: &str| Said {
            name: name.to_owned(),
            text: text.to_owned(),
            mark: "good",
            note: Some("+1.5 分".to_owned()),
        };
        let clause = |g: &super::ledger::Group| Clause {
            title: g.rule.text.clone(),
            clause: g.clause.clone(),
            quote: g.quote.clone(),
            count: g.count.clone(),
            points: g.points.clone(),
        };
        let form = |chart: &Chart| Form {
            staff_id: page.staff_id.clone(),
            name: page.name.clone(),
            title: "2026年上半年考核表".to_owned(),
            about: page.about.clone(),
            results: vec![said("等级", "优秀")],
            parts: page.figures.clone(),
            notes: vec!["客户满意度只有 6 个，不足 20 个，只列数量、不计分。".to_owned()],
            stretches: Some(page.days.clone()),
            chart: chart.clone(),
            months: page.months.clone(),
            proposals: vec![said("建议表彰", "考核得分 96.5，等级优秀。")],
            clauses: page.deductions.iter().map(clause).collect(),
            events: page.events.clone(),
            signatures: vec!["本人".to_owned(), "主管".to_owned(), "负责人".to_owned()],
        };
        Forms { forms: page.charts.first().map(form).into_iter().collect() }
    }
}
