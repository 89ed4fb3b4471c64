//! The one pass against the slow reference: sessions, rounds, backlog, credits, inquiries, month by month.

mod month;

use crate::reference::{self as slow, Msg, arbitrary};
use chrono::NaiveDate;
use kaohe::base::time::{DAY, HOUR, date_of};
use kaohe::base::{Month, Ms, Zone};
use kaohe::calendar::{Hours, Workdays};
use kaohe::facts::context::full_hours;
use kaohe::facts::days::{Days, Window};
use kaohe::facts::people::People;
use kaohe::facts::unit::{LinkedBy, LinkedOrder};
use kaohe::facts::{Context, Facts, unit};
use kaohe::lake::dimensions::AccountRow;
use kaohe::lake::messages::{FILTERS, Message, Messages, Role};
use kaohe::lake::names::{NONE, Names};
use kaohe::lake::orders::Order;
use kaohe::lake::registers::Registers;
use kaohe::settings::Settings;
use kaohe::settings::preset::{BotReply, CreditBy, Preset};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::BTreeMap;

/// The shipped regulation preset.
fn regulation() -> Preset {
    Settings::load(&kaohe::settings::Files::new("no/such/folder"), "pipelines/monthly.toml")
        .expect("the shipped settings")
        .presets["regulation"]
        .clone()
}

/// What varies between the presets and matters to the pass.
#[derive(Debug, Clone)]
struct Choice {
    gap_ms: Option<i64>,
    closing: bool,
    bot: BotReply,
    split: bool,
    by_session: bool,
    credit_by: CreditBy,
}

fn choice() -> impl Strategy<Value = Choice> {
    let gap = prop_oneof![3 => Just(Some(30 * 60_000)), 1 => Just(Some(10 * 60_000)), 1 => Just(None)];
    let bot = prop_oneof![2 => Just(BotReply::Never), 1 => Just(BotReply::HumanPhase), 1 => Just(BotReply::Always)];
    let credit = prop_oneof![Just(CreditBy::Order), Just(CreditBy::Payment), Just(CreditBy::OrderFirst)];
    (gap, any::<bool>(), bot, any::<bool>(), any::<bool>(), credit).prop_map(
        |(gap_ms, closing, bot, split, by_session, credit_by)| Choice {
            gap_ms,
            closing,
            bot,
            split,
            by_session,
            credit_by,
        },
    )
}

impl Choice {
    fn preset(&self) -> Preset {
        Preset {
            session_gap_ms: self.gap_ms,
            closing_words_passed_over: self.closing,
            bot_reply: self.bot,
            split_transfer: self.split,
            window_by_session: self.by_session,
            credit_by: self.credit_by,
            ..regulation()
        }
    }

    fn rules(&self) -> slow::Rules {
        slow::Rules {
            gap_ms: self.gap_ms,
            closing_passed_over: self.closing,
            bot_reply: match self.bot {
                BotReply::Never => slow::BotReply::Never,
                BotReply::HumanPhase => slow::BotReply::HumanPhase,
                BotReply::Always => slow::BotReply::Always,
            },
            split_transfer: self.split,
            window_by_session: self.by_session,
            credit_by: match self.credit_by {
                CreditBy::Order => slow::CreditBy::Order,
                CreditBy::Payment => slow::CreditBy::Payment,
                CreditBy::OrderFirst => slow::CreditBy::OrderFirst,
            },
            ..slow::regulation()
        }
    }
}

fn role(role: slow::Role) -> Role {
    match role {
        slow::Role::Buyer => Role::Buyer,
        slow::Role::Agent => Role::Agent,
        slow::Role::Auto => Role::Auto,
        slow::Role::Bot => Role::Bot,
        slow::Role::System => Role::System,
    }
}

