//! Where a table begins: exports put titles, spans and totals above their header, some spread it over two rows.

use super::recognise::{Recognised, Unfit, fold, nobody, recognise, two};
use crate::settings::source::Source;
use csv::StringRecord;

/// Records that are looked at.
pub const LOOKED_AT: usize = 20;
/// Columns of the widest header that is read; a spreadsheet has no more.
pub const MOST_COLUMNS: usize = 16_384;

/// A header that a source knows.
#[derive(Debug, Clone)]
pub struct Header<'a> {
    pub source: &'a Source,
    pub names: StringRecord,
    /// Records up to the first row.
    pub skip: usize,
}

/// The header among a file's first records: the one of which a source takes most columns, the first of several alike.
/// A header of two rows is one of `upper_lower` names, the upper ones reaching over the empty cells behind them.
///
/// # Errors
/// No source, or two: a question to the analyst.
pub fn find<'a>(sources: &'a [Source], first: &[StringRecord], file: &str) -> Result<Header<'a>, Unfit> {
    let mut best: Option<(Recognised<'a>, StringRecord, usize)> = None;
    let mut widest: Vec<String> = Vec::new();
    for (i, record) in first.iter().enumerate() {
        let both = first.get(i + 1).map(|lower| joined(record, lower));
        for (names, skip) in [(Some(record.clone()), i + 1), (both, i + 2)] {
            let Some(names) = names else { continue };
            let folded: Vec<String> = names.iter().map(fold).collect();
            let found = recognise(sources, &folded);
            let more = found.taken() > best.as_ref().map_or(0, |(b, ..)| b.taken());
            if filled(&folded) > filled(&widest) && skip == i + 1 {
                widest = folded;
            }
            if more {
                best = Some((found, names, skip));
            }
        }
    }
    match best {
        Some((Recognised::One(source, _), names, skip)) => Ok(Header { source, names, skip }),
        Some((Recognised::Two(a, b, _), ..)) => Err(Unfit::Two(two(a, b, file))),
        _ => Err(nobody(sources, &widest, file)),
    }
}

fn filled(header: &[String]) -> usize {
    header.iter().filter(|h| !h.is_empty()).count()
}

fn joined(upper: &StringRecord, lower: &StringRecord) -> StringRecord {
    let mut over = "";
    let mut names = StringRecord::new();
    for i in 0..upper.len().max(lower.len()) {
        let (u, l) = (upper.get(i).unwrap_or("").trim(), lower.get(i).unwrap_or("").trim());
        if !u.is_empty() {
            over = u;
        }
        match (u, l) {
            (u, "") => names.push_field(u),
            (_, l) if over.is_empty() || over == l => names.push_field(l),
            (_, l) => names.push_field(&format!("{over}_{l}")),
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[&str]) -> StringRecord {
        StringRecord::from(cells.to_vec())
    }

    #[test]
    fn upper_names_reach_over_the_lower_ones() {
        let upper = record(&["时间", "姓名", "考勤概况", "", "", "打卡详情"]);
        let lower = record(&["", "", "班次", "最早", "最晚"]);
        let names = joined(&upper, &lower);
        assert_eq!(
            names.iter().collect::<Vec<_>>(),
            ["时间", "姓名", "考勤概况_班次", "考勤概况_最早", "考勤概况_最晚", "打卡详情"]
        );
    }
}
