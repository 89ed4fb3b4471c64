//! The whole flow and its state: which months, what changed, lock, publish. One function a command.

pub mod assessed;
pub mod audit;
pub mod basis;
pub mod bundle;
pub mod close;
pub mod compare;
pub mod compute;
pub mod crosscheck;
pub mod details;
pub mod diff;
pub mod earlier;
pub mod example_rows;
pub mod examples;
pub mod explain;
pub mod gather;
pub mod inputs;
pub mod journal;
pub mod key;
pub mod month_tables;
pub mod presets;
pub mod project;
pub mod proofs;
pub mod publish;
pub mod recompute;
pub mod review;
pub mod review_gather;
pub mod rows;
pub mod run;
pub mod scan;
pub mod schedule;
pub mod stage;
pub mod state;
pub mod status;
pub mod targets;
pub mod template;
pub mod verify;
pub mod waivers;

pub use project::{Options, Project};

/// Who is told what goes on; silent where nobody listens.
pub trait Progress: Sync {
    /// A stage begins: its name and how many steps it has (0: unknown).
    fn begin(&self, stage: &str, steps: u64);
    /// So many steps more are done.
    fn step(&self, n: u64);
    /// The stage is over.
    fn end(&self);
}

/// Nobody listens.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: &str, _: u64) {}
    fn step(&self, _: u64) {}
    fn end(&self) {}
}
