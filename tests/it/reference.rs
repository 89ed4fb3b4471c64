//! The KPI definitions once more, slow and obvious: what the program's one pass is compared with. It knows the text of
//! the definitions alone, and works everything out anew from the messages for each message.

use chrono::{NaiveDate, TimeDelta};
use kaohe::base::time::{DAY, HOUR, MINUTE};
use kaohe::base::{Ms, Zone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Buyer,
    Agent,
    Auto,
    Bot,
    System,
}

/// One row of a chat log. `account`: who writes, or is written to; of a transfer the receiver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Msg {
    pub shop: String,
    pub buyer: String,
    pub account: Option<String>,
    pub role: Role,
    pub kind_transfer: bool,
    pub ts: Ms,
    pub closing: bool,
    pub filter: Option<String>,
    pub file: String,
    pub row: i64,
}

/// Whether a robot's message is a valid reply; in the human phase: once a person has written in its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotReply {
    Never,
    HumanPhase,
    Always,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CreditBy {
    Order,
    Payment,
    OrderFirst,
}

/// The settings that the definitions name.
pub struct Rules {
    pub zone: Zone,
    /// `None`: local dates part sessions, silence does not.
    pub gap_ms: Option<i64>,
    pub closing_passed_over: bool,
    pub bot_reply: BotReply,
    pub split_transfer: bool,
    pub round_expires_ms: i64,
    /// ms of the day, as is `window`.
    pub cutoff_ms: i64,
    pub window: (i64, i64),
    pub window_by_session: bool,
    pub is_workday: Box<dyn Fn(NaiveDate) -> bool>,
    pub conversion_days: i64,
    pub after_sale_days: i64,
    pub attribution_hours: i64,
    pub credit_by: CreditBy,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub shop: String,
    pub buyer: String,
    pub inquiry_date: Option<NaiveDate>,
    pub started_at: Ms,
    pub ended_at: Ms,
    pub opened_by_buyer: bool,
    pub account: Option<String>,
    pub buyer_messages: usize,
    pub agent_messages: usize,
    pub rounds: usize,
    pub first_response_ms: Option<i64>,
    pub missed: bool,
    pub in_window: bool,
    pub dropped: Option<String>,
    /// Its valid replies in order: (time, account).
    pub replies: Vec<(Ms, Option<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    pub shop: String,
    pub buyer: String,
    /// Place in the list of sessions.
    pub session: usize,
    /// From 1 in its session; dropped: 0.
    pub round_no: usize,
    pub asked_at: Ms,
    pub answered_at: Option<Ms>,
    pub transferred_at: Option<Ms>,
    pub addressed_to: Option<String>,
    pub answered_by: Option<String>,
    pub in_window: bool,
    pub dropped: Option<String>,
    pub asked_file: String,
    pub asked_row: i64,
    pub answered_file: Option<String>,
    pub answered_row: Option<i64>,
}

impl Round {
    pub fn response_ms(&self) -> Option<i64> {
        self.answered_at.map(|t| t - self.asked_at)
    }

    /// Waits for a reply at that instant; exactly at the end of its term it still does.
    fn is_open(&self, at: Ms, rules: &Rules) -> bool {
        self.dropped.is_none()
            && self.answered_at.is_none_or(|t| t > at)
            && self.transferred_at.is_none_or(|t| t > at)
            && (self.asked_at..=self.asked_at + rules.round_expires_ms).contains(&at)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Ask,
    Reply,
    Transfer,
}

/// A message that matters and the session (of its conversation) that it belongs to.
struct Entry<'a> {
    m: &'a Msg,
    what: What,
    session: usize,
    closes: bool,
}

/// Sessions by shop, buyer, started_at, and rounds by shop, buyer, asked_at; at one instant in the order of messages.
pub fn sessions(messages: &[Msg], rules: &Rules) -> (Vec<Session>, Vec<Round>) {
    let key = |m: &Msg| (m.shop.clone(), m.buyer.clone(), m.ts, m.file.clone(), m.row);
    let mut ordered: Vec<&Msg> = messages.iter().collect();
    ordered.sort_by_key(|m| key(m));
    let (mut sessions, mut rounds) = (Vec::new(), Vec::new());
    for talk in ordered.chunk_by(|a, b| (&a.shop, &a.buyer) == (&b.shop, &b.buyer)) {
        let entries = entries(talk, rules);
        let mut found = rounds_of(&entries, rules);
        for r in found.iter_mut().filter(|r| r.addressed_to.is_none()) {
            let first = entries.iter().find(|e| e.what == What::Reply && e.session == r.session);
            r.addressed_to = first.and_then(|e| e.m.account.clone()).or(r.answered_by.clone());
        }
        let count = entries.iter().map(|e| e.session + 1).max().unwrap_or(0);
        let before = sessions.len();
        sessions.extend((0..count).map(|s| session(s, &entries, &mut found, rules)));
        rounds.extend(found.into_iter().map(|r| Round { session: r.session + before, ..r }));
    }
    (sessions, rounds)
}

/// Gives each message of a conversation its session.
fn entries<'a>(talk: &[&'a Msg], rules: &Rules) -> Vec<Entry<'a>> {
    let mut past: Vec<Entry> = Vec::new();
    for &m in talk {
        let what = match m.role {
            Role::Buyer => What::Ask,
            Role::Agent => What::Reply,
            Role::Bot if rules.bot_reply != BotReply::Never => What::Reply,
            Role::System if m.kind_transfer && rules.split_transfer && m.account.is_some() => What::Transfer,
            _ => continue,
        };
        let (session, closes) = place(&past, m, what, rules);
        let person_wrote = past.iter().any(|e| e.session == session && e.m.role == Role::Agent);
        let counts = m.role != Role::Bot || rules.bot_reply == BotReply::Always || person_wrote;
        // A transfer before the first message has nothing to hand over.
        if counts && (what != What::Transfer || !past.is_empty()) {
            past.push(Entry { m, what, session, closes });
        }
    }
    past
}

/// The session a message belongs to, given all before it, and whether it closes that session.
fn place(past: &[Entry], m: &Msg, what: What, rules: &Rules) -> (usize, bool) {
    let Some(last) = past.iter().rfind(|e| e.what != What::Transfer) else { return (0, false) };
    let silent = match rules.gap_ms {
        Some(gap) => m.ts - last.m.ts >= gap,
        None => rules.zone.date(m.ts) != rules.zone.date(last.m.ts),
    };
    let closed = past.iter().any(|e| e.session == last.session && e.closes);
    let waiting = || rounds_of(past, rules).iter().any(|r| r.is_open(m.ts, rules));
    let asked = past.iter().rfind(|e| e.what == What::Ask).map(|e| e.session);
    match what {
        What::Ask if silent || closed => (last.session + 1, false),
        What::Reply if silent && waiting() => (asked.unwrap_or(last.session), true),
        What::Reply if silent => (last.session + 1, false),
        _ => (last.session, false),
    }
}

