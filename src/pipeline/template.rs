//! `kaohe template`: forms that people fill in, written from the project's own settings.

use super::Project;
use crate::base::{Diagnostic, Error, Month, Place, Result, files};
use crate::report::registers::{Book, workbook};
use crate::report::render::catalogue;
use crate::rules::Plan;
use crate::settings::source;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Debug)]
pub struct Written {
    pub path: PathBuf,
    /// Names of its sheets of rows.
    pub sheets: Vec<String>,
}

/// Writes the workbook of the registers. `month`: its name and its help sheet say it; `to`: where, else in the current
/// folder under a name of the project's language; `over`: a file that is there is written over.
///
/// # Errors
/// Wrong settings, or a file that is there already (exit 2); a disk that does not take it.
pub fn registers(project: &Project, month: Option<Month>, to: Option<&Path>, over: bool) -> Result<Written> {
    let sources = source::load(&project.files)?;
    let plan = Plan::new(&project.settings.rulebook).map_err(Error::Settings)?;
    let words = catalogue(project.lang(), &|name: &str| project.files.template(name))?;
    let book = Book::new(&sources, &plan, project.lang(), month, &words);
    let bytes = workbook(&book, &words)?;
    let month = month.map_or_else(String::new, |m| format!("-{m}"));
    let path =
        to.map_or_else(|| PathBuf::from(format!("{}{month}.xlsx", words.text("registers.file"))), Path::to_path_buf);
    if path.exists() && !over {
        let name = path.display().to_string();
        let d =
            Diagnostic::error("K0002", format!("{name} is there already")).at(Place::file(name, "may be filled in"));
        return Err(d.help("name another file with --out, or write over it with --force").into());
    }
    files::write_atomic(&path, &bytes)?;
    Ok(Written { path, sheets: book.sheets.into_iter().map(|s| s.title).collect() })
}
