//! Orders around the end of the first working day after the payment.

use super::casting::{Cast, Duty::Any};
use super::{Plant, Stage};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};
use crate::sample::judge::Rule::Shipment;
use crate::sample::order::Order;
use crate::sample::people::LEAVES;
use crate::sample::wall::{self, Wall};

/// Serials of planted orders lie above those of all others.
const SERIALS: u64 = 1 << 50;

pub fn plant(stage: &mut Stage) {
    let plain = |stage: &Stage, day: i32| stage.world.days.is_work(day) && stage.pause_after(day) == 1;
    let weekend = |stage: &Stage, day: i32| wall::weekday(day) == 4 && stage.pause_after(day) == 3;
    let holiday = |stage: &Stage, day: i32| stage.world.days.is_work(day) && stage.pause_after(day) > 3;
    let makeup = |stage: &Stage, day: i32| wall::weekday(day) > 4 && stage.world.days.is_work(day);
    let off = |stage: &Stage, day: i32| !stage.world.days.is_work(day);
    for (over, kinds) in [
        (
            0,
            [
                "order_shipped_at_24_00",
                "order_friday_met",
                "order_before_holiday_met",
                "order_paid_on_makeup_day_met",
                "order_paid_on_day_off_met",
            ],
        ),
        (
            1,
            [
                "order_shipped_a_second_late",
                "order_friday_late",
                "order_before_holiday_late",
                "order_paid_on_makeup_day_late",
                "order_paid_on_day_off_late",
            ],
        ),
    ] {
        let late = over > 0;
        let ship = move |o: &mut Order, due: Wall| o.shipped = Some(due + over * SECOND);
        let cast = stage.cast_on(Any, plain);
        order(stage, kinds[0], cast, late, ship);
        let cast = stage.cast_on(Any, weekend);
        order(stage, kinds[1], cast, late, ship);
        let cast = stage.cast_on(Any, holiday);
        order(stage, kinds[2], cast, late, ship);
        let cast = stage.cast_on(Any, makeup);
        order(stage, kinds[3], cast, late, ship);
        let cast = stage.cast_on(Any, off);
        order(stage, kinds[4], cast, late, ship);
    }
    called_off(stage);
    payers(stage);
    borders(stage);
}

/// Closed or refunded in full: nothing is owed; a second too late, or in part: it is.
fn called_off(stage: &mut Stage) {
    let cast = stage.cast(Any);
    order(stage, "order_closed_in_time", cast, false, |o, due| (o.closed, o.refund_fen) = (Some(due), o.paid_fen / 2));
    let cast = stage.cast(Any);
    order(stage, "order_closed_too_late", cast, true, |o, due| o.closed = Some(due + SECOND));
    let cast = stage.cast(Any);
    order(stage, "order_refunded", cast, false, |o, _| o.refund_fen = o.paid_fen);
    let cast = stage.cast(Any);
    order(stage, "order_refunded_but_for_a_fen", cast, true, |o, due| {
        o.refund_fen = o.paid_fen - 1;
        o.shipped = Some(due + 20 * HOUR);
    });
    let cast = stage.cast(Any);
    order(stage, "order_not_paid", cast, false, |o, _| {
        (o.paid, o.paid_fen) = (None, 0);
        o.lines.iter_mut().for_each(|l| l.paid_fen = 0);
    });
    let cast = stage.cast(Any);
    order(stage, "order_never_shipped", cast, true, |_, _| {});
}

fn payers(stage: &mut Stage) {
    let cast = stage.cast(Any);
    let owed = cast.is_some();
    order(stage, "order_waived", cast, true, |o, due| o.shipped = Some(due + DAY));
    if owed {
        stage.waive("暴雪封路,快递停运");
    }
    let cast = stage.cast(Any);
    order(stage, "order_unassigned", cast, true, |o, due| {
        o.shipped = Some(due + 10 * HOUR);
        o.responsible = None;
    });
    let cast = stage.cast(Any);
    order(stage, "order_unassigned_met", cast, false, |o, due| {
        o.shipped = Some(due - HOUR);
        o.responsible = None;
    });
    let leaves = stage.world.people.leaves_on;
    if (stage.first_day()..=stage.last_day()).contains(&leaves) {
        let cast = stage.cast_as(LEAVES, LEAVES, leaves);
        order(stage, "order_of_a_leaver", Some(cast), true, |o, due| o.shipped = Some(due + 9 * HOUR));
    }
}

/// Paid on the last day and shipped in the next month; created on the last day and paid in the next month.
fn borders(stage: &mut Stage) {
    let last = stage.last_day();
    let cast = stage.cast_day(Any, last);
    order(stage, "order_last_of_the_month", cast, true, |o, due| o.shipped = Some(due + 30 * HOUR));
    if last < stage.world.days.last {
        let cast = stage.cast_day(Any, last).filter(|c| stage.world.people.employed(c.agent, last + 1));
        let days = &stage.world.days;
        let due = wall::midnight(days.next_work(last + 1) + 1);
        order(stage, "order_paid_after_midnight", cast, true, |o, _| {
            o.created = wall::midnight(last + 1) - 10 * MINUTE;
            o.paid = Some(wall::midnight(last + 1) + 5 * MINUTE);
            o.shipped = Some(due + SECOND);
        });
    }
}

/// An order of the cast's shop, created and paid in the afternoon; `change` makes the case and gets the due time.
fn order(stage: &mut Stage, kind: &'static str, cast: Option<Cast>, owes: bool, change: impl FnOnce(&mut Order, Wall)) {
    let Some(cast) = cast else { return };
    stage.buyer += 1;
    let created = cast.at(14);
    let mut order = Order::new(cast.shop, SERIALS + stage.buyer, stage.buyer, created, &mut stage.dice);
    order.pay(created + stage.dice.between(10 * SECOND, 5 * MINUTE), &mut stage.dice);
    order.responsible = Some(cast.agent);
    change(&mut order, wall::midnight(stage.world.days.next_work(cast.day) + 1));
    let owed = if owes { vec![(Shipment, order.responsible)] } else { Vec::new() };
    stage.plants.push(Plant { month: stage.month, kind, chat: None, order: Some(order), owed });
}
