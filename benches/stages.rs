//! `cargo bench`: CSV → lake, sessions and rounds, and the whole run, on a made department in a temporary folder.

use divan::counter::ItemsCount;
use kaohe::base::{Ms, Zone};
use kaohe::facts::scan::{Choices, Scan};
use kaohe::lake::messages::{Message, Role};
use kaohe::pipeline::{Options, Project, Silent, run, stage};
use kaohe::settings::{Files, Settings};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const MESSAGES: u64 = 400_000;

fn main() {
    divan::main();
}

/// A month of made raw files, once for all benches.
fn department() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("kaohe-bench-{}", std::process::id()));
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_kaohe"))
            .args(["sample", "--quiet", "--months", "2026-05..2026-05", "--messages", &MESSAGES.to_string(), "--out"])
            .arg(dir.join("data"))
            .status();
        assert!(status.is_ok_and(|s| s.success()), "the sample was made");
        dir
    })
}

fn project() -> Project {
    let dir = department();
    let options = Options { data: Some(dir.join("data")), out: Some(dir.join("reports")), ..Options::default() };
    Project::open(&dir.join("pipelines/monthly.toml"), options).expect("the embedded settings")
}

fn clear(names: &[&str]) {
    for name in names {
        let _ = std::fs::remove_dir_all(department().join(name));
    }
}

#[divan::bench(sample_count = 10)]
fn csv_to_lake(bencher: divan::Bencher) {
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| {
            clear(&["data/lake"]);
            project()
        })
        .bench_values(|project| stage::ingest(&project, &Silent).expect("ingested"));
}

#[divan::bench(sample_count = 10)]
fn whole_run(bencher: divan::Bencher) {
    bencher
        .counter(ItemsCount::new(MESSAGES))
        .with_inputs(|| {
            clear(&["data/lake", "data/mart", "reports"]);
            project()
        })
        .bench_values(|project| run::run(&project, &Silent, &|| Ok(())).expect("ran"));
}

/// The pass alone: a conversation of many sessions, over and over.
#[divan::bench]
fn sessions_and_rounds(bencher: divan::Bencher) {
    let settings = Settings::load(&Files::new("."), "pipelines/monthly.toml").expect("the shipped settings");
    let start: Ms = 1_777_600_000_000;
    let rows: Vec<Message> = (0..10_000_i64)
        .map(|i| Message {
            // Five messages a session, then an hour of silence.
            ts: start + i / 5 * 3_600_000 + i % 5 * 20_000,
            row: i,
            file: 0,
            account: 1 + (i / 50 % 3) as u32,
            role: if i % 5 == 1 || i % 5 == 4 { Role::Agent } else { Role::Buyer },
            transfer: false,
            closing: i % 25 == 3,
            filter: 0,
        })
        .collect();
    let choices = Choices { preset: &settings.preset, zone: Zone::SHANGHAI, advertising_max: 3 };
    let mut scan = Scan::default();
    bencher.counter(ItemsCount::new(rows.len())).bench_local(|| {
        for conversation in divan::black_box(&rows).chunks(50) {
            scan.conversation(conversation, choices);
        }
        scan.rounds.len()
    });
}
