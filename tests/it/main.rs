//! The one integration-test binary (each more would link polars once more).

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
mod real;
mod reference;
mod report;
mod rules;
mod same_bytes;
mod settings;
mod support;
mod truth;
