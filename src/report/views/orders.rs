//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn orders(desk: &Desk) -> Sheet {
    Sheet::new("orders", desk.words.text("nav.orders"))
}
