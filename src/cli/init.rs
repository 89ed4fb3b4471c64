//! `kaohe init`.

use super::common::{Talk, usage};
use super::output::{Done, Output};
use crate::base::files;
use crate::settings::files::defaults;
use serde_json::json;
use std::path::PathBuf;

/// A new project: pipelines, templates and an empty folder for the exports
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe init shop && cd shop && kaohe run")]
pub struct Args {
    /// The folder; made where it is not there. Files that are there already are left alone
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    #[command(flatten)]
    pub talk: Talk,
}

pub fn run(args: &Args, output: &Output) -> Done {
    if args.dir.is_file() {
        return Err(usage(format!("{} is a file; name a folder", args.dir.display())).into());
    }
    let mut written = 0;
    for file in defaults() {
        let path = args.dir.join(&file.name);
        if !path.exists() {
            // The project's own data lives below data/, not in the shipped sample.
            let text = file.text.replace("data/sample/", "data/");
            files::write_atomic(&path, text.as_bytes())?;
            written += 1;
        }
    }
    let raw = args.dir.join("data/raw");
    files::make_dir(&raw)?;
    output.summary(
        &format!("{written} file(s) written to {}; put exports into {}", args.dir.display(), raw.display()),
        json!({"type": "summary", "written": written, "raw": raw.display().to_string()}),
    );
    Ok(())
}
