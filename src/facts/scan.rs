//! Sessions and rounds of one conversation: the pass that the program exists for (kpis.md, "From messages to sessions").

use crate::base::{Ms, Zone};
use crate::lake::messages::{FILTERS, Message, Role};
use crate::lake::names::NONE;
use crate::settings::preset::{BotReply, Preset};

/// Why a round or a session does not count: code 1 is closing words, 2… are the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dropped(pub u8);

impl Dropped {
    pub const CLOSING: Dropped = Dropped(1);

    /// The reason of a message filter's code (1, 2, …).
    pub fn filter(code: u8) -> Dropped {
        Dropped(code + 1)
    }

    /// As the column `dropped` has it.
    pub fn name(self) -> &'static str {
        match self {
            Dropped::CLOSING => "closing",
            Dropped(n) => FILTERS.get(usize::from(n).wrapping_sub(2)).copied().unwrap_or("unknown"),
        }
    }
}

/// Part of a conversation. Accounts are numbers of `Names`, [`NONE`] where unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub started_at: Ms,
    /// Where its first message stands in the raw files.
    pub file: u32,
    pub row: i64,
    pub ended_at: Ms,
    pub opened_by_buyer: bool,
    /// First message of role buyer.
    pub first_buyer_at: Option<Ms>,
    /// Account of the last valid reply.
    pub account: u32,
    pub buyer_messages: u32,
    pub agent_messages: u32,
    /// Rounds that count.
    pub rounds: u32,
    /// First round that counts, as an index of the conversation's rounds.
    pub first_round: Option<usize>,
    pub missed: bool,
    pub dropped: Option<Dropped>,
    /// First message filter met, 0: none.
    filter: u8,
    /// A person has written (opens the human phase for robots).
    human: bool,
}

/// A run of buyer messages and its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Index of the conversation's sessions.
    pub session: usize,
    /// 1, 2, … in the session; 0 where dropped.
    pub no: u32,
    pub asked_at: Ms,
    pub asked_file: u32,
    pub asked_row: i64,
    pub addressed_to: u32,
    pub answered_at: Option<Ms>,
    pub answered_file: u32,
    pub answered_row: i64,
    pub answered_by: u32,
    /// Ends the round unanswered where transfers split.
    pub transferred_at: Option<Ms>,
    pub dropped: Option<Dropped>,
}

impl Round {
    /// Wall-clock response time, ms.
    pub fn response_ms(&self) -> Option<i64> {
        self.answered_at.map(|t| t - self.asked_at)
    }

    /// When it leaves the backlog: answered, passed on, or expired (the instant after the term).
    pub fn closes_at(&self, round_expires_ms: i64) -> Ms {
        self.answered_at.or(self.transferred_at).unwrap_or(self.asked_at + round_expires_ms + 1)
    }
}

/// A valid reply, for attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    pub ts: Ms,
    pub account: u32,
    pub session: usize,
}

/// How often an account was addressed in a session and how often it replied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Talk {
    pub session: usize,
    pub account: u32,
    pub addressed: u32,
    pub replies: u32,
}

/// One conversation's result; reused from conversation to conversation.
#[derive(Debug, Default)]
pub struct Scan {
    pub sessions: Vec<Session>,
    pub rounds: Vec<Round>,
    pub replies: Vec<Reply>,
    pub talks: Vec<Talk>,
    open: Vec<usize>,
    current: Option<usize>,
    /// The run that is going on: its round.
    run: Option<usize>,
    /// Closing words before the run's first question: their dropped round.
    passed_over: Option<usize>,
    last_voice: Option<Ms>,
    /// Session of the buyer's latest message.
    last_buyer: usize,
    /// A late reply has closed the current session.
    closed: bool,
}

/// The choices that the pass depends on.
#[derive(Debug, Clone, Copy)]
pub struct Choices<'a> {
    pub preset: &'a Preset,
    pub zone: Zone,
    /// An advertising chat holds at most so many messages.
    pub advertising_max: u32,
}

/// Whom a buyer's message is for, as far as it is known when it is read; see [`Scan::address`].
fn addressed(session: &Session, m: &Message) -> u32 {
    if m.account == NONE { session.account } else { m.account }
}

impl Scan {
    /// Cuts a conversation, sorted by (ts, file, row), into sessions and rounds.
    pub fn conversation(&mut self, rows: &[Message], choices: Choices<'_>) {
        self.clear();
        for message in rows {
            self.take(message, choices);
        }
        self.finish(choices);
    }