/// Rows as the lake hands them over, those inside `span`.
fn part(messages: &[Msg], names: &Names, span: &std::ops::Range<Ms>) -> Messages {
    let mut ordered: Vec<&Msg> = messages.iter().filter(|m| span.contains(&m.ts)).collect();
    ordered.sort_by_key(|m| (m.shop.clone(), m.buyer.clone(), m.ts, m.file.clone(), m.row));
    let mut part = Messages::default();
    for m in ordered {
        let filter = m.filter.as_ref().map_or(0, |f| 1 + FILTERS.iter().position(|x| x == f).expect("a filter") as u8);
        let message = Message {
            ts: m.ts,
            row: m.row,
            file: names.id(&m.file),
            account: m.account.as_ref().map_or(NONE, |a| names.id(a)),
            role: role(m.role),
            transfer: m.kind_transfer,
            closing: m.closing,
            filter,
        };
        part.push(names.id(&m.shop), &m.buyer, message);
    }
    part
}

struct World {
    preset: Preset,
    names: Names,
    registers: Registers,
    people: People,
    workdays: Workdays,
    online: Hours,
    office: Hours,
}

impl World {
    fn new(preset: Preset) -> World {
        let names = Names::new();
        let account = |shop: &str, a: &str| AccountRow {
            shop: shop.into(),
            account: a.into(),
            staff_id: a.into(),
            valid_from: None,
            valid_to: None,
        };
        let accounts = ["S", "T"].iter().flat_map(|s| ["A1", "A2", "A3"].map(|a| account(s, a))).collect();
        let people = People::new(Vec::new(), accounts, Vec::new(), &names);
        let hours = |text: &str| {
            let raw = toml::from_str(text).expect("hours");
            Hours::compile(&raw, Zone::SHANGHAI, &Workdays::plain()).expect("hours")
        };
        let (online, office) =
            (hours("every_day = [['09:00','23:00']]"), hours("mon = [['09:00','18:00']]\nfri = [['09:00','18:00']]"));
        World { preset, names, registers: Registers::default(), people, workdays: Workdays::plain(), online, office }
    }

    fn context(&self, month: Month) -> Context<'_> {
        let zone = Zone::SHANGHAI;
        let window = Window::of(month, 21, zone, &self.workdays).expect("no data needed");
        let days = Days::new(&window.messages, self.preset.cutoff_ms, zone, &self.workdays).expect("no data needed");
        let instants = (0..31).flat_map(|d| [d * DAY + 18 * HOUR, d * DAY + 23 * HOUR]).map(|t| window.own.start + t);
        Context {
            preset: &self.preset,
            zone,
            days,
            online: &self.online,
            office: &self.office,
            workdays: &self.workdays,
            people: &self.people,
            names: &self.names,
            registers: &self.registers,
            as_of: Ms::MAX,
            advertising_max: 3,
            instants: instants.filter(|t| window.own.contains(t)).collect(),
            full_hours: full_hours(zone, month, Ms::MAX),
            sums_only: false,
            window,
        }
    }
}

/// Two tuples, since tuples of more than twelve compare with nothing.
type SessionRow = (
    (String, String, Option<NaiveDate>, Ms, Ms, bool, Option<String>),
    (usize, usize, usize, Option<i64>, bool, bool, Option<String>),
);
type RoundRow = (
    String,
    String,
    Ms,
    usize,
    Option<Ms>,
    Option<Ms>,
    Option<String>,
    Option<String>,
    bool,
    Option<String>,
    i64,
    Option<i64>,
);

fn opt(names: &Names, id: u32) -> Option<String> {
    (id != NONE).then(|| names.text(id).to_string())
}

fn sessions_of(facts: &Facts, names: &Names) -> Vec<SessionRow> {
    let whose = |i: usize| &facts.conversations[i];
    facts
        .sessions
        .iter()
        .filter(|s| s.in_month)
        .map(|s| {
            (
                (
                    names.text(whose(s.whose).shop).to_string(),
                    whose(s.whose).buyer_key.clone(),
                    s.day.map(date_of),
                    s.session.started_at,
                    s.session.ended_at,
                    s.session.opened_by_buyer,
                    opt(names, s.session.account),
                ),
                (
                    s.session.buyer_messages as usize,
                    s.session.agent_messages as usize,
                    s.session.rounds as usize,
                    s.first_response.map(|r| r[0]),
                    s.session.missed,
                    s.in_window,
                    s.session.dropped.map(|d| d.name().to_owned()),
                ),
            )
        })
        .collect()
}

