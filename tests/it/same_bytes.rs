//! Same input, same bytes: whatever the threads, the buckets, and which months are computed together.

use crate::support::{Project, files};
use std::collections::BTreeMap;
use std::path::Path;

/// A small sample department in a project of its own.
fn sample(seed: &str) -> Project {
    let project = Project::new();
    let output = project.kaohe(&["sample", "--seed", seed, "--messages", "6000", "--out", "data", "--quiet"]);
    assert!(output.status.success(), "{}", crate::support::stderr(&output));
    project
}

/// Name → bytes of all files below a folder; the notes that name a run's own settings are left out by `keep`.
fn bytes(dir: &Path, keep: impl Fn(&str) -> bool) -> BTreeMap<String, Vec<u8>> {
    files(dir)
        .into_iter()
        .map(|p| (p.strip_prefix(dir).expect("below").display().to_string(), std::fs::read(&p).expect("readable")))
        .filter(|(name, _)| keep(name))
        .collect()
}

fn assert_same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>, what: &str) {
    assert!(!a.is_empty());
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{what}: other files");
    for (name, bytes) in a {
        assert!(bytes == &b[name], "{what}: {name} differs");
    }
}

const AS_OF: [&str; 2] = ["--as-of", "2026-07-20"];

#[test]
fn threads_change_nothing() {
    let one = sample("3");
    let mut outputs = Vec::new();
    for threads in ["1", "2", "8"] {
        for dir in ["data/lake", "data/mart", "reports"] {
            let _ = std::fs::remove_dir_all(one.path().join(dir));
        }
        one.ok(&["run", "--threads", threads, AS_OF[0], AS_OF[1]]);
        let all = |_: &str| true;
        outputs.push((
            bytes(&one.path().join("data/lake"), all),
            bytes(&one.path().join("data/mart"), all),
            bytes(&one.path().join("reports"), all),
        ));
    }
    for other in &outputs[1..] {
        assert_same(&outputs[0].0, &other.0, "lake");
        assert_same(&outputs[0].1, &other.1, "mart");
        assert_same(&outputs[0].2, &other.2, "reports");
    }
}

/// The project's settings with another number of rows per bucket.
fn with_bucket_rows(project: &Project, rows: &str) {
    assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
    let pipeline = project.read("pipelines/monthly.toml");
    let line = pipeline.lines().find(|l| l.starts_with("bucket_rows")).expect("bucket_rows is set").to_owned();
    project.write("pipelines/monthly.toml", pipeline.replace(&line, &format!("bucket_rows = {rows}")));
}

#[test]
fn buckets_change_nothing() {
    let mut outputs = Vec::new();
    for rows in ["1_000_000", "500", "60"] {
        let project = sample("4");
        with_bucket_rows(&project, rows);
        project.ok(&["run", AS_OF[0], AS_OF[1]]);
        let bucketed = ["sessions", "rounds", "credits", "inquiries", "orders_beside", "still_open"];
        // Tables in one file are the same bytes; those in buckets hold the same rows. The months' notes name the inputs.
        let plain = |name: &str| !name.starts_with("months") && !bucketed.iter().any(|t| name.starts_with(t));
        let frames: Vec<_> = bucketed.iter().map(|t| project.mart(t, "2026-04")).collect();
        // These say the settings in force, and with them the number of rows.
        let settled = ["definitions.html", "report.md", "report.xlsx", "report.json"];
        let pages = bytes(&project.path().join("reports"), |n| !settled.iter().any(|s| n.ends_with(s)));
        outputs.push((bytes(&project.path().join("data/mart"), plain), pages, frames));
    }
    for other in &outputs[1..] {
        assert_same(&outputs[0].0, &other.0, "mart");
        assert_same(&outputs[0].1, &other.1, "reports");
        for (a, b) in outputs[0].2.iter().zip(&other.2) {
            assert!(a.equals_missing(b), "{a:?}\n{b:?}");
        }
    }
}

#[test]
fn months_apart_equal_months_together() {
    let together = sample("5");
    together.ok(&["ingest"]);
    together.ok(&["compute", AS_OF[0], AS_OF[1]]);
    let apart = sample("5");
    apart.ok(&["ingest"]);
    for month in ["2026-04", "2026-01", "2026-06", "2026-02", "2026-05", "2026-03"] {
        apart.ok(&["compute", "--month", month, AS_OF[0], AS_OF[1]]);
    }
    // July holds nothing but the answers to June's last questions.
    let june = |name: &str| !name.contains("2026-07");
    assert_same(
        &bytes(&together.path().join("data/mart"), june),
        &bytes(&apart.path().join("data/mart"), june),
        "months",
    );
}

#[test]
fn what_has_not_changed_is_not_computed_again() {
    let project = sample("6");
    project.ok(&["run", AS_OF[0], AS_OF[1]]);
    let again = project.ok(&["run", "--json", AS_OF[0], AS_OF[1]]);
    let summary: serde_json::Value = serde_json::from_str(again.lines().last().expect("a summary")).expect("an object");
    assert_eq!(summary["computed"].as_array().map(Vec::len), Some(0), "{summary}");
    assert_eq!(summary["rebuilt"].as_array().map(Vec::len), Some(0), "{summary}");
}
