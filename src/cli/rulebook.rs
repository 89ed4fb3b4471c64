//! `kaohe rulebook`.

use super::common::{Common, Talk};
use super::output::{Done, Output};
use crate::base::Error;
use crate::pipeline::diff::{Change, MonthDiff};
use crate::pipeline::{diff, examples, inputs, project::Project, stage};
use crate::rules::Plan;
use crate::settings::{docs, load_rulebook};
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
    /// What another rulebook would have done to past months: per rule and person, before and after
    #[command(after_help = "Example:\n  kaohe rulebook diff pipelines/rulebook rulebook-2027 --month 2026-01..2026-06")]
    Diff {
        /// Folder of the rulebook before
        old: PathBuf,
        /// Folder of the rulebook after
        new: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

impl Args {
    pub fn talk(&self) -> Talk {
        match &self.what {
            What::Check { common }
            | What::Test { common, .. }
            | What::Docs { common, .. }
            | What::Diff { common, .. } => common.talk,
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
        What::Diff { old, new, common } => compare(&common.open()?, [old, new], output),
    }
}

fn compare(project: &Project, folders: [&PathBuf; 2], output: &Output) -> Done {
    let book = |folder: &PathBuf| {
        let found = if folder.is_dir() { std::fs::canonicalize(folder)? } else { folder.clone() };
        Ok::<_, anyhow::Error>(load_rulebook(&project.files, &found.to_string_lossy())?)
    };
    let (old, new) = (book(folders[0])?, book(folders[1])?);
    let months = match project.options.months.as_slice() {
        [] => inputs::months(&stage::manifest(project)?),
        months => months.to_vec(),
    };
    let diffs = diff::diff(project, [&old, &new], &months, output)?;
    for d in &diffs {
        print(project, d, output);
    }
    let changed = diffs.iter().filter(|d| !d.is_empty()).count();
    output.summary(
        &format!("{} months, {changed} of them differ between {} and {}", diffs.len(), old.version, new.version),
        json!({"type": "summary", "months": diffs.len(), "differ": changed, "old": old.version, "new": new.version}),
    );
    Ok(())
}

fn print(project: &Project, d: &MonthDiff, output: &Output) {
    let zh = project.lang() != "en";
    let month = d.month.map_or_else(String::new, |m| m.to_string());
    let points = |n: i64| format!("{}.{:02}", n / 100, n % 100);
    for (kind, zh_kind, changes) in [("rule", "规则", &d.rules), ("person", "人员", &d.people)] {
        for (subject, Change { count, points: p }) in changes {
            let label = if zh { zh_kind } else { kind };
            let (a, b) = (points(p[0]), points(p[1]));
            output.answer(
                &format!("{month} {label} {subject}: {} → {}, −{a} → −{b}", count[0], count[1]),
                json!({"type": kind, "month": month, "id": subject, "count": count, "points": p}),
            );
        }
    }
    for (staff, [(before, old), (after, new)]) in &d.scores {
        let (a, b) = (points((*before).into()), points((*after).into()));
        output.answer(
            &format!("{month} {} {staff}: {a} {old} → {b} {new}", if zh { "得分" } else { "score" }),
            json!({"type": "score", "month": month, "id": staff, "score": [before, after], "grade": [old, new]}),
        );
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
