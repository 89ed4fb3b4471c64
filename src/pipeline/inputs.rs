//! What compute reads of the lake: small tables whole, messages and orders bucket by bucket.

use crate::base::{Month, Ms, Result};
use crate::facts::days::Window;
use crate::facts::people::People;
use crate::facts::unit::{LinkedBy, LinkedOrder};
use crate::lake::auto_replies::{self, AutoReply};
use crate::lake::dimensions::{self, AwardRow, WaiverRow};
use crate::lake::manifest::Manifest;
use crate::lake::messages::Messages;
use crate::lake::names::Names;
use crate::lake::orders::{self, Order};
use crate::lake::partition::{bucket_of, conversation_hash, path_of};
use crate::lake::refunds::Refunds;
use crate::lake::schema::{ACCOUNTS, AWARDS, MESSAGES, ORDERS, ROSTER, SHIFTS, Table, WAIVERS};
use foldhash::HashMap;
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The small tables.
#[derive(Debug, Default)]
pub struct Dimensions {
    pub people: People,
    pub waivers: Vec<WaiverRow>,
    pub awards: Vec<AwardRow>,
}

/// All rows of a table without buckets, months in order; none where it was not delivered.
pub fn whole<T>(lake: &Path, manifest: &Manifest, table: &Table, read: fn(&Path) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    for month in manifest.partitions(table.name) {
        rows.extend(read(&path_of(lake, table, month, None))?);
    }
    Ok(rows)
}

impl Dimensions {
    pub fn read(lake: &Path, manifest: &Manifest, names: &Names) -> Result<Dimensions> {
        let roster = whole(lake, manifest, &ROSTER, dimensions::roster)?;
        let accounts = whole(lake, manifest, &ACCOUNTS, dimensions::accounts)?;
        let shifts = whole(lake, manifest, &SHIFTS, dimensions::shifts)?;
        Ok(Dimensions {
            people: People::new(roster, accounts, shifts, names),
            waivers: whole(lake, manifest, &WAIVERS, dimensions::waivers)?,
            awards: whole(lake, manifest, &AWARDS, dimensions::awards)?,
        })
    }
}

/// Files of a table's month, with their number of buckets.
fn month_files(lake: &Path, manifest: &Manifest, table: &Table, month: Month) -> (u32, Vec<PathBuf>) {
    let buckets = manifest.buckets(table.name, month).unwrap_or(0);
    (buckets, (0..buckets).map(|b| path_of(lake, table, Some(month), Some((b, buckets)))).collect())
}

/// A month's work cut into buckets of conversations.
pub struct Buckets<'a> {
    lake: &'a Path,
    manifest: &'a Manifest,
    window: Window,
    as_of: Ms,
    /// How many units of work there are: the most that any of the months has.
    pub count: u32,
    orders: Vec<Mutex<Vec<Vec<LinkedOrder>>>>,
}

