//! The pages of each audience: what stands around them, and the files that they become.

use super::changed;
use super::changes::Change;
use super::form::form;
use super::inputs::Files;
use super::overview::overview;
use super::pay_page;
use super::results::PayResult;
use super::room::{Audience, Room};
use crate::base::{Month, Result};
use crate::report::engine::Engine;
use crate::report::views::form::{self as forms, Forms};
use crate::report::views::sheet::Sheet;
use crate::report::views::table::Link;
use crate::report::views::{Frame, NavItem, Page, View};
use serde::Serialize;

/// Templates that reviews are made with.
pub const TEMPLATES: [&str; 2] = [SHEET, forms::TEMPLATE];
const SHEET: &str = "sheet.html";

/// What a template is given.
#[derive(Serialize)]
struct Context<'a, V> {
    frame: &'a Frame,
    view: &'a V,
}

/// The sheets of HR as pages, for the site and for the workbook.
pub fn hr_sheets(room: &Room, pay: &[PayResult]) -> Vec<Page> {
    let mut pages = vec![page(room, "index.html", overview(room, Audience::Hr), Audience::Hr)];
    if room.inputs.pay.is_some() {
        pages.push(page(room, "pay.html", pay_page::page(room, pay), Audience::Hr));
    }
    pages
}

fn page(room: &Room, file: &str, sheet: Sheet, audience: Audience) -> Page {
    let frame = frame(room, file, "", sheet.title.clone(), audience);
    Page { files: vec![(file.to_owned(), SHEET)], frame, view: View::Sheet(Box::new(sheet)) }
}

/// The pages of HR: everyone, everyone's forms one by one and in one print, pay where it is known.
pub fn hr(room: &Room, engine: &Engine, sheets: &[Page]) -> Result<Files> {
    let mut files = Files::new();
    for page in sheets {
        for (file, template) in &page.files {
            put(&mut files, file, engine.text(template, &Context { frame: &page.frame, view: &page.view })?);
        }
    }
    of_people(room, engine, Audience::Hr, &mut files)?;
    Ok(files)
}

/// The pages of one who supervised people.
pub fn manager(room: &Room, engine: &Engine, boss: &str) -> Result<Files> {
    let audience = Audience::Manager(boss);
    let mut files = Files::new();
    let page = page(room, "index.html", overview(room, audience), audience);
    put(&mut files, "index.html", engine.text(SHEET, &Context { frame: &page.frame, view: &page.view })?);
    of_people(room, engine, audience, &mut files)?;
    Ok(files)
}

/// The page of an amended review: what is other than in the version before.
pub fn changed(room: &Room, engine: &Engine, changes: &[Change], version: u32) -> Result<Vec<u8>> {
    let page = page(room, "changes.html", changed::sheet(room, changes, version), Audience::Hr);
    Ok(engine.text(SHEET, &Context { frame: &page.frame, view: &page.view })?.into_bytes())
}

/// A person's own form.
pub fn staff(room: &Room, engine: &Engine, staff_id: &str) -> Result<Files> {
    let mut files = Files::new();
    if let Some(review) = room.reviews.get(staff_id) {
        let audience = Audience::Staff(staff_id);
        let one = form(room, review, audience);
        let frame = frame(room, "form.html", "", one.title.clone(), audience);
        let view = Forms { forms: vec![one] };
        put(&mut files, "form.html", engine.text(forms::TEMPLATE, &Context { frame: &frame, view: &view })?);
    }
    Ok(files)
}

/// A form a person, and all of them for one print.
fn of_people(room: &Room, engine: &Engine, audience: Audience, files: &mut Files) -> Result<()> {
    let mut all = Vec::new();
    for review in room.people(audience) {
        let one = form(room, review, audience);
        let file = room.form_file(&review.member.staff_id);
        let frame = frame(room, &file, "../", review.member.name.clone(), audience);
        let view = Forms { forms: vec![one.clone()] };
        put(files, &file, engine.text(forms::TEMPLATE, &Context { frame: &frame, view: &view })?);
        all.push(one);
    }
    let title = room.words.text("review.nav.forms");
    let frame = frame(room, "forms.html", "", title, audience);
    put(files, "forms.html", engine.text(forms::TEMPLATE, &Context { frame: &frame, view: &Forms { forms: all } })?);
    Ok(())
}

fn put(files: &mut Files, name: &str, text: String) {
    files.insert(name.to_owned(), text.into_bytes());
}

fn frame(room: &Room, file: &str, root: &'static str, title: String, audience: Audience) -> Frame {
    let (words, inputs) = (room.words, room.inputs);
    let hr = matches!(audience, Audience::Hr);
    let all = !matches!(audience, Audience::Staff(_));
    let stems =
        [("index", all), ("forms", all), ("pay", hr && inputs.pay.is_some()), ("changes", hr && inputs.amended)];
    let nav = stems.into_iter().filter(|(_, there)| *there).map(|(stem, _)| stem).map(|stem| NavItem {
        text: words.text(&format!("review.nav.{stem}")),
        href: format!("{root}{stem}.html"),
        current: file == format!("{stem}.html"),
    });
    let people = match audience {
        Audience::Staff(_) => Vec::new(),
        _ => room.people(audience),
    };
    let people = people.into_iter().map(|r| Link {
        text: room.name(&r.member.staff_id),
        href: Some(format!("{root}{}", room.form_file(&r.member.staff_id))),
    });
    let crumbs = match (audience, root) {
        (Audience::Staff(_), _) | (_, "") => Vec::new(),
        _ => vec![
            Link { text: words.text("review.nav.index"), href: Some(format!("{root}index.html")) },
            Link { text: title.clone(), href: None },
        ],
    };
    let said = |key: &str, value: String| (words.text(&format!("colophon.{key}")), value);
    let as_of = inputs.zone.format(inputs.as_of);
    Frame {
        lang: words.text("lang"),
        title,
        month: room.period(),
        root,
        draft: draft(room),
        crumbs,
        nav: nav.collect(),
        people: people.collect(),
        colophon: vec![
            said("as_of", format!("{as_of} ({})", inputs.zone)),
            said("preset", inputs.preset.clone()),
            said("pipeline", inputs.pipeline.clone()),
            said("rulebook", inputs.rulebook.version.clone()),
            said("program", inputs.program_version.clone()),
        ],
    }
}

/// Which months are not frozen, where any is.
fn draft(room: &Room) -> Option<String> {
    let months = &room.inputs.months;
    let closed = |m: &Month| months.iter().any(|of| of.month == *m && of.closed);
    // Months before the first data are none of the period's.
    let there = |m: &Month| months.first().is_some_and(|first| first.month <= *m);
    let open = room.inputs.period.months().into_iter().filter(|m| there(m) && !closed(m));
    let open: Vec<String> = open.map(|m| m.to_string()).collect();
    let as_of = room.inputs.zone.format(room.inputs.as_of);
    (room.inputs.draft && !open.is_empty())
        .then(|| room.words.fill("review.draft", &[("as_of", &as_of), ("months", &room.list(&open))]))
}
