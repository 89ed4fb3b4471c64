//! Rows that could not be read, of all tables: their table in the lake, and how they are told.

use super::reject::Reject;
use crate::base::{Diagnostic, Place, Result};
use crate::lake::dimensions::{self, QuarantineRow};
use crate::lake::partition::path_of;
use crate::lake::schema::{QUARANTINE, Table};
use crate::lake::write::{NewTable, schema};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// How many rejected rows are shown.
const SHOWN: usize = 5;

/// All quarantined rows.
#[derive(Debug, Default)]
pub struct Quarantine(Vec<QuarantineRow>);

impl Quarantine {
    pub fn load(lake: &Path) -> Result<Quarantine> {
        let path = path_of(lake, &QUARANTINE, None, None);
        Ok(Quarantine(if path.is_file() { dimensions::quarantine(&path)? } else { Vec::new() }))
    }

    /// Adds a table's new rows; of the old ones those of `earlier` files stay.
    pub fn replace(&mut self, table: &str, earlier: &BTreeSet<&str>, rows: Vec<QuarantineRow>) {
        self.0.retain(|r| r.table != table || earlier.contains(r.file.as_str()));
        self.0.extend(rows);
    }

    pub fn save(mut self, lake: &Path) -> Result<()> {
        self.0.sort_by(|a, b| (&a.file, a.row, &a.column).cmp(&(&b.file, b.row, &b.column)));
        let text = |f: &dyn Fn(&QuarantineRow) -> Option<String>| -> ArrayRef {
            Arc::new(self.0.iter().map(f).collect::<StringArray>())
        };
        let columns = vec![
            text(&|r| Some(r.table.clone())),
            text(&|r| Some(r.file.clone())),
            Arc::new(Int64Array::from_iter_values(self.0.iter().map(|r| r.row))),
            text(&|r| r.column.clone()),
            text(&|r| r.value_mask.clone()),
            text(&|r| Some(r.reason.clone())),
        ];
        let batch = RecordBatch::try_new(schema(&QUARANTINE), columns)
            .map_err(|e| crate::base::Error::Failed(format!("cannot build the quarantine: {e}")))?;
        let new = NewTable::begin(lake, &QUARANTINE)?;
        new.write(None, None, &batch)?;
        new.publish()
    }
}

/// A rejected row of a file on its way into a table.
pub fn row(reject: Reject, table: &str, file: &str, row: u64) -> QuarantineRow {
    QuarantineRow {
        table: table.to_owned(),
        file: file.to_owned(),
        row: row as i64,
        column: reject.column.map(str::to_owned),
        value_mask: reject.value_mask,
        reason: reject.reason,
    }
}

fn place(r: &QuarantineRow) -> Place {
    let seen = r.value_mask.as_ref().map(|m| format!(" (`{m}`)")).unwrap_or_default();
    Place::row(r.file.clone(), r.row as u64, r.column.as_deref(), format!("{}{seen}", r.reason))
}

/// The finding where too many of `read` rows of a table's new files cannot be read. `limit`: thousandths.
pub fn refused(table: &Table, rejects: &[QuarantineRow], read: u64, limit: u32) -> Diagnostic {
    let message = format!(
        "{} of {read} rows of `{}` cannot be read; at most {}.{} % may fail",
        rejects.len(),
        table.name,
        limit / 10,
        limit % 10
    );
    let d = rejects.iter().take(SHOWN).map(place).fold(Diagnostic::error("K0217", message), Diagnostic::at);
    d.help("mend the mapping in pipelines/sources or export again; `rejects_max` of the pipeline sets the share")
}

/// The finding where a few rows cannot be read.
pub fn quarantined(table: &Table, rejects: &[QuarantineRow]) -> Diagnostic {
    let d = Diagnostic::warning("K0218", format!("{} row(s) of `{}` went to quarantine", rejects.len(), table.name));
    rejects.iter().take(SHOWN).map(place).fold(d, Diagnostic::at)
}