/// The rounds of a conversation, not yet numbered or filtered.
fn rounds_of(entries: &[Entry], rules: &Rules) -> Vec<Round> {
    let passed_over = |e: &Entry| rules.closing_passed_over && e.m.closing;
    let mut rounds: Vec<Round> = Vec::new();
    for (i, e) in entries.iter().enumerate() {
        let open: Vec<usize> = (0..rounds.len()).filter(|&r| rounds[r].is_open(e.m.ts, rules)).collect();
        match e.what {
            What::Ask => {
                let same_run =
                    entries[..i].iter().rev().take_while(|p| p.session == e.session && p.what != What::Reply);
                let run: Vec<&Entry> = same_run.filter(|p| p.what == What::Ask).collect();
                let replied = entries[..i].iter().rfind(|p| p.session == e.session && p.what == What::Reply);
                let addressed_to = e.m.account.clone().or_else(|| replied.and_then(|p| p.m.account.clone()));
                if passed_over(e) && run.is_empty() {
                    rounds.push(Round { dropped: Some("closing".into()), addressed_to, ..round(e, e.session) });
                } else if !passed_over(e) && run.iter().all(|p| passed_over(p)) {
                    rounds.push(Round { addressed_to, ..round(e, e.session) });
                }
            }
            What::Reply => {
                for r in open {
                    rounds[r].answered_at = Some(e.m.ts);
                    rounds[r].answered_by = e.m.account.clone();
                    rounds[r].answered_file = Some(e.m.file.clone());
                    rounds[r].answered_row = Some(e.m.row);
                }
            }
            What::Transfer => {
                let passed_on: Vec<usize> =
                    open.into_iter().filter(|&r| rounds[r].addressed_to != e.m.account).collect();
                passed_on.iter().for_each(|&r| rounds[r].transferred_at = Some(e.m.ts));
                if let Some(&latest) = passed_on.last() {
                    rounds.push(round(e, rounds[latest].session));
                }
            }
        }
    }
    rounds
}

fn round(asked: &Entry, session: usize) -> Round {
    Round {
        shop: asked.m.shop.clone(),
        buyer: asked.m.buyer.clone(),
        session,
        round_no: 0,
        asked_at: asked.m.ts,
        answered_at: None,
        transferred_at: None,
        addressed_to: asked.m.account.clone(),
        answered_by: None,
        in_window: false,
        dropped: None,
        asked_file: asked.m.file.clone(),
        asked_row: asked.m.row,
        answered_file: None,
        answered_row: None,
    }
}

/// Session number `s` of a conversation; finishes its rounds.
fn session(s: usize, entries: &[Entry], rounds: &mut [Round], rules: &Rules) -> Session {
    let held: Vec<&Entry> = entries.iter().filter(|e| e.session == s && e.what != What::Transfer).collect();
    let of = |what: What| held.iter().filter(move |e| e.what == what);
    let (first, last) = (held[0], held[held.len() - 1]);
    let filter = held.iter().find_map(|e| e.m.filter.clone());
    let inside = |at: Ms| (rules.window.0..rules.window.1).contains(&rules.zone.time_of_day(at));
    let opened_by_buyer = first.what == What::Ask;

    let mut own: Vec<&mut Round> = rounds.iter_mut().filter(|r| r.session == s).collect();
    let only_closing = opened_by_buyer && own.iter().all(|r| r.dropped.is_some());
    for r in &mut own {
        r.in_window = inside(if rules.window_by_session { first.m.ts } else { r.asked_at });
        r.dropped = filter.clone().or(r.dropped.take());
    }
    own.retain(|r| r.dropped.is_none());
    own.iter_mut().enumerate().for_each(|(i, r)| r.round_no = i + 1);
    let first_asked = own.first().filter(|_| !rules.window_by_session).map_or(first.m.ts, |r| r.asked_at);
    Session {
        shop: first.m.shop.clone(),
        buyer: first.m.buyer.clone(),
        inquiry_date: of(What::Ask).next().map(|e| inquiry_date(e.m.ts, rules)),
        started_at: first.m.ts,
        ended_at: last.m.ts,
        opened_by_buyer,
        account: of(What::Reply).next_back().and_then(|e| e.m.account.clone()),
        buyer_messages: of(What::Ask).count(),
        agent_messages: of(What::Reply).count(),
        rounds: own.len(),
        first_response_ms: own.first().filter(|_| opened_by_buyer).and_then(|r| r.response_ms()),
        missed: opened_by_buyer && !own.is_empty() && own.iter().all(|r| r.answered_at.is_none()),
        in_window: inside(first_asked),
        dropped: filter.or(only_closing.then(|| "closing".into())),
        replies: of(What::Reply).map(|e| (e.m.ts, e.m.account.clone())).collect(),
    }
}

fn inquiry_date(at: Ms, rules: &Rules) -> NaiveDate {
    let date = rules.zone.date(at);
    if rules.zone.time_of_day(at) < rules.cutoff_ms {
        return date;
    }
    date.iter_days().skip(1).find(|d| (rules.is_workday)(*d)).expect("a working day")
}

/// Open rounds at an instant by age: [younger than 1 h, than 4 h, than 24 h, older].
pub fn backlog<'a>(rounds: impl IntoIterator<Item = &'a Round>, at: Ms, rules: &Rules) -> [usize; 4] {
    let mut ages = [0; 4];
    for r in rounds.into_iter().filter(|r| r.is_open(at, rules)) {
        let age = at - r.asked_at;
        ages[if age < HOUR {
            0
        } else if age < 4 * HOUR {
            1
        } else if age < 24 * HOUR {
            2
        } else {
            3
        }] += 1;
    }
    ages
}

/// By shop, weekday (1 Monday) and hour of the question: rounds that count, first responses that count with their sum and
/// how many took no longer than `target` ms; of the inquiry dates that `month` holds.
pub fn hours(
    sessions: &[Session],
    rounds: &[Round],
    target: i64,
    zone: Zone,
    month: &dyn Fn(NaiveDate) -> bool,
) -> std::collections::BTreeMap<(String, i64, i64), [i64; 4]> {
    use chrono::{Datelike, Timelike};
    let mut all = std::collections::BTreeMap::new();
    for r in rounds.iter().filter(|r| r.dropped.is_none()) {
        let session = &sessions[r.session];
        if !session.inquiry_date.is_some_and(month) {
            continue;
        }
        let asked = zone.local(r.asked_at);
        let key = (r.shop.clone(), i64::from(asked.weekday().number_from_monday()), i64::from(asked.hour()));
        let sums: &mut [i64; 4] = all.entry(key).or_default();
        sums[0] += 1;
        let first = r.round_no == 1 && session.opened_by_buyer && r.in_window;
        if let Some(ms) = r.response_ms().filter(|_| first) {
            sums[1] += 1;
            sums[2] += ms;
            sums[3] += i64::from(ms <= target);
        }
    }
    all
}

/// How much of [from, to) lies in `hours` (ms of the day) of the days that count, ms.
pub fn time_inside(from: Ms, to: Ms, hours: (i64, i64), zone: Zone, counts: &dyn Fn(NaiveDate) -> bool) -> i64 {
    let days = zone.date(from).iter_days().take_while(|d| *d <= zone.date(to)).filter(|d| counts(*d));
    days.map(|d| (zone.at(d, hours.1).min(to) - zone.at(d, hours.0).max(from)).max(0)).sum()
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub shop: String,
    pub buyer: String,
    pub order_id: String,
    pub created_at: Ms,
    pub paid_at: Option<Ms>,
    pub closed_at: Option<Ms>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    pub order_id: String,
    /// Place in the list of sessions.
    pub session: Option<usize>,
    pub account: Option<String>,
    /// 1 inside the running session, 2 within the window, 3 silent.
    pub rule: u8,
    pub distance_ms: Option<i64>,
}

