//! What gives a person away: what was scrubbed once is clean, nothing else is touched, no mobile number is left.
#![no_main]

use kaohe_fuzz::ingest::private::scrub;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let once = scrub(text).into_owned();
    assert_eq!(scrub(&once), once, "{text}");
    // What stays is the text, in order; asterisks of its own would be taken for ours.
    let mut rest = text;
    for piece in once.split("***").filter(|p| !p.is_empty() && !text.contains('*')) {
        let at = rest.find(piece).unwrap_or_else(|| panic!("{piece:?} is not in {rest:?}"));
        rest = &rest[at + piece.len()..];
    }
    for run in once.split(|c: char| !c.is_ascii_digit()) {
        let mobile = run.len() == 11 && run.starts_with('1') && run.as_bytes()[1] >= b'3';
        assert!(!mobile, "{run} is left of {text:?}: {once:?}");
    }
    // Between words it is known wherever it stands.
    for number in
        ["13812345678", "138-1234-5678", "+86 13812345678", "11010519491231002X", "6222021234567890128", "a.b@c.cn"]
    {
        let told = scrub(&format!("电话{number}，{text}")).into_owned();
        assert!(told.starts_with("电话***，"), "{told}");
    }
});
