//! The command line: one file per command; parses, calls one function, prints. The only room that knows the clock, the
//! environment and the terminal.

mod calendar;
mod close;
mod common;
mod compare;
mod completions;
mod compute;
mod explain;
mod forget_buyer;
mod ingest;
mod init;
mod key;
mod noted;
mod output;
mod passphrase;
mod report;
mod review;
mod rows;
mod rulebook;
mod run;
mod sample;
mod schedule;
mod schema;
mod status;
mod template;
mod verify;

use crate::base::error::is_contained;
use clap::{CommandFactory, Parser, Subcommand};
use output::Output;
use std::process::ExitCode;

/// kaohe (考核): from a month of exports to a report whose every number leads to its rows.
#[derive(Debug, Parser)]
#[command(
    name = "kaohe",
    version,
    about,
    help_expected = true,
    propagate_version = true,
    after_help = "Examples:\n  kaohe init shop && cd shop      a new project; put exports into data/raw\n  \
                  kaohe run                       everything: raw files to report\n  \
                  kaohe explain 1f0c63b9a2d84e57  why a deduction was made\n\n\
                  Exit codes: 0 done, 1 failed, 2 settings or usage, 3 data refused, 4 lake locked, 5 differences found"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Run(run::Args),
    Ingest(ingest::Args),
    Compute(compute::Args),
    Report(report::Args),
    Explain(explain::Args),
    Rows(rows::Args),
    Status(status::Args),
    Compare(compare::Args),
    Close(close::Args),
    Review(review::Args),
    Verify(verify::Args),
    Schedule(schedule::Args),
    Rulebook(rulebook::Args),
    Calendar(calendar::Args),
    Key(key::Args),
    ForgetBuyer(forget_buyer::Args),
    Sample(sample::Args),
    Schema(schema::Args),
    Template(template::Args),
    Completions(completions::Args),
}

impl Command {
    fn run(&self, output: &Output) -> output::Done {
        match self {
            Command::Init(args) => init::run(args, output),
            Command::Run(args) => run::run(args, output),
            Command::Ingest(args) => ingest::run(args, output),
            Command::Compute(args) => compute::run(args, output),
            Command::Report(args) => report::run(args, output),
            Command::Explain(args) => explain::run(args, output),
            Command::Rows(args) => rows::run(args, output),
            Command::Status(args) => status::run(args, output),
            Command::Compare(args) => compare::run(args, output),
            Command::Close(args) => close::run(args, output),
            Command::Review(args) => review::run(args, output),
            Command::Verify(args) => verify::run(args, output),
            Command::Schedule(args) => schedule::run(args, output),
            Command::Rulebook(args) => rulebook::run(args, output),
            Command::Calendar(args) => calendar::run(args, output),
            Command::Key(args) => key::run(args, output),
            Command::ForgetBuyer(args) => forget_buyer::run(args, output),
            Command::Sample(args) => sample::run(args, output),
            Command::Schema(args) => schema::run(args, output),
            Command::Template(args) => template::run(args, output),
            Command::Completions(args) => completions::run(args, output),
        }
    }

    fn talk(&self) -> common::Talk {
        match self {
            Command::Init(a) => a.talk,
            Command::Run(a) => a.common.talk,
            Command::Ingest(a) => a.common.talk,
            Command::Compute(a) => a.common.talk,
            Command::Report(a) => a.common.talk,
            Command::Explain(a) => a.common.talk,
            Command::Rows(a) => a.common.talk,
            Command::Status(a) => a.common.talk,
            Command::Compare(a) => a.common.talk,
            Command::Close(a) => a.common.talk,
            Command::Review(a) => a.common.talk,
            Command::Verify(a) => a.common.talk,
            Command::Schedule(a) => a.common.talk,
            Command::Rulebook(a) => a.talk(),
            Command::Calendar(a) => a.talk(),
            Command::Key(a) => a.talk(),
            Command::ForgetBuyer(a) => a.common.talk,
            Command::Sample(a) => a.talk,
            Command::Schema(a) => a.talk,
            Command::Template(a) => a.talk(),
            Command::Completions(a) => a.talk,
        }
    }
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    // What a library makes of hostile bytes is told as a finding about the file.
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !is_contained() {
            usual(info);
        }
    }));
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are successes (0); usage errors are 2, as documented.
            let _ = e.print();
            return ExitCode::from(e.exit_code().clamp(0, 2) as u8);
        }
    };
    let output = Output::new(cli.command.talk());
    match cli.command.run(&output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => ExitCode::from(output.failed(&e)),
    }
}

/// The command tree, for the test of `--help` and for completions.
pub fn command() -> clap::Command {
    Cli::command()
}