/// One for each order, in the order given.
pub fn credits(orders: &[Order], sessions: &[Session], rules: &Rules) -> Vec<Credit> {
    let by_time = |o: &Order, at: Option<Ms>| credit(o, at?, sessions, rules);
    let credited = |o: &Order| match rules.credit_by {
        CreditBy::Order => by_time(o, Some(o.created_at)),
        CreditBy::Payment => by_time(o, o.paid_at),
        CreditBy::OrderFirst => by_time(o, Some(o.created_at)).or_else(|| by_time(o, o.paid_at)),
    };
    let silent =
        |o: &Order| Credit { order_id: o.order_id.clone(), session: None, account: None, rule: 3, distance_ms: None };
    orders.iter().map(|o| credited(o).unwrap_or_else(|| silent(o))).collect()
}

fn credit(o: &Order, at: Ms, sessions: &[Session], rules: &Rules) -> Option<Credit> {
    let filtered = |s: &Session| s.dropped.as_ref().is_some_and(|d| d != "closing");
    let his = |s: &Session| s.shop == o.shop && s.buyer == o.buyer && !filtered(s);
    let replies = sessions
        .iter()
        .enumerate()
        .filter(|(_, s)| his(s))
        .flat_map(|(i, s)| s.replies.iter().map(move |(ts, account)| (*ts, i, account)));
    // Of several at one instant the last.
    let (ts, i, account) = replies.filter(|(ts, ..)| *ts <= at).max_by_key(|(ts, i, _)| (*ts, *i))?;
    let distance = at - ts;
    let running = sessions[i].ended_at >= at;
    let rule = if running { 1 } else { 2 };
    (running || distance <= rules.attribution_hours * HOUR).then(|| Credit {
        order_id: o.order_id.clone(),
        session: Some(i),
        account: account.clone(),
        rule,
        distance_ms: Some(distance),
    })
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    pub shop: String,
    pub buyer: String,
    pub inquiry_date: NaiveDate,
    pub presales: bool,
    pub ordered_same_day: bool,
    pub ordered_next_day: bool,
    pub ordered_final: bool,
    pub paid_final: bool,
    pub order_id: Option<String>,
}

/// By shop, buyer and date. `credits`: those of the orders, in their order. 24:00 itself is in time.
pub fn inquiries(orders: &[Order], credits: &[Credit], sessions: &[Session], rules: &Rules) -> Vec<Inquiry> {
    type Key = (String, String, NaiveDate);
    let key = |s: &Session| -> Option<Key> {
        if s.dropped.is_some() { None } else { Some((s.shop.clone(), s.buyer.clone(), s.inquiry_date?)) }
    };
    let inquiry = |(shop, buyer, date): Key| {
        let is_own = |s: &Session| key(s).is_some_and(|k| k == (shop.clone(), buyer.clone(), date));
        let start = sessions.iter().filter(|s| is_own(s)).map(|s| s.started_at).min().expect("a session");
        let end = |days: i64| rules.zone.end_of(date + TimeDelta::days(days));
        let last = end(rules.conversion_days);
        let converting = orders
            .iter()
            .zip(credits)
            .filter(|(o, c)| c.session.is_some_and(|s| is_own(&sessions[s])) && o.created_at <= last)
            .map(|(o, _)| o)
            .min_by_key(|o| (o.created_at, o.order_id.clone()));
        let mut his = orders.iter().filter(|o| o.shop == shop && o.buyer == buyer);
        let recent = start - rules.after_sale_days * DAY..start;
        let bought = his.clone().any(|o| o.paid_at.is_some_and(|t| recent.contains(&t)));
        let orders_again = his.any(|o| (start..=last).contains(&o.created_at));
        let ordered_by = |days: i64| converting.is_some_and(|o| o.created_at <= end(days));
        Inquiry {
            inquiry_date: date,
            presales: !bought || orders_again,
            ordered_same_day: ordered_by(0),
            ordered_next_day: ordered_by(1),
            ordered_final: ordered_by(rules.conversion_days),
            paid_final: converting.and_then(|o| o.paid_at).is_some_and(|t| t <= last),
            order_id: converting.map(|o| o.order_id.clone()),
            shop: shop.clone(),
            buyer: buyer.clone(),
        }
    };
    let mut keys: Vec<Key> = sessions.iter().filter_map(key).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter().map(inquiry).collect()
}

