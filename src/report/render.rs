//! From views to files: templates, escaping by kind of file, one `Vec` of finished files.

use super::data::Inputs;
use super::inline::{self, Inline};
use super::views::{self, Page};
use super::words::Words;
use super::{escape, format};
use crate::base::{Diagnostic, Error, Place, Result};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior, context};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Escapes Markdown; HTML is minijinja's own kind.
const MARKDOWN: &str = "markdown";

/// Makes every file of a report: (name relative to the report's folder, bytes), in a fixed order.
///
/// `templates` gives a template's or a catalogue's text by name (`index.html`, `partials/base.html`,
/// `words/zh.toml`). A missing or broken one is an error of the settings that names the file and, where known, the
/// line.
pub fn render(inputs: &Inputs, templates: &dyn Fn(&str) -> Option<String>) -> Result<Vec<(String, Vec<u8>)>> {
    let words = Arc::new(catalogue(&inputs.lang, templates)?);
    let pages = views::pages(inputs, &words)?;
    words.check()?;

    let mut names: BTreeSet<&str> = BTreeSet::new();
    names.extend(pages.iter().flat_map(|p| p.files.iter().map(|(_, template)| *template)));
    let environment = environment(names, &words, templates)?;

    let mut files = Vec::new();
    for page in &pages {
        render_page(&environment, page, &mut files)?;
    }
    words.check()?;
    Ok(files)
}

/// The texts of a language.
pub fn catalogue(lang: &str, templates: &dyn Fn(&str) -> Option<String>) -> Result<Words> {
    let name = Words::file(lang);
    let source = templates(&name).ok_or_else(|| {
        Diagnostic::error("K0903", format!("there is no catalogue of texts for `{lang}`"))
            .at(Place::file(&name, ""))
            .help("write `lang = \"zh\"` or `lang = \"en\"`, or add the file")
    })?;
    Words::parse(lang, &source)
}

fn render_page(environment: &Environment, page: &Page, files: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    let frame = Value::from(Serde(&page.frame));
    let view = Value::from(Serde(&page.view));
    for (file, template) in &page.files {
        let text = environment
            .get_template(template)
            .and_then(|t| t.render(context! { frame => frame.clone(), view => view.clone() }))
            .map_err(|e| template_error(template, &e))?;
        files.push((file.clone(), text.into_bytes()));
    }
    Ok(())
}

/// The pages' templates and all that they include.
fn environment(
    names: BTreeSet<&str>,
    words: &Arc<Words>,
    templates: &dyn Fn(&str) -> Option<String>,
) -> Result<Environment<'static>> {
    let engine = |e: minijinja::Error| Error::Failed(format!("the template engine refused its setup: {e}"));
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(engine)?);
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("md") => AutoEscape::Custom(MARKDOWN.into()),
        _ => AutoEscape::Html,
    });
    environment.set_formatter(write_value);
    let texts = words.clone();
    environment.add_function("t", move |key: &str, values: Kwargs| -> Result<String, minijinja::Error> {
        let missing =
            || minijinja::Error::new(ErrorKind::InvalidOperation, format!("the catalogue has no text `{key}`"));
        texts.get(key).ok_or_else(missing)?;
        let names: Vec<String> = values.args().map(str::to_owned).collect();
        let mut filled = Vec::new();
        for name in &names {
            filled.push((name.as_str(), values.get::<String>(name)?));
        }
        let filled: Vec<(&str, &str)> = filled.iter().map(|(n, v)| (*n, v.as_str())).collect();
        Ok(texts.fill(key, &filled))
    });

    let mut open: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let (mut seen, mut inside) = (BTreeSet::new(), Inline::default());
    let missing =
        |name: &str| Diagnostic::error("K0904", format!("there is no template `{name}`")).at(Place::file(name, ""));
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let source = templates(&name).ok_or_else(|| missing(&name))?;
        open.extend(referred(&source));
        for file in inline::asked(&source) {
            inside.add(file, &templates(file).ok_or_else(|| missing(file))?)?;
        }
        environment.add_template_owned(name.clone(), source).map_err(|e| template_error(&name, &e))?;
    }
    let policy = inside.policy();
    environment.add_function("policy", move || policy.clone());
    environment.add_function("inline", move |name: &str| {
        let unknown = || {
            let what = format!("`{name}` is not known beforehand: write inline(\"…\") with the name itself");
            minijinja::Error::new(ErrorKind::InvalidOperation, what)
        };
        inside.html(name).map(|html| Value::from_safe_string(html.to_owned())).ok_or_else(unknown)
    });
    Ok(environment)
}

/// Names that a template extends, includes or imports, as far as they are written out.
fn referred(source: &str) -> impl Iterator<Item = String> {
    source.split("{%").skip(1).filter_map(|tag| {
        let tag = tag.split("%}").next()?.trim_start_matches(['-', '+']).trim_start();
        let refers = ["extends", "include", "import", "from"].iter().any(|word| tag.starts_with(word));
        refers.then(|| tag.split('"').nth(1).map(str::to_owned)).flatten()
    })
}

/// Writes a value into a page. Nothing (`none`) is a dash, a bare boolean is a mistake of the template, and every text
/// is escaped for the kind of file.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_undefined() {
        return Err(minijinja::Error::from(ErrorKind::UndefinedError));
    }
    if value.kind() == ValueKind::Bool {
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, "a boolean has no text of its own"));
    }
    let text = if value.is_none() { format::NOTHING.to_owned() } else { value.to_string() };
    let text = match state.auto_escape() {
        _ if value.is_safe() => text,
        AutoEscape::Custom(_) => escape::markdown(&text),
        _ => escape::html(&text),
    };
    out.write_str(&text).map_err(minijinja::Error::from)
}

fn template_error(template: &str, error: &minijinja::Error) -> Error {
    let file = error.name().unwrap_or(template).to_owned();
    let what = error.detail().map_or_else(|| error.kind().to_string(), |d| format!("{}: {d}", error.kind()));
    let place = match error.line() {
        Some(line) => Place::row(&file, line as u64, None, ""),
        None => Place::file(&file, ""),
    };
    Diagnostic::error("K0905", format!("a template cannot be used: {what}")).at(place).into()
}
