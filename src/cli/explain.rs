//! `kaohe explain`.

use super::common::Common;
use super::output::{Done, Output};
use crate::pipeline::explain;

/// Why a deduction was made: clause, times, the deadline step by step, and the raw rows, read again from the raw files
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  kaohe explain 1f0c63b9a2d84e57\n\nThe raw rows hold customers' words: keep them inside the company."
)]
pub struct Args {
    /// The deduction's id, as on the person's page; the first digits are enough
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let explained = explain::explain(&project, &args.id)?;
    if output.json() {
        output.object(&explained.json);
    } else {
        explained.lines.iter().for_each(|l| output.line(l));
    }
    Ok(())
}
