//! The forms of a report: that all of them say the same, fit what they are for, and stay harmless.

mod compare;
mod schema;

use super::{files, made, small, template};
use calamine::{Reader, Xlsx};
use kaohe::report::data::*;
use kaohe::report::render;
use std::collections::BTreeSet;
use std::io::Cursor;

/// Tricks of HTML, Markdown, chats, templates, and of spreadsheets, which take a text that begins so for a formula.
const TRICKS: [&str; 5] = [
    "=HYPERLINK(\"http://x.example\",\"a\")<script>alert(1)</script>",
    "+1+cmd|' /C calc'!A0 **b** _i_ `c` ~~d~~",
    "-2+3 [x](javascript:1) ![y](http://x.example/p.png)",
    "@all <@user> @13800000000 <font color=\"warning\">www.x.example",
    "{{ 1234567*3 }}{% raw %} | a | b |\n# head\u{ffff}\u{1b}",
];

/// A department whose every text is a trick.
fn hostile() -> Inputs {
    let mut inputs = small();
    inputs.rules.iter_mut().zip(TRICKS.iter().cycle()).for_each(|(rule, trick)| {
        rule.title = (*trick).to_owned();
        rule.quote = (*trick).to_owned();
        rule.clause = (*trick).to_owned();
        rule.interpretation = (*trick).to_owned();
    });
    inputs.preset = TRICKS[3].to_owned();
    let may = inputs.months.last_mut().unwrap();
    may.people[0].name = TRICKS[0].to_owned();
    may.people[1].name = TRICKS[1].to_owned();
    may.people[0].team = Some(TRICKS[2].to_owned());
    may.staff_day[0].shop = TRICKS[3].to_owned();
    may.deductions[0].shop = TRICKS[4].to_owned();
    may.deductions[0].evidence = vec![(TRICKS[0].to_owned(), TRICKS[1].to_owned(), 1)];
    may.deductions[1].staff_id = "../../=x".to_owned();
    may.deductions[2].waived_by = Some(TRICKS[2].to_owned());
    for trick in TRICKS {
        let quality =
            |kind: &str| Quality { kind: kind.to_owned(), subject: trick.to_owned(), shop: trick.to_owned(), count: 1 };
        may.quality.extend(["kept", "filtered", "unmatched_account", "not_assessed"].map(quality));
    }
    inputs
}

fn book(inputs: &Inputs) -> Xlsx<Cursor<Vec<u8>>> {
    let file = render(inputs, &template).unwrap().into_iter().find(|(name, _)| name == "report.xlsx").unwrap();
    Xlsx::new(Cursor::new(file.1)).unwrap()
}

#[test]
fn tricks_stay_text_in_every_form() {
    let inputs = hostile();
    for (name, text) in &files(&inputs) {
        assert!(!text.contains("<script>alert") && !text.contains("<font"), "{name}");
        assert!(!text.contains("3703701"), "{name}: a name was run as a template");
        assert!(!name.contains("..") && !name.starts_with('/'), "{name}");
        if name.ends_with(".svg") {
            balanced(name, text);
            assert!(!text.contains("href="), "{name} leads somewhere");
        }
        if name.ends_with(".md") {
            for line in text.lines() {
                // No row of a table has grown or been cut, and no link leads out of the folder.
                assert!(!line.starts_with("# head"), "{name}: {line}");
                let live = line.replace("\\]", "");
                assert!(!live.contains("](javascript") && !live.contains("](http"), "{name}: {line}");
            }
        }
    }
    let json: serde_json::Value = serde_json::from_str(&files(&inputs)["report.json"]).unwrap();
    let named =
        |c: &&serde_json::Value| c["file"].as_str().is_some_and(|f| f.starts_with("people/")) && c["name"] == TRICKS[0];
    let people = json["chapters"].as_array().unwrap().iter().filter(named).count();
    assert_eq!(people, 1, "JSON holds a name as it is");
}

#[test]
fn no_cell_of_the_workbook_is_a_formula() {
    let mut book = book(&hostile());
    let mut tricks: BTreeSet<&str> = BTreeSet::new();
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} holds a formula");
        assert!(name.chars().count() <= 31 && !name.contains(['\\', '/', '?', '*', '[', ']', ':']), "{name}");
        for cell in book.worksheet_range(&name).unwrap().used_cells() {
            if let calamine::Data::String(text) = cell.2 {
                tricks.extend(TRICKS.iter().filter(|t| text == **t));
            }
        }
    }
    assert_eq!(tricks.len(), TRICKS.len(), "{tricks:?}");
}

