//! Who was at the desk when: presence rows made into stretches of one state.
//!
//! A state holds from its row to the person's next row, at most to the end of the shift that the row belongs to (from
//! two hours before the shift starts to its end); outside any shift at most to the end of its local day. Rows count in
//! the order of their stamps. A person with a shift and no row that belongs to it is unknown for as long as it lasts.

use super::context::Context;
use super::intervals::clip;
use super::people::Shift;
use crate::base::Ms;
use crate::base::time::{HOUR, date_of};
use crate::lake::names::Names;
use crate::lake::registers::{Registers, Value};
use foldhash::HashMap;
use std::ops::Range;

/// A log-in so long before a shift's start belongs to the shift.
const LEAD: i64 = 2 * HOUR;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The chat tool shows the person as online.
    pub online: bool,
    /// Online or busy, and not away from the desk.
    pub present: bool,
    /// Away from the desk, as somebody noted.
    pub left_desk: bool,
    /// Somebody stands in, or the duty director was told.
    pub covered: bool,
}

/// A row; `file` is a number of [`Names`].
#[derive(Debug, Clone, Copy)]
struct Mark {
    at: Ms,
    state: State,
    file: u32,
    row: i64,
}

/// A stretch of one state, with the row that began it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub span: Range<Ms>,
    pub state: State,
    pub file: u32,
    pub row: i64,
}

/// The rows of all people, by stamp.
#[derive(Debug, Default)]
pub struct Presence(HashMap<u32, Vec<Mark>>);

impl Presence {
    pub fn new(registers: &Registers, names: &Names) -> Presence {
        let mut all = Presence::default();
        let Some(register) = registers.get("presence") else { return all };
        for row in &register.rows {
            let get = |column: &str| register.get(row, column);
            let (Some(staff), Some(at)) = (get("staff_id").text(), get("ts").int()) else { continue };
            let word = get("state").text().unwrap_or("");
            let left_desk = *get("at_desk") == Value::Int(0);
            let state = State {
                online: word == "online",
                present: matches!(word, "online" | "busy") && !left_desk,
                left_desk,
                covered: get("covered_by").text().is_some() || *get("told_director") == Value::Int(1),
            };
            all.0.entry(names.id(staff)).or_default().push(Mark { at, state, file: row.file, row: row.row });
        }
        for marks in all.0.values_mut() {
            // Stable: of two rows with one stamp the later one stands behind.
            marks.sort_by_key(|m| m.at);
        }
        all
    }

    /// A person's stretches that touch `span`.
    pub fn stretches(&self, context: &Context<'_>, staff: u32, span: &Range<Ms>) -> Vec<Stretch> {
        let marks = self.0.get(&staff).map_or(&[][..], Vec::as_slice);
        let next = marks.iter().skip(1).map(|m| m.at).chain([Ms::MAX]);
        marks
            .iter()
            .zip(next)
            .filter(|(m, next)| m.at < span.end && *next > span.start)
            .map(|(m, next)| {
                let end = next.min(self.holds_until(context, staff, m.at));
                Stretch { span: clip(&(m.at..end), span), state: m.state, file: m.file, row: m.row }
            })
            .filter(|s| s.span.start < s.span.end)
            .collect()
    }

    fn holds_until(&self, context: &Context<'_>, staff: u32, at: Ms) -> Ms {
        let day = context.zone.day(at);
        let shifts = (day - 1..=day + 1).flat_map(|d| context.people.shifts_on(staff, d));
        let end = shifts.filter(|s| belongs(s, at)).map(|s| s.end).max();
        end.unwrap_or_else(|| context.zone.end_of(date_of(day)))
    }

    /// Whether any row belongs to a shift.
    pub fn knows(&self, staff: u32, shift: &Shift) -> bool {
        self.0.get(&staff).is_some_and(|marks| marks.iter().any(|m| belongs(shift, m.at)))
    }
}

fn belongs(shift: &Shift, at: Ms) -> bool {
    (shift.start - LEAD..shift.end).contains(&at)
}
