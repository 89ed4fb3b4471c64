//! `cargo bench --bench sheets`: a workbook of a million messages into the lake, beside calamine's bare read of its cells.

use calamine::{Reader, Xlsx};
use divan::counter::ItemsCount;
use rust_xlsxwriter::Workbook;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const ROWS: u32 = 1_000_000;

fn main() {
    divan::main();
    let _ = std::fs::remove_dir_all(project());
}

/// A project with a workbook in its raw folder, once for all benches.
fn project() -> &'static Path {
    static DIR: OnceLock<PathBuf> = OnceLock::new();
    DIR.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("kaohe-sheets-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("data/raw")).expect("a folder");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (c, name) in ["店铺", "买家", "账号", "角色", "时间", "类型", "内容"].into_iter().enumerate()
        {
            sheet.write_string(0, c as u16, name).expect("a cell");
        }
        for i in 0..ROWS {
            let agent = i % 2 == 1;
            // A month of seconds; every other text is said once.
            let (second, day) = (u64::from(i) * 2_500 / 1000 % 86_400, u64::from(i) * 2_500 / 1000 / 86_400 + 1);
            let text =
                if i % 4 < 2 { format!("第{i}句，请问什么时候发货") } else { "在的，亲".to_owned() };
            let cells = [
                "云途旗舰店".to_owned(),
                format!("buyer{}", i / 20),
                format!("云途旗舰店:客服{:02}", i / 20 % 24),
                if agent { "agent" } else { "buyer" }.to_owned(),
                format!("2026-05-{day:02} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60),
                "text".to_owned(),
                text,
            ];
            for (c, cell) in cells.into_iter().enumerate() {
                sheet.write_string(i + 1, c as u16, cell).expect("a cell");
            }
        }
        book.save(dir.join("data/raw/聊天.xlsx")).expect("a workbook");
        dir
    })
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn bare_read(bencher: divan::Bencher) {
    let path = project().join("data/raw/聊天.xlsx");
    bencher.counter(ItemsCount::new(ROWS)).bench(|| {
        let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(&path).expect("a file"))).expect("a workbook");
        let sheet = book.sheet_names()[0].clone();
        let mut cells = book.worksheet_cells_reader(&sheet).expect("a sheet");
        let mut count = 0_u64;
        while let Some(cell) = cells.next_cell().expect("a cell") {
            divan::black_box(&cell);
            count += 1;
        }
        count
    });
}

#[divan::bench(sample_count = 3, sample_size = 1, args = [1, 2])]
fn xlsx_to_lake(bencher: divan::Bencher, threads: u32) {
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(|| {
            let _ = std::fs::remove_dir_all(project().join("data/lake"));
        })
        .bench_values(|()| {
            let status = Command::new(env!("CARGO_BIN_EXE_kaohe"))
                .args(["ingest", "--quiet", "--data", "data", "--threads", &threads.to_string()])
                .current_dir(project())
                .status();
            assert!(status.is_ok_and(|s| s.success()), "ingested");
        });
}
