//! Reading auto replies: which approved text each equals and which promotions' keywords it holds. Few rules ask for
//! them, so they are read apart from the other messages.

use super::columns;
use super::names::Names;
use crate::base::{Ms, Result};
use std::ops::Range;
use std::path::Path;

/// One auto reply. Shop, account, text, promotions and file are numbers of [`Names`]; `text` is `NONE` where the reply
/// equals no approved text of its shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoReply {
    pub shop: u32,
    pub account: u32,
    pub ts: Ms,
    pub text: u32,
    pub promotions: Vec<u32>,
    pub file: u32,
    pub row: i64,
}

/// The auto replies of a file that were sent in `span`.
pub fn read(path: &Path, span: &Range<Ms>, names: &Names) -> Result<Vec<AutoReply>> {
    const COLUMNS: [&str; 8] =
        ["shop", "account", "role", "ts", "auto_text_id", "promotion_ids", "source_file", "source_row"];
    let mut out = Vec::new();
    columns::each(path, &COLUMNS, |rows| {
        let auto = rows.coded("role", &|role| u32::from(role == "auto"))?;
        let (shop, account, file) =
            (rows.named("shop", names)?, rows.named("account", names)?, rows.named("source_file", names)?);
        let (ts, row, text) = (rows.int64("ts")?, rows.int64("source_row")?, rows.named("auto_text_id", names)?);
        let promotions = rows.lists("promotion_ids")?;
        for i in 0..rows.len() {
            if auto[i] == 1 && span.contains(&ts.value(i)) {
                let promotions = promotions.get(i).iter().map(|p| names.id(p)).collect();
                let (shop, account, text, file) = (shop[i], account[i], text[i], file[i]);
                out.push(AutoReply { shop, account, ts: ts.value(i), text, promotions, file, row: row.value(i) });
            }
        }
        Ok(())
    })?;
    Ok(out)
}
