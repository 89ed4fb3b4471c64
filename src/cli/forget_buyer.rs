//! `kaohe forget-buyer`.

use super::common::{Common, usage};
use super::ingest::say_changed;
use super::output::{Done, Output};
use crate::pipeline::key;
use anyhow::Context;
use std::io::IsTerminal;

/// Removes one buyer's rows for good, on his request; his nick is read from standard input
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kaohe forget-buyer < nick.txt\n  kaohe forget-buyer --buyer-key \
                        1f0c63b9a2d84e571f0c63b9\n\nRaw files are left as they are: delete his rows there yourself. The lake \
                        remembers his pseudonym, so that they are not read again.")]
pub struct Args {
    #[command(flatten)]
    pub common: Common,
    /// His pseudonym as the lake has it, instead of his nick
    #[arg(long, value_name = "HEX")]
    pub buyer_key: Option<String>,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let buyer = match &args.buyer_key {
        Some(hex) if hex.len() == 24 && hex.bytes().all(|b| b.is_ascii_hexdigit()) => hex.clone(),
        Some(_) => return Err(usage("--buyer-key: expected 24 hex digits".to_owned()).into()),
        None => {
            // A nick on the command line would stay in the shell's history.
            if std::io::stdin().is_terminal() {
                output.say("the buyer's nick, then Enter:");
            }
            let mut nick = String::new();
            std::io::stdin().read_line(&mut nick).context("cannot read the nick from standard input")?;
            nick.trim().to_owned()
        }
    };
    if buyer.is_empty() {
        return Err(usage("no nick on standard input".to_owned()).into());
    }
    let changed = key::forget_buyer(&project, &buyer, output)?;
    if !changed.files.is_empty() {
        let files: Vec<&str> = changed.files.iter().map(String::as_str).collect();
        output.say(&format!("raw files that named him: {}", files.join(", ")));
    }
    if changed.rows == 0 {
        output.say("no row of the lake is his: was the nick spelled as in the exports?");
    }
    say_changed("forgot the buyer", &changed, output)
}
