//! Conversations written down in every form and read back.
#![no_main]

use chrono::{NaiveDateTime, TimeDelta};
use kaohe_fuzz::ingest::chats::said::Said;
use kaohe_fuzz::ingest::chats::{blocks, dialogue, qianniu};
use kaohe_fuzz::start;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input {
    crlf: bool,
    wide: bool,
    /// Who (customer or agent), seconds after the message before, its lines as numbers of letters.
    said: Vec<(bool, u16, Vec<Vec<u8>>)>,
}

/// Letters without the marks of a header or a notice.
const LETTERS: [&str; 12] = ["在", "吗", "亲", "好", "的", "a", "b", "z", "é", "😀", "~", "。"];

type Told = Vec<(String, NaiveDateTime, String)>;

fn told(said: &[Said]) -> Told {
    said.iter().map(|s| (s.from.clone(), s.at, s.text.clone())).collect()
}

fuzz_target!(|input: Input| {
    let mut said: Vec<(bool, NaiveDateTime, String)> = Vec::new();
    let mut at = start();
    for (agent, after, lines) in &input.said {
        let letters =
            |line: &Vec<u8>| line.iter().map(|b| LETTERS[usize::from(*b) % LETTERS.len()]).collect::<String>();
        let words: Vec<String> = lines.iter().map(letters).filter(|l| !l.is_empty()).collect();
        if !words.is_empty() {
            // Times of day tell a step of less than a day.
            at += TimeDelta::seconds(i64::from(*after % 7200));
            said.push((*agent, at, words.join("\n")));
        }
    }
    let form = |names: [&str; 2], write: &dyn Fn(&str, &str, NaiveDateTime, &str) -> String| {
        let mut text = String::new();
        let mut expected = Told::new();
        for (agent, at, words) in &said {
            let (name, other) = (names[usize::from(*agent)], names[usize::from(!*agent)]);
            text += &write(name, other, *at, words);
            expected.push((name.to_owned(), *at, words.clone()));
        }
        (expected, if input.crlf { text.replace('\n', "\r\n") } else { text })
    };
    let colon = if input.wide { "：" } else { ":" };
    let (short, long) = ("%Y-%-m-%-d %-H:%M:%S", "%Y-%m-%d %H:%M:%S");
    let both = ["小王甲", "云途:小美"];
    for write in [
        &(|n: &str, _: &str, at: NaiveDateTime, w: &str| format!("{n}{}\n{w}\n", at.format(short)))
            as &dyn Fn(&str, &str, NaiveDateTime, &str) -> String,
        &|n, _, at, w| format!("{n} {}\n{w}\n已读\n", at.format(long)),
        &|n, _, at, w| format!("{n}\n{}\n{w}\n\n", at.format(long)),
        &|n, o, at, w| format!("{n} --> {o} {}\n{w}\n", at.format(long)),
        &|n, _, at, w| format!("[{n}] {}\n{w}\n", at.format(long)),
    ] {
        let (expected, text) = form(both, write);
        let found = qianniu::parse(&text);
        assert!(found.wrong.is_empty(), "{text}\n{:?}", found.wrong);
        assert_eq!(told(&found.said), expected, "{text}");
    }
    let (expected, text) =
        form(["小王甲", "小美"], &|n, _, at, w| format!("{}\n{n}{colon}{w}\n", at.format(long)));
    let found = blocks::parse(&text, "小王甲");
    assert!(found.wrong.is_empty(), "{text}\n{:?}", found.wrong);
    assert_eq!(told(&found.said), expected, "{text}");
    let (expected, text) = form(["用户", "客服"], &|n, _, at, w| format!("{n} {}：{w}\n", at.format("%H:%M:%S")));
    let found = dialogue::parse(&text, start());
    assert!(found.wrong.is_empty(), "{text}\n{:?}", found.wrong);
    assert_eq!(told(&found.said), expected, "{text}");
});
