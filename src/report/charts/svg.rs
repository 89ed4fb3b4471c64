//! Writing SVG: elements, attributes, escaped text. Places are tenths of a pixel.

use crate::report::escape;
use std::fmt::Write;

/// An SVG under construction.
#[derive(Debug, Default)]
pub struct Svg(String);

impl Svg {
    /// `<name a="b"/>`.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open_tag(name, attributes);
        self.0.push_str("/>");
    }

    /// `<name a="b">text</name>`.
    pub fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        self.0.push_str(&escape::html(text));
        self.close(name);
    }

    /// A rectangle; places in tenths of a pixel.
    pub fn rect(&mut self, class: &str, x: i64, y: i64, width: i64, height: i64) {
        let (x, y, width, height) = (px(x), px(y), px(width), px(height));
        self.empty("rect", &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
    }

    /// An area that says something on hover.
    pub fn hint(&mut self, class: &str, x: i64, y: i64, width: i64, height: i64, text: &str) {
        let (x, y, width, height) = (px(x), px(y), px(width), px(height));
        self.open("rect", &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
        self.text("title", &[], text);
        self.close("rect");
    }

    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.open_tag(name, attributes);
        self.0.push('>');
    }

    pub fn close(&mut self, name: &str) {
        let _ = write!(self.0, "</{name}>");
    }

    /// Something that was drawn before.
    pub fn append(&mut self, other: &Svg) {
        self.0.push_str(&other.0);
    }

    pub fn into_string(self) -> String {
        self.0
    }

    fn open_tag(&mut self, name: &str, attributes: &[(&str, &str)]) {
        let _ = write!(self.0, "<{name}");
        for (key, value) in attributes {
            let _ = write!(self.0, " {key}=\"{}\"", escape::html(value));
        }
    }
}

/// Tenths of a pixel as pixels: `12.3`.
pub fn px(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let n = tenths.saturating_abs();
    if n % 10 == 0 { format!("{sign}{}", n / 10) } else { format!("{sign}{}.{}", n / 10, n % 10) }
}
