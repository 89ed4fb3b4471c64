//! Conversations copied out of Qianniu: a header line with nick and time (glued together, on two lines, with an arrow to
//! the addressee, or in brackets), then the message's lines; notices of the system between them.

use super::clock;
use super::said::{Conversation, Kind, Said};
use crate::ingest::lines;
use chrono::NaiveDateTime;
use foldhash::HashMap;
use std::collections::BTreeSet;

/// Lines that Qianniu puts under messages.
const MARKS: [&str; 3] = ["已读", "未读", "发送中"];
/// Beginnings of notices that say nothing of who wrote.
const NOTICES: [&str; 3] = ["当前用户来自", "原因：【", "原因:【"];
const RECALLED: &str = "撤回了一条消息";
/// Longest nick, in characters.
const LONGEST: usize = 64;

/// A line that may begin a message.
struct Start<'t> {
    /// Place of its first line, and of the first line of the text.
    line: usize,
    text: usize,
    from: &'t str,
    to: Option<&'t str>,
    at: NaiveDateTime,
    two_lines: bool,
}

/// Whether a text's beginning holds a message's header.
pub fn looks_like(head: &str) -> bool {
    !starts(&lines(head)).is_empty()
}

fn lines(text: &str) -> Vec<&str> {
    lines::lines(text).map(|l| l.trim_matches('\u{feff}')).collect()
}

/// Who speaks there without being an agent by his name.
pub fn customers(head: &str) -> BTreeSet<String> {
    let senders = parse(head).said.into_iter().flat_map(|s| [Some(s.from), s.to]).flatten();
    senders.map(|n| n.trim().to_owned()).filter(|n| !n.contains([':', '：'])).collect()
}

/// Takes a text apart. Times of notices are those of the message before.
pub fn parse(text: &str) -> Conversation {
    let lines = lines(text);
    let starts = trusted(starts(&lines));
    let mut found = Conversation::default();
    let first = starts.first().map_or(lines.len(), |s| s.line);
    let mut waiting = Vec::new();
    for (i, line) in lines[..first].iter().map(|l| l.trim()).enumerate() {
        match notice(line) {
            Notice::Said(from, Some(to), kind) => waiting.push((i, from, to, kind)),
            Notice::Passed => {}
            Notice::Said(..) | Notice::Nothing | Notice::Nobody if line.is_empty() => {}
            _ => found.wrong.push((i as u64 + 1, "this line stands before the first message")),
        }
    }
    match starts.first() {
        None => found.wrong.extend(waiting.iter().map(|(i, ..)| (*i as u64 + 1, "no message tells its time"))),
        Some(s) => {
            for (i, from, to, kind) in waiting {
                found.said.push(said(i, s.at, from, Some(to), kind, ""));
            }
        }
    }
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).map_or(lines.len(), |s| s.line);
        let (mut words, mut notices): (Vec<&str>, Vec<Said>) = (Vec::new(), Vec::new());
        for (i, line) in lines.iter().enumerate().take(end).skip(start.text) {
            match notice(line.trim()) {
                Notice::Said(from, to, kind) => notices.push(said(i, start.at, from, to, kind, "")),
                Notice::Nobody => found.wrong.push((i as u64 + 1, "a message was recalled, and by whom is not said")),
                Notice::Passed => {}
                Notice::Nothing => words.push(line),
            }
        }
        let text = words.join("\n");
        found.said.push(said(start.line, start.at, start.from, start.to, Kind::Text, text.trim()));
        found.said.extend(notices);
    }
    found
}

fn said(line: usize, at: NaiveDateTime, from: &str, to: Option<&str>, kind: Kind, text: &str) -> Said {
    Said { line: line as u64 + 1, at, from: from.to_owned(), to: to.map(str::to_owned), kind, text: text.to_owned() }
}

enum Notice<'t> {
    /// Who, whom, what.
    Said(&'t str, Option<&'t str>, Kind),
    /// Said of nobody by name.
    Nobody,
    Passed,
    Nothing,
}

