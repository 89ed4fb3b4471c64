//! The lake's writer: record batches into Parquet, table by table, beside the old state until all of it is there.

use super::partition::path_of;
use super::schema::{Column, Table, Type};
use crate::base::{Error, Month, Result, files};
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// arrow's type of a column.
pub fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Utf8 => DataType::Utf8,
        Type::Utf8List => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
        Type::Int64 => DataType::Int64,
        Type::Int32 => DataType::Int32,
        Type::Bool => DataType::Boolean,
        Type::Date => DataType::Date32,
        Type::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        Type::Evidence => DataType::List(Arc::new(Field::new("item", DataType::Utf8, true))),
    }
}

/// arrow's schema of a table's file.
pub fn schema(table: &Table) -> Arc<Schema> {
    let field = |c: &Column| Field::new(c.name, data_type(c.kind), c.null);
    Arc::new(Schema::new(table.all_columns().iter().map(field).collect::<Vec<_>>()))
}

fn properties() -> WriterProperties {
    let mut p = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_created_by("kaohe".to_owned())
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(1_048_576));
    // Sorted numbers: differences are small.
    for name in ["ts", "created_at", "source_row"] {
        let path = ColumnPath::from(name);
        p = p.set_column_dictionary_enabled(path.clone(), false);
        p = p.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    // Hardly any value comes twice: a dictionary would be made and thrown away.
    for name in ["buyer_key", "order_id"] {
        p = p.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    p.build()
}

/// A table's new state, made beside the old one.
#[derive(Debug)]
pub struct NewTable {
    pub table: &'static Table,
    lake: PathBuf,
    dir: PathBuf,
}

impl NewTable {
    /// An empty new state; what a killed run left behind is removed.
    pub fn begin(lake: &Path, table: &'static Table) -> Result<NewTable> {
        let dir = lake.join(".new");
        files::remove_dir(&dir.join(table.name))?;
        files::make_dir(&dir.join(table.name))?;
        Ok(NewTable { table, lake: lake.to_path_buf(), dir })
    }

    /// Writes a partition's rows as one file. Text columns may come as dictionaries.
    pub fn write(&self, month: Option<Month>, bucket: Option<(u32, u32)>, batches: &[RecordBatch]) -> Result<()> {
        let path = path_of(&self.dir, self.table, month, bucket);
        if let Some(dir) = path.parent() {
            files::make_dir(dir)?;
        }
        let broken = |e: parquet::errors::ParquetError| Error::Failed(format!("cannot write {}: {e}", path.display()));
        let file = File::create(&path).map_err(Error::io("cannot write", &path))?;
        let schema = batches.first().map_or_else(|| schema(self.table), |b| b.schema());
        // The file's own types are the interface: no dictionary types of the writer in its metadata.
        let options = ArrowWriterOptions::new().with_properties(properties()).with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(&file, schema, options).map_err(broken)?;
        for batch in batches {
            writer.write(batch).map_err(broken)?;
        }
        writer.close().map_err(broken)?;
        file.sync_all().map_err(Error::io("cannot write", &path))
    }

    /// Puts the new state in the place of the old one.
    pub fn publish(self) -> Result<()> {
        let place = self.lake.join(self.table.name);
        files::replace_dir(&self.dir.join(self.table.name), &place)
    }
}
