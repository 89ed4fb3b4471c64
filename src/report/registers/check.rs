//! What a column's cells are checked for, with the words that a spreadsheet says: what belongs in, and how to mend it.

use super::lists::{FIRST_ROW, Lists};
use super::view::{Column, Kind, Sheet};
use crate::report::words::Words;
use crate::settings::docs::hundredths;
use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, Formula, XlsxError,
};

/// Characters of a spreadsheet's message and of its title.
pub const MOST_MESSAGE: usize = 255;
const MOST_TITLE: usize = 32;

/// What may stand in a column, for the help sheet; empty where anything may.
pub fn allowed(column: &Column, sheet: &Sheet, words: &Words) -> String {
    let text = |key: &str| words.text(&format!("registers.allowed.{key}"));
    match &column.kind {
        Kind::Text => String::new(),
        Kind::Words(all) => all.join(&words.text("format.list")),
        Kind::Flag => flags(words).join(&words.text("format.list")),
        Kind::Staff => text("staff"),
        Kind::Rule(_) => text("rule"),
        Kind::Date => text("date"),
        Kind::Time { .. } => text("time"),
        Kind::Clock => text("clock"),
        Kind::Whole => text("whole"),
        Kind::Money => text("money"),
        Kind::Points(least, most) => {
            words.fill("registers.allowed.points", &[("least", &hundredths(*least)), ("most", &hundredths(*most))])
        }
        Kind::PointsOf(at) => {
            let rule = sheet.columns.get(*at).map_or("", |c| c.header.as_str());
            words.fill("registers.allowed.points_of", &[("rule", rule)])
        }
    }
}

/// Yes and no.
fn flags(words: &Words) -> [String; 2] {
    [words.text("registers.yes"), words.text("registers.no")]
}

/// What is said where a column's cell is chosen: whether it must have a value, what belongs in, an example.
pub fn message(column: &Column, words: &Words) -> String {
    let mut all = Vec::new();
    if column.required {
        all.push(words.text("registers.must"));
    }
    all.push(column.about.clone());
    if !column.example.is_empty() {
        all.push(words.fill("registers.example", &[("example", &column.example)]));
    }
    all.join("\n")
}

/// The number format of a column: texts stay what was typed, however long a number they are.
pub fn format(kind: &Kind) -> Format {
    let format = Format::new();
    match kind {
        Kind::Text | Kind::Words(_) | Kind::Flag | Kind::Staff | Kind::Rule(_) => format.set_num_format("@"),
        Kind::Date => format.set_num_format("yyyy-mm-dd"),
        Kind::Time { seconds: false } => format.set_num_format("yyyy-mm-dd hh:mm"),
        Kind::Time { seconds: true } => format.set_num_format("yyyy-mm-dd hh:mm:ss"),
        Kind::Clock => format.set_num_format("hh:mm"),
        Kind::Whole => format.set_num_format("0"),
        Kind::Money | Kind::Points(..) | Kind::PointsOf(_) => format.set_num_format("0.00"),
    }
}

/// The check of the cells of a column, which stands at `at`.
///
/// # Errors
/// A library that refuses it.
pub fn validation(
    column: &Column,
    at: u16,
    sheet: &Sheet,
    lists: &Lists<'_>,
    words: &Words,
) -> Result<DataValidation, XlsxError> {
    let new = DataValidation::new();
    let mut style = DataValidationErrorStyle::Stop;
    let number = |condition: &str| {
        let cell = row_col_to_cell(FIRST_ROW, at);
        Formula::new(format!("=AND(ISNUMBER({cell}),ROUND({cell},2)={cell},{})", condition.replace('#', &cell)))
    };
    let rule = match &column.kind {
        Kind::Text => new.allow_any_value(),
        Kind::Words(all) if listed(all) => new.allow_list_strings(all)?,
        Kind::Words(_) => new.allow_any_value(),
        Kind::Flag => new.allow_list_strings(&flags(words))?,
        Kind::Staff => {
            // Somebody may keep the roster in another file.
            style = DataValidationErrorStyle::Warning;
            match lists.staff() {
                Some(ids) => new.allow_list_formula(Formula::new(ids)),
                None => new.allow_any_value(),
            }
        }
        Kind::Rule(_) => match lists.rules(&sheet.title, 1) {
            Some(rules) => new.allow_list_formula(Formula::new(rules)),
            None => new.allow_any_value(),
        },
        Kind::Date | Kind::Time { .. } => {
            let (first, last) = (ExcelDateTime::from_ymd(2000, 1, 1)?, ExcelDateTime::from_ymd(2100, 1, 1)?);
            new.allow_date(DataValidationRule::Between(first, last))
        }
        Kind::Clock => {
            let (first, last) = (ExcelDateTime::from_hms(0, 0, 0)?, ExcelDateTime::from_hms(23, 59, 59)?);
            new.allow_time(DataValidationRule::Between(first, last))
        }
        Kind::Whole => new.allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0)),
        Kind::Money => new.allow_custom(number("#>=0")),
        Kind::Points(least, most) => {
            new.allow_custom(number(&format!("#>={},#<={}", hundredths(*least), hundredths(*most))))
        }
        Kind::PointsOf(rule) => match lists.rules(&sheet.title, 3) {
            Some(rules) => {
                let named = row_col_to_cell(FIRST_ROW, *rule as u16);
                let of =
                    |column: u8, otherwise: u8| format!("IFERROR(VLOOKUP({named},{rules},{column},FALSE),{otherwise})");
                new.allow_custom(number(&format!("#>={},#<={}", of(2, 0), of(3, 100))))
            }
            None => new.allow_any_value(),
        },
    };
    let title = cut(&column.header, MOST_TITLE);
    let mend = mend(column, sheet, words);
    rule.set_input_title(title.clone())?
        .set_input_message(cut(&message(column, words), MOST_MESSAGE))?
        .set_error_style(style)
        .set_error_title(title)?
        .set_error_message(cut(&mend, MOST_MESSAGE))
}

/// Whether a drop-down takes these words: it joins them with commas into a text of limited length.
fn listed(words: &[String]) -> bool {
    let length: usize = words.iter().map(|w| w.encode_utf16().count() + 1).sum();
    length <= MOST_MESSAGE && !words.iter().any(|w| w.contains([',', '"']))
}

/// What is said where a value is not allowed.
fn mend(column: &Column, sheet: &Sheet, words: &Words) -> String {
    let allowed = allowed(column, sheet, words);
    match &column.kind {
        Kind::Text => String::new(),
        Kind::Staff => words.text("registers.wrong.staff"),
        Kind::Rule(_) => words.text("registers.wrong.rule"),
        Kind::Words(_) | Kind::Flag => words.fill("registers.wrong.word", &[("allowed", &allowed)]),
        _ => words.fill("registers.wrong.value", &[("allowed", &allowed)]),
    }
}

/// The beginning of a text, as long as a spreadsheet takes it; it counts in UTF-16.
pub fn cut(text: &str, most: usize) -> String {
    let mut length = 0;
    text.chars()
        .take_while(|c| {
            length += c.len_utf16();
            length <= most
        })
        .collect()
}
