//! Several open rounds of one conversation, and transfers: who pays how often.

use super::Stage;
use super::casting::Duty::{Early, Late, Off};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use crate::sample::judge::Rule::{DayUnfinished, FirstResponse, Missed, NightUnfinished};
use crate::sample::texts;

pub fn plant(stage: &mut Stage) {
    // Three sessions, one due time: one violation, three slow first responses.
    let cast = stage.cast_working(Early);
    let owed = [DayUnfinished, FirstResponse, FirstResponse, FirstResponse];
    stage.play_own("rounds_same_due", cast, &owed, |chat, c| {
        for hour in [10, 11, 14] {
            chat.asks(c.at(hour), c.account);
            chat.auto(c.at(hour) + 600, c.account, texts::WELCOME);
        }
        chat.answers(c.morning, c.account);
    });
    // Two days, two due times.
    let cast = stage.cast_working(Early);
    let owed = [DayUnfinished, DayUnfinished, FirstResponse, FirstResponse];
    let pair = cast.as_ref().map(|c| (c.agent, c.day + 1)).filter(|(a, d)| stage.world.people.employed(*a, *d));
    stage.used.extend(pair);
    stage.play_own("rounds_two_days", cast.filter(|_| pair.is_some()), &owed, |chat, c| {
        chat.asks(c.at(15), c.account);
        chat.asks(c.at(15) + DAY, c.account);
        chat.answers(c.morning + DAY, c.account);
    });
    // Friday's night and Saturday's have the same due time.
    let cast = stage.cast_on(Late, |stage, day| stage.pause_after(day) > 1);
    let next = cast.as_ref().map(|c| (c.agent, c.day + 1)).filter(|(a, d)| stage.world.people.employed(*a, *d));
    stage.used.extend(next);
    let owed = [NightUnfinished, FirstResponse, FirstResponse];
    stage.play_own("rounds_two_nights_one_noon", cast.filter(|_| next.is_some()), &owed, |chat, c| {
        chat.asks(c.at(19), c.account);
        chat.asks(c.at(20) + DAY, c.account);
        chat.answers(c.noon + 1, c.account);
    });
    two_accounts(stage);
    transfers(stage);
}

/// Two accounts addressed on one day: by due time, the earliest round's pays.
fn two_accounts(stage: &mut Stage) {
    // 18:00 for the first, 23:00 for the second.
    if let Some((first, second)) = stage.cast_pair(Early, Late) {
        let (a, b) = (Some(first.agent), Some(second.agent));
        let owed = vec![(DayUnfinished, a), (DayUnfinished, b), (FirstResponse, a), (FirstResponse, b)];
        stage.play("rounds_two_accounts_two_dues", Some(first), owed, |chat, c| {
            chat.asks(c.at(10), c.account);
            chat.asks(c.at(15), second.account);
            chat.answers(c.morning, second.account);
        });
    }
    // Both off duty, 23:00 for both: one violation, the first one's.
    if let Some((first, second)) = stage.cast_pair(Off, Off) {
        let (a, b) = (Some(first.agent), Some(second.agent));
        let owed = vec![(DayUnfinished, a), (FirstResponse, a), (FirstResponse, b)];
        stage.play("rounds_two_accounts_one_due", Some(first), owed, |chat, c| {
            chat.asks(c.at(12), c.account);
            chat.asks(c.at(16), second.account);
            chat.answers(c.sharp(23) + 1, second.account);
        });
    }
}

/// A transfer inside a round changes neither of its two accounts.
fn transfers(stage: &mut Stage) {
    for (kind, response, late) in
        [("transfer_in_a_round_met", 45_000, false), ("transfer_in_a_round_late", 45_001, true)]
    {
        let cast = stage.cast_working(Early);
        let receiver = cast.as_ref().map_or(0, |c| stage.colleague(c));
        let owed = if late { &[FirstResponse][..] } else { &[] };
        stage.play_own(kind, cast, owed, |chat, c| {
            chat.asks(c.at(15), c.account);
            chat.transfer(c.at(15) + 10 * SECOND, receiver);
            chat.answers(c.at(15) + response, receiver);
            chat.asks(c.at(15) + 2 * MINUTE, receiver);
            chat.answers(c.at(15) + 2 * MINUTE + 20 * SECOND, receiver);
        });
    }
    // Even where the buyer goes on writing to the receiver.
    let cast = stage.cast_working(Early);
    let receiver = cast.as_ref().map_or(0, |c| stage.colleague(c));
    stage.play_own("transfer_never_answered", cast, &[DayUnfinished, Missed], |chat, c| {
        chat.asks(c.at(14), c.account);
        chat.transfer(c.at(14) + 15 * SECOND, receiver);
        chat.asks(c.at(14) + 5 * MINUTE, receiver);
    });
    let cast = stage.cast_working(Early);
    let receiver = cast.as_ref().map_or(0, |c| stage.colleague(c));
    stage.play_own("transfer_answered_before_the_end", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.at(13), c.account);
        chat.transfer(c.at(13) + HOUR, receiver);
        chat.answers(c.end - 1, receiver);
    });
}
