//! The appeals of a review: the waivers' layout with a person's deductions filled in. Whoever is heard gets reason, approver and
//! time; as a raw file it comes back as waivers, and rows that nobody approved deliver nothing.

use super::check;
use super::style::{Style, width};
use super::view::{Book, Column};
use crate::base::{Error, Ms, Result, Zone};
use crate::lake::schema::WAIVERS;
use crate::report::words::Words;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Note, Workbook, XlsxError};

/// A deduction that may be appealed against.
#[derive(Debug, Clone)]
pub struct Appeal {
    pub deduction_id: String,
    /// Id and name, as the waivers' list offers rules.
    pub rule: String,
    pub staff_id: String,
    pub occurred_at: Ms,
    /// Hundredths.
    pub points: i64,
}

/// The columns that are filled in beforehand, and those that people fill in, by raw name.
const GIVEN: [&str; 3] = ["deduction_id", "rule_id", "staff_id"];
const OPEN: [&str; 3] = ["reason", "approved_by", "approved_at"];
/// Width of what people fill in.
const WIDE: f64 = 28.0;

/// Writes the workbook. The same rows give the same bytes.
///
/// # Errors
/// A project whose sources have no sheet of waivers.
pub fn workbook(book: &Book, rows: &[Appeal], zone: Zone, words: &Words) -> Result<Vec<u8>> {
    let sheet = book.sheets.iter().find(|s| s.table == WAIVERS.name);
    let sheet = sheet.ok_or_else(|| Error::Failed("no source has a sheet of `waivers`".to_owned()))?;
    let column = |name: &&str| sheet.columns.iter().find(|c| c.name == *name);
    let (given, open): (Vec<&Column>, Vec<&Column>) =
        (GIVEN.iter().filter_map(column).collect(), OPEN.iter().filter_map(column).collect());
    if given.len() + open.len() < GIVEN.len() + OPEN.len() {
        return Err(Error::Failed("the sheet of `waivers` lacks columns that appeals need".to_owned()));
    }
    let told = ["registers.appeals.time", "registers.appeals.points"].map(|k| words.text(k));
    write(&sheet.title, &given, &told, &open, rows, zone, words)
        .map_err(|e| Error::Failed(format!("cannot write the appeals: {e}")))
}

fn write(
    title: &str,
    given: &[&Column],
    told: &[String; 2],
    open: &[&Column],
    rows: &[Appeal],
    zone: Zone,
    words: &Words,
) -> Result<Vec<u8>, XlsxError> {
    let mut out = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 1, 1)?;
    out.set_properties(
        &DocProperties::new().set_title(words.text("registers.appeals.title")).set_creation_datetime(&made),
    );
    let style = Style::new();
    let (text, time) = (Format::new().set_num_format("@"), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    let number = Format::new().set_num_format("0.00");
    let page = out.add_worksheet().set_name(title)?;
    let headers = given.iter().map(|c| (c.header.as_str(), &style.optional));
    let headers = headers.chain(told.iter().map(|t| (t.as_str(), &style.optional)));
    let headers: Vec<_> = headers.chain(open.iter().map(|c| (c.header.as_str(), &style.required))).collect();
    for (at, (header, format)) in (0..).zip(&headers) {
        page.write_string_with_format(0, at, *header, format)?;
    }
    for (at, column) in (0..).zip(given.iter().map(Some).chain([None, None]).chain(open.iter().map(Some))) {
        let Some(column) = column else { continue };
        page.set_column_format(at, &check::format(&column.kind))?;
        // Without its example: that names somebody.
        page.insert_note(0, at, &Note::new(&column.about).add_author_prefix(false))?;
    }
    for (row, a) in (1..).zip(rows) {
        for (at, value) in (0..).zip([&a.deduction_id, &a.rule, &a.staff_id]) {
            page.write_string_with_format(row, at, value, &text)?;
        }
        let local = zone.local(a.occurred_at).and_utc().timestamp();
        page.write_datetime_with_format(row, 3, &ExcelDateTime::from_timestamp(local)?, &time)?;
        page.write_number_with_format(row, 4, a.points as f64 / 100.0, &number)?;
    }
    let rules = rows.iter().map(|a| width(&a.rule)).max().unwrap_or(0).clamp(12, 48) as f64;
    let widths = [20.0, rules + 2.0, 12.0, 20.0, 8.0, WIDE, 14.0, 20.0];
    for (at, wide) in (0..).zip(widths) {
        page.set_column_width(at, wide)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    out.save_to_buffer()
}
