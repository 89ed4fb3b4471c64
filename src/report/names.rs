//! File names made from ids: safe on every file system, never outside their folder, never two for one.

use std::collections::{BTreeMap, BTreeSet};

/// Longest stem that is kept, in bytes.
const LONGEST: usize = 80;

/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The stem of each id's page.
#[derive(Debug, Clone, Default)]
pub struct FileNames(BTreeMap<String, String>);

impl FileNames {
    /// Gives every id a stem of its own, also where capitals do not count. The order of the ids does not matter.
    pub fn new<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let ids: BTreeSet<&str> = ids.into_iter().collect();
        let (mut taken, mut names) = (BTreeSet::new(), BTreeMap::new());
        for id in ids {
            let stem = safe_stem(id);
            let mut name = stem.clone();
            let mut n = 2;
            while !taken.insert(name.to_ascii_lowercase()) {
                name = format!("{stem}~{n}");
                n += 1;
            }
            names.insert(id.to_owned(), name);
        }
        FileNames(names)
    }

    /// The stem of an id that was given to [`FileNames::new`].
    pub fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

/// Letters, digits, `-`, `_` and inner dots stay; every other byte becomes `~` and two hex digits.
fn safe_stem(id: &str) -> String {
    let mut out = String::new();
    for (i, b) in id.bytes().enumerate() {
        let plain = b.is_ascii_alphanumeric() || b == b'-' || b == b'_' || (b == b'.' && i > 0 && !out.ends_with('.'));
        if out.len() + 3 > LONGEST {
            break;
        }
        if plain { out.push(char::from(b)) } else { out.push_str(&format!("~{b:02x}")) }
    }
    let first = out.split('.').next().unwrap_or("").to_ascii_lowercase();
    let port = first.len() == 4 && (first.starts_with("com") || first.starts_with("lpt"));
    if out.is_empty() || port || DEVICES.contains(&first.as_str()) { format!("~{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_stay_in_their_folder_and_apart() {
        let names = FileNames::new(["A01", "a01", "../../etc", "张", "", "con", "x.y", "..", "a/b"]);
        assert_eq!(names.get("A01"), Some("A01"));
        assert_eq!(names.get("a01"), Some("a01~2"));
        assert_eq!(names.get("../../etc"), Some("~2e.~2f.~2e~2fetc"));
        assert_eq!(names.get("张"), Some("~e5~bc~a0"));
        assert_eq!(names.get(""), Some("~"));
        assert_eq!(names.get("con"), Some("~con"));
        assert_eq!(names.get("x.y"), Some("x.y"));
        assert_eq!(names.get("nobody"), None);
    }
}