fn rounds_of(facts: &Facts, names: &Names) -> Vec<RoundRow> {
    let whose = |i: usize| &facts.conversations[i];
    facts
        .rounds
        .iter()
        .filter(|r| facts.sessions[r.round.session].in_month)
        .map(|r| {
            (
                names.text(whose(r.whose).shop).to_string(),
                whose(r.whose).buyer_key.clone(),
                r.round.asked_at,
                r.round.no as usize,
                r.round.answered_at.filter(|_| r.round.dropped.is_none()),
                r.round.transferred_at,
                opt(names, r.round.addressed_to),
                opt(names, r.round.answered_by).filter(|_| r.round.dropped.is_none()),
                r.in_window,
                r.round.dropped.map(|d| d.name().to_owned()),
                r.round.asked_row,
                r.round.answered_at.filter(|_| r.round.dropped.is_none()).map(|_| r.round.answered_row),
            )
        })
        .collect()
}

fn expected_sessions(sessions: &[slow::Session]) -> Vec<SessionRow> {
    let row = |s: &slow::Session| {
        (
            (
                s.shop.clone(),
                s.buyer.clone(),
                s.inquiry_date,
                s.started_at,
                s.ended_at,
                s.opened_by_buyer,
                s.account.clone(),
            ),
            (
                s.buyer_messages,
                s.agent_messages,
                s.rounds,
                s.first_response_ms,
                s.missed,
                s.in_window,
                s.dropped.clone(),
            ),
        )
    };
    let mut all: Vec<SessionRow> = sessions.iter().map(row).collect();
    all.sort();
    all
}

fn expected_rounds(rounds: &[slow::Round]) -> Vec<RoundRow> {
    let row = |r: &slow::Round| {
        let counts = r.dropped.is_none();
        (
            r.shop.clone(),
            r.buyer.clone(),
            r.asked_at,
            r.round_no,
            r.answered_at.filter(|_| counts),
            r.transferred_at,
            r.addressed_to.clone(),
            r.answered_by.clone().filter(|_| counts),
            r.in_window,
            r.dropped.clone(),
            r.asked_row,
            r.answered_row.filter(|_| counts),
        )
    };
    let mut all: Vec<RoundRow> = rounds.iter().map(row).collect();
    all.sort();
    all
}

/// What a month reads. Where transfers split, each starts a round anew, and a chain of them may outlive any margin; in the
/// human phase a robot's reply hangs on who wrote in sessions as old as the oldest open round. There: the whole history.
fn span(context: &Context<'_>, choice: &Choice) -> std::ops::Range<Ms> {
    let endless = choice.split || choice.bot == BotReply::HumanPhase;
    if endless { Ms::MIN..Ms::MAX } else { context.window.messages.clone() }
}

/// All months that a set of messages may touch.
fn months(messages: &[Msg]) -> Vec<Month> {
    let of = |t: Ms| Month::of(Zone::SHANGHAI.date(t));
    let first = messages.iter().map(|m| of(m.ts)).min().expect("messages");
    let last = messages.iter().map(|m| of(m.ts)).max().expect("messages").next();
    std::iter::successors(Some(first), |m| Some(m.next())).take_while(|m| *m <= last).collect()
}

