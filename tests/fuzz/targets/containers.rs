//! Archives, compressed texts and workbooks: entries stay in the scratch folder, whatever they are called.
#![no_main]

use kaohe_fuzz::{contain, whole};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: contain(),
    |data: &[u8]| {
        whole(data, "a.zip", |found| {
            for d in &found.diagnostics {
                assert!(!d.message.contains('\n'), "{}", d.message);
            }
        });
    }
);
