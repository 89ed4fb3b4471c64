//! A person's page: the score and its parts, the figures beside the department's, each deduction with its proof.

use super::chart::Chart;
use super::desk::{Desk, From};
use super::kpi::{self, Kpi};
use super::ledger::{self, Group, Sum};
use super::overview::{change, grade_mark};
use super::proof::{self, OwnRows};
use super::sums::Sums;
use super::table::{Cell, Link, Table};
use super::todo::{self, Todo};
use super::trend;
use crate::facts::rows;
use crate::report::data::{Deduction, Score};
use crate::report::format::{NOTHING, Quantity, cost, day, points};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PersonPage {
    pub name: String,
    pub staff_id: String,
    /// Role, team, as one line.
    pub about: Vec<String>,
    pub supervisor: Option<Link>,
    /// `None`: no score in this month.
    pub score: Option<ScoreParts>,
    pub figures: Table,
    pub charts: Vec<Chart>,
    pub months: Table,
    /// Rules that cost points, with waived entries.
    pub deductions: Vec<Group>,
    /// Rules that are only watched.
    pub monitored: Vec<Group>,
    pub days: Table,
    /// For next month.
    pub todo: Vec<Todo>,
    /// The raw rows behind the person's figures.
    pub rows: Vec<OwnRows>,
    /// `deductions` and `monitored` as tables, for forms that are not pages.
    #[serde(skip)]
    pub events: Table,
    #[serde(skip)]
    pub watched: Table,
}

/// 100 − deducted + awarded = score.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ScoreParts {
    pub base: String,
    pub deducted: String,
    pub awarded: String,
    pub score: String,
    pub grade: String,
    pub mark: &'static str,
    pub provisional: bool,
    /// Base, deducted, awarded, score, for forms that keep numbers as such.
    #[serde(skip)]
    pub numbers: [Quantity; 4],
}

/// The figures of a person, in the order of the page.
fn kpis(desk: &Desk) -> [&'static Kpi; 17] {
    [
        &kpi::RECEIVED,
        &kpi::RECEIVED_PER_HOUR,
        &kpi::FIRST_MEDIAN,
        &kpi::FIRST_P90,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::FIRST_IN_3MIN,
        &kpi::RESPONSE_MEAN,
        &kpi::REPLY_RATE,
        &kpi::MISSED,
        &kpi::SLOW,
        &kpi::LONG,
        &kpi::ANSWER_RATIO,
        &kpi::CONCURRENT,
        &kpi::CONVERSION,
        &kpi::SALES,
        &kpi::SALES_PER_HOUR,
    ]
}

pub fn person(desk: &Desk, id: &str) -> PersonPage {
    let words = desk.words;
    let person = desk.person(id);
    let month = desk.now.month;
    let mine: Vec<&Deduction> = month.deductions.iter().filter(|d| d.staff_id == id).collect();
    let (monitored, charged): (Vec<_>, Vec<_>) =
        ledger::by_rule(desk, mine).into_iter().partition(|(rule, _)| desk.rule(rule).is_some_and(|r| r.monitored));
    let groups = |rules: Vec<(&str, Vec<&Deduction>)>| {
        rules.iter().map(|(rule, deductions)| ledger::group(desk, rule, deductions)).collect()
    };
    let about = person.map_or_else(Vec::new, |p| {
        std::iter::once(words.named("role", &p.role)).chain(p.team.clone().filter(|t| !t.is_empty())).collect()
    });
    PersonPage {
        name: desk.name(id),
        staff_id: id.to_owned(),
        about,
        supervisor: person
            .and_then(|p| p.supervisor_id.as_deref())
            .filter(|s| !s.is_empty())
            .map(|s| desk.person_link(From::Folder, s)),
        score: month.scores.iter().find(|s| s.staff_id == id).map(|s| score_parts(desk, s)),
        figures: figures(desk, id),
        charts: vec![trend::scores(desk, id), trend::person_first(desk, id)],
        months: months(desk, id),
        events: ledger::own_events(desk, "own_events", &charged),
        watched: ledger::own_events(desk, "watched_events", &monitored),
        deductions: groups(charged),
        monitored: groups(monitored),
        days: days(desk, id),
        todo: todo::todo(desk, id),
        rows: proof::own(desk, id),
    }
}

