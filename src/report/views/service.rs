//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn service(desk: &Desk) -> Sheet {
    Sheet::new("service", desk.words.text("nav.service"))
}
