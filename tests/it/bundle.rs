//! Review bundles: sealed, checked, amended, encrypted; runs that are killed or meet.

use crate::support::{Project, files, stderr, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

/// One question in time, one in June that nobody answers: 1.5 points of A1.
const CHAT: &str = "shop,buyer,account,role,ts,kind,text
S,甲,A1,buyer,2026-05-15 10:00:00,text,在吗
S,甲,A1,agent,2026-05-15 10:00:20,text,在的
S,乙,A1,buyer,2026-06-15 10:00:00,text,在吗
";
/// One more of May, 1.5 points.
const LATE: &str = "shop,buyer,account,role,ts,kind,text
S,丙,A1,buyer,2026-05-20 10:00:00,text,在吗
";
const AS_OF: [&str; 2] = ["--as-of", "2026-07-20"];
const V1: &str = "reports/2026H1/v1";
const ZIP: &str = "reports/2026H1/v1/2026H1-v1.zip";

/// May and June, computed and closed; the months before them lie before the first data.
fn closed() -> Project {
    let project = Project::staffed();
    project.raw("chat.csv", CHAT);
    run(&project);
    project.ok(&[&["close", "--month", "2026-05..2026-06"][..], &AS_OF].concat());
    project
}

fn run(project: &Project) {
    project.ok(&[&["run", "--month", "2026-05..2026-06"][..], &AS_OF].concat());
}

fn review(project: &Project, args: &[&str]) -> Output {
    project.on_data(&[&["review", "--half", "2026H1"][..], &AS_OF, args].concat())
}

fn sealed() -> Project {
    let project = closed();
    let done = review(&project, &[]);
    assert!(done.status.success(), "{}", stderr(&done));
    assert_eq!(stdout(&done).trim(), V1);
    assert!(stderr(&done).contains("2026H1 is sealed as 2026H1-v1"), "{}", stderr(&done));
    project
}

fn verify(project: &Project, args: &[&str]) -> Output {
    project.on_data(&[&["verify"], args].concat())
}

/// The verification fails, and says these things.
fn found(output: &Output, parts: &[&str]) {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is missing in:\n{said}");
    }
}

fn all(project: &Project) -> (BTreeMap<String, Vec<u8>>, String) {
    (project.bytes("reports/2026H1"), project.read("data/seals.jsonl"))
}

#[test]
fn the_same_inputs_give_the_same_bytes_on_one_and_eight_threads() {
    let by = |threads: &str| {
        let project = Project::staffed();
        project.raw("chat.csv", CHAT);
        let threads = ["--threads", threads];
        project.ok(&[&["run", "--month", "2026-05..2026-06"][..], &AS_OF, &threads].concat());
        project.ok(&[&["close", "--month", "2026-05..2026-06"][..], &AS_OF].concat());
        assert!(review(&project, &threads).status.success());
        all(&project)
    };
    assert!(by("1") == by("8"));
}

