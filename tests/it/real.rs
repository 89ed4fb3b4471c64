//! Two real files, read from the folder named by `KAOHE_REAL_DATA` and never copied into the project. The expected
//! figures are facts counted in the files themselves.

use crate::support::{Project, rows};
use polars::prelude::*;
use std::path::PathBuf;

fn real(file: &str) -> PathBuf {
    let folder = std::env::var("KAOHE_REAL_DATA").expect("KAOHE_REAL_DATA names the folder of the real files");
    let path = PathBuf::from(folder).join(file);
    assert!(path.is_file(), "{} is missing", path.display());
    path
}

fn project(file: &str, pipeline: &str) -> Project {
    let project = Project::new();
    std::os::unix::fs::symlink(real(file), project.path().join("data/raw").join(file)).expect("a link");
    project.write("pipeline.toml", pipeline);
    let output = project.kaohe(&["run", "--pipeline", "pipeline.toml"]);
    assert!(output.status.success(), "{}", crate::support::stderr(&output));
    project
}

fn count(frame: &DataFrame, keep: Expr) -> usize {
    frame.clone().lazy().filter(keep).collect().expect("a filter").height()
}

#[test]
fn the_support_log_is_read_whole() {
    let pipeline = "name = \"support\"\nzone = \"UTC\"\nlang = \"en\"\n[paths]\nraw = \"data/raw\"\n\
                    key = \"data/buyer.key\"\n[calendar]\nholidays = \"none\"\n";
    let project = project("support_conversations.csv", pipeline);
    let messages = project.lake("messages");
    // 4,999 whole records, of which 19 agents' texts name no customer.
    assert_eq!(messages.height(), 4999 - 19);
    assert_eq!(count(&messages, col("role").eq(lit("buyer"))), 2777);
    assert_eq!(count(&messages, col("role").eq(lit("agent"))), 2222 - 19);
    let nobody = col("role").eq(lit("buyer")).and(col("account").is_null());
    assert_eq!(count(&messages, nobody.clone()), 601);
    assert_eq!(count(&messages, nobody.and(col("shop").eq(lit("unknown")))), 601);
    let quarantine = project.lake("quarantine");
    let reasons = rows(&quarantine, &["column", "reason"]);
    assert_eq!(reasons.iter().filter(|r| r.starts_with("buyer|")).count(), 19);
    let cut: Vec<&String> = reasons.iter().filter(|r| r.starts_with('|')).collect();
    assert_eq!(cut, ["|6 fields where the header has 8", "|3 fields where the header has 8"]);
    assert!(
        project.path().join("reports/2017-11/index.html").is_file()
            || project.path().join("reports/2017-12/index.html").is_file()
    );
}

#[test]
fn the_order_report_is_read_whole() {
    let project =
        project("tmall_order_report.csv", "name = \"tmall\"\n[paths]\nraw = \"data/raw\"\nkey = \"data/buyer.key\"\n");
    let orders = project.lake("orders");
    assert_eq!(orders.height(), 28_010);
    let paid = orders.clone().lazy().filter(col("paid_at").is_not_null());
    let sums = paid
        .select([
            col("order_id").count().alias("orders").cast(DataType::Int64),
            col("paid_fen").sum(),
            col("refund_fen").sum(),
            col("paid_fen").eq(col("goods_fen")).all(true).alias("whole"),
            (col("paid_at") - col("created_at"))
                .dt()
                .total_seconds(false)
                .median()
                .cast(DataType::Int64)
                .alias("median"),
            (col("paid_at") - col("created_at")).dt().total_seconds(false).max().alias("longest"),
        ])
        .collect()
        .expect("sums");
    // Gross = what was paid after refunds (1,902,487.15 yuan) + refunds (572,335.92 yuan) = the total, in every row.
    let gross = 190_248_715 + 57_233_592;
    assert_eq!(
        rows(&sums, &["orders", "paid_fen", "refund_fen", "whole", "median", "longest"]),
        [format!("24087|{gross}|57233592|true|8|85930")]
    );
    let quality = rows(&project.mart("quality", "2020-02"), &["kind", "subject", "count"]);
    assert!(quality.contains(&"linked|none|28010".to_owned()), "{quality:#?}");
    assert!(quality.contains(&"not_assessed|cs.aftersales.shipment|1".to_owned()), "{quality:#?}");
    assert_eq!(project.mart("deductions", "2020-02").height(), 0);
}
