//! `kaohe schema`.

use super::common::{Talk, usage};
use super::output::{Done, Output};
use crate::lake::schema::{Column, Floor, Table, Type, tables};
use crate::report::context;
use crate::settings::files::built_in;
use serde_json::{Value, json};

/// The tables, the settings and what templates are given as JSON Schema, for editors and other programs
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  kaohe schema tables\n  kaohe schema settings > kaohe.schema.json\n  kaohe schema context --example"
)]
pub struct Args {
    /// What to print
    #[arg(value_enum)]
    pub what: What,
    /// Instead of the schema of `context`, what the templates of a small report are given
    #[arg(long)]
    pub example: bool,
    #[command(flatten)]
    pub talk: Talk,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum What {
    /// Every table of lake and mart with its columns
    Tables,
    /// Pipeline, preset, rulebook, source mapping and half-year
    Settings,
    /// What each template is given, and report.json
    Context,
}

pub fn run(args: &Args, output: &Output) -> Done {
    if args.example && !matches!(args.what, What::Context) {
        return Err(usage("--example: only `context` has one".to_owned()).into());
    }
    let schema = match args.what {
        What::Settings => crate::settings::schema(),
        What::Context if args.example => context::example(&|name| Ok(built_in(name)))?,
        What::Context => context::schema(),
        What::Tables => Value::Object(tables().map(|t| (t.name.to_owned(), table(t))).collect()),
    };
    output.line(&serde_json::to_string_pretty(&schema)?);
    Ok(())
}

fn table(table: &Table) -> Value {
    let columns = table.all_columns();
    let properties = columns.iter().map(|c| (c.name.to_owned(), property(c))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.name,
        "description": table.doc,
        "type": "object",
        "properties": Value::Object(properties),
        "required": columns.iter().filter(|c| !c.null).map(|c| c.name).collect::<Vec<_>>(),
        "x-folder": if table.floor == Floor::Lake { "lake" } else { "mart" },
        "x-key": table.key,
        "x-month": table.month_by,
        "x-bucketed": table.bucketed,
    })
}

fn property(c: &Column) -> Value {
    let (json_type, parquet) = match c.kind {
        Type::Utf8 => (json!("string"), "utf8"),
        Type::Utf8List => (json!("array"), "list<utf8>"),
        Type::Int64 => (json!("integer"), "int64"),
        Type::Int32 => (json!("integer"), "int32"),
        Type::Bool => (json!("boolean"), "bool"),
        Type::Date => (json!("string"), "date32"),
        Type::Time => (json!("string"), "timestamp[ms, UTC]"),
        Type::Evidence => (json!("array"), "list<struct<table: utf8, source_file: utf8, source_row: int64>>"),
    };
    let json_type = if c.null { json!([json_type, "null"]) } else { json_type };
    let mut property = json!({"type": json_type, "x-parquet": parquet});
    if !c.words.is_empty() {
        property["enum"] = c.words.iter().map(|w| json!(w)).chain(c.null.then_some(Value::Null)).collect();
    }
    property
}
