//! Tables on disk: their schemas, partitions, the atomic writer, lineage and the manifest.

pub mod auto_replies;
pub mod batch;
mod coded;
pub mod columns;
pub mod dimensions;
pub mod earlier;
pub mod lock;
pub mod manifest;
pub mod mart;
pub mod messages;
pub mod names;
pub mod newest;
pub mod order_items;
pub mod orders;
pub mod partition;
pub mod refunds;
pub mod registers;
pub mod schema;
pub mod write;