fn notice(line: &str) -> Notice<'_> {
    if MARKS.contains(&line) || NOTICES.iter().any(|n| line.starts_with(n)) {
        return Notice::Passed;
    }
    if let Some(who) = line.strip_suffix(RECALLED).map(|w| w.trim_matches([' ', '"', '“', '”'])) {
        return match who {
            "" | "你" | "您" | "对方" => Notice::Nobody,
            who if is_nick(who) => Notice::Said(who, None, Kind::Recall),
            _ => Notice::Nothing,
        };
    }
    let handed = line.strip_prefix('由').and_then(|rest| rest.split_once("转交给"));
    match handed.map(|(from, to)| (from.trim(), to.trim().trim_end_matches(['。', '，']))) {
        Some((from, to)) if is_nick(from) && is_nick(to) => Notice::Said(from, Some(to), Kind::Transfer),
        _ => Notice::Nothing,
    }
}

/// What people and platforms take for a name: short, without the marks of a sentence.
fn is_nick(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= LONGEST
        && !text.contains(|c: char| c.is_control() || "，。！？；、,!?;=<>{}".contains(c))
        && !text.contains("//")
}

fn starts<'t>(lines: &[&'t str]) -> Vec<Start<'t>> {
    let mut all: Vec<Start<'t>> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let Some((before, at)) = clock::at_end(line) else { continue };
        let before = before.trim_start_matches('\u{feff}');
        if before.is_empty() {
            // The nick stands on the line above, which is no part of another header.
            let above = i.checked_sub(1).and_then(|above| lines.get(above)).map_or("", |l| l.trim());
            let free = all.last().is_none_or(|s| s.text < i);
            if free && is_nick(above) && clock::at_end(above).is_none() && matches!(notice(above), Notice::Nothing) {
                let above = above.trim_start_matches('\u{feff}');
                all.push(Start { line: i - 1, text: i + 1, from: above, to: None, at, two_lines: true });
            }
            continue;
        }
        let (from, to) = match before.split_once("-->") {
            Some((from, to)) => (from.trim(), Some(to.trim())),
            None => (before.strip_prefix('[').and_then(|b| b.strip_suffix(']')).unwrap_or(before).trim(), None),
        };
        if is_nick(from) && to.is_none_or(is_nick) {
            all.push(Start { line: i, text: i + 1, from, to, at, two_lines: false });
        }
    }
    all
}

