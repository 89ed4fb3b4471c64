//! What templates are given, described: as a JSON Schema, and as an example from a small report.

use super::engine::Source;
use super::forms::{brief, json, markdown};
use super::render::catalogue;
use super::views::brief::brief as short;
use super::views::{self, Frame, View, definitions, form, overview, person, quality, rule, sheet};
use super::{example, views::chapter::Chapter};
use crate::base::{Error, Result};
use schemars::SchemaGenerator;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Gives a view's schema.
type SchemaOf = fn(&mut SchemaGenerator) -> schemars::Schema;

/// The templates of pages and what their `view` is. A test compares the list with the pages.
const PAGES: [(&str, SchemaOf); 6] = [
    ("index.html", SchemaGenerator::subschema_for::<overview::Overview>),
    ("sheet.html", SchemaGenerator::subschema_for::<sheet::Sheet>),
    ("person.html", SchemaGenerator::subschema_for::<person::PersonPage>),
    ("rule.html", SchemaGenerator::subschema_for::<rule::RulePage>),
    ("quality.html", SchemaGenerator::subschema_for::<quality::QualityPage>),
    ("definitions.html", SchemaGenerator::subschema_for::<definitions::DefinitionsPage>),
];

/// The JSON Schema of an object that holds, by the name of the template, what it is given; and `report.json`.
pub fn schema() -> Value {
    let mut generator = SchemaGenerator::default();
    let frame = generator.subschema_for::<Frame>();
    let mut properties = Map::new();
    for (template, view) in PAGES {
        let view = view(&mut generator);
        let given = json!({
            "type": "object", "properties": {"frame": frame, "view": view}, "required": ["frame", "view"],
        });
        properties.insert(template.to_owned(), given);
    }
    let forms = generator.subschema_for::<form::Forms>();
    properties.insert(
        form::TEMPLATE.to_owned(),
        json!({"type": "object", "properties": {"frame": frame, "view": forms}, "required": ["frame", "view"]}),
    );
    let chapters = generator.subschema_for::<markdown::Context>();
    for template in [markdown::REPORT, markdown::PAGE] {
        properties.insert(template.to_owned(), json!(chapters));
    }
    properties.insert(markdown::DRAWING.to_owned(), json!(generator.subschema_for::<markdown::Drawing>()));
    properties.insert(brief::TEMPLATE.to_owned(), json!(generator.subschema_for::<brief::Context>()));
    properties.insert(json::FILE.to_owned(), json!(generator.subschema_for::<json::Whole>()));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What the templates of a report are given",
        "description": "By the name of the template, and report.json. Besides these, a template has the function \
            t(\"key\", name=value), which gives a text of the catalogue (words/zh.toml, words/en.toml), and in Markdown the \
            filter markdown_page, which turns a page's link into its link in Markdown. Values are escaped for the kind of \
            file. A variable or a text that is not there is an error.",
        "type": "object",
        "properties": properties,
        "$defs": generator.take_definitions(true),
    })
}

/// What the templates of a small report are given: for each kind of page its first one.
///
/// # Errors
/// A catalogue that lacks a text.
pub fn example(source: &Source) -> Result<Value> {
    let inputs = example::inputs("zh");
    let words = catalogue(&inputs.lang, source)?;
    let pages = views::pages(&inputs, &words)?;
    let chapters: Vec<Chapter> = pages.iter().map(|p| p.chapter(&words)).collect();
    let mut given = Map::new();
    for (template, _) in PAGES {
        let page = pages.iter().find(|p| p.files.iter().any(|(_, t)| *t == template));
        if let Some(page) = page {
            given.insert(template.to_owned(), json!({"frame": value(&page.frame)?, "view": value(&page.view)?}));
        }
    }
    let person = pages.iter().find_map(|p| match &p.view {
        View::Person(page) => Some((&p.frame, page)),
        _ => None,
    });
    if let Some((frame, page)) = person {
        let forms = form::Forms::example(page);
        given.insert(form::TEMPLATE.to_owned(), json!({"frame": value(frame)?, "view": value(&forms)?}));
    }
    for (template, folder) in [(markdown::REPORT, false), (markdown::PAGE, true)] {
        let found = pages.iter().zip(&chapters).find(|(_, c)| c.file.contains('/') == folder);
        if let Some((page, chapter)) = found {
            let context = markdown::Context { frame: &page.frame, chapters: vec![chapter] };
            given.insert(template.to_owned(), value(&context)?);
        }
    }
    let drawings = chapters.iter().flat_map(|c| &c.parts).flat_map(|p| &p.figures).map(|f| f.drawing.as_str());
    if let Some((open, inside)) = drawings.filter_map(|d| d.split_once('>')).next() {
        given.insert(markdown::DRAWING.to_owned(), value(&markdown::Drawing { open, inside })?);
    }
    let message = short(&inputs, &words)?;
    given.insert(brief::TEMPLATE.to_owned(), value(&brief::Context { brief: &message })?);
    if let Some(whole) = json::Whole::of(&inputs, &chapters) {
        given.insert(json::FILE.to_owned(), json::value(&whole)?);
    }
    words.check()?;
    Ok(Value::Object(given))
}

fn value(given: &impl Serialize) -> Result<Value> {
    serde_json::to_value(given).map_err(|e| Error::Failed(format!("what a template is given has no JSON: {e}")))
}