#[test]
fn what_was_sealed_is_found_as_it_was() {
    let project = sealed();
    let hr = format!("{V1}/2026H1-v1-hr.zip");
    for bundle in [V1, ZIP, &hr] {
        let output = verify(&project, &[bundle]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(stdout(&output).contains("2026H1-v1: "), "{}", stdout(&output));
    }
    let again = verify(&project, &[V1, "--recompute"]);
    assert!(again.status.success(), "{}", stderr(&again));
    assert!(!project.path().join("data/.recomputed").exists());
    let manifest: Value = serde_json::from_str(&project.read(&format!("{V1}/manifest.json"))).expect("JSON");
    let june = &manifest["months"][1];
    assert_eq!(
        (&june["month"], &june["closed"], &june["rows"]["scores"]),
        (&"2026-06".into(), &true.into(), &3.into())
    );
    assert!(june["inputs"].as_object().is_some_and(|i| i.keys().any(|k| k.contains("chat.csv"))));
}

#[test]
fn one_flipped_byte_is_found_and_named() {
    let project = sealed();
    let good = std::fs::read(project.path().join(ZIP)).expect("the archive");
    // All over the archive, and all of the record at its end.
    let spread = (0..40).map(|n| n * good.len() / 40);
    for at in spread.chain(good.len() - 22..good.len()) {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        project.write(ZIP, &bad);
        found(&verify(&project, &[ZIP]), &["2026H1-v1.zip"]);
    }
    // Inside an entry, the entry is named: behind its name in the local header come its bytes.
    let name = b"hr/results.json";
    let at = good.windows(name.len()).position(|w| w == name).expect("the entry") + name.len();
    for n in [0, 7, 60] {
        let mut bad = good.clone();
        bad[at + n] ^= 0x01;
        project.write(ZIP, &bad);
        found(&verify(&project, &[ZIP]), &["2026H1-v1.zip", "hr/results.json"]);
        found(&verify(&project, &[V1]), &["2026H1-v1.zip", "hr/results.json"]);
    }
    project.write(ZIP, &good);
    for file in files(&project.path().join(V1)) {
        let bytes = std::fs::read(&file).expect("a file");
        let mut bad = bytes.clone();
        bad[bytes.len() / 2] ^= 0x01;
        std::fs::write(&file, &bad).expect("written");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        found(&verify(&project, &[V1]), &[&name]);
        std::fs::write(&file, &bytes).expect("written");
    }
}

#[test]
fn missing_and_foreign_files_are_named() {
    let project = sealed();
    project.write(&format!("{V1}/hr/note.txt"), "x");
    found(&verify(&project, &[V1]), &["`hr/note.txt` is no part of the bundle"]);
    std::fs::remove_file(project.path().join(V1).join("hr/note.txt")).expect("removed");
    std::fs::remove_file(project.path().join(V1).join("hr/results.json")).expect("removed");
    found(&verify(&project, &[V1]), &["`hr/results.json` is missing"]);
    assert_eq!(verify(&project, &["nowhere"]).status.code(), Some(2));
    project.write("text.zip", "this is no archive");
    found(&verify(&project, &["text.zip"]), &["the archive is damaged"]);
}

#[test]
fn a_changed_line_of_the_log_is_found() {
    let project = sealed();
    project.raw("late.csv", LATE);
    run(&project);
    assert!(review(&project, &["--amend"]).status.success());
    let log = project.read("data/seals.jsonl");
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2);
    let with = |text: String| {
        project.write("data/seals.jsonl", text);
        verify(&project, &["reports/2026H1/v2"])
    };
    found(&with(log.replacen("\"version\":1", "\"version\":3", 1)), &["line 1", "K0430"]);
    found(&with(log.replacen("\"version\":2", "\"version\":3", 1)), &["line 2", "K0430"]);
    found(&with(format!("{}\n", lines[1])), &["lines before it are gone"]);
    found(&with(format!("{}\n{}\n", &lines[0][1..], lines[1])), &["line 1", "damaged"]);
    // The first line whole, but another one: the second follows another.
    let other = sealed_with(&CHAT.replace("乙", "丁"));
    found(&with(format!("{}{}\n", other.read("data/seals.jsonl"), lines[1])), &["line 2 follows another"]);
    // Nothing is added to a log that was changed.
    let refused = review(&project, &[]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(with(log).status.success());
}

fn sealed_with(chat: &str) -> Project {
    let project = Project::staffed();
    project.raw("chat.csv", chat);
    run(&project);
    project.ok(&[&["close", "--month", "2026-05..2026-06"][..], &AS_OF].concat());
    assert!(review(&project, &[]).status.success());
    project
}

/// A bundle that is sound in itself, in the place of the one that was sealed.
#[test]
fn a_swapped_bundle_is_found() {
    let (project, other) = (sealed(), sealed_with(&CHAT.replace("2026-06-15", "2026-06-16")));
    assert!(verify(&other, &[V1]).status.success());
    for (name, bytes) in other.bytes(V1) {
        project.write(&format!("{V1}/{name}"), bytes);
    }
    for bundle in [V1, ZIP] {
        found(&verify(&project, &[bundle]), &["this is not the bundle that was sealed as 2026H1-v1"]);
    }
    // Without a log, nothing is sealed.
    std::fs::remove_file(project.path().join("data/seals.jsonl")).expect("removed");
    found(&verify(&project, &[V1]), &["2026H1-v1 is not in seals.jsonl"]);
    // And nothing takes the place of what the log does not know.
    let refused = review(&project, &[]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("K0427"), "{}", stderr(&refused));
}

#[test]
fn unchanged_inputs_are_a_no_op() {
    let project = sealed();
    let before = all(&project);
    // A later clock moves nothing of closed months.
    let again = project.on_data(&["review", "--half", "2026H1", "--as-of", "2026-08-01"]);
    assert!(again.status.success() && stderr(&again).contains("nothing has changed since"), "{}", stderr(&again));
    assert!(all(&project) == before);
    // A folder that was taken away is put back as it was.
    std::fs::remove_dir_all(project.path().join(V1)).expect("removed");
    assert!(review(&project, &[]).status.success());
    assert!(all(&project) == before);
}

#[test]
fn late_data_makes_a_new_version_when_somebody_asks_for_it() {
    let project = sealed();
    let before = all(&project);
    let none = review(&closed(), &["--amend"]);
    assert!(none.status.code() == Some(3) && stderr(&none).contains("K0425"), "{}", stderr(&none));
    project.raw("late.csv", LATE);
    run(&project);
    let refused = review(&project, &[]);
    assert_eq!(refused.status.code(), Some(3));
    for part in ["2026H1-v1 is sealed", "late.csv", "--amend"] {
        assert!(stderr(&refused).contains(part), "{part}: {}", stderr(&refused));
    }
    assert!(all(&project) == before);
    found(&verify(&project, &[V1, "--recompute"]), &["A1 people.lost: 150 when it was sealed, 300 now"]);
    let amended = review(&project, &["--amend"]);
    assert!(amended.status.success(), "{}", stderr(&amended));
    assert!(
        project.bytes(V1)
            == before.0.iter().filter_map(|(n, b)| Some((n.strip_prefix("v1/")?.to_owned(), b.clone()))).collect()
    );
    let changes: Vec<Value> = serde_json::from_str(&project.read("reports/2026H1/v2/hr/changes.json")).expect("a list");
    let of = |what: &str| changes.iter().find(|c| c["what"] == what).unwrap_or_else(|| panic!("{what}: {changes:#?}"));
    let lost = of("people.lost");
    assert_eq!((&lost["staff_id"], &lost["from"], &lost["to"]), (&"A1".into(), &150.into(), &300.into()));
    assert_eq!(lost["why"], serde_json::json!(["data"]));
    let added: Vec<&Value> =
        changes.iter().filter(|c| c["from"].is_null() && c["to"]["deduction_id"].is_string()).collect();
    assert_eq!(added.len(), 1, "{changes:#?}");
    assert_eq!((&added[0]["to"]["month"], &added[0]["to"]["points"]), (&"2026-05".into(), &150.into()));
    assert!(changes.iter().all(|c| c["staff_id"] == "A1"), "{changes:#?}");
    let page = project.read("reports/2026H1/v2/hr/changes.html");
    for part in ["一号 A1", "本期扣分", "98.5", "数据"] {
        assert!(page.contains(part), "{part}");
    }
    for bundle in [V1, "reports/2026H1/v2"] {
        let output = verify(&project, &[bundle]);
        assert!(output.status.success(), "{}", stderr(&output));
    }
    assert!(verify(&project, &["reports/2026H1/v2", "--recompute"]).status.success());
    assert!(project.read("data/closed.jsonl").contains("review --amend 2026H1"));
    let status = project.ok(&["status"]);
    assert_eq!(status.matches("sealed in 2026H1-v2").count(), 2, "{status}");
    let again = review(&project, &["--amend"]);
    assert!(again.status.success() && stderr(&again).contains("nothing has changed since"), "{}", stderr(&again));
}

#[test]
fn a_changed_rule_is_told_as_the_reason() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    project.raw("roster.csv", crate::support::STAFF);
    project.raw("accounts.csv", crate::support::ACCOUNTS);
    project.raw("chat.csv", CHAT);
    run(&project);
    project.ok(&[&["close", "--month", "2026-05..2026-06"][..], &AS_OF].concat());
    assert!(review(&project, &[]).status.success());
    let results: Value = serde_json::from_str(&project.read(&format!("{V1}/hr/results.json"))).expect("JSON");
    let a1 = results["people"].as_array().expect("people").iter().find(|p| p["staff_id"] == "A1").expect("A1");
    let rule = a1["deductions"][0]["rule_id"].as_str().expect("a rule");
    let file = "pipelines/rulebook/customer-service.toml";
    let text = project.read(file);
    let at = text.find(&format!("id = \"{rule}\"")).expect("the rule");
    let points = at + text[at..].find("points = 1.5").expect("its points");
    project.write(file, format!("{}points = 2.5{}", &text[..points], &text[points + 12..]));
    let refused = review(&project, &[]);
    assert!(refused.status.code() == Some(3) && stderr(&refused).contains("the rulebook"), "{}", stderr(&refused));
    assert!(review(&project, &["--amend"]).status.success());
    let changes: Vec<Value> = serde_json::from_str(&project.read("reports/2026H1/v2/hr/changes.json")).expect("a list");
    let points = changes.iter().find(|c| c["what"].as_str().is_some_and(|w| w.ends_with(".points"))).expect("points");
    assert_eq!(
        (&points["from"], &points["to"], &points["why"]),
        (&150.into(), &250.into(), &serde_json::json!(["rules"]))
    );
}

