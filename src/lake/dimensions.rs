//! Reading the small tables: people, accounts, shifts, waivers, awards.

use super::columns::{self, get, get_text};
use super::schema::TOOL_FIGURES;
use crate::base::{Ms, Result};
use std::path::Path;

/// A row of `roster`; dates as days since 1970-01-01, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRow {
    pub staff_id: String,
    pub name: String,
    pub role: String,
    pub team: Option<String>,
    pub supervisor_id: Option<String>,
    pub joined_on: Option<i32>,
    pub left_on: Option<i32>,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub shop: String,
    pub account: String,
    pub staff_id: String,
    pub valid_from: Option<i32>,
    pub valid_to: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftRow {
    pub staff_id: String,
    pub date: i32,
    pub start: Ms,
    pub end: Ms,
    pub lunch: Option<(Ms, Ms)>,
    /// A weekend duty.
    pub weekend: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverRow {
    pub deduction_id: Option<String>,
    pub rule_id: Option<String>,
    pub staff_id: Option<String>,
    pub from: Option<Ms>,
    pub to: Option<Ms>,
    pub approved_by: String,
    pub approved_at: Ms,
    pub reason: String,
    pub file: String,
    pub row: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwardRow {
    pub staff_id: String,
    pub points: i32,
    pub on: i32,
}

/// A row of the quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineRow {
    pub table: String,
    pub file: String,
    pub row: i64,
    pub column: Option<String>,
    pub value_mask: Option<String>,
    pub reason: String,
}

pub fn roster(path: &Path) -> Result<Vec<RosterRow>> {
    let names = ["staff_id", "name", "role", "team", "supervisor_id", "joined_on", "left_on", "valid_from", "valid_to"];
    let mut out = Vec::new();
    columns::each(path, &names, |rows| {
        let t = |n: &str| rows.text(n);
        let (id, name, role, team, boss) = (t("staff_id")?, t("name")?, t("role")?, t("team")?, t("supervisor_id")?);
        let d = |n: &str| rows.date(n);
        let (joined, left, from, to) = (d("joined_on")?, d("left_on")?, d("valid_from")?, d("valid_to")?);
        out.extend((0..rows.len()).map(|i| RosterRow {
            staff_id: id.value(i).to_owned(),
            name: name.value(i).to_owned(),
            role: role.value(i).to_owned(),
            team: get_text(&team, i),
            supervisor_id: get_text(&boss, i),
            joined_on: get(&joined, i),
            left_on: get(&left, i),
            valid_from: get(&from, i),
            valid_to: get(&to, i),
        }));
        Ok(())
    })?;
    Ok(out)
}

pub fn accounts(path: &Path) -> Result<Vec<AccountRow>> {
    let mut out = Vec::new();
    columns::each(path, &["shop", "account", "staff_id", "valid_from", "valid_to"], |rows| {
        let (shop, account, staff) = (rows.text("shop")?, rows.text("account")?, rows.text("staff_id")?);
        let (from, to) = (rows.date("valid_from")?, rows.date("valid_to")?);
        out.extend((0..rows.len()).map(|i| AccountRow {
            shop: shop.value(i).to_owned(),
            account: account.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            valid_from: get(&from, i),
            valid_to: get(&to, i),
        }));
        Ok(())
    })?;
    Ok(out)
}

pub fn shifts(path: &Path) -> Result<Vec<ShiftRow>> {
    let mut out = Vec::new();
    columns::each(path, &["staff_id", "date", "start", "end", "lunch_start", "lunch_end", "duty"], |rows| {
        let (staff, date) = (rows.text("staff_id")?, rows.date("date")?);
        let (start, end) = (rows.int64("start")?, rows.int64("end")?);
        let duty = rows.text("duty")?;
        let (lunch_start, lunch_end) = (rows.int64("lunch_start")?, rows.int64("lunch_end")?);
        out.extend((0..rows.len()).map(|i| ShiftRow {
            staff_id: staff.value(i).to_owned(),
            date: date.value(i),
            start: start.value(i),
            end: end.value(i),
            lunch: get(&lunch_start, i).zip(get(&lunch_end, i)),
            weekend: duty.value(i) == "weekend",
        }));
        Ok(())
    })?;
    Ok(out)
}

pub fn waivers(path: &Path) -> Result<Vec<WaiverRow>> {
    let mut out = Vec::new();
    let names = [
        "deduction_id",
        "rule_id",
        "staff_id",
        "from",
        "to",
        "reason",
        "approved_by",
        "approved_at",
        "source_file",
        "source_row",
    ];
    columns::each(path, &names, |rows| {
        let t = |n: &str| rows.text(n);
        let (id, rule, staff) = (t("deduction_id")?, t("rule_id")?, t("staff_id")?);
        let (reason, by, file) = (t("reason")?, t("approved_by")?, t("source_file")?);
        let approved_at = rows.int64("approved_at")?;
        let (from, to, row) = (rows.int64("from")?, rows.int64("to")?, rows.int64("source_row")?);
        out.extend((0..rows.len()).map(|i| WaiverRow {
            deduction_id: get_text(&id, i),
            rule_id: get_text(&rule, i),
            staff_id: get_text(&staff, i),
            from: get(&from, i),
            to: get(&to, i),
            approved_by: by.value(i).to_owned(),
            approved_at: approved_at.value(i),
            reason: reason.value(i).to_owned(),
            file: file.value(i).to_owned(),
            row: row.value(i),
        }));
        Ok(())
    })?;
    Ok(out)
}

pub fn awards(path: &Path) -> Result<Vec<AwardRow>> {
    let mut out = Vec::new();
    columns::each(path, &["staff_id", "points", "on"], |rows| {
        let (staff, points, on) = (rows.text("staff_id")?, rows.int32("points")?, rows.date("on")?);
        out.extend((0..rows.len()).map(|i| AwardRow {
            staff_id: staff.value(i).to_owned(),
            points: points.value(i),
            on: on.value(i),
        }));
        Ok(())
    })?;
    Ok(out)
}

pub fn quarantine(path: &Path) -> Result<Vec<QuarantineRow>> {
    let mut out = Vec::new();
    columns::each(path, &["table", "source_file", "source_row", "column", "value_mask", "reason"], |rows| {
        let t = |n: &str| rows.text(n);
        let (table, file, column, mask, reason) =
            (t("table")?, t("source_file")?, t("column")?, t("value_mask")?, t("reason")?);
        let row = rows.int64("source_row")?;
        out.extend((0..rows.len()).map(|i| QuarantineRow {
            table: table.value(i).to_owned(),
            file: file.value(i).to_owned(),
            row: row.value(i),
            column: get_text(&column, i),
            value_mask: get_text(&mask, i),
            reason: reason.value(i).to_owned(),
        }));
        Ok(())
    })?;
    Ok(out)
}

/// What another tool says of an account and a span of days.
#[derive(Debug, Clone)]
pub struct ToolRow {
    pub tool: String,
    pub shop: String,
    pub account: String,
    /// Days since 1970-01-01, both included.
    pub from: i32,
    pub to: i32,
    /// Figures by column name, those that the tool has.
    pub figures: Vec<(&'static str, i64)>,
}

/// All rows of a month of `tool_figures`.
pub fn tool_figures(path: &Path) -> Result<Vec<ToolRow>> {
    let names: Vec<&str> = TOOL_FIGURES.columns.iter().map(|c| c.name).collect();
    let mut out = Vec::new();
    columns::each(path, &names, |rows| {
        let (tool, shop, account) = (rows.text("tool")?, rows.text("shop")?, rows.text("account")?);
        let (from, to) = (rows.date("from")?, rows.date("to")?);
        let figures: Vec<_> =
            TOOL_FIGURES.columns[5..].iter().map(|c| Ok((c.name, rows.int64(c.name)?))).collect::<Result<_>>()?;
        out.extend((0..rows.len()).map(|i| ToolRow {
            tool: tool.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            account: account.value(i).to_owned(),
            from: from.value(i),
            to: to.value(i),
            figures: figures.iter().filter_map(|(name, values)| Some((*name, get(values, i)?))).collect(),
        }));
        Ok(())
    })?;
    Ok(out)
}