/// Random conversations that sit on the definitions' edges.
pub mod arbitrary {
    use super::{Msg, Order, Role};
    use kaohe::base::time::{DAY, HOUR, MINUTE, SECOND, next_day};
    use kaohe::base::{Ms, Zone};
    use proptest::collection::vec;
    use proptest::option::weighted;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    /// How the time goes on: by an amount, or to the next such time of day (ms; may miss it by 1 ms).
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Wait(Ms),
        Until(Ms, Ms),
    }

    impl Step {
        fn from(self, at: Ms, zone: Zone) -> Ms {
            let (time, miss) = match self {
                Step::Wait(ms) => return at + ms,
                Step::Until(time, miss) => (time, miss),
            };
            let today = zone.at(zone.date(at), time) + miss;
            if today >= at { today } else { zone.at(next_day(zone.date(at)), time) + miss }
        }
    }

    fn step() -> impl Strategy<Value = Step> {
        let edges = [10 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, DAY, 2 * DAY, 21 * DAY];
        prop_oneof![
            3 => Just(Step::Wait(0)),
            5 => (1..3 * MINUTE).prop_map(Step::Wait),
            2 => (MINUTE..40 * MINUTE).prop_map(Step::Wait),
            4 => (select(edges.to_vec()), -1..=1i64).prop_map(|(ms, miss)| Step::Wait(ms + miss)),
            2 => (select(vec![0, 8, 9, 18, 23]), -1..=1i64).prop_map(|(hour, miss)| Step::Until(hour * HOUR, miss)),
            1 => (HOUR..23 * DAY).prop_map(Step::Wait),
        ]
    }

    /// Month's ends, the eve of a weekend, holidays, and both changes of the clock in Europe.
    fn start(zone: Zone) -> impl Strategy<Value = Ms> {
        let days = ["2026-05-15", "2026-05-31", "2026-04-10", "2026-04-30", "2026-03-28", "2026-10-24"];
        (select(days.to_vec()), step()).prop_map(move |(day, step)| {
            step.from(zone.at(day.parse().expect("a date"), 17 * HOUR + 59 * MINUTE + 50 * SECOND), zone)
        })
    }

    /// (role, transfer, closing, filter)
    fn speaker() -> impl Strategy<Value = (Role, bool, bool, Option<String>)> {
        let filter = || weighted(0.01, select(vec!["own_staff", "blacklist", "mass"]).prop_map(String::from));
        prop_oneof![
            8 => (prop::bool::weighted(0.3), filter()).prop_map(|(closing, f)| (Role::Buyer, false, closing, f)),
            4 => filter().prop_map(|f| (Role::Agent, false, false, f)),
            1 => Just((Role::Auto, false, false, None)),
            2 => Just((Role::Bot, false, false, None)),
            2 => prop::bool::weighted(0.8).prop_map(|transfer| (Role::System, transfer, false, None)),
        ]
    }

    fn account() -> impl Strategy<Value = Option<String>> {
        weighted(0.9, select(vec!["A1", "A2", "A3"]).prop_map(String::from))
    }

    /// A conversation of 1 to 24 messages by time; all in one file, numbered from row 2.
    pub fn conversation(shop: &str, buyer: &str, zone: Zone) -> impl Strategy<Value = Vec<Msg>> + use<> {
        let (shop, buyer) = (shop.to_owned(), buyer.to_owned());
        (start(zone), vec((step(), speaker(), account()), 1..25)).prop_map(move |(mut ts, parts)| {
            let message = |(i, (step, (role, kind_transfer, closing, filter), account)): (usize, (Step, _, _))| {
                ts = step.from(ts, zone);
                let (shop, buyer, file) = (shop.clone(), buyer.clone(), "a.csv".to_owned());
                Msg { shop, buyer, account, role, kind_transfer, ts, closing, filter, file, row: i as i64 + 2 }
            };
            parts.into_iter().enumerate().map(message).collect()
        })
    }

    /// Up to four conversations of two shops and two buyers, in two files, in no order: rows of one instant are not
    /// sorted as they were said.
    pub fn conversations(zone: Zone) -> impl Strategy<Value = Vec<Msg>> {
        let one = |shop, buyer| weighted(0.6, conversation(shop, buyer, zone)).prop_map(Option::unwrap_or_default);
        let all = (conversation("S", "B", zone), one("S", "C"), one("T", "B"), one("T", "C"));
        all.prop_map(|(a, b, c, d)| [a, b, c, d].concat()).prop_shuffle().prop_map(|mut messages| {
            for (i, m) in messages.iter_mut().enumerate() {
                m.file = if i % 2 == 0 { "a.csv" } else { "b.csv" }.to_owned();
                m.row = i as i64 / 2 + 2;
            }
            messages
        })
    }

    type Parts = (Index, bool, Step, Option<Step>, Option<Step>);

    /// The same with up to eight orders around the messages' times.
    pub fn conversations_and_orders(zone: Zone) -> impl Strategy<Value = (Vec<Msg>, Vec<Order>)> {
        let order = (any::<Index>(), prop::bool::weighted(0.2), step(), weighted(0.8, step()), weighted(0.2, step()));
        (conversations(zone), vec(order, 0..9)).prop_map(move |(messages, orders)| {
            let order = |(i, (near, before, step, paid, closed)): (usize, Parts)| {
                let m = near.get(&messages);
                let later = step.from(m.ts, zone);
                let created_at = if before { 2 * m.ts - later } else { later };
                let paid_at = paid.map(|s| s.from(created_at, zone));
                let closed_at = closed.map(|s| s.from(paid_at.unwrap_or(created_at), zone));
                let order_id = format!("{}", 1001 + i);
                Order { shop: m.shop.clone(), buyer: m.buyer.clone(), order_id, created_at, paid_at, closed_at }
            };
            let orders = orders.into_iter().enumerate().map(order).collect();
            (messages, orders)
        })
    }
}

/// The company's own reading (regulation), with Monday to Friday as working days.
pub fn regulation() -> Rules {
    use chrono::{Datelike, Weekday};
    Rules {
        zone: Zone::SHANGHAI,
        gap_ms: Some(30 * MINUTE),
        closing_passed_over: true,
        bot_reply: BotReply::Never,
        split_transfer: false,
        round_expires_ms: 21 * DAY,
        cutoff_ms: 18 * HOUR,
        window: (9 * HOUR, 23 * HOUR),
        window_by_session: false,
        is_workday: Box::new(|d| !matches!(d.weekday(), Weekday::Sat | Weekday::Sun)),
        conversion_days: 2,
        after_sale_days: 21,
        attribution_hours: 48,
        credit_by: CreditBy::Order,
    }
}

/// The definitions worked by hand, May 2026 (the 15th is a Friday).
mod cases {
    use super::*;
    use chrono::NaiveDateTime;
    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    const ZONE: Zone = Zone::SHANGHAI;

    /// `15 17:59:50` of May 2026; `06-05 …` of another month.
    fn at(time: &str) -> Ms {
        let month = if time.as_bytes()[2] == b'-' { "" } else { "05-" };
        let text = format!("2026-{month}{time}");
        ZONE.instant(NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f").expect("a time"))
    }

    /// One message a line: `day time role account [closing] [filter]`; `transfer` is a role here, `-` no account.
    fn talk(lines: &str) -> Vec<Msg> {
        let message = |(i, line): (usize, &str)| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let role = match words[2] {
                "buyer" => Role::Buyer,
                "agent" => Role::Agent,
                "auto" => Role::Auto,
                "bot" => Role::Bot,
                _ => Role::System,
            };
            Msg {
                shop: "S".into(),
                buyer: "B".into(),
                account: (words[3] != "-").then(|| words[3].into()),
                role,
                kind_transfer: words[2] == "transfer",
                ts: at(&words[..2].join(" ")),
                closing: words[4..].contains(&"closing"),
                filter: words[4..].iter().find(|w| **w != "closing").map(|w| w.to_string()),
                file: "a.csv".into(),
                row: i as i64 + 1,
            }
        };
        lines.lines().filter(|l| !l.trim().is_empty()).enumerate().map(message).collect()
    }

    /// `rows asked-answered (response) addressed>answered [out] [dropped]`, with the session in front of each.
    fn shown(lines: &str, rules: &Rules) -> Vec<String> {
        let (sessions, rounds) = sessions(&talk(lines), rules);
        let time = |t: Ms| ZONE.local(t).format("%d %H:%M:%S%.f").to_string();
        let name = |a: &Option<String>| a.clone().unwrap_or("-".into());
        let flags =
            |flags: [(bool, &str); 3]| flags.iter().filter(|f| f.0).map(|f| format!(" {}", f.1)).collect::<String>();
        let mut out = Vec::new();
        for (i, s) in sessions.iter().enumerate() {
            let by = if s.opened_by_buyer { "buyer" } else { "agent" };
            let date = s.inquiry_date.map_or("-".into(), |d| d.format("%d").to_string());
            let first = s.first_response_ms.map_or("-".into(), |ms| ms.to_string());
            let dropped = s.dropped.clone().unwrap_or_default();
            let notes = flags([(s.missed, "missed"), (!s.in_window, "out"), (s.dropped.is_some(), &dropped)]);
            out.push(format!(
                "{} - {} by {by}, date {date}, {}, {}+{}, {} rounds, first {first}{notes}",
                time(s.started_at),
                time(s.ended_at),
                name(&s.account),
                s.buyer_messages,
                s.agent_messages,
                s.rounds,
            ));
            for r in rounds.iter().filter(|r| r.session == i) {
                let dropped = r.dropped.clone().unwrap_or_default();
                let passed_on = r.transferred_at.map(|t| format!("passed on {}", time(t))).unwrap_or_default();
                let notes = flags([
                    (r.transferred_at.is_some(), &passed_on),
                    (!r.in_window, "out"),
                    (r.dropped.is_some(), &dropped),
                ]);
                let response = r.response_ms().map_or("-".into(), |ms| ms.to_string());
                let (no, from, to) = (r.round_no, name(&r.addressed_to), name(&r.answered_by));
                let proof = format!("{}:{}", r.asked_row, r.answered_row.map_or("-".into(), |n| n.to_string()));
                out.push(format!("  {no}. {} {response} {from}>{to} {proof}{notes}", time(r.asked_at)));
            }
        }
        out
    }