#[test]
fn open_months_make_a_draft_that_is_not_sealed() {
    let project = Project::staffed();
    project.raw("chat.csv", CHAT);
    run(&project);
    let refused = review(&project, &[]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("2026-05 is not closed") && stderr(&refused).contains("2026-06 is not closed"));
    let draft = review(&project, &["--open-months"]);
    assert!(draft.status.success() && stderr(&draft).contains("draft, not sealed"), "{}", stderr(&draft));
    assert_eq!(stdout(&draft).trim(), "reports/2026H1/draft");
    assert!(!project.path().join("data/seals.jsonl").exists());
    found(&verify(&project, &["reports/2026H1/draft"]), &["is a draft"]);
    assert!(!project.ok(&["status"]).contains("sealed in"));
    for wrong in [["--half", "2026"], ["--half", "2026H3"], ["--year", "2026H1"], ["--year", "26"]] {
        assert_eq!(project.on_data(&[&["review"], &wrong[..]].concat()).status.code(), Some(2), "{wrong:?}");
    }
}

/// In July the half-year follows its last month: a draft while months are open, sealed the morning after they are closed.
#[test]
fn a_scheduler_reviews_the_half_year() {
    let project = Project::staffed();
    project.raw("chat.csv", CHAT);
    project.ok(&["run", "--month", "2026-05", "--as-of", "2026-06-20"]);
    let due = |now: &str| {
        let output = project.on_data(&["schedule", "--due", "--as-of", now]);
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output) + &stdout(&output)
    };
    assert!(!due("2026-07-03 06:00:00").contains("2026H1"), "provisional: the half-year waits");
    // May was last computed before its window was over.
    let told = due("2026-07-08 06:00:00");
    assert!(told.contains("2026H1 is a draft, not sealed") && told.contains("reports/2026H1/draft"), "{told}");
    assert!(due("2026-07-09 06:00:00").contains("nothing is due"));
    project.ok(&["close", "--month", "2026-05..2026-06", "--as-of", "2026-07-20"]);
    let told = due("2026-07-21 06:00:00");
    assert!(told.contains("2026H1 is sealed as 2026H1-v1"), "{told}");
    assert!(!project.path().join("reports/2026H1/draft").exists());
    assert!(due("2026-07-22 06:00:00").contains("nothing is due"));
}

