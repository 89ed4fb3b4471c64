//! The workbooks of a review: all its tables, and the appeals that people fill in.

use super::inputs::ReviewInputs;
use super::rating::Review;
use super::room::Room;
use crate::base::{Error, Result};
use crate::report::forms::workbook;
use crate::report::registers::appeals::{self, Appeal};
use crate::report::registers::{Book, view::Choice};
use crate::report::views::Page;
use crate::report::words::Words;
use crate::rules::Plan;
use crate::settings::source;

/// All tables of HR's pages as a workbook.
pub fn tables(room: &Room, pages: &[Page]) -> Result<Vec<u8>> {
    let chapters: Vec<_> = pages.iter().map(|p| p.chapter(room.words)).collect();
    workbook::book("review.xlsx", pages.first().map(|p| &p.frame), &chapters, room.inputs.as_of, room.words)
}

/// What appeals are written with: the project's own layout of waivers.
///
/// # Errors
/// Wrong source mappings or rules (exit 2).
pub fn layout(inputs: &ReviewInputs, words: &Words) -> Result<Book> {
    let sources = source::load(&inputs.files)?;
    let plan = Plan::new(&inputs.rulebook).map_err(Error::Settings)?;
    Ok(Book::new(&sources, &plan, &inputs.lang, None, words))
}

/// These people's deductions that can be waived, and are not yet.
pub fn appeals<'a>(room: &Room, book: &Book, reviews: impl IntoIterator<Item = &'a Review<'a>>) -> Result<Vec<u8>> {
    let of = |r: &'a Review<'a>| r.deductions.iter().filter(|(_, d)| d.waived_by.is_none()).map(move |(_, d)| (r, *d));
    let rule = |id: &str| book.rules.iter().find(|c: &&Choice| c.id == id).map(|c| c.shown.clone());
    let mut rows = Vec::new();
    for (r, d) in reviews.into_iter().flat_map(of) {
        // Rules that cannot be waived are not in the list.
        let waivable = room.inputs.rulebook.rules.iter().any(|rule| rule.id == d.rule_id && rule.waivable);
        if waivable {
            rows.push(Appeal {
                deduction_id: d.deduction_id.clone(),
                rule: rule(&d.rule_id).unwrap_or_else(|| d.rule_id.clone()),
                staff_id: r.member.staff_id.clone(),
                occurred_at: d.occurred_at,
                points: d.points.saturating_abs(),
            });
        }
    }
    appeals::workbook(book, &rows, room.inputs.zone, room.words)
}
