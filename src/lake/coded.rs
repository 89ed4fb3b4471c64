//! Text columns that come as codes into Parquet's dictionaries. parquet's own writer looks at the text of every row and
//! makes codes of it once more; here each text is looked at once a row group.

use arrow::array::{Array, AsArray, DictionaryArray};
use arrow::datatypes::Int32Type;
use bytes::Bytes;
use foldhash::HashMap;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{CompressedPage, Page, PageWriter};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::ByteArray;
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;
use zstd::bulk::Compressor;

/// A column of a row group as it stands in the file, and what the file says of it.
pub type Chunk = (Bytes, ColumnCloseResult);

/// How a column is packed: `compression` is what `zip` does; `statistics`: whether the least and the greatest text are told.
pub struct Packing<'z, 'd> {
    pub compression: Compression,
    pub zip: &'z mut Compressor<'d>,
    pub statistics: bool,
}

/// Packs a column of codes.
pub fn chunk(column: &DictionaryArray<Int32Type>, kind: ColumnDescPtr, packing: &mut Packing<'_, '_>) -> Result<Chunk> {
    let texts = Texts::of(column);
    let mut data = Vec::new();
    if kind.max_def_level() > 0 {
        match column.null_count() {
            0 => constant_levels(1, column.len(), &mut data),
            _ => {
                let there: Vec<u32> = (0..column.len()).map(|row| u32::from(column.is_valid(row))).collect();
                levels(|out| hybrid(&there, 1, out), &mut data);
            }
        }
    }
    let width = (texts.distinct.len().max(1) as u32 - 1).checked_ilog2().map_or(0, |n| n as u8 + 1);
    data.push(width);
    hybrid(&texts.codes, width, &mut data);
    let mut dictionary = Vec::new();
    for text in &texts.distinct {
        dictionary.extend_from_slice(&(text.len() as u32).to_le_bytes());
        dictionary.extend_from_slice(text.as_bytes());
    }
    let told = || {
        let of = |text: &&str| (*text).into();
        let (least, greatest) = (texts.distinct.iter().min().map(of), texts.distinct.iter().max().map(of));
        ValueStatistics::new(least, greatest, None, Some(column.null_count() as u64), false)
    };
    pages(kind, column.len(), Some((dictionary, texts.distinct.len())), &data, told, packing)
}

/// Packs a column of texts, or of lists of texts, in which all is null.
pub fn nothing(rows: usize, kind: ColumnDescPtr, packing: &mut Packing<'_, '_>) -> Result<Chunk> {
    let mut data = Vec::new();
    for most in [kind.max_rep_level(), kind.max_def_level()] {
        if most > 0 {
            constant_levels(0, rows, &mut data);
        }
    }
    let told = || ValueStatistics::new(None, None, None, Some(rows as u64), false);
    pages(kind, rows, None, &data, told, packing)
}

/// A column of a dictionary, where there is one, and one page of data.
fn pages(
    kind: ColumnDescPtr,
    rows: usize,
    dictionary: Option<(Vec<u8>, usize)>,
    data: &[u8],
    told: impl FnOnce() -> ValueStatistics<ByteArray>,
    packing: &mut Packing<'_, '_>,
) -> Result<Chunk> {
    let mut out = TrackedWrite::new(Vec::new());
    let mut pages = SerializedPageWriter::new(&mut out);
    let mut put = |bytes: &[u8], page: &dyn Fn(Bytes) -> Page| {
        let zipped = packing.zip.compress(bytes).map_err(|e| ParquetError::External(Box::new(e)))?;
        pages.write_page(CompressedPage::new(page(zipped.into()), bytes.len()))
    };
    let num_values = rows as u32;
    let coded = dictionary.is_some();
    let first = dictionary.map(|(bytes, count)| {
        put(&bytes, &|buf| Page::DictionaryPage {
            buf,
            num_values: count as u32,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        })
    });
    let first = first.transpose()?;
    let second = put(data, &|buf| Page::DataPage {
        buf,
        num_values,
        encoding: if coded { Encoding::RLE_DICTIONARY } else { Encoding::PLAIN },
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    })?;
    let all = || first.iter().chain([&second]);
    let mut encodings = vec![Encoding::PLAIN, Encoding::RLE];
    encodings.extend(coded.then_some(Encoding::RLE_DICTIONARY));
    let mut metadata = ColumnChunkMetaData::builder(kind)
        .set_compression(packing.compression)
        .set_encodings(encodings)
        .set_num_values(num_values.into())
        .set_total_compressed_size(all().map(|page| page.compressed_size as i64).sum())
        .set_total_uncompressed_size(all().map(|page| page.uncompressed_size as i64).sum())
        .set_dictionary_page_offset(first.as_ref().map(|page| page.offset as i64))
        .set_data_page_offset(second.offset as i64);
    if packing.statistics {
        metadata = metadata.set_statistics(Statistics::ByteArray(told()));
    }
    let close = ColumnCloseResult {
        bytes_written: all().map(|page| page.bytes_written).sum(),
        rows_written: num_values.into(),
        metadata: metadata.build()?,
        bloom_filter: None,
        column_index: None,
        offset_index: None,
    };
    Ok((out.into_inner()?.into(), close))
}