/// Killed at twenty moments spread over a run's length: the next run completes, and everything is as after an undisturbed one.
#[test]
fn a_killed_review_is_completed_by_the_next() {
    let args = [&["review", "--half", "2026H1"][..], &AS_OF].concat();
    let project = closed();
    let begun = Instant::now();
    assert!(project.spawn(&args).wait().expect("a status").success());
    let length = begun.elapsed();
    let expected = all(&project);
    for n in 0..20_u32 {
        let _ = std::fs::remove_dir_all(project.path().join("reports/2026H1"));
        let _ = std::fs::remove_file(project.path().join("data/seals.jsonl"));
        project.kill(&args, length * (n * 7 % 20) / 20);
        let next = review(&project, &[]);
        assert!(next.status.success(), "after kill {n}: {}", stderr(&next));
        assert!(all(&project) == expected, "after kill {n}");
        let output = verify(&project, &[V1]);
        assert!(output.status.success(), "after kill {n}: {}", stderr(&output));
    }
}

/// An amendment opens months, computes and closes them again; killed on the way, it goes on.
#[test]
fn a_killed_amendment_is_completed_by_the_next() {
    let late = || {
        let project = sealed();
        project.raw("late.csv", LATE);
        run(&project);
        project
    };
    let args = [&["review", "--half", "2026H1", "--amend"][..], &AS_OF].concat();
    let undisturbed = late();
    let begun = Instant::now();
    assert!(undisturbed.spawn(&args).wait().expect("a status").success());
    let length = begun.elapsed();
    let expected = all(&undisturbed);
    for n in 1..8_u32 {
        let project = late();
        project.kill(&args, length * n / 8);
        let next = review(&project, &["--amend"]);
        assert!(next.status.success(), "after kill {n}: {}", stderr(&next));
        assert!(all(&project) == expected, "after kill {n}");
    }
}

