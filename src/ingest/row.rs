//! One row of any table but the messages: raw columns made into the cells of the table's columns.

use super::buyers::Buyers;
use super::cell::{self, Cell};
use super::chats::account;
use super::input::Input;
use super::key::{Hex, mask};
use super::parse;
use super::period;
use super::plan::Plan;
use super::record::Record;
use super::reject::Reject;
use super::text::{chars, text_hash};
use crate::base::{Result, Zone};
use crate::lake::schema::{Column, SUBMISSIONS, TOOL_FIGURES, Table, Type};
use crate::settings::source::PaidIs;

/// Rows in which the numbers of orders are looked at.
const LOOKED_AT: usize = 1_000;

/// How a column's cell is made of raw columns, which stand here by their index; see [`Plan::index`].
enum Way {
    Key(usize),
    Mask(usize),
    Amount(usize),
    /// What was paid, and what of it was refunded where an export takes that off.
    Paid(usize, Option<usize>),
    /// The length as it is told, or the text.
    Chars(usize, usize),
    Hash(usize),
    Duration(usize),
    /// First or last day of a stretch.
    Span(usize),
    /// Kind and period of a submission.
    Period(usize, usize),
    Account(usize),
    Plain(usize),
}

impl Way {
    fn of(column: &Column, table: &Table, plan: &Plan<'_>) -> Way {
        let at = |raw: &str| plan.index(raw);
        match column.name {
            "buyer_key" => Way::Key(at("buyer")),
            "buyer_mask" => Way::Mask(at("buyer")),
            "goods_fen" => Way::Amount(at("goods")),
            "refund_fen" => Way::Amount(at("refund")),
            "sales_fen" => Way::Amount(at("sales")),
            "paid_fen" => Way::Paid(at("paid"), (plan.source.paid_is == PaidIs::Net).then(|| at("refund"))),
            "chars" => Way::Chars(at("chars"), at("text")),
            "text_sha256" => Way::Hash(at("text")),
            "first_response_ms" => Way::Duration(at("first_response")),
            "response_ms" => Way::Duration(at("response")),
            name @ ("from" | "to") if table.name == TOOL_FIGURES.name => Way::Span(at(name)),
            "period" | "on" if table.name == SUBMISSIONS.name => Way::Period(at("kind"), at("period")),
            "account" => Way::Account(at("account")),
            name => Way::Plain(at(name)),
        }
    }
}

/// Reads a file's rows.
pub struct Reader<'a> {
    table: &'static Table,
    plan: &'a Plan<'a>,
    buyers: &'a Buyers,
    zone: Zone,
    /// A sheet of the registers' workbook.
    form: bool,
    /// One a column.
    ways: Vec<Way>,
    date: usize,
    /// See [`ids_are_cut`].
    cut: bool,
}

