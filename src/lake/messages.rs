//! Reading messages: one bucket of one month as plain rows, grouped by conversation.

use super::columns;
use super::names::{NONE, Names};
use crate::base::{Ms, Result};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// Who a message is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Buyer,
    Agent,
    Auto,
    Bot,
    System,
}

impl Role {
    pub const ALL: [(&'static str, Role); 5] = [
        ("buyer", Role::Buyer),
        ("agent", Role::Agent),
        ("auto", Role::Auto),
        ("bot", Role::Bot),
        ("system", Role::System),
    ];
}

/// Names of the message filters, in the order of their codes (1, 2, …; 0: none).
pub const FILTERS: [&str; 4] = ["own_staff", "blacklist", "advertising", "mass"];

/// One message without its text. `account` and `file` are numbers of [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    pub ts: Ms,
    pub row: i64,
    pub file: u32,
    pub account: u32,
    pub role: Role,
    pub transfer: bool,
    pub closing: bool,
    /// 0, or 1 + place in [`FILTERS`].
    pub filter: u8,
}

/// The messages of one shop and one buyer: rows `rows` of the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    pub shop: u32,
    pub buyer: Range<usize>,
    pub rows: Range<usize>,
}

/// Messages in the order (shop, buyer_key, ts, file, row).
#[derive(Debug, Default)]
pub struct Messages {
    pub rows: Vec<Message>,
    pub conversations: Vec<Conversation>,
    buyers: String,
}

impl Messages {
    /// The buyer_key of a conversation.
    pub fn buyer(&self, c: &Conversation) -> &str {
        self.buyers.get(c.buyer.clone()).unwrap_or("")
    }

    /// Adds a row; rows must come in order, those of one conversation together.
    pub fn push(&mut self, shop: u32, buyer_key: &str, message: Message) {
        let at = self.rows.len();
        self.rows.push(message);
        if let Some(last) = self.conversations.last_mut()
            && last.shop == shop
            && self.buyers.get(last.buyer.clone()) == Some(buyer_key)
        {
            last.rows.end = at + 1;
            return;
        }
        let start = self.buyers.len();
        self.buyers.push_str(buyer_key);
        self.conversations.push(Conversation { shop, buyer: start..self.buyers.len(), rows: at..at + 1 });
    }

    /// Adds the messages of a file whose time lies in `span` and whose conversation `keep`s.
    pub fn read(
        &mut self,
        path: &Path,
        span: &Range<Ms>,
        names: &Names,
        keep: &dyn Fn(&str, &str) -> bool,
    ) -> Result<()> {
        const COLUMNS: [&str; 10] =
            ["shop", "buyer_key", "account", "role", "ts", "kind", "closing", "filter", "source_file", "source_row"];
        let role = |text: &str| Role::ALL.iter().position(|(n, _)| *n == text).unwrap_or(Role::ALL.len() - 1) as u32;
        let transfer = |text: &str| u32::from(text == "transfer");
        let filter = |text: &str| FILTERS.iter().position(|f| *f == text).map_or(0, |i| i as u32 + 1);
        let mut shop_text: (u32, Arc<str>) = (NONE, "".into());
        columns::each(path, &COLUMNS, |rows| {
            let (shop, account, file) =
                (rows.named("shop", names)?, rows.named("account", names)?, rows.named("source_file", names)?);
            let (roles, kinds, filters) =
                (rows.coded("role", &role)?, rows.coded("kind", &transfer)?, rows.coded("filter", &filter)?);
            let (buyer, ts, closing, row) =
                (rows.texts("buyer_key")?, rows.int64("ts")?, rows.bool("closing")?, rows.int64("source_row")?);
            if self.rows.is_empty() {
                self.rows.reserve_exact(rows.total);
            }
            // The conversation that a row belongs to, whether it is wanted, and whether it has a row here already.
            let (mut whose, mut wanted, mut begun) = (None, false, false);
            for i in 0..rows.len() {
                let at = ts.value(i);
                if !span.contains(&at) {
                    continue;
                }
                if whose != Some((shop[i], buyer.key(i))) {
                    whose = Some((shop[i], buyer.key(i)));
                    if shop_text.0 != shop[i] {
                        shop_text = (shop[i], names.text(shop[i]));
                    }
                    wanted = keep(&shop_text.1, buyer.text(i));
                    begun = false;
                }
                if !wanted {
                    continue;
                }
                let message = Message {
                    ts: at,
                    row: row.value(i),
                    file: file[i],
                    account: account[i],
                    role: Role::ALL[(roles[i] as usize).min(Role::ALL.len() - 1)].1,
                    transfer: kinds[i] == 1,
                    closing: closing.value(i),
                    filter: if filters[i] == NONE { 0 } else { filters[i] as u8 },
                };
                match self.conversations.last_mut().filter(|_| begun) {
                    Some(last) => {
                        last.rows.end += 1;
                        self.rows.push(message);
                    }
                    None => self.push(shop[i], buyer.text(i), message),
                }
                begun = true;
            }
            Ok(())
        })
    }
}

/// Walks conversations over several parts (months in order) that are each sorted by (shop, buyer_key): hands over all
/// rows of a conversation, in time order.
pub fn each_conversation(parts: &[Messages], names: &Names, mut f: impl FnMut(u32, &str, &[Message])) {
    let mut next = vec![0_usize; parts.len()];
    let mut together: Vec<Message> = Vec::new();
    let shops = names.all();
    let shop_text = |id: u32| shops.get(id as usize).map_or("", |t| t.as_ref());
    loop {
        let mut least: Option<(&str, &str)> = None;
        for (part, &at) in parts.iter().zip(&next) {
            if let Some(c) = part.conversations.get(at) {
                let key = (shop_text(c.shop), part.buyer(c));
                if least.is_none_or(|l| key < l) {
                    least = Some(key);
                }
            }
        }
        let Some(key) = least else { return };
        together.clear();
        let mut only: Option<(usize, Range<usize>)> = None;
        let (mut shop, mut pieces) = (0, 0);
        for (n, (part, at)) in parts.iter().zip(next.iter_mut()).enumerate() {
            let Some(c) = part.conversations.get(*at) else { continue };
            if (shop_text(c.shop), part.buyer(c)) != key {
                continue;
            }
            *at += 1;
            shop = c.shop;
            pieces += 1;
            if let Some((m, range)) = only.take() {
                together.extend_from_slice(&parts[m].rows[range]);
            }
            if pieces == 1 {
                only = Some((n, c.rows.clone()));
            } else {
                together.extend_from_slice(&part.rows[c.rows.clone()]);
            }
        }
        match only {
            Some((m, range)) => f(shop, key.1, &parts[m].rows[range]),
            None => f(shop, key.1, &together),
        }
    }
}