#[test]
fn two_reviews_at_once_do_not_mix() {
    let project = closed();
    let args = [&["review", "--half", "2026H1"][..], &AS_OF].concat();
    let mut both = [project.spawn(&args), project.spawn(&args)];
    let codes: Vec<Option<i32>> = both.iter_mut().map(|c| c.wait().expect("a status").code()).collect();
    assert!(codes.contains(&Some(0)) && codes.iter().all(|c| matches!(c, Some(0 | 4))), "{codes:?}");
    assert_eq!(project.read("data/seals.jsonl").lines().count(), 1);
    assert!(verify(&project, &[V1]).status.success());
    let lock = std::fs::OpenOptions::new().write(true).open(project.path().join("data/.lock")).expect("the lock");
    lock.lock().expect("locked");
    let refused = review(&project, &[]);
    assert!(refused.status.code() == Some(4) && stderr(&refused).contains("another run"), "{}", stderr(&refused));
}

const SECRET: &str = "口令-Tr0ub4dor";

fn encrypted() -> Project {
    let project = closed();
    project.write("secret.txt", format!("{SECRET}\n"));
    let done = review(&project, &["--passphrase-file", "secret.txt"]);
    assert!(done.status.success() && !(stderr(&done) + &stdout(&done)).contains("Tr0ub4dor"), "{}", stderr(&done));
    project
}

