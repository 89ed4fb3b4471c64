//! Reading orders.

use super::columns::{self, get, get_text};
use super::names::{NONE, Names};
use crate::base::{Ms, Result};
use arrow::array::Array;
use std::ops::Range;
use std::path::Path;

/// Words of `status` that say that an order was shipped.
pub const SHIPPED: [&str; 2] = ["shipped", "signed"];

/// One order; `shop`, `responsible` and `file` are numbers of [`Names`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub shop: u32,
    pub order_id: String,
    pub buyer_key: Option<String>,
    pub created_at: Ms,
    pub paid_at: Option<Ms>,
    pub shipped_at: Option<Ms>,
    /// Its status says that it was shipped, and no column when.
    pub shipped_untold: bool,
    pub signed_at: Option<Ms>,
    pub closed_at: Option<Ms>,
    pub paid_fen: Option<i64>,
    pub refund_fen: Option<i64>,
    pub items: Option<i64>,
    pub responsible: u32,
    pub file: u32,
    pub row: i64,
}

/// The orders of a file that were created in `span`; of those created before it the ones that were paid and neither
/// shipped nor closed by `open_at`: a list of what is unshipped knows no margin. Piece by piece.
pub fn read(path: &Path, span: &Range<Ms>, open_at: Ms, names: &Names) -> Result<Vec<Vec<Order>>> {
    const COLUMNS: [&str; 15] = [
        "shop",
        "order_id",
        "buyer_key",
        "status",
        "created_at",
        "paid_at",
        "shipped_at",
        "signed_at",
        "closed_at",
        "paid_fen",
        "refund_fen",
        "items",
        "responsible",
        "source_file",
        "source_row",
    ];
    columns::gather(path, &COLUMNS, |rows| {
        let mut orders = Vec::with_capacity(rows.len());
        let (shop, responsible, file) =
            (rows.named("shop", names)?, rows.named("responsible", names)?, rows.named("source_file", names)?);
        let (order_id, buyer, status) = (rows.text("order_id")?, rows.text("buyer_key")?, rows.text("status")?);
        let (created, paid, shipped) = (rows.int64("created_at")?, rows.int64("paid_at")?, rows.int64("shipped_at")?);
        let (signed, closed) = (rows.int64("signed_at")?, rows.int64("closed_at")?);
        let (paid_fen, refund_fen, items) = (rows.int64("paid_fen")?, rows.int64("refund_fen")?, rows.int64("items")?);
        let (row, nobody) = (rows.int64("source_row")?, names.find("").unwrap_or(NONE));
        // Most exports know that an order is closed and not when: it counts as closed from its last step on.
        let closed = |i: usize| {
            let unknown = || status.is_valid(i) && status.value(i) == "closed";
            get(&closed, i).or_else(|| unknown().then(|| get(&paid, i).unwrap_or(created.value(i))))
        };
        let untold = |i: usize| shipped.is_null(i) && status.is_valid(i) && SHIPPED.contains(&status.value(i));
        for i in 0..rows.len() {
            let later = |t: Option<Ms>| t.is_none_or(|t| t >= open_at);
            let waits = get(&paid, i).is_some() && later(get(&shipped, i)) && later(closed(i)) && !untold(i);
            let left_open = created.value(i) < span.start && waits;
            if !span.contains(&created.value(i)) && !left_open {
                continue;
            }
            orders.push(Order {
                shop: shop[i],
                order_id: order_id.value(i).to_owned(),
                buyer_key: get_text(&buyer, i),
                created_at: created.value(i),
                paid_at: get(&paid, i),
                shipped_at: get(&shipped, i),
                shipped_untold: untold(i),
                signed_at: get(&signed, i),
                closed_at: closed(i),
                paid_fen: get(&paid_fen, i),
                refund_fen: get(&refund_fen, i),
                items: get(&items, i),
                responsible: if responsible[i] == nobody { NONE } else { responsible[i] },
                file: file[i],
                row: row.value(i),
            });
        }
        Ok(orders)
    })
}

/// Order numbers that buyers' chats quote: (shop, order number, buyer_key), for orders whose export names no buyer.
pub fn quoted(path: &Path, names: &Names, mut f: impl FnMut(u32, &str, &str)) -> Result<()> {
    columns::each(path, &["shop", "buyer_key", "quoted_order_ids"], |rows| {
        let (shop, buyer, quoted) =
            (rows.named("shop", names)?, rows.text("buyer_key")?, rows.lists("quoted_order_ids")?);
        for (i, shop) in shop.iter().enumerate() {
            for id in quoted.get(i) {
                f(*shop, &id, buyer.value(i));
            }
        }
        Ok(())
    })
}
