//! A page as every form but HTML takes it: parts of sentences, charts and tables, whatever kind of page it is. A form
//! knows no single page, so a page that is added appears in all of them.

use super::chart::{Chart, Shape};
use super::overview::Headline;
use super::table::{Cell, Table};
use super::{Frame, Page, View, layout};
use crate::report::format::NOTHING;
use crate::report::words::Words;
use schemars::JsonSchema;
use serde::Serialize;

/// One page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Chapter {
    /// The HTML page that says the same, relative to the report's folder.
    pub file: String,
    /// The page's name in the navigation, or the person, rule, shop, team that it is about.
    pub name: String,
    pub title: String,
    /// The id behind the name, where two pages may have one name: of a person, of a rule.
    pub key: Option<String>,
    /// For a page in a folder: what the folder holds.
    pub group: Option<String>,
    pub lead: Vec<String>,
    pub parts: Vec<Part>,
}

/// What stands under one heading.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Part {
    /// Unique in its chapter; links lead to it.
    pub id: String,
    pub title: String,
    pub notes: Vec<String>,
    pub figures: Vec<Figure>,
    pub tables: Vec<Table>,
}

/// A chart: its drawing is a file beside the report, its values are a table.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Figure {
    pub id: String,
    pub title: String,
    pub description: String,
    /// The drawing, relative to the report's folder; none where there is nothing to draw.
    pub svg: Option<String>,
    pub table: Table,
    #[serde(skip)]
    pub drawing: String,
    #[serde(skip)]
    pub shape: Shape,
}

impl Page {
    /// The page for the other forms.
    pub fn chapter(&self, words: &Words) -> Chapter {
        let mut chapter = match &self.view {
            View::Overview(view) => layout::overview(view, &self.frame, words),
            View::Sheet(sheet) => layout::sheet(sheet, words),
            View::Person(view) => layout::person(view, words),
            View::Rule(view) => layout::rule(view, &self.frame, words),
            View::Quality(view) => layout::quality(view, &self.frame, words),
            View::Definitions(view) => layout::definitions(view, words),
        };
        chapter.file = self.files.first().map_or_else(String::new, |(file, _)| file.clone());
        chapter.name = self.frame.title.clone();
        chapter.group = group(&self.frame);
        let stem = chapter.file.trim_end_matches(".html").to_owned();
        for figure in chapter.parts.iter_mut().flat_map(|p| &mut p.figures) {
            figure.svg = (!figure.drawing.is_empty()).then(|| format!("charts/{stem}-{}.svg", figure.id));
        }
        chapter
    }
}

/// What leads to a page in a folder: the crumb between the overview and the page.
fn group(frame: &Frame) -> Option<String> {
    (!frame.root.is_empty()).then(|| frame.crumbs.get(1).map(|c| c.text.clone())).flatten()
}

impl Chapter {
    pub(super) fn new(title: impl Into<String>) -> Chapter {
        Chapter {
            file: String::new(),
            name: String::new(),
            title: title.into(),
            key: None,
            group: None,
            lead: Vec::new(),
            parts: Vec::new(),
        }
    }

    pub(super) fn lead(mut self, said: impl IntoIterator<Item = String>) -> Chapter {
        self.lead.extend(said);
        self
    }

    pub(super) fn part(mut self, part: Part) -> Chapter {
        self.parts.push(part);
        self
    }
}

impl Part {
    pub(super) fn new(id: &str, title: String) -> Part {
        Part { id: id.to_owned(), title, notes: Vec::new(), figures: Vec::new(), tables: Vec::new() }
    }

    pub(super) fn notes(mut self, said: impl IntoIterator<Item = String>) -> Part {
        self.notes.extend(said);
        self
    }

    pub(super) fn headlines(mut self, all: &[Headline], words: &Words) -> Part {
        if !all.is_empty() {
            self.tables.push(figures(all, words));
        }
        self
    }

    pub(super) fn charts(mut self, charts: &[Chart]) -> Part {
        self.figures.extend(charts.iter().map(|c| Figure {
            id: c.id.clone(),
            title: c.title.clone(),
            description: c.description.clone(),
            svg: None,
            table: c.table.clone(),
            drawing: c.wide.clone(),
            shape: c.shape,
        }));
        self
    }

    pub(super) fn tables<'a>(mut self, tables: impl IntoIterator<Item = &'a Table>) -> Part {
        self.tables.extend(tables.into_iter().cloned());
        self
    }
}

/// Headlines as a table; the year before and the target are columns where any figure has them.
fn figures(all: &[Headline], words: &Words) -> Table {
    let (year, target) = (all.iter().any(|h| h.year.is_some()), all.iter().any(|h| h.target.is_some()));
    let mut columns = vec!["figure", "#this_month", "#change", "#month_before"];
    columns.extend(year.then_some("#year_before"));
    columns.extend(target.then_some("#target"));
    columns.push("notes");
    let mut table = Table::new("headlines", &columns, words);
    for h in all {
        let [now, before, of_year, wanted] = h.numbers.map(|n| Cell::quantity(n, words));
        let moved = |change: &Option<super::overview::Change>| {
            change.as_ref().map(|c| (format!("{} {}", c.arrow, c.text), c.mark))
        };
        let compared =
            |cell: Cell, with: &Option<super::overview::Compared>| match with.as_ref().and_then(|w| moved(&w.change)) {
                Some((text, mark)) => cell.note(text).mark(mark),
                None => cell,
            };
        let change = moved(&h.change);
        let notes: Vec<&str> = h.notes.iter().map(|n| &n.text).chain(&h.provisional).map(String::as_str).collect();
        let mut row = vec![
            Cell::text(&h.name),
            now.tag(h.provisional.as_ref().map(|_| words.text("provisional"))),
            change.map_or_else(|| Cell::text(NOTHING), |(text, mark)| Cell::text(text).mark(mark)),
            before,
        ];
        row.extend(year.then(|| compared(of_year, &h.year)));
        row.extend(target.then(|| compared(wanted, &h.target)));
        row.push(Cell::text(notes.join(" · ")));
        table.push(row);
    }
    table
}
