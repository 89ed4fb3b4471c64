//! What an explanation adds from the mart: which accounts a count is made of, which months a repeat rule read.

use super::earlier;
use super::project::Project;
use crate::base::{Month, Result};
use crate::facts::Context;
use crate::lake::columns::{self, get_text};
use crate::lake::mart;
use crate::lake::schema::{SESSIONS, STAFF_DAY};
use crate::report::data::Deduction;
use crate::rules::Detector;
use std::collections::{BTreeMap, BTreeSet};

/// Sentences for the deduction's explanation.
pub fn lines(
    project: &Project,
    month: Month,
    d: &Deduction,
    detector: &dyn Detector,
    context: &Context<'_>,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    if let Some((column, measure)) = detector.counts() {
        lines.extend(counted(project, month, d, (column, measure), context)?);
    }
    let back = detector.looks_back(month);
    if !back.is_empty() {
        let results = earlier::results(project, &back)?;
        for m in back {
            let Some(own) = results.get(m) else { continue };
            let grade = own.grades.get(&d.caused_by).map_or("—", String::as_str);
            lines.push(format!("{m}: {grade}"));
        }
    }
    Ok(lines)
}

/// The log's count of the day, shop by shop, and the buyers of each account.
fn counted(
    project: &Project,
    month: Month,
    d: &Deduction,
    (column, measure): (&str, &'static str),
    context: &Context<'_>,
) -> Result<Vec<String>> {
    let zh = project.lang() != "en";
    let day = context.zone.day(d.occurred_at);
    let mut by_shop: BTreeMap<String, i64> = BTreeMap::new();
    for path in mart::month_files(&project.mart(), &STAFF_DAY, month)? {
        columns::each(&path, &["date", "shop", "staff_id", measure], |rows| {
            let (date, shop, staff) = (rows.date("date")?, rows.text("shop")?, rows.text("staff_id")?);
            let n = rows.int64(measure)?;
            for i in (0..rows.len()).filter(|&i| date.value(i) == day && staff.value(i) == d.caused_by) {
                *by_shop.entry(shop.value(i).to_owned()).or_insert(0) += n.value(i);
            }
            Ok(())
        })?;
    }
    let total: i64 = by_shop.values().sum();
    let shops: Vec<String> = by_shop.iter().filter(|(_, n)| **n > 0).map(|(shop, n)| format!("{shop} {n}")).collect();
    let mut lines = vec![if zh {
        format!("聊天记录：{total}（{}）；登记数见原始记录的 {column} 列", shops.join("，"))
    } else {
        format!("the log: {total} ({}); the registered count is in column {column} of the raw row", shops.join(", "))
    }];
    for ((shop, account), buyers) in accounts(project, month, d, day)? {
        let n = buyers.len();
        let some: Vec<&str> = buyers.iter().take(SHOWN).map(String::as_str).collect();
        let more = if n > SHOWN { " …" } else { "" };
        lines.push(if zh {
            format!("{shop} {account}：会话涉及 {n} 位买家（{}{more}）", some.join("，"))
        } else {
            format!("{shop} {account}: sessions of {n} buyers ({}{more})", some.join(", "))
        });
    }
    Ok(lines)
}

/// How many buyers of an account are listed.
const SHOWN: usize = 50;

/// Pseudonyms of the buyers whose sessions of the day ended with an account of the person, by (shop, account).
fn accounts(
    project: &Project,
    month: Month,
    d: &Deduction,
    day: i32,
) -> Result<BTreeMap<(String, String), BTreeSet<String>>> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for path in mart::month_files(&project.mart(), &SESSIONS, month)? {
        let wanted = ["inquiry_date", "shop", "buyer_key", "account", "staff_id", "dropped"];
        columns::each(&path, &wanted, |rows| {
            let (date, shop, buyer) = (rows.date("inquiry_date")?, rows.text("shop")?, rows.text("buyer_key")?);
            let (account, staff, dropped) = (rows.text("account")?, rows.text("staff_id")?, rows.text("dropped")?);
            for i in (0..rows.len()).filter(|&i| date.value(i) == day && staff.value(i) == d.caused_by) {
                if get_text(&dropped, i).is_none() {
                    let key = (shop.value(i).to_owned(), account.value(i).to_owned());
                    found.entry(key).or_default().insert(buyer.value(i).chars().take(8).collect());
                }
            }
            Ok(())
        })?;
    }
    Ok(found)
}
