//! `kaohe template`.

use super::common::{Talk, months, usage};
use super::output::{Done, Output};
use crate::pipeline::{Options, Project, template};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

/// Forms that people fill in
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe template registers --month 2026-05")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The workbook of the registers: a sheet for each, with drop-downs, checks and a help sheet
    #[command(
        after_help = "Examples:\n  kaohe template registers --month 2026-05                  登记表-2026-05.xlsx\n  \
                      kaohe template registers --out data/raw/registers-2026-05.xlsx --lang en"
    )]
    Registers {
        /// The file (default: 登记表.xlsx or registers.xlsx in the current folder, with the month in its name)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The month that the workbook is for, such as 2026-05
        #[arg(long, value_name = "YYYY-MM")]
        month: Option<String>,
        /// Write over a file that is there already
        #[arg(long)]
        force: bool,
        /// The pipeline file
        #[arg(long, value_name = "FILE", default_value = "pipelines/monthly.toml")]
        pipeline: PathBuf,
        /// Language of the workbook: zh or en (default: as the pipeline says)
        #[arg(long, value_name = "LANG", value_parser = ["zh", "en"])]
        lang: Option<String>,
        #[command(flatten)]
        talk: Talk,
    },
}

impl Args {
    pub fn talk(&self) -> Talk {
        let What::Registers { talk, .. } = &self.what;
        *talk
    }
}

pub fn run(args: &Args, output: &Output) -> Done {
    let What::Registers { out, month, force, pipeline, lang, .. } = &args.what;
    let month = match months(month.as_slice())?.as_slice() {
        [] => None,
        [month] => Some(*month),
        _ => return Err(usage("--month: a workbook is for one month, such as 2026-05".to_owned()).into()),
    };
    let project = Project::open(pipeline, Options { lang: lang.clone(), ..Options::default() })?;
    let written = template::registers(&project, month, out.as_deref(), *force)?;
    let path = written.path.display().to_string();
    output.summary(
        &format!("{} sheets in {path}; fill it in and put it into {}", written.sheets.len(), project.raw.display()),
        json!({"type": "summary", "file": path, "sheets": written.sheets}),
    );
    Ok(())
}
