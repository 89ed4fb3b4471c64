//! Messages: the big table has a path of its own, from file to fixed-size rows to sorted buckets.

use super::auto::Marks;
use super::bucket::{Bucket, Writer};
use super::buyers::Buyers;
use super::conversations::{Conversation, Conversations, FINE, Place};
use super::input::{Fate, Input, Tally};
use super::nicks::{Nick, Nicks};
use super::parse::LastDate;
use super::plan::Plan;
use super::record::Record;
use super::reject::Reject;
use super::rows::{Earlier, Made};
use super::settle::Origin;
use super::spill::{Filling, Row, Spill};
use super::stage::Progress;
use super::text::{TextRules, chars};
use super::{Options, again, chats, overlap, parse};
use crate::base::time::date_of;
use crate::base::{Month, Result, Zone};
use crate::lake::messages::Role;
use crate::lake::names::{NONE, Names};
use crate::lake::partition::buckets_for;
use crate::lake::schema::MESSAGES;
use crate::lake::write::NewTable;
use foldhash::HashMap;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};

/// Kinds of messages, in the order of their codes.
pub(super) const KINDS: [&str; 6] = ["text", "card", "image", "transfer", "recall", "other"];
/// Rows after which it is told that they were read.
const STEP: u64 = 8_192;
/// Texts of auto replies that a reader remembers.
const MOST_AUTOS: usize = 10_000;

/// What all files share.
pub(super) struct Shared<'a> {
    pub options: &'a Options,
    rules: &'a TextRules,
    pub buyers: &'a Buyers,
    pub forgotten: Vec<AtomicU64>,
    pub names: Names,
    pub conversations: Conversations,
    pub spill: Spill,
    pub quoted: Mutex<Vec<Vec<String>>>,
    pub marks: Marks,
}

