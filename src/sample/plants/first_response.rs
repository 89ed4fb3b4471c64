//! The first answer within 45 seconds: from 45.000 s (in time) to 45.001 s (late), and what counts as the first.

use super::Stage;
use super::casting::Duty::{Early, Late};
use crate::base::time::{HOUR, MINUTE, SECOND};
use crate::sample::judge::Rule::FirstResponse;
use crate::sample::texts;

pub fn plant(stage: &mut Stage) {
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_45000", cast, &[], |chat, c| {
        chat.asks(c.at(10), c.account);
        chat.answers(c.at(10) + 45_000, c.account);
        chat.closes(c.at(10) + 60_000, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_45001", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.at(11), c.account);
        chat.answers(c.at(11) + 45_001, c.account);
        chat.closes(c.at(11) + 60_000, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_auto_and_bot_do_not_count", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.at(14), c.account);
        chat.auto(c.at(14) + 500, c.account, texts::WELCOME);
        chat.bot(c.at(14) + 2 * SECOND, c.account);
        chat.answers(c.at(14) + 61 * SECOND, c.account);
    });
    window(stage);
    what_is_first(stage);
    session_gap(stage);
}

/// Inside online hours means asked at 09:00 ≤ t < 23:00.
fn window(stage: &mut Stage) {
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_before_opening", cast, &[], |chat, c| {
        chat.asks(c.sharp(9) - 1, c.account);
        chat.answers(c.sharp(9) + MINUTE, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_at_opening", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.sharp(9), c.account);
        chat.answers(c.sharp(9) + 45_001, c.account);
    });
    let cast = stage.cast_working(Late);
    stage.play_own("first_response_before_closing", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.sharp(23) - 1, c.account);
        chat.answers(c.sharp(23) + MINUTE, c.account);
    });
    let cast = stage.cast_working(Late);
    stage.play_own("first_response_at_closing", cast, &[], |chat, c| {
        chat.asks(c.sharp(23), c.account);
        chat.answers(c.sharp(23) + MINUTE, c.account);
    });
}

fn what_is_first(stage: &mut Stage) {
    for (kind, response, rules) in [
        ("first_response_leading_closing_met", 20_000, &[][..]),
        ("first_response_leading_closing_late", 45_001, &[FirstResponse]),
    ] {
        let cast = stage.cast_working(Early);
        stage.play_own(kind, cast, rules, |chat, c| {
            chat.closes(c.at(10), c.account);
            chat.asks(c.at(10) + 20 * MINUTE, c.account);
            chat.answers(c.at(10) + 20 * MINUTE + response, c.account);
        });
    }
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_second_round_is_late", cast, &[], |chat, c| {
        chat.asks(c.at(15), c.account);
        chat.answers(c.at(15) + 9 * SECOND, c.account);
        chat.asks(c.at(15) + 30 * SECOND, c.account);
        chat.answers(c.at(15) + 5 * MINUTE, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_run_of_ten", cast, &[FirstResponse], |chat, c| {
        for n in 0..10 {
            chat.asks(c.at(16) + n * 8 * SECOND, c.account);
        }
        chat.answers(c.at(16) + 80 * SECOND, c.account);
        chat.closes(c.at(16) + 95 * SECOND, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("first_response_session_of_the_agent", cast, &[], |chat, c| {
        chat.says(c.at(10), c.account, texts::GREETING);
        chat.asks(c.at(10) + 5 * MINUTE, c.account);
        chat.answers(c.at(10) + 8 * MINUTE, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("closing_words_after_an_answer", cast, &[], |chat, c| {
        chat.asks(c.at(11), c.account);
        chat.answers(c.at(11) + 12 * SECOND, c.account);
        chat.closes(c.at(11) + 30 * SECOND, c.account);
        chat.closes(c.at(11) + 34 * SECOND, c.account);
    });
    let cast = stage.cast_working(Early);
    stage.play_own("closing_words_alone", cast, &[], |chat, c| {
        chat.asks(c.at(11), c.account);
        chat.answers(c.at(11) + 15 * SECOND, c.account);
        // A session of nothing else, two hours later: neither an inquiry nor missed.
        chat.closes(c.at(13), c.account);
    });
}

/// After 30 minutes of silence the buyer's next message starts a session; machines do not break a silence.
fn session_gap(stage: &mut Stage) {
    for (kind, silence, rules) in
        [("session_gap_not_over", 30 * MINUTE - 1, &[][..]), ("session_gap_over", 30 * MINUTE, &[FirstResponse])]
    {
        let cast = stage.cast_working(Early);
        stage.play_own(kind, cast, rules, |chat, c| {
            let replied = c.at(10) + 20 * SECOND;
            chat.asks(c.at(10), c.account);
            chat.answers(replied, c.account);
            chat.asks(replied + silence, c.account);
            chat.answers(replied + silence + 70 * SECOND, c.account);
        });
    }
    let cast = stage.cast_working(Early);
    stage.play_own("session_gap_with_a_robot_in_it", cast, &[FirstResponse], |chat, c| {
        chat.asks(c.at(14), c.account);
        chat.answers(c.at(14) + 11 * SECOND, c.account);
        chat.bot(c.at(14) + 20 * MINUTE, c.account);
        chat.asks(c.at(14) + 35 * MINUTE, c.account);
        chat.answers(c.at(14) + 36 * MINUTE, c.account);
    });
    for (kind, wait, rules) in [
        ("late_reply_closes_the_session", 30 * MINUTE, &[FirstResponse, FirstResponse][..]),
        ("late_reply_just_inside_the_session", 30 * MINUTE - 1, &[FirstResponse]),
    ] {
        let cast = stage.cast_working(Early);
        stage.play_own(kind, cast, rules, |chat, c| {
            let replied = c.at(11) + wait;
            chat.asks(c.at(11), c.account);
            chat.answers(replied, c.account);
            chat.asks(replied + 10 * SECOND, c.account);
            chat.answers(replied + 65 * SECOND, c.account);
        });
    }
    let cast = stage.cast_working(Early);
    stage.play_own("late_reply_answers_two_sessions", cast, &[FirstResponse, FirstResponse], |chat, c| {
        chat.asks(c.at(10), c.account);
        chat.asks(c.at(11), c.account);
        chat.answers(c.at(11) + HOUR, c.account);
        chat.asks(c.at(12) + 10 * SECOND, c.account);
        chat.answers(c.at(12) + 20 * SECOND, c.account);
    });
}
