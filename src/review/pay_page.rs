//! The page of the pay preview: HR's alone.

use super::results::PayResult;
use super::room::Room;
use crate::report::format::{NOTHING, Quantity, grouped};
use crate::report::views::sheet::{Section, Sheet};
use crate::report::views::table::{Cell, Table};
use std::collections::BTreeMap;

/// Sums of the period, and each month.
pub fn page(room: &Room, pay: &[PayResult]) -> Sheet {
    let words = room.words;
    let title = words.fill("review.pay.title", &[("period", &room.period())]);
    let bonus = if room.inputs.half.pay.bonus_by_score { "review.pay.bonus_score" } else { "review.pay.bonus_full" };
    let file = room.inputs.pay.as_ref();
    let from = words.fill("review.pay.file", &[("file", file.map_or("", |f| f.name.as_str()))]);
    let mut sheet = Sheet::new("pay", title).lead(words.text("review.pay.lead")).lead(from);
    let unknown: Vec<String> = file
        .into_iter()
        .flat_map(|f| &f.rows)
        .map(|r| r.staff_id.clone())
        .filter(|id| !room.reviews.contains_key(id))
        .collect();
    if !unknown.is_empty() {
        sheet = sheet.lead(words.fill("review.pay.unknown", &[("people", &room.list(&unknown))]));
    }
    let missing: Vec<String> = room
        .reviews
        .values()
        .filter(|r| !pay.iter().any(|p| p.staff_id == r.member.staff_id))
        .map(|r| room.name(&r.member.staff_id))
        .collect();
    if !missing.is_empty() {
        sheet = sheet.lead(words.fill("review.pay.missing", &[("people", &room.list(&missing))]));
    }
    let sums = Section::new("pay_sums", words).note(words.text(bonus)).note(words.text("review.pay.how"));
    sheet.section(sums.table(totals(room, pay))).section(Section::new("pay_months", words).table(months(room, pay)))
}

fn fen(room: &Room, n: i64) -> Cell {
    Cell::quantity(Some(Quantity::Fen(n)), room.words)
}

const PARTS: [&str; 5] = ["#pay_fixed", "#pay_bonus", "#pay_sales", "#pay_satisfaction", "#pay_total"];

fn amounts(room: &Room, p: &PayResult) -> [Cell; 5] {
    [p.fixed, p.bonus, p.sales_commission, p.satisfaction_commission, p.total()].map(|n| fen(room, n))
}

fn totals(room: &Room, pay: &[PayResult]) -> Table {
    let mut table = Table::new("pay_sums", &["person", "#months"], room.words);
    PARTS.iter().for_each(|p| table.figure_column(room.words.text(&format!("column.{}", p.trim_start_matches('#')))));
    let mut sums: BTreeMap<&str, (i64, PayResult)> = BTreeMap::new();
    for p in pay {
        let (months, sum) = sums.entry(&p.staff_id).or_default();
        *months += 1;
        sum.fixed += p.fixed;
        sum.bonus += p.bonus;
        sum.sales_commission += p.sales_commission;
        sum.satisfaction_commission += p.satisfaction_commission;
    }
    for (id, (months, sum)) in &sums {
        let who = room.reviews.get(*id).map_or_else(|| Cell::text(*id), |r| room.person(r));
        let row = [who, Cell::count(*months, room.words)].into_iter().chain(amounts(room, sum));
        table.push(row.collect());
    }
    table
}

fn months(room: &Room, pay: &[PayResult]) -> Table {
    let words = room.words;
    let mut columns = vec!["person", "month", "#half_days", "#score", "#sales", "#satisfied"];
    columns.extend(PARTS);
    let mut table = Table::new("pay_months", &columns, words);
    for p in pay {
        let who = room.reviews.get(&p.staff_id).map_or_else(|| Cell::text(&p.staff_id), |r| room.person(r));
        let rated =
            if p.rated > 0 { format!("{} ÷ {}", grouped(p.satisfied), grouped(p.rated)) } else { NOTHING.to_owned() };
        let mut row = vec![
            who,
            Cell::text(&p.month),
            Cell::text(format!("{} / {}", p.days, p.of_days)),
            room.points(p.score),
            fen(room, p.sales),
            Cell::text(rated),
        ];
        row.extend(amounts(room, p));
        table.push(row);
    }
    table
}
