//! The forms of a report. All of them take what they say from the same views; a form knows no single page.

pub mod brief;
mod html;
pub mod json;
pub mod markdown;
pub mod workbook;

use super::data::Inputs;
use super::engine::Engine;
use super::views::Page;
use super::views::brief::Brief;
use super::views::chapter::Chapter;
use super::words::Words;
use crate::base::Result;

/// A finished file: its name relative to the report's folder, with `/`, and its bytes.
pub type File = (String, Vec<u8>);

/// What every form is made of.
pub struct Report<'a> {
    pub inputs: &'a Inputs,
    pub words: &'a Words,
    pub engine: &'a Engine,
    pub pages: Vec<Page>,
    /// The same pages, in the same order, for forms other than HTML.
    pub chapters: Vec<Chapter>,
    pub brief: Brief,
}

/// Makes the files of a form.
type Form = fn(&Report) -> Result<Vec<File>>;

/// Which files are written, and what makes them.
pub const FORMS: [(&str, Form); 5] = [
    ("*.html, people/*.html, …: the site, a file a page", html::files),
    ("report.md, people/*.md, …, charts/**.svg: the whole report as Markdown", markdown::files),
    ("brief.md: a message for DingTalk, WeCom and Feishu", brief::files),
    ("report.xlsx: every table, typed", workbook::files),
    ("report.json: the same for other programs", json::files),
];

/// Templates of the forms other than HTML.
pub const TEMPLATES: [&str; 4] = [markdown::REPORT, markdown::PAGE, markdown::DRAWING, brief::TEMPLATE];

/// The part of a page's file name that its kin in other forms share: `people/A1` of `people/A1.html`.
fn stem(file: &str) -> &str {
    file.strip_suffix(".html").unwrap_or(file)
}
