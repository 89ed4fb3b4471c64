//! The whole flow over time: months that close, late data, schedules, runs that are killed or meet.

use crate::support::{Project, files, rows, stderr, stdout};
use serde_json::Value;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::Instant;

const CHAT: &str = "shop,buyer,account,role,ts,kind,text
S,甲,A1,buyer,2026-05-15 10:00:00,text,在吗
S,甲,A1,agent,2026-05-15 10:00:20,text,在的
S,乙,A1,buyer,2026-05-20 10:00:00,text,在吗
";

fn project() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", CHAT);
    project
}

fn run(project: &Project, as_of: &str) -> String {
    project.ok(&["run", "--month", "2026-05", "--as-of", as_of])
}

fn mart(project: &Project) -> BTreeMap<String, Vec<u8>> {
    project.bytes("data/mart")
}

#[test]
fn a_month_closes_when_its_last_deadline_is_over() {
    let project = project();
    run(&project, "2026-05-31");
    let close = |args: &[&str]| project.on_data(&[&["close", "--month", "2026-05"], args].concat());
    // Reports on May are owed until the 7th of June.
    let early = close(&["--as-of", "2026-06-05"]);
    assert_eq!(early.status.code(), Some(3));
    assert!(stderr(&early).contains("K0411") && stderr(&early).contains("2026-06-08"), "{}", stderr(&early));
    assert!(close(&["--as-of", "2026-06-08"]).status.success());
    assert!(stdout(&project.on_data(&["status"])).contains("closed"));
    let never = project.on_data(&["close", "--month", "2026-03"]);
    assert_eq!(never.status.code(), Some(3));
    assert!(stderr(&never).contains("2026-03 has not been computed"), "{}", stderr(&never));
}

#[test]
fn a_month_whose_data_changed_since_is_not_closed() {
    let project = project();
    run(&project, "2026-06-08");
    project.raw("late.csv", CHAT.replace("乙", "丙"));
    project.ok(&["ingest"]);
    let close = || project.on_data(&["close", "--month", "2026-05", "--as-of", "2026-06-08", "--force", "5 日发工资"]);
    let refused = close();
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains("K0415"), "{}", stderr(&refused));
    run(&project, "2026-06-08");
    assert!(close().status.success());
}

#[test]
fn a_reason_for_closing_early_is_kept() {
    let project = project();
    run(&project, "2026-05-31");
    let close = |args: &[&str]| project.on_data(&[&["close", "--month", "2026-05"], args].concat());
    assert_eq!(close(&["--force", " "]).status.code(), Some(2));
    assert!(close(&["--as-of", "2026-06-05", "--force", "5 日发工资"]).status.success());
    assert!(stdout(&project.on_data(&["status"])).contains("closed (forced: 5 日发工资)"));
    assert!(close(&["--reopen", "花名册有误"]).status.success());
    assert!(!stdout(&project.on_data(&["status"])).contains("closed"));
    let log = project.read("data/closed.jsonl");
    assert!(log.lines().count() == 2 && log.contains("5 日发工资") && log.contains("花名册有误"), "{log}");
}

#[test]
fn late_data_of_a_closed_month_is_told_and_changes_nothing() {
    let project = project();
    run(&project, "2026-05-31");
    assert!(project.read("reports/2026-05/index.html").contains("草稿"));
    assert!(project.on_data(&["close", "--month", "2026-05", "--as-of", "2026-06-08"]).status.success());
    run(&project, "2026-06-08");
    assert!(!project.read("reports/2026-05/index.html").contains("草稿"));
    let before = rows(&project.mart("sessions", "2026-05"), &["inquiry_date"]);
    project.raw("late.csv", CHAT.replace("乙", "丙"));
    let late = project.on_data(&["run", "--month", "2026-05", "--as-of", "2026-06-09"]);
    assert!(late.status.success());
    let told = stderr(&late);
    assert!(told.contains("K0413") && told.contains("late.csv"), "{told}");
    assert_eq!(rows(&project.mart("sessions", "2026-05"), &["inquiry_date"]), before);
    // Opened again, the next run takes it in.
    assert!(project.on_data(&["close", "--month", "2026-05", "--reopen", "补交"]).status.success());
    run(&project, "2026-06-09");
    assert_eq!(rows(&project.mart("sessions", "2026-05"), &["inquiry_date"]).len(), before.len() + 1);
}