    fn order(id: &str, created: &str, paid: Option<&str>) -> Order {
        let (shop, buyer, order_id) = ("S".into(), "B".into(), id.into());
        Order { shop, buyer, order_id, created_at: at(created), paid_at: paid.map(at), closed_at: None }
    }

    const BY_HAND: &str = "
        15 17:59:50 buyer A1
        15 17:59:51 auto A1
        15 18:00:20 buyer A1
        15 18:00:40 agent A1
        15 18:01:00 buyer A1 closing
        15 22:50:00 buyer A1
        16 09:10:00 agent A2
        16 23:30:00 buyer A2";

    #[test]
    fn check_by_hand() {
        let rules = regulation();
        assert_eq!(
            shown(BY_HAND, &rules),
            [
                "15 17:59:50 - 15 18:01:00 by buyer, date 15, A1, 3+1, 1 rounds, first 50000",
                "  1. 15 17:59:50 50000 A1>A1 1:4",
                "  0. 15 18:01:00 - A1>- 5:- closing",
                "15 22:50:00 - 16 09:10:00 by buyer, date 18, A2, 1+1, 1 rounds, first 37200000",
                "  1. 15 22:50:00 37200000 A1>A2 6:7",
                "16 23:30:00 - 16 23:30:00 by buyer, date 18, -, 1+0, 1 rounds, first - missed out",
                "  1. 16 23:30:00 - A2>- 8:- out",
            ]
        );
        let (sessions, rounds) = sessions(&talk(BY_HAND), &rules);
        let open = |time: &str| backlog(&rounds, at(time), &rules);
        assert_eq!(open("15 18:00:00"), [1, 0, 0, 0]);
        assert_eq!(open("15 18:00:39.999"), [1, 0, 0, 0]);
        assert_eq!(open("15 18:00:40"), [0; 4]);
        assert_eq!(open("15 23:00:00"), [1, 0, 0, 0]);
        assert_eq!(open("16 18:00:00"), [0; 4]);
        assert_eq!(open("16 23:00:00"), [0; 4]);
        assert_eq!(open("17 18:00:00"), [0, 0, 1, 0]);
        assert_eq!(open("17 23:00:00"), [0, 0, 1, 0]);
        assert_eq!(open("18 12:00:00"), [0, 0, 0, 1]);
        // Deadlines: s1 is due Fri 23:00, s2 and s3 Mon 12:00; only s3's round is open at its own.
        let open_when_due = |i: usize, due: &str| rounds[i].is_open(at(due), &rules);
        assert!(!open_when_due(0, "15 23:00:00") && !open_when_due(2, "18 12:00:00"));
        assert!(open_when_due(3, "18 12:00:00") && rounds[3].addressed_to.as_deref() == Some("A2"));
        // Late for 45 s: s1 (A1) and s2 (A1), inside the window.
        let late = |r: &&Round| r.in_window && r.response_ms().is_some_and(|ms| ms > 45_000);
        assert_eq!(rounds.iter().filter(late).map(|r| r.asked_row).collect::<Vec<_>>(), [1, 6]);

        let (asked, answered) = (at("15 22:50:00"), at("16 09:10:00"));
        assert_eq!(time_inside(asked, answered, (9 * HOUR, 23 * HOUR), ZONE, &|_| true), 1_200_000);
        assert_eq!(time_inside(asked, answered, (9 * HOUR, 18 * HOUR), ZONE, &*rules.is_workday), 0);
        let (asked, answered) = (at("15 17:59:50"), at("15 18:00:40"));
        assert_eq!(time_inside(asked, answered, (9 * HOUR, 18 * HOUR), ZONE, &*rules.is_workday), 10_000);

        let orders = [order("1", "15 22:55:00", None)];
        let credits = credits(&orders, &sessions, &rules);
        let (order_id, account) = ("1".to_owned(), Some("A1".to_owned()));
        let distance_ms = Some(17_660_000);
        assert_eq!(credits, [Credit { order_id, session: Some(0), account, rule: 2, distance_ms }]);
        let inquiries = inquiries(&orders, &credits, &sessions, &rules);
        let dates: Vec<String> = inquiries.iter().map(|q| q.inquiry_date.to_string()).collect();
        assert_eq!(dates, ["2026-05-15", "2026-05-18"]);
        let q = &inquiries[0];
        assert!(q.presales && q.ordered_same_day && q.ordered_next_day && q.ordered_final && !q.paid_final);
        assert!(!inquiries[1].ordered_final && inquiries[1].order_id.is_none());
    }

    #[test]
    fn the_gap_parts_sessions_exactly() {
        let lines = "
            15 10:00:00 buyer A1
            15 10:00:00 agent A1
            15 10:29:59.999 buyer A1
            15 10:30:30 agent A1
            15 11:00:30 agent A1
            15 11:05:00 buyer A1
            15 11:35:00 buyer A1";
        assert_eq!(
            shown(lines, &regulation()),
            [
                "15 10:00:00 - 15 10:30:30 by buyer, date 15, A1, 2+2, 2 rounds, first 0",
                "  1. 15 10:00:00 0 A1>A1 1:2",
                "  2. 15 10:29:59.999 30001 A1>A1 3:4",
                "15 11:00:30 - 15 11:05:00 by agent, date 15, A1, 1+1, 1 rounds, first -",
                "  1. 15 11:05:00 - A1>- 6:-",
                "15 11:35:00 - 15 11:35:00 by buyer, date 15, -, 1+0, 1 rounds, first - missed",
                "  1. 15 11:35:00 - A1>- 7:-",
            ]
        );
    }

    #[test]
    fn a_late_reply_closes_and_answers_all_that_is_open() {
        let lines = "
            15 09:00:00 buyer A1
            15 10:00:00 buyer A2
            15 10:01:00 bot A2
            15 10:20:00 auto A2
            15 10:30:00 agent A3
            15 10:31:00 agent A3
            15 10:32:00 buyer A3
            15 10:33:00 agent A3";
        assert_eq!(
            shown(lines, &regulation()),
            [
                "15 09:00:00 - 15 09:00:00 by buyer, date 15, -, 1+0, 1 rounds, first 5400000",
                "  1. 15 09:00:00 5400000 A1>A3 1:5",
                "15 10:00:00 - 15 10:31:00 by buyer, date 15, A3, 1+2, 1 rounds, first 1800000",
                "  1. 15 10:00:00 1800000 A2>A3 2:5",
                "15 10:32:00 - 15 10:33:00 by buyer, date 15, A3, 1+1, 1 rounds, first 60000",
                "  1. 15 10:32:00 60000 A3>A3 7:8",
            ]
        );
    }

