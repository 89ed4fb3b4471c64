//! The lake's writer: record batches into Parquet, table by table, beside the old state until all of it is there.

use super::partition::path_of;
pub use super::schema::Floor;
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
        Type::Evidence => {
            let item = DataType::Struct(super::batch::evidence_fields().into());
            DataType::List(Arc::new(Field::new("item", item, true)))
        }
    }
}

/// arrow's schema of a table's file.
pub fn schema(table: &Table) -> Arc<Schema> {
    let field = |c: &Column| Field::new(c.name, data_type(c.kind), c.null);
    Arc::new(Schema::new(table.all_columns().iter().map(field).collect::<Vec<_>>()))
}

/// How a file is packed. Dictionaries are kept for columns that come as codes: making one of other values costs more
/// than it saves. Only the lake's columns are asked for their greatest values.
fn properties(schema: &Schema, floor: Floor) -> WriterProperties {
    let mut p = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_created_by("kaohe".to_owned())
        .set_dictionary_enabled(false)
        .set_statistics_enabled(if floor == Floor::Lake { EnabledStatistics::Chunk } else { EnabledStatistics::None })
        .set_max_row_group_row_count(Some(1_048_576));
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        match (field.data_type(), field.name().as_str()) {
            (DataType::Dictionary(..), _) => p = p.set_column_dictionary_enabled(path, true),
            // Sorted numbers: differences are small.
            (_, "ts" | "created_at" | "asked_at" | "started_at" | "source_row") => {
                p = p.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
            }
            _ => {}
        }
    }
    p.build()
}

/// Writes batches of one schema as a file, and sees to it that it is on the disk.
pub fn file(path: &Path, batches: &[RecordBatch], floor: Floor) -> Result<()> {
    let broken = |e: parquet::errors::ParquetError| Error::Failed(format!("cannot write {}: {e}", path.display()));
    let out = File::create(path).map_err(Error::io("cannot write", path))?;
    let Some(schema) = batches.first().map(RecordBatch::schema) else { return Ok(()) };
    // The file's own types are the interface: no dictionary types of the writer in its metadata.
    let options = ArrowWriterOptions::new().with_properties(properties(&schema, floor)).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(&out, schema, options).map_err(broken)?;
    for batch in batches {
        writer.write(batch).map_err(broken)?;
    }
    writer.close().map_err(broken)?;
    out.sync_all().map_err(Error::io("cannot write", path))
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
        file(&path, batches, Floor::Lake)
    }

    /// Puts the new state in the place of the old one.
    pub fn publish(self) -> Result<()> {
        let place = self.lake.join(self.table.name);
        files::replace_dir(&self.dir.join(self.table.name), &place)
    }
}
