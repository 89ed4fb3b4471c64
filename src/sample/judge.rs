//! The bookkeeping: what a conversation or an order owes by the definitions. Written from the clauses alone; the
//! program's own facts and rules are not used here, so that the truth can contradict them.

use super::chat::{Message, Role};
use super::order::Order;
use super::wall::{self, Wall};
use super::world::World;
use crate::base::Month;
use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

const SESSION_GAP: i64 = 30 * MINUTE;
const ROUND_EXPIRES: i64 = 21 * DAY;
const FIRST_RESPONSE: i64 = 45 * SECOND;
const ONLINE: std::ops::Range<i64> = 9 * HOUR..23 * HOUR;
const CUTOFF: i64 = 18 * HOUR;
const NOON: i64 = 12 * HOUR;

/// The rules whose truth is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    DayUnfinished,
    NightUnfinished,
    FirstResponse,
    Missed,
    Shipment,
}

impl Rule {
    pub fn id(self) -> &'static str {
        match self {
            Rule::DayUnfinished => "cs.online.day_unfinished",
            Rule::NightUnfinished => "cs.online.night_unfinished",
            Rule::FirstResponse => "cs.reply.first_response",
            Rule::Missed => "cs.reply.missed",
            Rule::Shipment => "cs.aftersales.shipment",
        }
    }

    /// Hundredths of a point; 0: monitored.
    pub fn points(self) -> i64 {
        match self {
            Rule::DayUnfinished | Rule::NightUnfinished => 150,
            Rule::FirstResponse | Rule::Missed => 0,
            Rule::Shipment => 300,
        }
    }
}

/// One violation. `asked` is the place of the message that starts the deadline (0 for an order).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub payer: Option<usize>,
    pub period: Month,
    pub occurred: Wall,
    pub due: Option<Wall>,
    pub asked: usize,
}

/// What was found in one conversation; kept from one to the next to spare allocations.
#[derive(Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    /// Month of the inquiry date of each session that a buyer opened and in which a round counts.
    pub inquiries: Vec<Month>,
    sessions: Vec<Session>,
    rounds: Vec<Round>,
}

#[derive(Debug)]
struct Session {
    by_buyer: bool,
    first_buyer: Option<Wall>,
    /// Rounds from here to the next session's.
    rounds_from: usize,
}

#[derive(Debug)]
struct Round {
    message: usize,
    asked: Wall,
    account: usize,
    answered: Option<Wall>,
}

/// Judges one conversation; `messages` in the order of time.
pub fn chat(world: &World, messages: &[Message], verdict: &mut Verdict) {
    verdict.findings.clear();
    verdict.inquiries.clear();
    read(messages, verdict);
    let Verdict { findings, inquiries, sessions, rounds } = verdict;
    unfinished(world, rounds, findings);
    for (i, session) in sessions.iter().enumerate() {
        let end = sessions.get(i + 1).map_or(rounds.len(), |s| s.rounds_from);
        let own = rounds.get(session.rounds_from..end).unwrap_or_default();
        let (true, Some(first), Some(written)) = (session.by_buyer, own.first(), session.first_buyer) else { continue };
        let period = wall::month(inquiry_day(world, written));
        inquiries.push(period);
        let payer = world.people.owner(first.account, wall::day(first.asked));
        let found =
            |rule, period, due| Finding { rule, payer, period, occurred: first.asked, due, asked: first.message };
        if own.iter().all(|r| r.answered.is_none()) {
            findings.push(found(Rule::Missed, period, None));
        } else if ONLINE.contains(&wall::time_of_day(first.asked))
            && first.answered.is_some_and(|a| a - first.asked > FIRST_RESPONSE)
        {
            let period = wall::month(inquiry_day(world, first.asked));
            findings.push(found(Rule::FirstResponse, period, Some(first.asked + FIRST_RESPONSE)));
        }
    }
}

