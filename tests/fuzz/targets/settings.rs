//! Lengths of time, times of day, hours, mappings and questions to the calendar: what is read is written the same way.
#![no_main]

use kaohe_fuzz::base::Zone;
use kaohe_fuzz::calendar::{eval::Oracle, question, span, workdays::Workdays};
use kaohe_fuzz::settings::files::Text;
use kaohe_fuzz::settings::hours::HoursRaw;
use kaohe_fuzz::settings::pipeline::CalendarSettings;
use kaohe_fuzz::settings::words::{TimeOfDay, Window};
use kaohe_fuzz::settings::{Duration, Files, source};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static WORKDAYS: LazyLock<Workdays> = LazyLock::new(|| {
    Workdays::load(&Files::new("nowhere"), &CalendarSettings::statutory()).expect("the embedded calendar")
});

fuzz_target!(|text: &str| {
    if let Ok(duration) = text.parse::<Duration>() {
        assert!(duration.ms() > 0);
        assert_eq!(duration.to_string().parse(), Ok(duration));
    }
    let _ = (text.parse::<TimeOfDay>(), span::parse(text), question::date(text));
    if let Ok(at) = question::instant(text, Zone::SHANGHAI) {
        question::rfc3339(at, Zone::SHANGHAI);
    }
    let _ = serde_json::from_str::<Window>(text);
    if let Ok(hours) = toml::from_str::<HoursRaw>(text) {
        hours.problems();
    }
    let _ = source::parse(&Text { name: "own.toml".to_owned(), text: text.into() });
    let mut oracle = Oracle::new(None, &WORKDAYS, Zone::SHANGHAI);
    for line in text.split('\n').take(3) {
        oracle.answer(line);
    }
});
