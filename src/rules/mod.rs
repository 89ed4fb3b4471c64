//! From facts to the ledger: rulebook → detectors → charge → waiver and escalation → ledger. A rule is data; a new kind
//! of rule is a file in `detect/`.

pub mod charge;
pub mod detect;
pub mod escalation;

pub mod ledger;
pub mod notes;
pub mod plan;
pub mod results;
pub mod strangers;
pub mod violation;
pub mod waiver;

pub use detect::Detector;
pub use ledger::Deduction;
pub use plan::Plan;
pub use results::Results;
pub use violation::Violation;
