//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn backlog(desk: &Desk) -> Sheet {
    Sheet::new("backlog", desk.words.text("nav.backlog"))
}