fn score_parts(desk: &Desk, score: &Score) -> ScoreParts {
    ScoreParts {
        base: points(score.base),
        deducted: cost(score.deducted),
        awarded: if score.awarded > 0 { format!("+{}", points(score.awarded)) } else { points(score.awarded) },
        score: points(score.score),
        grade: desk.words.named("grade", &score.grade),
        mark: grade_mark(&score.grade),
        provisional: score.provisional,
        numbers: [score.base, -score.deducted, score.awarded, score.score].map(Quantity::Points),
    }
}

/// Figures as rows: this month, the change, the month before, the department.
fn figures(desk: &Desk, id: &str) -> Table {
    let words = desk.words;
    let mut table =
        Table::new("figures", &["figure", "#this_month", "#change", "#month_before", "#department"], words).fixed();
    let Some(totals) = desk.now.person(id) else { return table };
    let before = desk.before().and_then(|t| t.person(id));
    for kpi in kpis(desk) {
        let value = (kpi.of)(&totals);
        let earlier = before.as_ref().and_then(kpi.of);
        let moved = value.zip(earlier).and_then(|(v, e)| change(desk, kpi, v, e));
        let open = value.is_some() && trend::is_provisional(&desk.now, kpi);
        let link = Link { text: kpi.name(words, desk.inputs), href: Some(kpi.href(From::Folder)) };
        table.push(vec![
            Cell::link(link),
            Cell { href: own_rows(desk, kpi, id), ..Cell::quantity(value, words) }
                .tag(open.then(|| words.text("provisional"))),
            moved.map_or_else(|| Cell::text(NOTHING), |c| Cell::text(format!("{} {}", c.arrow, c.text)).mark(c.mark)),
            Cell::quantity(earlier, words),
            Cell::quantity((kpi.of)(&desk.now.whole()), words),
        ]);
    }
    table
}

/// Where the person's own rows of a figure stand on the page.
fn own_rows(desk: &Desk, kpi: &Kpi, id: &str) -> Option<String> {
    let list = rows::of_figure(kpi.id).find(|l| proof::count(desk, l, id).is_some_and(|n| n > 0))?;
    Some(format!("#{}", proof::anchor(list)))
}

fn months(desk: &Desk, id: &str) -> Table {
    let words = desk.words;
    let kpis: [&'static Kpi; 5] =
        [&kpi::RECEIVED, &kpi::RECEIVED_PER_HOUR, &kpi::FIRST_MEDIAN, kpi::in_time(desk.inputs), &kpi::CONVERSION];
    let mut table = Table::new("person_months", &["month", "#score", "grade", "#deducted", "#charged"], words);
    kpis.iter().for_each(|k| table.figure_column(k.name(words, desk.inputs)));
    for tally in desk.months() {
        let score = tally.month.scores.iter().find(|s| s.staff_id == id);
        let sum = Sum::of(desk, tally.month.deductions.iter().filter(|d| d.staff_id == id));
        let totals = tally.person(id);
        let open = score.is_some_and(|s| s.provisional).then(|| words.text("provisional"));
        let mut row = vec![
            Cell::text(tally.month.month.to_string()),
            Cell::quantity(score.map(|s| Quantity::Points(s.score)), words).tag(open),
            score.map_or_else(
                || Cell::text(NOTHING),
                |s| Cell::text(words.named("grade", &s.grade)).mark(grade_mark(&s.grade)),
            ),
            ledger::points(sum.points),
            Cell::count(sum.charged, words),
        ];
        row.extend(kpis.iter().map(|k| Cell::quantity(totals.as_ref().and_then(k.of), words)));
        table.push(row);
    }
    table
}

/// The mart's rows of the month, one line for each day and shop.
fn days(desk: &Desk, id: &str) -> Table {
    let words = desk.words;
    let kpis: [&'static Kpi; 7] = [
        &kpi::RECEIVED,
        &kpi::RECEIVED_PER_HOUR,
        &kpi::FIRST_MEAN,
        kpi::in_time(desk.inputs),
        &kpi::MISSED,
        &kpi::ORDERS,
        &kpi::SALES,
    ];
    let mut table = Table::new("days", &["day", "shop"], words);
    kpis.iter().for_each(|k| table.figure_column(k.name(words, desk.inputs)));
    for row in desk.now.rows(id) {
        let sums = Sums::of([*row]);
        let totals = super::sums::Totals::bare(&sums);
        let mut cells = vec![Cell::date(day(words, row.date), row.date), Cell::text(&row.shop)];
        cells.extend(kpis.iter().map(|k| Cell::quantity((k.of)(&totals), words)));
        table.push(cells);
    }
    table
}
