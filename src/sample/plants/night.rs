//! The night's messages by 12:00 of the next working day: weekends, holidays, make-up days, the border of months.

use super::Stage;
use super::casting::Cast;
use super::casting::Duty::{Any, Late};
use crate::base::time::{HOUR, MINUTE};
use crate::sample::judge::Rule::{self, FirstResponse, NightUnfinished};
use crate::sample::wall;

pub fn plant(stage: &mut Stage) {
    // The two sides of 12:00 after a plain evening, at the cut-off itself.
    both(stage, ["night_noon_met", "night_noon_late"], 18 * HOUR, |stage, day| stage.pause_after(day) == 1);
    both(stage, ["night_friday_met", "night_friday_late"], 20 * HOUR, |stage, day| {
        wall::weekday(day) == 4 && stage.pause_after(day) == 3
    });
    both(stage, ["night_before_holiday_met", "night_before_holiday_late"], 21 * HOUR, |stage, day| {
        stage.world.days.is_work(day) && stage.pause_after(day) > 3
    });
    both(stage, ["night_inside_holiday_met", "night_inside_holiday_late"], 19 * HOUR, |stage, day| {
        !stage.world.days.is_work(day) && stage.pause_after(day) > 1 && wall::weekday(day) < 5
    });
    both(stage, ["night_before_makeup_day_met", "night_before_makeup_day_late"], 20 * HOUR, |stage, day| {
        let next = day + 1;
        wall::weekday(next) > 4 && stage.world.days.is_work(next)
    });
    month_end(stage);
    // 23:00 to 24:00 is night, too, but outside online hours.
    let cast = stage.cast(Late);
    stage.play_own("night_after_closing_late", cast, &[NightUnfinished], |chat, c| {
        chat.asks(c.sharp(23) + 40 * MINUTE, c.account);
        chat.answers(c.noon + 1, c.account);
    });
    let cast = stage.cast(Late);
    let planted = cast.is_some();
    stage.play_own("night_waived", cast, &[FirstResponse, NightUnfinished], |chat, c| {
        chat.asks(c.at(19), c.account);
        chat.answers(c.noon + 3 * MINUTE, c.account);
    });
    if planted {
        stage.waive("平台消息延迟,已核实");
    }
}

/// A question at that time on such a day, answered at 12:00:00.000 and, another one, at 12:00:00.001.
fn both(stage: &mut Stage, kinds: [&'static str; 2], asked: i64, fits: impl Fn(&Stage, i32) -> bool) {
    for (kind, over) in kinds.into_iter().zip([0, 1]) {
        let cast = stage.cast_on(Any, |stage, day| fits(stage, day));
        answered(stage, kind, cast, asked, over);
    }
}

fn answered(stage: &mut Stage, kind: &'static str, cast: Option<Cast>, asked: i64, over: i64) {
    let rules: &[Rule] = if over == 0 { &[FirstResponse] } else { &[FirstResponse, NightUnfinished] };
    stage.play_own(kind, cast, rules, |chat, c| {
        chat.asks(c.sharp(0) + asked, c.account);
        chat.answers(c.noon + over, c.account);
    });
}

/// The evening of the last day, and of the last working day: the inquiry belongs to the next month.
fn month_end(stage: &mut Stage) {
    let last = stage.last_day();
    let last_work = (stage.first_day()..=last).rev().find(|d| stage.world.days.is_work(*d)).unwrap_or(last);
    for (kind, day, over) in [
        ("night_last_of_the_month_met", last, 0),
        ("night_last_of_the_month_late", last, 1),
        ("night_last_working_day_met", last_work, 0),
        ("night_last_working_day_late", last_work, 1),
    ] {
        let cast = stage.cast_day(Any, day);
        answered(stage, kind, cast, 20 * HOUR + 7 * MINUTE, over);
    }
}
