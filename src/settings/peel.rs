//! Takes the offending piece out of a parsed file, so that reading can go on to the next problem.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The way from the root of a file to a piece of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Item(usize),
}

/// A piece of a file: the way to it and the span of the table or list that holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub path: Vec<Step>,
    pub holder: Range<usize>,
}

impl Piece {
    /// Its key with the tables around it: `filters.own_staff`.
    pub fn dotted(&self) -> String {
        let keys: Vec<&str> = self.path.iter().filter_map(Step::key).collect();
        keys.join(".")
    }

    /// The key in its table; `None` for an item of a list.
    pub fn key(&self) -> Option<&str> {
        self.path.last().and_then(Step::key)
    }
}

impl Step {
    fn key(&self) -> Option<&str> {
        match self {
            Step::Key(k) => Some(k),
            Step::Item(_) => None,
        }
    }
}

/// The innermost piece whose key or value stands at that span. A single value inside a list stands for the list: with
/// one of two times of day taken out, the other would be a mistake that nobody made.
pub fn find(table: &DeTable<'_>, holder: &Range<usize>, span: &Range<usize>) -> Option<Piece> {
    table.iter().find_map(|(key, value)| {
        let step = Step::Key(key.get_ref().to_string());
        match find_in(value, span) {
            Some(piece) => Some(below(step, piece)),
            None => (key.span() == *span || stands_at(value, span))
                .then(|| Piece { path: vec![step], holder: holder.clone() }),
        }
    })
}

fn find_in(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> Option<Piece> {
    match value.get_ref() {
        DeValue::Table(table) => find(table, &value.span(), span),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(i, item)| match find_in(item, span) {
            Some(piece) => Some(below(Step::Item(i), piece)),
            None => (!is_single(item) && stands_at(item, span))
                .then(|| Piece { path: vec![Step::Item(i)], holder: value.span() }),
        }),
        _ => None,
    }
}

fn stands_at(value: &Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    let items = value.get_ref().as_array();
    value.span() == *span || items.is_some_and(|list| list.iter().any(|i| is_single(i) && i.span() == *span))
}

fn is_single(value: &Spanned<DeValue<'_>>) -> bool {
    !value.get_ref().is_array() && !value.get_ref().is_table()
}

fn below(step: Step, mut piece: Piece) -> Piece {
    piece.path.insert(0, step);
    piece
}

/// Whether the table at that place has that key.
pub fn has(root: &DeTable<'_>, path: &[Step], key: &str) -> bool {
    let [first, rest @ ..] = path else { return root.contains_key(key) };
    let Step::Key(first) = first else { return false };
    let mut at = root.get(first.as_str()).map(Spanned::get_ref);
    for step in rest {
        at = at.and_then(|value| {
            match step {
                Step::Key(k) => value.get(k),
                Step::Item(i) => value.get(*i),
            }
            .map(Spanned::get_ref)
        });
    }
    at.is_some_and(|table| table.get(key).is_some())
}

/// Takes a piece out.
pub fn remove(table: &mut DeTable<'_>, path: &[Step]) {
    let [Step::Key(key), rest @ ..] = path else { return };
    if rest.is_empty() {
        table.remove(key.as_str());
    } else if let Some(value) = table.get_mut(key.as_str()) {
        remove_below(value.get_mut(), rest);
    }
}

fn remove_below(value: &mut DeValue<'_>, path: &[Step]) {
    match (value, path) {
        (DeValue::Table(table), _) => remove(table, path),
        (DeValue::Array(items), [Step::Item(i)]) => {
            let mut rest = DeArray::new();
            items.iter().enumerate().filter(|(j, _)| j != i).for_each(|(_, item)| rest.push(item.clone()));
            *items = rest;
        }
        (DeValue::Array(items), [Step::Item(i), rest @ ..]) => {
            if let Some(item) = items.get_mut(*i) {
                remove_below(item.get_mut(), rest);
            }
        }
        _ => {}
    }
}
