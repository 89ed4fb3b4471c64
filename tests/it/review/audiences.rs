//! Who may see what: a person's files hold nobody else, a manager's only whom he supervised, and pay is HR's alone.

use super::pay::file;
use super::{gathered, half, made, sample};
use kaohe::review::Files;
use std::collections::BTreeSet;
use std::io::Read;

/// All texts of a folder, workbooks taken apart: (file, text).
fn texts(files: &Files) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (name, bytes) in files {
        if !name.ends_with(".xlsx") {
            all.push((name.clone(), String::from_utf8(bytes.clone()).expect("UTF-8")));
            continue;
        }
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
        for i in 0..zip.len() {
            let mut text = String::new();
            let mut entry = zip.by_index(i).expect("an entry");
            let inner = format!("{name}/{}", entry.name().expect("a name"));
            entry.read_to_string(&mut text).expect("XML");
            all.push((inner, text));
        }
    }
    all
}

/// Whether an id stands there as a word.
fn names(text: &str, id: &str) -> bool {
    let beside = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    text.match_indices(id)
        .any(|(i, _)| beside(text[..i].chars().next_back()) && beside(text[i + id.len()..].chars().next()))
}

#[test]
fn a_person_s_files_hold_nobody_else() {
    let content = &half().1;
    let people = &content.results.people;
    assert_eq!(content.staff.len(), people.len());
    for me in people {
        let files = &content.staff[&me.staff_id];
        assert_eq!(files.keys().collect::<Vec<_>>(), ["appeals.xlsx", "form.html"]);
        let texts = texts(files);
        let whole: String = texts.iter().map(|(_, t)| t.as_str()).collect();
        assert!(whole.contains(&me.name) && names(&whole, &me.staff_id), "{}", me.staff_id);
        let mine: BTreeSet<&str> = me.deductions.iter().map(|d| d.deduction_id.as_str()).collect();
        for other in people.iter().filter(|o| o.staff_id != me.staff_id) {
            for (file, text) in &texts {
                assert!(!names(text, &other.staff_id), "{}: {file} holds {}", me.staff_id, other.staff_id);
                assert!(!text.contains(&other.name), "{}: {file} holds {}", me.staff_id, other.name);
                for d in other.deductions.iter().filter(|d| !mine.contains(d.deduction_id.as_str())) {
                    assert!(!text.contains(&d.deduction_id), "{}: {file} holds an event of another", me.staff_id);
                }
            }
        }
    }
}

#[test]
fn a_manager_s_files_hold_the_own_people_alone() {
    let content = &half().1;
    let people = &content.results.people;
    let bosses: BTreeSet<&str> =
        people.iter().flat_map(|p| &p.stretches).filter_map(|s| s.supervisor_id.as_deref()).collect();
    assert_eq!(content.managers.keys().map(String::as_str).collect::<BTreeSet<_>>(), bosses);
    assert_eq!(bosses, BTreeSet::from(["H01", "P01", "P02"]));
    for boss in bosses {
        let own = |p: &&kaohe::review::results::PersonResult| {
            p.stretches.iter().any(|s| s.supervisor_id.as_deref() == Some(boss))
        };
        let files = &content.managers[boss];
        let forms: BTreeSet<String> = files.keys().filter(|f| f.starts_with("people/")).cloned().collect();
        let want: BTreeSet<String> = people.iter().filter(own).map(|p| format!("people/{}.html", p.staff_id)).collect();
        assert_eq!(forms, want, "{boss}");
        // A supervisor may stand there as such: as the one before or after this one.
        let mut named: BTreeSet<&str> = people
            .iter()
            .filter(own)
            .flat_map(|p| p.stretches.iter().filter_map(|s| s.supervisor_id.as_deref()).chain([p.staff_id.as_str()]))
            .collect();
        named.insert(boss);
        for (file, text) in texts(files) {
            for other in people.iter().filter(|p| !named.contains(p.staff_id.as_str())) {
                assert!(!names(&text, &other.staff_id), "{boss}: {file} holds {}", other.staff_id);
                assert!(!text.contains(&other.name), "{boss}: {file} holds {}", other.name);
            }
        }
    }
}

