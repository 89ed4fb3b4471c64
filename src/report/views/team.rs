//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn team(_desk: &Desk, team: &str) -> Sheet {
    Sheet::new("team", team.to_owned())
}
