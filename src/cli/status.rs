//! `kaohe status`.

use super::common::Common;
use super::output::{Done, Output};
use crate::base::Zone;
use crate::pipeline::journal::Stage;
use crate::pipeline::status::{self, MonthStatus, Published, Status};
use serde_json::json;

/// How each month stands: data, results, pages, provisional, closed, sealed; and how the last run ended
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe status")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let status = status::status(&project)?;
    for month in &status.months {
        output.answer(&text(month, project.zone()), object(month, project.zone()));
    }
    output.diagnostics(&status.damaged_seals);
    if let Some(entry) = &status.last_run {
        let how = how(&status);
        output.answer(
            &format!("last run  {} {}: {how}{}", entry.begun_at, entry.command, dash(&entry.message)),
            json!({
                "type": "last_run", "command": entry.command, "begun_at": entry.begun_at, "how": how,
                "message": entry.message, "exit_code": entry.exit_code,
            }),
        );
    }
    if status.months.is_empty() {
        output.say("no data yet: put exports into data/raw and run `kaohe run`");
    }
    Ok(())
}

fn dash(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" - {message}") }
}

fn how(status: &Status) -> &'static str {
    match status.last_run.as_ref().map(|e| e.stage) {
        Some(Stage::Done) => "done",
        Some(Stage::Failed) => "failed",
        _ if status.interrupted => "was killed; the next run completes what it left",
        _ => "works",
    }
}

fn computed(m: &MonthStatus) -> &'static str {
    match (&m.computed, m.current) {
        (None, _) => "not computed",
        (Some(_), true) => "computed",
        (Some(_), false) => "data or settings changed since it was computed",
    }
}

fn published(m: &MonthStatus) -> &'static str {
    match m.published {
        Published::No => "no pages",
        Published::Stale => "pages of earlier results",
        Published::Yes => "published",
    }
}

fn text(m: &MonthStatus, zone: Zone) -> String {
    let rows: u64 = m.rows.values().sum();
    let mut parts = vec![format!("{rows} rows"), computed(m).to_owned(), published(m).to_owned()];
    if let Some(state) = &m.computed {
        parts.push(format!("as of {}", zone.format(state.as_of)));
        parts.push(if state.provisional { "provisional" } else { "final" }.to_owned());
    }
    if let Some(closed) = &m.closed {
        let forced = closed.forced.as_ref().map_or_else(String::new, |why| format!(" (forced: {why})"));
        parts.push(format!("closed{forced}"));
    }
    if !m.sealed.is_empty() {
        parts.push(format!("sealed in {}", m.sealed.join(", ")));
    }
    format!("{}  {}", m.month, parts.join("; "))
}

fn object(m: &MonthStatus, zone: Zone) -> serde_json::Value {
    json!({
        "type": "month", "month": m.month.to_string(), "rows": m.rows, "computed": computed(m), "published": published(m),
        "as_of": m.computed.as_ref().map(|s| zone.format(s.as_of)),
        "provisional": m.computed.as_ref().map(|s| s.provisional),
        "closed": m.closed.is_some(), "forced": m.closed.as_ref().and_then(|c| c.forced.clone()),
        "sealed": m.sealed,
    })
}
