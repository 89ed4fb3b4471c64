//! `kaohe rows`.

use super::common::Common;
use super::output::{Done, Output};
use crate::base::files;
use crate::pipeline::rows::{self, Wanted};
use serde_json::json;
use std::path::PathBuf;

/// The raw rows that a key figure is made of, with file and row number
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kaohe rows --list\n  kaohe rows first_mean --month 2026-05 --limit 20\n  \
                  kaohe rows missed --month 2026-05 --staff K003 --csv missed.csv\n\n\
                  A buyer is named by the first digits of the pseudonym, an order by its number.")]
pub struct Args {
    /// The figure, as `--list` and the figure's page name it
    #[arg(value_name = "FIGURE", required_unless_present = "list")]
    pub figure: Option<String>,
    /// Name the figures instead
    #[arg(long, conflicts_with = "figure")]
    pub list: bool,
    /// Rows of this shop alone
    #[arg(long, value_name = "SHOP")]
    pub shop: Option<String>,
    /// Rows of this person alone (`unassigned` and `silent` stand for nobody)
    #[arg(long, value_name = "ID")]
    pub staff: Option<String>,
    /// So many rows of each month at most
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Write the rows to this CSV file; `-` is stdout
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub csv: Option<PathBuf>,
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let Some(figure) = args.figure.as_deref() else { return list(&rows::names(&project)?, output) };
    let listing = rows::listing(figure)?;
    let wanted = Wanted { shop: args.shop.as_deref(), staff_id: args.staff.as_deref(), limit: args.limit };
    let found = rows::rows(&project, listing, wanted)?;
    if let Some(file) = &args.csv {
        let text = rows::csv(&found, project.zone())?;
        if file.as_os_str() == "-" {
            output.line(text.trim_end());
        } else {
            files::write_atomic(file, text.as_bytes())?;
        }
    } else if output.json() {
        found.iter().for_each(|m| rows::json(m, project.zone()).iter().for_each(|row| output.object(row)));
    } else {
        found.iter().for_each(|m| rows::lines(m, project.zone()).iter().for_each(|line| output.line(line)));
    }
    for month in &found {
        let (shown, all) = (month.rows.len(), month.all);
        output.say(&format!("{} {}: {shown} of {all} row(s)", month.month, listing.id));
    }
    Ok(())
}

fn list(names: &[rows::Name], output: &Output) -> Done {
    for name in names {
        let figures = name.figures.join(", ");
        let text = format!("{:<20} {} ({figures})", name.id, name.title);
        output.answer(&text, json!({"type": "list", "id": name.id, "title": name.title, "figures": name.figures}));
    }
    Ok(())
}
