//! Messages: the big table has a path of its own, from file to fixed-size rows to sorted buckets.

use super::auto::{Found, Marks};
use super::buyers::Buyers;
use super::input::{Fate, Input, Tally};
use super::key::{DIGITS, Pseudonym};
use super::plan::Plan;
use super::record::Record;
use super::reject::Reject;
use super::rows::{Earlier, Made};
use super::settle::Origin;
use super::spill::{FINE, Row, Spill};
use super::stage::Progress;
use super::text::{TextRules, chars};
use super::{Options, again, chats, overlap, parse};
use crate::base::time::date_of;
use crate::base::{Error, Month, Result, Zone};
use crate::lake::messages::{FILTERS, Role};
use crate::lake::names::{NONE, Names};
use crate::lake::partition::{bucket_of, buckets_for, conversation_hash};
use crate::lake::schema::MESSAGES;
use crate::lake::write::{NewTable, schema};
use arrow::array::{
    ArrayBuilder, ArrayRef, BooleanArray, DictionaryArray, Int32Array, Int32Builder, Int64Array, ListBuilder,
    RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use foldhash::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

/// Kinds of messages, in the order of their codes.
pub(super) const KINDS: [&str; 6] = ["text", "card", "image", "transfer", "recall", "other"];
/// Rows handed over at once.
pub(super) const CHUNK: usize = 32_768;
/// Texts of auto replies that a reader remembers.
const MOST_AUTOS: usize = 10_000;

/// What all files share.
pub(super) struct Shared<'a> {
    pub options: &'a Options,
    rules: &'a TextRules,
    pub buyers: &'a Buyers,
    pub forgotten: Vec<AtomicU64>,
    pub names: Names,
    pub spill: Mutex<Spill>,
    pub quoted: Mutex<Vec<Vec<String>>>,
    pub marks: Marks,
}

