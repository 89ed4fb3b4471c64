//! `kaohe sample`.

use super::common::{Talk, months, usage};
use super::output::{Done, Output};
use crate::base::time::day_of;
use crate::calendar::Workdays;
use crate::settings::Files;
use crate::settings::pipeline::CalendarSettings;
use serde_json::json;
use std::path::PathBuf;

/// A made department: raw files to try things with, and the truth about what was planted in them
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe sample --seed 7 --months 2026-01..2026-06 --messages 100000 --out /tmp/shop")]
pub struct Args {
    /// The same seed gives the same files
    #[arg(long, value_name = "N", default_value_t = 20_260_101)]
    pub seed: u64,
    /// The months, as a range
    #[arg(long, value_name = "FROM..TO", default_value = "2026-01..2026-06")]
    pub months: String,
    /// About so many messages over all months
    #[arg(long, value_name = "N", default_value_t = 38_000)]
    pub messages: u64,
    /// Folder: raw and truth are made below it
    #[arg(long, value_name = "DIR", default_value = "data/sample")]
    pub out: PathBuf,
    #[command(flatten)]
    pub talk: Talk,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let months = months(std::slice::from_ref(&args.months))?;
    let (Some(&from), Some(&to)) = (months.first(), months.last()) else {
        return Err(usage("--months names no month".to_owned()).into());
    };
    let workdays = Workdays::load(&Files::new("."), &CalendarSettings::statutory())?;
    // The generator asks for days beyond the months as well; a year without data is an error at once.
    workdays.is_workday(to.next().next().last_day()).map_err(crate::pipeline::project::calendar_error)?;
    let is_workday = |date| workdays.is_workday(date).unwrap_or_else(|_| day_of(date).rem_euclid(7) < 5);
    let options = crate::sample::Options { seed: args.seed, from, to, messages: args.messages };
    let (raw, truth) = (args.out.join("raw"), args.out.join("truth"));
    let summary = crate::sample::write(&options, &raw, &truth, &is_workday)?;
    output.summary(
        &format!("{} messages, {} orders in {}", summary.messages, summary.orders, raw.display()),
        json!({"type": "summary", "messages": summary.messages, "orders": summary.orders}),
    );
    Ok(())
}
