//! Reviews of the six-month sample: what is rated is held against a slow reference, and each audience's files against what
//! they may hold.

mod appeals;
mod audiences;
mod moved;
mod pay;
mod rated;
mod reference;
mod settings;

use crate::support::{Project, stderr};
use kaohe::base::Zone;
use kaohe::lake::manifest::Manifest;
use kaohe::pipeline::basis::Months;
use kaohe::pipeline::{self, Options, review_gather};
use kaohe::review::{Content, PayFile, ReviewInputs, content};
use std::sync::OnceLock;

/// Sales targets of who joined and who left, which the sample does not have: their first and last month count in part.
const TARGETS: &str = "staff_id,shop,period,sales\n\
    S08,,2026-03,3000.00\nS08,,2026-04,3000.00\nS08,,2026-05,3000.00\nS08,,2026-06,3000.00\n\
    S11,,2026-01,3000.00\nS11,,2026-02,3000.00\nS11,,2026-03,3000.00\nS11,,2026-04,3000.00\n";

/// The sample, computed once for all tests of reviews; nobody changes it.
pub fn sample() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(fresh)
}

/// The sample, computed.
pub fn fresh() -> Project {
    let project = Project::new();
    let output = project.kaohe(&["sample", "--out", "data", "--quiet"]);
    assert!(output.status.success(), "{}", stderr(&output));
    project.raw("targets-joined.csv", TARGETS);
    // One of the planted leaks is a serious one: it costs the same, and is to be discussed by itself.
    let march = project.read("data/raw/incidents-2026-03.csv");
    let serious =
        march.replace("S09,cs.record.leak,2026-03-04 11:01:00,,false", "S09,cs.record.leak,2026-03-04 11:01:00,,true");
    assert_ne!(march, serious, "the sample's leak of March moved");
    project.raw("incidents-2026-03.csv", serious);
    project.ok(&["run", "--as-of", "2026-07-20", "--quiet"]);
    project
}

/// What the review of a period is made of, as the pipeline gathers it.
pub fn gathered(project: &Project, period: &str, pay: Option<PayFile>) -> ReviewInputs {
    gather(project, period, pay).unwrap_or_else(|e| panic!("{e}: {:#?}", e.diagnostics()))
}

pub fn gather(project: &Project, period: &str, pay: Option<PayFile>) -> kaohe::base::Result<ReviewInputs> {
    let options = Options { data: Some(project.path().join("data")), ..Options::default() };
    let opened = pipeline::Project::open(&project.path().join("pipelines/monthly.toml"), options).expect("settings");
    let manifest = Manifest::load(&opened.lake()).expect("a lake").expect("a manifest");
    let as_of = Zone::SHANGHAI.end_of(chrono::NaiveDate::from_ymd_opt(2026, 7, 20).expect("a day"));
    let period = period.parse().expect("a period");
    let months = Months::of(&opened, &manifest, period, true)?;
    review_gather::gather(&opened, &manifest, period, &months, as_of, pay)
}

/// The first half of 2026, without pay.
pub fn half() -> &'static (ReviewInputs, Content) {
    static HALF: OnceLock<(ReviewInputs, Content)> = OnceLock::new();
    HALF.get_or_init(|| {
        let inputs = gathered(sample(), "2026H1", None);
        let content = made(&inputs);
        (inputs, content)
    })
}

pub fn made(inputs: &ReviewInputs) -> Content {
    content(inputs).unwrap_or_else(|e| panic!("{e}: {:#?}", e.diagnostics()))
}
