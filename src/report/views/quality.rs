//! What was read and what was not: files, rejected rows, filters, links, what is still open.

use super::desk::{Desk, From};
use super::suggest::suggest;
use super::table::{Cell, Table};
use super::trend;
use crate::report::data::Crosscheck;
use crate::report::format::{Quantity, Ratio, day, grouped};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// Most rejected rows on the page; all of them are in the quarantine.
const MOST_PROBLEMS: usize = 200;
/// Most figures of other tools on the page; all of them are in the mart.
const MOST_COMPARED: usize = 300;
/// Thousandths from which on a difference is marked.
const APART: u64 = 50;

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct QualityPage {
    /// Read = kept + rejected + replaced + merged, as one sentence.
    pub sum: String,
    pub files: Table,
    pub reasons: Table,
    pub problems: Table,
    pub filtered: Table,
    pub links: Table,
    pub unmatched: Table,
    pub crosscheck: Table,
    pub not_assessed: Table,
    pub out_of_range: Table,
    pub strangers: Table,
    pub provisional: Table,
}

pub fn quality(desk: &Desk) -> QualityPage {
    let (sum, files) = files(desk);
    QualityPage {
        sum,
        files,
        reasons: reasons(desk),
        problems: problems(desk),
        filtered: filtered(desk),
        links: links(desk),
        unmatched: unmatched(desk),
        crosscheck: crosscheck(desk),
        not_assessed: not_assessed(desk),
        out_of_range: out_of_range(desk),
        strangers: strangers(desk),
        provisional: provisional(desk),
    }
}

fn files(desk: &Desk) -> (String, Table) {
    let words = desk.words;
    let mut table =
        Table::new("files", &["file", "#read", "#kept", "#quarantined", "#replaced", "#merged", "#rejected"], words);
    let mut by_file: BTreeMap<&str, [i64; 4]> = BTreeMap::new();
    for q in &desk.now.month.quality {
        let place = match q.kind.as_str() {
            "kept" => 0,
            "quarantined" => 1,
            "replaced" => 2,
            "merged" => 3,
            _ => continue,
        };
        if let Some(n) = by_file.entry(&q.subject).or_default().get_mut(place) {
            *n = n.saturating_add(q.count);
        }
    }
    let mut all = [0; 4];
    for (file, counts) in by_file {
        for (sum, n) in all.iter_mut().zip(counts) {
            *sum += n;
        }
        let read: i64 = counts.iter().sum();
        let [kept, quarantined, replaced, merged] = counts;
        let share = Ratio::new(Some(quarantined), Some(read)).map(|r| Quantity::Share(r.scaled(10_000)));
        let rejected = Cell::count(quarantined, words);
        table.push(vec![
            Cell::text(file),
            Cell::count(read, words),
            Cell::count(kept, words),
            if quarantined > 0 { rejected.mark("warn") } else { rejected },
            Cell::count(replaced, words),
            Cell::count(merged, words),
            Cell::quantity(share, words),
        ]);
    }
    let [kept, quarantined, replaced, merged] = all;
    let sum = words.fill(
        "quality.sum",
        &[
            ("read", &grouped(kept + quarantined + replaced + merged)),
            ("kept", &grouped(kept)),
            ("quarantined", &grouped(quarantined)),
            ("replaced", &grouped(replaced)),
            ("merged", &grouped(merged)),
        ],
    );
    (sum, table)
}

