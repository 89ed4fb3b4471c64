//! The first rows of a list: of all, and of each person. Frames may come in any order and any cut: what is picked is the
//! same.

use super::{Listing, Order};
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

/// The columns of a list's frame.
pub struct Columns<'a> {
    shop: &'a StringChunked,
    staff_id: &'a StringChunked,
    at: &'a Int64Chunked,
    value: &'a Int64Chunked,
    what: &'a StringChunked,
    file: &'a StringChunked,
    row: &'a Int64Chunked,
}

impl<'a> Columns<'a> {
    /// Looks the columns up; the frame should lie in one piece.
    ///
    /// # Errors
    /// A column that is missing or of another type: a bug of ours.
    pub fn new(frame: &'a DataFrame) -> PolarsResult<Columns<'a>> {
        Ok(Columns {
            shop: frame.column("shop")?.str()?,
            staff_id: frame.column("staff_id")?.str()?,
            at: frame.column("at")?.i64()?,
            value: frame.column("value")?.i64()?,
            what: frame.column("what")?.str()?,
            file: frame.column("source_file")?.str()?,
            row: frame.column("source_row")?.i64()?,
        })
    }

    fn row(&self, i: usize) -> Row {
        let text = |column: &StringChunked| column.get(i).unwrap_or("").to_owned();
        Row {
            at: self.at.get(i).unwrap_or(0),
            shop: text(self.shop),
            what: text(self.what),
            file: text(self.file),
            row: self.row.get(i).unwrap_or(0),
            staff_id: text(self.staff_id),
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

/// All rows of a list's frame, in its order.
///
/// # Errors
/// A frame that is not a list's: a bug of ours.
pub fn all(listing: &Listing, frame: &DataFrame) -> PolarsResult<Vec<Row>> {
    let columns = Columns::new(frame)?;
    let mut rows: Vec<(i64, Row)> =
        (0..frame.height()).map(|i| (columns.key(listing.order, i), columns.row(i))).collect();
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(_, row)| row).collect())
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

    fn offer(&mut self, key: i64, columns: &Columns<'_>, i: usize) {
        if let Some((worst, _)) = self.rows.last().filter(|_| self.rows.len() >= self.most)
            && (if self.largest { key < *worst } else { key > *worst })
        {
            return;
        }
        let one = (key, columns.row(i));
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

    fn offer(&mut self, key: i64, columns: &Columns<'_>, i: usize) {
        self.count += 1;
        let side = if self.centre.is_some_and(|c| key < c) { &mut self.before } else { &mut self.from };
        side.offer(key, columns, i);
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
    listing: &'static Listing,
    /// Percentiles by person; of all under the empty id.
    centres: &'a BTreeMap<String, i64>,
    most_each: usize,
    all: Pick,
    each: BTreeMap<String, Pick>,
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
        Picks { listing, centres, most_each, all, each: BTreeMap::new() }
    }

    /// Looks through a frame of the list.
    ///
    /// # Errors
    /// A frame that is not a list's: a bug of ours.
    pub fn take(&mut self, frame: &DataFrame) -> PolarsResult<()> {
        let columns = Columns::new(frame)?;
        for i in 0..frame.height() {
            let key = columns.key(self.listing.order, i);
            self.all.offer(key, &columns, i);
            let staff = columns.staff_id.get(i).unwrap_or("");
            let pick = match self.each.get_mut(staff) {
                Some(pick) => pick,
                None => {
                    let pick = Pick::new(self.most_each, self.centres.get(staff).copied());
                    self.each.entry(staff.to_owned()).or_insert(pick)
                }
            };
            pick.offer(key, &columns, i);
        }
        Ok(())
    }

    /// What was picked: of all, then person by person.
    pub fn finish(self) -> impl Iterator<Item = Picked> {
        let each = self.each.into_iter();
        std::iter::once((String::new(), self.all)).chain(each).map(|(of, pick)| Picked {
            of,
            count: pick.count,
            rows: pick.rows(),
        })
    }
}
