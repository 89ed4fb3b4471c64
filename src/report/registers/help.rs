//! The help sheet: what the workbook is for, how it is handed in, and each sheet column by column.

use super::check;
use super::style::{Style, height};
use super::view::{Book, Column, Sheet};
use crate::ingest::nothing::asked;
use crate::report::words::Words;
use crate::settings::docs::hundredths;
use rust_xlsxwriter::utility::quote_sheet_name;
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError};

/// The sheet's columns: sheet, column, whether it must have a value, what belongs in, what is allowed, an example.
const WIDTHS: [usize; 6] = [20, 18, 8, 60, 40, 26];
const LAST: u16 = WIDTHS.len() as u16 - 1;
/// What is said above the table, by key of the catalogue.
const SAID: [&str; 8] = ["what", "hand_in", "nothing", "sheets", "headers", "people", "mend", "customers"];
/// Names of the table's columns, by key of the catalogue. The mappings `kaohe-help…` know the sheet by them.
const HEAD: [&str; 6] = ["sheet", "column", "required", "content", "allowed", "example"];
const A4: u8 = 9;

/// Writes the help sheet.
///
/// # Errors
/// A name that a spreadsheet refuses.
pub fn write(out: &mut Worksheet, book: &Book, words: &Words, style: &Style) -> Result<(), XlsxError> {
    out.set_name(words.text("registers.help"))?;
    for (at, wide) in (0..).zip(WIDTHS) {
        out.set_column_width(at, wide as f64)?;
    }
    let mut page = Page { out, row: 0, style };
    page.above(book, words)?;
    let head: Vec<String> = HEAD.iter().map(|key| words.text(&format!("registers.head.{key}"))).collect();
    let table = page.row;
    page.cells(&head, &style.required)?;
    for sheet in &book.sheets {
        page.sheet(sheet, words)?;
    }
    page.rules(book, words)?;
    out.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    out.set_repeat_rows(table, table)?.set_footer("&P / &N");
    Ok(())
}

/// The sheet as far as it is written.
struct Page<'a> {
    out: &'a mut Worksheet,
    row: u32,
    style: &'a Style,
}

impl Page<'_> {
    /// A text over the columns from `first` on.
    fn over(&mut self, first: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.out.merge_range(self.row, first, self.row, LAST, text, format)?;
        Ok(())
    }

    fn cells(&mut self, texts: &[String], format: &Format) -> Result<(), XlsxError> {
        let mut tall: f64 = 0.0;
        for ((at, text), wide) in (0..).zip(texts).zip(WIDTHS) {
            self.out.write_string_with_format(self.row, at, text, format)?;
            tall = tall.max(height(text, wide));
        }
        self.next(tall)
    }

    fn next(&mut self, tall: f64) -> Result<(), XlsxError> {
        self.out.set_row_height(self.row, tall)?;
        self.row += 1;
        Ok(())
    }

    fn above(&mut self, book: &Book, words: &Words) -> Result<(), XlsxError> {
        let (title, version) = (&book.rulebook.0, &book.rulebook.1);
        let mut heading = words.text("registers.title");
        if let Some(month) = book.month {
            heading = words.fill("registers.title_of", &[("title", &heading), ("month", &month.to_string())]);
        }
        self.over(0, &heading, &self.style.title)?;
        self.next(26.0)?;
        let of = words.fill("registers.rulebook", &[("title", title), ("version", version)]);
        self.over(0, &of, &self.style.hint)?;
        self.next(18.0)?;
        let name = words.text("registers.file");
        let month = book.month.map_or_else(|| "2026-05".to_owned(), |m| m.to_string());
        let asked = asked(&book.lang);
        let values = [
            ("file", format!("{name}-{month}.xlsx")),
            ("question", asked.question.to_owned()),
            ("answer", asked.answer.to_owned()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        for key in SAID {
            let text = words.fill(&format!("registers.say.{key}"), &values);
            self.over(0, &text, &self.style.text)?;
            self.next(height(&text, WIDTHS.iter().sum::<usize>() - 4))?;
        }
        self.next(10.0)
    }

    fn sheet(&mut self, sheet: &Sheet, words: &Words) -> Result<(), XlsxError> {
        let rules: Vec<String> = sheet.read_by.iter().map(|(id, title)| format!("{title} {id}")).collect();
        let rules = match rules.as_slice() {
            [] => words.text("registers.read_by_none"),
            some => words.fill("registers.read_by", &[("rules", &some.join(&words.text("format.list")))]),
        };
        let place = Url::new(format!("internal:{}!A1", quote_sheet_name(&sheet.title))).set_text(&sheet.title);
        self.out.write_url_with_format(self.row, 0, place, &self.style.band)?;
        let text = format!("{}\n{rules}", sheet.about);
        self.over(1, &text, &self.style.band_text)?;
        self.next(height(&text, WIDTHS[1..].iter().sum::<usize>() - 4))?;
        for column in &sheet.columns {
            self.cells(&about(sheet, column, words), &self.style.cell)?;
        }
        Ok(())
    }

    /// The rules that drop-downs offer, each with the sheets that do.
    fn rules(&mut self, book: &Book, words: &Words) -> Result<(), XlsxError> {
        self.over(0, &words.text("registers.rules"), &self.style.band)?;
        self.next(20.0)?;
        for rule in &book.rules {
            let offers = |c: &&Column| c.kind.choices().is_some_and(|all| all.iter().any(|c| c.id == rule.id));
            let offered = book.sheets.iter().filter_map(|s| Some((s, s.columns.iter().find(offers)?)));
            let (titles, headers): (Vec<&str>, Vec<&str>) =
                offered.map(|(s, c)| (s.title.as_str(), c.header.as_str())).unzip();
            let (least, most) = (hundredths(rule.points.0), hundredths(rule.points.1));
            let points = if least == most { least } else { format!("{least} – {most}") };
            let line = [
                titles.join(&words.text("format.list")),
                headers.first().copied().unwrap_or_default().to_owned(),
                String::new(),
                words.fill("registers.rule", &[("shown", &rule.shown), ("clause", &rule.clause)]),
                words.fill("registers.rule_points", &[("points", &points)]),
                String::new(),
            ];
            self.cells(&line, &self.style.cell)?;
        }
        Ok(())
    }
}

/// A column's line.
fn about(sheet: &Sheet, column: &Column, words: &Words) -> [String; 6] {
    [
        sheet.title.clone(),
        column.header.clone(),
        if column.required { words.text("registers.required") } else { String::new() },
        column.about.clone(),
        check::allowed(column, sheet, words),
        column.example.clone(),
    ]
}
