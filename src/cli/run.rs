//! `kaohe run`.

use super::common::{Common, Look};
use super::noted::noted;
use super::output::{Done, Output};
use crate::base::{Month, Ms};
use crate::pipeline::run::{self, Ran};
use crate::pipeline::{Options, Project};
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
    perform(&args.common.open_for_report(&args.look)?, output)
}

/// The same for one month, by a clock. Gives the project back.
pub fn run_month(project: Project, month: Month, as_of: Ms, output: &Output) -> anyhow::Result<Project> {
    let options = Options { months: vec![month], as_of: Some(as_of), ..project.options.clone() };
    let project = Project { options, ..project };
    perform(&project, output).map(|()| project)
}

fn perform(project: &Project, output: &Output) -> Done {
    let months: Vec<String> = project.options.months.iter().map(ToString::to_string).collect();
    let command = std::iter::once("run".to_owned()).chain(months).collect::<Vec<_>>().join(" ");
    let (ran, summary) = noted(project, &command, |begun| run::run(project, output, begun), summary)?;
    tell(&ran, &summary, output);
    Ok(())
}

fn names(months: &[Month]) -> String {
    let all: Vec<String> = months.iter().map(ToString::to_string).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// One line, for a scheduler's log.
fn summary(ran: &Ran) -> String {
    let tables = if ran.rebuilt.is_empty() { "nothing new".to_owned() } else { ran.rebuilt.join(", ") };
    let (done, kept) = (names(&ran.computed.done), names(&ran.computed.kept));
    format!("ingested: {tables} ({} rows); computed: {done}; unchanged: {kept}", ran.rows)
}

fn tell(ran: &Ran, summary: &str, output: &Output) {
    output.diagnostics(&ran.diagnostics);
    output.diagnostics(&ran.computed.diagnostics);
    output.say(summary);
    let pages: Vec<String> = ran.pages.iter().map(|p| p.display().to_string()).collect();
    if output.json() {
        let list = |months: &[Month]| months.iter().map(ToString::to_string).collect::<Vec<_>>();
        output.object(&json!({
            "type": "summary", "rows": ran.rows, "rebuilt": ran.rebuilt, "computed": list(&ran.computed.done),
            "unchanged": list(&ran.computed.kept), "pages": pages,
        }));
    } else {
        pages.iter().for_each(|p| output.line(p));
    }
}
