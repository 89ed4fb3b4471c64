//! Waivers that name a deduction which no computed month holds.

use super::inputs;
use super::project::Project;
use crate::base::{Diagnostic, Place, Result};
use crate::lake::columns;
use crate::lake::dimensions::WaiverRow;
use crate::lake::manifest::Manifest;
use crate::lake::mart;
use crate::lake::schema::DEDUCTIONS;
use std::collections::BTreeSet;

/// A warning for each of them.
pub fn unmatched(project: &Project, manifest: &Manifest, waivers: &[WaiverRow]) -> Result<Vec<Diagnostic>> {
    let mut open: BTreeSet<&str> = waivers.iter().filter_map(|w| w.deduction_id.as_deref()).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    for month in inputs::months(manifest) {
        for path in mart::month_files(&project.mart(), &DEDUCTIONS, month)? {
            columns::each(&path, &["deduction_id"], |rows| {
                rows.text("deduction_id")?.iter().flatten().for_each(|id| {
                    open.remove(id);
                });
                Ok(())
            })?;
        }
    }
    let warning = |w: &WaiverRow| {
        let id = w.deduction_id.as_deref().unwrap_or("");
        Diagnostic::warning("K0315", format!("this waiver names the deduction {id}, which no computed month holds"))
            .at(Place::row(w.file.clone(), w.row.max(0) as u64, Some("deduction_id"), ""))
            .help("copy the id from the person's page; a deduction that was charged to somebody else has another id")
    };
    Ok(waivers.iter().filter(|w| w.deduction_id.as_deref().is_some_and(|id| open.contains(id))).map(warning).collect())
}
