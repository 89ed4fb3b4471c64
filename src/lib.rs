//! kaohe (考核): assessment as code for e-commerce service teams.
//!
//! A month of exports goes in at the bottom, pages that people read come out at the top. The floors, each importing
//! from itself and from floors below alone (held by `tests/it/house.rs`):
//!
//! `cli` → `pipeline` → `review` → `report` → `scores` → `rules` → `facts` → `sample` → `ingest` → `lake` → `calendar` →
//! `settings` → `base`
//!
//! # Invariants
//!
//! 1. Below cli nothing reads the clock, the environment or the terminal.
//! 2. What data can get wrong is a value (rows plus diagnostics), never an `Err`; `Err` means that the machine failed.
//! 3. Points, money, counts and durations are integers until a view rounds them, once.
//! 4. Every frame that leaves a room is sorted by its full key. `sum` of nothing is not 0: carry the count.
//! 5. A rule is evaluated as it stood on the day of the event.
//! 6. From page to deduction to evidence row to raw file and line, and from deduction to rule to clause to text: no
//!    link missing.
//! 7. Templates hold no arithmetic and no business `if`.
//! 8. Raw files are never changed; lake and mart can be rebuilt from them.
//! 9. Nothing generated is edited by hand; the test that finds it stale names the command that rebuilds it. No two
//!    lists of the same thing without a test that compares them.

pub mod base;
pub mod calendar;
pub mod cli;
pub mod facts;
pub mod ingest;
pub mod lake;
pub mod pipeline;
pub mod report;
pub mod review;
pub mod rules;
pub mod sample;
pub mod scores;
pub mod settings;