/// Rejected rows by table, column and reason, most frequent first, with the first place of each.
fn reasons(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("reasons", &["table", "column", "reason", "#rows", "first_place"], words);
    let mut found: BTreeMap<(&str, &str, &str), (i64, &str, i64)> = BTreeMap::new();
    for p in &desk.now.month.problems {
        let key = (p.table.as_str(), p.column.as_deref().unwrap_or(""), p.reason.as_str());
        let entry = found.entry(key).or_insert((0, &p.file, p.row));
        entry.0 += 1;
        if (p.file.as_str(), p.row) < (entry.1, entry.2) {
            (entry.1, entry.2) = (&p.file, p.row);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(key, (count, ..))| (-count, *key));
    for ((name, column, reason), (count, file, row)) in found {
        table.push(vec![
            Cell::text(words.named("lake", name)),
            Cell::text(column),
            Cell::text(words.named("reason", reason)),
            Cell::count(count, words),
            Cell::text(format!("{file}:{row}")),
        ]);
    }
    table
}

fn problems(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("problems", &["file", "#row", "column", "value_mask", "reason"], words);
    let mut problems: Vec<_> = desk.now.month.problems.iter().collect();
    problems.sort_by_key(|p| (&p.file, p.row, &p.column, &p.reason));
    for p in problems {
        table.push(vec![
            Cell::text(&p.file),
            Cell::number(p.row),
            Cell::text(p.column.as_deref().unwrap_or("")),
            Cell::text(p.value_mask.as_deref().unwrap_or("")),
            Cell::text(words.named("reason", &p.reason)),
        ]);
    }
    table.at_most(MOST_PROBLEMS, words)
}

/// What a filter removed, the closing words that were passed over, sessions without a buyer's message.
fn filtered(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("filtered", &["filter", "shop", "#count"], words);
    for q in &desk.now.month.quality {
        let what = match q.kind.as_str() {
            "filtered" => words.named("filter", &q.subject),
            "passed_over" => words.text("quality.passed_over"),
            "agent_only" => words.text("quality.agent_only"),
            _ => continue,
        };
        table.push(vec![Cell::text(what), Cell::text(&q.shop), Cell::count(q.count, words)]);
    }
    table
}

/// Per shop: orders whose buyer is known, and how.
pub fn links(desk: &Desk) -> Table {
    let words = desk.words;
    let ways = ["buyer", "quoted", "mapping", "none"];
    let columns =
        ["shop", "#orders", "#linked_buyer", "#linked_quoted", "#linked_mapping", "#linked_none", "#link_rate"];
    let mut table = Table::new("links", &columns, words);
    let mut shops: BTreeMap<&str, [i64; 4]> = BTreeMap::new();
    for q in desk.now.month.quality.iter().filter(|q| q.kind == "linked") {
        let place = ways.iter().position(|w| *w == q.subject);
        if let Some(n) = place.and_then(|place| shops.entry(&q.shop).or_default().get_mut(place)) {
            *n += q.count;
        }
    }
    for (shop, counts) in shops {
        let all: i64 = counts.iter().sum();
        let [buyer, quoted, mapping, none] = counts;
        let rate = Ratio::new(Some(all - none), Some(all)).map(|r| Quantity::Share(r.scaled(10_000)));
        table.push(vec![
            Cell::text(shop),
            Cell::count(all, words),
            Cell::count(buyer, words),
            Cell::count(quoted, words),
            Cell::count(mapping, words),
            Cell::count(none, words),
            Cell::quantity(rate, words),
        ]);
    }
    table
}

fn unmatched(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("unmatched", &["account", "shop", "#messages", "suggestion"], words);
    let month = desk.now.month;
    for q in month.quality.iter().filter(|q| q.kind == "unmatched_account") {
        let suggestion = match suggest(&q.subject, &month.accounts, &month.people) {
            Some((staff, why)) => {
                let name = month.people.iter().find(|p| p.staff_id == staff).map_or("", |p| &p.name);
                Cell::text(format!("{staff} {name}").trim()).note(words.named("why", why.code()))
            }
            None => Cell::quantity(None, words),
        };
        table.push(vec![Cell::text(&q.subject), Cell::text(&q.shop), Cell::count(q.count, words), suggestion]);
    }
    table
}

/// Other tools' figures beside ours, those that differ most first.
fn crosscheck(desk: &Desk) -> Table {
    let words = desk.words;
    let columns = ["account", "tool", "span", "figure", "#theirs", "#ours", "#difference"];
    let mut table = Table::new("crosscheck", &columns, words);
    let quantity = |figure: &str, n: i64| match figure {
        f if f.ends_with("_ms") => Quantity::Duration(n),
        f if f.ends_with("_fen") => Quantity::Fen(n),
        "reply_rate" => Quantity::Share(n),
        _ => Quantity::Count(n),
    };
    // Thousandths of theirs.
    let apart =
        |c: &Crosscheck| c.ours.map(|o| o.abs_diff(c.theirs).saturating_mul(1000) / c.theirs.unsigned_abs().max(1));
    let mut rows: Vec<&Crosscheck> = desk.now.month.crosscheck.iter().collect();
    // Stable: equal ones stay in the table's order. What we have nothing of comes last.
    rows.sort_by_key(|c| std::cmp::Reverse(apart(c)));
    for c in rows {
        let theirs = quantity(&c.figure, c.theirs);
        let ours = c.ours.map(|n| quantity(&c.figure, n));
        let difference = ours.and_then(|o| o.change(theirs, words)).map_or_else(
            || Cell::quantity(None, words),
            |(_, text)| Cell { text, value: ours.map(|o| o.raw() - theirs.raw()), ..Cell::default() },
        );
        let far = apart(c).is_some_and(|n| n > APART);
        let span =
            if c.from == c.to { day(words, c.from) } else { format!("{}–{}", day(words, c.from), day(words, c.to)) };
        table.push(vec![
            Cell::text(&c.account).note(&c.shop),
            Cell::text(words.named("tool", &c.tool)).note(&c.preset),
            Cell::text(span),
            Cell::text(words.named("tool_figure", &c.figure)),
            Cell::quantity(Some(theirs), words),
            Cell::quantity(ours, words),
            if far { difference.mark("warn") } else { difference },
        ]);
    }
    table.at_most(MOST_COMPARED, words)
}

fn not_assessed(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("not_assessed", &["rule", "clause", "shop"], words);
    for q in desk.now.month.quality.iter().filter(|q| q.kind == "not_assessed") {
        let clause = desk.rule(&q.subject).map_or("", |r| &r.clause);
        let rule = Cell::link(desk.rule_link(From::Root, &q.subject)).note(&q.subject);
        let shop = if q.shop.is_empty() { words.text("quality.every_shop") } else { q.shop.clone() };
        table.push(vec![rule, Cell::text(clause), Cell::text(shop)]);
    }
    table
}

fn out_of_range(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("out_of_range", &["rule", "clause", "#rows"], words);
    for q in desk.now.month.quality.iter().filter(|q| q.kind == "out_of_range") {
        let clause = desk.rule(&q.subject).map_or("", |r| &r.clause);
        let rule = Cell::link(desk.rule_link(From::Root, &q.subject)).note(&q.subject);
        table.push(vec![rule, Cell::text(clause), Cell::count(q.count, words)]);
    }
    table
}

/// Rules and people whom rows of registers name and nobody knows.
fn strangers(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("strangers", &["register", "stranger", "kind", "#rows"], words);
    for q in desk.now.month.quality.iter().filter(|q| ["unknown_rule", "unknown_staff"].contains(&q.kind.as_str())) {
        let (register, name) = q.subject.split_once(' ').unwrap_or(("", &q.subject));
        table.push(vec![
            Cell::text(words.named("lake", register)),
            Cell::text(name),
            Cell::text(words.text(&format!("quality.{}", q.kind))),
            Cell::count(q.count, words),
        ]);
    }
    table
}

fn provisional(desk: &Desk) -> Table {
    let words = desk.words;
    let mut table = Table::new("provisional", &["figure", "final_until"], words);
    for (name, until) in trend::waiting(desk) {
        table.push(vec![Cell::text(name), Cell::date(until.to_string(), until)]);
    }
    table
}
