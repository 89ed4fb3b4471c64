//! Rows of a bucket of messages put in order, and as what the lake holds.

use super::auto::Found;
use super::key::{DIGITS, Pseudonym};
use super::messages::KINDS;
use super::settle::Origin;
use super::spill::Row;
use crate::base::{Error, Result};
use crate::lake::messages::{FILTERS, Role};
use crate::lake::names::{NONE, Names};
use crate::lake::schema::MESSAGES;
use crate::lake::write::schema;
use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int64Array, ListArray, RecordBatch, StringArray,
    StringBuilder, TimestampMillisecondArray,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use foldhash::HashMap;
use std::sync::Arc;

/// Makes rows of all buckets what they are in the lake.
pub(super) struct Writer {
    /// Rank of each shop's text, for the order.
    ranks: Vec<u32>,
    texts: ArrayRef,
    files: ArrayRef,
    hashes: ArrayRef,
    quoted: Vec<Vec<String>>,
    marks: Vec<Found>,
    pub schema: Arc<Schema>,
}

impl Writer {
    pub fn new(names: &Names, files: &[Origin], (quoted, marks): (Vec<Vec<String>>, Vec<Found>)) -> Writer {
        let texts = names.all();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by(|&a, &b| texts[a].cmp(&texts[b]));
        let mut ranks = vec![0; texts.len()];
        for (rank, id) in order.into_iter().enumerate() {
            ranks[id] = rank as u32;
        }
        let coded =
            ["shop", "buyer_key", "account", "role", "kind", "filter", "buyer_mask", "source_file", "source_sha256"];
        let fields: Vec<Field> = schema(&MESSAGES)
            .fields()
            .iter()
            .map(|f| {
                if coded.contains(&f.name().as_str()) {
                    f.as_ref().clone().with_data_type(dictionary())
                } else {
                    f.as_ref().clone()
                }
            })
            .collect();
        Writer {
            ranks,
            texts: Arc::new(StringArray::from_iter_values(texts.iter().map(AsRef::<str>::as_ref))),
            files: Arc::new(StringArray::from_iter_values(files.iter().map(|f| f.name.as_str()))),
            hashes: Arc::new(StringArray::from_iter_values(files.iter().map(|f| f.sha256.as_str()))),
            quoted,
            marks,
            schema: Arc::new(Schema::new(fields)),
        }
    }

