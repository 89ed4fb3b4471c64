//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn shop(_desk: &Desk, shop: &str) -> Sheet {
    Sheet::new("shop", shop.to_owned())
}
