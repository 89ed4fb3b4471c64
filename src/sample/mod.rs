//! The sample room: a made department with its raw files, and the truth about what its people owe.
//!
//! Messages and orders are made day by day, judged by the room's own bookkeeping (`judge`) while they are made, and
//! written in the order of time. Nothing of it depends on an order of work: each shop and day has its own dice.

mod autos;
mod care;
mod chat;
mod desk;
mod dice;
mod dimensions;
mod failed;
mod judge;
mod order;
mod people;
mod plants;
mod raw;
mod registers;
mod rules;
mod sheet;
mod shifts;
mod texts;
mod traffic;
mod truth;
mod volume;
mod wall;
mod world;

use crate::base::{Error, Month, Result, files};
use chat::Chat;
use chrono::NaiveDate;
use judge::Verdict;
use order::Order;
use plants::Plant;
use raw::Raw;
use registers::{Chats, Reports};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use traffic::Traffic;
use truth::Truth;
use volume::Volume;
use world::World;

/// What to make. The same options give the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub seed: u64,
    /// First and last month, both included.
    pub from: Month,
    pub to: Month,
    /// About so many messages over all months; what is planted is there in any case.
    pub messages: u64,
}

/// What was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub messages: u64,
    pub orders: u64,
    /// Sessions that a buyer opened and in which a round counts.
    pub inquiries: u64,
    /// Rows of the truth: what the ledger must hold.
    pub violations: u64,
}

/// Writes the raw files below `raw` and the truth (`deductions.csv`, `summary.json`) below `truth`.
///
/// `is_workday` says which days are worked; it is asked for the months and for the month behind them. Memory holds a
/// few days of messages, whatever their number, and one short entry per violation. Fails where a file cannot be
/// written, where the months end before they begin, and where a planted case does not owe what it is to owe (a bug).
pub fn write(options: &Options, raw: &Path, truth: &Path, is_workday: &dyn Fn(NaiveDate) -> bool) -> Result<Summary> {
    if options.from > options.to {
        return Err(Error::Failed(format!("the months {} to {} end before they begin", options.from, options.to)));
    }
    let world = World::new(options, is_workday);
    let (plants, mut waivers) = plants::all(&world);
    let kinds = count_kinds(&plants);
    let planted = plants.iter().filter_map(|p| p.chat.as_ref()).map(|c| c.messages.len() as u64).sum();
    let volume = Volume::new(&world.days, options.messages.saturating_sub(planted));
    let reports = Reports::new(&world, raw, &mut waivers);
    let mut books = Books::new(&world, raw, reports);
    registers::write(&world, raw, &mut books.truth, &mut waivers)?;
    for plant in plants {
        plant.check(&world)?;
        books.enter(plant.chat, plant.order);
    }
    for day in world.days.first..=world.days.last {
        for shop in 0..people::SHOPS.len() {
            Traffic::new(&world, &volume, shop, day).each(&mut |chat, order| books.enter(chat, order));
        }
        books.raw.write_day(day, &mut books.truth)?;
        books.chats.write_day(day, &mut books.truth)?;
        books.reports.write_day(day, &mut books.truth)?;
    }
    let Books { raw: rows, truth: mut entries, inquiries, chats, reports, .. } = books;
    chats.finish()?;
    reports.finish()?;
    let (messages, orders) = rows.finish(&mut entries)?;
    dimensions::write(&world, raw, &waivers)?;
    let awards = dimensions::awarded(&world);
    let violations = entries.write(&truth.join("deductions.csv"), &world, &waivers, &awards)?;
    let note = json!({
        "seed": options.seed, "from": options.from, "to": options.to,
        "messages": by_month(&messages), "buyer_sessions": by_month(&inquiries), "orders": by_month(&orders),
        "violations": violations, "planted": kinds,
    });
    let note = serde_json::to_string_pretty(&note).map_err(|e| Error::Failed(format!("cannot write JSON: {e}")))?;
    files::write_atomic(&truth.join("summary.json"), (note + "\n").as_bytes())?;
    let sum = |counts: &BTreeMap<Month, u64>| counts.values().sum();
    Ok(Summary { messages: sum(&messages), orders: sum(&orders), inquiries: sum(&inquiries), violations })
}

/// The sample while it is made: rows on their way to the files, and what the bookkeeping found in them.
#[derive(Debug)]
struct Books<'a> {
    world: &'a World,
    raw: Raw<'a>,
    truth: Truth,
    verdict: Verdict,
    chats: Chats<'a>,
    reports: Reports<'a>,
    /// Sessions opened by buyers, by month of their inquiry date.
    inquiries: BTreeMap<Month, u64>,
}

impl<'a> Books<'a> {
    fn new(world: &'a World, raw: &Path, reports: Reports<'a>) -> Books<'a> {
        let (chats, raw, inquiries) = (Chats::new(world, raw), Raw::new(world, raw), BTreeMap::new());
        Books { world, raw, truth: Truth::default(), verdict: Verdict::default(), chats, reports, inquiries }
    }

    /// Judges and files a conversation (nothing is open behind it) and an order.
    fn enter(&mut self, chat: Option<Chat>, order: Option<Order>) {
        if let Some(mut chat) = chat {
            judge::chat(self.world, &chat.messages, &mut self.verdict);
            care::judge(self.world, &chat, &mut self.verdict);
            self.chats.add(&chat, &self.verdict);
            self.reports.add(&self.verdict);
            self.truth.enter_chat(&self.verdict.findings, &mut chat.messages);
            for month in &self.verdict.inquiries {
                *self.inquiries.entry(*month).or_default() += 1;
            }
            self.raw.add_messages(&chat.messages);
        }
        if let Some(mut order) = order {
            if let Some(finding) = judge::order(self.world, &order) {
                order.mark = self.truth.enter_order(finding, order.shop, order.buyer);
            }
            for finding in judge::month_ends(self.world, &order) {
                order.mark = self.truth.enter_order_again(finding, order.shop, order.buyer, order.mark);
            }
            self.raw.add_order(order);
        }
    }
}

