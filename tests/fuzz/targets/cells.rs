//! Conversations in cells, as blocks and as dialogues: the first line is the customer, the rest the cell.
#![no_main]

use csv::StringRecord;
use kaohe_fuzz::ingest::chats::{Agents, CellColumns, blocks, cell, dialogue};
use kaohe_fuzz::settings::source::Layout;
use kaohe_fuzz::{sources, start};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static AGENTS: LazyLock<Agents> = LazyLock::new(|| Agents::new(["小美"].map(str::to_owned).into_iter().collect()));

fuzz_target!(|input: &str| {
    let (customer, text) = input.split_once('\n').unwrap_or(("", input));
    let ended = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = ended.lines().collect();
    for found in [blocks::parse(text, customer), dialogue::parse(text, start())] {
        let numbers = found.said.iter().map(|s| s.line).chain(found.wrong.iter().map(|(n, _)| *n));
        assert!(numbers.into_iter().all(|n| (1..=lines.len() as u64).contains(&n)));
        assert!(found.said.is_sorted_by_key(|s| s.line));
        for s in &found.said {
            assert!(!s.from.is_empty() && lines[s.line as usize - 1].contains(&s.from), "{s:?}");
            assert!(s.text.split('\n').all(|l| text.contains(l.trim())), "{s:?}");
        }
    }
    // Half a dialogue is none: its times would be wrong.
    for (layout, header) in [
        (Layout::Cells, ["客户ID", "聊天记录"].as_slice()),
        (Layout::Dialogue, &["客户", "谈话内容", "客服", "开始时间"]),
    ] {
        let source = sources().iter().find(|s| s.layout == layout).expect("a shipped mapping");
        let at = CellColumns::new(&source.conversation, &StringRecord::from(header.to_vec()));
        let cells = StringRecord::from(vec![customer, text, "云途:小美", "2026-05-15 09:00:00"]);
        let rows = cell(&at, &cells, 7, layout == Layout::Dialogue, &AGENTS);
        for row in &rows {
            match row {
                Ok((n, record)) => {
                    assert!(*n == 7 && record.len() == 7 && record[1] == *customer.trim(), "{record:?}");
                    // Only the dialogue's header names an agent.
                    let named = record[3] == *"buyer" || !record[2].is_empty();
                    assert!(named || layout == Layout::Cells, "{record:?}");
                }
                Err((n, _)) => assert_eq!(*n, 7),
            }
        }
    }
});
