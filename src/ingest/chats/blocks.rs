//! A conversation in a cell: a line with the time, then `sender：text`, which may go on over lines.

use super::clock;
use super::said::{Conversation, Kind, Said};
use crate::ingest::lines::lines;

const NO_SENDER: &str = "a time without `sender：text` below it";

/// Takes a cell apart. `customer`: the name that his messages stand under.
pub fn parse(text: &str, customer: &str) -> Conversation {
    let mut found = Conversation::default();
    let mut at = None;
    let mut fresh = false;
    for (i, line) in lines(text).enumerate() {
        let number = i as u64 + 1;
        if let Some(time) = clock::alone(line) {
            if fresh {
                found.wrong.push((number - 1, NO_SENDER));
            }
            (at, fresh) = (Some(time), true);
        } else if let (Some(time), true) = (at, fresh) {
            if line.trim().is_empty() {
                continue;
            }
            fresh = false;
            match sender(line.trim(), customer) {
                Some((from, text)) => found.said.push(Said {
                    line: number,
                    at: time,
                    from: from.to_owned(),
                    to: None,
                    kind: Kind::Text,
                    text: text.trim().to_owned(),
                }),
                None => {
                    found.wrong.push((number, NO_SENDER));
                    at = None;
                }
            }
        } else if at.is_some() {
            if let Some(last) = found.said.last_mut() {
                last.text.push('\n');
                last.text.push_str(line);
            }
        } else if !line.trim().is_empty() {
            found.wrong.push((number, "no time stands above this line"));
        }
    }
    if fresh {
        found.wrong.push((lines(text).count() as u64, NO_SENDER));
    }
    found.said.iter_mut().for_each(|s| s.text.truncate(s.text.trim_end().len()));
    found
}

/// Who, and what he says. An account may hold an ASCII colon itself (`云途:小美：您好`).
fn sender<'t>(line: &'t str, customer: &str) -> Option<(&'t str, &'t str)> {
    let of_customer = line.strip_prefix(customer).filter(|_| !customer.is_empty());
    if let Some(text) = of_customer.and_then(|rest| rest.trim_start().strip_prefix([':', '：'])) {
        return Some((&line[..customer.len()], text));
    }
    let (from, text) = match line.split_once('：') {
        Some((from, text)) if plausible(from) => (from, text),
        _ => line.split_once(':')?,
    };
    plausible(from).then_some((from.trim(), text))
}

fn plausible(name: &str) -> bool {
    let name = name.trim();
    let sub = name.split_once(':').map_or("", |(_, sub)| sub);
    let marks = |c: char| "，。！？,!?/".contains(c);
    !name.is_empty() && name.chars().count() <= 64 && !name.contains(marks) && !sub.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> (Vec<String>, usize) {
        let found = parse(text, "tb1234");
        let one = |s: &Said| format!("{} {}|{}", s.at.format("%H:%M:%S"), s.from, s.text.replace('\n', "/"));
        (found.said.iter().map(one).collect(), found.wrong.len())
    }

    #[test]
    fn senders_and_their_lines() {
        let text = "2026-05-01 10:00:00\ntb1234：在吗\n第二行：有冒号\n\n2026-05-01 10:00:20\n云途:小美：在的\n\
                    2026-05-01 10:01:00\ntb1234: 地址是：上海\n2026-05-01 10:02:00\n客服: 好的：马上\n";
        let expected =
            ["10:00:00 tb1234|在吗/第二行：有冒号", "10:00:20 云途:小美|在的", "10:01:00 tb1234|地址是：上海"];
        let (found, wrong) = shown(text);
        assert_eq!((&found[..3], wrong), (&expected.map(str::to_owned)[..], 0));
        assert_eq!(found[3], "10:02:00 客服|好的：马上");
    }

    #[test]
    fn what_has_no_time_or_no_sender_is_told() {
        assert_eq!(shown("在吗\n2026-05-01 10:00:00\n只有一句话\n2026-05-01 10:01:00"), (vec![], 3));
        assert_eq!(shown(""), (vec![], 0));
    }
}
