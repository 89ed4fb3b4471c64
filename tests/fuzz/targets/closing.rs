//! Closing words: any of them in a row with punctuation are closing words, a question is none.
#![no_main]

use kaohe_fuzz::ingest::closing::Closing;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

const WORDS: [&str; 8] = ["谢谢", "好的", "好", "嗯", "OK", "收到", "[微笑]", "Thanks"];

static CLOSING: LazyLock<Closing> = LazyLock::new(|| Closing::new(&WORDS.map(str::to_owned)));

fuzz_target!(|text: &str| {
    let holds = CLOSING.holds(text);
    if holds {
        assert!(!CLOSING.holds(&format!("{text}？")) && !CLOSING.holds(&format!("{text}?")), "{text}");
        assert!(!CLOSING.holds(&format!("{text}什么时候发货")), "{text}");
        // Without marks and emoji only words of the list are left, and a word's letters are all of them.
        let pictured = |c: char| c >= '\u{1F000}' || ('\u{2600}'..='\u{27BF}').contains(&c);
        let left: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric() && !pictured(*c)).collect();
        let letters: String = WORDS.concat().to_lowercase();
        assert!(left.chars().all(|c| letters.contains(c)), "{text}");
    }
    // Short ones of words alone.
    let made: String = text.bytes().take(6).map(|b| WORDS[usize::from(b) % WORDS.len()]).collect();
    assert!(made.is_empty() || CLOSING.holds(&made), "{made}");
    // A list that somebody wrote.
    let list: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let own = Closing::new(&list);
    own.holds(text);
    own.holds(&text.replace('\n', ""));
});