    /// Puts rows together by conversation, each in order of time, file and row, behind those in `sorted`.
    pub fn sort(&self, rows: &[Row], sorted: &mut Vec<Row>) {
        // Conversations are few beside their rows: a row's place is the next one of its conversation.
        let mut numbers: HashMap<(u32, Pseudonym), u32> = HashMap::default();
        let mut sizes: Vec<u32> = Vec::new();
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let number = *numbers.entry((row.shop, row.buyer)).or_insert(sizes.len() as u32);
            if number as usize == sizes.len() {
                sizes.push(0);
            }
            sizes[number as usize] += 1;
            places.push(number);
        }
        let mut next = 0;
        for size in &mut sizes {
            (*size, next) = (next, next + *size);
        }
        let mut order = vec![0; rows.len()];
        for (row, number) in (0_u32..).zip(places) {
            let place = &mut sizes[number as usize];
            order[*place as usize] = row;
            *place += 1;
        }
        let begin = sorted.len();
        sorted.extend(order.into_iter().map(|row| rows[row as usize]));
        // A file's rows mostly come in the order of time; several of one row stay as they came.
        for talk in sorted[begin..].chunk_by_mut(|a, b| (a.shop, a.buyer) == (b.shop, b.buyer)) {
            let when = |r: &Row| (r.ts, r.file, r.row);
            if !talk.is_sorted_by_key(when) {
                talk.sort_by_key(when);
            }
        }
    }

    /// The table's order of rows that [`Writer::sort`] has put together: by shop and buyer.
    pub fn order(&self, rows: &[Row]) -> Vec<u32> {
        let mut from = 0;
        let talks = rows.chunk_by(|a, b| (a.shop, a.buyer) == (b.shop, b.buyer)).map(|talk| {
            from += talk.len();
            (self.ranks[talk[0].shop as usize], talk[0].buyer, (from - talk.len()) as u32, from as u32)
        });
        let mut talks: Vec<(u32, Pseudonym, u32, u32)> = talks.collect();
        talks.sort_unstable();
        talks.into_iter().flat_map(|(_, _, from, to)| from..to).collect()
    }

    /// Sorted rows as a batch.
    pub fn batch(&self, rows: &[Row]) -> Result<RecordBatch> {
        let coded = |keys: Int32Array, values: &ArrayRef| -> Result<ArrayRef> {
            let array = DictionaryArray::<Int32Type>::try_new(keys, values.clone());
            Ok(Arc::new(array.map_err(|e| Error::Failed(e.to_string()))?))
        };
        let words = |all: &[&str]| -> ArrayRef { Arc::new(StringArray::from_iter_values(all.iter().copied())) };
        let roles: Vec<&str> = Role::ALL.iter().map(|(n, _)| *n).collect();
        let (mut keys, mut digits) = (Vec::with_capacity(rows.len()), [0; DIGITS]);
        let mut buyers = StringBuilder::new();
        for same in rows.chunk_by(|a, b| a.buyer == b.buyer) {
            keys.resize(keys.len() + same.len(), buyers.len() as i32);
            let hex = hex::encode_to_slice(same[0].buyer, &mut digits).ok();
            buyers.append_value(hex.and_then(|()| std::str::from_utf8(&digits).ok()).unwrap_or(""));
        }
        let buyers: ArrayRef = Arc::new(buyers.finish());
        let times = TimestampMillisecondArray::from_iter_values(rows.iter().map(|r| r.ts)).with_timezone("UTC");
        let mark = |r: &Row| (r.auto as usize).checked_sub(1).and_then(|i| self.marks.get(i));
        let texts: StringArray = rows.iter().map(|r| mark(r).and_then(|m| m.0.as_deref())).collect();
        let promotions = lists(rows, |r| mark(r).map_or(&[], |m| m.1.as_slice()));
        let of_quoted = |r: &Row| (r.quoted as usize).checked_sub(1).and_then(|i| self.quoted.get(i));
        let quoted = lists(rows, |r| of_quoted(r).map_or(&[], Vec::as_slice));
        // One mask after the other as they come up; the same one mostly comes again at once.
        let (mut masks, mut places, mut last) = (StringBuilder::new(), HashMap::default(), (u32::MAX, 0));
        let marked = rows.iter().map(|r| {
            if last.0 != r.mask {
                let place = *places.entry(r.mask).or_insert_with(|| {
                    masks.append_value(char::from_u32(r.mask).map_or_else(String::new, |c| format!("{c}**")));
                    masks.len() as i32 - 1
                });
                last = (r.mask, place);
            }
            last.1
        });
        let marked = Int32Array::from_iter_values(marked);
        let masks: ArrayRef = Arc::new(masks.finish());
        let files = codes(rows, |r| r.file);
        let columns: Vec<ArrayRef> = vec![
            coded(codes(rows, |r| r.shop), &self.texts)?,
            coded(keys.into(), &buyers)?,
            coded(marked, &masks)?,
            coded(some(rows, |r| (r.account != NONE).then_some(r.account)), &self.texts)?,
            coded(codes(rows, |r| r.role.into()), &words(&roles))?,
            Arc::new(times),
            coded(codes(rows, |r| r.kind.into()), &words(&KINDS))?,
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|r| r.chars as i32))),
            Arc::new(BooleanArray::from(rows.iter().map(|r| r.closing).collect::<Vec<_>>())),
            coded(some(rows, |r| (r.filter > 0).then(|| u32::from(r.filter) - 1)), &words(&FILTERS))?,
            Arc::new(texts),
            Arc::new(promotions?),
            Arc::new(quoted?),
            coded(files.clone(), &self.files)?,
            coded(files, &self.hashes)?,
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| i64::from(r.row)))),
        ];
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::Failed(e.to_string()))
    }
}

/// A code of each row.
fn codes(rows: &[Row], of: impl Fn(&Row) -> u32) -> Int32Array {
    rows.iter().map(|r| of(r) as i32).collect::<Vec<_>>().into()
}

/// A code of each row that has one.
fn some(rows: &[Row], of: impl Fn(&Row) -> Option<u32>) -> Int32Array {
    let there = NullBuffer::from_iter(rows.iter().map(|r| of(r).is_some()));
    let codes: Vec<i32> = rows.iter().map(|r| of(r).unwrap_or(0) as i32).collect();
    Int32Array::new(codes.into(), Some(there))
}

/// A list of each row; none where it is empty.
fn lists<'t>(rows: &[Row], of: impl Fn(&Row) -> &'t [String]) -> Result<ListArray> {
    let there = NullBuffer::from_iter(rows.iter().map(|r| !of(r).is_empty()));
    let lengths = OffsetBuffer::from_lengths(rows.iter().map(|r| of(r).len()));
    let mut texts = StringBuilder::new();
    if there.null_count() < rows.len() {
        rows.iter().flat_map(of).for_each(|text| texts.append_value(text));
    }
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    let lists = ListArray::try_new(item, lengths, Arc::new(texts.finish()), Some(there));
    lists.map_err(|e| Error::Failed(e.to_string()))
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}
