//! The unit of work: one bucket of one month. Conversations in, facts out; nothing here knows a path or another bucket.

use super::backlog::Backlog;
use super::by_buyer::{ByBuyer, Repeat};
use super::by_hour::ByHour;
use super::context::Context;
use super::credits::{Credit, credit};
use super::inquiries::{Inquiry, inquiries};
use super::open_hours::OpenHours;
use super::percentiles::Values;
use super::products::Products;
use super::scan::{Round, Scan, Session};
use super::staff_day::{StaffDays, first_response};
use super::steps::Steps;
use super::still_open::OpenRound;
use super::unshipped::Unshipped;
use crate::calendar::CalendarError;
use crate::lake::auto_replies::AutoReply;
use crate::lake::messages::{Message, Messages, each_conversation};
use crate::lake::names::NONE;
use crate::lake::orders::Order;
use crate::settings::preset::Clock;
use foldhash::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// How an order found its buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkedBy {
    Buyer,
    Quoted,
    Nothing,
}

impl LinkedBy {
    pub fn name(self) -> &'static str {
        match self {
            LinkedBy::Buyer => "buyer",
            LinkedBy::Quoted => "quoted",
            LinkedBy::Nothing => "none",
        }
    }
}

/// An order with its buyer, as far as one is known.
#[derive(Debug, Clone)]
pub struct LinkedOrder {
    pub order: Order,
    pub linked_by: LinkedBy,
}

/// Shop and buyer_key of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    pub shop: u32,
    pub buyer_key: String,
}

/// A session with what the calendar and the accounts say of it.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Index of [`Facts::conversations`].
    pub whose: usize,
    pub id: u64,
    /// Inquiry date (days since 1970-01-01); `None`: agent-only.
    pub day: Option<i32>,
    /// Person behind the session's account; where nobody replied, behind the account addressed first.
    pub staff: u32,
    /// First response: wall, online, office, ms.
    pub first_response: Option<[i64; 3]>,
    pub in_window: bool,
    pub in_month: bool,
    pub session: Session,
}

/// A round, alike. `round.session` is an index of [`Facts::sessions`] once the conversation is done.
#[derive(Debug, Clone)]
pub struct RoundRow {
    pub whose: usize,
    pub session_id: u64,
    /// The session's inquiry date.
    pub day: i32,
    /// The round's own: it decides the period of a deduction.
    pub asked_day: i32,
    /// Response in wall time, online hours and office hours, ms.
    pub response: Option<[i64; 3]>,
    pub staff_addressed: u32,
    pub staff_answered: u32,
    pub in_window: bool,
    pub in_month: bool,
    pub round: Round,
}

impl RoundRow {
    /// Response time by a clock, ms; `None` while unanswered.
    pub fn by_clock(&self, clock: Clock) -> Option<i64> {
        self.response.map(|r| r[clock as usize])
    }
}

/// An order's credit.
#[derive(Debug, Clone)]
pub struct CreditRow {
    pub order: LinkedOrder,
    pub credit: Credit,
    pub session_id: Option<u64>,
    pub staff: u32,
    pub in_month: bool,
}

/// An inquiry of a conversation.
#[derive(Debug, Clone)]
pub struct InquiryRow {
    pub whose: usize,
    pub order_id: Option<String>,
    pub inquiry: Inquiry,
}

/// What a bucket gives. Sessions and rounds hold those of the month and those whose own inquiry date lies in it.
#[derive(Debug, Default)]
pub struct Facts {
    pub conversations: Vec<Whose>,
    pub sessions: Vec<SessionRow>,
    pub rounds: Vec<RoundRow>,
    pub credits: Vec<CreditRow>,
    pub inquiries: Vec<InquiryRow>,
    /// Auto replies of the month, where a rule looks at them.
    pub auto_replies: Vec<AutoReply>,
    pub staff_day: StaffDays,
    pub backlog: Backlog,
    pub by_hour: ByHour,
    pub open_hours: OpenHours,
    pub steps: Steps,
    pub unshipped: Unshipped,
    pub products: Products,
    pub repeat: Repeat,
    /// Rounds that were open at the month's last instant.
    pub open_rounds: Vec<OpenRound>,
    /// First responses and all responses that count.
    pub first_responses: Values,
    pub responses: Values,
    /// (kind, subject, shop) → count, for the data-quality page.
    pub quality: BTreeMap<(&'static str, Cow<'static, str>, u32), i64>,
    /// (shop, account) → messages of the month on days on which the account belonged to nobody.
    pub unmatched: HashMap<(u32, u32), i64>,
}

