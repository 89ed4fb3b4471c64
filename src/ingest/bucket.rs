//! Rows of a bucket of messages put in order, and as what the lake holds.

use super::auto::Found;
use super::conversations::{Conversation, Distinct};
use super::key::{Hex, Pseudonym};
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

/// Rows of a bucket, those of a conversation together, and its conversations by number.
#[derive(Default)]
pub(super) struct Bucket {
    pub conversations: Vec<Conversation>,
    pub rows: Vec<Row>,
}

impl Bucket {
    /// An empty one for about so many rows.
    pub fn of(about: usize) -> Bucket {
        Bucket { conversations: Vec::new(), rows: Vec::with_capacity(about) }
    }

    /// Adds a fine bucket's rows, each conversation's in order of time, file and row. `of`: its conversations.
    pub fn sort(&mut self, rows: &[Row], of: &Distinct) {
        let begin = self.rows.len();
        let place = |row: &Row| of.places[row.conversation as usize] as usize;
        // Conversations are few beside their rows: a row's place is the next one of its conversation.
        let mut places = vec![0; of.conversations.len()];
        rows.iter().for_each(|row| places[place(row)] += 1);
        let mut numbers = vec![0; of.conversations.len()];
        let mut next = 0;
        for ((conversation, place), number) in of.conversations.iter().zip(&mut places).zip(&mut numbers) {
            if *place > 0 {
                *number = self.conversations.len() as u32;
                self.conversations.push(*conversation);
                (*place, next) = (next, next + *place);
            }
        }
        let mut order = vec![0; rows.len()];
        for (at, row) in (0_u32..).zip(rows) {
            let next = &mut places[place(row)];
            order[*next] = at;
            *next += 1;
        }
        let renumbered = |row: &Row| Row { conversation: numbers[place(row)], ..*row };
        self.rows.extend(order.into_iter().map(|at| renumbered(&rows[at as usize])));
        // A file's rows mostly come in the order of time; several of one row stay as they came.
        for conversation in self.rows[begin..].chunk_by_mut(|a, b| a.conversation == b.conversation) {
            let when = |r: &Row| (r.ts, r.file, r.row);
            if !conversation.is_sorted_by_key(when) {
                conversation.sort_by_key(when);
            }
        }
    }

    /// Adds rows of another bucket; `conversations`: its own.
    pub fn extend<'r>(&mut self, conversations: &[Conversation], rows: impl Iterator<Item = &'r Row>) {
        let mut last = None;
        for row in rows {
            if last != Some(row.conversation) {
                self.conversations.push(conversations[row.conversation as usize]);
                last = Some(row.conversation);
            }
            self.rows.push(Row { conversation: self.conversations.len() as u32 - 1, ..*row });
        }
    }
}

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

    /// The table's order of a bucket's rows: by shop, buyer and, of what was set aside month by month, time.
    pub fn order(&self, bucket: &Bucket) -> Vec<u32> {
        let mut from = 0;
        let conversations = bucket.rows.chunk_by(|a, b| a.conversation == b.conversation).map(|rows| {
            let conversation = &bucket.conversations[rows[0].conversation as usize];
            from += rows.len();
            (
                self.ranks[conversation.shop as usize],
                conversation.buyer,
                rows[0].ts,
                (from - rows.len()) as u32,
                from as u32,
            )
        });
        let mut conversations: Vec<(u32, Pseudonym, i64, u32, u32)> = conversations.collect();
        conversations.sort_unstable();
        let mut order = Vec::with_capacity(bucket.rows.len());
        conversations.into_iter().for_each(|(.., from, to)| order.extend(from..to));
        order
    }

    /// Some of a bucket's rows as a batch.
    pub fn batch(&self, bucket: &Bucket, order: &[u32]) -> Result<RecordBatch> {
        let rows = &Rows { rows: &bucket.rows, order };
        let coded = |keys: Int32Array, values: &ArrayRef| -> Result<ArrayRef> {
            let array = DictionaryArray::<Int32Type>::try_new(keys, values.clone());
            Ok(Arc::new(array.map_err(|e| Error::Failed(e.to_string()))?))
        };
        let words = |all: &[&str]| -> ArrayRef { Arc::new(StringArray::from_iter_values(all.iter().copied())) };
        let roles: Vec<&str> = Role::ALL.iter().map(|(n, _)| *n).collect();
        let conversations = conversations(&bucket.conversations, rows);
        let times = TimestampMillisecondArray::from_iter_values(rows.iter().map(|r| r.ts)).with_timezone("UTC");
        let mark = |r: &Row| (r.auto as usize).checked_sub(1).and_then(|i| self.marks.get(i));
        let texts: StringArray = match rows.iter().all(|r| r.auto == 0) {
            true => StringArray::new_null(order.len()),
            false => rows.iter().map(|r| mark(r).and_then(|m| m.0.as_deref())).collect(),
        };
        let promotions = lists(rows, |r| mark(r).map_or(&[], |m| m.1.as_slice()));
        let of_quoted = |r: &Row| (r.quoted as usize).checked_sub(1).and_then(|i| self.quoted.get(i));
        let quoted = lists(rows, |r| of_quoted(r).map_or(&[], Vec::as_slice));
        let files = rows.codes(|r| r.file);
        let columns: Vec<ArrayRef> = vec![
            coded(conversations.shops.into(), &self.texts)?,
            coded(conversations.buyers.into(), &conversations.keys)?,
            coded(conversations.masks.into(), &conversations.masked)?,
            coded(rows.some(|r| (r.account != NONE).then_some(r.account)), &self.texts)?,
            coded(rows.codes(|r| r.role.into()), &words(&roles))?,
            Arc::new(times),
            coded(rows.codes(|r| r.kind.into()), &words(&KINDS))?,
            Arc::new(rows.codes(|r| r.chars)),
            Arc::new(BooleanArray::from(rows.iter().map(|r| r.closing).collect::<Vec<_>>())),
            coded(rows.some(|r| (r.filter > 0).then(|| u32::from(r.filter) - 1)), &words(&FILTERS))?,
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

/// Rows in an order.
struct Rows<'b> {
    rows: &'b [Row],
    order: &'b [u32],
}

impl<'b> Rows<'b> {
    fn iter(&self) -> impl ExactSizeIterator<Item = &'b Row> {
        let rows = self.rows;
        self.order.iter().map(move |at| &rows[*at as usize])
    }

    /// A code of each row.
    fn codes(&self, of: impl Fn(&Row) -> u32) -> Int32Array {
        self.iter().map(|r| of(r) as i32).collect::<Vec<_>>().into()
    }

    /// A code of each row that has one.
    fn some(&self, of: impl Fn(&Row) -> Option<u32>) -> Int32Array {
        self.iter().map(|r| of(r).map(|code| code as i32)).collect()
    }
}

