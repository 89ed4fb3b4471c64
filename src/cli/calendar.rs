//! `kaohe calendar`.

use super::common::{Common, Talk, usage};
use super::output::{Done, Output};
use crate::base::{Error, Month, files};
use crate::calendar::eval::Oracle;
use crate::calendar::question::{date, instant, rfc3339};
use crate::calendar::{Hours, show, span};
use crate::lake::names::{NONE, Names};
use crate::pipeline::project::{Project, calendar_error};
use crate::pipeline::{compute, inputs};
use crate::rules::Plan;
use crate::rules::detect::Event;
use crate::settings::hours::HoursRaw;
use clap::Subcommand;
use serde_json::json;
use std::io::BufRead;
use std::path::PathBuf;

/// Working days, opening hours and deadlines: ask what the figures are reckoned with
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe calendar show 2026-05\n  kaohe calendar between \"2026-05-15 22:50\" \"2026-05-16 09:10\" --hours office\n  \
                  kaohe calendar due cs.online.night_unfinished \"2026-05-15 22:50\""
)]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// Hours of the pipeline
    #[arg(long, value_name = "NAME", default_value = "online", global = true)]
    hours: String,
    /// A TOML file with hours of its own, instead
    #[arg(long, value_name = "FILE", global = true)]
    hours_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A month, day by day
    #[command(after_help = "Example:\n  kaohe calendar show 2026-02")]
    Show {
        /// The month
        #[arg(value_name = "MONTH")]
        shown: Month,
        #[command(flatten)]
        common: Common,
    },
    /// Open time between two instants
    #[command(after_help = "Example:\n  kaohe calendar between \"2026-05-15 17:59\" \"2026-05-18 12:00\"")]
    Between {
        #[arg(value_name = "FROM", help = "A local time, or RFC 3339")]
        from: String,
        #[arg(value_name = "TO", help = "A local time, or RFC 3339")]
        to: String,
        #[command(flatten)]
        common: Common,
    },
    /// When an amount of open time is used up
    #[command(after_help = "Example:\n  kaohe calendar add \"2026-05-15 17:59\" 8h --hours office")]
    Add {
        #[arg(value_name = "FROM", help = "A local time, or RFC 3339")]
        from: String,
        #[arg(value_name = "DURATION", help = "Such as 8h, 2h30m or 45s")]
        duration: String,
        #[command(flatten)]
        common: Common,
    },
    /// Whether a day is a working day, and why
    #[command(after_help = "Example:\n  kaohe calendar workday 2026-05-09")]
    Workday {
        #[arg(value_name = "DATE", help = "The day")]
        date: String,
        #[command(flatten)]
        common: Common,
    },
    /// When something is due by a rule, step by step
    #[command(after_help = "Example:\n  kaohe calendar due cs.aftersales.shipment \"2026-05-15 10:00\"")]
    Due {
        #[arg(value_name = "RULE", help = "The rule's id")]
        rule: String,
        #[arg(value_name = "TIME", help = "When the event began")]
        at: String,
        #[command(flatten)]
        common: Common,
    },
    /// Answer questions: JSON lines in, JSON lines out
    #[command(after_help = "Example:\n  echo '{\"op\":\"workday\",\"date\":\"2026-05-09\"}' | kaohe calendar eval")]
    Eval {
        #[command(flatten)]
        common: Common,
    },
}

impl Args {
    fn common(&self) -> &Common {
        match &self.what {
            What::Show { common, .. }
            | What::Between { common, .. }
            | What::Add { common, .. }
            | What::Workday { common, .. }
            | What::Due { common, .. }
            | What::Eval { common } => common,
        }
    }

    pub fn talk(&self) -> Talk {
        self.common().talk
    }

