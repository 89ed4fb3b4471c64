//! The site: one HTML file a page.

use super::{File, Report};
use crate::base::Result;
use crate::report::views::{Frame, Page, View};
use rayon::prelude::*;
use serde::Serialize;

/// What a page's template is given.
#[derive(Serialize)]
struct Context<'a> {
    frame: &'a Frame,
    view: &'a View,
}

pub fn files(report: &Report) -> Result<Vec<File>> {
    let one = |page: &Page| -> Result<Vec<File>> {
        let context = Context { frame: &page.frame, view: &page.view };
        let fill = |(file, template): &(String, &'static str)| {
            Ok((file.clone(), report.engine.text(template, &context)?.into_bytes()))
        };
        page.files.iter().map(fill).collect()
    };
    let made: Vec<Result<Vec<File>>> = report.pages.par_iter().map(one).collect();
    Ok(made.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}
