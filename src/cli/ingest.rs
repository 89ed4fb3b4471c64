//! `kaohe ingest`.

use super::common::Common;
use super::output::{Done, Output};
use crate::base::Error;
use crate::pipeline::stage;
use serde_json::json;

/// Raw files into the lake: read, map, check, make buyers pseudonymous
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe ingest --data data -v")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
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