    fn clear(&mut self) {
        self.sessions.clear();
        self.rounds.clear();
        self.replies.clear();
        self.talks.clear();
        self.open.clear();
        self.current = None;
        self.run = None;
        self.passed_over = None;
        self.last_voice = None;
        self.last_buyer = 0;
        self.closed = false;
    }

    fn take(&mut self, m: &Message, choices: Choices<'_>) {
        let preset = choices.preset;
        let transfer = m.role == Role::System && m.transfer && preset.split_transfer;
        if matches!(m.role, Role::Auto) || (m.role == Role::System && !transfer) {
            return;
        }
        self.expire(m.ts, preset.round_expires_ms);
        if transfer {
            self.transfer(m);
            return;
        }
        let silent = self.last_voice.is_some_and(|last| match preset.session_gap_ms {
            Some(gap) => m.ts - last >= gap,
            None => choices.zone.day(m.ts) != choices.zone.day(last),
        });
        if m.role == Role::Bot && !self.bot_replies(preset.bot_reply, silent) {
            return;
        }
        if m.role == Role::Buyer {
            self.buyer(m, silent, preset.closing_words_passed_over);
        } else {
            self.agent(m, silent);
        }
        self.last_voice = Some(m.ts);
    }

    /// In the human phase a robot replies where a person has written in the session that its message falls into.
    fn bot_replies(&self, when: BotReply, silent: bool) -> bool {
        match when {
            BotReply::Never => false,
            BotReply::Always => true,
            BotReply::HumanPhase => {
                let session = match self.current {
                    Some(_) if silent && self.open.is_empty() => None,
                    Some(_) if silent => Some(self.last_buyer),
                    current => current,
                };
                session.is_some_and(|s| self.sessions[s].human)
            }
        }
    }

    /// Rounds over their term can no longer be answered.
    fn expire(&mut self, now: Ms, term: i64) {
        if !self.open.is_empty() {
            let rounds = &self.rounds;
            self.open.retain(|&r| now - rounds[r].asked_at <= term);
        }
    }

    fn start(&mut self, m: &Message) -> usize {
        self.sessions.push(Session {
            started_at: m.ts,
            file: m.file,
            row: m.row,
            ended_at: m.ts,
            opened_by_buyer: m.role == Role::Buyer,
            first_buyer_at: None,
            account: NONE,
            buyer_messages: 0,
            agent_messages: 0,
            rounds: 0,
            first_round: None,
            missed: false,
            dropped: None,
            filter: 0,
            human: false,
        });
        let s = self.sessions.len() - 1;
        self.current = Some(s);
        self.run = None;
        self.passed_over = None;
        self.closed = false;
        s
    }

    /// Counts a message to a session.
    fn count(&mut self, s: usize, m: &Message) {
        let session = &mut self.sessions[s];
        session.ended_at = m.ts;
        if session.filter == 0 {
            session.filter = m.filter;
        }
        let buyer = m.role == Role::Buyer;
        let account = if buyer { addressed(session, m) } else { m.account };
        if buyer {
            session.buyer_messages += 1;
            session.first_buyer_at.get_or_insert(m.ts);
        } else {
            session.agent_messages += 1;
            session.account = m.account;
            session.human |= m.role == Role::Agent;
        }
        let known = self.talks.iter().rposition(|t| t.session == s && t.account == account);
        let at = known.unwrap_or_else(|| {
            self.talks.push(Talk { session: s, account, addressed: 0, replies: 0 });
            self.talks.len() - 1
        });
        let talk = &mut self.talks[at];
        if buyer { talk.addressed += 1 } else { talk.replies += 1 }
    }

    fn buyer(&mut self, m: &Message, silent: bool, pass_over_closing: bool) {
        let s = match self.current {
            Some(s) if !silent && !self.closed => s,
            _ => self.start(m),
        };
        self.count(s, m);
        self.last_buyer = s;
        if self.run.is_some() {
            return;
        }
        if pass_over_closing && m.closing {
            if self.passed_over.is_none() {
                self.passed_over = Some(self.ask(s, m, Some(Dropped::CLOSING)));
            }
            return;
        }
        let round = self.ask(s, m, None);
        self.run = Some(round);
        self.passed_over = None;
        self.open.push(round);
    }

