//! What gives a person away in a text: telephone numbers, identity and bank card numbers, e-mail addresses. Names and
//! addresses have no such shape; what people write is theirs to keep clean, this is the net below.

use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Stands for what was taken out.
const GONE: &str = "***";
/// Signs of the longest number of a person: a bank card's.
const LONGEST: usize = 19;

static MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").ok());

/// Runs of digits, also full-width ones, with what people write between them: blanks, hyphens, dots.
static DIGITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\+?[0-9０-９](?:[ \u{a0}\u{3000}.·_–—－-]{0,3}[0-9０-９]){6,}[Xx]?").ok());

/// The text without what gives a person away.
pub fn scrub(text: &str) -> Cow<'_, str> {
    let mut clean = Cow::Borrowed(text);
    // Most texts have neither.
    if let Some(mail) = MAIL.as_ref().filter(|_| text.contains('@')) {
        clean = mail.replace_all(text, GONE);
    }
    // Full-width digits begin with this byte.
    let digits = text.bytes().filter(|b| b.is_ascii_digit() || *b == 0xEF).count();
    let Some(runs) = DIGITS.as_ref().filter(|_| digits >= 7) else { return clean };
    match runs.replace_all(&clean, |found: &Captures<'_>| numbers(&found[0])) {
        Cow::Borrowed(_) => clean,
        Cow::Owned(without) => Cow::Owned(without),
    }
}

/// A run of digits without the numbers of people in it: several may stand side by side, or behind a date. Each stretch of
/// whole groups is looked at, the longest first.
fn numbers(run: &str) -> String {
    let digit = |c: char| c.is_ascii_alphanumeric() || c == '+' || ('０'..='９').contains(&c);
    // Where groups begin and end, and their digits.
    let mut groups: Vec<(usize, usize, String)> = Vec::new();
    let mut before = ' ';
    for (i, c) in run.char_indices().filter(|(_, c)| digit(*c)) {
        let plain = if c.is_ascii() { c } else { (b'0' + (u32::from(c) - u32::from('０')) as u8) as char };
        // An identity card's check, a sign in front and digits of another width may be no part of the number beside.
        let one = c.is_ascii() == before.is_ascii() && !c.is_ascii_alphabetic() && before != '+';
        before = c;
        match groups.last_mut().filter(|(_, end, _)| *end == i && one) {
            Some((_, end, group)) => {
                *end = i + c.len_utf8();
                group.push(plain);
            }
            None => groups.push((i, i + c.len_utf8(), plain.to_string())),
        }
    }
    let (mut clean, mut kept, mut first) = (String::new(), 0, 0);
    while first < groups.len() {
        let mut number = String::new();
        let mut last = None;
        for (i, (_, _, group)) in groups.iter().enumerate().skip(first) {
            number += group;
            if number.len() > LONGEST {
                break;
            }
            if telephone(&number, groups[first].2.len()) || personal(&number) {
                last = Some(i);
            }
        }
        match last {
            Some(last) => {
                clean += &run[kept..groups[first].0];
                clean += GONE;
                (kept, first) = (groups[last].1, last + 1);
            }
            None => first += 1,
        }
    }
    clean + &run[kept..]
}

/// A mobile or landline number of China, with or without its country code. `first`: length of its first group; an area code
/// stands alone or is not set off.
fn telephone(number: &str, first: usize) -> bool {
    let local = number.strip_prefix("+86").or(number.strip_prefix("0086")).unwrap_or(number);
    let local = if local.len() == 13 { local.strip_prefix("86").unwrap_or(local) } else { local };
    let second = local.as_bytes().get(1);
    match (local.len(), local.as_bytes().first()) {
        (11, Some(b'1')) => second.is_some_and(|d| (b'3'..=b'9').contains(d)),
        (10..=12, Some(b'0')) => second.is_some_and(|d| *d != b'0') && (local.len() < number.len() || first > 2),
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
            ("13812345678 13912345678", "*** ***"),
            ("13812345678 12345678@qq.com", "*** ***"),
            ("2026-05-15 13812345678 2 13912345678", "2026-05-15 *** 2 ***"),
            ("订单392612345678901234 138 1234 5678", "订单392612345678901234 ***"),
            ("138.1234.5678、138 - 1234 - 5678、138－1234－5678", "***、***、***"),
            ("１３８１２３４５６７８，0571-8765-4321", "***，***"),
            ("2026-05-15 0930 11", "2026-05-15 0930 11"),
            ("13812345678X，110105-19491231-002x", "***X，***"),
            ("+13812345678，+8613812345678", "+***，***"),
            ("138１２３４5678，13812345678６", "***，***６"),
            ("订单 392612345678901234 迟了 3 天", "订单 392612345678901234 迟了 3 天"),
            ("运单 SF1234567890123，2026-05-15 签收", "运单 SF1234567890123，2026-05-15 签收"),
            ("5月特价：泰国签证 1999 元", "5月特价：泰国签证 1999 元"),
        ] {
            assert_eq!(scrub(text), clean);
        }
    }
}