    #[test]
    fn a_round_expires_after_its_term() {
        let asked = "01 10:00:00 buyer A1\n";
        let just = shown(&format!("{asked} 22 10:00:00 agent A1"), &regulation());
        assert_eq!(just[1], "  1. 01 10:00:00 1814400000 A1>A1 1:2");
        let over = shown(&format!("{asked} 22 10:00:00.001 agent A1"), &regulation());
        assert_eq!(
            over,
            [
                "01 10:00:00 - 01 10:00:00 by buyer, date 01, -, 1+0, 1 rounds, first - missed",
                "  1. 01 10:00:00 - A1>- 1:-",
                "22 10:00:00.001 - 22 10:00:00.001 by agent, date -, A1, 0+1, 0 rounds, first -",
            ]
        );
        let (_, rounds) = sessions(&talk(asked), &regulation());
        let open = |time: &str| backlog(&rounds, at(time), &regulation());
        assert_eq!(open("01 09:59:59.999"), [0; 4]);
        assert_eq!(open("01 10:59:59.999"), [1, 0, 0, 0]);
        assert_eq!(open("01 11:00:00"), [0, 1, 0, 0]);
        assert_eq!(open("01 14:00:00"), [0, 0, 1, 0]);
        assert_eq!(open("02 10:00:00"), [0, 0, 0, 1]);
        assert_eq!(open("22 10:00:00"), [0, 0, 0, 1]);
        assert_eq!(open("22 10:00:00.001"), [0; 4]);
    }

    #[test]
    fn closing_words_are_passed_over() {
        let lines = "
            15 10:00:00 buyer A1 closing
            15 10:10:00 buyer A1 closing
            15 10:20:00 buyer A2
            15 10:20:05 buyer A1 closing
            15 10:20:20 agent A2
            15 10:21:00 buyer A1 closing
            15 10:22:00 agent A1
            15 12:00:00 buyer A3 closing
            15 12:01:00 agent A3";
        assert_eq!(
            shown(lines, &regulation()),
            [
                "15 10:00:00 - 15 10:22:00 by buyer, date 15, A1, 5+2, 1 rounds, first 20000",
                "  0. 15 10:00:00 - A1>- 1:- closing",
                "  1. 15 10:20:00 20000 A2>A2 3:5",
                "  0. 15 10:21:00 - A1>- 6:- closing",
                "15 12:00:00 - 15 12:01:00 by buyer, date 15, A3, 1+1, 0 rounds, first - closing",
                "  0. 15 12:00:00 - A3>- 8:- closing",
            ]
        );
        let kept = shown(lines, &Rules { closing_passed_over: false, ..regulation() });
        assert_eq!(kept[1..3], ["  1. 15 10:00:00 1220000 A1>A2 1:5", "  2. 15 10:21:00 60000 A1>A1 6:7"]);
        // Closing words alone are no open round: a reply after the gap opens a session of its own.
        let thanks = "15 10:00:00 buyer A1 closing \n 15 10:30:00 agent A1";
        assert_eq!(
            shown(thanks, &regulation())[2],
            "15 10:30:00 - 15 10:30:00 by agent, date -, A1, 0+1, 0 rounds, first -"
        );
    }

    #[test]
    fn dates_part_sessions_of_the_day() {
        let lines = "
            15 09:00:00 buyer A1
            15 09:01:00 agent A1
            15 20:00:00 buyer A1
            15 23:59:59.999 buyer A1
            16 00:00:00 buyer A1
            17 08:00:00 agent A2
            17 08:01:00 agent A2
            17 08:02:00 buyer A2
            17 08:03:00 agent A2
            18 10:00:00 agent A2
            18 10:01:00 buyer A2";
        assert_eq!(
            shown(lines, &Rules { gap_ms: None, window: (8 * HOUR, 23 * HOUR), ..regulation() }),
            [
                "15 09:00:00 - 15 23:59:59.999 by buyer, date 15, A1, 3+1, 2 rounds, first 60000",
                "  1. 15 09:00:00 60000 A1>A1 1:2",
                "  2. 15 20:00:00 129600000 A1>A2 3:6",
                "16 00:00:00 - 17 08:01:00 by buyer, date 16, A2, 1+2, 1 rounds, first 115200000 out",
                "  1. 16 00:00:00 115200000 A1>A2 5:6 out",
                "17 08:02:00 - 17 08:03:00 by buyer, date 17, A2, 1+1, 1 rounds, first 60000",
                "  1. 17 08:02:00 60000 A2>A2 8:9",
                "18 10:00:00 - 18 10:01:00 by agent, date 18, A2, 1+1, 1 rounds, first -",
                "  1. 18 10:01:00 - A2>- 11:-",
            ]
        );
    }

    #[test]
    fn a_transfer_splits_a_round() {
        let lines = "
            15 09:00:00 buyer A1
            15 10:00:00 buyer A1
            15 10:00:10 transfer -
            15 10:00:20 transfer A1
            15 10:00:30 transfer A2
            15 10:00:40 buyer A2
            15 10:01:00 agent A2
            15 10:01:30 transfer A3";
        assert_eq!(
            shown(lines, &Rules { split_transfer: true, ..regulation() }),
            [
                "15 09:00:00 - 15 09:00:00 by buyer, date 15, -, 1+0, 1 rounds, first - missed",
                "  1. 15 09:00:00 - A1>- 1:- passed on 15 10:00:30",
                "15 10:00:00 - 15 10:01:00 by buyer, date 15, A2, 2+1, 2 rounds, first -",
                "  1. 15 10:00:00 - A1>- 2:- passed on 15 10:00:30",
                "  2. 15 10:00:30 30000 A2>A2 5:7",
            ]
        );
        let followed = shown(lines, &regulation());
        assert_eq!(followed[1], "  1. 15 09:00:00 3660000 A1>A2 1:7");
        assert_eq!(followed[3], "  1. 15 10:00:00 60000 A1>A2 2:7");
    }

    /// Where only the round of an earlier session is handed over, the new one belongs to that session.
    #[test]
    fn a_transfer_starts_one_round_where_the_latest_ended() {
        let split = || Rules { split_transfer: true, ..regulation() };
        let lines = "
            15 09:00:00 buyer A1
            15 10:00:00 buyer A2
            15 10:00:30 transfer A2
            15 10:00:40 buyer A2
            15 10:01:00 agent A2";
        assert_eq!(
            shown(lines, &split()),
            [
                "15 09:00:00 - 15 09:00:00 by buyer, date 15, -, 1+0, 2 rounds, first -",
                "  1. 15 09:00:00 - A1>- 1:- passed on 15 10:00:30",
                "  2. 15 10:00:30 30000 A2>A2 3:5",
                "15 10:00:00 - 15 10:01:00 by buyer, date 15, A2, 2+1, 1 rounds, first 60000",
                "  1. 15 10:00:00 60000 A2>A2 2:5",
            ]
        );
        let lines = "
            15 09:00:00 buyer A1
            15 10:00:00 buyer A1 closing
            15 10:00:30 transfer A2
            15 10:00:40 buyer A2";
        assert_eq!(
            shown(lines, &split()),
            [
                "15 09:00:00 - 15 09:00:00 by buyer, date 15, -, 1+0, 2 rounds, first - missed",
                "  1. 15 09:00:00 - A1>- 1:- passed on 15 10:00:30",
                "  2. 15 10:00:30 - A2>- 3:-",
                "15 10:00:00 - 15 10:00:40 by buyer, date 15, -, 2+0, 1 rounds, first - missed",
                "  0. 15 10:00:00 - A1>- 2:- closing",
                "  1. 15 10:00:40 - A2>- 4:-",
            ]
        );
    }

