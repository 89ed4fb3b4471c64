//! `kaohe compare`.

use super::common::{Common, usage};
use super::output::{Done, Output};
use crate::base::Month;
use crate::pipeline::compare::{self, Line, ScoreLine};
use serde_json::json;

/// What changed between two months, by person and rule, and why: data, rules, people or behaviour
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kaohe compare 2026-04 2026-05")]
pub struct Args {
    /// The earlier month
    #[arg(value_name = "BEFORE")]
    pub before: String,
    /// The later month
    #[arg(value_name = "AFTER")]
    pub after: String,
    #[command(flatten)]
    pub common: Common,
}

pub fn run(args: &Args, output: &Output) -> Done {
    let project = args.common.open()?;
    let month = |text: &String| text.parse::<Month>().map_err(|e| usage(format!("{text}: {e}")));
    let compared = compare::compare(&project, month(&args.before)?, month(&args.after)?)?;
    compared.scores.iter().for_each(|s| {
        output.answer(
            &score(s),
            json!({
                "type": "score", "staff_id": s.staff_id, "name": s.name, "before": s.scores[0], "after": s.scores[1],
            }),
        )
    });
    compared.lines.iter().for_each(|l| {
        output.answer(
            &line(l),
            json!({
                "type": "rule", "staff_id": l.staff_id, "name": l.name, "rule_id": l.rule_id, "title": l.title,
                "events": l.events, "points": l.points, "why": l.why.name(),
            }),
        )
    });
    if compared.scores.is_empty() && compared.lines.is_empty() {
        output.say("nothing differs");
    }
    Ok(())
}

/// Points of hundredths, as the pages write them.
fn points(n: i64) -> String {
    crate::report::format::points(n)
}

fn score(s: &ScoreLine) -> String {
    let one = |n: Option<i64>| n.map_or_else(|| "-".to_owned(), points);
    format!("{} {}  score {} -> {}", s.staff_id, s.name, one(s.scores[0]), one(s.scores[1]))
}

fn line(l: &Line) -> String {
    format!(
        "{} {}  {}: {} -> {} event(s), {} -> {} points ({})",
        l.staff_id,
        l.name,
        l.title,
        l.events[0],
        l.events[1],
        points(l.points[0]),
        points(l.points[1]),
        l.why.name()
    )
}
