//! `kaohe compute`.

use super::common::Common;
use super::output::{Done, Output};
use crate::pipeline::stage;
use serde_json::json;

/// Lake into the mart: sessions, rounds, backlog, conversion, deductions, scores
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe compute --month 2026-01..2026-06 --as-of 2026-07-08")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let computed = stage::compute(&project, output)?;
    output.diagnostics(&computed.diagnostics);
    let names = |months: &[crate::base::Month]| months.iter().map(ToString::to_string).collect::<Vec<_>>();
    let (done, kept) = (names(&computed.done), names(&computed.kept));
    output.summary(
        &format!("computed: {}; unchanged: {}", done.join(", "), kept.join(", ")),
        json!({"type": "summary", "computed": done, "unchanged": kept}),
    );
    Ok(())
}