#[test]
fn the_message_marks_links_and_mentions_nothing() {
    let inputs = hostile();
    let brief = &files(&inputs)["brief.md"];
    for line in brief.lines() {
        // What is ours: bold lines and list items.
        let inner = line.strip_prefix("**").and_then(|l| l.strip_suffix("**")).unwrap_or(line);
        for mark in
            ["*", "_", "`", "[", "]", "<", ">", "|", "#", "~", "!", "@", "\\", "&", "://", "www.", ".html", ".md"]
        {
            assert!(!inner.contains(mark), "`{mark}` in {line}");
        }
    }
    assert!(brief.contains("＝HYPERLINK") || brief.contains("=HYPERLINK"), "{brief}");
}

/// What the tools take: 4096 bytes (WeCom), 20,000 for a whole request (DingTalk, Feishu).
#[test]
fn the_message_fits_the_strictest_tool() {
    for lang in ["zh", "en"] {
        let mut inputs = made::department(lang, 200, 12);
        for month in &mut inputs.months {
            for person in &mut month.people {
                person.name = format!("{}{}", person.name, "非常长的姓名".repeat(20));
            }
        }
        let brief = files(&inputs)["brief.md"].clone();
        assert!(brief.len() <= 4096, "{} bytes", brief.len());
        for name in inputs.months.iter().flat_map(|m| &m.people).flat_map(|p| [&p.name, &p.staff_id]) {
            assert!(!brief.contains(name.as_str()), "{name} is in the message");
        }
        // Longer than any message, and cut between two lines, the most important first.
        for rule in &mut inputs.rules {
            rule.title = "很长的标题".repeat(300);
        }
        let cut = files(&inputs)["brief.md"].clone();
        assert!(cut.len() <= 4096, "{} bytes", cut.len());
        let told = kaohe::report::render::catalogue(lang, &template).unwrap().text("brief.cut");
        let (kept, _) = cut.split_once(&format!("\n{told}\n")).expect("it says that it was cut");
        assert!(brief.starts_with(kept.trim_end()), "{kept}");
        assert!(kept.contains("▲"), "the figures come first");
        let escaped: usize = cut.chars().map(|c| if c.is_ascii() { c.len_utf8() } else { 6 * c.len_utf16() }).sum();
        assert!(escaped + 200 < 20_000, "{escaped} bytes as JSON");
    }
}

#[test]
fn every_mark_of_a_drawing_has_its_look() {
    let style = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/chart.svg")).unwrap();
    let mut classes = BTreeSet::new();
    let files = files(&made::department("zh", 12, 6));
    for (_, text) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        for list in text.split("class=\"").skip(1) {
            classes.extend(list.split('"').next().unwrap().split_whitespace().map(str::to_owned));
        }
    }
    assert!(classes.len() > 8, "{classes:?}");
    for class in classes.iter().filter(|c| !["chart", "wide"].contains(&c.as_str())) {
        let named = style.split([' ', ',', '{', '}']).any(|word| word.split('.').any(|c| c == class));
        assert!(named, "templates/chart.svg has no rule for .{class}");
    }
    assert!(!style.contains("var("), "programs outside browsers know no variables");
    // One palette: the page's in daylight.
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |name: &str| std::fs::read_to_string(format!("{root}{name}")).unwrap();
    let page = read("templates/partials/style.css");
    let light = page.split("@media").next().unwrap();
    for (name, text) in [("chart.svg", style), ("plot.rs", read("src/report/forms/workbook/plot.rs"))] {
        for word in
            text.split(['#', '"', ';', ' ']).filter(|w| w.len() == 6 && w.chars().all(|c| c.is_ascii_hexdigit()))
        {
            assert!(light.contains(&format!("#{word}")), "{name}: #{word} is not a colour of the page");
        }
    }
}

#[test]
fn forms_are_the_same_bytes_whatever_the_threads() {
    let inputs = made::department("zh", 12, 6);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| render(&inputs, &template).unwrap())
    };
    let one = with(1);
    for (a, b) in one.iter().zip(with(2).iter().chain(std::iter::repeat(&(String::new(), Vec::new())))) {
        assert_eq!(a.0, b.0);
        assert!(a.1 == b.1, "{} differs", a.0);
    }
    let names: BTreeSet<&String> = one.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), one.len(), "two files of one name");
}

/// Every tag is closed, in order.
fn balanced(name: &str, xml: &str) {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1).map(|t| t.split_once('>').expect("a tag ends").0) {
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{name}"),
            None if tag.ends_with('/') => {}
            None => open.push(tag.split_whitespace().next().unwrap_or("")),
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}
