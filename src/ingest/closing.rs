//! Closing words (`谢谢`, `好的`, an emoji): messages that ask nothing.

use foldhash::HashMap;
use std::borrow::Cow;

/// The settings' closing words, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Closing {
    /// In lower case by their first characters, longest first.
    words: HashMap<char, Vec<String>>,
    longest: usize,
}

impl Closing {
    pub fn new(words: &[String]) -> Closing {
        let mut words: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
        words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        // A word repeated a few times with punctuation is still only closing words.
        let longest = words.first().map_or(0, String::len) * 4 + 32;
        let mut by_first: HashMap<char, Vec<String>> = HashMap::default();
        for word in words {
            if let Some(first) = word.chars().next() {
                by_first.entry(first).or_default().push(word);
            }
        }
        Closing { words: by_first, longest }
    }

    /// Made only of closing words, emoji and punctuation, at least one word or emoji among them. A question mark asks.
    pub fn holds(&self, text: &str) -> bool {
        // Most texts begin with what no closing words begin with.
        if text.len() > self.longest || !text.chars().next().is_some_and(|c| self.may_begin(c)) {
            return false;
        }
        // Most texts have no capital letters: nothing to copy.
        let capitals = text.bytes().any(|b| b.is_ascii_uppercase());
        let lower: Cow<'_, str> = if capitals { text.to_lowercase().into() } else { text.into() };
        let mut rest = lower.as_ref();
        let mut said = false;
        while let Some(c) = rest.chars().next() {
            if emoji(c) {
                said = true;
                rest = &rest[c.len_utf8()..];
            } else if let Some(word) = self.words.get(&c).and_then(|all| all.iter().find(|w| rest.starts_with(*w))) {
                said = true;
                rest = &rest[word.len()..];
            } else if !letter(c) && c != '?' && c != '？' {
                rest = &rest[c.len_utf8()..];
            } else {
                return false;
            }
        }
        said
    }

    fn may_begin(&self, c: char) -> bool {
        self.words.contains_key(&c) || emoji(c) || !letter(c) || !chinese(c) && c.is_uppercase()
    }
}

fn chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A letter or digit; Chinese characters, which most are, need no look into the tables.
fn letter(c: char) -> bool {
    chinese(c) || c.is_alphanumeric()
}

fn emoji(c: char) -> bool {
    matches!(u32::from(c), 0x1F000..=0x1FAFF | 0x2600..=0x27BF | 0x2B00..=0x2BFF | 0x200D | 0xFE0F | 0x20E3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_are_letters() {
        assert!(('\u{4e00}'..='\u{9fff}').all(char::is_alphanumeric));
    }

    #[test]
    fn words_emoji_and_punctuation_alone() {
        let closing = Closing::new(&["谢谢".to_owned(), "好的".to_owned(), "OK".to_owned(), "好".to_owned()]);
        for text in ["谢谢", "好的，谢谢！", "ok", "Ok～", "OK", "🌹🌹", "好好好", " 谢谢 "] {
            assert!(closing.holds(text), "{text}");
        }
        for text in ["", "。", "好的？", "谢谢你", "okay", "好的 在吗", "1"] {
            assert!(!closing.holds(text), "{text}");
        }
        assert!(!closing.holds(&"谢谢".repeat(100)), "a whole message of them may mean something");
    }
}