    fn ask(&mut self, session: usize, m: &Message, dropped: Option<Dropped>) -> usize {
        self.rounds.push(Round {
            session,
            no: 0,
            asked_at: m.ts,
            asked_file: m.file,
            asked_row: m.row,
            addressed_to: addressed(&self.sessions[session], m),
            answered_at: None,
            answered_file: NONE,
            answered_row: 0,
            answered_by: NONE,
            transferred_at: None,
            dropped,
        });
        self.rounds.len() - 1
    }

    fn agent(&mut self, m: &Message, silent: bool) {
        let s = match self.current {
            Some(_) if silent && !self.open.is_empty() => {
                // A late reply belongs to the session of the buyer's latest message and closes it.
                self.closed = true;
                self.current = Some(self.last_buyer);
                self.last_buyer
            }
            Some(s) if !silent => s,
            _ => self.start(m),
        };
        self.count(s, m);
        for r in self.open.drain(..) {
            let round = &mut self.rounds[r];
            round.answered_at = Some(m.ts);
            round.answered_by = m.account;
            round.answered_file = m.file;
            round.answered_row = m.row;
        }
        self.run = None;
        self.passed_over = None;
        self.replies.push(Reply { ts: m.ts, account: m.account, session: s });
    }

    /// `transfer = "split"`: rounds of others end here, one starts for the receiver.
    fn transfer(&mut self, m: &Message) {
        if m.account == NONE {
            return;
        }
        let mut last = None;
        let rounds = &mut self.rounds;
        self.open.retain(|&r| {
            if rounds[r].addressed_to == m.account {
                return true;
            }
            rounds[r].transferred_at = Some(m.ts);
            last = Some(r);
            false
        });
        let Some(passed_on) = last else { return };
        let round = self.ask(self.rounds[passed_on].session, m, None);
        self.open.push(round);
        if self.run == Some(passed_on) {
            self.run = Some(round);
        }
    }

    /// Numbers the rounds, applies the filters, settles what was missed.
    /// Where an export does not say whom a message was addressed to, it was whoever had replied last in the session; what
    /// comes before the first reply was for whoever gave that.
    fn address(&mut self) {
        let Scan { rounds, replies, talks, .. } = self;
        let first = |session: usize| replies.iter().find(|r| r.session == session).map_or(NONE, |r| r.account);
        for r in rounds.iter_mut().filter(|r| r.addressed_to == NONE) {
            r.addressed_to = Some(first(r.session)).filter(|a| *a != NONE).unwrap_or(r.answered_by);
        }
        for at in 0..talks.len() {
            let Talk { session, account, addressed, .. } = talks[at];
            let to = first(session);
            if account == NONE
                && to != NONE
                && let Some(to) = talks.iter().position(|t| t.session == session && t.account == to)
            {
                talks[to].addressed += addressed;
                talks[at].addressed = 0;
            }
        }
        talks.retain(|t| t.addressed > 0 || t.replies > 0);
    }

    fn finish(&mut self, choices: Choices<'_>) {
        if self.talks.iter().any(|t| t.account == NONE) {
            self.address();
        }
        let advertising = FILTERS.iter().position(|f| *f == "advertising").map_or(0, |i| i as u8 + 1);
        for s in &mut self.sessions {
            let size = s.buyer_messages + s.agent_messages;
            let spared = s.filter == advertising && size > choices.advertising_max;
            if s.filter != 0 && !spared {
                s.dropped = Some(Dropped::filter(s.filter));
            }
        }
        // A round of a split may belong to an earlier session than the one before it: number by session.
        for (r, round) in self.rounds.iter_mut().enumerate() {
            let session = &mut self.sessions[round.session];
            round.dropped = session.dropped.or(round.dropped);
            if round.dropped.is_none() {
                session.rounds += 1;
                round.no = session.rounds;
                session.first_round.get_or_insert(r);
            }
        }
        for s in &mut self.sessions {
            if s.dropped.is_none() && s.opened_by_buyer && s.rounds == 0 {
                s.dropped = Some(Dropped::CLOSING);
            }
            s.missed = s.opened_by_buyer && s.rounds > 0;
        }
        for round in &self.rounds {
            if round.dropped.is_none() && round.answered_at.is_some() {
                self.sessions[round.session].missed = false;
            }
        }
    }
}
