//! Inquiries that are not followed up, night messages without a note, auto replies that somebody changed.

use super::Stage;
use super::casting::Duty::{Any, Early, Late};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use crate::sample::care::{Annotated, Followed};
use crate::sample::judge::Rule::{AutoReply, FollowupLate, MissingAnnotation, PromotionMissing, PromotionStale};
use crate::sample::texts;
use crate::sample::wall;

pub fn plant(stage: &mut Stage) {
    followups(stage);
    escalation(stage);
    annotations(stage);
    texts_of_one_s_own(stage);
    promotions(stage);
}

/// Asked in the morning, answered at once; the follow-up is the case.
fn followups(stage: &mut Stage) {
    let cases = [
        ("followup_at_24_00", Followed::At(0), false),
        ("followup_a_second_late", Followed::At(SECOND), true),
        ("followup_never", Followed::Never, true),
        ("followup_sloppy", Followed::Form("sloppy"), false),
        ("followup_incomplete", Followed::Form("incomplete"), false),
        ("followup_form_missing", Followed::Form("missing"), false),
    ];
    for (kind, followed, late) in cases {
        let cast = stage.cast_working(Early);
        let owed = if late { &[FollowupLate][..] } else { &[] };
        stage.play_own(kind, cast, owed, |chat, c| {
            chat.asks(c.at(10), c.account);
            chat.answers(c.at(10) + 20 * SECOND, c.account);
            chat.care.followed = followed;
        });
    }
    // In the evening it is the next working day's inquiry.
    let cast = stage.cast_on(Late, |stage, day| stage.pause_after(day) > 1 && day + 14 < stage.last_day());
    stage.play_own("followup_of_an_evening_late", cast, &[FollowupLate], |chat, c| {
        chat.asks(c.at(19), c.account);
        chat.answers(c.at(19) + 20 * SECOND, c.account);
        chat.care.followed = Followed::At(HOUR);
    });
    let last = stage.last_day();
    let cast = stage.cast_day(Any, last);
    stage.play_own("followup_of_the_last_day_late", cast, &[FollowupLate], |chat, c| {
        chat.asks(c.at(11), c.account);
        chat.answers(c.at(11) + 20 * SECOND, c.account);
        chat.care.followed = Followed::At(2 * HOUR);
    });
}

/// Four of one person; the second is waived and does not count.
fn escalation(stage: &mut Stage) {
    let Some(first) = stage.cast_working(Early) else { return };
    let mut casts = vec![first.clone()];
    for _ in 0..3 {
        casts.extend(stage.cast_again(first.agent));
    }
    for (n, cast) in casts.into_iter().enumerate() {
        stage.play_own("followup_again_and_again", Some(cast), &[FollowupLate], |chat, c| {
            chat.asks(c.at(14), c.account);
            chat.answers(c.at(14) + 25 * SECOND, c.account);
            chat.care.followed = Followed::Never;
        });
        if n == 1 {
            stage.waive("买家要求勿扰,已核实");
        }
    }
}

