//! Whose an unknown account may be: only where one person alone comes into question.

use crate::report::data::{Account, Person};
use crate::settings::nearest::nearest;
use std::collections::BTreeSet;

/// Why somebody is suggested; each has its words in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The account itself, on other days or in another shop.
    SameAccount,
    /// A sub-account of that name in another shop.
    SameSub,
    /// His name stands in the account's.
    Name,
    /// An account that is written nearly alike.
    Alike,
}

impl Why {
    pub fn code(self) -> &'static str {
        match self {
            Why::SameAccount => "same_account",
            Why::SameSub => "same_sub",
            Why::Name => "name",
            Why::Alike => "alike",
        }
    }
}

/// Signs that a name must have to be taken for another one's misspelling.
const SHORTEST: usize = 4;

/// The part of an account that names a person.
fn sub(account: &str) -> &str {
    account.rsplit_once(':').map_or(account, |(_, sub)| sub)
}

/// The staff_id of whom it may be, and why.
pub fn suggest<'a>(account: &str, known: &'a [Account], people: &'a [Person]) -> Option<(&'a str, Why)> {
    let of = |fits: &dyn Fn(&Account) -> bool| -> Option<&'a str> {
        let found: BTreeSet<&str> = known.iter().filter(|k| fits(k)).map(|k| k.staff_id.as_str()).collect();
        found.first().copied().filter(|_| found.len() == 1)
    };
    let named = || {
        let mut found = people.iter().filter(|p| p.name.chars().count() > 1 && sub(account).contains(&p.name));
        found.next().filter(|_| found.next().is_none()).map(|p| p.staff_id.as_str())
    };
    let alike = || {
        let main = |account: &str| account.len() - sub(account).len();
        let mine = known.iter().map(|k| k.account.as_str()).filter(|k| k[..main(k)] == account[..main(account)]);
        // Short names differ in one sign and are others.
        let near = nearest(sub(account), mine.map(sub).filter(|s| s.chars().count() >= SHORTEST))?;
        of(&|k| sub(&k.account) == near)
    };
    None.or_else(|| Some((of(&|k| k.account == account)?, Why::SameAccount)))
        .or_else(|| Some((of(&|k| sub(&k.account) == sub(account))?, Why::SameSub)))
        .or_else(|| Some((named()?, Why::Name)))
        .or_else(|| Some((alike()?, Why::Alike)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_alone_is_suggested() {
        let account = |shop: &str, account: &str, staff: &str| Account {
            shop: shop.to_owned(),
            account: account.to_owned(),
            staff_id: staff.to_owned(),
        };
        let known = [
            account("甲", "甲:小美", "A1"),
            account("甲", "甲:xiaoqiang", "A2"),
            account("乙", "乙:阿丽", "A3"),
            account("丙", "丙:阿丽", "A4"),
        ];
        let person = |id: &str, name: &str| Person {
            staff_id: id.to_owned(),
            name: name.to_owned(),
            role: "customer_service".to_owned(),
            team: None,
            supervisor_id: None,
        };
        let people = [person("A5", "王芳"), person("A6", "李雷")];
        for (unknown, expected) in [
            ("甲:小美", Some(("A1", Why::SameAccount))),
            ("乙:小美", Some(("A1", Why::SameSub))),
            ("乙:王芳售后", Some(("A5", Why::Name))),
            ("甲:xiaoqang", Some(("A2", Why::Alike))),
            ("丁:阿丽", None),
            ("甲:小夏", None),
            ("甲:完全不同", None),
        ] {
            assert_eq!(suggest(unknown, &known, &people), expected, "{unknown}");
        }
    }
}
