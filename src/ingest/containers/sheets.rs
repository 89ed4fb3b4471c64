//! Workbooks: each sheet becomes CSV, cell by cell, so that a sheet's stated size costs nothing.

use super::zipped::exceeds;
use super::{Broken, Form, Found, MOST_BYTES, MOST_ENTRIES, MOST_RATIO, Piece, RATIO_FROM, Scratch, TOO_BIG};
use crate::base::error::contained;
use crate::base::{Error, files};
use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xls, Xlsx};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// Bytes of a workbook's parts: its texts are held in memory.
const MOST_WORKBOOK: u64 = 2 << 30;
/// Columns that are read; a spreadsheet has no more.
const MOST_COLUMNS: u32 = 16_384;
/// Whole numbers up to here are exact in a spreadsheet: fifteen digits.
const EXACT: f64 = 1e15;
pub(super) const SAVE: &str = "open it in a spreadsheet program, save it without a password as xlsx, and try again";

fn no_workbook(e: impl std::fmt::Display) -> Broken {
    Broken::File(format!("cannot be read as a workbook: {e}"), SAVE)
}

/// The library may panic over hostile bytes; nobody shall see that.
fn guarded<T>(work: impl FnOnce() -> Result<T, Broken>) -> Result<T, Broken> {
    contained(work).unwrap_or_else(|| Err(no_workbook("its parts contradict each other")))
}

pub fn xlsx(path: &Path, name: &str, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    let packed = path.metadata().map_err(Error::io("cannot read", path))?.len();
    let most = MOST_WORKBOOK.min(RATIO_FROM.max(packed.saturating_mul(MOST_RATIO)));
    if exceeds(path, packed, most)? {
        return Err(Broken::File(format!("holds more than {} MB, packed {packed} bytes", most >> 20), TOO_BIG));
    }
    let origin = origin(path)?;
    guarded(|| {
        let file = File::open(path).map_err(Error::io("cannot open", path))?;
        let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(no_workbook)?;
        let mut budget = MOST_BYTES;
        for (number, sheet) in wanted(&book)? {
            let mut out = Sheet::new(scratch, &mut budget)?;
            let mut cells = book.worksheet_cells_reader(&sheet).map_err(no_workbook)?;
            while let Some(cell) = cells.next_cell().map_err(no_workbook)? {
                let (row, column) = cell.get_position();
                out.cell(row, column, |text| shown_ref(cell.get_value(), text))?;
            }
            drop(cells);
            out.finish(name, (number, sheet), "xlsx", &origin, found)?;
        }
        Ok(())
    })
}

pub fn xls(path: &Path, name: &str, scratch: &Scratch, found: &mut Found) -> Result<(), Broken> {
    super::binary::check(path)?;
    let origin = origin(path)?;
    guarded(|| {
        let file = File::open(path).map_err(Error::io("cannot open", path))?;
        let mut book: Xls<_> = Xls::new(BufReader::new(file)).map_err(no_workbook)?;
        let mut budget = MOST_BYTES;
        for (number, sheet) in wanted(&book)? {
            let range = book.worksheet_range(&sheet).map_err(no_workbook)?;
            let (top, left) = range.start().unwrap_or((0, 0));
            let mut out = Sheet::new(scratch, &mut budget)?;
            for (row, column, value) in range.used_cells() {
                out.cell(top + row as u32, left + column as u32, |text| shown(value, text))?;
            }
            out.finish(name, (number, sheet), "xls", &origin, found)?;
        }
        Ok(())
    })
}

fn origin(path: &Path) -> Result<(u64, String), Broken> {
    Ok(files::hash(path)?)
}

/// Visible sheets of cells: hidden ones are lists for drop-downs and leftovers.
fn wanted<R: Reader<BufReader<File>>>(book: &R) -> Result<Vec<(usize, String)>, Broken> {
    let sheets = book.sheets_metadata();
    if sheets.len() > MOST_ENTRIES {
        return Err(Broken::File(format!("has {} sheets", sheets.len()), TOO_BIG));
    }
    let all = sheets.iter().enumerate();
    let visible = all.filter(|(_, s)| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet);
    Ok(visible.map(|(i, s)| (i + 1, s.name.clone())).collect())
}

/// A sheet on its way to CSV.
struct Sheet<'a> {
    path: std::path::PathBuf,
    out: csv::Writer<BufWriter<File>>,
    budget: &'a mut u64,
    row: Option<u32>,
    cells: Vec<String>,
    used: usize,
    any: bool,
}

impl<'a> Sheet<'a> {
    fn new(scratch: &Scratch, budget: &'a mut u64) -> Result<Sheet<'a>, Broken> {
        let path = scratch.place()?;
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        let out = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::with_capacity(1 << 18, file));
        Ok(Sheet { path, out, budget, row: None, cells: Vec::new(), used: 0, any: false })
    }

