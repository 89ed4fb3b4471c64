//! Each kind of page as a chapter: the same sentences, charts and tables in the same order as its HTML page.

use super::Frame;
use super::chapter::{Chapter, Part};
use super::definitions::DefinitionsPage;
use super::ledger::Group;
use super::overview::Overview;
use super::person::PersonPage;
use super::quality::QualityPage;
use super::rule::RulePage;
use super::sheet::Sheet;
use super::table::{Cell, Table};
use crate::report::words::Words;

pub(super) fn sheet(sheet: &Sheet, words: &Words) -> Chapter {
    let mut chapter = Chapter::new(&sheet.title).lead(sheet.lead.clone());
    for s in &sheet.sections {
        let part = Part::new(s.id, s.title.clone()).notes(s.notes.clone());
        chapter = chapter.part(part.headlines(&s.headlines, words).charts(&s.charts).tables(&s.tables));
    }
    chapter
}

pub(super) fn overview(view: &Overview, frame: &Frame, words: &Words) -> Chapter {
    let part = |id: &str| Part::new(id, words.text(&format!("overview.{id}")));
    let moved =
        view.better.iter().map(|s| format!("▲ {}", s.text)).chain(view.worse.iter().map(|s| format!("▼ {}", s.text)));
    let moved: Vec<String> = moved.collect();
    let mut chapter = Chapter::new(words.fill("overview.title", &[("month", &frame.month)]))
        .lead([view.scope.clone()])
        .part(part("headlines").headlines(&view.headlines, words).notes([words.text("overview.received_sum")]));
    if !moved.is_empty() {
        chapter = chapter.part(part("moved").notes(moved));
    }
    chapter = chapter
        .part(part("trend").charts(&view.charts))
        .part(part("ranking").notes([words.text("overview.ranking_note")]).tables([&view.ranking]))
        .part(part("clauses").notes([view.deducted.clone()]).notes(view.not_assessed.clone()).tables([&view.clauses]));
    if !view.monitored.rows.is_empty() {
        chapter = chapter.part(part("monitored").tables([&view.monitored]));
    }
    chapter = chapter.part(part("people").tables([&view.people])).part(part("shops").tables([&view.shops]));
    if !view.teams.rows.is_empty() {
        chapter = chapter.part(part("teams").tables([&view.teams]));
    }
    chapter.part(part("months").tables([&view.months]))
}

pub(super) fn person(view: &PersonPage, words: &Words) -> Chapter {
    let supervisor = view.supervisor.as_ref().map(|s| format!("{} {}", words.text("person.supervisor"), s.text));
    let about: Vec<String> = view.about.iter().cloned().chain(supervisor).collect();
    let mut chapter = Chapter::new(format!("{} {}", view.name, view.staff_id));
    chapter.key = Some(view.staff_id.clone());
    let part = |id: &str| Part::new(id, words.text(&format!("person.{id}")));
    let score = part("score");
    let score = match &view.score {
        Some(s) => {
            let mut table = Table::new("score", &["#base", "#deducted", "#awarded", "#score", "grade"], words);
            let texts = [&s.base, &s.deducted, &s.awarded, &s.score];
            let mut row: Vec<Cell> =
                texts.into_iter().zip(s.numbers).map(|(t, n)| Cell::text(t).worth(n.raw(), n.unit())).collect();
            row.push(Cell::text(&s.grade).mark(s.mark).tag(s.provisional.then(|| words.text("provisional"))));
            table.push(row);
            score.tables([&table])
        }
        None => score.notes([words.text("person.no_score")]),
    };
    chapter = chapter.lead((!about.is_empty()).then(|| about.join(" · "))).part(score);
    if !view.todo.is_empty() {
        let mut table = Table::new("todo", &["why", "what"], words);
        view.todo.iter().for_each(|t| {
            table.push(vec![Cell { href: t.href.clone(), ..Cell::text(&t.why) }, Cell::text(&t.what)]);
        });
        chapter = chapter.part(part("todo").tables([&table]));
    }
    let quotes = |groups: &[Group]| -> Vec<String> {
        let said = |g: &Group| {
            let quote = words.fill("quote", &[("text", &g.quote)]);
            format!("{} · {}: {} {quote} ({})", g.count, g.points, g.rule.text, g.clause)
        };
        groups.iter().map(said).collect()
    };
    let months = Part::new("months", words.text("overview.months"));
    let monitored = Part::new("monitored", words.text("overview.monitored"));
    chapter
        .part(part("deductions").notes(quotes(&view.deductions)).tables([&view.events]))
        .part(part("figures").tables([&view.figures]))
        .part(months.charts(&view.charts).tables([&view.months]))
        .part(monitored.notes(quotes(&view.monitored)).tables([&view.watched]))
        .part(part("days").tables([&view.days]))
        .part(Part::new("rows", words.text("person_rows.title")).tables(view.rows.iter().map(|r| &r.table)))
}

