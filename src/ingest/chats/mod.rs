//! Conversations that stand as text: parsed into messages, each with its sides (who is the customer, who the agent), as
//! records of the columns [`Layout::CHAT`](crate::settings::source::Layout::CHAT).

pub mod blocks;
pub mod clock;
pub mod dialogue;
pub mod qianniu;
pub mod said;

use super::parse;
use super::recognise::{fold, position};
use super::reject::Reject;
use crate::settings::source::Conversation;
use csv::StringRecord;
use foldhash::HashSet;
use said::{Kind, Said};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Names of the agents' accounts, as [`account`] spells them.
pub type Agents = Arc<HashSet<String>>;

type Queue = VecDeque<Result<(u64, StringRecord), (u64, Reject)>>;

/// Words for the two sides where an export names neither.
const CUSTOMER: [&str; 5] = ["客户", "买家", "用户", "顾客", "会员"];
const AGENT: [&str; 3] = ["客服", "商家", "卖家"];

/// An account's one spelling: an ASCII colon between main and sub-account, no prefix of the old interface.
pub fn account(name: &str) -> String {
    let name = name.trim();
    name.strip_prefix("cntaobao").unwrap_or(name).replace('：', ":")
}

fn is_agent(name: &str, agents: &Agents) -> bool {
    name.contains(':') || agents.contains(name)
}

fn main_of(account: &str) -> &str {
    account.split(':').next().unwrap_or("")
}

/// What a message is, by its text, where the export does not say it.
fn kind_of(said: &Said) -> &'static str {
    match (said.kind, said.text.trim()) {
        (Kind::Recall, _) => "recall",
        (Kind::Transfer, _) => "transfer",
        (Kind::Text, "[图片]") => "image",
        (Kind::Text, "[卡片]" | "[链接]") => "card",
        (Kind::Text, text) if is_link(text) => "card",
        (Kind::Text, text) if text.contains("请在客户端查看原始聊天记录") => "other",
        (Kind::Text, _) => "text",
    }
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://item.taobao.com") || text.starts_with("https://detail.tmall.com")
}

/// The fields of [`Layout::CHAT`](crate::settings::source::Layout::CHAT), in order.
fn record(main: &str, buyer: &str, account: &str, role: &str, said: &Said) -> StringRecord {
    let at = said.at.format("%Y-%m-%d %H:%M:%S%.f").to_string();
    StringRecord::from(vec![main, buyer, account, role, &at, kind_of(said), &said.text])
}

/// A copied conversation. Without arrows its customer is the one sender who is no agent.
pub fn qianniu(text: &str, agents: &Agents) -> Queue {
    let found = qianniu::parse(text);
    let name = |n: &str| account(n);
    let senders: Vec<(String, Option<String>)> =
        found.said.iter().map(|s| (name(&s.from), s.to.as_deref().map(name))).collect();
    let customers: BTreeSet<&str> = found
        .said
        .iter()
        .zip(&senders)
        .filter(|(s, (from, _))| s.kind != Kind::Transfer && !is_agent(from, agents))
        .map(|(_, (from, _))| from.as_str())
        .collect();
    let main = senders.iter().flat_map(|(f, t)| [Some(f), t.as_ref()]).flatten().find(|n| is_agent(n, agents));
    let main = main.map_or("", |n| main_of(n)).to_owned();
    let only = || match customers.len() {
        1 => Ok(customers.first().copied().unwrap_or("")),
        0 => Err("no customer speaks here, so that it cannot be told who is meant"),
        _ if main.is_empty() => Err("nobody who speaks here is known as an agent: list the account in the accounts"),
        _ => Err("several customers speak here: put each conversation into a file of its own"),
    };
    let mut rows: Queue = found.wrong.iter().map(|(line, why)| Err((*line, Reject::row(*why)))).collect();
    for (said, (from, to)) in found.said.iter().zip(&senders) {
        let row = match (said.kind, is_agent(from, agents), to) {
            (Kind::Transfer, _, Some(to)) => only().map(|buyer| record(&main, buyer, to, "system", said)),
            (_, true, Some(to)) if !is_agent(to, agents) => Ok(record(main_of(from), to, from, "agent", said)),
            (_, true, _) => only().map(|buyer| record(main_of(from), buyer, from, "agent", said)),
            (_, false, Some(to)) if is_agent(to, agents) => Ok(record(main_of(to), from, to, "buyer", said)),
            (_, false, Some(_)) => Err("neither side is an agent's account: list it in the accounts"),
            (_, false, None) => only().map(|_| record(&main, from, "", "buyer", said)),
        };
        rows.push_back(row.map(|r| (said.line, r)).map_err(|why| (said.line, Reject::row(why))));
    }
    rows
}

/// Where a row's conversation stands.
#[derive(Debug, Clone)]
pub struct CellColumns {
    customer: Option<usize>,
    text: Option<usize>,
    agent: Option<usize>,
    start: Option<usize>,
}

impl CellColumns {
    /// `header`: the names as they stand in the file.
    pub fn new(columns: &Conversation, header: &StringRecord) -> CellColumns {
        let folded: Vec<String> = header.iter().map(fold).collect();
        let at = |names: &[String]| names.iter().find_map(|n| position(&folded, n));
        let c = columns;
        CellColumns { customer: at(&c.customer), text: at(&c.text), agent: at(&c.agent), start: at(&c.start) }
    }
}

/// A row with a whole conversation in a cell.
pub fn cell(at: &CellColumns, cells: &StringRecord, row: u64, dialogue: bool, agents: &Agents) -> Queue {
    let get = |i: Option<usize>| i.and_then(|i| cells.get(i)).unwrap_or("").trim();
    let (customer, agent) = (get(at.customer), account(get(at.agent)));
    let reject = |reject: Reject| Queue::from([Err((row, reject))]);
    if customer.is_empty() {
        return reject(Reject::missing("buyer"));
    }
    let found = if dialogue {
        let Some(start) = parse::wall(get(at.start)) else {
            return reject(Reject::value("ts", get(at.start), "the conversation's start is no time"));
        };
        let found = dialogue::parse(get(at.text), start);
        // Half a conversation would make wrong response times.
        if let Some((_, why)) = found.wrong.first() {
            return reject(Reject::row(*why));
        }
        found
    } else {
        blocks::parse(get(at.text), customer)
    };
    let mut rows: Queue = found.wrong.iter().map(|(_, why)| Err((row, Reject::row(*why)))).collect();
    let sides = |from: &str| {
        let name = account(from);
        if from == customer || CUSTOMER.contains(&from) && !is_agent(&name, agents) {
            Ok(("buyer", String::new()))
        } else if AGENT.contains(&from) {
            Ok(("agent", agent.clone()))
        } else if is_agent(&name, agents) || name == agent {
            Ok(("agent", name))
        } else {
            // It may be the customer under another name: that must not become an account.
            Err("a sender is neither the customer nor an agent's account: list it in the accounts")
        }
    };
    let accounts = found.said.iter().filter_map(|s| sides(&s.from).ok()).map(|(_, account)| account);
    let known = accounts.chain([agent.clone()]).find(|a| !a.is_empty());
    let main = known.as_deref().map_or("", main_of).to_owned();
    for said in &found.said {
        let told = sides(&said.from).map(|(role, account)| (row, record(&main, customer, &account, role, said)));
        rows.push_back(told.map_err(|why| (row, Reject::row(why))));
    }
    rows
}
