//! What gives a person away in a text: telephone numbers, identity and bank card numbers, e-mail addresses. Names and
//! addresses have no such shape; what people write is theirs to keep clean, this is the net below.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Stands for what was taken out.
const GONE: &str = "***";

/// Runs of digits (with blanks or hyphens between them, as people write numbers), and e-mail addresses.
static SUSPECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"\+?[0-9](?:[ -]?[0-9]){6,}[Xx]?";
    let mail = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+";
    Regex::new(&format!("{mail}|{number}")).ok()
});

/// The text without what gives a person away.
pub fn scrub(text: &str) -> Cow<'_, str> {
    // Most texts have neither.
    let suspicious = text.contains('@') || text.bytes().filter(u8::is_ascii_digit).count() >= 7;
    let Some(suspect) = SUSPECT.as_ref().filter(|_| suspicious) else { return Cow::Borrowed(text) };
    suspect.replace_all(text, |found: &Captures<'_>| {
        let found = &found[0];
        let number: String = found.chars().filter(|c| !" -".contains(*c)).collect();
        if found.contains('@') || telephone(&number) || personal(&number) { GONE.to_owned() } else { found.to_owned() }
    })
}

/// A mobile or landline number of China, with or without its country code.
fn telephone(number: &str) -> bool {
    let number = number.strip_prefix("+86").or(number.strip_prefix("0086")).unwrap_or(number);
    let number = if number.len() == 13 { number.strip_prefix("86").unwrap_or(number) } else { number };
    let second = number.as_bytes().get(1);
    match (number.len(), number.as_bytes().first()) {
        (11, Some(b'1')) => second.is_some_and(|d| (b'3'..=b'9').contains(d)),
        (10..=12, Some(b'0')) => second.is_some_and(|d| *d != b'0'),
        _ => false,
    }
}

/// An identity card's or a bank card's number.
pub fn personal(number: &str) -> bool {
    identity(number) || bank_card(number)
}

/// GB 11643: eighteen signs with a date of birth, the last one a check.
fn identity(number: &str) -> bool {
    let b = number.as_bytes();
    if b.len() != 18 || !b[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let of = |from: usize, to: usize| number.get(from..to).and_then(|n| n.parse().ok()).unwrap_or(0);
    let born = chrono::NaiveDate::from_ymd_opt(of(6, 10), of(10, 12) as u32, of(12, 14) as u32);
    if !born.is_some_and(|d| (1900..2100).contains(&chrono::Datelike::year(&d))) {
        return false;
    }
    // Weights are powers of two modulo eleven.
    let sum: u32 = b[..17].iter().enumerate().map(|(i, d)| u32::from(d - b'0') * (2_u32.pow(17 - i as u32) % 11)).sum();
    b"10X98765432"[(sum % 11) as usize] == b[17].to_ascii_uppercase()
}

/// ISO/IEC 7812 with UnionPay's prefix and a check by Luhn; other issuers' numbers look like order numbers.
fn bank_card(number: &str) -> bool {
    if !(16..=19).contains(&number.len()) || !number.starts_with("62") || !number.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, d)| match u32::from(d - b'0') {
            d if i % 2 == 0 => d,
            d if d > 4 => 2 * d - 9,
            d => 2 * d,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people() {
        // The example of GB 11643-1999, and the same with another check.
        assert!(personal("11010519491231002X") && personal("11010519491231002x"));
        assert!(!personal("110105194912310021") && !personal("110105194913310026"));
        assert!(personal("6222021234567890128") && !personal("6222021234567890129"));
        assert!(!personal("392612345678901234"), "an order's number");
    }

    #[test]
    fn texts_without_numbers_of_people() {
        for (text, clean) in [
            ("客人电话13812345678，急", "客人电话***，急"),
            ("打 138-1234-5678 或 +86 139 1234 5678", "打 *** 或 ***"),
            ("座机 010-12345678、0571 87654321", "座机 ***、***"),
            ("身份证11010519491231002X", "身份证***"),
            ("邮箱 li.si@example.com。", "邮箱 ***。"),
            ("订单 392612345678901234 迟了 3 天", "订单 392612345678901234 迟了 3 天"),
            ("运单 SF1234567890123，2026-05-15 签收", "运单 SF1234567890123，2026-05-15 签收"),
            ("5月特价：泰国签证 1999 元", "5月特价：泰国签证 1999 元"),
        ] {
            assert_eq!(scrub(text), clean);
        }
    }
}
