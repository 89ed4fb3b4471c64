//! What the targets share.

use crate::base::error::is_contained;
use crate::ingest::containers::{Found, Scratch, one};
use crate::settings::Files;
use crate::settings::source::{self, Source};
use chrono::{NaiveDate, NaiveDateTime};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A time on which conversations begin.
pub fn start() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 5, 15).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time")
}

/// The shipped mappings.
pub fn sources() -> &'static [Source] {
    static ALL: LazyLock<Vec<Source>> =
        LazyLock::new(|| source::load(&Files::new("nowhere")).expect("the embedded mappings"));
    &ALL
}

/// A panic inside a library that kaohe contains is no finding. To be called once, before the first input.
pub fn contain() {
    let found = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !is_contained() {
            found(info);
        }
    }));
}

/// This process's folder, in memory where there is such a place.
fn dir() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let above = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    above.join(format!("kaohe-fuzz-{}", std::process::id()))
}

/// Lays bytes down as a file and hands its place over; afterwards all that lies beside it is gone.
pub fn files<T>(bytes: &[u8], f: impl FnOnce(&Path) -> T) -> T {
    let dir = dir();
    std::fs::create_dir_all(&dir).expect("a folder");
    let path = dir.join("raw.csv");
    std::fs::write(&path, bytes).expect("a file");
    let done = f(&path);
    std::fs::remove_dir_all(&dir).expect("a folder to remove");
    done
}

/// What a container of that name holds, the law of all of them held: pieces lie in the scratch folder under numbers and are
/// called after the container, by names that lead nowhere else; made ones are CSV in UTF-8 with rising row numbers.
pub fn whole<T>(bytes: &[u8], name: &str, f: impl FnOnce(&Found) -> T) -> T {
    files(bytes, |path| {
        let place = path.with_file_name("scratch");
        let scratch = Scratch::new(&place).expect("a scratch folder");
        let found = one(path, name, 0, &scratch).expect("only the machine fails");
        for piece in &found.pieces {
            assert!(piece.path == path || piece.path.parent() == Some(&place), "{piece:?}");
            assert!(piece.name.starts_with(name), "{piece:?}");
            assert!(!piece.name.split(['/', '\\']).any(|part| part == ".."), "{piece:?}");
            if piece.origin.is_some() {
                let mut rows =
                    csv::ReaderBuilder::new().has_headers(false).flexible(true).from_path(&piece.path).expect("rows");
                let mut last = None;
                for row in rows.records() {
                    let row = row.expect("UTF-8");
                    let number: u64 = row.get(0).and_then(|n| n.parse().ok()).expect("a row's number");
                    assert!(last.is_none_or(|l| l < number), "{last:?} {number}");
                    last = Some(number);
                }
            }
        }
        let done = f(&found);
        drop(scratch);
        assert!(!place.exists(), "the scratch folder stays");
        done
    })
}
