//! Which tables make which sheets.

use crate::report::views::chapter::{Chapter, Figure};
use crate::report::views::chart::Shape;
use crate::report::views::table::{Cell, Column, Table};
use crate::report::words::Words;
use std::collections::HashMap;

/// One sheet.
#[derive(Debug)]
pub struct Grid {
    /// The page, or what all its pages are.
    pub page: String,
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Said below, such as how many rows are not shown.
    pub note: Option<String>,
    /// How its figures are drawn: (title, shape).
    pub chart: Option<(String, Shape)>,
}

/// Every table with rows, in the order of the pages.
pub fn grids(chapters: &[Chapter], words: &Words) -> Vec<Grid> {
    let mut grids: Vec<Grid> = Vec::new();
    // Where the tables of a folder's pages are gathered: (folder, table, titles of its columns) → place.
    let mut long: HashMap<(&str, &str, Vec<&str>), usize> = HashMap::new();
    for chapter in chapters {
        match &chapter.group {
            None => chapter.parts.iter().for_each(|part| {
                grids.extend(part.figures.iter().filter(|f| !f.table.rows.is_empty()).map(|f| drawn(chapter, f)));
                let tables = part.tables.iter().filter(|t| !t.rows.is_empty());
                grids.extend(tables.map(|t| plain(&chapter.name, t)));
            }),
            Some(group) => {
                for table in chapter.parts.iter().flat_map(|p| &p.tables).filter(|t| !t.rows.is_empty()) {
                    let titles = table.columns.iter().map(|c| c.title.as_str()).collect();
                    let place = *long.entry((group, &table.id, titles)).or_insert_with(|| {
                        grids.push(headed(group, table, chapter.key.is_some(), words));
                        grids.len() - 1
                    });
                    if let Some(grid) = grids.get_mut(place) {
                        append(grid, chapter, table);
                    }
                }
            }
        }
    }
    grids.into_iter().map(|g| with_notes(g, words)).collect()
}

fn plain(page: &str, table: &Table) -> Grid {
    Grid {
        page: page.to_owned(),
        title: table.caption.clone(),
        columns: table.columns.clone(),
        rows: table.rows.clone(),
        note: table.note.clone(),
        chart: None,
    }
}

fn drawn(chapter: &Chapter, figure: &Figure) -> Grid {
    let chart = Some((figure.title.clone(), figure.shape));
    Grid { title: figure.title.clone(), chart, ..plain(&chapter.name, &figure.table) }
}

/// A sheet for the tables of many pages: who each row is of stands before it.
fn headed(group: &str, table: &Table, keyed: bool, words: &Words) -> Grid {
    let names = ["page", "key"].into_iter().take(if keyed { 2 } else { 1 });
    let own =
        names.map(|n| Column { title: words.text(&format!("workbook.{n}")), class: "text", tag: None, href: None });
    Grid { rows: Vec::new(), note: None, columns: own.chain(table.columns.clone()).collect(), ..plain(group, table) }
}

fn append(grid: &mut Grid, chapter: &Chapter, table: &Table) {
    let who = || std::iter::once(Cell::text(&chapter.name)).chain(chapter.key.as_ref().map(Cell::text));
    grid.rows.extend(table.rows.iter().map(|row| who().chain(row.iter().cloned()).collect()));
    grid.note = grid.note.take().or_else(|| table.note.clone());
}

/// A second line of a cell and the mark before it become a column of their own, so that a number stays a number.
fn with_notes(grid: Grid, words: &Words) -> Grid {
    let noted = |i: usize| grid.rows.iter().filter_map(|r| r.get(i)).any(|c| c.note.is_some() || c.tag.is_some());
    let noted: Vec<bool> = (0..grid.columns.len()).map(noted).collect();
    let mut columns = Vec::new();
    for (column, noted) in grid.columns.iter().zip(&noted) {
        columns.push(column.clone());
        if *noted {
            let title = words.fill("workbook.notes", &[("title", &column.title)]);
            columns.push(Column { title, class: "text", tag: None, href: None });
        }
    }
    let mut rows = Vec::new();
    for row in grid.rows {
        let mut wide = Vec::with_capacity(columns.len());
        for (cell, noted) in row.into_iter().zip(&noted) {
            let said: Vec<&str> = cell.tag.iter().chain(&cell.note).map(String::as_str).collect();
            let said = said.join(" ");
            wide.push(cell);
            if *noted {
                wide.push(Cell::text(said));
            }
        }
        rows.push(wide);
    }
    Grid { columns, rows, ..grid }
}