/// Reads the new message files and writes the table's new state: their rows and those of earlier files.
pub fn ingest(
    inputs: &mut [Input<'_>],
    earlier: &Earlier,
    new: &NewTable,
    options: &Options,
    rules: &TextRules,
    buyers: &Buyers,
    progress: &Progress<'_>,
) -> Result<Made> {
    let spill = Spill::new(&new.beside("spill"))?;
    let (spill, quoted) = (Mutex::new(spill), Mutex::new(Vec::new()));
    let files: Vec<Origin> = inputs.iter().map(Input::origin).chain(earlier.files.iter().cloned()).collect();
    let forgotten = files.iter().map(|_| AtomicU64::new(0)).collect();
    let names = Names::new();
    let shared = Shared { options, rules, buyers, forgotten, names, spill, quoted, marks: Marks::default() };
    let fresh = inputs.len();
    inputs
        .par_iter_mut()
        .enumerate()
        .map(|(i, input)| Reader::new(&shared, i as u32, input).read(progress))
        .collect::<Result<()>>()?;
    again::read(earlier, fresh as u32, &shared)?;
    let spill = shared.spill.into_inner().unwrap_or_else(PoisonError::into_inner);
    let quoted = shared.quoted.into_inner().unwrap_or_else(PoisonError::into_inner);
    let writer = Writer::new(&shared.names, &files, (quoted, shared.marks.all()));
    let fates = Mutex::new(vec![Fate::default(); files.len()]);
    let aside = Mutex::new(Vec::new());
    let mut parts = BTreeMap::new();
    for (month, rows) in spill.months() {
        let buckets = buckets_for(rows, options.bucket_rows).min(FINE);
        let each = FINE / buckets;
        let kept: u64 = (0..buckets)
            .into_par_iter()
            .map(|b| {
                let rows = writer.sort(spill.rows(month, b * each..(b + 1) * each)?);
                let (rows, replaced) = overlap::settle(rows);
                overlap::count(
                    &mut fates.lock().unwrap_or_else(PoisonError::into_inner),
                    &files,
                    month,
                    &rows,
                    &replaced,
                );
                aside.lock().unwrap_or_else(PoisonError::into_inner).extend(replaced.into_iter().map(|(row, _)| row));
                let kept = rows.len() as u64;
                new.write(Some(month), Some((b, buckets)), &writer.batch(&rows)?)?;
                Ok(kept)
            })
            .sum::<Result<u64>>()?;
        parts.insert(Some(month), (kept, buckets));
    }
    let aside = writer.sort(aside.into_inner().unwrap_or_else(PoisonError::into_inner));
    new.set_aside(&writer.batch(&aside)?)?;
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    fates.iter_mut().zip(shared.forgotten).for_each(|(fate, n)| fate.forgotten = n.into_inner());
    Ok(Made { parts, fates })
}

/// Reads message files for what they count alone. `dir`: a folder for what is needed on the way.
pub fn count(
    inputs: &mut [&mut Input<'_>],
    dir: &Path,
    options: &Options,
    rules: &TextRules,
    buyers: &Buyers,
) -> Result<()> {
    for input in inputs {
        let (spill, quoted) = (Mutex::new(Spill::new(dir)?), Mutex::new(Vec::new()));
        let (names, forgotten) = (Names::new(), Vec::new());
        let shared = Shared { options, rules, buyers, forgotten, names, spill, quoted, marks: Marks::default() };
        Reader::new(&shared, 0, input).read(&Progress(&|_| {}))?;
    }
    Ok(())
}

/// What is known of a buyer's nick; `shop` is the one that `fine` was reckoned for.
struct Nick {
    buyer: Pseudonym,
    mask: u32,
    filter: u8,
    shop: u32,
    fine: u32,
}

/// Reads one file.
struct Reader<'a, 'b, 'c> {
    shared: &'a Shared<'c>,
    file: u32,
    input: &'a mut Input<'b>,
    zone: Zone,
    marks_auto: bool,
    shops: HashMap<String, u32>,
    /// The last row's: it mostly comes again.
    shop: (String, u32),
    accounts: HashMap<String, u32>,
    nicks: HashMap<String, Nick>,
    /// What the auto replies of a shop were found to be: they repeat.
    autos: HashMap<(u32, String), u32>,
    rows: Vec<(Month, u32, Row)>,
    month: Option<(i32, Month)>,
}

impl<'a, 'b, 'c> Reader<'a, 'b, 'c> {
    fn new(shared: &'a Shared<'c>, file: u32, input: &'a mut Input<'b>) -> Self {
        let zone = input.zone(shared.options.zone);
        let marks_auto = input.source.marks_auto();
        Reader {
            shared,
            file,
            input,
            zone,
            marks_auto,
            shops: HashMap::default(),
            shop: (String::new(), NONE),
            accounts: HashMap::default(),
            nicks: HashMap::default(),
            autos: HashMap::default(),
            rows: Vec::with_capacity(CHUNK),
            month: None,
        }
    }

    fn read(mut self, progress: &Progress<'_>) -> Result<()> {
        let mut records = self.input.records()?;
        // The plan is lent out of the input: rows change the rest of this reader.
        let plan = std::mem::replace(&mut self.input.plan, Plan::empty(self.input.source));
        let columns = ["shop", "buyer", "account", "role", "ts", "kind", "text"].map(|c| plan.index(c));
        let mut tally = Tally::default();
        while let Some(line) = records.next()? {
            tally.read += 1;
            let record = records.record();
            let row = match line.and_then(|line| self.row(&plan, &columns, record, line).map_err(|r| (line, r))) {
                Ok(row) => row,
                Err((line, reject)) => {
                    tally.reject(&self.input.name, MESSAGES.name, line, reject);
                    continue;
                }
            };
            self.rows.push(row);
            if self.rows.len() == CHUNK {
                progress.step(CHUNK as u64);
                self.hand_over()?;
            }
        }
        self.hand_over()?;
        tally.shops = self.shops.keys().cloned().collect();
        tally.skipped = records.skipped;
        self.input.plan = plan;
        self.input.tally = tally;
        Ok(())
    }

    fn hand_over(&mut self) -> Result<()> {
        self.shared.spill.lock().unwrap_or_else(PoisonError::into_inner).take(&self.rows)?;
        self.rows.clear();
        Ok(())
    }

    fn auto(&mut self, shop: u32, shop_text: &str, text: &str) -> u32 {
        let (rules, marks) = (self.shared.rules, &self.shared.marks);
        if rules.auto_texts.is_empty() {
            return 0;
        }
        if self.autos.len() > MOST_AUTOS {
            self.autos.clear();
        }
        let key = (shop, text.to_owned());
        *self.autos.entry(key).or_insert_with(|| marks.of(&rules.auto_texts, shop_text, text))
    }

    fn row(
        &mut self,
        plan: &Plan<'_>,
        columns: &[usize; 7],
        record: Record<'_>,
        line: u64,
    ) -> std::result::Result<(Month, u32, Row), Reject> {
        let must = |i: usize, name: &'static str| plan.get(columns[i], record).ok_or_else(|| Reject::missing(name));
        let shop_text = must(0, "shop")?;
        let role_text = must(3, "role")?;
        let role = Role::ALL.iter().find(|(n, _)| *n == role_text).map(|(_, r)| *r).ok_or_else(|| {
            Reject::value(
                "role",
                role_text,
                "expected buyer, agent, auto, bot or system; map other words with `values`",
            )
        })?;
        let nick = must(1, "buyer")?;
        let ts = must(4, "ts")?;
        let ts = parse::time("ts", ts, plan.formats(columns[4]), self.zone)?;
        let account = match plan.get(columns[2], record) {
            // A buyer's row that names its sender twice.
            Some(account) if account == nick && role == Role::Buyer => None,
            Some(account) if account == nick => {
                return Err(Reject::row("the agent's account is the customer himself"));
            }
            account => account,
        };
        let kind = plan.get(columns[5], record);
        let kind = kind.map_or(0, |k| KINDS.iter().position(|n| *n == k).unwrap_or(KINDS.len() - 1));
        let text = plan.get(columns[6], record).unwrap_or_default();
        let rules = self.shared.rules;
        // Where the export does not mark them, an agent's message that is an approved text is taken for one.
        let unmarked = |text: &str| !self.marks_auto && rules.auto_texts.approved(shop_text, text);
        let by_text = role == Role::Agent && (rules.auto(text) || unmarked(text));
        let role = if by_text { Role::Auto } else { role };
        let names = &self.shared.names;
        if self.shop.0 != shop_text {
            shop_text.clone_into(&mut self.shop.0);
            self.shop.1 = match self.shops.get(shop_text) {
                Some(id) => *id,
                None => *self.shops.entry(shop_text.to_owned()).or_insert_with(|| names.id(shop_text)),
            };
        }
        let shop = self.shop.1;
        let account = match account {
            None => NONE,
            Some(account) => match self.accounts.get(account) {
                Some(id) => *id,
                None => *self.accounts.entry(account.to_owned()).or_insert_with(|| names.id(&chats::account(account))),
            },
        };
        let known = match self.nicks.get_mut(nick) {
            Some(known) => known,
            None => {
                let buyer = self.shared.buyers.of(nick).ok_or_else(Reject::forgotten)?;
                let mask = nick.trim().chars().next().map_or(0, u32::from);
                let new = Nick { buyer, mask, filter: rules.buyer_filter(nick), shop: NONE, fine: 0 };
                self.nicks.entry(nick.to_owned()).or_insert(new)
            }
        };
        if known.shop != shop {
            known.shop = shop;
            known.fine = bucket_of(conversation_hash(shop_text, &hex::encode(known.buyer)), FINE);
        }
        let (buyer, mask, fine, filter) = (known.buyer, known.mask, known.fine, known.filter);
        let day = self.shared.options.zone.day(ts);
        let month = match self.month {
            Some((known, month)) if known == day => month,
            _ => Month::of(date_of(day)),
        };
        self.month = Some((day, month));
        let quoted = rules.quoted(text);
        let quoted = if quoted.is_empty() {
            0
        } else {
            let mut all = self.shared.quoted.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(quoted);
            all.len() as u32
        };
        let auto = if role == Role::Auto { self.auto(shop, shop_text, text) } else { 0 };
        let row = Row {
            auto,
            shop,
            account,
            buyer,
            mask,
            ts,
            row: u32::try_from(line).unwrap_or(u32::MAX),
            file: self.file,
            chars: chars(text),
            quoted,
            role: role as u8,
            kind: kind as u8,
            closing: role == Role::Buyer && kind == 0 && rules.closing(text),
            filter: if filter > 0 { filter } else { rules.text_filter(text, role == Role::Agent) },
        };
        Ok((month, fine, row))
    }
}

/// Rows of a bucket into a sorted batch.
struct Writer {
    /// Rank of each shop's text, for the order.
    ranks: Vec<u32>,
    texts: ArrayRef,
    files: ArrayRef,
    hashes: ArrayRef,
    quoted: Vec<Vec<String>>,
    marks: Vec<Found>,
    schema: Arc<Schema>,
}

impl Writer {
    fn new(names: &Names, files: &[Origin], (quoted, marks): (Vec<Vec<String>>, Vec<Found>)) -> Writer {
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

    /// Puts rows into the table's order: shop, buyer, time, file, row.
    fn sort(&self, rows: Vec<Row>) -> Vec<Row> {
        // Conversations are few beside their rows: these are put in order, and each row in its place among them.
        let mut numbers: HashMap<(u32, Pseudonym), u32> = HashMap::default();
        let mut sizes: Vec<u32> = Vec::new();
        let mut whose = Vec::with_capacity(rows.len());
        for row in &rows {
            let number = *numbers.entry((self.ranks[row.shop as usize], row.buyer)).or_insert(sizes.len() as u32);
            if number as usize == sizes.len() {
                sizes.push(0);
            }
            sizes[number as usize] += 1;
            whose.push(number);
        }
        let mut order: Vec<_> = numbers.into_iter().collect();
        order.sort_unstable();
        let (mut places, mut next) = (vec![0; sizes.len()], 0);
        for (_, number) in order {
            places[number as usize] = next;
            next += sizes[number as usize];
        }
        let mut sorted = vec![0; rows.len()];
        for (at, number) in (0_u32..).zip(whose) {
            let place = &mut places[number as usize];
            sorted[*place as usize] = at;
            *place += 1;
        }
        let mut sorted: Vec<Row> = sorted.into_iter().map(|at| rows[at as usize]).collect();
        // A file's rows mostly come in the order of time; several of one row stay as they came.
        for talk in sorted.chunk_by_mut(|a, b| a.buyer == b.buyer && a.shop == b.shop) {
            let when = |r: &Row| (r.ts, r.file, r.row);
            if !talk.is_sorted_by_key(when) {
                talk.sort_by_key(when);
            }
        }
        sorted
    }

    fn batch(&self, rows: &[Row]) -> Result<RecordBatch> {
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
        let mut quoted = ListBuilder::new(StringBuilder::new());
        for r in rows {
            match (r.quoted as usize).checked_sub(1).and_then(|i| self.quoted.get(i)) {
                None => quoted.append_null(),
                Some(ids) => {
                    ids.iter().for_each(|id| quoted.values().append_value(id));
                    quoted.append(true);
                }
            }
        }
        let times = TimestampMillisecondArray::from_iter_values(rows.iter().map(|r| r.ts)).with_timezone("UTC");
        let mark = |r: &Row| (r.auto as usize).checked_sub(1).and_then(|i| self.marks.get(i));
        let texts: StringArray = rows.iter().map(|r| mark(r).and_then(|m| m.0.as_deref())).collect();
        let mut promotions = ListBuilder::new(StringBuilder::new());
        for r in rows {
            let ids = mark(r).map_or(&[][..], |m| m.1.as_slice());
            ids.iter().for_each(|id| promotions.values().append_value(id));
            promotions.append(!ids.is_empty());
        }
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
        let files = codes(rows, |r| Some(r.file));
        let columns: Vec<ArrayRef> = vec![
            coded(codes(rows, |r| Some(r.shop)), &self.texts)?,
            coded(keys.into(), &buyers)?,
            coded(marked, &masks)?,
            coded(codes(rows, |r| (r.account != NONE).then_some(r.account)), &self.texts)?,
            coded(codes(rows, |r| Some(r.role.into())), &words(&roles))?,
            Arc::new(times),
            coded(codes(rows, |r| Some(r.kind.into())), &words(&KINDS))?,
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|r| r.chars as i32))),
            Arc::new(BooleanArray::from(rows.iter().map(|r| r.closing).collect::<Vec<_>>())),
            coded(codes(rows, |r| (r.filter > 0).then(|| u32::from(r.filter) - 1)), &words(&FILTERS))?,
            Arc::new(texts),
            Arc::new(promotions.finish()),
            Arc::new(quoted.finish()),
            coded(files.clone(), &self.files)?,
            coded(files, &self.hashes)?,
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|r| i64::from(r.row)))),
        ];
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| Error::Failed(e.to_string()))
    }
}

/// A code of each row, `None` where it has none.
fn codes(rows: &[Row], of: impl Fn(&Row) -> Option<u32>) -> Int32Array {
    let mut all = Int32Builder::with_capacity(rows.len());
    rows.iter().for_each(|r| all.append_option(of(r).map(|code| code as i32)));
    all.finish()
}

fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}
