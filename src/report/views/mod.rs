//! What each page says, final: strings, tables, chart geometry. A view rounds; a template only places.

pub mod backlog;
pub mod brief;
pub mod chapter;
pub mod chart;
pub mod conversion;
pub mod definitions;
pub mod desk;
pub mod discipline;
pub mod figure;
pub mod form;
pub mod grid;
pub mod kpi;
mod layout;
pub mod ledger;
pub mod moved;
pub mod orders;
pub mod overview;
pub mod person;
pub mod presets;
pub mod proof;
pub mod quality;
pub mod ranking;
pub mod rule;
pub mod satisfaction;
pub mod service;
pub mod sheet;
pub mod shop;
pub mod suggest;
pub mod sums;
pub mod table;
pub mod team;
pub mod todo;
pub mod trend;

use super::data::Inputs;
use super::format;
use super::words::Words;
use crate::base::Result;
use desk::{Desk, From};
use schemars::JsonSchema;
use serde::Serialize;
use sheet::Sheet;
use table::Link;

/// Makes a sheet.
type SheetOf = fn(&Desk) -> Sheet;

/// The sheets of the whole department, in the order of the navigation: (stem of the file, page). Its name there is the
/// catalogue's `nav.STEM`.
const SHEETS: [(&str, SheetOf); 7] = [
    ("service", service::service),
    ("backlog", backlog::backlog),
    ("conversion", conversion::conversion),
    ("orders", orders::orders),
    ("satisfaction", satisfaction::satisfaction),
    ("discipline", discipline::discipline),
    ("presets", presets::presets),
];

/// One page: the files it becomes, its frame and what it says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Page {
    /// (file, template)
    pub files: Vec<(String, &'static str)>,
    pub frame: Frame,
    pub view: View,
}

/// What stands around every page.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Frame {
    pub lang: String,
    pub title: String,
    pub month: String,
    /// Leads to the report's root: empty, or `../`.
    pub root: &'static str,
    /// Why the figures may still change, where they may.
    pub draft: Option<String>,
    pub crumbs: Vec<Link>,
    pub nav: Vec<NavItem>,
    /// Everyone with a page, by name and id, for the field that finds them.
    pub people: Vec<Link>,
    /// As-of, preset, pipeline, rulebook, program.
    pub colophon: Vec<(String, String)>,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct NavItem {
    pub text: String,
    pub href: String,
    pub current: bool,
}

#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum View {
    Overview(Box<overview::Overview>),
    Sheet(Box<Sheet>),
    Person(Box<person::PersonPage>),
    Rule(Box<rule::RulePage>),
    Quality(Box<quality::QualityPage>),
    Definitions(Box<definitions::DefinitionsPage>),
}

