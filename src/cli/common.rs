//! Options that many commands share.

use crate::base::{Month, Ms, Zone};
use crate::calendar::question;
use crate::pipeline::{Options, Project};
use anyhow::{Context, bail};
use std::path::PathBuf;

/// How much is said, and in which form.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Talk {
    /// One JSON object a line on stdout, for other programs
    #[arg(long)]
    pub json: bool,
    /// Say only what went wrong
    #[arg(short, long)]
    pub quiet: bool,
    /// Say more (notes as well)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Where the project is and which part of it is meant.
#[derive(Debug, clap::Args)]
pub struct Common {
    /// The pipeline file
    #[arg(long, value_name = "FILE", default_value = "pipelines/monthly.toml")]
    pub pipeline: PathBuf,
    /// A month (2026-05) or a range (2026-01..2026-06); may be repeated
    #[arg(long, value_name = "YYYY-MM")]
    pub month: Vec<String>,
    /// Data folder: raw, lake and mart below it (default: as the pipeline says)
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Folder of the reports (default: as the pipeline says)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The clock: a date (its end), or a date and time (default: the newest event of the data)
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Worker threads (default: one for each core)
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
    /// Language of the pages: zh or en (default: as the pipeline says)
    #[arg(long, value_name = "LANG", value_parser = ["zh", "en"])]
    pub lang: Option<String>,
    #[command(flatten)]
    pub talk: Talk,
}

/// How reports look.
#[derive(Debug, clap::Args)]
pub struct Look {
    /// A folder with templates and texts of your own; what it lacks comes from the project, then from the program
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
}

impl Look {
    /// The folder, which must be there: a misspelt one would silently change nothing.
    fn folder(&self) -> anyhow::Result<Option<PathBuf>> {
        match &self.templates {
            Some(dir) if !dir.is_dir() => bail!(usage(format!("--templates: {} is not a folder", dir.display()))),
            dir => Ok(dir.clone()),
        }
    }
}

impl Common {
    /// Opens the project.
    pub fn open(&self) -> anyhow::Result<Project> {
        self.open_with(None)
    }

    /// Opens the project for commands that make reports.
    pub fn open_for_report(&self, look: &Look) -> anyhow::Result<Project> {
        self.open_with(look.folder()?)
    }

    fn open_with(&self, templates: Option<PathBuf>) -> anyhow::Result<Project> {
        self.set_threads()?;
        let mut options = Options {
            months: months(&self.month)?,
            as_of: None,
            data: self.data.clone(),
            out: self.out.clone(),
            lang: self.lang.clone(),
            templates,
        };
        let project = Project::open(&self.pipeline, options.clone())?;
        if let Some(text) = &self.as_of {
            options.as_of = Some(instant(text, project.zone())?);
        }
        Ok(Project { options, ..project })
    }

    /// One budget for both: our buckets run on rayon's global pool; polars has a pool of its own, as large, which works
    /// while ours is idle (audits).
    fn set_threads(&self) -> anyhow::Result<()> {
        if self.threads > 0 {
            // SAFETY: called at the start of a command, before any other thread exists.
            unsafe { std::env::set_var("POLARS_MAX_THREADS", self.threads.to_string()) };
        }
        rayon::ThreadPoolBuilder::new().num_threads(self.threads).build_global().context("cannot start the threads")
    }
}

/// `2026-05`, or `2026-01..2026-06` (both included).
pub fn months(texts: &[String]) -> anyhow::Result<Vec<Month>> {
    let parse = |t: &str| t.parse::<Month>().map_err(|e| usage(format!("--month: {e}")));
    let mut all = Vec::new();
    for text in texts {
        match text.split_once("..") {
            None => all.push(parse(text)?),
            Some((from, to)) => {
                let (mut month, to) = (parse(from)?, parse(to.trim_start_matches('='))?);
                if month > to {
                    bail!(usage(format!("--month: the range {text} ends before it begins")));
                }
                while month <= to {
                    all.push(month);
                    month = month.next();
                }
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// A wrong command line (exit 2).
pub fn usage(message: String) -> crate::base::Error {
    crate::base::Diagnostic::error("K0001", message).into()
}

/// `2026-06-30` (its end), or a time as [`crate::calendar::question::instant`] reads it.
pub fn instant(text: &str, zone: Zone) -> anyhow::Result<Ms> {
    if let Ok(date) = question::date(text) {
        return Ok(zone.end_of(date));
    }
    Ok(question::instant(text, zone).map_err(|e| usage(format!("--as-of: {e}")))?)
}
