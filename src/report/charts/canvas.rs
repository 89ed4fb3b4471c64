//! The element around every drawing: its size, its title and its description.

use super::svg::{Svg, px};

/// Text height in px; `.chart text` of the style.
pub const SIZE: i64 = 12;
/// Series with a colour and a marker of their own; further ones begin anew.
const LOOKS: usize = 6;
/// Width in px below which a drawing is the one for phones.
const NARROW: i64 = 500;

/// What is written around the marks.
pub struct Canvas<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    /// Tenths of a pixel.
    pub width: i64,
    pub height: i64,
}

impl Canvas<'_> {
    /// Puts the marks inside.
    pub fn around(&self, marks: &Svg) -> String {
        let narrow = self.width < NARROW * 10;
        let (variant, class) = if narrow { ("n", "chart narrow") } else { ("w", "chart wide") };
        let (title, desc) = (format!("{}-{variant}-t", self.id), format!("{}-{variant}-d", self.id));
        let labels = format!("{title} {desc}");
        let view = format!("0 0 {} {}", px(self.width), px(self.height));
        let mut svg = Svg::default();
        svg.open("svg", &[("class", class), ("viewBox", &view), ("role", "img"), ("aria-labelledby", &labels)]);
        svg.text("title", &[("id", &title)], self.title);
        svg.text("desc", &[("id", &desc)], self.description);
        svg.append(marks);
        svg.close("svg");
        svg.into_string()
    }
}

/// The class of series `i`.
pub fn look(i: usize) -> String {
    format!("s{}", i % LOOKS + 1)
}
