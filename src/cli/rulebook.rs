//! `kaohe rulebook`.

use super::common::{Common, Talk};
use super::output::{Done, Output};
use crate::base::Error;
use crate::pipeline::{examples, project::Project};
use crate::rules::Plan;
use crate::settings::docs;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;

/// The rules: check them, run their examples, write their reference
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe rulebook check\n  kaohe rulebook test --rule cs.reply.missed\n  kaohe rulebook docs > rules.md"
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Every problem of the rulebook with file, line and column
    #[command(after_help = "Example:\n  kaohe rulebook check --json")]
    Check {
        #[command(flatten)]
        common: Common,
    },
    /// Run the rules' examples
    #[command(after_help = "Example:\n  kaohe rulebook test --rule cs.online.day_unfinished")]
    Test {
        /// One rule alone
        #[arg(long, value_name = "ID")]
        rule: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// The reference page of all rules, as Markdown
    #[command(after_help = "Example:\n  kaohe rulebook docs --write docs/rulebook.md")]
    Docs {
        /// Write to this file instead of stdout
        #[arg(long, value_name = "FILE")]
        write: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    },
}

impl Args {
    pub fn talk(&self) -> Talk {
        match &self.what {
            What::Check { common } | What::Test { common, .. } | What::Docs { common, .. } => common.talk,
        }
    }
}

pub fn run(args: &Args, output: &Output) -> Done {
    match &args.what {
        What::Check { common } => check(&common.open()?, output),
        What::Test { rule, common } => test(&common.open()?, rule.as_deref(), output),
        What::Docs { write, common } => {
            let project = common.open()?;
            let text = docs::rulebook(&project.settings.rulebook, project.lang());
            match write {
                Some(path) => crate::base::files::write_atomic(path, text.as_bytes())?,
                None => output.line(text.trim_end()),
            }
            Ok(())
        }
    }
}

fn check(project: &Project, output: &Output) -> Done {
    let book = &project.settings.rulebook;
    Plan::new(book).map_err(Error::Settings)?;
    let rules = book.rules.len();
    output.summary(
        &format!("rulebook {}: {rules} rules, no problems", book.version),
        json!({"type": "summary", "version": book.version, "rules": rules}),
    );
    Ok(())
}

fn test(project: &Project, rule: Option<&str>, output: &Output) -> Done {
    if let Some(id) = rule
        && !project.settings.rulebook.rules.iter().any(|r| r.id == id)
    {
        return Err(super::common::usage(format!("the rulebook has no rule `{id}`")).into());
    }
    let tested = examples::test(project, rule)?;
    let failed: Vec<_> = tested.iter().filter_map(|t| t.problem.clone()).collect();
    output.summary(
        &format!("{} examples, {} failed", tested.len(), failed.len()),
        json!({"type": "summary", "examples": tested.len(), "failed": failed.len()}),
    );
    if failed.is_empty() { Ok(()) } else { Err(Error::Differs(failed).into()) }
}