/// Cuts the messages into sessions and rounds.
fn read(messages: &[Message], verdict: &mut Verdict) {
    let Verdict { sessions, rounds, .. } = verdict;
    sessions.clear();
    rounds.clear();
    // When somebody last spoke; whether a late reply closed the session; whether the buyer's run has a round.
    let (mut spoke, mut closed, mut run): (Option<Wall>, bool, bool) = (None, false, false);
    for (place, message) in messages.iter().enumerate() {
        let at = message.at;
        let silent = spoke.is_none_or(|s| at - s >= SESSION_GAP);
        match message.role {
            Role::Buyer => {
                if silent || closed {
                    sessions.push(Session { by_buyer: true, first_buyer: None, rounds_from: rounds.len() });
                    (closed, run) = (false, false);
                }
                if let Some(session) = sessions.last_mut() {
                    session.first_buyer.get_or_insert(at);
                }
                if !message.closing && !run {
                    run = true;
                    let account = usize::from(message.account);
                    rounds.push(Round { message: place, asked: at, account, answered: None });
                }
            }
            Role::Agent => {
                let mut answered = false;
                for round in rounds.iter_mut().filter(|r| r.answered.is_none() && at - r.asked <= ROUND_EXPIRES) {
                    round.answered = Some(at);
                    answered = true;
                }
                if answered {
                    closed |= silent;
                } else if silent {
                    sessions.push(Session { by_buyer: false, first_buyer: None, rounds_from: rounds.len() });
                    closed = false;
                }
                run = false;
            }
            Role::Auto | Role::Bot | Role::System => continue,
        }
        spoke = Some(at);
    }
}

/// Rounds not answered by their due time: once per due time, charged for the earliest.
fn unfinished(world: &World, rounds: &[Round], findings: &mut Vec<Finding>) {
    for round in rounds {
        let day = wall::day(round.asked);
        let payer = world.people.owner(round.account, day);
        let (rule, due) = if wall::time_of_day(round.asked) < CUTOFF {
            let shift_end = payer.and_then(|p| world.shifts.end(p, day)).filter(|end| round.asked <= *end);
            (Rule::DayUnfinished, shift_end.unwrap_or(wall::midnight(day) + ONLINE.end))
        } else {
            (Rule::NightUnfinished, wall::midnight(world.days.next_work(day)) + NOON)
        };
        let met = round.answered.is_some_and(|a| a <= due);
        if met || findings.iter().any(|f| (f.rule, f.due) == (rule, Some(due))) {
            continue;
        }
        let period = wall::month(inquiry_day(world, round.asked));
        findings.push(Finding { rule, payer, period, occurred: round.asked, due: Some(due), asked: round.message });
    }
}

/// The day itself; from the cut-off on the next working day.
fn inquiry_day(world: &World, asked: Wall) -> i32 {
    let day = wall::day(asked);
    if wall::time_of_day(asked) < CUTOFF { day } else { world.days.next_work(day) }
}

