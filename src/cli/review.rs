//! `kaohe review`.

use super::common::{Common, Look, usage};
use super::noted::noted;
use super::output::{Done, Output};
use super::passphrase;
use crate::pipeline::Project;
use crate::pipeline::review::{self, Asked, How, Reviewed};
use crate::review::Period;
use serde_json::json;
use std::path::PathBuf;

/// A half-year or a year: one bundle for the review meeting, sealed for whoever checks it later
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe review --half 2026H1\n  kaohe review --year 2026 --pay pay.csv --encrypt\n  kaohe review \
                        --half 2026H1 --open-months\n  kaohe review --half 2026H1 --amend\n\nAll months must be closed \
                        (`kaohe close`). What is sealed is never changed: where late data or settings would give another \
                        bundle, it is refused, and --amend makes the next version with a list of what changed for whom \
                        and why; closed months that got late data are opened, computed and closed again for it.\n\n\
                        The passphrase comes from --passphrase-file, from the variable KAOHE_PASSPHRASE, or from a prompt \
                        (--encrypt)."
)]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(flatten)]
    pub look: Look,
    /// The half-year
    #[arg(long, value_name = "2026H1", required_unless_present = "year", conflicts_with = "year")]
    pub half: Option<String>,
    /// The year
    #[arg(long, value_name = "2026")]
    pub year: Option<String>,
    /// Make a new version of what is sealed
    #[arg(long, conflicts_with = "open_months")]
    pub amend: bool,
    /// Make a draft although months are open; nothing is sealed then
    #[arg(long)]
    pub open_months: bool,
    /// The pay file, for the HR audience alone
    #[arg(long, value_name = "FILE")]
    pub pay: Option<PathBuf>,
    /// Encrypt the archives (AES-256); asks for the passphrase where neither file nor variable gives it
    #[arg(long)]
    pub encrypt: bool,
    /// Encrypt with the passphrase of this file's first line
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl Args {
    fn period(&self) -> anyhow::Result<Period> {
        let (option, text) = match (&self.half, &self.year) {
            (Some(half), _) => ("--half", half),
            (None, year) => {
                ("--year", year.as_ref().ok_or_else(|| usage("name the half-year: --half 2026H1".to_owned()))?)
            }
        };
        let period: Period = text.parse().map_err(|e| usage(format!("{option}: {e}")))?;
        match (period, &self.half) {
            (Period::Year(_), Some(_)) => Err(usage(format!("--half: {text} is a year: use --year")).into()),
            (Period::Half(..), None) => Err(usage(format!("--year: {text} is a half-year: use --half")).into()),
            _ => Ok(period),
        }
    }
}

pub fn run(args: &Args, output: &Output) -> Done {
    let period = args.period()?;
    if !args.common.month.is_empty() {
        return Err(usage("--month: a review takes all months of its half-year or year".to_owned()).into());
    }
    let mut passphrase = passphrase::given(args.passphrase_file.as_deref())?;
    if passphrase.is_none() && args.encrypt {
        passphrase = Some(passphrase::asked(true)?);
    }
    let asked = Asked { period, amend: args.amend, open_months: args.open_months, pay: args.pay.clone(), passphrase };
    perform(&args.common.open_for_report(&args.look)?, &asked, output)
}

/// Makes the bundle, notes it, tells of it; the folder is the product.
pub fn perform(project: &Project, asked: &Asked, output: &Output) -> Done {
    let command = format!("review {}", asked.period);
    let work = |begun: &dyn Fn() -> crate::base::Result<()>| review::review(project, asked, output, begun);
    let (done, summary) = noted(project, &command, work, |done| summary(asked, done))?;
    output.diagnostics(&done.told);
    output.say(&summary);
    let folder = done.folder.display().to_string();
    if !output.json() {
        output.line(&folder);
        return Ok(());
    }
    let (how, version, seal, changes) = match &done.how {
        How::Sealed { version, seal, changes } => ("sealed", *version, Some(seal), *changes),
        How::Draft { .. } => ("draft", 0, None, None),
        How::Unchanged { version } => ("unchanged", *version, None, None),
    };
    output.object(&json!({
        "type": "summary", "period": asked.period.to_string(), "how": how, "version": version, "seal": seal,
        "changes": changes, "folder": folder,
    }));
    Ok(())
}

/// One line, for a scheduler's log.
fn summary(asked: &Asked, done: &Reviewed) -> String {
    let period = asked.period;
    match &done.how {
        How::Sealed { version, changes: None, .. } => format!("{period} is sealed as {period}-v{version}"),
        How::Sealed { version, changes: Some(n), .. } => {
            format!(
                "{period} is sealed as {period}-v{version}: {n} change(s) since the version before, see hr/changes.html"
            )
        }
        How::Draft { open } => {
            let open: Vec<String> = open.iter().map(ToString::to_string).collect();
            format!("{period} is a draft, not sealed: {} not closed", open.join(", "))
        }
        How::Unchanged { version } => format!("{period} is sealed as {period}-v{version}; nothing has changed since"),
    }
}
