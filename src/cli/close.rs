//! `kaohe close`.

use super::common::{Common, usage};
use super::output::{Done, Output};
use crate::pipeline::close;
use serde_json::json;

/// Freezes the results of months, once their last deadline is over
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe close --month 2026-05 --as-of 2026-06-08\n  kaohe close --month 2026-05 --force \
                        \"paid on the 5th\"\n  kaohe close --month 2026-05 --reopen \"wrong roster\"\n\nData that comes \
                        later is told by `kaohe run` and changes nothing. Every closing and reopening stays in closed.jsonl."
)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    /// Close although a deadline is still running; the reason is kept
    #[arg(long, value_name = "REASON")]
    pub force: Option<String>,
    /// Open closed months again; the reason is kept
    #[arg(long, value_name = "REASON", conflicts_with = "force")]
    pub reopen: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let months = &project.options.months;
    if months.is_empty() {
        return Err(usage("name the month: --month 2026-05".to_owned()).into());
    }
    if [&args.force, &args.reopen].iter().any(|r| r.as_ref().is_some_and(|r| r.trim().is_empty())) {
        return Err(usage("the reason is empty: it is kept for whoever asks later".to_owned()).into());
    }
    let names: Vec<String> = months.iter().map(ToString::to_string).collect();
    if let Some(reason) = &args.reopen {
        close::reopen(&project, months, reason)?;
        output.summary(&format!("open again: {}", names.join(", ")), json!({"type": "summary", "reopened": names}));
        return Ok(());
    }
    let done = close::close(&project, months, args.force.as_deref())?;
    let closed: Vec<String> = done.iter().map(|c| c.month.to_string()).collect();
    let text = if closed.is_empty() { "closed already".to_owned() } else { format!("closed: {}", closed.join(", ")) };
    output.summary(&text, json!({"type": "summary", "closed": closed}));
    Ok(())
}
