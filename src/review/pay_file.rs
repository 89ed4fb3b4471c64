//! The pay file: what people are paid, by person and, where it says so, by month.

use crate::base::{Month, Result};

/// A row of it; money in fen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayRow {
    pub staff_id: String,
    /// `None`: every month.
    pub month: Option<Month>,
    pub fixed: Option<i64>,
    pub bonus: Option<i64>,
    /// Of sales, hundredths of a percent.
    pub sales_rate: Option<i64>,
    /// At a satisfaction of 100 %.
    pub satisfaction: Option<i64>,
}

/// The file, checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PayFile {
    pub name: String,
    /// SHA-256 of its bytes, hex.
    pub hash: String,
    pub rows: Vec<PayRow>,
}

impl PayFile {
    /// Reads a file.
    pub fn read(path: &std::path::Path) -> Result<PayFile> {
        let (_, hash) = crate::base::files::hash(path)?;
        Ok(PayFile { name: String::new(), hash, rows: Vec::new() })
    }
}