fn linked(orders: &[slow::Order], names: &Names) -> Vec<LinkedOrder> {
    let order = |o: &slow::Order| Order {
        shop: names.id(&o.shop),
        order_id: o.order_id.clone(),
        buyer_key: Some(o.buyer.clone()),
        created_at: o.created_at,
        paid_at: o.paid_at,
        shipped_at: None,
        shipped_untold: false,
        signed_at: None,
        closed_at: o.closed_at,
        paid_fen: Some(100),
        refund_fen: None,
        items: Some(1),
        responsible: NONE,
        file: names.id("orders.csv"),
        row: 2,
    };
    orders.iter().map(|o| LinkedOrder { order: order(o), linked_by: LinkedBy::Buyer }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    /// Each month sees the messages of its window alone; together the months hold every session exactly once.
    #[test]
    fn sessions_and_rounds_are_the_reference_s(messages in arbitrary::conversations(Zone::SHANGHAI), choice in choice()) {
        let world = World::new(choice.preset());
        let (mut sessions, mut rounds) = (Vec::new(), Vec::new());
        for month in months(&messages) {
            let context = world.context(month);
            let part = part(&messages, &world.names, &span(&context, &choice));
            let facts = unit::compute(&context, &[part], Vec::new()).expect("no data needed");
            sessions.extend(sessions_of(&facts, &world.names));
            rounds.extend(rounds_of(&facts, &world.names));
        }
        sessions.sort();
        rounds.sort();
        let (slow_sessions, slow_rounds) = slow::sessions(&messages, &choice.rules());
        prop_assert_eq!(sessions, expected_sessions(&slow_sessions));
        prop_assert_eq!(rounds, expected_rounds(&slow_rounds));
    }

    #[test]
    fn the_backlog_is_the_reference_s(messages in arbitrary::conversations(Zone::SHANGHAI), choice in choice()) {
        let world = World::new(choice.preset());
        let rules = choice.rules();
        let (_, slow_rounds) = slow::sessions(&messages, &rules);
        for month in months(&messages) {
            let context = world.context(month);
            let part = part(&messages, &world.names, &span(&context, &choice));
            let facts = unit::compute(&context, &[part], Vec::new()).expect("no data needed");
            let mut found: BTreeMap<Ms, [usize; 4]> = context.instants.iter().map(|&t| (t, [0; 4])).collect();
            for ((at, ..), ages) in facts.backlog.rows() {
                let sums = found.get_mut(at).expect("an instant of the month");
                for (sum, n) in sums.iter_mut().zip(&ages[1..]) {
                    *sum += *n as usize;
                }
                prop_assert_eq!(ages[0], ages[1..].iter().sum::<i64>());
            }
            for (at, ages) in found {
                prop_assert_eq!(ages, slow::backlog(&slow_rounds, at, &rules), "{}", Zone::SHANGHAI.format(at));
            }
        }
    }

    #[test]
    fn credits_and_inquiries_are_the_reference_s(
        (messages, orders) in arbitrary::conversations_and_orders(Zone::SHANGHAI),
        choice in choice(),
    ) {
        let world = World::new(choice.preset());
        let rules = choice.rules();
        let (slow_sessions, _) = slow::sessions(&messages, &rules);
        let slow_credits = slow::credits(&orders, &slow_sessions, &rules);
        let mut inquiries = Vec::new();
        for month in months(&messages) {
            let context = world.context(month);
            // Whole histories: how far a month must look for orders is another test's matter.
            let part = part(&messages, &world.names, &(Ms::MIN..Ms::MAX));
            let facts = unit::compute(&context, &[part], linked(&orders, &world.names)).expect("no data needed");
            prop_assert_eq!(facts.credits.len(), orders.len());
            for c in &facts.credits {
                let expected = slow_credits.iter().find(|e| e.order_id == c.order.order.order_id).expect("credited");
                let account = c.credit.reply.and_then(|r| opt(&world.names, r.account));
                let found = (c.credit.rule, c.credit.distance_ms, account);
                prop_assert_eq!(found, (expected.rule, expected.distance_ms, expected.account.clone()));
            }
            inquiries.extend(facts.inquiries.iter().map(|i| slow::Inquiry {
                shop: world.names.text(facts.conversations[i.whose].shop).to_string(),
                buyer: facts.conversations[i.whose].buyer_key.clone(),
                inquiry_date: date_of(i.inquiry.day),
                presales: i.inquiry.presales,
                ordered_same_day: i.inquiry.ordered_same_day,
                ordered_next_day: i.inquiry.ordered_next_day,
                ordered_final: i.inquiry.ordered_final,
                paid_final: i.inquiry.paid_final,
                order_id: i.order_id.clone(),
            }));
        }
        inquiries.sort_by_key(|i| (i.shop.clone(), i.buyer.clone(), i.inquiry_date));
        prop_assert_eq!(inquiries, slow::inquiries(&orders, &slow_credits, &slow_sessions, &rules));
    }
}
