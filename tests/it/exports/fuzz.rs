//! Readers that parse by hand, given texts that nobody wrote, and conversations written down in every form and read back.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use kaohe::base::Zone;
use kaohe::ingest::chats::{blocks, clock, dialogue, qianniu};
use kaohe::ingest::{parse, period, private};
use proptest::prelude::*;

/// Cases of each test; raise `KAOHE_FUZZ` for a long search.
fn cases() -> ProptestConfig {
    let cases = std::env::var("KAOHE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Pieces of which real texts consist, in any order.
fn scrambled() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "小王",
        "云途:小美",
        "云途：阿强",
        "2026-05-15",
        "2026-5-1",
        "9:00:00",
        "09:00",
        " ",
        "\n",
        "\r\n",
        "\t",
        "-->",
        " --> ",
        "[",
        "]",
        "：",
        ":",
        "用户",
        "客服",
        "撤回了一条消息",
        "由",
        "转交给",
        "已读",
        "当前用户来自",
        "\u{feff}",
        "\0",
        "23:59:59",
        "2026/02/30",
        "25:61",
        "99999999999999999999",
        "-",
        "次日",
        "秒",
        "分",
        "小时",
        "%",
        "¥",
        "1,280.00",
        "1.23E+17",
        "=\"1\"",
        "'",
        "\"",
        "😀",
        "é",
        "2026-05至2026-06",
        "W20",
        ".",
    ]);
    let any = any::<char>().prop_map(String::from);
    prop::collection::vec(prop_oneof![4 => piece.prop_map(str::to_owned), 1 => any], 0..60).prop_map(|p| p.concat())
}

fn start() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 5, 15).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time")
}

/// A conversation: who (customer or agent), seconds after the message before, lines.
fn conversation() -> impl Strategy<Value = Vec<(bool, i64, Vec<String>)>> {
    // Words without marks that begin a header or a notice.
    let line = "[a-z在吗亲好的]{1,12}";
    prop::collection::vec((any::<bool>(), 0_i64..7200, prop::collection::vec(line, 1..4)), 1..20)
}

type Told = Vec<(String, NaiveDateTime, String)>;

fn told(said: &[kaohe::ingest::chats::said::Said]) -> Told {
    said.iter().map(|s| (s.from.clone(), s.at, s.text.clone())).collect()
}

