//! `kaohe key`.

use super::common::Common;
use super::ingest::say_changed;
use super::output::{Done, Output};
use crate::pipeline::key;
use serde_json::json;
use std::path::PathBuf;

/// The buyer key: back it up, rotate it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kaohe key backup /mnt/safe/kaohe.key\n  kaohe key rotate")]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Backup(BackupArgs),
    Rotate(RotateArgs),
}

/// Copies the key into a new file that its owner alone may read
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe key backup /mnt/safe/kaohe.key")]
struct BackupArgs {
    /// The new file
    file: PathBuf,
    #[command(flatten)]
    common: Common,
}

/// Makes a new key and rewrites the lake with it: pseudonyms that were given away before fit nothing any more
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  kaohe key rotate && kaohe key backup /mnt/safe/kaohe-2.key && kaohe run\n\nWaivers that \
                        name a deduction of a customer's chat by its id no longer fit: its id changes with the key."
)]
struct RotateArgs {
    #[command(flatten)]
    common: Common,
}

impl Args {
    pub fn talk(&self) -> super::common::Talk {
        match &self.command {
            Command::Backup(a) => a.common.talk,
            Command::Rotate(a) => a.common.talk,
        }
    }
}

pub fn run(args: &Args, output: &Output) -> Done {
    match &args.command {
        Command::Backup(a) => {
            key::backup(&a.common.open()?, &a.file)?;
            let file = a.file.display().to_string();
            output.summary(&format!("the buyer key is saved in {file}"), json!({"type": "summary", "file": file}));
            Ok(())
        }
        Command::Rotate(a) => say_changed("rotated the buyer key", &key::rotate(&a.common.open()?, output)?, output),
    }
}
