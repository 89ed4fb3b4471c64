//! What every figure of a month is measured with.

use super::days::{Days, Window};
use super::people::People;
use super::scan::Choices;
use crate::base::time::HOUR;
use crate::base::{Month, Ms, Zone};
use crate::calendar::{CalendarError, Hours, Workdays};
use crate::lake::names::{NONE, Names};
use crate::lake::registers::Registers;
use crate::settings::Preset;

/// Settings, calendar and people; borrowed by all buckets of a month.
#[derive(Debug)]
pub struct Context<'a> {
    pub preset: &'a Preset,
    pub zone: Zone,
    pub window: Window,
    pub days: Days,
    pub online: &'a Hours,
    pub office: &'a Hours,
    pub workdays: &'a Workdays,
    pub people: &'a People,
    pub names: &'a Names,
    /// What people registered, of the months around.
    pub registers: &'a Registers,
    pub as_of: Ms,
    pub advertising_max: u32,
    /// Instants at which the backlog is counted, inside the month, sorted.
    pub instants: Vec<Ms>,
    /// The month's full local hours up to `as_of`, sorted.
    pub full_hours: Vec<Ms>,
    /// Asks for nothing but `staff_day` and the first responses.
    pub sums_only: bool,
}

/// The full local hours of the month up to `as_of`, sorted; an hour that a change of clocks skips is none.
pub fn full_hours(zone: Zone, month: Month, as_of: Ms) -> Vec<Ms> {
    let days = month.first_day().iter_days().take_while(|day| month.contains(*day));
    let mut hours: Vec<Ms> = days.flat_map(|day| (0..24).map(move |h| zone.at(day, h * HOUR))).collect();
    hours.dedup();
    hours.retain(|&at| at <= as_of);
    hours
}

impl<'a> Context<'a> {
    /// The same month by another preset, for its sums alone.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn by_preset<'b>(&'b self, preset: &'b Preset) -> Result<Context<'b>, CalendarError>
    where
        'a: 'b,
    {
        let days = Days::new(&self.window.messages, preset.cutoff_ms, self.zone, self.workdays)?;
        let (instants, full_hours) = (Vec::new(), Vec::new());
        Ok(Context { preset, days, window: self.window.clone(), instants, full_hours, sums_only: true, ..*self })
    }

    pub fn choices(&self) -> Choices<'_> {
        Choices { preset: self.preset, zone: self.zone, advertising_max: self.advertising_max }
    }

    /// Whether a day (since 1970-01-01) lies in the month.
    pub fn in_month(&self, day: i32) -> bool {
        self.own_days().contains(&day)
    }

    /// The month's days.
    pub fn own_days(&self) -> std::ops::Range<i32> {
        self.zone.day(self.window.own.start)..self.zone.day(self.window.own.end)
    }

    /// The last instant at which the backlog is counted; `None`: none has come yet.
    pub fn last_instant(&self) -> Option<Ms> {
        let known = self.instants.partition_point(|&at| at <= self.as_of);
        self.instants[..known].last().copied()
    }

    /// Whether an instant's time of day lies in the preset's window.
    pub fn in_window(&self, at: Ms) -> bool {
        let t = self.zone.time_of_day(at);
        (self.preset.window.0..self.preset.window.1).contains(&t)
    }

    /// Who is behind an account at an instant; [`NONE`] where nobody is.
    pub fn owner(&self, shop: u32, account: u32, at: Ms) -> u32 {
        self.people.owner(shop, account, self.zone.day(at)).unwrap_or(NONE)
    }

    /// Open time between two instants in online and in office hours, ms.
    ///
    /// # Errors
    /// A year without calendar data.
    pub fn hours_between(&self, from: Ms, to: Ms) -> Result<(i64, i64), CalendarError> {
        Ok((self.online.between(from, to)?, self.office.between(from, to)?))
    }
}
