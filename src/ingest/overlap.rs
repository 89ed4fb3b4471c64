//! Chat exports overlap: the same message stands in two of them. It has no number, so it is known by who said it to whom,
//! when (to the second: some exports have no more), what kind and how long it was. What one export holds twice was said
//! twice; of several exports the one that holds most of the same counts, where they hold as many the one that names the
//! accounts, and of those the older one.

use super::input::Fate;
use super::period;
use super::settle::Origin;
use super::spill::Row;
use crate::base::Month;
use crate::lake::names::NONE;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Role, kind, length and account.
type Same = (u8, u8, u32, u32);

/// Comparable: the older exports first, by the time in their names, else by the names as people count (`9月` before `10月`,
/// a second download `(1)` behind the first). Of a name's contents the newest, which is the one that is still there.
pub fn age(file: &Origin) -> impl Ord + use<> {
    let stamp = period::stamp(&file.name);
    let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
    // Numbers and words in turn.
    let chars: Vec<char> = stem.chars().collect();
    let words = chars.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).map(|piece| {
        let text: String = piece.iter().collect();
        text.parse::<u64>().map_or((1, 0, text), |number| (0, number, String::new()))
    });
    let words: Vec<(u8, u64, String)> = words.collect();
    (stamp.is_none(), stamp, words, file.name.clone(), Reverse(file.version), file.sha256.clone())
}

fn same(row: &Row, account: u32) -> Same {
    (row.role, row.kind, row.chars, account)
}

/// Splits rows (together by conversation, sorted by time, file, row) into those that count and those that a row of another
/// file stands for, with that file.
pub fn settle(rows: Vec<Row>, files: &[Origin]) -> (Vec<Row>, Vec<(Row, u32)>) {
    let second = |r: &Row| (r.conversation, r.ts.div_euclid(1000));
    let double = |some: &[Row]| some.iter().any(|r| r.file != some[0].file);
    if !rows.chunk_by(|a, b| second(a) == second(b)).any(double) {
        return (rows, Vec::new());
    }
    let (mut kept, mut replaced) = (Vec::with_capacity(rows.len()), Vec::new());
    for some in rows.chunk_by(|a, b| second(a) == second(b)) {
        if !double(some) {
            kept.extend_from_slice(some);
            continue;
        }
        // Some exports leave the account out, and a list made again under its name may correct it: there it tells nothing
        // apart.
        let name = |r: &Row| &files[r.file as usize].name;
        let is_corrected = |r: &Row| {
            let other = |o: &&Row| o.file != r.file && o.account != r.account && name(o) == name(r);
            some.iter().filter(other).any(|o| same(o, NONE) == same(r, NONE))
        };
        let unnamed = some.iter().filter(|r| r.account == NONE || is_corrected(r)).map(|r| same(r, NONE));
        let unnamed: Vec<Same> = unnamed.collect();
        let same = |r: &Row| same(r, if unnamed.contains(&same(r, NONE)) { NONE } else { r.account });
        // Of each file how many rows, and how many of them name the account.
        let mut counts: BTreeMap<Same, BTreeMap<u32, (u32, u32)>> = BTreeMap::new();
        for row in some {
            let of_file = counts.entry(same(row)).or_default().entry(row.file).or_default();
            *of_file = (of_file.0 + 1, of_file.1 + u32::from(row.account != NONE));
        }
        let most = |row: &Row| {
            let files = counts.get(&same(row));
            let best = files.and_then(|f| f.iter().max_by_key(|(file, n)| (**n, Reverse(**file))));
            best.map_or(row.file, |(file, _)| *file)
        };
        for row in some {
            match most(row) {
                file if file == row.file => kept.push(*row),
                file => replaced.push((*row, file)),
            }
        }
    }
    (kept, replaced)
}

