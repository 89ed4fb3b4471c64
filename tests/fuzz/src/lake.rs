//! The tables' columns and types, without what reads and writes them.

#[path = "../../../src/lake/schema/mod.rs"]
pub mod schema;
