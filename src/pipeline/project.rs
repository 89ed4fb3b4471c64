//! A project opened: settings, calendar, paths and what the command line says.

use super::targets;
use crate::base::{Diagnostic, Error, Month, Ms, Result, Zone};
use crate::calendar::{CalendarError, Hours, Workdays};
use crate::settings::{Files, Settings};
use std::path::{Path, PathBuf};

/// What the command line may change; everything else is in the pipeline file.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Empty: all months of the data.
    pub months: Vec<Month>,
    /// The clock; `None`: the newest event of the data.
    pub as_of: Option<Ms>,
    pub data: Option<PathBuf>,
    pub out: Option<PathBuf>,
    pub lang: Option<String>,
    /// A folder whose templates win over the project's.
    pub templates: Option<PathBuf>,
}

/// An opened project.
#[derive(Debug)]
pub struct Project {
    pub files: Files,
    pub settings: Settings,
    pub options: Options,
    pub workdays: Workdays,
    pub online: Hours,
    pub office: Hours,
    pub raw: PathBuf,
    pub data: PathBuf,
    pub reports: PathBuf,
    /// Bundles of half-years and years.
    pub reviews: PathBuf,
    pub mart: PathBuf,
    pub key: PathBuf,
}

/// The folder that paths hang on: the one that holds `pipelines/`, else the pipeline file's own.
pub fn root_of(pipeline: &Path) -> PathBuf {
    let dir = pipeline.parent().unwrap_or(Path::new(""));
    if dir.file_name().is_some_and(|n| n == "pipelines") { dir.parent().unwrap_or(dir) } else { dir }.to_path_buf()
}

impl Project {
    /// Reads and checks all settings of a pipeline.
    ///
    /// # Errors
    /// Everything that is wrong with them (exit 2).
    pub fn open(pipeline: &Path, options: Options) -> Result<Project> {
        let root = root_of(pipeline);
        let files = Files::new(&root).with_templates(options.templates.clone());
        let name = pipeline.strip_prefix(&root).unwrap_or(pipeline).to_string_lossy().replace('\\', "/");
        let settings = Settings::load(&files, &name)?;
        targets::check(&settings.pipeline)?;
        let p = &settings.pipeline;
        let workdays = Workdays::load(&files, &p.calendar)?;
        let hours = |name: &str| -> Result<Hours> {
            let raw = p.hours.get(name).ok_or_else(|| missing_hours(name))?;
            Hours::compile(raw, p.zone, &workdays).map_err(Error::Settings)
        };
        let (online, office) = (hours("online")?, hours("office")?);
        let data = options.data.clone().unwrap_or_else(|| files.resolve(&p.paths.data));
        // A data folder of one's own brings its raw files along.
        let raw = options.data.as_ref().map_or_else(|| files.resolve(&p.paths.raw), |d| d.join("raw"));
        let reports = options.out.clone().unwrap_or_else(|| files.resolve(&p.paths.reports));
        let reviews = options.out.clone().unwrap_or_else(|| files.resolve(Path::new("reviews")));
        let (key, mart) = (files.resolve(&p.paths.key), data.join("mart"));
        Ok(Project { files, options, workdays, online, office, raw, data, reports, reviews, mart, key, settings })
    }

    pub fn zone(&self) -> Zone {
        self.settings.pipeline.zone
    }

    pub fn lang(&self) -> &str {
        self.options.lang.as_deref().unwrap_or(&self.settings.pipeline.lang)
    }

    pub fn lake(&self) -> PathBuf {
        self.data.join("lake")
    }

    pub fn mart(&self) -> PathBuf {
        self.mart.clone()
    }

    /// The same with a mart of its own, for computing again what is there already.
    #[must_use]
    pub fn beside(self, mart: PathBuf) -> Project {
        Project { mart, ..self }
    }
}

fn missing_hours(name: &str) -> Error {
    Diagnostic::error("K0120", format!("the pipeline has no [hours.{name}]"))
        .help(format!("add [hours.{name}] to the pipeline file"))
        .into()
}

/// A year without calendar data stops the run: the settings lack a file (exit 2).
pub fn calendar_error(e: CalendarError) -> Error {
    e.diagnostic().into()
}
