//! Whose account it was that day: accounts that change hands, people who come and go, accounts of nobody.

use super::Stage;
use crate::sample::judge::Rule::{DayUnfinished, FirstResponse, Missed};
use crate::sample::people::{JOINS, LEAVES, NOBODYS_ACCOUNT, SHARED_ACCOUNT};

/// The second account of her who has two.
const HER_SECOND: usize = crate::sample::people::AGENTS;

pub fn plant(stage: &mut Stage) {
    nobody(stage);
    let (joins, leaves, handover) =
        (stage.world.people.joins_on, stage.world.people.leaves_on, stage.world.people.hands_over_on);
    unanswered(stage, "handover_last_day", SHARED_ACCOUNT, handover);
    unanswered(stage, "handover_first_day", SHARED_ACCOUNT, handover + 1);
    unanswered(stage, "leaver_last_day", LEAVES, leaves);
    unanswered(stage, "leaver_gone", LEAVES, leaves + 1);
    unanswered(stage, "joiner_not_there_yet", JOINS, joins - 1);
    unanswered(stage, "joiner_first_day", JOINS, joins);
    // In the second shop the same person pays.
    let day = stage.first_day() + 3 + stage.dice.index(20) as i32;
    unanswered(stage, "second_account", HER_SECOND, day);
}

/// Asked on that day, answered the next morning only: whoever has the account on the day pays.
fn unanswered(stage: &mut Stage, kind: &'static str, account: usize, day: i32) {
    if !(stage.first_day()..=stage.last_day()).contains(&day) {
        return;
    }
    let payer = stage.world.people.owner(account, day);
    // Where nobody has it, a number that no agent has keeps the days of all agents free.
    let cast = stage.cast_as(payer.unwrap_or(usize::MAX), account, day);
    let answers = stage.colleague(&cast);
    let owed = vec![(DayUnfinished, payer), (FirstResponse, payer)];
    stage.play(kind, Some(cast), owed, |chat, c| {
        chat.asks(c.at(15), c.account);
        chat.answers(c.morning, answers);
    });
}

/// An account without an owner: the payer is `unassigned`, the due time the end of online hours.
fn nobody(stage: &mut Stage) {
    let day = stage.first_day() + 2 + stage.dice.index(20) as i32;
    for (kind, hour, after) in [("unassigned_met", 10, 0), ("unassigned_late", 13, 1)] {
        let cast = stage.cast_as(usize::MAX, NOBODYS_ACCOUNT, day);
        let answers = stage.colleague(&cast);
        let mut owed = vec![(FirstResponse, None)];
        owed.extend((after > 0).then_some((DayUnfinished, None)));
        stage.play(kind, Some(cast), owed, |chat, c| {
            chat.asks(c.at(hour), c.account);
            chat.answers(c.sharp(23) + after, answers);
        });
    }
    let cast = stage.cast_as(usize::MAX, NOBODYS_ACCOUNT, day + 1);
    let owed = vec![(DayUnfinished, None), (Missed, None)];
    stage.play("unassigned_missed", Some(cast), owed, |chat, c| chat.asks(c.at(16), c.account));
}