/// What was said, and its text by `write` (sender, time, text).
fn written(
    said: &[(bool, i64, Vec<String>)],
    names: [&str; 2],
    write: impl Fn(&str, NaiveDateTime, &str) -> String,
) -> (Told, String) {
    let (mut at, mut all, mut text) = (start(), Told::new(), String::new());
    for (agent, after, lines) in said {
        at += TimeDelta::seconds(*after);
        let name = names[usize::from(*agent)];
        let words = lines.join("\n");
        text += &write(name, at, &words);
        all.push((name.to_owned(), at, words));
    }
    (all, text)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn copied_text_is_read_back(said in conversation(), form in 0..4_usize, crlf: bool) {
        let names = ["小王甲", "云途:小美"];
        let (expected, mut text) = written(&said, names, |name, at, words| {
            let (short, long) = (at.format("%Y-%-m-%-d %-H:%M:%S"), at.format("%Y-%m-%d %H:%M:%S"));
            match form {
                0 => format!("{name}{short}\n{words}\n"),
                1 => format!("{name} {long}\n{words}\n已读\n"),
                2 => format!("{name}\n{long}\n{words}\n\n"),
                _ => format!("{name} --> {} {long}\n{words}\n", if name == names[0] { names[1] } else { names[0] }),
            }
        });
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let found = qianniu::parse(&text);
        prop_assert_eq!(&found.wrong, &[]);
        prop_assert_eq!(told(&found.said), expected);
        // A message's line is that on which its header begins.
        let lines: Vec<&str> = text.lines().collect();
        for s in &found.said {
            prop_assert!(lines[s.line as usize - 1].starts_with(s.from.as_str()));
        }
    }

    #[test]
    fn blocks_are_read_back(said in conversation(), wide: bool) {
        let colon = if wide { "：" } else { ":" };
        let (expected, text) = written(&said, ["小王甲", "小美"], |name, at, words| {
            format!("{}\n{name}{colon}{words}\n", at.format("%Y-%m-%d %H:%M:%S"))
        });
        let found = blocks::parse(&text, "小王甲");
        prop_assert_eq!(&found.wrong, &[]);
        prop_assert_eq!(told(&found.said), expected);
    }

    #[test]
    fn dialogues_are_read_back(said in conversation(), whole: bool) {
        let (expected, text) = written(&said, ["用户", "客服"], |name, at, words| {
            let at = if whole { at.format("%Y-%m-%d %H:%M:%S") } else { at.format("%H:%M:%S") };
            format!("{name} {at}：{words}\n")
        });
        let found = dialogue::parse(&text, start());
        prop_assert_eq!(&found.wrong, &[]);
        prop_assert_eq!(told(&found.said), expected);
    }

    #[test]
    fn no_text_is_too_strange(text in scrambled(), customer in "\\PC{0,6}") {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n").lines().count() as u64;
        for found in [qianniu::parse(&text), blocks::parse(&text, &customer), dialogue::parse(&text, start())] {
            // Every row leads to a line that is there, in order, and nothing is made up.
            let numbers: Vec<u64> = found.said.iter().map(|s| s.line).collect();
            prop_assert!(numbers.iter().chain(found.wrong.iter().map(|(n, _)| n)).all(|n| (1..=lines).contains(n)));
            for s in &found.said {
                prop_assert!(text.contains(&s.from));
                prop_assert!(s.text.split('\n').all(|l| text.contains(l.trim())));
            }
        }
        if qianniu::parse(&text).said.is_empty() {
            prop_assert!(!qianniu::looks_like(&text));
        }
        qianniu::customers(&text);
        if let Some((before, _)) = clock::at_end(&text) {
            prop_assert!(text.contains(before));
        }
        prop_assert!(clock::alone(&text).is_none() || clock::at_end(&text).is_some());
        let zone = Zone::SHANGHAI;
        let _ = (parse::time("ts", &text, &[], zone), parse::wall(&text), parse::date("on", &text));
        let _ = (parse::time_on("start", &text, 20_000, zone, Some(0)), parse::points("points", &text));
        let _ = (parse::rate("reply_rate", &text), parse::flag("closing", &text), parse::whole("items", &text));
        let _ = (parse::id("order_id", &text), parse::duration("response_ms", &text), parse::fen("paid_fen", &text));
        let _ = (period::parse("daily_report", &text), period::named_month(&text), period::stamp(&text), period::span(&text));
        // What is scrubbed once is clean.
        let once = private::scrub(&text).into_owned();
        prop_assert_eq!(private::scrub(&once).into_owned(), once);
    }

    #[test]
    fn numbers_are_exact(fen in 0_i64..1_000_000_000_000, seconds in 0_i64..100_000, hundredths in 0_i64..=10_000) {
        let (yuan, rest) = (fen / 100, fen % 100);
        let mut grouped = String::new();
        let digits = yuan.to_string();
        for (i, d) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(d);
        }
        for text in [format!("{yuan}.{rest:02}"), format!("¥{grouped}.{rest:02}"), format!("{grouped}.{rest:02}元")] {
            prop_assert_eq!(parse::fen("paid_fen", &text).ok(), Some(fen), "{}", text);
        }
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        for text in [format!("{h}小时{m}分{s}秒"), format!("{seconds}"), format!("{seconds}秒")] {
            prop_assert_eq!(parse::duration("response_ms", &text).ok(), Some(seconds * 1000), "{}", text);
        }
        let text = format!("{}.{:02}%", hundredths / 100, hundredths % 100);
        prop_assert_eq!(parse::rate("reply_rate", &text).ok(), Some(hundredths));
    }
}
