//! The pay file: what people are paid, by person and, where it says so, by month. A CSV that people keep by hand.

use crate::base::diagnostic::At;
use crate::base::{Diagnostic, Error, Month, Place, Result};
use crate::ingest::reject::Reject;
use crate::ingest::{decode, parse};
use crate::settings::source::Encoding;
use csv::StringRecord;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Something is wrong with the pay file. One code for all of it; the message says what.
const CODE: &str = "K0501";

/// The columns: names that a header may have, the first for messages; the person's is the only one that must be there.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("staff_id", &["工号", "员工编号", "staff_id"]),
    ("period", &["月份", "period", "month"]),
    ("fixed", &["固定工资", "fixed"]),
    ("bonus", &["绩效奖金", "bonus"]),
    ("sales_commission", &["销售提成比例", "sales_commission"]),
    ("satisfaction_commission", &["满意度提成", "satisfaction_commission"]),
];

/// A row of it; money in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayRow {
    pub staff_id: String,
    /// `None`: every month that has no row of its own.
    pub month: Option<Month>,
    pub fixed: Option<i64>,
    pub bonus: Option<i64>,
    /// Of sales, hundredths of a percent.
    pub sales_rate: Option<i64>,
    /// At a satisfaction of 100 %.
    pub satisfaction: Option<i64>,
}

/// The file, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayFile {
    /// The file's name without its folder.
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub hash: String,
    pub rows: Vec<PayRow>,
}

impl PayFile {
    /// Reads a file (UTF-8, UTF-16 or GB18030; header in Chinese or English).
    ///
    /// # Errors
    /// Everything that is wrong with it, by file, row and column (exit 3); a file that cannot be read.
    pub fn read(path: &Path) -> Result<PayFile> {
        let name = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy()).into_owned();
        let examined = decode::examine(path)?;
        let wrong = |message: &str| Error::Refused(vec![refusal(&name, None, message)]);
        let (mut text, mut content) = match decode::open(path, &examined, Encoding::Auto)? {
            Ok((text, _)) => (text, String::new()),
            Err(_) => return Err(wrong("the file is neither UTF-8, UTF-16 nor GB18030; save it as CSV (UTF-8)")),
        };
        text.read_to_string(&mut content).map_err(Error::io("cannot read", path))?;
        let rows = rows(&name, &content).map_err(Error::Refused)?;
        Ok(PayFile { name, hash: examined.sha256, rows })
    }

    /// The row that holds for a person in a month: the month's own, else the one for every month.
    pub fn of(&self, staff_id: &str, month: Month) -> Option<&PayRow> {
        let rows = || self.rows.iter().filter(|r| r.staff_id == staff_id);
        rows().find(|r| r.month == Some(month)).or_else(|| rows().find(|r| r.month.is_none()))
    }
}

fn refusal(file: &str, at: Option<(u64, Option<&str>)>, message: &str) -> Diagnostic {
    let place = match at {
        Some((row, column)) => Place {
            file: file.to_owned(),
            at: At::Row { row, column: column.map(str::to_owned) },
            label: String::new(),
        },
        None => Place::file(file, ""),
    };
    let help = "a row a person: 工号 (staff_id), 月份 (period, may be empty), 固定工资 (fixed), 绩效奖金 (bonus), 销售提成比例 \
                (sales_commission, percent), 满意度提成 (satisfaction_commission, yuan at 100 %)";
    Diagnostic::error(CODE, message).at(place).help(help)
}

fn rows(file: &str, text: &str) -> std::result::Result<Vec<PayRow>, Vec<Diagnostic>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let mut found = Vec::new();
    let places = columns(file, &header, &mut found);
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                found.push(refusal(file, e.position().map(|p| (p.line(), None)), &format!("no CSV: {e}")));
                break;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) || places[0].is_none() {
            continue;
        }
        match row(&record, &places, &header) {
            Ok(row) if !seen.insert((row.staff_id.clone(), row.month)) => {
                let message = format!("`{}` has this month twice", row.staff_id);
                found.push(refusal(file, Some((line, None)), &message));
            }
            Ok(row) => rows.push(row),
            Err((at, reason)) => {
                let column = places[at].and_then(|i| header.get(i));
                found.push(refusal(file, Some((line, column)), &reason));
            }
        }
    }
    if found.is_empty() { Ok(rows) } else { Err(found) }
}

/// Where each of [`COLUMNS`] stands.
fn columns(file: &str, header: &StringRecord, found: &mut Vec<Diagnostic>) -> [Option<usize>; 6] {
    let mut places = [None; 6];
    for (i, title) in header.iter().enumerate() {
        let named = |(_, names): &(&str, &[&str])| names.iter().any(|n| n.eq_ignore_ascii_case(title));
        match COLUMNS.iter().position(named) {
            Some(at) if places[at].is_some() => {
                found.push(refusal(file, Some((1, Some(title))), "two columns say the same"));
            }
            Some(at) => places[at] = Some(i),
            // Names, notes and the like are nobody's amount.
            None => {}
        }
    }
    if places[0].is_none() {
        found.push(refusal(file, Some((1, None)), "no column says whose pay it is: 工号 or staff_id is missing"));
    }
    if places[2..].iter().all(Option::is_none) {
        found.push(refusal(file, Some((1, None)), "no column of the header is an amount that is known"));
    }
    places
}