/// Asked at night, answered in the morning.
fn annotations(stage: &mut Stage) {
    let cases = [
        ("annotation_at_due", Annotated::At(0), false),
        ("annotation_a_ms_late", Annotated::At(1), true),
        ("annotation_of_four_characters", Annotated::Short, true),
        ("annotation_missing", Annotated::Never, true),
    ];
    for (kind, annotated, lacking) in cases {
        let cast = stage.cast_working(Early);
        let owed = if lacking { &[MissingAnnotation][..] } else { &[] };
        stage.play_own(kind, cast, owed, |chat, c| {
            chat.asks(c.at(6), c.account);
            chat.answers(c.at(9), c.account);
            chat.care.annotated = annotated;
        });
    }
    let cast = stage.cast_working(Early);
    let late = cast.is_some();
    stage.play_own("annotation_waived", cast, &[MissingAnnotation], |chat, c| {
        chat.asks(c.at(2), c.account);
        chat.answers(c.at(9), c.account);
        chat.care.annotated = Annotated::Never;
    });
    if late {
        stage.waive("系统升级,批注无法保存");
    }
    // From 23:00 on the next working noon is the limit.
    let plain = |stage: &Stage, day: i32| stage.pause_after(day) == 1 && day + 2 < stage.last_day();
    let cast = stage.cast_on(Late, plain);
    stage.play_own("annotation_after_23_00", cast, &[MissingAnnotation], |chat, c| {
        chat.asks(c.sharp(23) + 10 * MINUTE, c.account);
        chat.answers(c.morning, c.account);
        chat.care.annotated = Annotated::At(1);
    });
    let cast = stage.cast_on(Late, plain);
    stage.play_own("asked_a_ms_before_23_00", cast, &[crate::sample::judge::Rule::FirstResponse], |chat, c| {
        chat.asks(c.sharp(23) - 1, c.account);
        chat.answers(c.morning, c.account);
        chat.care.annotated = Annotated::Never;
    });
}

fn texts_of_one_s_own(stage: &mut Stage) {
    let half = stage.first_day() + 14;
    let cases = [
        ("auto_own_words", texts::OWN_WORDS, None, true),
        ("auto_last_day_of_a_text", texts::HALF_MONTH, Some(half), false),
        ("auto_day_after_a_text", texts::HALF_MONTH, Some(half + 1), true),
    ];
    for (kind, text, on, wrong) in cases {
        // Away from promotions, which would ask for more.
        let quiet = |stage: &Stage, agent: usize, day: i32| {
            let at = wall::midnight(day);
            let near = |p: &crate::sample::autos::Promotion| p.shop == agent / 4 && at + DAY > p.starts && at < p.ends;
            !stage.world.autos.promotions.iter().any(near) && on.is_none_or(|d| d == day)
        };
        let cast = stage.cast_where(Any, quiet);
        let owed = if wrong { &[AutoReply][..] } else { &[] };
        stage.play_own(kind, cast, owed, |chat, c| {
            chat.asks(c.at(15), c.account);
            chat.auto_as_written(c.at(15) + 600, c.account, text);
            chat.answers(c.at(15) + 30 * SECOND, c.account);
        });
    }
}

/// While one is on, and around the end of the day after it.
fn promotions(stage: &mut Stage) {
    for p in stage.world.autos.promotions.clone() {
        let days = (stage.first_day(), stage.last_day());
        let own = |day: i32| (days.0..=days.1).contains(&day);
        let (first, end) = (wall::day(p.starts), wall::day(p.ends));
        for day in [first, end - 1] {
            let cast = stage.cast_where(Any, |_, agent, d| agent / 4 == p.shop && d == day && own(d));
            stage.play_own("promotion_missing", cast, &[PromotionMissing], |chat, c| {
                chat.asks(c.at(15), c.account);
                chat.auto_as_written(c.at(15) + 700, c.account, texts::WELCOME);
                chat.answers(c.at(15) + 30 * SECOND, c.account);
            });
        }
        let still = p.current_away();
        for (after, stale) in [(-HOUR, false), (0, false), (1, true), (3 * DAY, true)] {
            let at = p.ends + DAY + after;
            let cast = stage.cast_where(Any, |_, agent, d| agent / 4 == p.shop && d == wall::day(at) && own(d));
            let owed = if stale { &[PromotionStale][..] } else { &[] };
            let kind = if stale { "promotion_stale" } else { "promotion_gone_in_time" };
            stage.play_own(kind, cast, owed, |chat, c| {
                // At midnight nobody is there: the auto reply answers, a person in the morning.
                chat.asks(at - 600, c.account);
                chat.auto_as_written(at, c.account, still);
                chat.answers((at + 30 * SECOND).max(wall::midnight(wall::day(at)) + 9 * HOUR + 5 * MINUTE), c.account);
            });
        }
    }
}
