//! Reading refunds: what an order's own export may not know.

use super::columns::{self, get};
use super::manifest::Manifest;
use super::names::Names;
use super::orders::Order;
use super::partition::path_of;
use super::schema::REFUNDS;
use crate::base::{Ms, Result};
use arrow::array::Array;
use foldhash::HashMap;
use std::path::Path;

/// Numbers of this length are a platform's and unique: a refund list that names no shop is matched by them alone.
const UNIQUE: usize = 15;

/// What was paid back for each order.
#[derive(Debug, Default)]
pub struct Refunds(HashMap<String, Vec<(u32, i64)>>);

impl Refunds {
    /// Refunds that were done by `as_of`; one without a state or a time counts as done.
    pub fn read(lake: &Path, manifest: &Manifest, as_of: Ms, names: &Names) -> Result<Refunds> {
        let mut all = Refunds::default();
        for month in manifest.partitions(REFUNDS.name) {
            let wanted = ["shop", "order_id", "refund_fen", "status", "closed_at"];
            columns::each(&path_of(lake, &REFUNDS, month, None), &wanted, |rows| {
                let (shop, order, fen) =
                    (rows.named("shop", names)?, rows.text("order_id")?, rows.int64("refund_fen")?);
                let (status, closed) = (rows.text("status")?, rows.int64("closed_at")?);
                for (i, shop) in shop.iter().enumerate() {
                    let done = status.is_null(i) || status.value(i) == "done";
                    if done && get(&closed, i).is_none_or(|t| t <= as_of) {
                        all.0.entry(order.value(i).to_owned()).or_default().push((*shop, fen.value(i)));
                    }
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    /// Gives an order whose export has no refund the sum of its refunds, in fen.
    pub fn fill(&self, order: &mut Order) {
        let Some(found) = self.0.get(&order.order_id).filter(|_| order.refund_fen.is_none()) else { return };
        let of_it = found.iter().filter(|(shop, _)| *shop == order.shop || order.order_id.len() >= UNIQUE);
        let sum =
            of_it.map(|(_, fen)| *fen).fold(None, |sum: Option<i64>, fen| Some(sum.unwrap_or(0).saturating_add(fen)));
        order.refund_fen = sum;
    }
}
