//! The one integration-test binary (each more would link polars once more).

mod bundle;
mod by_hand;
mod calendar;
mod clauses;
mod errors;
mod exports;
mod facts;
mod flow;
mod help;
mod house;
mod mapping;
mod month_tables;
mod real;
mod reference;
pub mod report;
mod review;
mod rows;
mod rules;
mod same_bytes;
mod settings;
mod support;
mod templates;
mod truth;
