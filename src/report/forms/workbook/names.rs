//! Names of sheets: at most 31 characters, without those that spreadsheets forbid, never two alike.

use std::collections::BTreeSet;

/// Longest name in UTF-16 units.
const LONGEST: usize = 31;

/// The names given so far.
#[derive(Debug, Default)]
pub struct Names(BTreeSet<String>);

impl Names {
    /// A name like `wanted` that no sheet has; capitals do not count.
    pub fn unique(&mut self, wanted: &str) -> String {
        let plain: String = wanted
            .chars()
            .map(|c| match c {
                '\\' | '/' | '?' | '*' | '[' | ']' | ':' | '\'' => '_',
                '\u{fffe}' | '\u{ffff}' => '_',
                c if c.is_control() => '_',
                c => c,
            })
            .collect();
        let plain = if plain.trim().is_empty() { "_".to_owned() } else { plain.trim().to_owned() };
        let mut n = 1;
        loop {
            let tail = if n == 1 { String::new() } else { format!("~{n}") };
            let name = format!("{}{tail}", first(&plain, LONGEST - tail.len()));
            // Spreadsheets keep this name for themselves.
            if name.to_lowercase() != "history" && self.0.insert(name.to_lowercase()) {
                return name;
            }
            n += 1;
        }
    }
}

/// As many of the first characters as fit into `most` UTF-16 units.
pub fn first(text: &str, most: usize) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > most {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_apart() {
        let mut names = Names::default();
        assert_eq!(names.unique("服务·各客服的响应"), "服务·各客服的响应");
        assert_eq!(names.unique("a/b\\c?d*e[f]g:h'i"), "a_b_c_d_e_f_g_h_i");
        assert_eq!(names.unique("History"), "History~2");
        assert_eq!(names.unique(" "), "_");
        let long = "长".repeat(40);
        assert_eq!(names.unique(&long), "长".repeat(31));
        assert_eq!(names.unique(&long), format!("{}~2", "长".repeat(29)));
        assert_eq!(names.unique("ABC"), "ABC");
        assert_eq!(names.unique("abc"), "abc~2");
        assert_eq!(first("😀😀", 3), "😀");
    }
}
