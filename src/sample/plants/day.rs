//! The day's inquiries by the end of the shift: exactly at the end (in time) and 1 ms later, each kind of shift.

use super::Stage;
use super::casting::Duty::{Early, Late, Night, Off, Weekend};
use crate::base::time::{DAY, HOUR, MINUTE};
use crate::sample::judge::Rule::{self, DayUnfinished, FirstResponse, NightUnfinished};

const LATE_ONLY: &[Rule] = &[FirstResponse];
const UNFINISHED: &[Rule] = &[DayUnfinished, FirstResponse];

pub fn plant(stage: &mut Stage) {
    for (over, [early, night, late, off, left, small]) in [
        (
            0,
            [
                "day_shift_end_met",
                "day_shift_over_midnight_met",
                "day_before_cutoff_met",
                "day_off_duty_met",
                "day_asked_after_the_shift_met",
                "day_small_hours_met",
            ],
        ),
        (
            1,
            [
                "day_shift_end_late",
                "day_shift_over_midnight_late",
                "day_before_cutoff_late",
                "day_off_duty_late",
                "day_asked_after_the_shift_late",
                "day_small_hours_late",
            ],
        ),
    ] {
        let rules = if over == 0 { LATE_ONLY } else { UNFINISHED };
        let cast = stage.cast(Night);
        stage.play_own(night, cast, rules, |chat, c| {
            chat.asks(c.at(17), c.account);
            chat.answers(c.end + over, c.account);
        });
        let cast = stage.cast(Weekend);
        stage.play_own(left, cast, rules, |chat, c| {
            chat.asks(c.end + 1 + over * MINUTE, c.account);
            chat.answers(c.sharp(23) + over, c.account);
        });
        let cast = stage.cast(Early);
        stage.play_own(early, cast, rules, |chat, c| {
            chat.asks(c.at(17), c.account);
            chat.answers(c.end + over, c.account);
        });
        let cast = stage.cast(Late);
        stage.play_own(late, cast, rules, |chat, c| {
            chat.asks(c.sharp(18) - 1, c.account);
            chat.answers(c.sharp(23) + over, c.account);
        });
        let cast = stage.cast(Off);
        let colleague = cast.as_ref().map_or(0, |c| stage.colleague(c));
        stage.play_own(off, cast, rules, |chat, c| {
            chat.asks(c.at(11), c.account);
            chat.answers(c.sharp(23) + over, colleague);
        });
        // At 02:00 it is the day's own: outside online hours, so the first response is not looked at.
        let cast = stage.cast(Early);
        let rules = if over == 0 { &[][..] } else { &[DayUnfinished] };
        stage.play_own(small, cast, rules, |chat, c| {
            chat.asks(c.at(2), c.account);
            chat.answers(c.end + over, c.account);
        });
    }
    // Asked in the last millisecond of a shift, answered at once and yet too late.
    let cast = stage.cast(Weekend);
    stage.play_own("day_last_millisecond_of_the_shift", cast, &[DayUnfinished], |chat, c| {
        chat.asks(c.end - 1, c.account);
        chat.answers(c.end + 1, c.account);
    });
    cutoff(stage);
    next_month(stage);
    waived(stage);
}

/// 17:59:59.999 belongs to the day, 18:00:00.000 to the next working day: the same answer, two outcomes.
fn cutoff(stage: &mut Stage) {
    for (kind, asked, rules) in [
        ("cutoff_last_millisecond_of_the_day", 18 * HOUR - 1, UNFINISHED),
        ("cutoff_first_of_the_night", 18 * HOUR, LATE_ONLY),
    ] {
        let cast = stage.cast_on(Late, |stage, day| stage.pause_after(day) == 1);
        stage.play_own(kind, cast, rules, |chat, c| {
            chat.asks(c.sharp(0) + asked, c.account);
            chat.answers(c.morning, c.account);
        });
    }
    let cast = stage.cast_on(Late, |stage, day| stage.pause_after(day) == 1);
    let owed = [DayUnfinished, NightUnfinished, FirstResponse, FirstResponse];
    stage.play_own("cutoff_both_sides_unfinished", cast, &owed, |chat, c| {
        chat.asks(c.sharp(18) - 20 * MINUTE, c.account);
        chat.closes(c.sharp(18) - 19 * MINUTE, c.account);
        chat.asks(c.sharp(18) + 12 * MINUTE, c.account);
        chat.answers(c.noon + DAY, c.account);
    });
}

/// Asked on the last day, answered in the next month: the deduction stays in the month of the question.
fn next_month(stage: &mut Stage) {
    let last = stage.last_day();
    let cast = stage.cast_day(super::casting::Duty::Any, last);
    stage.play_own("day_last_of_the_month", cast, UNFINISHED, |chat, c| {
        chat.asks(c.at(15), c.account);
        chat.answers(c.morning, c.account);
    });
}

/// A waiver spans [from, to): what was asked at `from` is waived, what was asked at `to` is not.
fn waived(stage: &mut Stage) {
    let cast = stage.cast(Early);
    stage.play_own("day_waived", cast.clone(), UNFINISHED, |chat, c| {
        chat.asks(c.sharp(15), c.account);
        chat.answers(c.morning, c.account);
    });
    if cast.is_some() {
        stage.waive("机房停电,系统无法登录");
    }
    stage.play_own("day_behind_a_waiver", cast, UNFINISHED, |chat, c| {
        chat.asks(c.sharp(15) + MINUTE, c.account);
        chat.answers(c.morning, c.account);
    });
}
