//! Other tools' figures beside our own: the lake measured once more in the tool's preset, by calendar days, with each
//! account for itself. A reference for the data-quality page; no score reads it.

use super::compute::{Scene, context};
use super::inputs::{Buckets, Dimensions};
use super::project::{Project, calendar_error};
use crate::base::time::{DAY, date_of};
use crate::base::{Month, Ms, Result};
use crate::facts::people::People;
use crate::facts::staff_day::{MEASURES, Measure, StaffDays};
use crate::facts::unit;
use crate::lake::batch::{Batch, day, long, plain};
use crate::lake::dimensions::{self, AccountRow, ToolRow};
use crate::lake::manifest::Manifest;
use crate::lake::names::Names;
use crate::lake::partition::path_of;
use crate::lake::schema::{CROSSCHECK, TOOL_FIGURES};
use crate::settings::preset::Preset;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// Which platform's definitions a tool's report measures with. Two reports of one tool may tell of the same account and days.
const PRESETS: [(&str, &str); 7] = [
    ("sycm", "taobao"),
    ("sycm_performance", "taobao"),
    ("chitu", "taobao"),
    ("chitu_presales", "taobao"),
    ("wangwang", "taobao"),
    ("pdd", "pdd"),
    ("feige", "douyin"),
];

/// One figure of a tool, and ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub tool: String,
    pub preset: &'static str,
    pub shop: String,
    pub account: String,
    pub from: i32,
    pub to: i32,
    pub figure: &'static str,
    pub theirs: i64,
    /// `None`: the lake holds nothing of the account in that span.
    pub ours: Option<i64>,
}

/// The lines of a month: of all spans that begin in it.
///
/// # Errors
/// The machine; a year without calendar data.
pub fn lines(project: &Project, manifest: &Manifest, month: Month, names: &Names, as_of: Ms) -> Result<Vec<Line>> {
    let lake = project.lake();
    let mut rows: Vec<ToolRow> = Vec::new();
    for of in manifest.partitions(TOOL_FIGURES.name).into_iter().filter(|m| *m == Some(month)) {
        rows.extend(dimensions::tool_figures(&path_of(&lake, &TOOL_FIGURES, of, None))?);
    }
    let mut lines = Vec::new();
    for preset in PRESETS.iter().map(|(_, preset)| *preset).collect::<BTreeSet<_>>() {
        let mine = |r: &&ToolRow| PRESETS.contains(&(r.tool.as_str(), preset));
        let rows: Vec<&ToolRow> = rows.iter().filter(mine).collect();
        let Some(settings) = project.settings.presets.get(preset).filter(|_| !rows.is_empty()) else { continue };
        let accounts: BTreeSet<&str> = rows.iter().map(|r| r.account.as_str()).collect();
        let last = rows.iter().map(|r| Month::of(date_of(r.to))).max().unwrap_or(month);
        let mut measured: BTreeMap<(i32, u32), [i64; MEASURES]> = BTreeMap::new();
        for of in (0..).map(|n| month.offset(n)).take_while(|m| *m <= last) {
            let days = measure(project, manifest, of, settings, &accounts, names, as_of)?;
            for ((day, _, account), values) in days.rows() {
                let all = measured.entry((*day, *account)).or_insert([0; MEASURES]);
                all.iter_mut().zip(values).for_each(|(sum, n)| *sum += n);
            }
        }
        for row in rows {
            let account = names.id(&row.account);
            let mut sum: Option<[i64; MEASURES]> = None;
            for day in row.from..=row.to {
                if let Some(values) = measured.get(&(day, account)) {
                    sum.get_or_insert([0; MEASURES]).iter_mut().zip(values).for_each(|(sum, n)| *sum += n);
                }
            }
            let of_row = row.figures.iter().filter(|(figure, _)| has(figure)).map(|(figure, theirs)| Line {
                tool: row.tool.clone(),
                preset,
                shop: row.shop.clone(),
                account: row.account.clone(),
                from: row.from,
                to: row.to,
                figure,
                theirs: *theirs,
                ours: sum.as_ref().and_then(|sum| ours(figure, sum)),
            });
            lines.extend(of_row);
        }
    }
    lines.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(lines)
}