/// Planted cases by month and kind.
fn count_kinds(plants: &[Plant]) -> BTreeMap<String, BTreeMap<&'static str, u64>> {
    let mut kinds: BTreeMap<String, BTreeMap<&'static str, u64>> = BTreeMap::new();
    for plant in plants {
        *kinds.entry(plant.month.to_string()).or_default().entry(plant.kind).or_default() += 1;
    }
    kinds
}

fn by_month(counts: &BTreeMap<Month, u64>) -> BTreeMap<String, u64> {
    counts.iter().map(|(month, count)| (month.to_string(), *count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::DAY;

    fn make(seed: u64, messages: u64) -> (BTreeMap<String, Vec<u8>>, Summary) {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { seed, from: "2026-01".parse().unwrap(), to: "2026-02".parse().unwrap(), messages };
        let weekdays = |d: NaiveDate| chrono::Datelike::weekday(&d).num_days_from_monday() < 5;
        let summary = write(&options, &dir.path().join("raw"), &dir.path().join("truth"), &weekdays).unwrap();
        let bytes = files::walk(dir.path())
            .unwrap()
            .into_iter()
            .map(|p| (p.strip_prefix(dir.path()).unwrap().display().to_string(), files::read(&p).unwrap()))
            .collect();
        (bytes, summary)
    }

    #[test]
    fn the_seed_decides_every_byte() {
        let (one, summary) = make(7, 4_000);
        assert_eq!((one.clone(), summary), make(7, 4_000));
        let (other, _) = make(8, 4_000);
        assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for name in ["raw/messages-2026-01.csv", "raw/orders-2026-02.csv", "truth/deductions.csv"] {
            assert_ne!(one[name], other[name], "{name}");
        }
        assert!(one.keys().all(|name| !name.contains(".tmp")), "{:?}", one.keys());
    }

    #[test]
    fn rows_lie_in_their_months_in_the_order_of_time() {
        let (files, summary) = make(9, 12_000);
        let mut messages = 0;
        for (name, bytes) in files.iter().filter(|(n, _)| n.contains("messages")) {
            let mut last = String::new();
            for record in csv::Reader::from_reader(&bytes[..]).records() {
                let record = record.unwrap();
                assert!(record[4] >= *last && name.contains(&record[4][..7]), "{name}: {}", &record[4]);
                last = record[4].to_owned();
                messages += 1;
            }
        }
        assert_eq!(messages, summary.messages);
        assert!(messages.abs_diff(12_000) < 1_200, "{messages} messages");
    }

    #[test]
    fn the_truth_names_the_row_of_the_question() {
        let (files, summary) = make(10, 6_000);
        let mut reader = csv::Reader::from_reader(&files["truth/deductions.csv"][..]);
        let mut rows = 0;
        for record in reader.records() {
            let record = record.unwrap();
            rows += 1;
            // What nobody did has no row.
            if record[9].is_empty() {
                continue;
            }
            let raw = &files[&format!("raw/{}", &record[9])];
            let line: usize = record[10].parse().unwrap();
            let text = String::from_utf8_lossy(raw);
            let row = text.lines().nth(line - 1).unwrap();
            // Dates and whole seconds are written as short as they are.
            let day = ["followup.form", "record.", "month_end", "ed.log"].iter().any(|r| record[0].contains(r));
            let at = if day { "" } else { record[3].trim_end_matches(".000") };
            assert!(row.contains(at) && row.contains(&record[8]), "{record:?}\n{row}");
        }
        assert_eq!(rows, summary.violations);
    }

    #[test]
    fn an_average_visit_is_as_long_as_the_volume_says() {
        let options =
            Options { seed: 3, from: "2026-05".parse().unwrap(), to: "2026-06".parse().unwrap(), messages: 0 };
        let world = World::new(&options, &|_| true);
        let volume = Volume::new(&world.days, 200_000);
        let (mut messages, mut visits) = (0, 0);
        for day in world.days.first..=world.days.last {
            for shop in 0..people::SHOPS.len() {
                visits += volume.of(shop, day);
                Traffic::new(&world, &volume, shop, day).each(&mut |chat, order| {
                    let chat = chat.map(|c| c.messages).unwrap_or_default();
                    assert!(chat.is_sorted_by_key(|m| m.at));
                    assert!(chat.iter().all(|m| wall::day(m.at) >= day && m.at < world.end() + DAY));
                    assert!(order.is_none_or(|o| o.created < world.end() && o.paid.is_none_or(|p| p < world.end())));
                    messages += chat.len() as u64;
                });
            }
        }
        let measured = messages * 100 / visits;
        assert!(measured.abs_diff(volume::MESSAGES_PER_VISIT) < 25, "{measured} hundredths a visit");
    }
}