/// Judges one order: shipped by the end of the first working day after the payment, unless it was called off by then.
pub fn order(world: &World, order: &Order) -> Option<Finding> {
    let paid = order.paid?;
    let due = wall::midnight(world.days.next_work(wall::day(paid)) + 1);
    let in_time = |at: Option<Wall>| at.is_some_and(|at| at <= due);
    if order.refund_fen >= order.paid_fen || in_time(order.closed) || in_time(order.shipped) {
        return None;
    }
    let (payer, period) = (order.responsible, wall::month(wall::day(paid)));
    Some(Finding { rule: Rule::Shipment, payer, period, occurred: paid, due: Some(due), asked: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::chat::Chat;
    use crate::sample::dice::Dice;
    use crate::sample::people::NOBODYS_ACCOUNT;
    use crate::sample::{Options, world::World};

    /// May 2026, Saturdays and Sundays off.
    fn world() -> World {
        let month = "2026-05".parse().unwrap();
        World::new(&Options { seed: 1, from: month, to: month, messages: 0 }, &|d| {
            chrono::Datelike::weekday(&d).num_days_from_monday() < 5
        })
    }

    /// (rule, payer, occurred, due) after judging; times relative to Friday 2026-05-15 00:00.
    fn judged(world: &World, script: impl FnOnce(&mut Chat, Wall)) -> Vec<(Rule, Option<usize>, i64, Option<i64>)> {
        let friday = wall::midnight(world.days.first + 14);
        let mut conversation = Chat::new(0, 1, Dice::new(1, &[]));
        script(&mut conversation, friday);
        let mut verdict = Verdict::default();
        chat(world, &conversation.messages, &mut verdict);
        let mut all: Vec<_> = verdict
            .findings
            .iter()
            .map(|f| (f.rule, f.payer, f.occurred - friday, f.due.map(|d| d - friday)))
            .collect();
        all.sort();
        all
    }

    /// The check by hand of kpis.md; its accounts belong to nobody with a shift.
    #[test]
    fn the_example_of_the_definitions() {
        let world = world();
        let (a1, a2) = (NOBODYS_ACCOUNT, NOBODYS_ACCOUNT);
        let at = |h: i64, m: i64, s: i64| h * HOUR + m * MINUTE + s * SECOND;
        let found = judged(&world, |c, friday| {
            c.asks(friday + at(17, 59, 50), a1);
            c.auto(friday + at(17, 59, 51), a1, "");
            c.asks(friday + at(18, 0, 20), a1);
            c.answers(friday + at(18, 0, 40), a1);
            c.closes(friday + at(18, 1, 0), a1);
            c.asks(friday + at(22, 50, 0), a1);
            c.answers(friday + DAY + at(9, 10, 0), a2);
            c.asks(friday + DAY + at(23, 30, 0), a2);
        });
        let late = |asked: i64| (Rule::FirstResponse, None, asked, Some(asked + 45 * SECOND));
        let night = DAY + at(23, 30, 0);
        let due = Some(3 * DAY + at(12, 0, 0));
        let expected = vec![
            (Rule::NightUnfinished, None, night, due),
            late(at(17, 59, 50)),
            late(at(22, 50, 0)),
            (Rule::Missed, None, night, None),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_late_reply_closes_the_session() {
        let world = world();
        let ask = |pause: i64| {
            judged(&world, move |c, friday| {
                c.asks(friday + 10 * HOUR, NOBODYS_ACCOUNT);
                c.answers(friday + 10 * HOUR + pause, NOBODYS_ACCOUNT);
                c.asks(friday + 10 * HOUR + pause + SECOND, NOBODYS_ACCOUNT);
                c.answers(friday + 10 * HOUR + pause + 50 * SECOND, NOBODYS_ACCOUNT);
            })
            .len()
        };
        assert_eq!(ask(SESSION_GAP - 1), 1);
        assert_eq!(ask(SESSION_GAP), 2);
    }

    #[test]
    fn rounds_expire_after_21_days() {
        let world = world();
        let found = |after: i64| {
            judged(&world, move |c, friday| {
                c.asks(friday + 10 * HOUR, NOBODYS_ACCOUNT);
                c.answers(friday + 10 * HOUR + after, NOBODYS_ACCOUNT);
            })
            .iter()
            .map(|f| f.0)
            .collect::<Vec<_>>()
        };
        assert_eq!(found(21 * DAY), [Rule::DayUnfinished, Rule::FirstResponse]);
        assert_eq!(found(21 * DAY + 1), [Rule::DayUnfinished, Rule::Missed]);
    }

    #[test]
    fn an_order_is_due_at_the_end_of_the_next_working_day() {
        let world = world();
        let mut dice = Dice::new(1, &[]);
        let friday = wall::midnight(world.days.first + 14);
        let mut order = Order::new(0, 1, 1, friday, &mut dice);
        assert_eq!(super::order(&world, &order), None);
        order.pay(friday + 12 * HOUR, &mut dice);
        assert_eq!(super::order(&world, &order).unwrap().due, Some(friday + 4 * DAY));
        order.shipped = Some(friday + 4 * DAY);
        assert_eq!(super::order(&world, &order), None);
        order.shipped = Some(friday + 4 * DAY + SECOND);
        assert!(super::order(&world, &order).is_some());
        order.closed = Some(friday + 4 * DAY);
        assert_eq!(super::order(&world, &order), None);
        (order.closed, order.refund_fen) = (None, order.paid_fen);
        assert_eq!(super::order(&world, &order), None);
    }
}
