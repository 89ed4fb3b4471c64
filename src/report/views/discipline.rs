//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn discipline(desk: &Desk) -> Sheet {
    Sheet::new("discipline", desk.words.text("nav.discipline"))
}
