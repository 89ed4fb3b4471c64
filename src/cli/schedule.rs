//! `kaohe schedule`.

use super::common::{Common, usage};
use super::output::{Done, Output};
use super::run::run_month;
use super::{passphrase, review};
use crate::base::{Ms, files};
use crate::pipeline::project::root_of;
use crate::pipeline::review::Asked;
use crate::pipeline::schedule::{self, Due, Place};
use crate::pipeline::{Options, Project};
use crate::review::Period;
use anyhow::Context;
use serde_json::json;
use std::path::PathBuf;

/// Units for a scheduler; or what is due now
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe schedule --write systemd --to units\n  kaohe schedule --due\n\n--due runs the month \
                        before on the third working day from 06:00 on (provisional) and again on the 8th, when its last \
                        deadline is over. In January and July the half-year follows: sealed where all its months are \
                        closed, else as a draft, and sealed the morning after they are closed. At any other time it \
                        says that nothing is due. Ask it each morning."
)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    /// Write the units of this scheduler
    #[arg(long, value_enum, required_unless_present = "due")]
    pub write: Option<Scheduler>,
    /// Folder for the units
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub to: PathBuf,
    /// Run what is due now
    #[arg(long, conflicts_with = "write")]
    pub due: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum Scheduler {
    Systemd,
    Cron,
}

pub fn run(args: &Args, output: &Output) -> Done {
    if args.due {
        return due(args, output);
    }
    let project = args.common.open()?;
    let folder = std::fs::canonicalize(root_of(&args.common.pipeline).join(".")).context("cannot find the project")?;
    let program = std::env::current_exe().context("cannot find the program")?;
    let pipeline = std::fs::canonicalize(&args.common.pipeline).ok();
    let pipeline = pipeline.and_then(|p| p.strip_prefix(&folder).ok().map(PathBuf::from));
    let pipeline = pipeline.unwrap_or_else(|| args.common.pipeline.clone());
    let text = |path: &std::path::Path| {
        path.to_str()
            .map(str::to_owned)
            .ok_or_else(|| usage(format!("{} is no text that a unit can hold: move the project", path.display())))
    };
    let place = Place {
        program: text(&program)?,
        folder: text(&folder)?,
        pipeline: text(&pipeline)?,
        zone: project.zone().to_string(),
    };
    let written = match args.write {
        Some(Scheduler::Cron) => schedule::cron(&place),
        _ => schedule::systemd(&place),
    };
    for (name, unit) in &written {
        let path = args.to.join(name);
        files::write_atomic(&path, unit.as_bytes())?;
        output.line(&path.display().to_string());
    }
    Ok(())
}

/// The clock is the wall's here, where `--as-of` does not say otherwise: a scheduler asks what is due now.
fn due(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let now = project.options.as_of.unwrap_or_else(|| chrono::Utc::now().timestamp_millis());
    match schedule::due(&project, now)? {
        Due::Nothing => {
            output.summary("nothing is due", json!({"type": "summary", "due": "nothing"}));
            Ok(())
        }
        Due::Provisional(month) | Due::Final { month, half: false } => run_month(project, month, now, output).map(drop),
        Due::Final { month, half: true } => {
            half_year(run_month(project, month, now, output)?, schedule::half_of(month), now, output)
        }
        Due::Half(half) => half_year(project, half, now, output),
    }
}

/// Seals the half-year where all its months are closed; else a draft, so that nobody finds a failure each morning while
/// months wait to be closed.
fn half_year(project: Project, period: Period, now: Ms, output: &Output) -> Done {
    let options = Options { months: Vec::new(), as_of: Some(now), ..project.options.clone() };
    let passphrase = passphrase::given(None)?;
    let asked = Asked { period, amend: false, open_months: true, pay: None, passphrase };
    review::perform(&Project { options, ..project }, &asked, output)
}
