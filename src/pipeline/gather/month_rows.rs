//! The tables that describe a month as a whole, row by row, and the sales that it should reach.

use crate::base::{Month, Result};
use crate::lake::columns::{Rows, get};
use crate::lake::manifest::Manifest;
use crate::lake::names::Names;
use crate::lake::registers::Registers;
use crate::lake::schema::{STAFF_DAY, TARGETS};
use crate::pipeline::Project;
use crate::report::data::{Hour, OpenHour, PresetSums, Product, Repeat, SalesTarget, Spread, Step, Unshipped};
use std::collections::{BTreeMap, BTreeSet};

pub fn hour(rows: &Rows<'_>) -> Result<Vec<Hour>> {
    let (shop, weekday, hour) = (rows.text("shop")?, rows.int64("weekday")?, rows.int64("hour")?);
    let (rounds, first) = (rows.int64("rounds_count")?, rows.int64("first_response_count")?);
    let (sum, met) = (rows.int64("first_response_sum_ms")?, rows.int64("first_response_met_count")?);
    Ok((0..rows.len())
        .map(|i| Hour {
            shop: shop.value(i).to_owned(),
            weekday: weekday.value(i),
            hour: hour.value(i),
            rounds: rounds.value(i),
            first_count: first.value(i),
            first_sum_ms: sum.value(i),
            first_met: met.value(i),
        })
        .collect())
}

pub fn spread(rows: &Rows<'_>) -> Result<Vec<Spread>> {
    let (of, shop, staff) = (rows.text("of")?, rows.text("shop")?, rows.text("staff_id")?);
    let (upto, count) = (rows.int64("upto_ms")?, rows.int64("count")?);
    Ok((0..rows.len())
        .map(|i| Spread {
            of: of.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            upto: get(&upto, i),
            count: count.value(i),
        })
        .collect())
}

pub fn open_hour(rows: &Rows<'_>) -> Result<Vec<OpenHour>> {
    let (at, shop, open) = (rows.int64("at")?, rows.text("shop")?, rows.int64("open")?);
    let of = |i: usize| OpenHour { at: at.value(i), shop: shop.value(i).to_owned(), open: open.value(i) };
    Ok((0..rows.len()).map(of).collect())
}

pub fn step(rows: &Rows<'_>) -> Result<Vec<Step>> {
    let (step, shop, staff) = (rows.text("step")?, rows.text("shop")?, rows.text("staff_id")?);
    let (count, open, sum) = (rows.int64("count")?, rows.int64("open")?, rows.int64("sum_ms")?);
    let (p50, p90) = (rows.int64("p50_ms")?, rows.int64("p90_ms")?);
    let (met, limit) = (rows.int64("met")?, rows.int64("limit_ms")?);
    Ok((0..rows.len())
        .map(|i| Step {
            step: step.value(i).to_owned(),
            shop: shop.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            count: count.value(i),
            open: open.value(i),
            sum_ms: sum.value(i),
            p50: p50.value(i),
            p90: p90.value(i),
            met: met.value(i),
            limit_ms: limit.value(i),
        })
        .collect())
}

pub fn unshipped(rows: &Rows<'_>) -> Result<Vec<Unshipped>> {
    let (at, paid, fen) = (rows.int64("at")?, rows.int64("paid_at")?, rows.int64("paid_fen")?);
    let (shop, order, staff) = (rows.text("shop")?, rows.text("order_id")?, rows.text("staff_id")?);
    let (file, row) = (rows.text("source_file")?, rows.int64("source_row")?);
    Ok((0..rows.len())
        .map(|i| Unshipped {
            at: at.value(i),
            shop: shop.value(i).to_owned(),
            order_id: order.value(i).to_owned(),
            staff_id: staff.value(i).to_owned(),
            paid_at: paid.value(i),
            paid_fen: get(&fen, i),
            file: file.value(i).to_owned(),
            row: row.value(i),
        })
        .collect())
}

pub fn product(rows: &Rows<'_>) -> Result<Vec<Product>> {
    let (shop, sku, title) = (rows.text("shop")?, rows.text("sku")?, rows.text("title")?);
    let (orders, quantity, fen) = (rows.int64("orders")?, rows.int64("quantity")?, rows.int64("paid_fen")?);
    Ok((0..rows.len())
        .map(|i| Product {
            shop: shop.value(i).to_owned(),
            sku: sku.value(i).to_owned(),
            title: title.value(i).to_owned(),
            orders: orders.value(i),
            quantity: quantity.value(i),
            sales_fen: fen.value(i),
        })
        .collect())
}

pub fn repeat(rows: &Rows<'_>) -> Result<Vec<Repeat>> {
    let (shop, buyers, again) = (rows.text("shop")?, rows.int64("buyers")?, rows.int64("again")?);
    let of = |i: usize| Repeat { shop: shop.value(i).to_owned(), buyers: buyers.value(i), again: again.value(i) };
    Ok((0..rows.len()).map(of).collect())
}

/// (preset, measure, value)
pub fn preset_values(rows: &Rows<'_>) -> Result<Vec<(String, String, i64)>> {
    let (preset, measure, value) = (rows.text("preset")?, rows.text("measure")?, rows.int64("value")?);
    let of = |i: usize| (preset.value(i).to_owned(), measure.value(i).to_owned(), value.value(i));
    Ok((0..rows.len()).map(of).collect())
}

/// The values of each preset together, in the table's order.
pub fn presets(values: Vec<(String, String, i64)>) -> Vec<PresetSums> {
    let mut all: BTreeMap<String, PresetSums> = BTreeMap::new();
    for (preset, measure, value) in values {
        let sums = all.entry(preset).or_insert_with_key(|preset| PresetSums {
            preset: preset.clone(),
            target_ms: 0,
            first_p50: None,
            measures: BTreeMap::new(),
        });
        match measure.as_str() {
            "target_ms" => sums.target_ms = value,
            "first_response_p50_ms" => sums.first_p50 = Some(value),
            name => {
                let column = STAFF_DAY.columns.iter().find(|c| c.name == name);
                sums.measures.extend(column.map(|c| (c.name, value)));
            }
        }
    }
    all.into_values().collect()
}

/// The month's rows of `targets`, in the table's order.
pub fn sales_targets(project: &Project, manifest: &Manifest, month: Month) -> Result<Vec<SalesTarget>> {
    let tables = BTreeSet::from([TARGETS.name]);
    let registers = Registers::read(&project.lake(), manifest, month, &tables, &Names::new())?;
    let Some(targets) = registers.get(TARGETS.name) else { return Ok(Vec::new()) };
    let period = month.to_string();
    let of_month = targets.rows.iter().filter(|row| targets.get(row, "period").text() == Some(&period));
    Ok(of_month
        .filter_map(|row| {
            let text = |column: &str| targets.get(row, column).text().map(str::to_owned);
            let sales_fen = targets.get(row, "sales_fen").int()?;
            Some(SalesTarget { shop: text("shop"), staff_id: text("staff_id"), sales_fen })
        })
        .collect())
}