    #[test]
    fn a_bot_replies_where_it_may() {
        let lines = "
            15 10:00:00 buyer A1
            15 10:00:05 bot A1
            15 10:01:00 agent A2
            15 10:02:00 buyer A2
            15 10:02:03 bot A1
            15 11:00:00 bot A1";
        let rounds = |bot_reply| shown(lines, &Rules { bot_reply, ..regulation() });
        assert_eq!(rounds(BotReply::Never)[1..], ["  1. 15 10:00:00 60000 A1>A2 1:3", "  2. 15 10:02:00 - A2>- 4:-"]);
        let human = ["  1. 15 10:00:00 60000 A1>A2 1:3", "  2. 15 10:02:00 3000 A2>A1 4:5"];
        assert_eq!(rounds(BotReply::HumanPhase)[1..], human);
        let always = rounds(BotReply::Always);
        assert_eq!(always[1..3], ["  1. 15 10:00:00 5000 A1>A1 1:2", "  2. 15 10:02:00 3000 A2>A1 4:5"]);
        assert_eq!(always[3], "15 11:00:00 - 15 11:00:00 by agent, date -, A1, 0+1, 0 rounds, first -");
    }

    #[test]
    fn filters_drop_whole_sessions() {
        let lines = "
            15 10:00:00 buyer A1
            15 10:01:00 buyer A1 closing
            15 10:02:00 agent A1 mass
            15 10:03:00 buyer A1 closing
            15 10:04:00 buyer A1 own_staff
            15 12:00:00 buyer A1";
        assert_eq!(
            shown(lines, &regulation()),
            [
                "15 10:00:00 - 15 10:04:00 by buyer, date 15, A1, 4+1, 0 rounds, first - mass",
                "  0. 15 10:00:00 120000 A1>A1 1:3 mass",
                "  0. 15 10:03:00 - A1>- 4:- mass",
                "  0. 15 10:04:00 - A1>- 5:- mass",
                "15 12:00:00 - 15 12:00:00 by buyer, date 15, -, 1+0, 1 rounds, first - missed",
                "  1. 15 12:00:00 - A1>- 6:-",
            ]
        );
    }

    #[test]
    fn sessions_of_the_agents_alone_are_no_inquiries() {
        let lines = "
            15 10:00:00 agent A1
            15 11:00:00 agent A1 mass
            15 12:00:00 agent A1
            15 12:01:00 buyer A1 closing";
        assert_eq!(
            shown(lines, &regulation()),
            [
                "15 10:00:00 - 15 10:00:00 by agent, date -, A1, 0+1, 0 rounds, first -",
                "15 11:00:00 - 15 11:00:00 by agent, date -, A1, 0+1, 0 rounds, first - mass",
                "15 12:00:00 - 15 12:01:00 by agent, date 15, A1, 1+1, 0 rounds, first -",
                "  0. 15 12:01:00 - A1>- 4:- closing",
            ]
        );
        let (sessions, _) = sessions(&talk(lines), &regulation());
        assert_eq!(inquiries(&[], &[], &sessions, &regulation()).len(), 1);
    }

    #[test]
    fn the_cutoff_and_the_window_are_half_open() {
        let dates = |lines: &str| shown(lines, &regulation())[0].split(", ").nth(1).map(str::to_owned);
        assert_eq!(dates("14 17:59:59.999 buyer A1").as_deref(), Some("date 14"));
        assert_eq!(dates("14 18:00:00 buyer A1").as_deref(), Some("date 15"));
        assert_eq!(dates("16 17:00:00 buyer A1").as_deref(), Some("date 16"));
        assert_eq!(dates("15 17:50:00 agent A1 \n 15 18:00:00 buyer A1 closing").as_deref(), Some("date 18"));
        let out = |time: &str| shown(&format!("{time} buyer A1"), &regulation())[1].ends_with("out");
        assert!(out("15 08:59:59.999") && !out("15 09:00:00") && !out("15 22:59:59.999") && out("15 23:00:00"));
        // By session its start decides for all its rounds, by round each for itself and the first for the session.
        let lines = "15 08:50:00 agent A1 \n 15 09:10:00 buyer A1";
        let by_session = shown(lines, &Rules { window_by_session: true, ..regulation() });
        assert!(by_session.iter().all(|line| line.ends_with("out")));
        assert!(shown(lines, &regulation()).iter().all(|line| !line.ends_with("out")));
    }

    #[test]
    fn credits_follow_the_last_reply() {
        let lines = "
            15 10:00:00 buyer A1
            15 10:01:00 agent A1
            15 10:05:00 buyer A1
            15 10:05:00 agent A2
            18 09:00:00 agent A3 mass";
        let rules = |credit_by| Rules { credit_by, ..regulation() };
        let (sessions, _) = sessions(&talk(lines), &regulation());
        let credited = |created: &str, paid: Option<&str>, by| {
            let c = credits(&[order("1", created, paid)], &sessions, &rules(by)).remove(0);
            (c.rule, c.account.unwrap_or_default(), c.distance_ms.unwrap_or(-1), c.session)
        };
        let by_order = |created: &str| credited(created, None, CreditBy::Order);
        let silent = (3, String::new(), -1, None);
        assert_eq!(by_order("15 10:00:59.999"), silent);
        assert_eq!(by_order("15 10:01:00"), (1, "A1".into(), 0, Some(0)));
        assert_eq!(by_order("15 10:05:00"), (1, "A2".into(), 0, Some(0)));
        assert_eq!(by_order("15 10:05:00.001"), (2, "A2".into(), 1, Some(0)));
        assert_eq!(by_order("17 10:05:00"), (2, "A2".into(), 48 * HOUR, Some(0)));
        assert_eq!(by_order("17 10:05:00.001"), silent);
        assert_eq!(by_order("18 09:00:00"), silent);
        let before = |by| credited("15 09:00:00", Some("15 10:02:00"), by);
        assert_eq!(before(CreditBy::Order), silent);
        assert_eq!(before(CreditBy::Payment), (1, "A1".into(), MINUTE, Some(0)));
        assert_eq!(before(CreditBy::OrderFirst), before(CreditBy::Payment));
        assert_eq!(credited("15 10:05:00", None, CreditBy::Payment), silent);

        // Two replies of one instant: the last, here in the session that the first one left behind closed.
        let lines = "
            15 10:00:00 buyer A1
            15 11:00:00 agent A1
            15 11:00:00 buyer A1
            15 11:00:00 agent A2";
        let (sessions, _) = super::sessions(&talk(lines), &regulation());
        let c = credits(&[order("1", "15 11:00:00", None)], &sessions, &regulation()).remove(0);
        assert_eq!((c.account.as_deref(), c.session), (Some("A2"), Some(1)));
    }

