//! Most pages are a sheet: sections of sentences, figures, charts and tables, one below the other. One template shows
//! them all, and every other form of the report is made of the same sheets.

use super::chart::Chart;
use super::overview::Headline;
use super::table::Table;
use crate::report::words::Words;
use schemars::JsonSchema;
use serde::Serialize;

/// A page of sections.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Sheet {
    /// Names the page: `service`, `shop`, …
    pub id: &'static str,
    pub title: String,
    /// What the page says at once.
    pub lead: Vec<String>,
    pub sections: Vec<Section>,
}

/// One section; its title is the catalogue's `section.ID`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Section {
    pub id: &'static str,
    pub title: String,
    pub notes: Vec<String>,
    pub headlines: Vec<Headline>,
    pub charts: Vec<Chart>,
    pub tables: Vec<Table>,
    /// Long: the tables are shown when asked for.
    pub folded: bool,
}

impl Sheet {
    pub fn new(id: &'static str, title: String) -> Sheet {
        Sheet { id, title, lead: Vec::new(), sections: Vec::new() }
    }

    #[must_use]
    pub fn lead(mut self, text: impl Into<String>) -> Sheet {
        self.lead.push(text.into());
        self
    }

    #[must_use]
    pub fn section(mut self, section: Section) -> Sheet {
        self.sections.push(section);
        self
    }
}

impl Section {
    pub fn new(id: &'static str, words: &Words) -> Section {
        Section {
            id,
            title: words.text(&format!("section.{id}")),
            notes: Vec::new(),
            headlines: Vec::new(),
            charts: Vec::new(),
            tables: Vec::new(),
            folded: false,
        }
    }

    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Section {
        self.notes.push(text.into());
        self
    }

    #[must_use]
    pub fn headlines(mut self, all: Vec<Headline>) -> Section {
        self.headlines = all;
        self
    }

    #[must_use]
    pub fn chart(mut self, chart: Chart) -> Section {
        self.charts.push(chart);
        self
    }

    #[must_use]
    pub fn table(mut self, table: Table) -> Section {
        self.tables.push(table);
        self
    }

    #[must_use]
    pub fn folded(mut self) -> Section {
        self.folded = true;
        self
    }
}