#[test]
fn results_of_a_closed_month_that_were_removed_are_held_against_the_frozen_ones() {
    let project = project();
    run(&project, "2026-06-08");
    assert!(project.on_data(&["close", "--month", "2026-05", "--as-of", "2026-06-08"]).status.success());
    let before = mart(&project);
    std::fs::remove_dir_all(project.path().join("data/mart")).expect("removed");
    let again = project.on_data(&["run", "--month", "2026-05", "--as-of", "2026-06-08"]);
    assert!(again.status.success() && !stderr(&again).contains("K0414"), "{}", stderr(&again));
    assert!(mart(&project) == before);
    std::fs::remove_dir_all(project.path().join("data/mart")).expect("removed");
    project.raw("late.csv", CHAT.replace("乙", "丙"));
    let other = project.on_data(&["run", "--month", "2026-05", "--as-of", "2026-06-08"]);
    assert!(stderr(&other).contains("K0414"), "{}", stderr(&other));
}

#[test]
fn status_says_how_each_month_stands() {
    let project = project();
    assert!(stderr(&project.on_data(&["status"])).contains("no data yet"));
    project.ok(&["ingest"]);
    let month = || -> Value {
        let text = project.ok(&["status", "--json"]);
        let lines = text.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
        lines.into_iter().find(|v| v["month"] == "2026-05").expect("the month")
    };
    assert_eq!((&month()["computed"], &month()["published"]), (&"not computed".into(), &"no pages".into()));
    assert_eq!(month()["rows"]["messages"], 3);
    run(&project, "2026-05-31");
    assert_eq!(
        (&month()["computed"], &month()["published"], &month()["provisional"]),
        (&"computed".into(), &"published".into(), &true.into())
    );
    project.raw("more.csv", CHAT.replace("乙", "丙"));
    project.ok(&["ingest"]);
    assert_eq!(month()["computed"], "data or settings changed since it was computed");
    project.ok(&["compute"]);
    assert_eq!(month()["published"], "pages of earlier results");
    // To a closed month only files that hold something of it are news.
    run(&project, "2026-06-08");
    assert!(project.on_data(&["close", "--month", "2026-05", "--as-of", "2026-06-08"]).status.success());
    project.raw("messages-2026-09.csv", CHAT.replace("2026-05", "2026-09"));
    project.ok(&["ingest"]);
    assert_eq!(month()["computed"], "computed");
    project.raw("late.csv", CHAT.replace("乙", "丁"));
    project.ok(&["ingest"]);
    assert_eq!(month()["computed"], "data or settings changed since it was computed");
}

#[test]
fn a_failed_run_is_told_and_publishes_nothing() {
    let project = project();
    run(&project, "2026-05-31");
    let before = project.bytes("reports");
    project.raw("strange.csv", "x,y\n1,2\n");
    assert_eq!(project.on_data(&["run", "--month", "2026-05"]).status.code(), Some(3));
    let status = project.ok(&["status"]);
    assert!(status.contains("run 2026-05: failed") && status.contains("strange.csv"), "{status}");
    assert!(project.bytes("reports") == before);
}