/// All pages of a report, in a fixed order.
pub fn pages(inputs: &Inputs, words: &Words) -> Result<Vec<Page>> {
    let desk = Desk::new(inputs, words)?;
    let mut pages = Vec::new();

    pages.push(Page {
        files: vec![("index.html".to_owned(), "index.html")],
        frame: frame(&desk, From::Root, "index.html", None),
        view: View::Overview(Box::new(overview::overview(&desk))),
    });

    let sheet = |file: String, frame: Frame, sheet: Sheet| Page {
        files: vec![(file, "sheet.html")],
        frame,
        view: View::Sheet(Box::new(sheet)),
    };
    for (stem, of) in SHEETS {
        let file = format!("{stem}.html");
        pages.push(sheet(file.clone(), frame(&desk, From::Root, &file, None), of(&desk)));
    }
    for kpi in kpi::ALL {
        let below = ("overview.headlines", "headlines", kpi.name(words, inputs));
        let frame = frame(&desk, From::Folder, &kpi.file(), Some(below));
        pages.push(sheet(kpi.file(), frame, figure::figure(&desk, kpi)));
    }
    for shop in desk.now.shops() {
        let Some(file) = desk.shop_file(shop) else { continue };
        let frame = frame(&desk, From::Folder, &file, Some(("overview.shops", "shops", shop.to_owned())));
        pages.push(sheet(file, frame, shop::shop(&desk, shop)));
    }
    for team in &desk.teams {
        let Some(file) = desk.team_file(team) else { continue };
        let frame = frame(&desk, From::Folder, &file, Some(("overview.teams", "teams", (*team).to_owned())));
        pages.push(sheet(file, frame, team::team(&desk, team)));
    }
    for id in &desk.staff {
        let Some(file) = desk.person_file(id) else { continue };
        let frame = frame(&desk, From::Folder, &file, Some(("nav.people", "people", desk.name(id))));
        let view = View::Person(Box::new(person::person(&desk, id)));
        pages.push(Page { files: vec![(file, "person.html")], frame, view });
    }
    for id in &desk.rule_ids {
        let Some(file) = desk.rule_file(id) else { continue };
        let frame = frame(&desk, From::Folder, &file, Some(("nav.clauses", "clauses", desk.title(id))));
        let view = View::Rule(Box::new(rule::rule(&desk, id)));
        pages.push(Page { files: vec![(file, "rule.html")], frame, view });
    }
    pages.push(Page {
        files: vec![("quality.html".to_owned(), "quality.html")],
        frame: frame(&desk, From::Root, "quality.html", None),
        view: View::Quality(Box::new(quality::quality(&desk))),
    });
    pages.push(Page {
        files: vec![("definitions.html".to_owned(), "definitions.html")],
        frame: frame(&desk, From::Root, "definitions.html", None),
        view: View::Definitions(Box::new(definitions::definitions(&desk))),
    });
    Ok(pages)
}

/// Why the figures may still change, where they may.
fn draft(desk: &Desk) -> Option<String> {
    let (as_of, month) = (desk.inputs.zone.format(desk.inputs.as_of), format::month(desk.words, desk.now.month.month));
    let now = desk.now.month;
    let key = if now.provisional { "draft" } else { "draft_open" };
    (!now.closed).then(|| desk.words.fill(key, &[("as_of", &as_of), ("month", &month)]))
}

/// `below`: for a page in a folder, the section of the overview that leads to it (text, anchor) and its own name.
fn frame(desk: &Desk, from: From, file: &str, below: Option<(&str, &str, String)>) -> Frame {
    let (inputs, words) = (desk.inputs, desk.words);
    let root = from.prefix();
    let stems = ["index"].into_iter().chain(SHEETS.map(|(stem, _)| stem)).chain(["quality", "definitions"]);
    let nav: Vec<NavItem> = stems
        .map(|stem| {
            let (page, key) = (format!("{stem}.html"), if stem == "index" { "overview" } else { stem });
            let current = page == file;
            NavItem { text: words.text(&format!("nav.{key}")), href: format!("{root}{page}"), current }
        })
        .collect();
    let month = format::month(words, desk.now.month.month);
    let as_of = inputs.zone.format(inputs.as_of);
    let mut crumbs = vec![Link { text: words.text("nav.overview"), href: Some(format!("{root}index.html")) }];
    let title = match below {
        Some((section, anchor, name)) => {
            crumbs.push(Link { text: words.text(section), href: Some(format!("{root}index.html#{anchor}")) });
            crumbs.push(Link { text: name.clone(), href: None });
            name
        }
        None => {
            let current = nav.iter().find(|n| n.current).map_or_else(String::new, |n| n.text.clone());
            if file != "index.html" {
                crumbs.push(Link { text: current.clone(), href: None });
            }
            current
        }
    };
    let said = |key: &str, value: String| (words.text(&format!("colophon.{key}")), value);
    Frame {
        lang: words.text("lang"),
        title,
        month,
        root,
        draft: draft(desk),
        crumbs: if file == "index.html" { Vec::new() } else { crumbs },
        nav,
        people: desk.staff.iter().map(|id| desk.named_link(from, id)).collect(),
        colophon: vec![
            said("as_of", format!("{as_of} ({})", inputs.zone)),
            said("preset", desk.preset()),
            said("clock", overview::clock(desk)),
            said("pipeline", inputs.pipeline.clone()),
            said("rulebook", inputs.rulebook_version.clone()),
            said("program", inputs.program_version.clone()),
        ],
    }
}
