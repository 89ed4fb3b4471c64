//! Sessions without any answer, answers behind the expiry of a round, and what only looks like them.

use super::Stage;
use super::casting::Duty::{Early, Late, Off};
use crate::base::time::{DAY, MINUTE, SECOND};
use crate::sample::judge::Rule::{DayUnfinished, FirstResponse, Missed, NightUnfinished};
use crate::sample::texts;

pub fn plant(stage: &mut Stage) {
    let cast = stage.cast(Off);
    stage.play_own("missed_off_duty", cast, &[DayUnfinished, Missed], |chat, c| {
        chat.asks(c.at(14), c.account);
        chat.auto(c.at(14) + 700, c.account, texts::WELCOME);
        chat.asks(c.at(14) + 4 * MINUTE, c.account);
    });
    let cast = stage.cast(Late);
    stage.play_own("missed_at_night", cast, &[NightUnfinished, Missed], |chat, c| {
        chat.asks(c.at(21), c.account);
        chat.auto(c.at(21) + 700, c.account, texts::WELCOME);
    });
    let cast = stage.cast(Early);
    stage.play_own("missed_small_hours", cast, &[DayUnfinished, Missed], |chat, c| {
        chat.asks(c.at(2), c.account);
        chat.auto(c.at(2) + 600, c.account, texts::AWAY);
        chat.closes(c.at(2) + MINUTE, c.account);
    });
    let cast = stage.cast(Early);
    stage.play_own("missed_but_for_the_robot", cast, &[DayUnfinished, Missed], |chat, c| {
        chat.asks(c.at(16), c.account);
        chat.bot(c.at(16) + SECOND, c.account);
        chat.asks(c.at(16) + MINUTE, c.account);
        chat.bot(c.at(16) + MINUTE + SECOND, c.account);
    });
    // Its first session was answered; the second, of the same day, was not.
    let cast = stage.cast(Early);
    stage.play_own("missed_second_session", cast, &[DayUnfinished, Missed], |chat, c| {
        chat.asks(c.at(10), c.account);
        chat.answers(c.at(10) + 12 * SECOND, c.account);
        chat.asks(c.at(15), c.account);
    });
    // A later round of an answered session: unfinished, not missed.
    let cast = stage.cast(Early);
    stage.play_own("not_missed_second_round", cast, &[DayUnfinished], |chat, c| {
        chat.asks(c.at(10), c.account);
        chat.answers(c.at(10) + 20 * SECOND, c.account);
        chat.asks(c.at(10) + 2 * MINUTE, c.account);
    });
    // The agent began: nothing of the buyer's is answered, and yet the session is not a missed one.
    let cast = stage.cast(Early);
    stage.play_own("not_missed_session_of_the_agent", cast, &[DayUnfinished], |chat, c| {
        chat.says(c.at(11), c.account, texts::GREETING);
        chat.asks(c.at(11) + 3 * MINUTE, c.account);
    });
    // An answer is one up to 21 days later, and none behind that.
    let early_days = stage.first_day() + 7;
    for (kind, over, owed) in [
        ("round_expiry_not_over", 0, [DayUnfinished, FirstResponse]),
        ("round_expiry_over", 1, [DayUnfinished, Missed]),
    ] {
        let cast = stage.cast_on(super::casting::Duty::Any, |_, day| day < early_days);
        stage.play_own(kind, cast, &owed, |chat, c| {
            chat.asks(c.at(10), c.account);
            chat.answers(c.at(10) + 21 * DAY + over, c.account);
        });
    }
}
