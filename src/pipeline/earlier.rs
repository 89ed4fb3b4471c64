//! Results of earlier months, as rules that look back read them from the mart.

use super::project::Project;
use crate::base::{Month, Result};
use crate::lake::columns::{self, get_text};
use crate::lake::mart;
use crate::lake::schema::{DEDUCTIONS, SCORES};
use crate::rules::Results;
use crate::rules::results::MonthResults;

/// The results of the months that were computed.
pub fn results(project: &Project, months: &[Month]) -> Result<Results> {
    let mut all = Results::default();
    for &month in months {
        let mut own = MonthResults::default();
        for path in mart::month_files(&project.mart(), &SCORES, month)? {
            columns::each(&path, &["staff_id", "grade"], |rows| {
                let (staff, grade) = (rows.text("staff_id")?, rows.text("grade")?);
                own.grades.extend((0..rows.len()).map(|i| (staff.value(i).to_owned(), grade.value(i).to_owned())));
                Ok(())
            })?;
        }
        for path in mart::month_files(&project.mart(), &DEDUCTIONS, month)? {
            columns::each(&path, &["rule_id", "staff_id", "waived_by"], |rows| {
                let (rule, staff, waived) = (rows.text("rule_id")?, rows.text("staff_id")?, rows.text("waived_by")?);
                for i in (0..rows.len()).filter(|&i| get_text(&waived, i).is_none()) {
                    let key = (rule.value(i).to_owned(), staff.value(i).to_owned());
                    *own.charged.entry(key).or_insert(0) += 1;
                }
                Ok(())
            })?;
        }
        all.set(month, own);
    }
    Ok(all)
}
