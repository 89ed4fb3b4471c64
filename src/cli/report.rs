//! `kaohe report`.

use super::common::{Common, Look};
use super::output::{Done, Output};
use crate::pipeline::stage;
use serde_json::json;

/// The mart into pages
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe report --month 2026-05 --lang en\n  kaohe report --templates our-templates")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub look: Look,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open_for_report(&args.look)?;
    let pages: Vec<String> = stage::report(&project)?.iter().map(|p| p.display().to_string()).collect();
    if output.json() {
        output.object(&json!({"type": "summary", "pages": pages}));
    } else {
        pages.iter().for_each(|p| output.line(p));
    }
    Ok(())
}