/// A row, or the column that is wrong and why.
fn row(
    record: &StringRecord,
    places: &[Option<usize>; 6],
    header: &StringRecord,
) -> std::result::Result<PayRow, (usize, String)> {
    if record.len() > header.len() {
        return Err((0, format!("{} fields, and the header has {}", record.len(), header.len())));
    }
    let cell = |at: usize| places[at].and_then(|i| record.get(i)).filter(|t| !t.is_empty());
    let amount = |at: usize, read: fn(&'static str, &str) -> std::result::Result<i64, Reject>| {
        let value = cell(at).map(|text| read(COLUMNS[at].0, text)).transpose();
        match value.map_err(|r| (at, r.reason))? {
            Some(n) if n < 0 => Err((at, "less than nothing; write an amount that is not negative".to_owned())),
            value => Ok(value),
        }
    };
    let month = cell(1).map(|t| t.parse::<Month>().map_err(|_| (1, "not a month such as 2026-05".to_owned())));
    let rate = |column, text: &str| {
        let percent = text.trim_end_matches(['%', '％']);
        parse::points(column, percent).map_err(|_| Reject::value(column, text, "not percent such as 2 or 1.5%"))
    };
    let sales_rate = amount(4, rate)?;
    if sales_rate.is_some_and(|r| r > 10_000) {
        return Err((4, "more than 100 percent of the sales; write percent such as 2".to_owned()));
    }
    Ok(PayRow {
        staff_id: cell(0).ok_or_else(|| (0, "no value; this column must have one".to_owned()))?.to_owned(),
        month: month.transpose()?,
        fixed: amount(2, parse::fen)?,
        bonus: amount(3, parse::fen)?,
        sales_rate,
        satisfaction: amount(5, parse::fen)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let of = |d: &Diagnostic| match &d.places[0].at {
            At::Row { row, column } => {
                format!("{}:{row} {}: {}", d.places[0].file, column.clone().unwrap_or_default(), d.message)
            }
            _ => d.message.clone(),
        };
        rows("pay.csv", text).unwrap_err().iter().map(of).collect()
    }

    #[test]
    fn both_languages_are_read() {
        let want = PayRow {
            staff_id: "S01".to_owned(),
            month: Month::new(2026, 5),
            fixed: Some(420_000),
            bonus: Some(80_050),
            sales_rate: Some(150),
            satisfaction: None,
        };
        let zh = "姓名,工号,月份,固定工资,绩效奖金,销售提成比例,满意度提成\n林,S01,2026-05,\"4,200\",¥800.50,1.5%,\n,,,,,,\n";
        assert_eq!(rows("pay.csv", zh).unwrap(), std::slice::from_ref(&want));
        let en = "staff_id,period,fixed,bonus,sales_commission\nS01,2026-05,4200.00,800.5,1.5\n";
        assert_eq!(rows("pay.csv", en).unwrap(), [want]);
    }

    #[test]
    fn a_months_own_row_goes_before_the_one_for_all() {
        let file = PayFile {
            rows: rows("pay.csv", "工号,月份,固定工资\nS01,,4000\nS01,2026-05,5000\n").unwrap(),
            ..PayFile::default()
        };
        let fixed = |staff, m| file.of(staff, Month::new(2026, m).unwrap()).and_then(|r| r.fixed);
        assert_eq!([fixed("S01", 4), fixed("S01", 5), fixed("S02", 5)], [Some(400_000), Some(500_000), None]);
    }

    #[test]
    fn each_mistake_is_named_by_row_and_column() {
        let text = "工号,月份,固定工资,销售提成比例\nS01,2026-13,4000,2\n,,4000,2\nS02,,四千,2\nS03,,-1,2\nS04,,1,200\nS05,,1,2\nS05,,1,2\n";
        assert_eq!(
            said(text),
            [
                "pay.csv:2 月份: not a month such as 2026-05",
                "pay.csv:3 工号: no value; this column must have one",
                "pay.csv:4 固定工资: not an amount in yuan such as 128.50",
                "pay.csv:5 固定工资: less than nothing; write an amount that is not negative",
                "pay.csv:6 销售提成比例: more than 100 percent of the sales; write percent such as 2",
                "pay.csv:8 : `S05` has this month twice",
            ]
        );
        assert!(said("姓名,固定工资\n林,1\n")[0].contains("工号 or staff_id is missing"));
        assert!(said("工号,备注\nS01,x\n")[0].contains("no column of the header is an amount"));
    }
}