/// May 2026 ends with the holidays far away: the third working day of June is Wednesday the 3rd.
#[test]
fn the_calendar_decides_what_is_due() {
    let project = project();
    let due = |now: &str| {
        let output = project.on_data(&["schedule", "--due", "--as-of", now]);
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output) + &stdout(&output)
    };
    assert!(due("2026-06-03 05:59:59").contains("nothing is due"));
    assert!(due("2026-06-03 06:00:00").contains("reports/2026-05/index.html"));
    assert!(due("2026-06-04 06:00:00").contains("nothing is due"), "made already");
    assert!(due("2026-06-08 05:00:00").contains("nothing is due"));
    assert!(due("2026-06-09 06:00:00").contains("reports/2026-05/index.html"), "missed on the 8th, made on the 9th");
    assert!(due("2026-06-10 06:00:00").contains("nothing is due"));
}

#[test]
fn units_name_the_project() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    for (scheduler, names) in [("systemd", vec!["kaohe.service", "kaohe.timer"]), ("cron", vec!["kaohe.cron"])] {
        let output = project.kaohe(&["schedule", "--write", scheduler, "--to", "units"]);
        assert!(output.status.success(), "{}", stderr(&output));
        for name in names {
            let unit = project.read(&format!("units/{name}"));
            let folder = std::fs::canonicalize(project.path()).expect("the folder");
            assert!(unit.contains(folder.to_str().expect("text")) || name == "kaohe.timer", "{unit}");
            assert!(
                unit.contains("schedule --due") || unit.contains("OnCalendar=*-*-* 06:00:00 Asia/Shanghai"),
                "{unit}"
            );
        }
    }
    // Where the scheduler's own check is at hand, it finds nothing.
    let units = ["units/kaohe.service", "units/kaohe.timer"];
    if let Ok(check) = Command::new("systemd-analyze").arg("verify").args(units).current_dir(project.path()).output() {
        assert!(check.status.success(), "{}", stderr(&check));
    }
}

/// The DAG is Python where a Python is at hand.
#[test]
fn the_dag_compiles() {
    let dag = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/airflow_dag.py");
    let compile = "import sys; compile(open(sys.argv[1], encoding='utf-8').read(), 'airflow_dag.py', 'exec')";
    if let Ok(python) = Command::new("python3").args(["-c", compile, dag]).output() {
        assert!(python.status.success(), "{}", stderr(&python));
    }
}

/// One late answer in April, two in May and a shop's first in June: the rule is the same, the behaviour is not.
#[test]
fn two_months_are_compared_by_person_and_rule() {
    let project = Project::staffed();
    let asked = |month: u32, days: &[u32]| -> String {
        let row = |d: &u32| format!("S,b{month}{d},A1,buyer,2026-{month:02}-{d:02} 10:00:00,text,在吗\n");
        days.iter().map(row).collect()
    };
    let head = "shop,buyer,account,role,ts,kind,text\n";
    project.raw("chat.csv", format!("{head}{}{}", asked(4, &[15]), asked(5, &[14, 15])));
    project.ok(&["run", "--month", "2026-04..2026-05", "--as-of", "2026-06-10"]);
    let text = project.ok(&["compare", "2026-04", "2026-05"]);
    // Not answered by 23:00 of the day: 1.5 points each.
    let line = text.lines().find(|l| l.contains("A1 一号") && l.contains("event(s)") && l.contains("1.5 ->"));
    assert!(line.is_some_and(|l| l.contains("1 -> 2 event(s), 1.5 -> 3 points (behaviour)")), "{text}");
    assert!(text.contains("A1 一号  score 98.5 -> 97"), "{text}");
    assert!(stderr(&project.on_data(&["compare", "2026-04", "2026-04"])).contains("nothing differs"));
}

