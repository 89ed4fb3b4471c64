//! Reading the lines of orders.

use super::columns::{self, get, get_text};
use super::names::Names;
use crate::base::Result;
use std::path::Path;

/// One line of an order; `shop` is a number of [`Names`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub shop: u32,
    pub order_id: String,
    pub sku: String,
    pub title: Option<String>,
    pub quantity: i64,
    pub paid_fen: Option<i64>,
}

/// The lines of a file whose order `keep` (shop, order number) wants, in the file's order.
pub fn read(path: &Path, names: &Names, keep: &(dyn Fn(u32, &str) -> bool + Sync)) -> Result<Vec<Item>> {
    let pieces = columns::gather(path, &["shop", "order_id", "sku", "title", "quantity", "paid_fen"], |rows| {
        let (shop, order, sku) = (rows.named("shop", names)?, rows.text("order_id")?, rows.text("sku")?);
        let (title, quantity, fen) = (rows.text("title")?, rows.int64("quantity")?, rows.int64("paid_fen")?);
        let wanted = (0..rows.len()).filter(|&i| keep(shop[i], order.value(i)));
        let item = |i: usize| Item {
            shop: shop[i],
            order_id: order.value(i).to_owned(),
            sku: sku.value(i).to_owned(),
            title: get_text(&title, i),
            quantity: quantity.value(i),
            paid_fen: get(&fen, i),
        };
        Ok(wanted.map(item).collect())
    })?;
    Ok(pieces.into_iter().flatten().collect())
}
