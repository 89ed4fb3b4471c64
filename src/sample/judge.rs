//! The bookkeeping: what a conversation or an order owes by the definitions. Written from the clauses alone; the
//! program's own facts and rules are not used here, so that the truth can contradict them.

use super::chat::{Message, Role};
use super::order::Order;
pub use super::rules::Rule;
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

/// One violation. `asked` is the place of the message that starts the deadline (0 for an order).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub payer: Option<usize>,
    pub period: Month,
    pub occurred: Wall,
    pub due: Option<Wall>,
    pub asked: usize,
    /// Hundredths that a register states, for a rule with a range.
    pub stated: Option<i64>,
}

/// One inquiry of a buyer: its date, its agent, the buyer's first message and the place of the first question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub day: i32,
    pub agent: Option<usize>,
    pub first: Wall,
    pub question: usize,
}

/// A question outside online hours that somebody answered, and until when that is to be annotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offline {
    pub day: i32,
    pub asked: Wall,
    pub answered: Wall,
    pub by: Option<usize>,
    pub due: Wall,
    pub question: usize,
}

/// What was found in one conversation; kept from one to the next to spare allocations.
#[derive(Debug, Default)]
pub struct Verdict {
    pub findings: Vec<Finding>,
    /// Month of the inquiry date of each session that a buyer opened and in which a round counts.
    pub inquiries: Vec<Month>,
    /// The inquiries, one for each date.
    pub asked: Vec<Asked>,
    /// (agent, inquiry date) that received the buyer, each once.
    pub received: Vec<(usize, i32)>,
    pub offline: Vec<Offline>,
    sessions: Vec<Session>,
    rounds: Vec<Round>,
}

#[derive(Debug)]
struct Session {
    by_buyer: bool,
    first_buyer: Option<Wall>,
    started: Wall,
    /// Account of the last reply.
    served: Option<usize>,
    ended: Wall,
    /// Accounts that were addressed or replied.
    accounts: Vec<usize>,
    /// Rounds from here to the next session's.
    rounds_from: usize,
}

impl Session {
    fn new(by_buyer: bool, at: Wall, rounds_from: usize) -> Session {
        Session { by_buyer, first_buyer: None, started: at, served: None, ended: at, accounts: Vec::new(), rounds_from }
    }

    /// Somebody speaks to, or from, an account.
    fn with(&mut self, account: usize, at: Wall) {
        self.ended = at;
        if !self.accounts.contains(&account) {
            self.accounts.push(account);
        }
    }
}

#[derive(Debug)]
struct Round {
    message: usize,
    asked: Wall,
    account: usize,
    answered: Option<Wall>,
    by: usize,
}

/// Judges one conversation; `messages` in the order of time.
pub fn chat(world: &World, messages: &[Message], verdict: &mut Verdict) {
    verdict.findings.clear();
    verdict.inquiries.clear();
    read(messages, verdict);
    let Verdict { findings, inquiries, asked, received, offline, sessions, rounds } = verdict;
    *asked = inquiries_of(world, sessions, rounds);
    *received = received_by(world, sessions, rounds);
    *offline = rounds.iter().filter_map(|r| offline_of(world, r)).collect();
    unfinished(world, rounds, findings);
    for (i, session) in sessions.iter().enumerate() {
        let end = sessions.get(i + 1).map_or(rounds.len(), |s| s.rounds_from);
        let own = rounds.get(session.rounds_from..end).unwrap_or_default();
        let (true, Some(first), Some(written)) = (session.by_buyer, own.first(), session.first_buyer) else { continue };
        let period = wall::month(inquiry_day(world, written));
        inquiries.push(period);
        let payer = world.people.owner(first.account, wall::day(first.asked));
        let found = |rule, period, due| {
            let asked = first.message;
            Finding { rule, payer, period, occurred: first.asked, due, asked, stated: None }
        };
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

/// Whether a session counts: of closing words alone, opened by the buyer, it does not.
fn counts(session: &Session, own: &[Round]) -> bool {
    !session.by_buyer || !own.is_empty()
}

/// The rounds of a session.
fn own<'r>(sessions: &[Session], rounds: &'r [Round], i: usize) -> &'r [Round] {
    let end = sessions.get(i + 1).map_or(rounds.len(), |s| s.rounds_from);
    rounds.get(sessions[i].rounds_from..end).unwrap_or_default()
}

