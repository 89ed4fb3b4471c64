//! Copied chat text: every row leads to a line that is there, nothing is made up, no line is lost.
#![no_main]

use kaohe_fuzz::ingest::chats::{Agents, clock, qianniu};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static AGENTS: LazyLock<Agents> =
    LazyLock::new(|| Agents::new(["小美", "服务助手"].map(str::to_owned).into_iter().collect()));

fuzz_target!(|text: &str| {
    let ended = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = ended.lines().map(|l| l.trim_matches('\u{feff}')).collect();
    let there = |n: u64| (1..=lines.len() as u64).contains(&n);
    let found = qianniu::parse(text);
    assert!(found.wrong.iter().all(|(n, _)| there(*n)));
    for s in &found.said {
        assert!(there(s.line) && text.contains(&s.from) && s.to.as_ref().is_none_or(|t| text.contains(t)));
        assert!(lines[s.line as usize - 1].contains(&s.from), "{s:?}");
        assert!(s.text.split('\n').all(|l| text.contains(l.trim())), "{s:?}");
    }
    // Said on a line of its own, within a message, or told.
    let passed = ["已读", "未读", "发送中"];
    for (i, line) in lines.iter().map(|l| l.trim()).enumerate() {
        let told = |n: u64| n == i as u64 + 1;
        let kept = || {
            found.wrong.iter().any(|(n, _)| told(*n))
                || found.said.iter().any(|s| told(s.line) || s.text.split('\n').any(|l| l.trim() == line))
        };
        let notice =
            passed.contains(&line) || ["当前用户来自", "原因：【", "原因:【"].iter().any(|n| line.starts_with(n));
        assert!(line.is_empty() || notice || clock::at_end(line).is_some() || kept(), "line {} is lost: {line}", i + 1);
    }
    assert_eq!(qianniu::looks_like(text), found.said.iter().any(|s| lines[s.line as usize - 1].contains(&s.from)));
    qianniu::customers(text);
    for row in kaohe_fuzz::ingest::chats::qianniu(text, &AGENTS) {
        match row {
            Ok((n, record)) => {
                assert!(there(n) && record.len() == 7, "{record:?}");
                assert!(["buyer", "agent", "system"].contains(&&record[3]), "{record:?}");
                // Nobody is the customer and an agent in one row.
                assert!(record[1].is_empty() || record[1] != record[2], "{record:?}");
            }
            Err((n, reject)) => assert!(there(n) && reject.value_mask.is_none()),
        }
    }
});
