//! What happened: sessions, rounds, backlog, credits, inquiries and the sums per person and day. One linear pass over
//! conversations that are sorted by time; pure (columns and settings in, rows and frames out, no paths).

pub mod backlog;
pub mod context;
pub mod credits;
pub mod days;
pub mod frames;
pub mod inquiries;
pub mod intervals;
pub mod month;
pub mod people;
pub mod percentiles;
pub mod presence;
pub mod rows;
pub mod scan;
pub mod staff_day;
pub mod still_open;
pub mod unit;

pub use context::Context;
pub use month::MonthFacts;
pub use unit::Facts;
