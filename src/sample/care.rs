//! What agents do around a conversation: follow it up the next day, annotate what was asked at night, keep the auto
//! replies as approved; and what they owe where they do not. Written from the clauses alone.

use super::autos::Autos;
use super::chat::{Chat, Role};
use super::judge::{Finding, Verdict};
use super::rules::Rule;
use super::wall::{self, Wall};
use super::world::World;
use crate::base::time::DAY;

/// How an inquiry is followed up; offsets in ms around the end of the day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    InTime,
    At(i64),
    Never,
    /// In time, with a form like this.
    Form(&'static str),
}

/// How an offline message is annotated; offsets in ms around its due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Annotated {
    InTime,
    At(i64),
    Short,
    Never,
}

/// Both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    pub followed: Followed,
    pub annotated: Annotated,
}

impl Default for Care {
    fn default() -> Care {
        Care { followed: Followed::InTime, annotated: Annotated::InTime }
    }
}

/// The end of the day after an inquiry's date.
pub fn followup_due(day: i32) -> Wall {
    wall::midnight(day + 2)
}

/// Adds what the conversation owes beside its answers.
pub fn judge(world: &World, chat: &Chat, verdict: &mut Verdict) {
    let mut owed: Vec<Finding> = Vec::new();
    for inquiry in &verdict.asked {
        let late = match chat.care.followed {
            Followed::InTime | Followed::Form(_) => false,
            Followed::At(offset) => offset > 0,
            Followed::Never => true,
        };
        if late {
            owed.push(Finding {
                rule: Rule::FollowupLate,
                payer: inquiry.agent,
                period: wall::month(inquiry.day),
                occurred: inquiry.first,
                due: Some(followup_due(inquiry.day)),
                asked: inquiry.question,
                stated: None,
            });
        }
    }
    for offline in &verdict.offline {
        let lacking = match chat.care.annotated {
            Annotated::InTime => false,
            Annotated::At(offset) => offset > 0,
            Annotated::Short | Annotated::Never => true,
        };
        let same = |f: &&Finding| (f.rule, f.due) == (Rule::MissingAnnotation, Some(offline.due));
        if lacking && !owed.iter().any(|f| same(&f)) {
            owed.push(Finding {
                rule: Rule::MissingAnnotation,
                payer: offline.by,
                period: wall::month(offline.day),
                occurred: offline.asked,
                due: Some(offline.due),
                asked: offline.question,
                stated: None,
            });
        }
    }
    owed.extend(texts(world, chat));
    verdict.findings.extend(owed);
}

/// Auto replies that somebody changed: the department's own are as approved.
fn texts(world: &World, chat: &Chat) -> Vec<Finding> {
    let mut owed = Vec::new();
    let own = chat.messages.iter().enumerate().filter(|(_, m)| m.role == Role::Auto && m.number == Autos::AS_WRITTEN);
    for (place, message) in own {
        let day = wall::day(message.at);
        let mut add = |rule, due| {
            owed.push(Finding {
                rule,
                payer: world.people.owner(usize::from(message.account), day),
                period: wall::month(day),
                occurred: message.at,
                due,
                asked: place,
                stated: None,
            });
        };
        if !world.autos.approved(message.text, day) {
            add(Rule::AutoReply, None);
        }
        for promotion in world.autos.promotions.iter().filter(|p| p.shop == chat.shop) {
            let holds = message.text.contains(promotion.keyword);
            if (promotion.starts..promotion.ends).contains(&message.at) && !holds {
                add(Rule::PromotionMissing, None);
            }
            if message.at > promotion.ends + DAY && holds {
                add(Rule::PromotionStale, Some(promotion.ends + DAY));
            }
        }
    }
    owed
}
