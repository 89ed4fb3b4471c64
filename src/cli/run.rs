//! `kaohe run`.

use super::common::{Common, Look};
use super::output::{Done, Output};
use crate::pipeline::run;
use serde_json::json;

/// Everything: raw files into the lake, months that changed into the mart, the newest complete month into pages
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe run --month 2026-05 --out reports\n  kaohe run --templates our-templates")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub look: Look,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open_for_report(&args.look)?;
    let ran = run::run(&project, output)?;
    output.diagnostics(&ran.diagnostics);
    output.diagnostics(&ran.computed.diagnostics);
    let names = |months: &[crate::base::Month]| months.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (done, kept) = (names(&ran.computed.done), names(&ran.computed.kept));
    let tables = if ran.rebuilt.is_empty() { "nothing new".to_owned() } else { ran.rebuilt.join(", ") };
    output.say(&format!("ingested: {tables} ({} rows)", ran.rows));
    output.say(&format!(
        "computed: {}; unchanged: {}",
        if done.is_empty() { "none".to_owned() } else { done.join(", ") },
        if kept.is_empty() { "none".to_owned() } else { kept.join(", ") }
    ));
    let pages: Vec<String> = ran.pages.iter().map(|p| p.display().to_string()).collect();
    if output.json() {
        output.object(&json!({
            "type": "summary", "rows": ran.rows, "rebuilt": ran.rebuilt, "computed": done, "unchanged": kept,
            "pages": pages,
        }));
    } else {
        pages.iter().for_each(|p| output.line(p));
    }
    Ok(())
}
