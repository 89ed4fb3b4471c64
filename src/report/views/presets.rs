//! To come.

use super::desk::Desk;
use super::sheet::Sheet;

pub fn presets(desk: &Desk) -> Sheet {
    Sheet::new("presets", desk.words.text("nav.presets"))
}
