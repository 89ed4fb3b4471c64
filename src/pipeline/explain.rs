//! `kaohe explain`: one deduction, from the clause to the raw rows.

use super::project::{Project, calendar_error};
use super::{compute, details, gather, inputs, stage};
use crate::base::{Diagnostic, Error, Month, Result};
use crate::ingest::raw;
use crate::lake::columns;
use crate::lake::manifest::Manifest;
use crate::lake::mart;
use crate::lake::names::{NONE, Names};
use crate::lake::schema::DEDUCTIONS;
use crate::report::data::Deduction;
use crate::rules::Plan;
use crate::rules::detect::Event;
use serde_json::{Value, json};

/// The same as lines for people and as one JSON object.
#[derive(Debug, Clone)]
pub struct Explained {
    pub lines: Vec<String>,
    pub json: Value,
}

/// Explains the deduction whose id begins with `id`.
///
/// # Errors
/// Exit 2 where no deduction, or more than one, has such an id.
pub fn explain(project: &Project, id: &str) -> Result<Explained> {
    let manifest = stage::manifest(project)?;
    let (month, d) = find(project, &manifest, id)?;
    let book = &project.settings.rulebook;
    let rule = book
        .rules
        .iter()
        .position(|r| r.id == d.rule_id && r.in_force(project.zone().date(d.occurred_at)))
        .or_else(|| book.rules.iter().position(|r| r.id == d.rule_id))
        .ok_or_else(|| Error::Failed(format!("the rulebook has no rule `{}` any more", d.rule_id)))?;
    let text = &book.rules[rule];
    let zh = project.lang() != "en";
    let names = Names::new();
    let dimensions = inputs::Dimensions::read(&project.lake(), &manifest, &names)?;
    let as_of = stage::as_of(project, &manifest)?;
    let plan = Plan::new(book).map_err(Error::Settings)?;
    let scene = compute::Scene::read(project, &manifest, &plan, month, &names)?;
    let context = compute::context(project, &dimensions, &scene, &names, as_of)?;
    let event = Event {
        occurred_at: d.occurred_at,
        due_at: d.due_at,
        done_at: d.done_at,
        caused_by: names.find(&d.caused_by).unwrap_or(NONE),
    };
    let mut steps = Vec::new();
    if let Some(detector) = plan.detector(rule) {
        steps.extend(detector.explain(&event, &context, project.lang()).map_err(calendar_error)?);
        steps.extend(details::lines(project, month, &d, detector, &context)?);
    }
    let evidence: Vec<(String, String, i64, std::result::Result<String, String>)> = d
        .evidence
        .iter()
        .map(|(table, file, row)| {
            let found = raw::record(&project.raw, file, *row as u64, &project.data.join(".explain"));
            (table.clone(), file.clone(), *row, found)
        })
        .collect();
    let points = |n: i64| format!("{}{}.{:02}", if n == 0 { "" } else { "−" }, n / 100, n % 100);
    let mut lines = Vec::new();
    let mut line = |zh_label: &str, en_label: &str, value: String| {
        lines.push(format!("{}{} {value}", if zh { zh_label } else { en_label }, if zh { "：" } else { ":" }));
    };
    line("扣分编号", "deduction", d.deduction_id.clone());
    line("规则", "rule", format!("{} {} ({})", d.rule_id, text.title.get(project.lang()), d.rulebook_version));
    line("条款", "clause", format!("{} 「{}」", text.clause, text.quote));
    if !text.interpretation.get(project.lang()).is_empty() {
        line("口径", "reading", text.interpretation.get(project.lang()).trim().to_owned());
    }
    line("考核月", "period", month.to_string());
    line("店铺", "shop", d.shop.clone());
    line("承担人", "charged to", d.staff_id.clone());
    if d.caused_by != d.staff_id {
        line("当事人", "caused by", d.caused_by.clone());
    }
    for (i, step) in steps.iter().enumerate() {
        line("推算", "step", format!("{}. {step}", i + 1));
    }
    line("本月第几次", "occurrence", d.occurrence_no.to_string());
    line("倍数", "factor", format!("×{}", d.factor));
    line("扣分", "points", points(d.points));
    if let Some(by) = &d.waived_by {
        let at = d.waived_at.map_or_else(String::new, |t| format!(" ({})", project.zone().format(t)));
        line("豁免批准", "waived by", format!("{by}{at}"));
    }
    for (table, file, row, found) in &evidence {
        let what = match found {
            Ok(text) => text.clone(),
            Err(e) => format!("({e})"),
        };
        line("原始记录", "raw row", format!("{table} {file}:{row}\n    {what}"));
    }
    let json = json!({
        "type": "explanation", "deduction_id": d.deduction_id, "rule_id": d.rule_id, "clause": text.clause,
        "quote": text.quote, "period": month.to_string(), "shop": d.shop, "staff_id": d.staff_id,
        "caused_by": d.caused_by, "steps": steps, "occurrence_no": d.occurrence_no, "factor": d.factor,
        "points": d.points, "waived_by": d.waived_by,
        "evidence": evidence.iter().map(|(table, file, row, found)| json!({
            "table": table, "file": file, "row": row, "raw": found.as_ref().ok(), "problem": found.as_ref().err(),
        })).collect::<Vec<_>>(),
    });
    Ok(Explained { lines, json })
}

fn find(project: &Project, manifest: &Manifest, id: &str) -> Result<(Month, Deduction)> {
    let wanted = id.trim().to_lowercase();
    let names: Vec<&str> = DEDUCTIONS.columns.iter().map(|c| c.name).collect();
    let mut found = Vec::new();
    for month in inputs::months(manifest) {
        for path in mart::month_files(&project.mart(), &DEDUCTIONS, month)? {
            columns::each(&path, &names, |rows| {
                let all = gather::deduction(rows)?;
                found.extend(all.into_iter().filter(|d| d.deduction_id.starts_with(&wanted)).map(|d| (month, d)));
                Ok(())
            })?;
        }
    }
    let help = "ids stand on the pages of people, under each deduction";
    match found.len() {
        1 => found.pop().ok_or_else(|| Error::Failed("lost".into())),
        0 => Err(Diagnostic::error("K0203", format!("no deduction has the id `{id}`")).help(help).into()),
        n => Err(Diagnostic::error("K0204", format!("{n} deductions have ids that begin with `{id}`"))
            .help("write more of its digits")
            .into()),
    }
}
