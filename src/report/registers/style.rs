//! How the workbook looks.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

const DARK: Color = Color::RGB(0x1F_4E_79);
const LIGHT: Color = Color::RGB(0xDD_E7_F3);
const ASKS: Color = Color::RGB(0xFF_F4_CC);
const LINE: Color = Color::RGB(0xB4_BF_CC);

/// The formats that sheets share.
#[derive(Debug)]
pub struct Style {
    pub title: Format,
    pub text: Format,
    /// Header of a column that must have a value, and of one that may be empty.
    pub required: Format,
    pub optional: Format,
    /// The question above a header, its answer, and what is said beside.
    pub question: Format,
    pub answer: Format,
    pub hint: Format,
    /// A sheet's name on the help sheet, what is said of it, and a cell about a column.
    pub band: Format,
    pub band_text: Format,
    pub cell: Format,
}

impl Style {
    pub fn new() -> Style {
        let top = || Format::new().set_align(FormatAlign::Top).set_text_wrap();
        let boxed = |f: Format| f.set_border(FormatBorder::Thin).set_border_color(LINE);
        let header = || boxed(Format::new().set_bold().set_align(FormatAlign::VerticalCenter).set_text_wrap());
        Style {
            title: Format::new().set_bold().set_font_size(16),
            text: top(),
            required: header().set_background_color(DARK).set_font_color(Color::White),
            optional: header().set_background_color(LIGHT),
            question: top().set_bold().set_background_color(ASKS),
            answer: boxed(top().set_background_color(ASKS)),
            hint: top().set_font_color(Color::RGB(0x59_59_59)),
            band: boxed(top().set_bold().set_background_color(LIGHT).set_font_color(DARK)),
            band_text: boxed(top().set_background_color(LIGHT)),
            cell: boxed(top()),
        }
    }
}

/// Width of a text in a spreadsheet's columns: Chinese characters take two.
pub fn width(text: &str) -> usize {
    text.lines().map(|l| l.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()).max().unwrap_or(0)
}

/// Height of a row that shows a text in cells of so many columns' width, in points. Rows do not grow by themselves where
/// cells are merged.
pub fn height(text: &str, columns: usize) -> f64 {
    let lines: usize = text.lines().map(|l| width(l).div_ceil(columns.max(1)).max(1)).sum();
    lines.max(1) as f64 * 16.0 + 2.0
}