    /// Cells come row by row; one that steps back is no sheet that a spreadsheet wrote.
    fn cell(&mut self, row: u32, column: u32, show: impl FnOnce(&mut String)) -> Result<(), Broken> {
        if column >= MOST_COLUMNS {
            return Err(Broken::File(format!("has a cell in column {}", u64::from(column) + 1), TOO_BIG));
        }
        if self.row != Some(row) {
            self.end_row()?;
            if self.row.is_some_and(|last| last > row) {
                return Err(no_workbook("its rows are not in order"));
            }
            self.row = Some(row);
        }
        let column = column as usize;
        if self.cells.len() <= column {
            self.cells.resize_with(column + 1, String::new);
        }
        let text = &mut self.cells[column];
        text.clear();
        show(text);
        if !text.is_empty() {
            self.used = self.used.max(column + 1);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Broken> {
        let Some(row) = self.row.filter(|_| self.used > 0) else { return Ok(()) };
        let cells = &self.cells[..self.used];
        let bytes = cells.iter().map(|c| c.len() as u64 + 1).sum::<u64>() + 8;
        *self.budget = self
            .budget
            .checked_sub(bytes)
            .ok_or_else(|| Broken::File(format!("holds more than {} GB of text", MOST_BYTES >> 30), TOO_BIG))?;
        let number = (u64::from(row) + 1).to_string();
        let path = &self.path;
        let failed = |e: csv::Error| Broken::Failed(Error::Failed(format!("cannot write {}: {e}", path.display())));
        let record = std::iter::once(number.as_str()).chain(cells.iter().map(String::as_str));
        self.out.write_record(record).map_err(failed)?;
        self.any = true;
        self.used = 0;
        self.cells.iter_mut().for_each(String::clear);
        Ok(())
    }

    /// An empty sheet is none.
    fn finish(
        mut self,
        book: &str,
        sheet: (usize, String),
        made_of: &'static str,
        origin: &(u64, String),
        found: &mut Found,
    ) -> Result<(), Broken> {
        self.end_row()?;
        self.out.flush().map_err(Error::io("cannot write", &self.path))?;
        if self.any {
            found.pieces.push(Piece {
                name: format!("{book}#{}", sheet.1),
                path: self.path,
                form: Form::Numbered,
                made_of: Some(made_of),
                origin: Some(origin.clone()),
                sheet: Some(sheet),
            });
        }
        Ok(())
    }
}

fn shown_ref(value: &DataRef<'_>, out: &mut String) {
    match value {
        DataRef::String(s) => out.push_str(s),
        DataRef::SharedString(s) => out.push_str(s),
        DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => out.push_str(s),
        DataRef::Int(n) => whole(*n as f64, out),
        DataRef::Float(n) => whole(*n, out),
        DataRef::Bool(b) => out.push_str(if *b { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(at) => time(*at, out),
        DataRef::Error(_) | DataRef::Empty => {}
    }
}

fn shown(value: &Data, out: &mut String) {
    match value {
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => out.push_str(s),
        Data::Int(n) => whole(*n as f64, out),
        Data::Float(n) => whole(*n, out),
        Data::Bool(b) => out.push_str(if *b { "TRUE" } else { "FALSE" }),
        Data::DateTime(at) => time(*at, out),
        Data::Error(_) | Data::Empty => {}
    }
}

/// A number as people see it. One of more digits than a spreadsheet keeps is shown as it would show it, so that it is
/// refused as an id.
fn whole(n: f64, out: &mut String) {
    use std::fmt::Write;
    let _ = if n.abs() >= EXACT { write!(out, "{n:E}") } else { write!(out, "{n}") };
}

/// A date, a time of day or both, to the millisecond. A length of time is given as `H:MM:SS`.
fn time(at: ExcelDateTime, out: &mut String) {
    use std::fmt::Write;
    let value = at.as_f64();
    if !value.is_finite() || !(0.0..2_958_466.0).contains(&value) {
        return whole(value, out);
    }
    if at.is_duration() {
        let seconds = (value * 86_400.0).round() as u64;
        let _ = write!(out, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return;
    }
    let (y, mo, d, h, mi, s, ms) = at.to_ymd_hms_milli();
    if value >= 1.0 {
        let _ = write!(out, "{y:04}-{mo:02}-{d:02}");
    }
    if value < 1.0 || value.fract() != 0.0 {
        let blank = if value >= 1.0 { " " } else { "" };
        let _ = write!(out, "{blank}{h:02}:{mi:02}:{s:02}");
        if ms > 0 {
            let _ = write!(out, ".{ms:03}");
        }
    }
}