pub(super) fn rule(view: &RulePage, frame: &Frame, words: &Words) -> Chapter {
    let mut chapter = Chapter::new(format!("{} {}", view.title, view.rule_id));
    chapter.key = Some(view.rule_id.clone());
    let quote =
        (!view.quote.is_empty()).then(|| format!("{} {}", words.fill("quote", &[("text", &view.quote)]), view.clause));
    chapter = chapter.lead([view.points.clone()]).lead(quote);
    if !view.interpretation.is_empty() {
        let part = Part::new("interpretation", words.text("rule.interpretation"));
        chapter = chapter.part(part.notes([view.interpretation.clone()]));
    }
    let title = words.fill("rule.events", &[("month", &frame.month)]);
    let part = Part::new("events", title).notes(view.not_assessed.clone()).notes([view.sum.clone()]);
    chapter.part(part.tables([&view.events]))
}

pub(super) fn quality(view: &QualityPage, frame: &Frame, words: &Words) -> Chapter {
    let parts: [(&str, bool, &[&Table]); 10] = [
        ("provisional", true, &[&view.provisional]),
        ("not_assessed", true, &[&view.not_assessed]),
        ("out_of_range", true, &[&view.out_of_range]),
        ("strangers", true, &[&view.strangers]),
        ("links", true, &[&view.links]),
        ("unmatched", true, &[&view.unmatched]),
        ("crosscheck", true, &[&view.crosscheck]),
        ("filtered", true, &[&view.filtered]),
        ("files", false, &[&view.files]),
        ("reasons", false, &[&view.reasons, &view.problems]),
    ];
    let mut chapter = Chapter::new(words.fill("quality.title", &[("month", &frame.month)])).lead([view.sum.clone()]);
    for (id, noted, tables) in parts {
        let part = Part::new(id, words.text(&format!("quality.{id}")));
        let note = noted.then(|| words.text(&format!("quality.{id}_note")));
        chapter = chapter.part(part.notes(note).tables(tables.iter().copied()));
    }
    chapter
}

pub(super) fn definitions(view: &DefinitionsPage, words: &Words) -> Chapter {
    let part = |id: &str| Part::new(id, words.text(&format!("definitions.{id}")));
    let meanings = |id: &str, all: &[super::definitions::Definition]| {
        let mut table = Table::new(id, &["term", "meaning"], words);
        all.iter().for_each(|d| table.push(vec![Cell::text(&d.name), Cell::text(&d.text)]));
        table
    };
    let mut rules = Table::new("rule_texts", &["rule", "clause", "points", "quote", "interpretation"], words);
    for r in &view.rules {
        rules.push(vec![
            Cell::link(r.rule.clone()).note(&r.rule_id),
            Cell::text(&r.clause),
            Cell::text(&r.points),
            Cell::text(&r.quote),
            Cell::text(&r.interpretation),
        ]);
    }
    Chapter::new(words.text("definitions.title"))
        .lead([words.text("definitions.lead")])
        .part(part("terms").tables([&meanings("terms", &view.terms)]))
        .part(part("kpis").tables([&meanings("kpis", &view.kpis)]))
        .part(part("rules").tables([&rules]))
        .part(part("settings").tables([&view.settings]))
}
