//! Appeals: a person's deductions in the waivers' layout, filled in by people, back through the binary as waivers.

use super::{half, sample};
use crate::support::{Project, files, rows};
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::Workbook;
use std::fs;
use std::io::Cursor;

/// The rows of an appeals file as texts; the first is the header.
fn cells(bytes: &[u8]) -> (String, Vec<Vec<String>>) {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).expect("the sheet");
    let text = |c: &Data| match c {
        Data::DateTime(t) => t.as_f64().to_string(),
        other => other.to_string(),
    };
    (name, range.rows().map(|r| r.iter().map(text).collect()).collect())
}

/// The same file with the reason, and where approved who and when, of some rows.
fn filled(bytes: &[u8], fill: impl Fn(usize) -> [&'static str; 3]) -> Vec<u8> {
    let (name, all) = cells(bytes);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(name).expect("a name");
    for (r, row) in all.iter().enumerate() {
        let mut row = row.clone();
        row.resize(8, String::new());
        if r > 0 {
            row[5..].clone_from_slice(&fill(r).map(str::to_owned));
        }
        for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
            sheet.write_string(r as u32, c as u16, text).expect("a cell");
        }
    }
    book.save_to_buffer().expect("bytes")
}

/// A copy of the computed sample.
fn copy() -> Project {
    let (from, project) = (sample().path(), Project::new());
    for path in files(from) {
        let name = path.strip_prefix(from).expect("inside").to_string_lossy().into_owned();
        project.write(&name, fs::read(&path).expect("a file"));
    }
    project
}

fn ledger(project: &Project) -> Vec<String> {
    let months = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];
    let of = |m| rows(&project.mart("deductions", m), &["deduction_id", "staff_id", "points", "waived_by"]);
    months.into_iter().flat_map(of).collect()
}

#[test]
fn a_person_s_deductions_are_there_to_be_filled_in() {
    let content = &half().1;
    let s01 = content.results.people.iter().find(|p| p.staff_id == "S01").expect("S01");
    let (_, rows) = cells(&content.staff["S01"]["appeals.xlsx"]);
    assert_eq!(rows[0], ["扣分编号", "规则", "工号", "发生时间", "所扣分数", "原因", "批准人", "批准时间"]);
    let ids: Vec<&str> = rows[1..].iter().map(|r| r[0].as_str()).collect();
    let want: Vec<&str> = s01.deductions.iter().filter(|d| !d.waived).map(|d| d.deduction_id.as_str()).collect();
    assert_eq!(ids, want, "all that can be waived and is not");
    for (row, d) in rows[1..].iter().zip(s01.deductions.iter().filter(|d| !d.waived)) {
        assert!(row[1].starts_with(&d.rule_id), "{row:?}");
        assert_eq!((row[2].as_str(), row[4].parse::<f64>().unwrap() * 100.0), ("S01", d.points as f64));
        assert!(row.get(5).is_none_or(String::is_empty), "nothing is approved beforehand: {row:?}");
    }
    // HR has everybody's.
    let (_, all) = cells(&content.hr["appeals.xlsx"]);
    let people: std::collections::BTreeSet<&str> = all[1..].iter().map(|r| r[2].as_str()).collect();
    assert!(all.len() > rows.len() && people.len() > 10);
}

#[test]
fn approved_rows_come_back_as_waivers_and_others_deliver_nothing() {
    let project = copy();
    let before = ledger(&project);
    let original = &half().1.staff["S01"]["appeals.xlsx"];
    // As it was given out: nobody filled it in.
    project.raw("appeals-S01.xlsx", original);
    project.ok(&["run", "--as-of", "2026-07-20", "--quiet"]);
    assert_eq!(ledger(&project), before, "an empty form delivers nothing");
    let waivers = rows(&project.lake("waivers"), &["deduction_id"]).len();

    // The first row is approved, the second has a reason alone, the rest is empty.
    let fill = |row| match row {
        1 => ["系统故障，有截图", "P01", "2026-07-15 10:00:00"],
        2 => ["当时在接待另一位客户", "", ""],
        _ => ["", "", ""],
    };
    project.raw("appeals-S01.xlsx", filled(original, fill));
    project.ok(&["run", "--as-of", "2026-07-20", "--quiet"]);
    let (_, given) = cells(original);
    let approved = &given[1][0];
    assert_eq!(rows(&project.lake("waivers"), &["deduction_id"]).len(), waivers + 1);
    for (was, is) in before.iter().zip(ledger(&project)) {
        if was.starts_with(approved.as_str()) {
            assert_eq!(is, format!("{approved}|S01|0|P01"), "waived");
        } else {
            assert_eq!(*was, is);
        }
    }
    let quarantine = rows(&project.lake("quarantine"), &["source_file", "reason"]);
    assert!(!quarantine.iter().any(|q| q.contains("appeals")), "{quarantine:?}");
}
