//! What an analyst is told: a code, a sentence, the places it is about and how to mend it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::{Value, json};
use std::sync::Arc;

/// How bad it is. Only `Error` stops a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The file as a whole.
    File,
    /// A row (1-based, as an editor or a spreadsheet counts) and, where known, a column's name.
    Row { row: u64, column: Option<String> },
    /// A byte range of a text that is small enough to be kept: settings and rulebooks.
    Span { text: Arc<str>, start: usize, end: usize },
}

/// A labelled place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    pub at: At,
    pub label: String,
}

impl Place {
    pub fn file(file: impl Into<String>, label: impl Into<String>) -> Self {
        Place { file: file.into(), at: At::File, label: label.into() }
    }

    pub fn row(file: impl Into<String>, row: u64, column: Option<&str>, label: impl Into<String>) -> Self {
        Place { file: file.into(), at: At::Row { row, column: column.map(str::to_owned) }, label: label.into() }
    }

    pub fn span(
        file: impl Into<String>,
        text: &Arc<str>,
        span: std::ops::Range<usize>,
        label: impl Into<String>,
    ) -> Self {
        let end = span.end.min(text.len());
        Place {
            file: file.into(),
            at: At::Span { text: text.clone(), start: span.start.min(end), end },
            label: label.into(),
        }
    }

    /// 1-based line and column (in characters) of a span, or the row of a table.
    pub fn line_column(&self) -> (Option<u64>, Option<u64>) {
        match &self.at {
            At::File => (None, None),
            At::Row { row, .. } => (Some(*row), None),
            At::Span { text, start, .. } => {
                let before = text.get(..*start).unwrap_or("");
                let line = before.matches('\n').count() as u64 + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u64 + 1;
                (Some(line), Some(column))
            }
        }
    }
}

/// One finding. `code` is stable (`K0101`), so that people can look it up and filters keep working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub places: Vec<Place>,
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { code, severity: Severity::Error, message: message.into(), places: Vec::new(), help: None }
    }

    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Self::error(code, message) }
    }

    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Note, ..Self::error(code, message) }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.places.push(place);
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// For people: `error[K0101]: …` with the marked lines of the file.
    pub fn render(&self, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let mut group = Group::with_title(level.primary_title(self.message.as_str()).id(self.code));
        let mut plain = Vec::new();
        for place in &self.places {
            match &place.at {
                At::Span { text, start, end } => {
                    group = group.element(
                        Snippet::source(text.as_ref())
                            .path(place.file.as_str())
                            .annotation(AnnotationKind::Primary.span(*start..*end).label(place.label.as_str())),
                    );
                }
                At::Row { row, column } => plain.push(format!(
                    "  --> {}:{}{}{}",
                    place.file,
                    row,
                    column.as_ref().map(|c| format!(" [{c}]")).unwrap_or_default(),
                    colon(&place.label)
                )),
                At::File => plain.push(format!("  --> {}{}", place.file, colon(&place.label))),
            }
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let mut out = renderer.render(&[group]).to_string();
        for line in plain {
            out.push('\n');
            out.push_str(&line);
        }
        if let Some(help) = &self.help {
            out.push_str("\n  = help: ");
            out.push_str(help);
        }
        out
    }

    /// For programs: one JSON object.
    pub fn to_json(&self) -> Value {
        let places: Vec<Value> = self
            .places
            .iter()
            .map(|p| {
                let (line, column) = p.line_column();
                let name = match &p.at {
                    At::Row { column, .. } => column.clone(),
                    _ => None,
                };
                json!({"file": p.file, "line": line, "column": column, "field": name, "label": p.label})
            })
            .collect();
        json!({
            "type": "diagnostic", "code": self.code, "severity": self.severity.as_str(),
            "message": self.message, "places": places, "help": self.help,
        })
    }
}

fn colon(label: &str) -> String {
    if label.is_empty() { String::new() } else { format!(": {label}") }
}
