//! The first rows of a list: of all, and of each person. Frames may come in any order and any cut: what is picked is the
//! same.

use super::{Listing, Order};
use foldhash::HashMap;
use polars::prelude::{DataFrame, Int64Chunked, PolarsResult, StringChunked};
use std::collections::BTreeMap;

/// One row that a figure is made of. The order of the fields decides ties.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// ms.
    pub at: i64,
    pub shop: String,
    /// An order's number, else the first digits of a pseudonym.
    pub what: String,
    pub file: String,
    pub row: i64,
    /// As in `staff_day`.
    pub staff_id: String,
    /// In the list's unit.
    pub value: Option<i64>,
}

/// The rows of a base as they are looked through.
pub struct BaseRows<'a> {
    frame: &'a DataFrame,
    shop: &'a StringChunked,
    at: &'a Int64Chunked,
    value: &'a Int64Chunked,
    what: &'a StringChunked,
    file: &'a StringChunked,
    row: &'a Int64Chunked,
    /// The person of each row, as a number of `people`.
    person: Vec<usize>,
    people: Vec<&'a str>,
}

impl<'a> BaseRows<'a> {
    /// Looks the columns up; the frame should lie in one piece.
    ///
    /// # Errors
    /// A column that is missing or of another type: a bug of ours.
    pub fn new(frame: &'a DataFrame) -> PolarsResult<BaseRows<'a>> {
        let staff = frame.column("staff_id")?.str()?;
        let (mut people, mut numbers) = (Vec::new(), HashMap::<&str, usize>::default());
        let person = staff.iter().map(|id| {
            let id = id.unwrap_or("");
            *numbers.entry(id).or_insert_with(|| {
                people.push(id);
                people.len() - 1
            })
        });
        Ok(BaseRows {
            shop: frame.column("shop")?.str()?,
            at: frame.column("at")?.i64()?,
            value: frame.column("value")?.i64()?,
            what: frame.column("what")?.str()?,
            file: frame.column("source_file")?.str()?,
            row: frame.column("source_row")?.i64()?,
            person: person.collect(),
            people,
            frame,
        })
    }

    /// The list's rows with the keys that they are placed by.
    fn of(&self, listing: &Listing) -> PolarsResult<impl Iterator<Item = (usize, i64)> + use<'_, 'a>> {
        let (mask, order) = (listing.mask(self.frame)?, listing.order);
        let keeps = move |i: &usize| mask.as_ref().is_none_or(|m| m.get(*i) == Some(true));
        Ok((0..self.frame.height()).filter(keeps).map(move |i| (i, self.key(order, i))))
    }

    fn row(&self, i: usize) -> Row {
        let text = |column: &StringChunked| column.get(i).unwrap_or("").to_owned();
        Row {
            at: self.at.get(i).unwrap_or(0),
            shop: text(self.shop),
            what: text(self.what),
            file: text(self.file),
            row: self.row.get(i).unwrap_or(0),
            staff_id: self.people[self.person[i]].to_owned(),
            value: self.value.get(i),
        }
    }

    /// What a row is placed by, small ones first; rows without a value come last.
    fn key(&self, order: Order, i: usize) -> i64 {
        match order {
            Order::Oldest => self.at.get(i).unwrap_or(0),
            Order::Largest => self.value.get(i).map_or(i64::MAX, |v| -v),
            Order::Smallest | Order::AroundMedian | Order::AroundP90 => self.value.get(i).unwrap_or(i64::MAX),
        }
    }
}

/// All rows of a list, in its order.
///
/// # Errors
/// A frame that is not a base's: a bug of ours.
pub fn all(listing: &Listing, frame: &DataFrame) -> PolarsResult<Vec<Row>> {
    let base = BaseRows::new(frame)?;
    let mut rows: Vec<(i64, Row)> = base.of(listing)?.map(|(i, key)| (key, base.row(i))).collect();
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// A few of a list's rows: the first, or those around the percentile (by nearest rank) that the list stands around.
/// `rows`: all of them, in the list's order.
pub fn few(listing: &Listing, mut rows: Vec<Row>, most: usize) -> Vec<Row> {
    let known = rows.iter().filter(|r| r.value.is_some()).count();
    let rank = match listing.order {
        Order::AroundMedian => known.div_ceil(2),
        Order::AroundP90 => (known * 9).div_ceil(10),
        _ => 0,
    };
    if let Some(centre) = rank.checked_sub(1).and_then(|i| rows[i].value) {
        let before = rows.partition_point(|r| r.value.is_some_and(|v| v < centre));
        let half = (most / 2).max(most.saturating_sub(rows.len() - before)).min(before);
        rows.drain(..before - half);
    }
    rows.truncate(most);
    rows
}

/// The `most` smallest of the rows that are offered, or the largest.
#[derive(Debug)]
struct Top {
    most: usize,
    largest: bool,
    /// Best first.
    rows: Vec<(i64, Row)>,
}

impl Top {
    fn new(most: usize, largest: bool) -> Top {
        Top { most, largest, rows: Vec::new() }
    }

    fn offer(&mut self, key: i64, base: &BaseRows<'_>, i: usize) {
        if let Some((worst, _)) = self.rows.last().filter(|_| self.rows.len() >= self.most)
            && (if self.largest { key < *worst } else { key > *worst })
        {
            return;
        }
        let one = (key, base.row(i));
        let at = self.rows.partition_point(|known| if self.largest { *known > one } else { *known < one });
        self.rows.insert(at, one);
        self.rows.truncate(self.most);
    }
}

/// The rows of one grouping: those at and behind the centre, and those before it.
#[derive(Debug)]
struct Pick {
    most: usize,
    /// The percentile that they stand around.
    centre: Option<i64>,
    before: Top,
    from: Top,
    count: i64,
}

impl Pick {
    fn new(most: usize, centre: Option<i64>) -> Pick {
        Pick { most, centre, before: Top::new(most, true), from: Top::new(most, false), count: 0 }
    }

    fn offer(&mut self, key: i64, base: &BaseRows<'_>, i: usize) {
        self.count += 1;
        let side = if self.centre.is_some_and(|c| key < c) { &mut self.before } else { &mut self.from };
        side.offer(key, base, i);
    }

    /// In the list's order, the centre in the middle as far as there are rows on both sides.
    fn rows(self) -> Vec<Row> {
        let (before, from) = (self.before.rows, self.from.rows);
        let half = (self.most / 2).max(self.most.saturating_sub(from.len())).min(before.len());
        let first = before.into_iter().take(half).rev();
        first.chain(from).take(self.most).map(|(_, row)| row).collect()
    }
}

/// What is picked for a list.
pub struct Picks<'a> {
    pub listing: &'static Listing,
    /// Percentiles by person; of all under the empty id.
    centres: &'a BTreeMap<String, i64>,
    most_each: usize,
    all: Pick,
    people: HashMap<String, usize>,
    each: Vec<Pick>,
}

/// The rows picked for all (of an empty id) or a person, and how many there are.
pub struct Picked {
    pub of: String,
    pub count: i64,
    pub rows: Vec<Row>,
}

impl<'a> Picks<'a> {
    /// Nothing yet: to be `most_all` of all rows and `most_each` of each person's.
    pub fn new(
        listing: &'static Listing,
        centres: &'a BTreeMap<String, i64>,
        (most_all, most_each): (usize, usize),
    ) -> Picks<'a> {
        let all = Pick::new(most_all, centres.get("").copied());
        Picks { listing, centres, most_each, all, people: HashMap::default(), each: Vec::new() }
    }

