//! What people read: views (what a page says) → charts (SVG) → render (templates); and the workbook that they fill in
//! (registers).
//!
//! Every number is rounded here, once ([`mod@format`]); every text comes from a catalogue ([`words`]).

pub mod charts;
pub mod data;
pub mod escape;
pub mod format;
pub mod names;
pub mod registers;
pub mod render;
pub mod views;
pub mod words;

pub use render::render;
