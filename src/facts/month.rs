//! What a month's rules read beside the buckets' facts: sums over all buckets, and who was present.

use super::presence::Presence;
use super::staff_day::StaffDays;

/// The whole of a month. Shops are numbers of `Names`.
#[derive(Debug)]
pub struct MonthFacts<'a> {
    /// Shops with messages or orders in the month.
    pub shops: &'a [u32],
    pub staff_day: &'a StaffDays,
    pub presence: &'a Presence,
}
