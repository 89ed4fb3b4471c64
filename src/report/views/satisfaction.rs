//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn satisfaction(desk: &Desk) -> Sheet {
    Sheet::new("satisfaction", desk.words.text("nav.satisfaction"))
}