    /// Looks through some rows of the list's base.
    ///
    /// # Errors
    /// A frame that is not a base's: a bug of ours.
    pub fn take(&mut self, base: &BaseRows<'_>) -> PolarsResult<()> {
        let mut places: Vec<Option<usize>> = vec![None; base.people.len()];
        for (i, key) in base.of(self.listing)? {
            self.all.offer(key, base, i);
            let person = base.person[i];
            let place = match places[person] {
                Some(place) => place,
                None => *places[person].insert(self.place(base.people[person])),
            };
            self.each[place].offer(key, base, i);
        }
        Ok(())
    }

    fn place(&mut self, staff_id: &str) -> usize {
        if let Some(place) = self.people.get(staff_id) {
            return *place;
        }
        self.each.push(Pick::new(self.most_each, self.centres.get(staff_id).copied()));
        self.people.insert(staff_id.to_owned(), self.each.len() - 1);
        self.each.len() - 1
    }

    /// What was picked: of all, then person by person.
    pub fn finish(self) -> Vec<Picked> {
        let mut each: Vec<Option<Pick>> = self.each.into_iter().map(Some).collect();
        let people: BTreeMap<String, usize> = self.people.into_iter().collect();
        let mut picks = vec![(String::new(), self.all)];
        picks.extend(people.into_iter().filter_map(|(of, place)| Some((of, each.get_mut(place)?.take()?))));
        picks.into_iter().map(|(of, pick)| Picked { of, count: pick.count, rows: pick.rows() }).collect()
    }
}
