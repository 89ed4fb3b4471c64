//! What happened: sessions, rounds, backlog, credits, inquiries and the sums per person and day. One linear pass over
//! conversations that are sorted by time; pure (columns and settings in, rows and frames out, no paths).

pub mod backlog;
pub mod by_buyer;
pub mod by_hour;
pub mod context;
mod counts;
pub mod credits;
pub mod days;
pub mod frames;
pub mod inquiries;
pub mod intervals;
pub mod month;
pub mod open_hours;
pub mod people;
pub mod percentiles;
pub mod presence;
pub mod products;
pub mod rows;
pub mod satisfaction;
pub mod scan;
pub mod spread;
pub mod staff_day;
pub mod steps;
pub mod still_open;
pub mod unit;
pub mod unshipped;

pub use context::Context;
pub use month::MonthFacts;
pub use unit::Facts;