/// A column's texts in the order in which they come, and which of them each row has, rows without one left out.
#[derive(Default)]
struct Texts<'a> {
    distinct: Vec<&'a str>,
    codes: Vec<u32>,
}

impl<'a> Texts<'a> {
    fn of(column: &'a DictionaryArray<Int32Type>) -> Texts<'a> {
        const NEW: u32 = u32::MAX;
        let (texts, keys) = (column.values().as_string::<i32>(), column.keys());
        let mut found = Texts { distinct: Vec::new(), codes: Vec::with_capacity(keys.len()) };
        let mut by_key = vec![NEW; texts.len()];
        let mut by_text: HashMap<&str, u32> = HashMap::default();
        let mut code = |key: i32| {
            let code = &mut by_key[key as usize];
            if *code == NEW {
                let text = texts.value(key as usize);
                *code = *by_text.entry(text).or_insert_with(|| {
                    found.distinct.push(text);
                    found.distinct.len() as u32 - 1
                });
            }
            *code
        };
        match keys.nulls().filter(|n| n.null_count() > 0) {
            None => found.codes.extend(keys.values().iter().map(|key| code(*key))),
            Some(nulls) => found.codes.extend(nulls.valid_indices().map(|row| code(keys.value(row)))),
        }
        found
    }
}

/// Levels as they stand before a page's values: how many bytes they take, then they.
fn levels(write: impl FnOnce(&mut Vec<u8>), out: &mut Vec<u8>) {
    let before = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out);
    let length = (out.len() - before - 4) as u32;
    out[before..before + 4].copy_from_slice(&length.to_le_bytes());
}

/// The same level of all rows, in one byte.
fn constant_levels(level: u8, rows: usize, out: &mut Vec<u8>) {
    let run = |out: &mut Vec<u8>| {
        varint((rows as u64) << 1, out);
        out.push(level);
    };
    levels(run, out);
}

/// Parquet's mixture of runs and packed groups of eight, numbers of `width` bits.
fn hybrid(values: &[u32], width: u8, out: &mut Vec<u8>) {
    let (mut from, mut at) = (0, 0);
    while at < values.len() {
        let run = values[at..].iter().take_while(|v| **v == values[at]).count();
        if run < 8 {
            at = (at + 8).min(values.len());
            continue;
        }
        packed(&values[from..at], width, out);
        varint((run as u64) << 1, out);
        out.extend_from_slice(&values[at].to_le_bytes()[..usize::from(width.div_ceil(8))]);
        at += run;
        from = at;
    }
    packed(&values[from..], width, out);
}

