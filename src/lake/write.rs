//! The lake's writer: record batches into Parquet, table by table, beside the old state until all of it is there.

use super::coded;
use super::partition::{aside_of, path_of};
pub use super::schema::Floor;
use super::schema::{Column, Table, Type};
use crate::base::{Error, Month, Result, files};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Int32Type, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, ArrowWriterOptions, compute_leaves};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescPtr, ColumnPath};
use rayon::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of a row group: the piece that is encoded, and read, by itself.
pub const GROUP: usize = 131_072;

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

/// How hard zstd tries.
const LEVEL: i32 = 1;

fn compression() -> Compression {
    Compression::ZSTD(ZstdLevel::try_new(LEVEL).unwrap_or_default())
}

/// How a file is packed. Dictionaries are made of columns that come as codes (see [`coded`]) and of no others: they cost
/// more than they save. Numbers are kept as differences, which leaves the compressor nothing to do. Only the lake's columns
/// are asked for their greatest values.
fn properties(schema: &Schema, floor: Floor) -> WriterProperties {
    let mut p = WriterProperties::builder()
        .set_compression(compression())
        .set_created_by("kaohe".to_owned())
        .set_dictionary_enabled(false)
        .set_statistics_enabled(if floor == Floor::Lake { EnabledStatistics::Chunk } else { EnabledStatistics::None })
        .set_offset_index_disabled(true)
        .set_max_row_group_row_count(Some(GROUP));
    for field in schema.fields() {
        let path = ColumnPath::from(field.name().as_str());
        if let DataType::Int32 | DataType::Int64 | DataType::Date32 | DataType::Timestamp(..) = field.data_type() {
            p = p
                .set_column_encoding(path.clone(), Encoding::DELTA_BINARY_PACKED)
                .set_column_compression(path, Compression::UNCOMPRESSED);
        }
    }
    p.build()
}

fn broken(path: &Path) -> impl Fn(ParquetError) -> Error + '_ {
    move |e| Error::Failed(format!("cannot write {}: {e}", path.display()))
}

/// A file that is being written, row group by row group.
struct Writer<'a> {
    file: SerializedFileWriter<&'a File>,
    groups: Groups,
}

/// Encodes row groups, on any thread.
struct Groups {
    factory: ArrowRowGroupWriterFactory,
    leaves: Vec<ColumnDescPtr>,
    floor: Floor,
}

enum Chunk {
    Coded(coded::Chunk),
    Other(ArrowColumnChunk),
}

