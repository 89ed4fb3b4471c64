//! Tables and cells as pages show them: text with its alignment, its link and the bare number to sort by.

use crate::base::time::day_of;
use crate::base::{Ms, Zone};
use crate::report::format::{Quantity, Unit, show};
use crate::report::words::Words;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

/// A link inside the report.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Link {
    pub text: String,
    /// `None`: nothing to lead to, the text alone.
    pub href: Option<String>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Column {
    pub title: String,
    /// `text` or `num` (right-aligned, figures of one width).
    pub class: &'static str,
    /// A mark on all its figures, such as that they are provisional.
    pub tag: Option<String>,
    /// Where its figures come from: the page of the key figure.
    pub href: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Cell {
    pub text: String,
    pub href: Option<String>,
    /// A second, smaller line.
    pub note: Option<String>,
    /// How it is meant: `good`, `warn`, `bad`, `mute`.
    pub mark: Option<&'static str>,
    /// A small mark before the text, such as that it is provisional.
    pub tag: Option<String>,
    /// Length of a bar behind the figure, percent.
    pub bar: Option<i64>,
    /// The bare number, to sort by.
    pub value: Option<i64>,
    /// What the bare number counts; none where the text alone says it.
    pub unit: Option<Unit>,
}

impl From<String> for Link {
    fn from(text: String) -> Link {
        Link { text, href: None }
    }
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    pub fn link(link: Link) -> Cell {
        Cell { text: link.text, href: link.href, ..Cell::default() }
    }

    pub fn quantity(quantity: Option<Quantity>, words: &Words) -> Cell {
        let (value, unit) = (quantity.map(Quantity::raw), quantity.map(Quantity::unit));
        Cell { text: show(quantity, words), value, unit, ..Cell::default() }
    }

    pub fn count(n: i64, words: &Words) -> Cell {
        Cell::quantity(Some(Quantity::Count(n)), words)
    }

    /// A number that is a name: written without separators.
    pub fn number(n: i64) -> Cell {
        Cell::text(n.to_string()).worth(n, Unit::Number)
    }

    /// A day, written as `text` says it.
    pub fn date(text: impl Into<String>, date: NaiveDate) -> Cell {
        Cell::text(text).worth(i64::from(day_of(date)), Unit::Date)
    }

    /// A moment; empty where there is none.
    pub fn time(at: Option<Ms>, zone: Zone) -> Cell {
        let Some(at) = at else { return Cell::default() };
        let local = zone.local(at).and_utc().timestamp_millis();
        Cell::text(zone.format(at)).worth(local, Unit::Time)
    }

    /// What a text of its own stands for.
    #[must_use]
    pub fn worth(mut self, value: i64, unit: Unit) -> Cell {
        (self.value, self.unit) = (Some(value), Some(unit));
        self
    }

    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Cell {
        let note = note.into();
        self.note = (!note.is_empty()).then_some(note);
        self
    }

    #[must_use]
    pub fn tag(mut self, tag: Option<String>) -> Cell {
        self.tag = tag;
        self
    }

    #[must_use]
    pub fn mark(mut self, mark: &'static str) -> Cell {
        self.mark = Some(mark);
        self
    }
}

/// A table with its caption; `empty` is said where there are no rows.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Table {
    pub id: String,
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub empty: String,
    /// Said below, such as how many rows are not shown.
    pub note: Option<String>,
    /// The rows are figures of different units: only their own order makes sense.
    pub fixed: bool,
}

impl Table {
    /// A table without rows yet. Texts come from `table.ID.caption` and `column.NAME`; a name that starts with `#` is
    /// a column of figures.
    pub fn new(id: &str, columns: &[&str], words: &Words) -> Table {
        let columns = columns.iter().map(|name| match name.strip_prefix('#') {
            Some(name) => Column { title: words.text(&format!("column.{name}")), class: "num", tag: None, href: None },
            None => Column { title: words.text(&format!("column.{name}")), class: "text", tag: None, href: None },
        });
        Table {
            id: id.to_owned(),
            caption: words.text(&format!("table.{id}")),
            columns: columns.collect(),
            rows: Vec::new(),
            empty: words.text("table.empty"),
            note: None,
            fixed: false,
        }
    }

    /// Keeps readers from sorting rows that cannot be compared.
    #[must_use]
    pub fn fixed(mut self) -> Table {
        self.fixed = true;
        self
    }

    /// Adds a column of figures with a title of its own.
    pub fn figure_column(&mut self, title: String) {
        self.columns.push(Column { title, class: "num", tag: None, href: None });
    }

    /// Adds a column of texts with a title of its own.
    pub fn text_column(&mut self, title: String) {
        self.columns.push(Column { title, class: "text", tag: None, href: None });
    }

    /// Says where a column's figures come from.
    pub fn leads(&mut self, column: usize, href: String) {
        if let Some(column) = self.columns.get_mut(column) {
            column.href = Some(href);
        }
    }

    /// The same for the last column.
    pub fn last_leads(&mut self, href: String) {
        self.leads(self.columns.len().saturating_sub(1), href);
    }

    /// Marks the last column.
    pub fn tag(&mut self, tag: Option<String>) {
        if let Some(column) = self.columns.last_mut() {
            column.tag = tag;
        }
    }

    pub fn push(&mut self, row: Vec<Cell>) {
        self.rows.push(row);
    }

    /// Keeps the first `most` rows and says how many there were.
    #[must_use]
    pub fn at_most(mut self, most: usize, words: &Words) -> Table {
        self.note = cut(self.rows.len(), most, words);
        self.rows.truncate(most);
        self
    }

    /// Draws a bar behind the figures of a column, in proportion to its largest.
    #[must_use]
    pub fn with_bars(mut self, column: usize) -> Table {
        let cells = || self.rows.iter().filter_map(|r| r.get(column)?.value);
        let largest = cells().max().unwrap_or(0).max(1);
        for cell in self.rows.iter_mut().filter_map(|r| r.get_mut(column)) {
            cell.bar = cell.value.map(|v| v.clamp(0, largest).saturating_mul(100) / largest);
        }
        self
    }
}

/// `shows the first 50 of 1,234`; `None` where all are shown.
pub fn cut(all: usize, most: usize, words: &Words) -> Option<String> {
    let show = |n: usize| crate::report::format::grouped(n as i64);
    (all > most).then(|| words.fill("table.cut", &[("shown", &show(most)), ("all", &show(all))]))
}