impl<'a> Reader<'a> {
    /// `zone`: of local times, where the file's source has none of its own.
    pub fn new(table: &'static Table, input: &'a Input<'a>, buyers: &'a Buyers, zone: Zone) -> Result<Reader<'a>> {
        let plan = &input.plan;
        let ways = table.columns.iter().map(|c| Way::of(c, table, plan)).collect();
        let (zone, form, date, cut) = (input.zone(zone), input.asks, plan.index("date"), ids_are_cut(table, input)?);
        Ok(Reader { table, plan, buyers, zone, form, ways, date, cut })
    }

    /// A row's cells, in the order of the table's columns.
    pub fn row<'r>(&'r self, record: Record<'r>) -> std::result::Result<Vec<Cell<'r>>, Reject> {
        let mut cells = Vec::with_capacity(self.table.columns.len());
        // A shift's and a time clock's times of day stand on the row's date.
        let day = match self.plan.get(self.date, record) {
            Some(text) => Some(parse::date("date", text)?),
            None => None,
        };
        let mut start = None;
        for (column, way) in self.table.columns.iter().zip(&self.ways) {
            let cell = self.cell(column, way, record, day, start)?;
            if let (Cell::Number(at), "start" | "in_at") = (&cell, column.name) {
                start = Some(*at);
            }
            if matches!(cell, Cell::Null) && !column.null {
                return Err(Reject::missing(column.name));
            }
            cells.push(cell);
        }
        Ok(cells)
    }

    fn cell<'r>(
        &'r self,
        column: &Column,
        way: &Way,
        record: Record<'r>,
        day: Option<i32>,
        start: Option<i64>,
    ) -> std::result::Result<Cell<'r>, Reject> {
        let (name, zone) = (column.name, self.zone);
        let raw = |at: usize| self.plan.get(at, record);
        let amount = |at: usize| raw(at).map(|t| parse::fen(name, t)).transpose();
        let number = |n: Option<i64>| n.map_or(Cell::Null, Cell::Number);
        match *way {
            Way::Key(at) => match raw(at) {
                None => Ok(Cell::Null),
                Some(nick) => {
                    let buyer = self.buyers.of(nick).ok_or_else(Reject::forgotten)?;
                    Ok(Cell::Text(Hex::of(buyer).as_str().to_owned().into()))
                }
            },
            Way::Mask(at) => Ok(raw(at).map_or(Cell::Null, |nick| Cell::Text(mask(nick).into()))),
            Way::Amount(at) => Ok(number(amount(at)?)),
            Way::Paid(paid, refund) => {
                let refund = refund.map(amount).transpose()?.flatten().unwrap_or(0);
                let paid = amount(paid)?.map(|p| p.checked_add(refund).ok_or_else(|| Reject::row("no such amount")));
                Ok(number(paid.transpose()?))
            }
            // Texts stay in the raw file: their length or their hash is enough.
            Way::Chars(at, text) => match raw(at) {
                Some(text) => Ok(Cell::Number(parse::whole(name, text)?)),
                None => Ok(Cell::Number(raw(text).map_or(0, |t| i64::from(chars(t.trim()))))),
            },
            Way::Hash(at) => Ok(raw(at).map_or(Cell::Null, |t| Cell::Text(text_hash(t).into()))),
            Way::Duration(at) => Ok(number(raw(at).map(|t| parse::duration(name, t)).transpose()?)),
            Way::Span(at) => {
                let text = raw(at).unwrap_or_default();
                let Some((from, to)) = period::span(text) else {
                    let reason = "neither a column 日期 nor the file's name says which days it is about; \
                                  call the file for example 客服绩效_2026-05-01至2026-05-31.xlsx";
                    return Err(Reject::value(name, text, reason));
                };
                Ok(Cell::Number(if name == "from" { from } else { to }.into()))
            }
            Way::Period(kind, period) => {
                let Some(text) = raw(period) else { return Ok(Cell::Null) };
                let (period, on) = period::parse(raw(kind).unwrap_or_default(), text)?;
                Ok(if name == "on" { Cell::Number(on.into()) } else { Cell::Text(period.into()) })
            }
            Way::Account(at) => match raw(at) {
                None => Ok(Cell::Null),
                Some(text) => Ok(cell::plain(column, &account(text), self.plan.formats(at), zone)?.owned()),
            },
            Way::Plain(at) => {
                let Some(text) = raw(at) else { return Ok(Cell::Null) };
                if self.cut && cell::IDS.contains(&name) && parse::filled_up(text).is_some() {
                    return Err(parse::cut_off(name, text));
                }
                let formats = self.plan.formats(at);
                // A spreadsheet keeps midnight as a date alone. The workbook's cells show it as 00:00; of another export
                // nobody knows whether a time is missing.
                let midnight = self.form && column.kind == Type::Time && day.is_none() && !text.contains(' ');
                if midnight && parse::date(name, text).is_ok() {
                    return Ok(Cell::Number(parse::time(name, &format!("{text} 00:00:00"), formats, zone)?));
                }
                match (column.kind, day) {
                    (Type::Time, Some(day)) => {
                        Ok(Cell::Number(parse::time_on(name, text, day, zone, start.filter(|_| name != "start"))?))
                    }
                    _ => cell::plain(column, text, formats, zone),
                }
            }
        }
    }
}

/// Whether a spreadsheet has cut the file's numbers of orders and refunds: every long one ends in zeros behind the fifteen
/// digits that it keeps, four zeros or more in all, which chance does not give.
fn ids_are_cut(table: &Table, input: &Input<'_>) -> Result<bool> {
    let ids = table.columns.iter().filter(|c| cell::IDS.contains(&c.name)).map(|c| input.plan.index(c.name));
    let ids: Vec<usize> = ids.collect();
    if ids.is_empty() {
        return Ok(false);
    }
    let (mut records, mut zeros) = (input.records()?, 0);
    for _ in 0..LOOKED_AT {
        let Some(line) = records.advance()? else { break };
        let record = records.record();
        for text in ids.iter().filter(|_| line.is_ok()).filter_map(|at| input.plan.get(*at, record)) {
            match parse::filled_up(text) {
                Some(n) => zeros += n,
                None if text.len() > 15 && text.bytes().all(|b| b.is_ascii_digit()) => return Ok(false),
                None => {}
            }
        }
    }
    Ok(zeros >= 4)
}