impl<'a> Writer<'a> {
    fn new(out: &'a File, schema: Arc<Schema>, floor: Floor) -> std::result::Result<Writer<'a>, ParquetError> {
        // The file's own types are the interface: no dictionary types of the writer in its metadata.
        let options =
            ArrowWriterOptions::new().with_properties(properties(&schema, floor)).with_skip_arrow_metadata(true);
        let (file, factory) = ArrowWriter::try_new_with_options(out, schema, options)?.into_serialized_writer()?;
        let leaves = file.schema_descr().columns().to_vec();
        Ok(Writer { file, groups: Groups { factory, leaves, floor } })
    }

    fn put(&mut self, chunks: Vec<Chunk>) -> std::result::Result<(), ParquetError> {
        let mut group = self.file.next_row_group()?;
        for chunk in chunks {
            match chunk {
                Chunk::Coded((bytes, close)) => group.append_column(&bytes, close)?,
                Chunk::Other(chunk) => chunk.append_to_row_group(&mut group)?,
            }
        }
        group.close().map(|_| ())
    }
}

impl Groups {
    fn encode(&self, group: usize, batch: &RecordBatch) -> std::result::Result<Vec<Chunk>, ParquetError> {
        let mut zip = zstd::bulk::Compressor::new(LEVEL).map_err(|e| ParquetError::External(Box::new(e)))?;
        let statistics = self.floor == Floor::Lake;
        let mut packing = coded::Packing { compression: compression(), zip: &mut zip, statistics };
        let (mut writers, mut chunks) = (self.factory.create_column_writers(group)?.into_iter(), Vec::new());
        for (field, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let kind = &self.leaves[chunks.len()];
            let codes = column.as_dictionary_opt::<Int32Type>();
            let packed = if is_nothing(column) {
                Some(coded::nothing(column.len(), kind.clone(), &mut packing)?)
            } else {
                codes.map(|codes| coded::chunk(codes, kind.clone(), &mut packing)).transpose()?
            };
            if let Some(packed) = packed {
                chunks.push(Chunk::Coded(packed));
                writers.next();
                continue;
            }
            for (leaf, mut writer) in compute_leaves(field, column)?.iter().zip(&mut writers) {
                writer.write(leaf)?;
                chunks.push(Chunk::Other(writer.close()?));
            }
        }
        Ok(chunks)
    }
}

/// Texts, or lists of texts, of which there is none.
fn is_nothing(column: &ArrayRef) -> bool {
    let of_texts = match column.data_type() {
        DataType::Utf8 | DataType::Dictionary(..) => true,
        DataType::List(item) => *item.data_type() == DataType::Utf8,
        _ => false,
    };
    of_texts && !column.is_empty() && column.null_count() == column.len()
}

fn group(rows: &RecordBatch, n: usize) -> RecordBatch {
    rows.slice(n * GROUP, GROUP.min(rows.num_rows() - n * GROUP))
}

/// Writes a batch as a file, and sees to it that it is on the disk. Text columns may come as dictionaries.
pub fn file(path: &Path, rows: &RecordBatch, floor: Floor) -> Result<()> {
    let count = rows.num_rows().div_ceil(GROUP);
    in_turn(path, rows.schema(), count, |n| Ok(group(rows, n)), floor)
}

/// The same of row groups that are made one after the other, so that only one is there at a time.
fn in_turn(
    path: &Path,
    schema: Arc<Schema>,
    count: usize,
    make: impl Fn(usize) -> Result<RecordBatch>,
    floor: Floor,
) -> Result<()> {
    let out = File::create(path).map_err(Error::io("cannot write", path))?;
    let mut writer = Writer::new(&out, schema, floor).map_err(broken(path))?;
    for n in 0..count {
        let chunks = writer.groups.encode(n, &make(n)?).map_err(broken(path))?;
        writer.put(chunks).map_err(broken(path))?;
    }
    writer.file.close().map_err(broken(path))?;
    out.sync_all().map_err(Error::io("cannot write", path))
}

/// The same for a table that is too big to be one batch: row group by row group, made and encoded side by side and
/// written in order.
pub fn groups(
    path: &Path,
    count: usize,
    make: impl Fn(usize) -> Result<RecordBatch> + Sync,
    floor: Floor,
) -> Result<()> {
    let out = File::create(path).map_err(Error::io("cannot write", path))?;
    let first = make(0)?;
    let mut writer = Writer::new(&out, first.schema(), floor).map_err(broken(path))?;
    let encoded: Vec<Vec<Chunk>> = (0..count)
        .into_par_iter()
        .map(|n| writer.groups.encode(n, &if n == 0 { first.clone() } else { make(n)? }).map_err(broken(path)))
        .collect::<Result<_>>()?;
    for chunks in encoded {
        writer.put(chunks).map_err(broken(path))?;
    }
    writer.file.close().map_err(broken(path))?;
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

    /// A folder for what is needed on the way; it goes when the tables are published.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// Writes a partition's rows as one file.
    pub fn write(&self, month: Option<Month>, bucket: Option<(u32, u32)>, rows: &RecordBatch) -> Result<()> {
        file(&self.place(month, bucket)?, rows, Floor::Lake)
    }

    /// The same of rows that become a batch a row group at a time.
    pub fn write_in_turn<T>(
        &self,
        month: Option<Month>,
        bucket: Option<(u32, u32)>,
        schema: Arc<Schema>,
        rows: &[T],
        make: impl Fn(&[T]) -> Result<RecordBatch>,
    ) -> Result<()> {
        let groups: Vec<&[T]> = rows.chunks(GROUP).collect();
        in_turn(&self.place(month, bucket)?, schema, groups.len(), |n| make(groups[n]), Floor::Lake)
    }

    /// The same, row groups side by side.
    pub fn write_groups<T: Sync>(
        &self,
        month: Option<Month>,
        bucket: Option<(u32, u32)>,
        rows: &[T],
        make: impl Fn(&[T]) -> Result<RecordBatch> + Sync,
    ) -> Result<()> {
        let pieces: Vec<&[T]> = rows.chunks(GROUP).collect();
        let make = |n: usize| make(pieces.get(n).copied().unwrap_or_default());
        groups(&self.place(month, bucket)?, pieces.len(), make, Floor::Lake)
    }

    /// Keeps rows aside that newer ones replace; see [`super::earlier`].
    pub fn set_aside(&self, rows: &RecordBatch) -> Result<()> {
        let path = aside_of(&self.dir, self.table);
        if rows.num_rows() == 0 { Ok(()) } else { file(&path, rows, Floor::Lake) }
    }

    fn place(&self, month: Option<Month>, bucket: Option<(u32, u32)>) -> Result<PathBuf> {
        let path = path_of(&self.dir, self.table, month, bucket);
        if let Some(dir) = path.parent() {
            files::make_dir(dir)?;
        }
        Ok(path)
    }

    /// Puts the new state in the place of the old one.
    pub fn publish(self) -> Result<()> {
        let place = self.lake.join(self.table.name);
        files::replace_dir(&self.dir.join(self.table.name), &place)
    }
}