/// What the rows' conversations give.
struct OfConversations {
    shops: Vec<i32>,
    /// Places in `keys`.
    buyers: Vec<i32>,
    keys: ArrayRef,
    /// Places in `masked`.
    masks: Vec<i32>,
    masked: ArrayRef,
}

fn conversations(conversations: &[Conversation], rows: &Rows<'_>) -> OfConversations {
    let room = || Vec::with_capacity(rows.order.len());
    let (mut shops, mut buyers, mut masks) = (room(), room(), room());
    let (mut keys, mut masked) = (StringBuilder::new(), StringBuilder::new());
    let mut known = HashMap::default();
    let conversation = |at: &u32| rows.rows[*at as usize].conversation;
    for same in rows.order.chunk_by(|a, b| conversation(a) == conversation(b)) {
        let conversation = &conversations[conversation(&same[0]) as usize];
        let upto = shops.len() + same.len();
        shops.resize(upto, conversation.shop as i32);
        buyers.resize(upto, keys.len() as i32);
        keys.append_value(Hex::of(conversation.buyer).as_str());
        let mask = *known.entry(conversation.mask).or_insert_with(|| {
            masked.append_value(char::from_u32(conversation.mask).map_or_else(String::new, |c| format!("{c}**")));
            masked.len() as i32 - 1
        });
        masks.resize(upto, mask);
    }
    OfConversations { shops, buyers, keys: Arc::new(keys.finish()), masks, masked: Arc::new(masked.finish()) }
}

/// A list of each row; none where it is empty.
fn lists<'t>(rows: &Rows<'_>, of: impl Fn(&Row) -> &'t [String]) -> Result<ListArray> {
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    if rows.iter().all(|r| of(r).is_empty()) {
        return Ok(ListArray::new_null(item, rows.order.len()));
    }
    let there = NullBuffer::from_iter(rows.iter().map(|r| !of(r).is_empty()));
    let lengths = OffsetBuffer::from_lengths(rows.iter().map(|r| of(r).len()));
    let mut texts = StringBuilder::new();
    rows.iter().flat_map(of).for_each(|text| texts.append_value(text));
    let lists = ListArray::try_new(item, lengths, Arc::new(texts.finish()), Some(there));
    lists.map_err(|e| Error::Failed(e.to_string()))
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}
