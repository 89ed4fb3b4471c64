//! A conversation in a cell whose lines are `用户 10:00:05：…`: times of day on the day on which it began, or whole times.

use super::clock;
use super::said::{Conversation, Kind, Said};
use crate::ingest::lines::lines;
use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

/// A line that steps back by more than this is on the next day; one that steps back by less was only saved late.
const LATE: TimeDelta = TimeDelta::hours(1);
const NO_TIME: &str = "its lines have no times: nobody's response time can be told";

/// Takes a cell apart. `start`: when the conversation began.
pub fn parse(text: &str, start: NaiveDateTime) -> Conversation {
    let mut found = Conversation::default();
    let mut last = start;
    for (i, line) in lines(text).enumerate() {
        let number = i as u64 + 1;
        match header(line.trim(), last) {
            Some((from, at, text)) => {
                last = at;
                let (from, text) = (from.to_owned(), text.trim().to_owned());
                found.said.push(Said { line: number, at, from, to: None, kind: Kind::Text, text });
            }
            None if line.trim().is_empty() => {}
            None if speaks(line) => found.wrong.push((number, NO_TIME)),
            None => match found.said.last_mut() {
                Some(said) => {
                    said.text.push('\n');
                    said.text.push_str(line.trim_end());
                }
                None => found.wrong.push((number, NO_TIME)),
            },
        }
    }
    found
}

/// `sender time：text`.
fn header(line: &str, last: NaiveDateTime) -> Option<(&str, NaiveDateTime, &str)> {
    // The colon behind the time: the first one that makes what stands before it a time.
    for (i, colon) in line.char_indices().filter(|(_, c)| matches!(c, ':' | '：')).take(8) {
        let (before, text) = (&line[..i], &line[i + colon.len_utf8()..]);
        if let Some((from, at)) = clock::at_end(before).filter(|(from, _)| !from.is_empty()) {
            let seconds_follow = colon == ':' && text.bytes().take(2).filter(u8::is_ascii_digit).count() == 2;
            if !seconds_follow {
                return Some((from, at, text));
            }
        } else if let Some((from, time)) = before.trim_end().rsplit_once(char::is_whitespace)
            && let Some(time) = clock::of_day(time)
            && !from.trim().is_empty()
            && !(colon == ':' && text.bytes().take(2).filter(u8::is_ascii_digit).count() == 2)
        {
            return Some((from.trim(), on(last.date(), time, last), text));
        }
    }
    None
}

fn on(day: NaiveDate, time: chrono::NaiveTime, last: NaiveDateTime) -> NaiveDateTime {
    let at = day.and_time(time);
    if last - at > LATE { at.checked_add_days(Days::new(1)).unwrap_or(at) } else { at }
}

/// Whether a line begins with one of the sides and a colon.
fn speaks(line: &str) -> bool {
    let name = line.trim().split([':', '：']).next().unwrap_or("");
    ["用户", "客服", "客户", "买家", "顾客", "商家", "卖家"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, start: &str) -> (Vec<String>, usize) {
        let start = NaiveDateTime::parse_from_str(start, "%Y-%m-%d %H:%M:%S").unwrap();
        let found = parse(text, start);
        let one = |s: &Said| format!("{} {}|{}", s.at.format("%d %H:%M:%S"), s.from, s.text.replace('\n', "/"));
        (found.said.iter().map(one).collect(), found.wrong.len())
    }

    #[test]
    fn times_of_day_go_over_midnight() {
        let text = "用户 23:59:50：在吗\n还在？\n客服 00:00:05：在的，10:30：发货\n客服 00:00:03:亲\n\
                    用户 2026-05-03 08:00:00：早";
        let expected = [
            "01 23:59:50 用户|在吗/还在？",
            "02 00:00:05 客服|在的，10:30：发货",
            "02 00:00:03 客服|亲",
            "03 08:00:00 用户|早",
        ];
        assert_eq!(shown(text, "2026-05-01 23:59:40"), (expected.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn lines_without_times_are_told() {
        assert_eq!(shown("用户：在吗\n客服：在的", "2026-05-01 10:00:00"), (vec![], 2));
    }
}
