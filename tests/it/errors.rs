//! What an analyst is told when something is wrong: file, place, remedy, and the exit code as documented.

use crate::support::{Project, stderr, stdout};
use std::process::Output;

const MESSAGES: &str = "shop,buyer,account,role,ts,kind,text
S,买家甲,A1,buyer,2026-05-15 10:00:00,text,在吗
S,买家甲,A1,agent,2026-05-15 10:00:20,text,在的
";

fn with_messages() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    project
}

/// The exit code, and what was said.
fn refused(output: &Output, code: i32, parts: &[&str]) {
    let said = stderr(output) + &stdout(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is missing in:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_wrong_setting_names_file_line_and_column() {
    let project = with_messages();
    assert!(project.kaohe(&["init", "."]).status.success());
    let pipeline = project.read("pipelines/monthly.toml");
    project.write("pipelines/monthly.toml", pipeline.replace("lang = \"zh\"", "lang = \"fr\""));
    let line = 1 + pipeline.lines().position(|l| l.starts_with("lang")).expect("lang is set");
    refused(&project.on_data(&["run"]), 2, &["pipelines/monthly.toml", &format!("{line}"), "fr", "zh"]);
}

#[test]
fn an_unknown_setting_names_the_nearest() {
    let project = with_messages();
    assert!(project.kaohe(&["init", "."]).status.success());
    let pipeline = project.read("pipelines/monthly.toml");
    project.write("pipelines/monthly.toml", pipeline.replace("margin_days", "margin_dayz"));
    refused(&project.on_data(&["run"]), 2, &["pipelines/monthly.toml", "margin_dayz", "margin_days"]);
}

#[test]
fn a_missing_pipeline_says_so() {
    let project = with_messages();
    refused(&project.on_data(&["run", "--pipeline", "pipelines/other.toml"]), 2, &["pipelines/other.toml"]);
}

#[test]
fn a_wrong_month_is_a_usage_error() {
    let project = with_messages();
    refused(&project.on_data(&["run", "--month", "2026-13"]), 2, &["2026-13", "2026-05"]);
    refused(&project.on_data(&["run", "--month", "2026-06..2026-05"]), 2, &["ends before it begins"]);
    refused(&project.on_data(&["run", "--as-of", "soon"]), 2, &["--as-of", "soon", "2026-05-15 17:59:50"]);
}

#[test]
fn a_file_nobody_recognises_stops_the_run() {
    let project = with_messages();
    project.raw("things.csv", "what,ever\n1,2\n");
    refused(&project.on_data(&["run"]), 3, &["things.csv"]);
    assert!(!project.path().join("reports").exists(), "nothing is published");
}

#[test]
fn a_column_that_is_missing_is_named() {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES.replace("shop,buyer,account,role,ts", "shop,buyer,account,role,when"));
    refused(&project.on_data(&["run"]), 3, &["messages-2026-05.csv", "ts"]);
}

#[test]
fn a_broken_row_goes_to_quarantine_and_the_run_goes_on() {
    let project = Project::staffed();
    let mut text = MESSAGES.to_owned();
    for i in 0..200 {
        text += &format!("S,买家{i},A1,buyer,2026-05-16 11:{:02}:{:02},text,问\n", i / 60, i % 60);
    }
    text += "S,买家乙,A1,buyer,2026-05-99 11:00:00,text,13800001111\n";
    project.raw("messages-2026-05.csv", &text);
    project.ok(&["run", "--month", "2026-05"]);
    let quarantine = project.lake("quarantine");
    let rows = crate::support::rows(&quarantine, &["table", "source_file", "source_row", "column"]);
    assert_eq!(rows, ["messages|messages-2026-05.csv|204|ts"]);
    // The value's shape alone is kept.
    let masks = crate::support::rows(&quarantine, &["value_mask", "reason"]).join("\n");
    assert!(!masks.contains("2026-05-99"), "{masks}");
}

#[test]
fn too_many_broken_rows_are_refused_and_nothing_is_published() {
    let project = Project::staffed();
    let broken = "S,买家甲,A1,buyer,yesterday,text,在吗\n";
    project.raw("messages-2026-05.csv", format!("{MESSAGES}{broken}"));
    refused(&project.on_data(&["run"]), 3, &["messages", "messages-2026-05.csv", "4", "ts"]);
    assert!(!project.path().join("data/lake/messages").exists(), "nothing of the table is published");
    assert!(!project.path().join("reports").exists());
}

#[test]
fn an_empty_file_is_named() {
    let project = with_messages();
    project.raw("orders-2026-05.csv", "");
    refused(&project.on_data(&["run"]), 3, &["orders-2026-05.csv", "empty"]);
}

#[test]
fn a_missing_raw_folder_is_named() {
    let project = Project::new();
    std::fs::remove_dir_all(project.path().join("data/raw")).expect("removed");
    let output = project.on_data(&["run"]);
    assert!(matches!(output.status.code(), Some(2 | 3)), "{}", stderr(&output));
    assert!(stderr(&output).contains("raw"), "{}", stderr(&output));
}

#[test]
fn an_empty_raw_folder_says_what_to_do() {
    let project = Project::new();
    refused(&project.on_data(&["run"]), 3, &["raw"]);
}

#[test]
fn a_file_in_no_known_encoding_is_refused_with_the_offset() {
    let project = with_messages();
    project.raw(
        "messages-2026-06.csv",
        [MESSAGES.as_bytes(), b"S,\xff\xff,A1,buyer,2026-06-01 10:00:00,text,x\n"].concat(),
    );
    refused(&project.on_data(&["run"]), 3, &["messages-2026-06.csv"]);
}

#[test]
fn a_year_without_calendar_names_the_missing_file() {
    let project = Project::staffed();
    project.raw("messages-2031-05.csv", MESSAGES.replace("2026-05-15", "2031-05-15"));
    refused(&project.on_data(&["run"]), 2, &["2031", "pipelines/calendar/cn-2031.toml"]);
}

#[test]
fn a_folder_without_rights_is_named() {
    // CI is root, whom no rights stop: the test runs the binary as user nobody.
    let project = with_messages();
    let data = project.path().join("data");
    let run = |args: &[&str]| {
        std::process::Command::new("su")
            .args(["-s", "/bin/sh", "nobody", "-c", &args.join(" ")])
            .output()
            .expect("su runs")
    };
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path, bits| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(bits)).expect("rights");
    };
    mode(project.path(), 0o755);
    mode(&data, 0o755);
    // The binary lies where nobody may not look: a copy beside the data.
    let binary = project.path().join("kaohe");
    std::fs::copy(env!("CARGO_BIN_EXE_kaohe"), &binary).expect("a copy of the binary");
    mode(&binary, 0o755);
    let command = format!("cd {} && ./kaohe run --data data --out reports", project.path().display());
    let output = run(&[&command]);
    refused(&output, 1, &["data"]);
    let said = stderr(&output);
    assert!(said.to_lowercase().contains("permission denied"), "{said}");
}

#[test]
fn json_says_the_same_as_objects() {
    let project = with_messages();
    project.raw("things.csv", "what,ever\n1,2\n");
    let output = project.on_data(&["run", "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let objects: Vec<serde_json::Value> =
        stdout(&output).lines().map(|l| serde_json::from_str(l).expect("an object a line")).collect();
    assert!(
        objects.iter().any(|o| o["type"] == "diagnostic" && o["places"][0]["file"] == "things.csv"),
        "{objects:#?}"
    );
    assert_eq!(objects.last().expect("a last line")["exit_code"], 3);
}

#[test]
fn a_locked_lake_is_left_alone() {
    let project = with_messages();
    project.ok(&["run", "--month", "2026-05"]);
    let lock = kaohe::lake::lock::Lock::take(&project.path().join("data")).expect("the lock is free");
    refused(&project.on_data(&["run"]), 4, &["data"]);
    drop(lock);
    project.ok(&["run", "--month", "2026-05"]);
}
