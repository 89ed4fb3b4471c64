//! What people read: views (what a page says) → charts (SVG) → forms (HTML, Markdown, xlsx, JSON); and the workbook that
//! they fill in (registers).
//!
//! Every number is rounded here, once ([`mod@format`]); every text comes from a catalogue ([`words`]).

pub mod charts;
pub mod context;
pub mod data;
pub mod engine;
pub mod escape;
mod example;
pub mod format;
pub mod forms;
mod inline;
pub mod names;
pub mod registers;
pub mod render;
pub mod views;
pub mod words;

pub use render::render;
