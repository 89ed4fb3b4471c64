//! `kaohe verify`.

use super::common::{Common, usage};
use super::output::{Done, Output};
use super::passphrase;
use crate::pipeline::{recompute, verify};
use serde_json::json;
use std::path::PathBuf;

/// Whether a review bundle is what was sealed: each file, the seal, the log of seals
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kaohe verify reviews/2026H1/v1\n  kaohe verify 2026H1-v1.zip --passphrase-file secret.txt\n  kaohe \
                        verify reviews/2026H1/v1 --recompute\n\nA bundle is its folder, its sealed archive, or the archive of \
                        one audience beside the manifest. --recompute computes it again from the lake and names each file \
                        and figure that differs. Exit code 5: something is not as it was sealed."
)]
pub struct Args {
    /// The bundle: a folder or an archive
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Compute it again from the lake as well
    #[arg(long)]
    pub recompute: bool,
    /// The pay file that it was made with, for --recompute
    #[arg(long, value_name = "FILE")]
    pub pay: Option<PathBuf>,
    /// The passphrase of encrypted archives: this file's first line
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    if !args.bundle.exists() {
        return Err(usage(format!("{} is not there", args.bundle.display())).into());
    }
    let mut passphrase = passphrase::given(args.passphrase_file.as_deref())?;
    if passphrase.is_none() && verify::is_locked(&args.bundle)? {
        passphrase = Some(passphrase::asked(false)?);
    }
    let done = verify::verify(&project, &args.bundle, passphrase.as_ref())?;
    drop(passphrase);
    if args.recompute {
        recompute::recompute(project, &done, args.pay.as_deref(), output)?;
    }
    let again = if args.recompute { ", and the same when computed again" } else { "" };
    output.answer(
        &format!("{}: {} files are as they were sealed{again}", done.name, done.files),
        json!({"type": "summary", "bundle": done.name, "files": done.files, "recomputed": args.recompute}),
    );
    Ok(())
}