/// Those that are headers and not sentences that end in a time. A name that writes more than once, an agent's account, an
/// arrow are beyond doubt; another one must fit between the times of its neighbours, and stand as the others do.
fn trusted(all: Vec<Start<'_>>) -> Vec<Start<'_>> {
    let mut seen: HashMap<&str, usize> = HashMap::default();
    all.iter().for_each(|s| *seen.entry(s.from).or_insert(0) += 1);
    let sure: Vec<bool> = all
        .iter()
        .map(|s| s.to.is_some() || s.from.contains([':', '：']) || seen.get(s.from).is_some_and(|n| *n > 1))
        .collect();
    let one_line = all.iter().zip(&sure).any(|(s, sure)| *sure && !s.two_lines);
    let times: Vec<NaiveDateTime> = all.iter().map(|s| s.at).collect();
    // The next time that is beyond doubt, from behind.
    let mut next = vec![None; all.len() + 1];
    for i in (0..all.len()).rev() {
        next[i] = if sure[i] { Some(times[i]) } else { next[i + 1] };
    }
    let mut last: Option<NaiveDateTime> = None;
    let mut kept = Vec::with_capacity(all.len());
    for (i, start) in all.into_iter().enumerate() {
        let fits = last.is_none_or(|t| t <= start.at) && next[i + 1].is_none_or(|t| start.at <= t);
        if sure[i] || fits && !(start.two_lines && one_line) {
            last = Some(start.at);
            kept.push(start);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let found = parse(text);
        let one = |s: &Said| {
            let to = s.to.as_ref().map_or_else(String::new, |t| format!(">{t}"));
            format!(
                "{} {} {}{to} {:?} {}",
                s.line,
                s.at.format("%d %H:%M:%S"),
                s.from,
                s.kind,
                s.text.replace('\n', "/")
            )
        };
        let wrong = found.wrong.iter().map(|(line, why)| format!("{line} wrong: {why}"));
        found.said.iter().map(one).chain(wrong).collect()
    }

    #[test]
    fn every_shape_of_a_header() {
        let expected = ["1 01 09:00:00 小王 Text 在吗/急", "4 01 09:00:20 云途:小美 Text 在的"];
        for text in [
            "小王2026-5-1 9:00:00\n在吗\n急\n云途:小美2026-5-1 9:00:20\n在的\n已读\n",
            "小王 2026-05-01 09:00:00\r\n在吗\r\n急\r\n云途:小美 2026-05-01 09:00:20\r\n在的",
            "[小王] 2026-05-01 09:00:00\n在吗\n急\n[云途:小美] 2026-05-01 09:00:20\n在的\n",
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(
            shown("小王\n2026-05-01 09:00:00\n在吗\n\n云途：小美\n2026-05-01 09:00:20\n在的\n"),
            ["1 01 09:00:00 小王 Text 在吗", "5 01 09:00:20 云途：小美 Text 在的"]
        );
        assert_eq!(
            shown("小王 --> 云途:小美 2026-05-01 09:00:00\n在吗\n云途:小美-->小王 2026-05-01 09:00:20\n在的\n"),
            ["1 01 09:00:00 小王>云途:小美 Text 在吗", "3 01 09:00:20 云途:小美>小王 Text 在的"]
        );
    }

    #[test]
    fn notices_between_messages() {
        let text = "由 服务助手 转交给 云途:小美\n原因：【离线留言自动分配】\n当前用户来自 商品详情页\n\
                    小王2026-5-1 9:00:00\n在吗\n未读\n小王 撤回了一条消息\n由云途:小美转交给云途:阿强\n\
                    云途:阿强2026-5-1 9:00:20\n在的\n你撤回了一条消息\n";
        assert_eq!(
            shown(text),
            [
                "1 01 09:00:00 服务助手>云途:小美 Transfer ",
                "4 01 09:00:00 小王 Text 在吗",
                "7 01 09:00:00 小王 Recall ",
                "8 01 09:00:00 云途:小美>云途:阿强 Transfer ",
                "9 01 09:00:20 云途:阿强 Text 在的",
                "11 wrong: a message was recalled, and by whom is not said",
            ]
        );
    }

    #[test]
    fn a_sentence_that_ends_in_a_time_is_no_header() {
        let text = "小王2026-5-1 9:00:00\n什么时候发\n云途:小美2026-5-1 9:00:20\n预计发货时间2026-05-03 18:00:00\n\
                    小王2026-5-1 9:01:00\n下单时间\n2026-04-30 10:00:00\n云途:小美2026-5-1 9:02:00\n好的\n";
        assert_eq!(
            shown(text),
            [
                "1 01 09:00:00 小王 Text 什么时候发",
                "3 01 09:00:20 云途:小美 Text 预计发货时间2026-05-03 18:00:00",
                "5 01 09:01:00 小王 Text 下单时间/2026-04-30 10:00:00",
                "8 01 09:02:00 云途:小美 Text 好的",
            ]
        );
    }

    #[test]
    fn what_stands_before_the_first_message_is_told() {
        assert_eq!(
            shown("聊天记录\n\n小王2026-5-1 9:00:00\n在吗"),
            ["3 01 09:00:00 小王 Text 在吗", "1 wrong: this line stands before the first message"]
        );
        assert!(shown("").is_empty());
        assert!(!looks_like("订单编号,时间\n1,2026-05-01 10:00:00\n"));
        assert!(looks_like("小王\n2026-05-01 09:00:00\n在吗\n"));
        assert!(
            looks_like("小王 2026-05-01 09:00:00\u{feff}\n在吗\n"),
            "a mark in the middle, where files were put together"
        );
    }
}