/// Killed at twenty moments spread over a run's length: each time the next run completes, and in the end everything is as
/// after an undisturbed run.
#[test]
fn a_killed_run_is_completed_by_the_next() {
    let sample = || {
        let project = Project::new();
        let made = project.kaohe(&[
            "sample",
            "--months",
            "2026-05..2026-05",
            "--messages",
            "3000",
            "--out",
            "data",
            "--quiet",
        ]);
        assert!(made.status.success(), "{}", stderr(&made));
        project
    };
    let args = ["run", "--as-of", "2026-06-20"];
    let all = |p: &Project| (p.bytes("data/lake"), p.bytes("data/mart"), p.bytes("reports"));
    let undisturbed = sample();
    let begun = Instant::now();
    assert!(undisturbed.spawn(&args).wait().expect("a status").success());
    let length = begun.elapsed();
    let expected = all(&undisturbed);
    // What a later file adds stays in the archive, so that results with it are compared apart.
    let later = CHAT.replace('乙', "丙");
    undisturbed.raw("extra.csv", &later);
    assert!(undisturbed.spawn(&args).wait().expect("a status").success());
    let with_later = undisturbed.bytes("data/mart");
    assert!(with_later != expected.1, "the file adds something");
    let project = sample();
    let remove = |dirs: &[&str]| {
        for dir in dirs {
            let _ = std::fs::remove_dir_all(project.path().join(dir));
        }
    };
    for n in 0..20_u32 {
        match n % 4 {
            0 => remove(&["data/lake", "data/mart", "reports"]),
            1 => remove(&["data/mart", "reports"]),
            2 => remove(&["data/lake"]),
            _ => project.raw("extra.csv", &later),
        }
        project.kill(if n % 5 == 4 { &["ingest"] } else { &args }, length * (n * 7 % 20) / 20);
        let next = project.on_data(&["run", "--as-of", "2026-06-20", "--quiet"]);
        assert!(next.status.success(), "after kill {n}: {}", stderr(&next));
        if n % 4 == 3 {
            assert!(project.bytes("data/mart") == with_later, "after kill {n}");
            std::fs::remove_file(project.path().join("data/raw/extra.csv")).expect("removed");
        } else {
            assert!(all(&project) == expected, "after kill {n}");
        }
        let left = |p: &std::path::PathBuf| {
            let name = p.to_string_lossy();
            ["/.new", "/.unpacked", "/.draft", "/.lake-next"].iter().any(|part| name.contains(part))
        };
        assert!(
            !files(project.path()).iter().any(left),
            "after kill {n}: {:?}",
            files(project.path()).iter().find(|p| left(p))
        );
    }
    assert!(project.ok(&["status"]).contains("done"));
}

#[test]
fn a_killed_run_is_told_by_status() {
    let project = project();
    project.write(
        "data/last-run.json",
        r#"{"command": "run", "begun_at": "2026-06-03T06:00:00Z", "stage": "begun", "message": "", "exit_code": 0}"#,
    );
    assert!(project.ok(&["status"]).contains("was killed"));
}

/// Two runs begun at once: each either works alone or stops with the message; nothing is mixed.
#[test]
fn two_runs_at_once_do_not_mix() {
    let project = Project::new();
    let made =
        project.kaohe(&["sample", "--months", "2026-05..2026-05", "--messages", "3000", "--out", "data", "--quiet"]);
    assert!(made.status.success());
    let args = ["run", "--as-of", "2026-06-20"];
    let mut both = [project.spawn(&args), project.spawn(&args)];
    let codes: Vec<Option<i32>> = both.iter_mut().map(|c| c.wait().expect("a status").code()).collect();
    assert!(codes.contains(&Some(0)) && codes.iter().all(|c| matches!(c, Some(0 | 4))), "{codes:?}");
    let together = mart(&project);
    std::fs::remove_dir_all(project.path().join("data/mart")).expect("removed");
    std::fs::remove_dir_all(project.path().join("data/lake")).expect("removed");
    project.ok(&args);
    assert!(mart(&project) == together);
    // A lock that is held for certain.
    let lock = std::fs::OpenOptions::new().write(true).open(project.path().join("data/.lock")).expect("the lock");
    lock.lock().expect("locked");
    let refused = project.on_data(&args);
    assert_eq!(refused.status.code(), Some(4));
    assert!(stderr(&refused).contains("another run"), "{}", stderr(&refused));
}