/// Adds what became of a month's rows to their files' fates.
pub fn count(fates: &mut [Fate], files: &[Origin], month: Month, kept: &[Row], replaced: &[(Row, u32)]) {
    for some in kept.chunk_by(|a, b| a.file == b.file) {
        let fate = &mut fates[some[0].file as usize];
        fate.kept += some.len() as u64;
        *fate.months.entry(month).or_insert(0) += some.len() as u64;
    }
    for (row, by) in replaced {
        let fate = &mut fates[row.file as usize];
        fate.replaced += 1;
        *fate.replaced_by.entry(files[*by as usize].name.clone()).or_insert(0) += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(file: u32, row: u32, ts: i64, chars: u32) -> Row {
        let (role, kind, closing, filter) = (0, 0, false, 0);
        Row { ts, conversation: 0, account: 0, row, file, chars, quoted: 0, auto: 0, role, kind, closing, filter }
    }

    fn files(names: [&str; 2]) -> Vec<Origin> {
        let file = |name: &str| Origin { name: name.to_owned(), sha256: String::new(), version: 1, form: false };
        names.map(file).to_vec()
    }

    #[test]
    fn an_account_that_was_corrected_is_no_other_message() {
        let rows = || vec![row(0, 1, 1000, 2), Row { account: 1, ..row(1, 1, 1000, 2) }];
        let (kept, replaced) = settle(rows(), &files(["a.csv", "a.csv"]));
        assert_eq!((kept.len(), replaced.len(), kept[0].file), (1, 1, 0), "the newest content has the lower number");
        assert_eq!(settle(rows(), &files(["a.csv", "b.csv"])).0.len(), 2);
    }

    #[test]
    fn twice_in_one_export_is_twice_and_in_two_exports_once() {
        // Said twice within a second; the second export holds both, and goes on.
        let mut rows =
            vec![row(0, 1, 1000, 2), row(0, 2, 1400, 2), row(1, 1, 1000, 2), row(1, 2, 1000, 2), row(1, 3, 2000, 2)];
        rows.sort_by_key(|r| (r.ts, r.file, r.row));
        let (kept, replaced) = settle(rows, &files(["a.csv", "b.csv"]));
        assert_eq!(kept.iter().map(|r| (r.file, r.row)).collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 3)]);
        assert_eq!(replaced.iter().map(|(r, by)| (r.file, r.row, *by)).collect::<Vec<_>>(), [(1, 1, 0), (1, 2, 0)]);
    }

    #[test]
    fn older_exports_come_first() {
        let file = |(name, version): (&str, u32)| Origin {
            name: name.to_owned(),
            sha256: String::new(),
            version,
            form: false,
        };
        let sorted = [
            ("chat-2026-05.csv", 1),
            ("chat-2026-05 (1).csv", 1),
            ("a-2026-06.csv", 1),
            ("9月.csv", 2),
            ("9月.csv", 1),
            ("10月.csv", 1),
            ("chat.csv", 1),
        ];
        let mut files: Vec<Origin> = sorted.into_iter().rev().map(file).collect();
        files.sort_by_cached_key(age);
        assert_eq!(files, sorted.map(file));
    }

    #[test]
    fn an_export_without_accounts_holds_the_same() {
        let unnamed = |row: Row| Row { account: NONE, ..row };
        let other = |row: Row| Row { account: 1, ..row };
        // Two agents say as much within a second; the older export does not tell them apart.
        let rows = vec![
            unnamed(row(0, 1, 1000, 2)),
            unnamed(row(0, 2, 1000, 2)),
            row(1, 1, 1000, 2),
            other(row(1, 2, 1000, 2)),
            // Said by one of them, and longer.
            row(1, 3, 1000, 5),
            // Both name the account: two messages.
            row(0, 3, 2000, 2),
            other(row(1, 4, 2000, 2)),
        ];
        let (kept, replaced) = settle(rows, &files(["a.csv", "b.csv"]));
        assert_eq!(kept.iter().map(|r| (r.file, r.row)).collect::<Vec<_>>(), [(1, 1), (1, 2), (1, 3), (0, 3), (1, 4)]);
        assert_eq!(replaced.iter().map(|(r, by)| (r.file, r.row, *by)).collect::<Vec<_>>(), [(0, 1, 1), (0, 2, 1)]);
    }

    #[test]
    fn the_export_that_holds_more_of_the_same_counts() {
        let rows = vec![row(0, 1, 1000, 2), row(1, 1, 1000, 2), row(1, 2, 1000, 2), row(1, 3, 1000, 5)];
        let (kept, replaced) = settle(rows, &files(["a.csv", "b.csv"]));
        assert_eq!(kept.iter().map(|r| (r.file, r.row)).collect::<Vec<_>>(), [(1, 1), (1, 2), (1, 3)]);
        assert_eq!(replaced.len(), 1);
    }
}
