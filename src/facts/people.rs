//! Who was behind an account, on which shift, under whom: everything dated.

use crate::base::Ms;
use crate::lake::dimensions::{AccountRow, RosterRow, ShiftRow};
use crate::lake::names::{NONE, Names};
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Payer of what nobody's account did.
pub const UNASSIGNED: &str = "unassigned";

/// Stands for the agent of an order that nobody is credited with.
pub const SILENT: &str = "silent";

/// Rows with a span of days, both included; `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: Option<i32>,
    to: Option<i32>,
}

impl Span {
    fn holds(self, day: i32) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

/// One shift of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shift {
    pub start: Ms,
    pub end: Ms,
    pub lunch: Option<(Ms, Ms)>,
    /// A weekend duty.
    pub weekend: bool,
}

impl Shift {
    /// Time on duty without lunch, ms.
    pub fn online_ms(&self) -> i64 {
        let lunch = self.lunch.map_or(0, |(a, b)| (b.min(self.end) - a.max(self.start)).max(0));
        (self.end - self.start).max(0) - lunch
    }
}

/// Accounts, roster and shifts; people and shops are numbers of `Names`.
#[derive(Debug, Default)]
pub struct People {
    accounts: HashMap<(u32, u32), Vec<(Span, u32)>>,
    shops: HashMap<u32, Vec<(Span, u32)>>,
    roster: BTreeMap<u32, Vec<(Span, RosterRow)>>,
    shifts: HashMap<(u32, i32), Vec<Shift>>,
    /// Earliest end of any shift of a day: nothing answered before it can be late for a shift's end.
    first_end: HashMap<i32, Ms>,
    /// (day, person), sorted.
    shift_days: Vec<(i32, u32)>,
}

impl People {
    /// `accounts` in the table's order: of one account the rows with an earlier first day come first.
    pub fn new(roster: Vec<RosterRow>, accounts: Vec<AccountRow>, shifts: Vec<ShiftRow>, names: &Names) -> People {
        let mut people = People::default();
        for a in accounts {
            let span = Span { from: a.valid_from, to: a.valid_to };
            let (shop, account, staff) = (names.id(&a.shop), names.id(&a.account), names.id(&a.staff_id));
            people.accounts.entry((shop, account)).or_default().push((span, staff));
            people.shops.entry(staff).or_default().push((span, shop));
        }
        for r in roster {
            let span = Span { from: r.valid_from, to: r.valid_to };
            people.roster.entry(names.id(&r.staff_id)).or_default().push((span, r));
        }
        for s in shifts {
            let staff = names.id(&s.staff_id);
            let end = people.first_end.entry(s.date).or_insert(s.end);
            *end = (*end).min(s.end);
            people.shifts.entry((staff, s.date)).or_default().push(Shift {
                start: s.start,
                end: s.end,
                lunch: s.lunch,
                weekend: s.weekend,
            });
            people.shift_days.push((s.date, staff));
        }
        people.shift_days.sort_unstable();
        people.shift_days.dedup();
        people
    }

    /// Who had an account on a day, of several the one who got it last; `None`: nobody, or the account is unknown.
    pub fn owner(&self, shop: u32, account: u32, day: i32) -> Option<u32> {
        if account == NONE {
            return None;
        }
        self.accounts.get(&(shop, account))?.iter().rfind(|(span, _)| span.holds(day)).map(|(_, staff)| *staff)
    }

    /// Whether an account ever belonged to someone.
    pub fn knows(&self, shop: u32, account: u32) -> bool {
        self.accounts.contains_key(&(shop, account))
    }

    /// A person's shops on a day, sorted by number as they came in the table.
    pub fn shops_of(&self, staff: u32, day: i32) -> Vec<u32> {
        self.shops
            .get(&staff)
            .map(|spans| spans.iter().filter(|(span, _)| span.holds(day)).map(|(_, shop)| *shop).collect())
            .unwrap_or_default()
    }

    /// A person's row of the roster on a day; the nearest one where no row holds it.
    pub fn row(&self, staff: u32, day: i32) -> Option<&RosterRow> {
        let rows = self.roster.get(&staff)?;
        rows.iter().find(|(span, _)| span.holds(day)).or_else(|| rows.last()).map(|(_, row)| row)
    }

    /// Whether a person works here on a day (joined, not left, a row of the roster holds it).
    pub fn employed(&self, staff: u32, day: i32) -> bool {
        self.roster.get(&staff).is_some_and(|rows| {
            rows.iter().any(|(span, r)| {
                span.holds(day) && r.joined_on.is_none_or(|d| d <= day) && r.left_on.is_none_or(|d| day <= d)
            })
        })
    }

    /// Everyone of the roster.
    pub fn everyone(&self) -> impl Iterator<Item = u32> + '_ {
        self.roster.keys().copied()
    }

    pub fn shifts_on(&self, staff: u32, day: i32) -> &[Shift] {
        self.shifts.get(&(staff, day)).map_or(&[], Vec::as_slice)
    }

    /// The end of the shift that is still on (or to come) at `at`; `None` off duty, after its end, or without a row.
    pub fn shift_end(&self, staff: u32, day: i32, at: Ms) -> Option<Ms> {
        self.shifts_on(staff, day).iter().map(|s| s.end).filter(|&end| at <= end).max()
    }

    /// Nothing answered by then can be late for a shift's end of that day.
    pub fn earliest_shift_end(&self, day: i32) -> Option<Ms> {
        self.first_end.get(&day).copied()
    }

    /// People with a shift on a day in `days`, as (day, person).
    pub fn on_duty(&self, days: std::ops::Range<i32>) -> &[(i32, u32)] {
        let from = self.shift_days.partition_point(|(d, _)| *d < days.start);
        let to = self.shift_days.partition_point(|(d, _)| *d < days.end);
        &self.shift_days[from..to]
    }
}
