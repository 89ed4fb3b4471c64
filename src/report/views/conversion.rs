//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn conversion(desk: &Desk) -> Sheet {
    Sheet::new("conversion", desk.words.text("nav.conversion"))
}
