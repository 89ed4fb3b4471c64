//! The quarantine's table: the rows that could not be read, of all tables.

use crate::base::Result;
use crate::lake::dimensions::{self, QuarantineRow};
use crate::lake::partition::path_of;
use crate::lake::schema::QUARANTINE;
use crate::lake::write::{NewTable, schema};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

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