/// Groups of eight, the last one filled up.
fn packed(values: &[u32], width: u8, out: &mut Vec<u8>) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(8);
    varint((groups as u64) << 1 | 1, out);
    let (mut bits, mut held) = (0_u64, 0);
    for i in 0..groups * 8 {
        bits |= u64::from(values.get(i).copied().unwrap_or(0)) << held;
        held += width;
        while held >= 8 {
            out.push(bits as u8);
            bits >>= 8;
            held -= 8;
        }
    }
}

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use crate::lake::schema::Floor;
    use crate::lake::write;
    use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Int32Array, ListArray, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Int32Type, Schema};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use proptest::prelude::*;
    use std::fs::File;
    use std::sync::Arc;

    type Texts = Vec<Option<String>>;

    /// What a reader finds in the file, and what the file says of it: least, greatest, how many are null.
    fn written(keys: &[Option<i32>], texts: &[&str], null: bool) -> (Texts, Option<String>, Option<String>, u64) {
        let values: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
        let column = DictionaryArray::<Int32Type>::try_new(Int32Array::from(keys.to_vec()), values).unwrap();
        let schema = Schema::new(vec![Field::new("text", column.data_type().clone(), null)]);
        let batch = RecordBatch::try_new(Arc::new(schema), vec![Arc::new(column)]).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("part.parquet");
        write::file(&path, &batch, Floor::Lake).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let told = reader.metadata().row_group(0).column(0).statistics().unwrap().clone();
        let text = |bytes: Option<&[u8]>| bytes.map(|b| String::from_utf8(b.to_vec()).unwrap());
        let (least, greatest) = (text(told.min_bytes_opt()), text(told.max_bytes_opt()));
        let rows = reader.build().unwrap().flat_map(|b| {
            let column = b.unwrap().column(0).clone();
            column.as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect::<Vec<_>>()
        });
        (rows.collect(), least, greatest, told.null_count_opt().unwrap())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            runs in prop::collection::vec((prop::option::weighted(0.8, 0_i32..400), 1_usize..20), 1..200),
            few in prop::sample::select(vec![1_i32, 2, 3, 17, 400]),
            null: bool,
        ) {
            // Some texts stand in the dictionary twice.
            let texts: Vec<String> = (0..400).map(|i| format!("店铺{}", i % 390)).collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let key = |k: Option<i32>| if null { k } else { k.or(Some(0)) }.map(|k| k % few);
            let keys: Vec<Option<i32>> = runs.iter().flat_map(|(k, n)| vec![key(*k); *n]).collect();
            let wanted: Texts = keys.iter().map(|k| k.map(|k| texts[k as usize].to_owned())).collect();
            let (found, least, greatest, nulls) = written(&keys, &texts, null);
            prop_assert_eq!(&least, &wanted.iter().flatten().min().cloned());
            prop_assert_eq!(&greatest, &wanted.iter().flatten().max().cloned());
            prop_assert_eq!(nulls, wanted.iter().filter(|t| t.is_none()).count() as u64);
            prop_assert_eq!(found, wanted);
        }
    }

    #[test]
    fn columns_without_a_text_are_read_as_such() {
        let item = Arc::new(Field::new("item", DataType::Utf8, true));
        let texts: ArrayRef = Arc::new(StringArray::new_null(300));
        let lists: ArrayRef = Arc::new(ListArray::new_null(item, 300));
        let ids: ArrayRef = Arc::new(Int32Array::from_iter_values(0..300));
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("texts", texts, true),
            ("lists", lists, true),
            ("ids", ids, true),
        ]);
        let (batch, dir) = (batch.unwrap(), tempfile::tempdir().unwrap());
        let path = dir.path().join("part.parquet");
        write::file(&path, &batch, Floor::Lake).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap();
        let nulls = |i: usize| reader.metadata().row_group(0).column(i).statistics().and_then(|s| s.null_count_opt());
        assert_eq!([nulls(0), nulls(1), nulls(2)], [Some(300), Some(300), Some(0)]);
        assert_eq!(reader.build().unwrap().next().unwrap().unwrap(), batch);
    }

    #[test]
    fn pages_as_the_format_says() {
        let mut out = Vec::new();
        // Ten of 1 are a run; 0, 1, 2 and five filled up are a packed group of two bits each.
        super::hybrid(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2], 2, &mut out);
        assert_eq!(out, [20, 1, 3, 0b10_01_00, 0]);
    }
}
