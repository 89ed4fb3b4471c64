//! `kaohe completions`.

use super::common::Talk;
use super::output::{Done, Output};
use clap_complete::{Shell, generate};

/// A script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kaohe completions bash > ~/.local/share/bash-completion/completions/kaohe\n  \
                  kaohe completions powershell >> $PROFILE")]
pub struct Args {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
    #[command(flatten)]
    pub talk: Talk,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let mut script = Vec::new();
    generate(args.shell, &mut super::command(), "kaohe", &mut script);
    output.line(String::from_utf8(script)?.trim_end());
    Ok(())
}
