//! A table in CSV: its header among the first records, its rows under the plan of the source that knows it, each row found
//! again in the raw file.
#![no_main]

use csv::StringRecord;
use kaohe_fuzz::ingest::chats::Agents;
use kaohe_fuzz::ingest::containers::Form;
use kaohe_fuzz::ingest::decode::examine;
use kaohe_fuzz::ingest::header::{LOOKED_AT, find};
use kaohe_fuzz::ingest::plan::{Plan, Virtual};
use kaohe_fuzz::ingest::raw::record as again;
use kaohe_fuzz::ingest::records::{Layed, Records, first};
use kaohe_fuzz::settings::raw_columns::raw_columns;
use kaohe_fuzz::settings::source::Layout;
use kaohe_fuzz::{files, sources};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    files(data, |path| {
        let examined = examine(path).expect("a file");
        let Ok(records) = first(path, &examined, Form::Text, b',', LOOKED_AT).expect("a file") else { return };
        let Ok(header) = find(sources(), &records, "raw.csv") else { return };
        assert!(header.skip <= records.len() + 1);
        let source = header.source;
        let layed = Layed {
            path,
            examined: &examined,
            form: Form::Text,
            delimiter: b',',
            skip: header.skip,
            width: header.names.len(),
            header: &header.names,
            source,
        };
        // As `look` has it: a text that the source's own encoding does not fit is refused before.
        if kaohe_fuzz::ingest::decode::open(path, &examined, source.encoding).expect("a file").is_err() {
            return;
        }
        let chat: StringRecord = Layout::CHAT.into_iter().collect();
        let columns = if source.layout == Layout::Table { &header.names } else { &chat };
        let of_file = Virtual { file: "raw.csv".to_owned(), ..Virtual::default() };
        let plan = Plan::new(source, columns, &of_file);
        let names: Vec<&str> = raw_columns(&source.table).unwrap_or(&[]).iter().map(|(c, _)| *c).collect();
        let mut rows = Records::open(&layed, &Agents::default()).expect("rows");
        let (mut last, mut shown) = (0, 0);
        while let Some(row) = rows.advance().expect("rows") {
            let Ok(row) = row else { continue };
            let record = rows.record();
            // A cell may hold several messages.
            assert!(row > last || row == last && source.layout != Layout::Table, "{last} {row}");
            last = row;
            for name in &names {
                plan.get(plan.index(name), record);
            }
            // Reading it again opens the file anew.
            if shown < 3 && source.layout == Layout::Table {
                shown += 1;
                let dir = path.parent().expect("a folder");
                let told = again(dir, "raw.csv", row, &dir.join("scratch"));
                let text = told.unwrap_or_else(|e| panic!("row {row}: {e}"));
                // A record without a known header is shown by its lines, as they lie in the file: with their quotes, the
                // lines' own ends gone.
                let bare = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").replace('"', "");
                let told = bare(&text);
                let is_told = |cell: &str| told.contains(bare(cell).trim_end_matches(['\r', '\n']));
                assert!(record.iter().all(is_told), "{record:?} is told as {told:?}");
            }
        }
    });
});
