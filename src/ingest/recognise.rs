//! Which source a file is from: by its header names and aliases, never by its name or by position.

use crate::base::{Diagnostic, Place};
use crate::settings::raw_columns::raw_columns;
use crate::settings::source::{Layout, Source};

/// A header name as it is compared: trimmed, full-width brackets and colons folded, ASCII lower case.
pub fn fold(name: &str) -> String {
    name.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            '：' => ':',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// Where a header name stands.
pub fn position(header: &[String], name: &str) -> Option<usize> {
    let name = fold(name);
    header.iter().position(|h| *h == name)
}

/// Columns that a source needs and the header lacks, as the export would call them.
fn lacking(source: &Source, header: &[String]) -> Vec<String> {
    let mut missing: Vec<String> = source.signature.iter().filter(|s| position(header, s).is_none()).cloned().collect();
    if source.layout != Layout::Table {
        let c = &source.conversation;
        let lists = [&c.customer, &c.text, &c.agent, &c.start].into_iter().filter(|l| !l.is_empty());
        let gone = lists.filter(|l| l.iter().all(|n| position(header, n).is_none()));
        missing.extend(gone.filter_map(|l| l.first().cloned()));
        return missing;
    }
    for (column, must) in raw_columns(&source.table).unwrap_or(&[]) {
        // `@file` and its like are not in the header and may always be there.
        let there = |n: &String| n.starts_with('@') || position(header, n).is_some();
        let found = source.fields.get(*column).is_some_and(|f| {
            f.default.is_some() || f.ways.iter().any(|w| w.constant.is_some() || w.from.iter().any(there))
        });
        if *must && !found {
            let ways = source.fields.get(*column).into_iter().flat_map(|f| &f.ways);
            let own = ways.flat_map(|w| &w.from).find(|n| !n.starts_with('@') && n != column);
            missing.push(own.map_or((*column).to_owned(), |n| format!("{column} ({})", n.trim())));
        }
    }
    missing
}

/// How many header names a source takes.
fn taken(source: &Source, header: &[String]) -> usize {
    let c = &source.conversation;
    let cells = [&c.customer, &c.text, &c.agent, &c.start].into_iter().flatten();
    let fields = source.fields.values().flat_map(|f| f.ways.iter().flat_map(|w| &w.from));
    let names = fields.filter(|_| source.layout == Layout::Table).chain(&source.signature).chain(cells);
    let mut found: Vec<usize> = names.filter_map(|n| position(header, n)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// What a header was found to be.
pub enum Recognised<'a> {
    /// The source that takes most of its columns, and how many.
    One(&'a Source, usize),
    /// Two that take as many.
    Two(&'a Source, &'a Source, usize),
    None,
}

impl Recognised<'_> {
    /// How many columns are taken.
    pub fn taken(&self) -> usize {
        match self {
            Recognised::One(_, n) | Recognised::Two(_, _, n) => *n,
            Recognised::None => 0,
        }
    }
}

/// The one source that fits a (folded) header best.
pub fn recognise<'a>(sources: &'a [Source], header: &[String]) -> Recognised<'a> {
    let tables = sources.iter().filter(|s| s.layout != Layout::Qianniu && !only_beside(sources, s));
    let mut fits: Vec<(usize, &Source)> =
        tables.filter(|s| lacking(s, header).is_empty()).map(|s| (taken(s, header), s)).collect();
    fits.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    match fits.as_slice() {
        [(n, a), (m, b), ..] if n == m => Recognised::Two(a, b, *n),
        [(n, source), ..] => Recognised::One(source, *n),
        [] => Recognised::None,
    }
}

/// Whether a source is there for the files of another one alone.
fn only_beside(sources: &[Source], source: &Source) -> bool {
    sources.iter().any(|s| s.also.contains(&source.name))
}

/// The sources that read the same file for other tables.
pub fn beside<'a>(sources: &'a [Source], source: &Source, header: &[String]) -> Vec<&'a Source> {
    let named = sources.iter().filter(|s| source.also.contains(&s.name));
    named.filter(|s| lacking(s, header).is_empty()).collect()
}

/// The question to the analyst where two sources fit alike.
pub fn two(a: &Source, b: &Source, file: &str) -> Diagnostic {
    Diagnostic::error("K0211", format!("{file} fits two sources alike: `{}` and `{}`", a.name, b.name))
        .at(Place::file(file, "this header"))
        .help(format!("give {} or {} a `signature` that tells them apart", a.file, b.file))
}

/// A header that no one source fits, as a question to the analyst.
#[derive(Debug)]
pub enum Unfit {
    Two(Diagnostic),
    Nobody {
        told: Diagnostic,
        /// Most of what the nearest source needs is there: a table of ours with a word changed.
        near: bool,
    },
}

/// The question where none fits: the nearest source, and what is missing for it.
pub fn nobody(sources: &[Source], header: &[String], file: &str) -> Unfit {
    let d = Diagnostic::error("K0212", format!("no source knows the columns of {file}"));
    let nearest = sources
        .iter()
        .map(|s| (lacking(s, header), taken(s, header), s))
        .filter(|(_, n, _)| *n > 0)
        .min_by_key(|(missing, n, s)| (missing.len() as isize - *n as isize, missing.len(), s.name.clone()));
    let near = nearest.as_ref().is_some_and(|(missing, n, _)| *n > missing.len());
    let d = match nearest {
        Some((missing, _, s)) => {
            d.at(Place::file(file, format!("nearest: `{}`; missing: {}", s.name, missing.join(", "))))
        }
        None => d.at(Place::file(file, "none of its columns is known")),
    };
    let help = "add the column's name to `from` of that source, or a source of its own to pipelines/sources; or move \
                the file away";
    Unfit::Nobody { told: d.help(help), near }
}
