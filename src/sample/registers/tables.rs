//! Promotions and approved auto replies: tables without months.

use super::rows::{date, seconds};
use crate::base::Result;
use crate::sample::people::SHOPS;
use crate::sample::sheet::Sheet;
use crate::sample::world::World;
use std::path::Path;

pub fn write(world: &World, dir: &Path) -> Result<()> {
    let header = ["promotion_id", "shop", "keyword", "starts_at", "ends_at"];
    let mut sheet = Sheet::create(&dir.join("promotions.csv"), &header)?;
    for p in &world.autos.promotions {
        sheet.row(&[p.id, SHOPS[p.shop], p.keyword, &seconds(Some(p.starts)), &seconds(Some(p.ends))])?;
    }
    sheet.finish()?;
    let header = ["text_id", "shop", "text", "valid_from", "valid_to"];
    let mut sheet = Sheet::create(&dir.join("auto_reply_texts.csv"), &header)?;
    for shop in SHOPS {
        for (id, text, from, to) in world.autos.approvals() {
            let day = |d: Option<i32>| d.map(date).unwrap_or_default();
            sheet.row(&[&id, shop, text, &day(from), &day(to)])?;
        }
    }
    sheet.finish()
}
