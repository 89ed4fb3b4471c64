//! Old workbooks: looked through, then read; what the library panics over is told as a broken file, and nothing takes more
//! memory than was granted.
#![no_main]

use kaohe_fuzz::{contain, whole};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: contain(),
    |data: &[u8]| {
        whole(data, "a.xls", |found| assert!(found.pieces.is_empty() || found.diagnostics.is_empty()));
    }
);
