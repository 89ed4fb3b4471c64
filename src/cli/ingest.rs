//! `kaohe ingest`.

use super::common::Common;
use super::output::{Done, Output};
use crate::base::{Error, Severity};
use crate::ingest::change::Changed;
use crate::ingest::preview::Preview;
use crate::pipeline::{key, stage};
use serde_json::json;

/// Rejected rows of a file that a dry run shows.
const SHOWN: usize = 5;

/// Raw files into the lake: recognise, read, map, check, make buyers pseudonymous
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe ingest --data data -v\n  kaohe ingest --dry-run            what each file is taken \
                        for\n  kaohe ingest --forget a.csv       takes a file's rows out of the lake again"
)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    /// Say what each file is taken for and what is wrong with it; write nothing
    #[arg(long, conflicts_with = "forget")]
    pub dry_run: bool,
    /// Take the rows of this raw file (its name below the raw folder) out of the lake
    #[arg(long, value_name = "FILE")]
    pub forget: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    if args.dry_run {
        let (files, diagnostics) = key::dry_run(&project)?;
        files.iter().for_each(|f| output.answer(&text(f), object(f)));
        let (wrong, told): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(|d| d.severity == Severity::Error);
        let (passed_over, told): (Vec<_>, Vec<_>) = told.into_iter().partition(|d| d.severity == Severity::Note);
        passed_over.iter().for_each(|d| output.answer(&d.message, d.to_json()));
        output.diagnostics(&told);
        return if wrong.is_empty() { Ok(()) } else { Err(Error::Refused(wrong).into()) };
    }
    if let Some(name) = &args.forget {
        return say_changed(&format!("forgot {name}"), &key::forget_file(&project, name, output)?, output);
    }
    let outcome = stage::ingest(&project, output)?;
    if !outcome.refused.is_empty() {
        return Err(Error::Refused(outcome.diagnostics).into());
    }
    output.diagnostics(&outcome.diagnostics);
    let tables = if outcome.rebuilt.is_empty() { "nothing new".to_owned() } else { outcome.rebuilt.join(", ") };
    output.summary(
        &format!("ingested: {tables} ({} rows)", outcome.rows),
        json!({"type": "summary", "rows": outcome.rows, "rebuilt": outcome.rebuilt}),
    );
    Ok(())
}

/// Says what a change of the lake did.
pub fn say_changed(what: &str, changed: &Changed, output: &Output) -> Done {
    let list = |all: Vec<String>| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    let months: Vec<String> = changed.months.iter().map(ToString::to_string).collect();
    let months_text = list(months.clone());
    output.summary(
        &format!(
            "{what}: {} row(s) less; tables: {}; months that change: {months_text}\nrun `kaohe run` for new results; pages of \
             months that hold nothing any more, and bundles that are sealed, stay as they are: remove those by hand",
            changed.rows,
            list(changed.tables.clone())
        ),
        json!({
            "type": "summary", "rows": changed.rows, "tables": changed.tables, "months": months,
            "files": changed.files,
        }),
    );
    Ok(())
}

fn text(f: &Preview) -> String {
    let from = |(column, names): &(String, Vec<String>)| match names.as_slice() {
        [] => column.clone(),
        names => format!("{column} = {}", names.join(" / ")),
    };
    let mapped: Vec<String> = f.mapped.iter().map(from).collect();
    let mut lines = vec![
        f.name.clone(),
        format!("  source    {} -> {} ({})", f.source, f.table, f.encoding),
        format!(
            "  rows      {} read, {} rejected, {} sums or empty rows passed over",
            f.rows,
            f.rejects.len(),
            f.skipped
        ),
        format!("  mapped    {}", mapped.join(", ")),
    ];
    if !f.unmapped.is_empty() {
        lines.push(format!("  not used  {}", f.unmapped.join(", ")));
    }
    for r in f.rejects.iter().take(SHOWN) {
        let column = r.column.as_ref().map_or_else(String::new, |c| format!(", column {c}"));
        let value = r.value_mask.as_ref().map_or_else(String::new, |v| format!(" ({v})"));
        lines.push(format!("  rejected  row {}{column}{value}: {}", r.row, r.reason));
    }
    lines.join("\n")
}

fn object(f: &Preview) -> serde_json::Value {
    json!({
        "type": "file", "file": f.name, "source": f.source, "table": f.table, "encoding": f.encoding, "rows": f.rows,
        "skipped": f.skipped, "rejected": f.rejects.len(), "unmapped": f.unmapped,
        "mapped": f.mapped.iter().map(|(column, from)| json!({"column": column, "from": from})).collect::<Vec<_>>(),
        "rejects": f.rejects.iter().take(SHOWN).map(|r| json!({
            "row": r.row, "column": r.column, "value_mask": r.value_mask, "reason": r.reason,
        })).collect::<Vec<_>>(),
    })
}