impl<'a> Shared<'a> {
    fn new(options: &'a Options, rules: &'a TextRules, buyers: &'a Buyers, files: usize, spill: Spill) -> Shared<'a> {
        Shared {
            options,
            rules,
            buyers,
            forgotten: (0..files).map(|_| AtomicU64::new(0)).collect(),
            names: Names::new(),
            conversations: Conversations::default(),
            spill,
            quoted: Mutex::default(),
            marks: Marks::default(),
        }
    }
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
    let all: Vec<Origin> = inputs.iter().map(Input::origin).chain(earlier.files.iter().cloned()).collect();
    // Numbered by their age, so that the same files give the same rows whichever was ingested first.
    let mut by_age: Vec<usize> = (0..all.len()).collect();
    by_age.sort_by_cached_key(|&i| overlap::age(&all[i]));
    let mut numbers = vec![0; all.len()];
    (0..).zip(&by_age).for_each(|(number, i)| numbers[*i] = number);
    let files: Vec<Origin> = by_age.iter().map(|&i| all[i].clone()).collect();
    let shared = Shared::new(options, rules, buyers, files.len(), Spill::new(&new.beside("spill"))?);
    let (fresh, old) = numbers.split_at(inputs.len());
    // The largest first, one at a time: no thread ends long before the others.
    let mut queue: Vec<(u32, &mut Input<'_>)> = fresh.iter().copied().zip(inputs).collect();
    queue.sort_by_key(|(_, input)| Reverse(input.examined.bytes));
    queue
        .into_iter()
        .par_bridge()
        .map(|(number, input)| Reader::new(&shared, number, input).read(progress))
        .collect::<Result<()>>()?;
    again::read(earlier, old, &shared)?;
    let Shared { names, conversations, spill, quoted, marks, forgotten, .. } = shared;
    let quoted = quoted.into_inner().unwrap_or_else(PoisonError::into_inner);
    let (conversations, writer) = (conversations.all(), Writer::new(&names, &files, (quoted, marks.all())));
    let fates = Mutex::new(vec![Fate::default(); files.len()]);
    let aside = Mutex::new(Bucket::default());
    let mut parts = BTreeMap::new();
    for (month, rows) in spill.months() {
        let buckets = buckets_for(rows, options.bucket_rows).min(FINE);
        let (each, about) = (FINE / buckets, (rows / u64::from(buckets)) as usize);
        let kept: u64 = (0..buckets)
            .into_par_iter()
            .map(|b| {
                let mut bucket = Bucket::of(about + about / 16);
                for fine in b * each..(b + 1) * each {
                    bucket.sort(&spill.rows(month, fine)?, &conversations[fine as usize]);
                }
                let (rows, replaced) = overlap::settle(std::mem::take(&mut bucket.rows), &files);
                overlap::count(
                    &mut fates.lock().unwrap_or_else(PoisonError::into_inner),
                    &files,
                    month,
                    &rows,
                    &replaced,
                );
                let replaced = replaced.iter().map(|(row, _)| row);
                aside.lock().unwrap_or_else(PoisonError::into_inner).extend(&bucket.conversations, replaced);
                bucket.rows = rows;
                let batch = |order: &[u32]| writer.batch(&bucket, order);
                let schema = writer.schema.clone();
                new.write_in_turn(Some(month), Some((b, buckets)), schema, &writer.order(&bucket), batch)?;
                Ok(bucket.rows.len() as u64)
            })
            .sum::<Result<u64>>()?;
        parts.insert(Some(month), (kept, buckets));
    }
    let aside = aside.into_inner().unwrap_or_else(PoisonError::into_inner);
    new.set_aside(&writer.batch(&aside, &writer.order(&aside))?)?;
    let mut fates = fates.into_inner().unwrap_or_else(PoisonError::into_inner);
    fates.iter_mut().zip(forgotten).for_each(|(fate, n)| fate.forgotten = n.into_inner());
    let fates = numbers.iter().map(|&number| std::mem::take(&mut fates[number as usize])).collect();
    Ok(Made { parts, fates, told: Vec::new() })
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
        let shared = Shared::new(options, rules, buyers, 0, Spill::new(dir)?);
        Reader::new(&shared, 0, input).read(&Progress(&|_| {}))?;
    }
    Ok(())
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
    nicks: Nicks,
    /// What the auto replies of a shop were found to be: they repeat.
    autos: HashMap<(u32, String), u32>,
    filling: Filling<'a>,
    date: LastDate,
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
            nicks: Nicks::default(),
            autos: HashMap::default(),
            filling: shared.spill.fill(),
            date: LastDate::default(),
            month: None,
        }
    }

    fn read(mut self, progress: &Progress<'_>) -> Result<()> {
        let mut records = self.input.records()?;
        // The plan is lent out of the input: rows change the rest of this reader.
        let plan = std::mem::replace(&mut self.input.plan, Plan::empty(self.input.source));
        let columns = ["shop", "buyer", "account", "role", "ts", "kind", "text"].map(|c| plan.index(c));
        let mut tally = Tally::default();
        while let Some(line) = records.advance()? {
            tally.read += 1;
            let record = records.record();
            if tally.read % STEP == 0 {
                progress.step(STEP);
            }
            match line.and_then(|line| self.row(&plan, &columns, record, line).map_err(|r| (line, r))) {
                Ok((month, fine, row)) => self.filling.push(month, fine, row)?,
                Err((line, reject)) => tally.reject(&self.input.name, MESSAGES.name, line, reject),
            }
        }
        self.filling.finish()?;
        tally.shops = self.shops.keys().cloned().collect();
        tally.skipped = records.skipped;
        self.input.plan = plan;
        self.input.tally = tally;
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
        let ts = parse::time_after(&mut self.date, "ts", ts, plan.formats(columns[4]), self.zone)?;
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
        let known = match self.nicks.get(shop, nick) {
            Some(known) => known,
            None => {
                let buyer = self.shared.buyers.of(nick).ok_or_else(Reject::forgotten)?;
                let mask = nick.trim().chars().next().map_or(0, u32::from);
                let place = self.shared.conversations.add(shop_text, Conversation { shop, buyer, mask });
                let known = Nick { place, filter: rules.buyer_filter(nick) };
                self.nicks.put(shop, nick, known);
                known
            }
        };
        let Nick { place: Place { fine, conversation }, filter } = known;
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
            ts,
            conversation,
            account,
            row: u32::try_from(line).unwrap_or(u32::MAX),
            file: self.file,
            chars: chars(text),
            quoted,
            auto,
            role: role as u8,
            kind: kind as u8,
            closing: role == Role::Buyer && kind == 0 && rules.closing(text),
            filter: if filter > 0 { filter } else { rules.text_filter(text, role == Role::Agent) },
        };
        Ok((month, fine, row))
    }
}