/// Room for the rows of a bucket, handed on from one that is done with: fresh memory costs more than what is put there.
#[derive(Debug, Default)]
pub struct Room {
    sessions: Vec<SessionRow>,
    rounds: Vec<RoundRow>,
}

impl Facts {
    /// Drops the rows and leaves the sums; gives back the rows' room.
    pub fn clear_rows(&mut self) -> Room {
        self.conversations = Vec::new();
        self.credits = Vec::new();
        self.open_rounds = Vec::new();
        self.inquiries = Vec::new();
        self.sessions.clear();
        self.rounds.clear();
        Room { sessions: std::mem::take(&mut self.sessions), rounds: std::mem::take(&mut self.rounds) }
    }
}

/// Computes one bucket: `parts` are its messages month by month, `orders` those of its buyers and those without one.
///
/// # Errors
/// A year without calendar data.
pub fn compute(context: &Context<'_>, parts: &[Messages], orders: Vec<LinkedOrder>) -> Result<Facts, CalendarError> {
    compute_in(Room::default(), context, parts, orders)
}

/// The same in the room of another bucket.
///
/// # Errors
/// A year without calendar data.
pub fn compute_in(
    room: Room,
    context: &Context<'_>,
    parts: &[Messages],
    orders: Vec<LinkedOrder>,
) -> Result<Facts, CalendarError> {
    let messages: usize = parts.iter().map(|p| p.rows.len()).sum();
    let mut facts = Facts { sessions: room.sessions, rounds: room.rounds, ..Facts::default() };
    if !context.sums_only {
        // Rounds are large and many: made room for, since growing copies them. A round has two messages or more, mostly.
        facts.rounds.reserve_exact(messages / 2);
        facts.sessions.reserve_exact(messages / 4);
        facts.credits.reserve_exact(orders.len());
        facts.conversations.reserve_exact(parts.iter().map(|p| p.conversations.len()).sum());
    }
    let mut orders = ByBuyer::new(orders);
    if !context.sums_only {
        facts.repeat = orders.repeat(context);
    }
    let texts = context.names.all();
    let silent = context.names.id(super::people::SILENT);
    let mut work = Work { scan: Scan::default(), sessions: Vec::new(), rounds: Vec::new(), texts, silent };
    let mut failed = None;
    each_conversation(parts, context.names, |shop, buyer, rows| {
        if failed.is_none() {
            let mine = orders.take(shop, buyer);
            failed = work.conversation(context, &mut facts, shop, buyer, rows, mine).err();
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    // Buyers who never wrote, and orders without a buyer: silent.
    for order in orders.rest() {
        let nothing = credit(&order.order, &[], &[], context.preset);
        facts.order(context, order, nothing, None, NONE, silent);
    }
    Ok(facts)
}

/// Reused from conversation to conversation.
struct Work {
    scan: Scan,
    sessions: Vec<SessionRow>,
    rounds: Vec<RoundRow>,
    /// Of the shops, by number.
    texts: Vec<Arc<str>>,
    /// Stands for the person of an order that nobody is credited with.
    silent: u32,
}

impl Work {
    fn conversation(
        &mut self,
        context: &Context<'_>,
        facts: &mut Facts,
        shop: u32,
        buyer: &str,
        rows: &[Message],
        orders: Vec<LinkedOrder>,
    ) -> Result<(), CalendarError> {
        self.scan.conversation(rows, context.choices());
        if !context.sums_only {
            facts.unmatched(context, shop, rows);
        }
        if self.scan.sessions.is_empty() {
            let touched = rows.iter().any(|m| context.window.own.contains(&m.ts));
            if touched {
                *facts.quality.entry(("filtered", "empty".into(), shop)).or_insert(0) += 1;
            }
        }
        let whose = facts.conversations.len();
        self.sessions.clear();
        self.rounds.clear();
        for s in &self.scan.sessions {
            let shop_text = self.texts.get(shop as usize).map_or("", |t| t.as_ref());
            self.sessions.push(session_row(context, shop, shop_text, buyer, whose, s));
        }
        for r in &self.scan.rounds {
            let round = round_row(context, shop, whose, &self.sessions[r.session], r)?;
            facts.backlog.round(context, shop, round.staff_addressed, r);
            facts.open_hours.round(context, shop, r);
            facts.open_rounds.extend(OpenRound::at_last(context, whose, round.staff_addressed, r));
            self.rounds.push(round);
        }
        for s in &mut self.sessions {
            settle_session(s, &self.rounds, context);
        }
        facts.staff_day.conversation(context, shop, &self.sessions, &self.rounds, &self.scan.talks);
        facts.values(context, shop, &self.sessions, &self.rounds);
        self.orders(context, facts, shop, whose, orders);
        if !context.sums_only {
            facts.by_hour.conversation(context, shop, &self.sessions, &self.rounds);
            facts.counts(context, shop, &self.sessions, &self.rounds);
            self.keep(facts, shop, buyer);
        }
        Ok(())
    }

    fn orders(&self, context: &Context<'_>, facts: &mut Facts, shop: u32, whose: usize, mut orders: Vec<LinkedOrder>) {
        orders.sort_by(|a, b| (a.order.created_at, &a.order.order_id).cmp(&(b.order.created_at, &b.order.order_id)));
        let credits: Vec<(Credit, u32)> = orders
            .iter()
            .map(|o| {
                let c = credit(&o.order, &self.scan.sessions, &self.scan.replies, context.preset);
                (c, c.reply.map_or(NONE, |r| context.owner(shop, r.account, r.ts)))
            })
            .collect();
        let days: Vec<Option<i32>> = self.sessions.iter().map(|s| s.day).collect();
        let staff: Vec<u32> = self.sessions.iter().map(|s| s.staff).collect();
        let mine: Vec<(&Order, Credit, u32)> =
            orders.iter().zip(&credits).map(|(o, &(c, staff))| (&o.order, c, staff)).collect();
        for inquiry in inquiries(context, &self.scan.sessions, &days, &staff, &mine) {
            facts.staff_day.inquiry(shop, &inquiry);
            if context.sums_only {
                continue;
            }
            let order_id = inquiry.order.map(|i| orders[i].order.order_id.clone());
            facts.inquiries.push(InquiryRow { whose, order_id, inquiry });
        }
        for (order, (credit, staff)) in orders.into_iter().zip(credits) {
            let session = credit.reply.map(|r| self.sessions[r.session].id);
            facts.order(context, order, credit, session, staff, self.silent);
        }
    }

    /// Keeps what the month's tables and rules need, with indices of [`Facts`].
    fn keep(&mut self, facts: &mut Facts, shop: u32, buyer: &str) {
        let base = facts.sessions.len();
        let mut wanted: Vec<bool> = self.sessions.iter().map(|s| s.in_month).collect();
        for r in self.rounds.iter().filter(|r| r.in_month) {
            wanted[r.round.session] = true;
        }
        let mut place = vec![None; self.sessions.len()];
        for (i, s) in self.sessions.drain(..).enumerate() {
            if wanted[i] {
                place[i] = Some(base + facts.sessions[base..].len());
                facts.sessions.push(s);
            }
        }
        for mut r in self.rounds.drain(..) {
            if let Some(s) = place[r.round.session] {
                r.round.session = s;
                facts.rounds.push(r);
            }
        }
        // Conversations are numbered even where nothing is kept: inquiries and sessions point to them.
        facts.conversations.push(Whose { shop, buyer_key: buyer.to_owned() });
    }
}

fn session_row(
    context: &Context<'_>,
    shop: u32,
    shop_text: &str,
    buyer: &str,
    whose: usize,
    s: &Session,
) -> SessionRow {
    let day = s.first_buyer_at.map(|at| context.days.inquiry_day(at));
    SessionRow {
        whose,
        id: if context.sums_only { 0 } else { session_id(shop_text, buyer, s) },
        day,
        staff: context.owner(shop, s.account, s.ended_at),
        first_response: None,
        in_window: context.in_window(s.started_at),
        in_month: context.in_month(day.unwrap_or_else(|| context.zone.day(s.started_at))),
        session: s.clone(),
    }
}

fn session_id(shop: &str, buyer: &str, s: &Session) -> u64 {
    let mut name = Vec::with_capacity(64);
    name.extend_from_slice(shop.as_bytes());
    name.push(0);
    name.extend_from_slice(buyer.as_bytes());
    name.extend_from_slice(&s.started_at.to_be_bytes());
    xxh3_64(&name)
}

fn round_row(
    context: &Context<'_>,
    shop: u32,
    whose: usize,
    session: &SessionRow,
    r: &Round,
) -> Result<RoundRow, CalendarError> {
    let asked_day = context.days.inquiry_day(r.asked_at);
    let day = session.day.unwrap_or(asked_day);
    let in_month = session.in_month || context.in_month(asked_day);
    let response = match r.answered_at.filter(|_| r.dropped.is_none()) {
        None => None,
        // Rounds of neighbours are needed for the backlog alone, other clocks for the table of rounds.
        Some(_) if !in_month || (context.sums_only && context.preset.clock == Clock::Wall) => {
            r.response_ms().map(|ms| [ms; 3])
        }
        Some(answered) => {
            let (online, office) = context.hours_between(r.asked_at, answered)?;
            Some([answered - r.asked_at, online, office])
        }
    };
    let window_at = if context.preset.window_by_session { session.session.started_at } else { r.asked_at };
    Ok(RoundRow {
        whose,
        session_id: session.id,
        day,
        asked_day,
        response,
        staff_addressed: context.owner(shop, r.addressed_to, r.asked_at),
        staff_answered: r.answered_at.map_or(NONE, |at| context.owner(shop, r.answered_by, at)),
        in_window: context.in_window(window_at),
        in_month,
        round: r.clone(),
    })
}

/// What a session takes from its first round.
fn settle_session(s: &mut SessionRow, rounds: &[RoundRow], context: &Context<'_>) {
    let Some(first) = s.session.first_round.map(|r| &rounds[r]) else { return };
    if !context.preset.window_by_session {
        s.in_window = first.in_window;
    }
    if s.session.opened_by_buyer {
        s.first_response = first.response;
    }
    if s.session.account == NONE {
        s.staff = first.staff_addressed;
    }
}

impl Facts {
    fn order(
        &mut self,
        context: &Context<'_>,
        order: LinkedOrder,
        credit: Credit,
        session: Option<u64>,
        staff: u32,
        silent: u32,
    ) {
        self.staff_day.order(context, &order.order, &credit, staff, silent);
        if context.sums_only {
            return;
        }
        self.backlog.order(context, &order.order);
        self.steps.order(context, &order.order);
        self.unshipped.order(context, &order.order);
        self.products.order(context, &order.order);
        let in_month = context.window.own.contains(&order.order.created_at);
        if in_month {
            let key = ("linked", order.linked_by.name().into(), order.order.shop);
            *self.quality.entry(key).or_insert(0) += 1;
        }
        self.credits.push(CreditRow { order, credit, session_id: session, staff, in_month });
    }

    fn values(&mut self, context: &Context<'_>, shop: u32, sessions: &[SessionRow], rounds: &[RoundRow]) {
        for s in sessions.iter().filter(|s| s.in_month && s.session.dropped.is_none()) {
            if let (Some((round, ms)), Some(day)) = (first_response(context, s, rounds), s.day) {
                self.first_responses.push(day, shop, round.staff_answered, ms);
            }
        }
        if context.sums_only {
            return;
        }
        let counted = |r: &&RoundRow| r.round.dropped.is_none() && r.in_window && context.in_month(r.day);
        for r in rounds.iter().filter(counted) {
            if let Some(ms) = r.by_clock(context.preset.clock) {
                self.responses.push(r.day, shop, r.staff_answered, ms);
            }
        }
    }
}
