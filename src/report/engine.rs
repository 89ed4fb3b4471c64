//! The template engine: finds templates with all that they include, escapes by kind of file, says which file and line
//! is wrong.

use super::inline::{self, Inline};
use super::words::Words;
use super::{escape, format, forms};
use crate::base::{Diagnostic, Error, Place, Result};
use crate::settings::files::Text;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Gives a template or a catalogue by its name (`index.html`, `partials/base.html`, `words/zh.toml`), and what people
/// call the file; `None` where there is none.
pub type Source<'a> = dyn Fn(&str) -> Result<Option<Text>> + 'a;

/// Kinds of escaping besides HTML, which is minijinja's own.
const MARKDOWN: &str = "markdown";
const CHAT: &str = "chat";

/// Templates, ready to be filled in.
pub struct Engine {
    environment: Environment<'static>,
    /// What people call each template's file.
    files: BTreeMap<String, String>,
}

impl Engine {
    /// Reads these templates and all that they include.
    ///
    /// # Errors
    /// A missing or broken template: settings (exit 2), with its file and, where known, its line.
    pub fn new(names: impl IntoIterator<Item = &'static str>, words: &Arc<Words>, source: &Source) -> Result<Engine> {
        let mut engine = Engine { environment: environment(words)?, files: BTreeMap::new() };
        let mut open: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let (mut seen, mut inside) = (BTreeSet::new(), Inline::default());
        let found = |name: &str| -> Result<Text> {
            let missing =
                || Diagnostic::error("K0904", format!("there is no template `{name}`")).at(Place::file(name, ""));
            Ok(source(name)?.ok_or_else(missing)?)
        };
        while let Some(name) = open.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let text = found(&name)?;
            engine.files.insert(name.clone(), text.name);
            open.extend(referred(&text.text));
            for file in inline::asked(&text.text) {
                inside.add(file, &found(file)?)?;
            }
            let added = engine.environment.add_template_owned(name.clone(), text.text.to_string());
            added.map_err(|e| engine.error(&name, &e))?;
        }
        let policy = inside.policy();
        engine.environment.add_function("policy", move || policy.clone());
        engine.environment.add_function("inline", move |name: &str| {
            let unknown = || {
                let what = format!("`{name}` is not known beforehand: write inline(\"…\") with the name itself");
                minijinja::Error::new(ErrorKind::InvalidOperation, what)
            };
            inside.html(name).map(|html| Value::from_safe_string(html.to_owned())).ok_or_else(unknown)
        });
        Ok(engine)
    }

    /// Fills in a template; what comes out ends with a line's end.
    ///
    /// # Errors
    /// A variable or a text that is not there and whatever else the template gets wrong (exit 2).
    pub fn text(&self, template: &str, context: &impl Serialize) -> Result<String> {
        let filled = self.environment.get_template(template).and_then(|t| t.render(Value::from(Serde(context))));
        let mut text = filled.map_err(|e| self.error(template, &e))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(text)
    }

    fn error(&self, template: &str, error: &minijinja::Error) -> Error {
        let name = error.name().unwrap_or(template);
        let file = self.files.get(name).map_or(name, String::as_str);
        let what = error.detail().map_or_else(|| error.kind().to_string(), |d| format!("{}: {d}", error.kind()));
        let place = match error.line() {
            Some(line) => Place::row(file, line as u64, None, ""),
            None => Place::file(file, ""),
        };
        Diagnostic::error("K0905", format!("a template cannot be used: {what}"))
            .at(place)
            .help("`kaohe schema context` lists what templates are given")
            .into()
    }
}

/// The engine without templates: whatever a page is not given is an error, whatever it is given is escaped.
fn environment(words: &Arc<Words>) -> Result<Environment<'static>> {
    let engine = |e: minijinja::Error| Error::Failed(format!("the template engine refused its setup: {e}"));
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(engine)?);
    environment.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        _ if name == forms::brief::TEMPLATE => AutoEscape::Custom(CHAT.into()),
        Some("md") => AutoEscape::Custom(MARKDOWN.into()),
        _ => AutoEscape::Html,
    });
    environment.set_formatter(write_value);
    environment.add_filter("markdown_page", |href: &str| Value::from_safe_string(forms::markdown::page(href)));
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
        AutoEscape::Custom(kind) if kind == CHAT => escape::chat(&text),
        AutoEscape::Custom(_) => escape::markdown(&text),
        _ => escape::html(&text),
    };
    out.write_str(&text).map_err(minijinja::Error::from)
}
