//! A workbook of the binary's own with rows typed into it: each cell takes its column's format, as a spreadsheet
//! program saves it. Everything else of the file stays as it was written.

use calamine::{Reader, Xlsx};
use chrono::NaiveDateTime;
use regex::Regex;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// What is typed into a cell.
#[derive(Debug, Clone, Copy)]
pub enum Typed<'a> {
    Text(&'a str),
    Number(f64),
    /// A date, or a date and time: a spreadsheet keeps it as a number, which only the cell's format makes a time.
    At(&'a str),
    /// A time of day.
    Clock(&'a str),
}

use Typed::{At, Clock, Number, Text};

/// A workbook that is being filled in.
pub struct Form {
    entries: Vec<(String, Vec<u8>)>,
    /// Title and cells as they were written.
    sheets: Vec<(String, Vec<Vec<String>>)>,
    rows: BTreeMap<String, u32>,
}

impl Form {
    pub fn new(bytes: &[u8]) -> Form {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let names = book.sheet_names().to_owned();
        let sheets = names.into_iter().map(|name| {
            let range = book.worksheet_range(&name).expect("a sheet");
            let text = |row: &[calamine::Data]| row.iter().map(ToString::to_string).collect();
            (name, range.rows().map(text).collect())
        });
        let sheets = sheets.collect();
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let entries = (0..zip.len()).map(|i| {
            let mut entry = zip.by_index(i).expect("an entry");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("its bytes");
            (entry.name().expect("a name").into_owned(), bytes)
        });
        Form { entries: entries.collect(), sheets, rows: BTreeMap::new() }
    }

    /// Titles of all sheets, hidden ones too.
    pub fn titles(&self) -> Vec<&str> {
        self.sheets.iter().map(|(title, _)| title.as_str()).collect()
    }

    /// The cells of a row, from 0, as they were written.
    pub fn cells(&self, sheet: &str, row: usize) -> &[String] {
        &self.sheets[self.number(sheet)].1[row]
    }

    /// The header of a register's sheet: below the question.
    pub fn header(&self, sheet: &str) -> &[String] {
        self.cells(sheet, 1)
    }

    /// The sheet's part of the file.
    pub fn xml(&self, sheet: &str) -> String {
        self.part(&format!("xl/worksheets/sheet{}.xml", self.number(sheet) + 1))
    }

    /// A part of the file.
    pub fn part(&self, name: &str) -> String {
        let (_, bytes) = self.entries.iter().find(|(n, _)| n == name).expect("the part");
        String::from_utf8(bytes.clone()).expect("XML")
    }

    fn number(&self, sheet: &str) -> usize {
        let titles = self.titles();
        titles.iter().position(|t| *t == sheet).unwrap_or_else(|| panic!("no sheet {sheet}; there are {titles:?}"))
    }

    fn change(&mut self, sheet: &str, xml: String) {
        let name = format!("xl/worksheets/sheet{}.xml", self.number(sheet) + 1);
        let entry = self.entries.iter_mut().find(|(n, _)| *n == name).expect("the sheet's part");
        entry.1 = xml.into_bytes();
    }

    /// Types a row below the last one; cells by their header.
    pub fn row(&mut self, sheet: &str, cells: &[(&str, Typed<'_>)]) -> &mut Form {
        let (xml, header) = (self.xml(sheet), self.header(sheet));
        let at = |name: &str| {
            header.iter().position(|h| h == name).unwrap_or_else(|| panic!("{sheet} has no column {name}: {header:?}"))
        };
        let mut cells: Vec<(usize, Typed<'_>)> = cells.iter().map(|(name, typed)| (at(name), *typed)).collect();
        cells.sort_by_key(|(at, _)| *at);
        let row = self.rows.get(sheet).map_or(3, |last| last + 1);
        let cells: String = cells.into_iter().map(|(at, typed)| cell(row, at, &style(&xml, at), typed)).collect();
        let xml = xml.replacen("</sheetData>", &format!("<row r=\"{row}\">{cells}</row></sheetData>"), 1);
        self.rows.insert(sheet.to_owned(), row);
        self.change(sheet, xml);
        self
    }

    /// Answers the question above the header.
    pub fn answer(&mut self, sheet: &str, answer: &str) -> &mut Form {
        let empty = Regex::new("<c r=\"B1\" s=\"(\\d+)\"/>").expect("an expression");
        let xml = self.xml(sheet);
        assert!(empty.is_match(&xml), "{sheet} has no cell for the answer");
        let full = format!("<c r=\"B1\" s=\"$1\" t=\"inlineStr\"><is><t>{answer}</t></is></c>");
        self.change(sheet, empty.replace(&xml, full.as_str()).into_owned());
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let entries: Vec<(&str, &[u8])> = self.entries.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        crate::exports::zip(&entries)
    }
}

/// The format of a column's cells that nobody has touched.
fn style(xml: &str, at: usize) -> String {
    let columns = Regex::new("<col min=\"(\\d+)\" max=\"(\\d+)\"[^>]* style=\"(\\d+)\"").expect("an expression");
    let number = |c: &regex::Captures<'_>, i: usize| c[i].parse::<usize>().expect("a number");
    let found = columns.captures_iter(xml).find(|c| (number(c, 1)..=number(c, 2)).contains(&(at + 1)));
    found.unwrap_or_else(|| panic!("column {at} has no format"))[3].to_owned()
}

fn cell(row: u32, at: usize, style: &str, typed: Typed<'_>) -> String {
    let name = format!("{}{row}", char::from(b'A' + u8::try_from(at).expect("few columns")));
    let number = |n: f64| format!("<c r=\"{name}\" s=\"{style}\"><v>{n}</v></c>");
    match typed {
        Text(text) => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            format!("<c r=\"{name}\" s=\"{style}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
        }
        Number(n) => number(n),
        At(text) => number(serial(text)),
        Clock(text) => number(serial(&format!("1899-12-30 {text}"))),
    }
}

/// Days since 1899-12-30.
fn serial(text: &str) -> f64 {
    let whole = match text.len() {
        10 => format!("{text} 00:00:00"),
        16 => format!("{text}:00"),
        _ => text.to_owned(),
    };
    let at = NaiveDateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S").expect("a time");
    let zero = NaiveDateTime::parse_from_str("1899-12-30 00:00:00", "%Y-%m-%d %H:%M:%S").expect("a time");
    (at - zero).num_seconds() as f64 / 86_400.0
}
