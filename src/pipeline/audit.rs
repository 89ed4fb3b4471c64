//! Checks that must return no rows. They run on a month's draft; one that finds something stops the month before
//! anything of it is published.

use super::publish::Draft;
use crate::base::{Diagnostic, Error, Month, Result};
use crate::facts::Facts;
use crate::lake::mart;
use crate::lake::schema;
use crate::rules::Deduction;
use foldhash::HashSet;
use polars::prelude::*;
use rayon::slice::ParallelSliceMut;

/// What the keys of the tables that are written in one piece promise: no two rows with the same.
const UNIQUE: [(&str, &[&str]); 10] = [
    ("staff_day", &["date", "shop", "staff_id"]),
    ("backlog", &["at", "shop", "kind", "staff_id"]),
    ("scores", &["staff_id"]),
    ("hours", &["shop", "weekday", "hour"]),
    ("open_hours", &["at", "shop"]),
    ("spread", &["of", "shop", "staff_id", "upto_ms"]),
    ("steps", &["step", "shop", "staff_id"]),
    ("unshipped", &["shop", "order_id"]),
    ("products", &["shop", "sku"]),
    ("repeat", &["shop"]),
];

/// The same for a bucket's tables, while they are in memory: a conversation lies in one bucket, so no other can hold the
/// same key.
pub fn bucket(facts: &Facts, month: Month) -> Vec<Diagnostic> {
    let mut failed = Vec::new();
    let sessions: HashSet<u64> = facts.sessions.iter().map(|s| s.id).collect();
    let inquiries: HashSet<(usize, i32)> = facts.inquiries.iter().map(|i| (i.whose, i.inquiry.day)).collect();
    let orders: HashSet<(u32, &str)> =
        facts.credits.iter().map(|c| (c.order.order.shop, c.order.order.order_id.as_str())).collect();
    let pairs = [
        ("sessions", facts.sessions.len(), sessions.len()),
        ("inquiries", facts.inquiries.len(), inquiries.len()),
        ("credits", facts.credits.len(), orders.len()),
    ];
    for (table, rows, keys) in pairs {
        report(&mut failed, month, (rows - keys) as i64, &format!("`{table}` holds the same key twice"));
    }
    failed
}

/// The same for the ledger.
pub fn ledger(lines: &[Deduction<'_>], month: Month) -> Vec<Diagnostic> {
    let mut ids: Vec<u64> = lines.iter().map(|l| l.deduction_id).collect();
    ids.par_sort_unstable();
    let doubled = ids.windows(2).filter(|pair| pair[0] == pair[1]).count();
    let mut failed = Vec::new();
    report(&mut failed, month, doubled as i64, "`deductions` holds the same deduction_id twice");
    failed
}

/// Runs all audits; empty where all is well.
pub fn check(draft: &Draft) -> Result<Vec<Diagnostic>> {
    let mut failed = Vec::new();
    for (table, key) in UNIQUE {
        let keys: Vec<Expr> = key.iter().map(|k| col(*k)).collect();
        let doubled = scan(draft, table)?
            .group_by(keys)
            .agg([len().cast(DataType::Int64).alias("rows")])
            .filter(col("rows").gt(lit(1_i64)))
            .select([col("rows").count()]);
        report(
            &mut failed,
            draft.month,
            number(doubled)?,
            &format!("`{table}` holds the same {} twice", key.join(", ")),
        );
    }
    let sum = |table: &str, column: &str| -> Result<i64> {
        number(scan(draft, table)?.select([col(column).cast(DataType::Int64).sum()]))
    };
    // A count of a column: polars counts bare rows in a type that its features here leave out.
    let count = |table: &str, keep: Expr| -> Result<i64> {
        number(scan(draft, table)?.filter(keep).select([col("shop").count()]))
    };
    let counts = lit(true).eq(col("dropped").is_null());
    // All shops and people together.
    let whole = || col("shop").eq(lit("")).and(col("staff_id").eq(lit("")));
    let first = number(
        scan(draft, "spread")?
            .filter(whole().and(col("of").eq(lit("first"))))
            .select([col("count").cast(DataType::Int64).sum()]),
    )?;
    let pairs = [
        ("inquiries", sum("staff_day", "inquiries_count")?, count("inquiries", lit(true))?),
        ("orders", sum("staff_day", "orders_count")?, count("credits", lit(true))?),
        ("missed sessions", sum("staff_day", "missed_count")?, count("sessions", col("missed"))?),
        ("first responses", sum("staff_day", "first_response_count")?, sum("hours", "first_response_count")?),
        ("spread of first responses", sum("staff_day", "first_response_count")?, first),
        ("rounds by hour", sum("hours", "rounds_count")?, count("rounds", counts.clone())?),
        (
            "rounds in the window",
            sum("staff_day", "rounds_count")?,
            count("rounds", counts.clone().and(col("in_window")))?,
        ),
        (
            "sessions",
            sum("staff_day", "sessions_count")?,
            count("sessions", counts.and(col("inquiry_date").is_not_null()))?,
        ),
    ];
    for (what, days, rows) in pairs {
        let difference = (days - rows).abs();
        report(&mut failed, draft.month, difference, &format!("{what}: the sums add up to {days}, the rows to {rows}"));
    }
    let ledger = number(
        scan(draft, "deductions")?
            .join(scan(draft, "scores")?, [col("staff_id")], [col("staff_id")], JoinArgs::new(JoinType::Inner))
            .select([col("points").cast(DataType::Int64).sum()]),
    )?;
    let scores = sum("scores", "deducted")?;
    report(&mut failed, draft.month, (ledger - scores).abs(), &format!("points: ledger {ledger}, scores {scores}"));
    Ok(failed)
}

fn report(failed: &mut Vec<Diagnostic>, month: Month, rows: i64, what: &str) {
    if rows != 0 {
        let d = Diagnostic::error("K0401", format!("{month}: {what} ({rows} row(s))"));
        failed.push(d.help("nothing of this month was published; please report this with the month's manifest"));
    }
}

fn scan(draft: &Draft, table: &str) -> Result<LazyFrame> {
    let Some(schema) = schema::table(table) else { return Err(Error::Failed(format!("no table `{table}`"))) };
    let mut frames = Vec::new();
    for path in mart::month_files(draft.dir(), schema, draft.month)? {
        let path = PlRefPath::try_from_path(&path).map_err(failed)?;
        frames.push(LazyFrame::scan_parquet(path, ScanArgsParquet::default()).map_err(failed)?);
    }
    concat(frames, UnionArgs::default()).map_err(failed)
}

/// The one number of a frame; nothing counts as 0.
fn number(frame: LazyFrame) -> Result<i64> {
    let frame = frame.collect().map_err(failed)?;
    let column = frame.columns().first().ok_or_else(|| Error::Failed("an audit gave no column".into()))?;
    let column = column.cast(&DataType::Int64).map_err(failed)?;
    Ok(column.i64().map_err(failed)?.get(0).unwrap_or(0))
}

fn failed(e: PolarsError) -> Error {
    Error::Failed(format!("an audit could not run: {e}"))
}
