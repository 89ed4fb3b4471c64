//! Which source a file is from: by its header names and aliases, never by its name or by position.

use crate::base::{Diagnostic, Place};
use crate::settings::raw_columns::raw_columns;
use crate::settings::source::Source;

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

/// Columns that a source needs and the header lacks; `None` where its signature is missing too.
fn lacking(source: &Source, header: &[String]) -> Vec<String> {
    let mut missing: Vec<String> = source.signature.iter().filter(|s| position(header, s).is_none()).cloned().collect();
    for (column, must) in raw_columns(&source.table).unwrap_or(&[]) {
        let found = source.fields.get(*column).is_some_and(|f| {
            f.ways.iter().any(|w| w.constant.is_some() || w.from.iter().any(|n| position(header, n).is_some()))
        });
        if *must && !found {
            missing.push((*column).to_owned());
        }
    }
    missing
}

/// How many header names a source takes.
fn taken(source: &Source, header: &[String]) -> usize {
    let names = source.fields.values().flat_map(|f| f.ways.iter().flat_map(|w| &w.from)).chain(&source.signature);
    let mut found: Vec<usize> = names.filter_map(|n| position(header, n)).collect();
    found.sort_unstable();
    found.dedup();
    found.len()
}

/// The one source that fits a (folded) header best.
///
/// # Errors
/// None, or two alike: a question to the analyst.
pub fn recognise<'a>(sources: &'a [Source], header: &[String], file: &str) -> Result<&'a Source, Diagnostic> {
    let mut fits: Vec<(usize, &Source)> =
        sources.iter().filter(|s| lacking(s, header).is_empty()).map(|s| (taken(s, header), s)).collect();
    fits.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    match fits.as_slice() {
        [(n, a), (m, b), ..] if n == m => {
            let message = format!("{file} fits two sources alike: `{}` and `{}`", a.name, b.name);
            Err(Diagnostic::error("K0211", message)
                .at(Place::file(file, "this header"))
                .help(format!("give {} or {} a `signature` that tells them apart", a.file, b.file)))
        }
        [(_, source), ..] => Ok(source),
        [] => Err(nobody(sources, header, file)),
    }
}

fn nobody(sources: &[Source], header: &[String], file: &str) -> Diagnostic {
    let d = Diagnostic::error("K0212", format!("no source knows the columns of {file}"));
    let nearest = sources
        .iter()
        .map(|s| (lacking(s, header), taken(s, header), s))
        .min_by_key(|(missing, n, s)| (missing.len().saturating_sub(*n), missing.len(), s.name.clone()));
    let d = match nearest {
        Some((missing, n, s)) if n > 0 => {
            d.at(Place::file(file, format!("nearest: `{}`; missing: {}", s.name, missing.join(", "))))
        }
        _ => d.at(Place::file(file, "none of its columns is known")),
    };
    d.help("add the column's name to `from` of that source, or a source of its own to pipelines/sources; or move the file away")
}