#[test]
fn each_supervisor_of_a_person_sees_the_days_under_him() {
    let content = &half().1;
    let s06 = content.results.people.iter().find(|p| p.staff_id == "S06").expect("S06");
    let (before, after): (Vec<_>, Vec<_>) = s06.deductions.iter().partition(|d| d.occurred_at.as_str() < "2026-02-16");
    assert!(!before.is_empty() && !after.is_empty());
    let index = |boss: &str| String::from_utf8(content.managers[boss]["index.html"].clone()).expect("UTF-8");
    for (boss, seen, hidden) in [("P01", &before, &after), ("P02", &after, &before)] {
        let page = index(boss);
        for d in seen {
            assert!(page.contains(&d.deduction_id), "{boss} misses {}", d.occurred_at);
        }
        for d in hidden {
            assert!(!page.contains(&d.deduction_id), "{boss} sees {}", d.occurred_at);
        }
        let form = String::from_utf8(content.managers[boss]["people/S06.html"].clone()).expect("UTF-8");
        assert!(form.contains("本期内换过主管"), "{boss}: the page says that it is a part");
        assert!(form.contains(&kaohe::report::format::points(s06.score.expect("a score"))), "{boss}: the whole score");
        assert!(!form.is_empty() && !hidden.iter().any(|d| form.contains(&d.deduction_id)));
    }
    // One who was under him all the time needs no such words.
    let form = String::from_utf8(content.managers["P01"]["people/S01.html"].clone()).expect("UTF-8");
    assert!(!form.contains("本期内换过主管"));
}

#[test]
fn pay_changes_no_byte_outside_hr() {
    let without = &half().1;
    let with = made(&gathered(sample(), "2026H1", Some(file())));
    // Not even the settings of pay.
    for (name, text) in without.managers.values().chain(without.staff.values()).flat_map(texts) {
        assert!(!text.contains("half-year.pay") && !text.contains("薪酬"), "{name}");
    }
    assert!(String::from_utf8_lossy(&with.hr["index.html"]).contains("half-year.pay.supervisor_fixed"));
    assert_eq!(with.managers, without.managers);
    assert_eq!(with.staff, without.staff);
    assert!(with.hr.contains_key("pay.html") && !without.hr.contains_key("pay.html"));
    assert!(!with.results.pay.is_empty() && without.results.pay.is_empty());
    // Forms go from hand to hand, also in HR's folder.
    for (name, bytes) in &with.hr {
        if name.starts_with("people/") || name == "forms.html" {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("绩效奖金") && !text.contains("提成"), "{name}");
        }
    }
}

#[test]
fn links_lead_somewhere() {
    let content = &half().1;
    let folders = content.managers.values().chain(content.staff.values()).chain([&content.hr]);
    for files in folders {
        for (name, bytes) in files.iter().filter(|(n, _)| n.ends_with(".html")) {
            let text = String::from_utf8_lossy(bytes);
            for href in text.split("href=\"").skip(1).filter_map(|t| t.split('"').next()) {
                let (path, _) = href.split_once('#').unwrap_or((href, ""));
                let target = match path.strip_prefix("../") {
                    Some(up) => up.to_owned(),
                    None if path.is_empty() => name.clone(),
                    None => name.rsplit_once('/').map_or(path.to_owned(), |(dir, _)| format!("{dir}/{path}")),
                };
                assert!(files.contains_key(&target), "{name} leads to {href}");
            }
        }
    }
}

#[test]
fn the_print_of_all_forms_breaks_between_them() {
    let content = &half().1;
    let forms = String::from_utf8(content.hr["forms.html"].clone()).expect("UTF-8");
    assert_eq!(forms.matches("<article class=\"form\">").count(), content.results.people.len());
    assert!(forms.contains(".form + .form { break-before: page"));
    for sign in ["本人", "主管", "负责人"] {
        assert!(forms.contains(&format!("<dt>{sign}</dt>")), "{sign}");
    }
}
