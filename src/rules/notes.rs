//! What people should know of a month's ledger: points out of range, waivers that match nothing, accounts of nobody.

use super::charge::OutOfRange;
use crate::base::{Diagnostic, Place};
use crate::facts::Context;
use crate::lake::dimensions::WaiverRow;
use crate::settings::rulebook::Rulebook;

/// A warning for each row that was not charged.
pub fn out_of_range(rows: &[OutOfRange], book: &Rulebook, context: &Context<'_>) -> Vec<Diagnostic> {
    let points = |n: i32| format!("{}.{:02}", n / 100, n % 100);
    let warning = |o: &OutOfRange| {
        let id = &book.rules[o.violation.rule].id;
        let (min, max, stated) = (points(o.min), points(o.max), points(o.stated));
        let message = format!("`{id}` costs {min} to {max} points; this row states {stated} and is not charged");
        let d = Diagnostic::warning("K0311", message).help("state points inside the range, or none for the least");
        let place = |e: &super::violation::Evidence| {
            Place::row(context.names.text(e.file).to_string(), e.row.max(0) as u64, None, "")
        };
        o.violation.evidence.first().map(place).into_iter().fold(d, Diagnostic::at)
    };
    rows.iter().map(warning).collect()
}

/// A warning for each waiver that begins in the month and matches none of its deductions.
pub fn unused(waivers: &[WaiverRow], used: &[bool], context: &Context<'_>) -> Vec<Diagnostic> {
    let of_month = |row: &WaiverRow| row.from.is_some_and(|t| context.window.own.contains(&t));
    let open = waivers.iter().enumerate().filter(|(i, row)| !used.get(*i).copied().unwrap_or(false) && of_month(row));
    let warning = |row: &WaiverRow| {
        Diagnostic::warning("K0312", "this waiver matches no deduction of its month")
            .at(Place::row(row.file.clone(), row.row.max(0) as u64, None, ""))
            .help("check the rule, the person and the time span (from included, to not included)")
    };
    open.map(|(_, row)| warning(row)).collect()
}

/// Accounts that one warning names.
const NAMED: usize = 10;

/// A warning where accounts with messages in the month belong to nobody. `accounts`: shop and account.
pub fn unmatched(accounts: &[(String, String)], context: &Context<'_>) -> Option<Diagnostic> {
    if accounts.is_empty() {
        return None;
    }
    let names: Vec<String> = accounts.iter().take(NAMED).map(|(shop, account)| format!("{account} ({shop})")).collect();
    let more = if accounts.len() > NAMED { ", …" } else { "" };
    let (n, month) = (accounts.len(), context.window.month);
    let message = format!("{n} accounts belong to nobody in {month}: {}{more}", names.join(", "));
    let help = "enter them in the list of accounts, with their days: until then they count for the shop and for nobody; \
                the data-quality page says whose they may be";
    Some(Diagnostic::warning("K0310", message).help(help))
}