    fn hours(&self, project: &Project) -> anyhow::Result<Hours> {
        let raw = match &self.hours_file {
            Some(path) => {
                let text = files::read_text(path)?;
                toml::from_str::<HoursRaw>(&text).map_err(|e| usage(format!("{}: {e}", path.display())))?
            }
            None => {
                let known = &project.settings.pipeline.hours;
                known.get(&self.hours).cloned().ok_or_else(|| {
                    let names: Vec<&str> = known.keys().map(String::as_str).collect();
                    usage(format!("--hours: the pipeline has no `{}`; it has {}", self.hours, names.join(", ")))
                })?
            }
        };
        Ok(Hours::compile(&raw, project.zone(), &project.workdays).map_err(Error::Settings)?)
    }
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common().open()?;
    let hours = args.hours(&project)?;
    let time = |text: &str| instant(text, hours.zone()).map_err(usage);
    match &args.what {
        What::Show { shown, .. } => {
            for day in show::month(*shown, &hours, &project.workdays, project.lang()).map_err(calendar_error)? {
                if output.json() {
                    output.object(&serde_json::to_value(&day)?);
                } else {
                    let mark = if day.workday { "●" } else { "○" };
                    output.line(&format!(
                        "{} {} {mark} {}  {}",
                        day.date,
                        day.weekday,
                        day.reason,
                        day.hours.join(" ")
                    ));
                }
            }
        }
        What::Between { from, to, .. } => {
            let ms = hours.between(time(from)?, time(to)?).map_err(calendar_error)?;
            output.answer(&length(ms), json!({"ms": ms}));
        }
        What::Add { from, duration, .. } => {
            let at = hours.add(time(from)?, span::parse(duration).map_err(usage)?).map_err(calendar_error)?;
            let at = rfc3339(at, hours.zone());
            output.answer(&at, json!({"at": at}));
        }
        What::Workday { date: text, .. } => {
            let day = date(text).map_err(usage)?;
            let works = hours.is_workday(day).map_err(calendar_error)?;
            let reason = project.workdays.kind(day).map_err(calendar_error)?.words(project.lang());
            output.answer(&format!("{works} ({reason})"), json!({"workday": works, "reason": reason}));
        }
        What::Due { rule, at, .. } => due(&project, rule, time(at)?, output)?,
        What::Eval { .. } => {
            let mut oracle = Oracle::new(Some(&hours), &project.workdays, project.zone());
            for line in std::io::stdin().lock().lines() {
                let line = line?;
                if !line.trim().is_empty() {
                    output.object(&oracle.answer(&line));
                }
            }
        }
    }
    Ok(())
}

/// The deadline of an event nobody has a shift for: what holds for everyone.
fn due(project: &Project, rule: &str, at: i64, output: &Output) -> Done {
    let book = &project.settings.rulebook;
    let plan = Plan::new(book).map_err(Error::Settings)?;
    let found = book.rules.iter().position(|r| r.id == rule).and_then(|i| plan.detector(i));
    let Some(detector) = found else {
        let ids: Vec<&str> = book.rules.iter().map(|r| r.id.as_str()).collect();
        return Err(usage(format!("the rulebook has no rule `{rule}`; it has {}", ids.join(", "))).into());
    };
    let names = Names::new();
    let dimensions = inputs::Dimensions::default();
    let month = Month::of(project.zone().date(at));
    let scene = compute::Scene::bare(project, month)?;
    let context = compute::context(project, &dimensions, &scene, &names, at)?;
    let event = Event { occurred_at: at, due_at: None, done_at: None, caused_by: NONE };
    let steps = detector.explain(&event, &context, project.lang()).map_err(calendar_error)?;
    // The last step says what was done; a question has none.
    let steps = &steps[..steps.len().saturating_sub(1)];
    output.answer(&steps.join("\n"), json!({"steps": steps}));
    Ok(())
}

fn length(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let t = ms.abs();
    format!("{ms} ms ({sign}{}:{:02}:{:02}.{:03})", t / 3_600_000, t / 60_000 % 60, t / 1000 % 60, t % 1000)
}