    #[test]
    fn inquiries_convert_inside_their_windows() {
        let lines = "
            25 10:00:00 buyer A1
            25 10:01:00 agent A1
            27 09:00:00 buyer A1
            27 23:30:00 agent A1";
        let (sessions, _) = sessions(&talk(lines), &regulation());
        let asked = |orders: &[Order]| {
            let credits = credits(orders, &sessions, &regulation());
            let inquiry = inquiries(orders, &credits, &sessions, &regulation()).remove(0);
            assert_eq!(inquiry.inquiry_date.to_string(), "2026-05-25");
            let q = &inquiry;
            let figures = [q.presales, q.ordered_same_day, q.ordered_next_day, q.ordered_final, q.paid_final];
            (figures.map(u8::from), inquiry.order_id.unwrap_or_default())
        };
        let one = |created, paid| asked(&[order("1", created, paid)]).0;
        assert_eq!(asked(&[]), ([1, 0, 0, 0, 0], String::new()));
        assert_eq!(one("25 10:30:00", None), [1, 1, 1, 1, 0]);
        assert_eq!(one("26 00:00:00", Some("28 00:00:00")), [1, 1, 1, 1, 1]);
        assert_eq!(one("26 00:00:00.001", Some("28 00:00:00.001")), [1, 0, 1, 1, 0]);
        assert_eq!(one("27 00:00:00.001", None), [1, 0, 0, 1, 0]);
        // Older than 48 h, or credited to the second inquiry.
        assert_eq!(one("27 10:01:00.001", None), [1, 0, 0, 0, 0]);
        assert_eq!(one("27 23:40:00", None), [1, 0, 0, 0, 0]);
        let late = |created| {
            let orders = [order("1", created, None)];
            let rules = Rules { attribution_hours: 96, ..regulation() };
            let early: Vec<Session> = sessions[..1].to_vec();
            inquiries(&orders, &credits(&orders, &early, &rules), &early, &rules)[0].ordered_final
        };
        assert!(late("28 00:00:00") && !late("28 00:00:00.001"));
        // Paid inside the 21 days before: an after-sales case, until he orders again.
        let paid = |time| order("0", "01 09:00:00", Some(time));
        assert_eq!(asked(&[paid("04 09:59:59.999")]).0[0], 1);
        assert_eq!(asked(&[paid("04 10:00:00")]).0[0], 0);
        assert_eq!(asked(&[paid("25 09:59:59.999")]).0[0], 0);
        assert_eq!(asked(&[paid("25 10:00:00")]).0[0], 1);
        assert_eq!(asked(&[paid("25 09:00:00"), order("1", "28 00:00:00", None)]).0[0], 1);
        assert_eq!(asked(&[paid("25 09:00:00"), order("1", "28 00:00:00.001", None)]).0[0], 0);
        // Of two the earlier, at one instant the smaller number.
        let two = [order("3", "25 11:00:00", None), order("2", "25 11:00:00", None)];
        assert_eq!(asked(&two).1, "2");
    }

    /// (gap, bot, [closing, split, by session]) as settings.
    fn varied(gap_ms: Option<i64>, bot_reply: BotReply, flags: [bool; 3]) -> Rules {
        let [closing_passed_over, split_transfer, window_by_session] = flags;
        Rules { gap_ms, bot_reply, closing_passed_over, split_transfer, window_by_session, ..regulation() }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn nothing_is_lost_or_counted_twice(
            (messages, orders) in arbitrary::conversations_and_orders(ZONE),
            gap in select(vec![None, Some(10 * MINUTE), Some(30 * MINUTE)]),
            bot in select(vec![BotReply::Never, BotReply::HumanPhase, BotReply::Always]),
            flags in any::<[bool; 3]>(),
        ) {
            let rules = varied(gap, bot, flags);
            let (found, rounds) = sessions(&messages, &rules);
            let reversed: Vec<Msg> = messages.iter().rev().cloned().collect();
            prop_assert_eq!(&(found.clone(), rounds.clone()), &sessions(&reversed, &rules));

            let written = |role: Role| messages.iter().filter(|m| m.role == role).count();
            let (asked, replied) = found.iter().fold((0, 0), |n, s| (n.0 + s.buyer_messages, n.1 + s.agent_messages));
            prop_assert_eq!(asked, written(Role::Buyer));
            match bot {
                BotReply::Never => prop_assert_eq!(replied, written(Role::Agent)),
                BotReply::Always => prop_assert_eq!(replied, written(Role::Agent) + written(Role::Bot)),
                BotReply::HumanPhase => prop_assert!(replied >= written(Role::Agent)),
            }
            let person = |s: &Session| (s.shop.clone(), s.buyer.clone());
            for pair in found.windows(2).filter(|p| person(&p[0]) == person(&p[1])) {
                prop_assert!(pair[0].ended_at <= pair[1].started_at);
            }
            for r in &rounds {
                prop_assert!(r.answered_at.is_none() || r.transferred_at.is_none());
                prop_assert!(r.response_ms().is_none_or(|ms| (0..=rules.round_expires_ms).contains(&ms)));
                prop_assert_eq!(r.round_no == 0, r.dropped.is_some());
            }
            for (i, s) in found.iter().enumerate() {
                let numbers = rounds.iter().filter(|r| r.session == i && r.dropped.is_none()).map(|r| r.round_no);
                prop_assert!(numbers.eq(1..=s.rounds));
            }
            let credits = credits(&orders, &found, &rules);
            let inquiries = inquiries(&orders, &credits, &found, &rules);
            let converting = inquiries.iter().filter_map(|q| q.order_id.clone());
            prop_assert!(converting.clone().count() <= credits.iter().filter(|c| c.rule < 3).count());
            for q in &inquiries {
                prop_assert!(q.ordered_same_day <= q.ordered_next_day && q.ordered_next_day <= q.ordered_final);
                prop_assert!(q.paid_final <= q.ordered_final && q.ordered_final == q.order_id.is_some());
            }
        }
    }

    /// What a random test never meets it does not test.
    #[test]
    fn the_edges_occur() {
        let mut runner = TestRunner::deterministic();
        let strategy = arbitrary::conversations_and_orders(ZONE);
        let mut met = [0; 12];
        for _ in 0..1_000 {
            let (messages, orders) = strategy.new_tree(&mut runner).expect("a case").current();
            let rules = Rules { split_transfer: true, ..regulation() };
            let (sessions, rounds) = sessions(&messages, &rules);
            let credits = credits(&orders, &sessions, &rules);
            let inquiries = inquiries(&orders, &credits, &sessions, &rules);
            let responded = |ms: i64| rounds.iter().any(|r| r.response_ms() == Some(ms));
            let rule = |n: u8| credits.iter().any(|c| c.rule == n);
            let edges = [
                responded(0),
                responded(30 * MINUTE),
                responded(21 * DAY),
                rounds.iter().any(|r| r.transferred_at.is_some()),
                sessions.iter().any(|s| s.dropped.as_deref() == Some("closing")),
                sessions.iter().any(|s| s.dropped.as_deref() == Some("mass")),
                messages.iter().any(|m| m.role == Role::Buyer && ZONE.time_of_day(m.ts) == 18 * HOUR),
                rule(1),
                rule(2),
                rule(3),
                inquiries.iter().any(|q| q.paid_final),
                inquiries.iter().any(|q| !q.presales),
            ];
            edges.iter().zip(&mut met).for_each(|(edge, n)| *n += usize::from(*edge));
        }
        assert!(met.iter().all(|n| *n >= 10), "{met:?}");
    }
}