impl<'a> Buckets<'a> {
    /// Looks at what there is for a window; orders are small and read at once.
    pub fn open(
        lake: &'a Path,
        manifest: &'a Manifest,
        window: &Window,
        as_of: Ms,
        names: &Names,
    ) -> Result<Buckets<'a>> {
        let most = window.months.iter().map(|&m| month_files(lake, manifest, &MESSAGES, m).0).max().unwrap_or(0);
        let count = most.max(1);
        let mut found: Vec<Vec<Order>> = Vec::new();
        let until = window.months.last().copied();
        for month in manifest.partitions(ORDERS.name).into_iter().flatten().filter(|m| Some(*m) <= until) {
            for path in month_files(lake, manifest, &ORDERS, month).1 {
                found.extend(orders::read(&path, &window.orders, window.own.start, names)?);
            }
        }
        let refunds = Refunds::read(lake, manifest, as_of, names)?;
        found.par_iter_mut().for_each(|orders| {
            orders.retain(|o| o.created_at <= as_of);
            orders.iter_mut().for_each(|o| {
                hide_future(o, as_of);
                refunds.fill(o);
            });
        });
        let mut buckets = Buckets { lake, manifest, window: window.clone(), as_of, count, orders: Vec::new() };
        let quoted = buckets.quoted(&found, names)?;
        let texts = names.all();
        let link = |mut order: Order| {
            let linked_by = match &order.buyer_key {
                Some(_) => LinkedBy::Buyer,
                None => {
                    order.buyer_key = quoted.get(&(order.shop, order.order_id.clone())).cloned();
                    if order.buyer_key.is_some() { LinkedBy::Quoted } else { LinkedBy::Nothing }
                }
            };
            let shop = texts.get(order.shop as usize).map_or("", |t| t.as_ref());
            let hash = conversation_hash(shop, order.buyer_key.as_deref().unwrap_or(&order.order_id));
            (bucket_of(hash, count) as usize, LinkedOrder { order, linked_by })
        };
        // Each piece is dealt out by itself: the buckets' shares stay in the order of the pieces.
        let split = found.into_par_iter().map(|orders| {
            let share = orders.len() / count as usize * 5 / 4 + 16;
            let mut split: Vec<_> = (0..count).map(|_| Vec::with_capacity(share)).collect();
            for (at, order) in orders.into_iter().map(link) {
                split[at].push(order);
            }
            split
        });
        buckets.orders = (0..count).map(|_| Mutex::default()).collect();
        for share in split.collect::<Vec<_>>() {
            for (all, orders) in buckets.orders.iter_mut().zip(share) {
                all.get_mut().unwrap_or_else(PoisonError::into_inner).push(orders);
            }
        }
        Ok(buckets)
    }

    /// Buyers of orders whose export names none, by the order numbers that chats quote.
    fn quoted(&self, found: &[Vec<Order>], names: &Names) -> Result<HashMap<(u32, String), String>> {
        let mut wanted: HashMap<(u32, String), String> = found
            .iter()
            .flatten()
            .filter(|o| o.buyer_key.is_none())
            .map(|o| ((o.shop, o.order_id.clone()), String::new()))
            .collect();
        if wanted.is_empty() {
            return Ok(wanted);
        }
        for &month in &self.window.months {
            for path in month_files(self.lake, self.manifest, &MESSAGES, month).1 {
                orders::quoted(&path, names, |shop, id, buyer| {
                    if let Some(found) = wanted.get_mut(&(shop, id.to_owned()))
                        && (found.is_empty() || buyer < found.as_str())
                    {
                        *found = buyer.to_owned();
                    }
                })?;
            }
        }
        wanted.retain(|_, buyer| !buyer.is_empty());
        Ok(wanted)
    }

    /// The messages of a bucket, month by month. A month with fewer buckets is read for the rows that fall into this one.
    pub fn messages(&self, bucket: u32, names: &Names) -> Result<Vec<Messages>> {
        let span = self.window.messages.start..self.window.messages.end.min(self.as_of.saturating_add(1));
        let mut parts = Vec::new();
        for &month in &self.window.months {
            let (buckets, paths) = month_files(self.lake, self.manifest, &MESSAGES, month);
            if buckets == 0 {
                continue;
            }
            let mut part = Messages::default();
            let path = &paths[(u64::from(bucket) * u64::from(buckets) / u64::from(self.count)) as usize];
            let all = buckets == self.count;
            let keep = |shop: &str, buyer: &str| all || bucket_of(conversation_hash(shop, buyer), self.count) == bucket;
            part.read(path, &span, names, &keep)?;
            parts.push(part);
        }
        Ok(parts)
    }

    /// The month's own auto replies of a bucket, as [`Buckets::messages`] cuts it.
    pub fn auto_replies(&self, bucket: u32, names: &Names) -> Result<Vec<AutoReply>> {
        let month = self.window.month;
        let (buckets, paths) = month_files(self.lake, self.manifest, &MESSAGES, month);
        if buckets == 0 {
            return Ok(Vec::new());
        }
        // A month with fewer buckets than units of work: the first unit of each of its buckets reads it.
        let each = self.count / buckets;
        if !bucket.is_multiple_of(each) {
            return Ok(Vec::new());
        }
        auto_replies::read(&paths[(bucket / each) as usize], &self.window.own, names)
    }

    /// The orders of a bucket; they are handed over once.
    pub fn take_orders(&self, bucket: u32) -> Vec<LinkedOrder> {
        let Some(orders) = self.orders.get(bucket as usize) else { return Vec::new() };
        let orders = std::mem::take(&mut *orders.lock().unwrap_or_else(PoisonError::into_inner));
        let mut all = Vec::with_capacity(orders.iter().map(Vec::len).sum());
        orders.into_iter().for_each(|mut some| all.append(&mut some));
        all
    }
}

/// What happens after the clock's time has not happened.
fn hide_future(order: &mut Order, as_of: Ms) {
    for at in [&mut order.paid_at, &mut order.shipped_at, &mut order.signed_at, &mut order.closed_at] {
        if at.is_some_and(|t| t > as_of) {
            *at = None;
        }
    }
}

/// Months that hold messages or orders, in order.
pub fn months(manifest: &Manifest) -> Vec<Month> {
    let mut all: Vec<Month> =
        [MESSAGES.name, ORDERS.name].into_iter().flat_map(|table| manifest.partitions(table)).flatten().collect();
    all.sort_unstable();
    all.dedup();
    all
}