fn key(l: &Line) -> (&str, &str, &str, i32, i32, &str) {
    (&l.tool, &l.shop, &l.account, l.from, l.to, l.figure)
}

/// A month's sums in a preset, each account for itself.
fn measure(
    project: &Project,
    manifest: &Manifest,
    month: Month,
    preset: &Preset,
    accounts: &BTreeSet<&str>,
    names: &Names,
    as_of: Ms,
) -> Result<StaffDays> {
    // Tools know no cut-off: their day ends at midnight.
    let preset = &Preset { cutoff_ms: DAY, ..preset.clone() };
    let of_itself = |(shop, account): (&String, &&str)| AccountRow {
        shop: shop.clone(),
        account: (*account).to_owned(),
        staff_id: (*account).to_owned(),
        valid_from: None,
        valid_to: None,
    };
    // An account's name tells its shop, which tools spell otherwise than exports do.
    let shops = manifest.all_shops();
    let rows = shops.iter().flat_map(|shop| accounts.iter().map(move |a| (shop, a))).map(of_itself).collect();
    let people = Dimensions { people: People::new(Vec::new(), rows, Vec::new(), names), ..Dimensions::default() };
    let scene = Scene::bare(project, month)?;
    let context = context(project, &people, &scene, names, as_of)?;
    let context = context.by_preset(preset).map_err(calendar_error)?;
    let lake = project.lake();
    let buckets = Buckets::open(&lake, manifest, &context.window, context.as_of, names)?;
    let all = Mutex::new(StaffDays::default());
    (0..buckets.count).into_par_iter().try_for_each(|b| -> Result<()> {
        let parts = buckets.messages(b, names)?;
        let facts = unit::compute(&context, &parts, buckets.take_orders(b)).map_err(calendar_error)?;
        all.lock().unwrap_or_else(PoisonError::into_inner).add(facts.staff_day);
        Ok(())
    })?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Whether there is a figure of ours for a tool's.
fn has(figure: &str) -> bool {
    !["transferred_in", "transferred_out"].contains(&figure)
}

/// Our figure of that name from the sums: counts, averages in ms, the rate in hundredths of a percent, fen.
fn ours(figure: &str, sum: &[i64; MEASURES]) -> Option<i64> {
    let n = |m: Measure| sum[m as usize];
    let per = |a: i64, b: i64| (b > 0).then(|| (a + b / 2) / b);
    match figure {
        "consulted" | "received" => Some(n(Measure::Received)),
        "unanswered" => Some(n(Measure::Unanswered)),
        "slow" => Some(n(Measure::Slow)),
        "long" => Some(n(Measure::Long)),
        "buyer_messages" => Some(n(Measure::BuyerMessages)),
        "agent_messages" => Some(n(Measure::AgentMessages)),
        "inquiries" => Some(n(Measure::Presales)),
        "paid_final" => Some(n(Measure::PaidFinal)),
        "first_response_ms" => per(n(Measure::FirstResponseSum), n(Measure::FirstResponse)),
        "response_ms" => per(n(Measure::ResponseSum), n(Measure::Response)),
        "reply_rate" => per((n(Measure::Received) - n(Measure::Unanswered)) * 10_000, n(Measure::Received)),
        "sales_fen" => Some(n(Measure::Sales)),
        "refund_fen" => Some(n(Measure::Refunds)),
        _ => None,
    }
}

/// The lines as a table.
pub fn table(month: Month, lines: &[Line]) -> Result<Batch> {
    let period = month.to_string();
    Batch::new(
        &CROSSCHECK,
        vec![
            plain("period", lines.iter().map(|_| period.as_str())),
            plain("tool", lines.iter().map(|l| l.tool.as_str())),
            plain("preset", lines.iter().map(|l| l.preset)),
            plain("shop", lines.iter().map(|l| l.shop.as_str())),
            plain("account", lines.iter().map(|l| l.account.as_str())),
            day("from", lines.iter().map(|l| Some(l.from))),
            day("to", lines.iter().map(|l| Some(l.to))),
            plain("figure", lines.iter().map(|l| l.figure)),
            long("theirs", lines.iter().map(|l| Some(l.theirs))),
            long("ours", lines.iter().map(|l| l.ours)),
        ],
    )
}
