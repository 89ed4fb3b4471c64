//! Markdown: the pages of the department are chapters of `report.md`; a page in a folder (a person's, a rule's) has a
//! file of its own beside its HTML; drawings are files in `charts/`.

use super::{File, Report, stem};
use crate::base::Result;
use crate::report::engine::Engine;
use crate::report::views::Frame;
use crate::report::views::chapter::{Chapter, Figure};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

pub const REPORT: &str = "report.md";
pub const PAGE: &str = "page.md";
pub const DRAWING: &str = "chart.svg";

/// What `report.md` and `page.md` are given.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Chapters")]
pub struct Context<'a> {
    pub frame: &'a Frame,
    pub chapters: Vec<&'a Chapter>,
}

/// What `chart.svg` is given: a drawing in two pieces, so that a style can be put between them.
#[derive(Serialize, JsonSchema)]
pub struct Drawing<'a> {
    /// `<svg …` without its closing `>`.
    pub open: &'a str,
    /// All that follows.
    pub inside: &'a str,
}

pub fn files(report: &Report) -> Result<Vec<File>> {
    let pages: Vec<(&Frame, &Chapter)> = report.pages.iter().map(|p| &p.frame).zip(&report.chapters).collect();
    let (folders, root): (Vec<_>, Vec<_>) = pages.into_iter().partition(|(_, c)| c.file.contains('/'));
    let mut files = Vec::new();
    if let Some((frame, _)) = root.first() {
        let context = Context { frame, chapters: root.iter().map(|(_, c)| *c).collect() };
        files.push((REPORT.to_owned(), report.engine.text(REPORT, &context)?.into_bytes()));
    }
    let one = |(frame, chapter): &(&Frame, &Chapter)| -> Result<File> {
        let context = Context { frame, chapters: vec![chapter] };
        Ok((format!("{}.md", stem(&chapter.file)), report.engine.text(PAGE, &context)?.into_bytes()))
    };
    let made: Vec<Result<File>> = folders.par_iter().map(one).collect();
    files.extend(made.into_iter().collect::<Result<Vec<_>>>()?);
    let figures: Vec<&Figure> = report.chapters.iter().flat_map(|c| &c.parts).flat_map(|p| &p.figures).collect();
    let drawn: Vec<Result<Option<File>>> = figures.par_iter().map(|f| drawing(report.engine, f)).collect();
    files.extend(drawn.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten());
    Ok(files)
}

/// A drawing as a file of its own: with colours instead of the page's, on white.
fn drawing(engine: &Engine, figure: &Figure) -> Result<Option<File>> {
    let Some((file, (open, inside))) = figure.svg.clone().zip(figure.drawing.split_once('>')) else { return Ok(None) };
    let text = engine.text(DRAWING, &Drawing { open, inside })?;
    Ok(Some((file, text.into_bytes())))
}

/// Where a link of an HTML page leads in Markdown: a page in a folder to its own file, any other to its chapter of the
/// report. Nothing in it needs an escape.
pub fn page(href: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~/#".contains(&b);
    target(href).bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn target(href: &str) -> String {
    let (path, _) = href.split_once('#').unwrap_or((href, ""));
    let (up, path) = path.strip_prefix("../").map_or(("", path), |path| ("../", path));
    let stem = stem(path);
    match (path.contains('/'), up) {
        (true, _) => format!("{up}{stem}.md"),
        (false, "") => format!("#{stem}"),
        (false, _) => format!("{up}{REPORT}#{stem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn links_of_pages_become_links_of_markdown() {
        assert_eq!(page("people/A1.html#d-1"), "people/A1.md");
        assert_eq!(page("../people/A1.html"), "../people/A1.md");
        assert_eq!(page("quality.html#not-assessed"), "#quality");
        assert_eq!(page("../index.html"), "../report.md#index");
        assert_eq!(page("people/a](x).html"), "people/a%5D%28x%29.md");
    }
}
