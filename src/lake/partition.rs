//! Where rows lie: month folders, and below them buckets of conversations.

use super::mart::PART;
use super::schema::Table;
use crate::base::Month;
use std::path::{Path, PathBuf};
use xxhash_rust::xxh3::xxh3_64;

/// Hash of a conversation; its top bits are the bucket. All of a conversation lies in one bucket.
pub fn conversation_hash(shop: &str, buyer_key: &str) -> u64 {
    let mut name = Vec::with_capacity(shop.len() + buyer_key.len() + 1);
    name.extend_from_slice(shop.as_bytes());
    name.push(0);
    name.extend_from_slice(buyer_key.as_bytes());
    xxh3_64(&name)
}

/// The bucket of a hash; `buckets` is a power of two.
pub fn bucket_of(hash: u64, buckets: u32) -> u32 {
    ((u128::from(hash) * u128::from(buckets.max(1))) >> 64) as u32
}

/// A power of two of buckets with about `target` rows each, at most 4096.
pub fn buckets_for(rows: u64, target: u64) -> u32 {
    let wanted = rows.div_ceil(target.max(1)).clamp(1, 4096);
    (wanted as u32).next_power_of_two()
}

/// The file of a table's partition. `bucket` is (number, of how many).
pub fn path_of(lake: &Path, table: &Table, month: Option<Month>, bucket: Option<(u32, u32)>) -> PathBuf {
    let mut path = lake.join(table.name);
    if let Some(month) = month {
        path = path.join(format!("month={month}"));
    }
    if let Some((bucket, _)) = bucket {
        path = path.join(format!("bucket={bucket:02}"));
    }
    path.join(PART)
}

const ASIDE: &str = "replaced.pq";

/// The file of a table's rows that newer ones replace. No `.parquet`: readers of the table must not come upon it.
pub fn aside_of(lake: &Path, table: &Table) -> PathBuf {
    lake.join(table.name).join(ASIDE)
}

/// Whether a file is that one of any table.
pub fn is_aside(path: &Path) -> bool {
    path.ends_with(ASIDE)
}