#[test]
fn archives_are_encrypted_and_the_passphrase_stays_outside() {
    let project = encrypted();
    let kept = project.bytes("data").into_iter().chain(project.bytes("reports"));
    for (name, bytes) in kept {
        assert!(!bytes.windows(10).any(|w| w == b"Tr0ub4dor-" || w == b"-Tr0ub4dor"), "{name}");
    }
    found(&verify(&project, &[ZIP, "--passphrase-file", "data/closed.jsonl"]), &["the passphrase does not open"]);
    let by_file = verify(&project, &[ZIP, "--passphrase-file", "secret.txt"]);
    assert!(by_file.status.success(), "{}", stderr(&by_file));
    let kaohe = |variable: &str, args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kaohe"));
        let command = command.args(args).args(["--data", "data", "--out", "reports"]).stdin(Stdio::null());
        command.current_dir(project.path()).env("KAOHE_PASSPHRASE", variable).output().expect("the binary runs")
    };
    assert!(kaohe(SECRET, &["verify", ZIP]).status.success());
    for (wrong, text) in [("", "is empty"), (" ", "does not open")] {
        let output = kaohe(wrong, &["verify", ZIP]);
        assert!(!output.status.success() && stderr(&output).contains(text), "{}", stderr(&output));
    }
    project.write("empty.txt", "\n");
    let empty = review(&project, &["--passphrase-file", "empty.txt"]);
    assert!(empty.status.code() == Some(2) && stderr(&empty).contains("is empty"), "{}", stderr(&empty));
    // The seal is of what the archives hold: the same as without a passphrase.
    assert_eq!(project.bytes(V1)["manifest.json"], sealed().bytes(V1)["manifest.json"]);
    // An archive is known by its bytes, whatever it is called.
    let staff = std::fs::read(project.path().join(V1).join("2026H1-v1-staff-A1.zip")).expect("the archive");
    project.write(&format!("{V1}/mine.zip"), staff);
    let renamed = verify(&project, &[&format!("{V1}/mine.zip"), "--passphrase-file", "secret.txt"]);
    assert!(renamed.status.success(), "{}", stderr(&renamed));
    std::fs::remove_file(project.path().join(V1).join("mine.zip")).expect("removed");
    // A flipped byte is found without the passphrase as well.
    let mut bytes = std::fs::read(project.path().join(ZIP)).expect("the archive");
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    project.write(ZIP, &bytes);
    found(&verify(&project, &[V1]), &["2026H1-v1.zip"]);
    found(&verify(&project, &[ZIP, "--passphrase-file", "secret.txt"]), &["2026H1-v1.zip"]);
}

/// 7-Zip opens the archives with the passphrase, and neither without nor with another one. Debian has it in two packages,
/// with a name each; `.ci/run` installs one and says that it must be there.
#[test]
fn seven_zip_opens_encrypted_archives() {
    let there = |name: &&str| Command::new(name).stdin(Stdio::null()).stdout(Stdio::null()).spawn().is_ok();
    let Some(program) = ["7z", "7zz", "7za"].into_iter().find(there) else {
        assert!(std::env::var_os("KAOHE_NEEDS_7ZIP").is_none(), "7-Zip is not installed");
        return;
    };
    let project = encrypted();
    let extract = |passphrase: Option<&str>, to: &str| {
        let mut command = Command::new(program);
        command.args(["x", "-y", ZIP, &format!("-o{to}")]).args(passphrase.map(|p| format!("-p{p}")));
        command.current_dir(project.path()).stdin(Stdio::null()).output().expect("it runs").status.success()
    };
    assert!(!extract(None, "none") && !extract(Some("falsch"), "wrong"));
    assert!(extract(Some(SECRET), "right"));
    let same = |name: &str| {
        let path = |dir: &str| std::fs::read(project.path().join(dir).join(name)).expect("a file");
        path("right") == path(V1)
    };
    assert!(same("manifest.json") && same("hr/results.json"));
    let empty = |dir: &str| files(&project.path().join(dir)).iter().all(|f| is_empty(f));
    assert!(empty("none") && empty("wrong"));
}

fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|m| m.len() == 0)
}