fn inquiries_of(world: &World, sessions: &[Session], rounds: &[Round]) -> Vec<Asked> {
    let mut all: Vec<Asked> = Vec::new();
    for (i, session) in sessions.iter().enumerate() {
        let own = own(sessions, rounds, i);
        let Some(first) = session.first_buyer.filter(|_| counts(session, own)) else { continue };
        let day = inquiry_day(world, first);
        let served = session.served.and_then(|a| world.people.owner(a, wall::day(session.ended)));
        let addressed = own.first().and_then(|r| world.people.owner(r.account, wall::day(r.asked)));
        let agent = served.or(addressed.filter(|_| session.served.is_none()));
        let question = own.first().map(|r| r.message);
        match all.iter_mut().find(|a| a.day == day) {
            Some(known) => known.agent = agent.or(known.agent),
            None => all.push(Asked { day, agent, first, question: question.unwrap_or(0) }),
        }
    }
    all
}

fn received_by(world: &World, sessions: &[Session], rounds: &[Round]) -> Vec<(usize, i32)> {
    let mut all: Vec<(usize, i32)> = Vec::new();
    for (i, session) in sessions.iter().enumerate() {
        let Some(first) = session.first_buyer.filter(|_| counts(session, own(sessions, rounds, i))) else { continue };
        let day = inquiry_day(world, first);
        let agents = session.accounts.iter().filter_map(|a| world.people.owner(*a, wall::day(session.started)));
        all.extend(agents.map(|agent| (agent, day)));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn offline_of(world: &World, round: &Round) -> Option<Offline> {
    let answered = round.answered?;
    if ONLINE.contains(&wall::time_of_day(round.asked)) {
        return None;
    }
    let handling = handled_by(world, round.asked, round.account);
    let due = if answered > handling { wall::midnight(wall::day(answered) + 1) } else { handling };
    let by = world.people.owner(round.by, wall::day(answered));
    let day = inquiry_day(world, round.asked);
    Some(Offline { day, asked: round.asked, answered, by, due, question: round.message })
}

/// When a question is to be answered: by the end of the shift, or (asked from the cut-off on) at the next working noon.
fn handled_by(world: &World, asked: Wall, account: usize) -> Wall {
    let day = wall::day(asked);
    if wall::time_of_day(asked) >= CUTOFF {
        return wall::midnight(world.days.next_work(day)) + NOON;
    }
    let payer = world.people.owner(account, day);
    let shift_end = payer.and_then(|p| world.shifts.end(p, day)).filter(|end| asked <= *end);
    shift_end.unwrap_or(wall::midnight(day) + ONLINE.end)
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
                    sessions.push(Session::new(true, at, rounds.len()));
                    (closed, run) = (false, false);
                }
                if let Some(session) = sessions.last_mut() {
                    session.first_buyer.get_or_insert(at);
                    session.with(usize::from(message.account), at);
                }
                if !message.closing && !run {
                    run = true;
                    let account = usize::from(message.account);
                    rounds.push(Round { message: place, asked: at, account, answered: None, by: 0 });
                }
            }
            Role::Agent => {
                let mut answered = false;
                for round in rounds.iter_mut().filter(|r| r.answered.is_none() && at - r.asked <= ROUND_EXPIRES) {
                    (round.answered, round.by) = (Some(at), usize::from(message.account));
                    answered = true;
                }
                if answered {
                    closed |= silent;
                } else if silent {
                    sessions.push(Session::new(false, at, rounds.len()));
                    closed = false;
                }
                if let Some(session) = sessions.last_mut() {
                    session.served = Some(usize::from(message.account));
                    session.with(usize::from(message.account), at);
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
        let asked = round.message;
        findings.push(Finding { rule, payer, period, occurred: round.asked, due: Some(due), asked, stated: None });
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
    Some(Finding { rule: Rule::Shipment, payer, period, occurred: paid, due: Some(due), asked: 0, stated: None })
}

/// The months at whose end an order is on the list of paid and unshipped ones, and still there at 24:00 of the 7th.
pub fn month_ends(world: &World, order: &Order) -> Vec<Finding> {
    let Some(paid) = order.paid.filter(|_| order.refund_fen < order.paid_fen) else { return Vec::new() };
    let open_at = |at: Wall| [order.shipped, order.closed].iter().all(|t| t.is_none_or(|t| t > at));
    let mut found = Vec::new();
    for month in world.months() {
        let next = crate::base::time::day_of(month.next().first_day());
        let (last, due) = (wall::midnight(next) - 1, wall::midnight(next + 7));
        if paid <= last && open_at(last) && open_at(due) {
            let (rule, payer, period) = (Rule::MonthEndUnhandled, order.responsible, month);
            found.push(Finding { rule, payer, period, occurred: last, due: Some(due), asked: 0, stated: None });
        }
    }
    found
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
