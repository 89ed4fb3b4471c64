//! Follow-ups and annotations, written as the inquiries' days go by.

use super::rows::{date, millis, seconds};
use crate::base::Result;
use crate::base::time::{HOUR, MINUTE};
use crate::sample::care::{Annotated, Followed, followup_due};
use crate::sample::chat::Chat;
use crate::sample::judge::{Finding, Rule, Verdict};
use crate::sample::people::{People, SHOPS};
use crate::sample::sheet::Monthly;
use crate::sample::texts;
use crate::sample::truth::Truth;
use crate::sample::wall::{self, Wall};
use crate::sample::world::World;
use std::collections::BTreeMap;
use std::path::Path;

const FOLLOWUPS: &[&str] = &["shop", "buyer", "staff_id", "inquiry_date", "done_at", "form"];
const ANNOTATIONS: &[&str] = &["shop", "buyer", "staff_id", "ts", "text"];
const NOTE: &str = "已回复并登记问题";
const SHORT: &str = "已回复。";

#[derive(Debug)]
enum Line {
    Followup { cells: Vec<String>, owed: Option<Finding> },
    Annotation { cells: Vec<String> },
}

/// Rows that wait for their inquiry's day.
#[derive(Debug)]
pub struct Chats<'a> {
    world: &'a World,
    followups: Monthly,
    annotations: Monthly,
    /// By inquiry date; the shop of each row.
    waiting: BTreeMap<i32, Vec<(usize, Line)>>,
}

impl<'a> Chats<'a> {
    pub fn new(world: &'a World, dir: &Path) -> Chats<'a> {
        Chats {
            world,
            followups: Monthly::new(dir, "followups", FOLLOWUPS),
            annotations: Monthly::new(dir, "annotations", ANNOTATIONS),
            waiting: BTreeMap::new(),
        }
    }

    /// The rows that go with a conversation; inquiries of the month behind the last are not delivered.
    pub fn add(&mut self, chat: &Chat, verdict: &Verdict) {
        let mut nick = Vec::new();
        texts::nick(chat.buyer, &mut nick);
        let who = [SHOPS[chat.shop].to_owned(), String::from_utf8_lossy(&nick).into_owned()];
        for asked in &verdict.asked {
            if asked.day > self.world.days.last || chat.care.followed == Followed::Never {
                continue;
            }
            let due = followup_due(asked.day);
            let (done, form) = match chat.care.followed {
                Followed::At(offset) => (due + offset, "complete"),
                Followed::Form(form) => (wall::midnight(asked.day + 1) + 11 * HOUR, form),
                _ => (wall::midnight(asked.day + 1) + 10 * HOUR + asked.first % (90 * MINUTE), "complete"),
            };
            let staff = asked.agent.map_or("H01", |a| People::id(Some(a)));
            let mut cells = who.to_vec();
            cells.extend([staff.to_owned(), date(asked.day), seconds(Some(done)), form.to_owned()]);
            let owed = (form != "complete").then(|| Finding {
                rule: Rule::FollowupForm,
                payer: asked.agent,
                period: wall::month(asked.day),
                occurred: wall::midnight(asked.day),
                due: None,
                asked: 0,
                stated: None,
            });
            self.waiting.entry(asked.day).or_default().push((chat.shop, Line::Followup { cells, owed }));
        }
        for offline in verdict.offline.iter().filter(|o| o.day <= self.world.days.last) {
            let (at, text): (Wall, &str) = match chat.care.annotated {
                Annotated::InTime => ((offline.answered + 2 * MINUTE).min(offline.due), NOTE),
                Annotated::At(offset) => (offline.due + offset, NOTE),
                Annotated::Short => ((offline.answered + 2 * MINUTE).min(offline.due), SHORT),
                Annotated::Never => continue,
            };
            let staff = offline.by.map_or("H01", |a| People::id(Some(a)));
            let mut cells = who.to_vec();
            cells.extend([staff.to_owned(), millis(at), text.to_owned()]);
            self.waiting.entry(offline.day).or_default().push((chat.shop, Line::Annotation { cells }));
        }
    }

    /// Writes what belongs to inquiries of a day.
    pub fn write_day(&mut self, day: i32, truth: &mut Truth) -> Result<()> {
        let month = wall::month(day);
        let (followups, annotations) = (self.followups.turn_to(month)?, self.annotations.turn_to(month)?);
        for (shop, line) in self.waiting.remove(&day).unwrap_or_default() {
            match line {
                Line::Followup { cells, owed } => {
                    let at = followups.row(&cells)?;
                    if let Some(finding) = owed {
                        let mark = truth.enter_row(vec![finding], Some(shop));
                        truth.place(mark, "followups", month, at);
                    }
                }
                Line::Annotation { cells } => {
                    annotations.row(&cells)?;
                }
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Result<()> {
        self.followups.close()?;
        self.annotations.close()
    }
}
