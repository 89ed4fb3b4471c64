//! Exports as platforms and tools write them, through the binary into the lake. All people in them are made up.

mod again;
mod analyst;
mod buyers;
mod chats;
mod containers;
mod fuzz;
mod headers;
mod hostile;
mod orders;
mod people;
mod privacy;
mod registers;
mod staff;

use crate::support::{Project, rows};
use rust_xlsxwriter::Workbook;

/// Text in GB18030.
pub fn gb(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::GB18030.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

/// A workbook of texts, one sheet after the other.
pub fn book(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, cells) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a sheet's name");
        for (r, row) in cells.iter().enumerate() {
            for (c, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(r as u32, c as u16, *cell).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// A zip archive.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// The quarantine: file, row, column.
pub fn quarantine(project: &Project) -> Vec<String> {
    rows(&project.lake("quarantine"), &["source_file", "source_row", "column"])
}

/// A header, and a row with values for some of its columns.
pub fn row(header: &str, values: &[(&str, &str)]) -> String {
    let names: Vec<&str> = header.split(',').collect();
    for (name, _) in values {
        assert!(names.contains(name), "no column {name}");
    }
    let value = |n: &str| values.iter().find(|(name, _)| *name == n).map_or("", |(_, v)| *v).to_owned();
    names.into_iter().map(value).collect::<Vec<_>>().join(",") + "\n"
}
