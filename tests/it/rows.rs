//! The rows behind the key figures: as many as the measures count, in the order that is promised, with places in the raw
//! files that hold what they should.

use crate::report::walk::Walk;
use crate::support::{Project, files, rows, stderr, stdout};
use kaohe::facts::rows::{ALL, Listing};
use polars::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

const AS_OF: [&str; 2] = ["--as-of", "2026-07-20"];
const MONTHS: [&str; 6] = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"];

/// A sample department, computed with a preset.
fn computed(seed: &str, messages: &str, preset: &str) -> Project {
    let project = Project::new();
    let output = project.kaohe(&["sample", "--seed", seed, "--messages", messages, "--out", "data", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    if preset != "regulation" {
        assert!(project.kaohe(&["init", ".", "--quiet"]).status.success());
        let text = project.read("pipelines/monthly.toml");
        let other = text.replace("preset = \"regulation\"", &format!("preset = \"{preset}\""));
        assert_ne!(text, other, "the pipeline names its preset");
        project.write("pipelines/monthly.toml", other);
    }
    project.ok(&["run", "--quiet", AS_OF[0], AS_OF[1]]);
    project
}

/// Person → number, from rows of `staff|number`; of all under the empty id.
fn by_staff(frame: &DataFrame, staff: &str, number: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::from([(String::new(), 0)]);
    for row in rows(frame, &[staff, number]) {
        let (staff, n) = row.rsplit_once('|').expect("two columns");
        let n: i64 = n.parse().expect("a number");
        *sums.entry(staff.to_owned()).or_insert(0) += n;
        *sums.entry(String::new()).or_insert(0) += n;
    }
    sums.retain(|staff, n| staff.is_empty() || *n != 0);
    sums
}

fn only(frame: DataFrame, keep: Expr) -> DataFrame {
    frame.lazy().filter(keep).collect().expect("the rows")
}

/// How many rows a list has, by person.
fn proven(project: &Project, month: &str, list: &Listing) -> BTreeMap<String, i64> {
    let of_list = only(project.mart("proven", month), col("list").eq(lit(list.id)));
    let mut counts = BTreeMap::new();
    for row in rows(&of_list, &["staff_id", "rows"]) {
        let (staff, n) = row.rsplit_once('|').expect("two columns");
        counts.insert(staff.to_owned(), n.parse().expect("a number"));
    }
    counts
}

/// The rows of each list against the measure that counts them, person by person.
fn compare(project: &Project, preset: &str) {
    let mut rows_seen = 0;
    for month in MONTHS {
        let staff_day = project.mart("staff_day", month);
        for list in ALL {
            let found = proven(project, month, list);
            rows_seen += found[""];
            let Some((all, part)) = list.counts else { continue };
            let mut expected = by_staff(&staff_day, "staff_id", all);
            if let Some(part) = part {
                for (staff, n) in by_staff(&staff_day, "staff_id", part) {
                    *expected.entry(staff).or_insert(0) -= n;
                }
                expected.retain(|staff, n| staff.is_empty() || *n != 0);
            }
            assert_eq!(found, expected, "{preset} {month} {}", list.id);
        }
        still_open(project, month);
        unlinked(project, month);
    }
    assert!(rows_seen > 1_000, "{rows_seen}");
}

/// Open rounds and unshipped orders are those of the last backlog of the month.
fn still_open(project: &Project, month: &str) {
    let backlog = project.mart("backlog", month);
    let last = backlog.column("at").expect("at").max_reduce().expect("a maximum").value().to_string();
    for (list, kind) in [("backlog", "rounds"), ("unshipped", "unshipped")] {
        let of_kind = only(backlog.clone(), col("kind").eq(lit(kind)));
        let mut expected = BTreeMap::from([(String::new(), 0)]);
        for row in rows(&of_kind, &["staff_id", "open"])
            .iter()
            .zip(of_kind.column("at").expect("at").as_materialized_series().iter())
        {
            if row.1.to_string() == last {
                let (staff, n) = row.0.rsplit_once('|').expect("two columns");
                let n: i64 = n.parse().expect("a number");
                *expected.entry(staff.to_owned()).or_insert(0) += n;
                *expected.entry(String::new()).or_insert(0) += n;
            }
        }
        let listing = kaohe::facts::rows::listing(list).expect("a list");
        assert_eq!(proven(project, month, listing), expected, "{month} {kind}");
    }
}

fn unlinked(project: &Project, month: &str) {
    let keep = col("kind").eq(lit("linked")).and(col("subject").eq(lit("none")));
    let expected = by_staff(&only(project.mart("quality", month), keep), "subject", "count")[""];
    let listing = kaohe::facts::rows::listing("link_rate").expect("a list");
    assert_eq!(proven(project, month, listing)[""], expected, "{month}");
}

#[test]
fn lists_hold_what_the_measures_count() {
    let project = computed("20260101", "38000", "regulation");
    compare(&project, "regulation");
    money_adds_up(&project);
    command_and_proofs_agree(&project);
    percentiles_stand_in_the_middle(&project);
    places_are_right(&project);
    the_busiest_moment(&project);
    nobody_is_left_out(&project);
    the_site_is_proven(&project);
}

#[test]
fn lists_hold_what_the_measures_count_as_platforms_define_them() {
    for preset in ["taobao", "jd", "pdd", "douyin"] {
        compare(&computed("11", "9000", preset), preset);
    }
}

fn asked(project: &Project, args: &[&str]) -> Vec<Value> {
    let all: Vec<&str> = ["rows", "--json"].into_iter().chain(args.iter().copied()).collect();
    project.ok(&all).lines().map(|l| serde_json::from_str(l).expect("an object")).collect()
}

fn money_adds_up(project: &Project) {
    for month in MONTHS {
        let staff_day = project.mart("staff_day", month);
        for (list, measure) in [("sales", "sales_sum_fen"), ("refunds", "refunds_sum_fen")] {
            let sum: i64 =
                asked(project, &[list, "--month", month]).iter().map(|r| r["value"].as_i64().expect("fen")).sum();
            assert_eq!(sum, by_staff(&staff_day, "staff_id", measure)[""], "{month} {list}");
        }
    }
}

/// The kept rows are the first of all, or a run of them where they stand around a percentile.
fn command_and_proofs_agree(project: &Project) {
    let month = "2026-05";
    let columns = ["of", "shop", "staff_id", "at", "value", "what", "source_file", "source_row"];
    for list in ALL {
        let asked = |args: &[&str]| -> Vec<String> {
            let line = |r: &Value| {
                let cell = |name: &str| match &r[name] {
                    Value::String(text) => text.clone(),
                    Value::Null => String::new(),
                    other => other.to_string(),
                };
                columns[1..].iter().map(|c| cell(c)).collect::<Vec<_>>().join("|")
            };
            asked(project, &[&[list.id, "--month", month][..], args].concat()).iter().map(line).collect()
        };
        let all = asked(&[]);
        assert_eq!(all.len() as i64, proven(project, month, list)[""], "{}", list.id);
        let kept = only(project.mart("proofs", month), col("list").eq(lit(list.id)));
        let kept = kept.lazy().sort(["of", "rank"], SortMultipleOptions::default()).collect().expect("in order");
        let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows(&kept, &columns) {
            let (person, rest) = row.split_once('|').expect("columns");
            of.entry(person.to_owned()).or_default().push(rest.to_owned());
        }
        if let Some(kept) = of.get("") {
            assert_eq!(asked(&["--limit", "50"]), *kept, "the first of {}", list.id);
        }
        if let Some((person, kept)) = of.iter().find(|(person, _)| person.starts_with('S')) {
            assert_eq!(asked(&["--limit", "10", "--staff", person]), *kept, "the first of {} of {person}", list.id);
        }
        for (person, kept) in of {
            let own: Vec<&String> =
                all.iter().filter(|r| person.is_empty() || r.split('|').nth(1) == Some(person.as_str())).collect();
            let most = if person.is_empty() { 50 } else { 10 };
            assert_eq!(kept.len(), own.len().min(most), "{} of {person:?}", list.id);
            let from = own.iter().position(|r| **r == kept[0]).expect("a kept row is one of all");
            assert!(own[from..].iter().zip(&kept).all(|(a, b)| *a == b), "{} of {person:?}", list.id);
            assert!(from == 0 || list.around().is_some(), "{} of {person:?} begins at {from}", list.id);
        }
    }
}

fn percentiles_stand_in_the_middle(project: &Project) {
    let month = "2026-05";
    let keep = col("of").eq(lit("first")).and(col("date").is_null()).and(col("shop").eq(lit("")));
    let percentiles = only(project.mart("percentiles", month), keep);
    let mut looked_at = 0;
    for (list, column) in [("first_median", "p50_ms"), ("first_p90", "p90_ms")] {
        for row in rows(&percentiles, &["staff_id", "count", column]) {
            let cells: Vec<&str> = row.split('|').collect();
            let keep = col("list").eq(lit(list)).and(col("of").eq(lit(cells[0])));
            let kept = rows(&only(project.mart("proofs", month), keep), &["value"]);
            let at = kept.iter().position(|v| v == cells[2]).unwrap_or_else(|| panic!("{list} of {cells:?}: {kept:?}"));
            let count: usize = cells[1].parse().expect("a count");
            if list == "first_median" && count > 30 {
                assert_eq!(at, kept.len() / 2, "{cells:?}");
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 5, "{looked_at}");
}

/// The raw line at a row's place holds the time of the event.
fn places_are_right(project: &Project) {
    for list in ["missed", "first_mean", "slow", "long", "inquiries", "sessions", "backlog", "not_converted"] {
        let found = asked(project, &[list, "--month", "2026-05", "--limit", "5"]);
        assert!(!found.is_empty(), "{list}");
        for row in found {
            let file = project.read(&format!("data/raw/{}", row["source_file"].as_str().expect("a file")));
            let n = row["source_row"].as_u64().expect("a row") as usize;
            let line = file.lines().nth(n - 1).unwrap_or_else(|| panic!("{row}"));
            let at = row["at"].as_str().expect("a time");
            assert!(line.contains(at), "{list}: {row}\n{line}");
            assert!(line.contains(row["shop"].as_str().expect("a shop")), "{list}: {row}\n{line}");
        }
    }
    for list in ["orders", "sales", "refunds", "conversion", "unshipped", "link_rate"] {
        for row in asked(project, &[list, "--month", "2026-05", "--limit", "5"]) {
            let file = project.read(&format!("data/raw/{}", row["source_file"].as_str().expect("a file")));
            let n = row["source_row"].as_u64().expect("a row") as usize;
            let line = file.lines().nth(n - 1).unwrap_or_else(|| panic!("{row}"));
            assert!(line.contains(row["what"].as_str().expect("an order")), "{list}: {row}\n{line}");
        }
    }
}

/// As many sessions run at the busiest moment as the measure says, but for those that began in the month before.
fn the_busiest_moment(project: &Project) {
    let listing = kaohe::facts::rows::listing("concurrent").expect("a list");
    let mut people = 0;
    for month in MONTHS {
        let mut most: BTreeMap<String, i64> = BTreeMap::new();
        for row in rows(&project.mart("staff_day", month), &["staff_id", "concurrent_max"]) {
            let (staff, n) = row.rsplit_once('|').expect("two columns");
            let n: i64 = n.parse().expect("a number");
            let known = most.entry(staff.to_owned()).or_insert(0);
            *known = n.max(*known);
        }
        let found = proven(project, month, listing);
        for (staff, n) in most.into_iter().filter(|(_, n)| *n > 0) {
            assert!(found.get(&staff).is_some_and(|rows| (1..=n).contains(rows)), "{month} {staff}: {n} {found:?}");
            people += i64::from(found[&staff] == n);
        }
    }
    assert!(people > 30, "{people}");
}

/// The list of unanswered buyers holds at least those that the figure counts.
fn nobody_is_left_out(project: &Project) {
    let listing = kaohe::facts::rows::listing("reply_rate").expect("a list");
    for month in MONTHS {
        let expected = by_staff(&project.mart("staff_day", month), "staff_id", "unanswered_count")[""];
        let found = proven(project, month, listing)[""];
        assert!((expected..=expected + 2).contains(&found), "{month}: {found} rows, {expected} counted");
    }
}

/// Every number on the rendered overview leads to rows.
fn the_site_is_proven(project: &Project) {
    let folder = project.path().join("reports/2026-06");
    let site = files(&folder)
        .into_iter()
        .filter_map(|p| {
            let name = p.strip_prefix(&folder).ok()?.display().to_string();
            Some((name, std::fs::read_to_string(&p).ok()?))
        })
        .collect();
    assert_eq!(Walk::new(&site).unproven(), Vec::<String>::new());
}

#[test]
fn the_command_says_what_it_can() {
    let project = computed("5", "6000", "regulation");
    let named = project.ok(&["rows", "--list"]);
    assert!(ALL.iter().all(|l| named.contains(l.id)), "{named}");
    assert!(named.contains("没有转化的售前咨询"), "{named}");

    let all = asked(&project, &["orders", "--month", "2026-05"]);
    let shop = all[0]["shop"].as_str().expect("a shop");
    let one = asked(&project, &["orders", "--month", "2026-05", "--shop", shop]);
    assert!(!one.is_empty() && one.len() < all.len() && one.iter().all(|r| r["shop"] == shop));
    let mine = asked(&project, &["orders", "--month", "2026-05", "--staff", "silent", "--limit", "3"]);
    assert!(mine.len() <= 3 && mine.iter().all(|r| r["staff_id"] == "silent"));

    project.ok(&["rows", "orders", "--month", "2026-05", "--csv", "orders.csv"]);
    let mut reader = csv::Reader::from_path(project.path().join("orders.csv")).expect("the file");
    assert_eq!(reader.headers().expect("a header").iter().next_back(), Some("source_row"));
    assert_eq!(reader.records().count(), all.len());
    let text = project.ok(&["rows", "orders", "--month", "2026-05", "--csv", "-"]);
    assert_eq!(text.lines().count(), all.len() + 1);

    let wrong = project.on_data(&["rows", "first_meen"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(stderr(&wrong).contains("did you mean `first_mean`?"), "{}", stderr(&wrong));
    let never = project.on_data(&["rows", "orders", "--month", "2025-01"]);
    assert_eq!(never.status.code(), Some(3), "{}{}", stdout(&never), stderr(&never));
}
