//! Messages as they are made, and a conversation that is being written.

use super::care::Care;
use super::dice::Dice;
use super::texts;
use super::wall::Wall;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Buyer,
    Agent,
    Auto,
    Bot,
    System,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Buyer => "buyer",
            Role::Agent => "agent",
            Role::Auto => "auto",
            Role::Bot => "bot",
            Role::System => "system",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Card,
    Image,
    Transfer,
    Recall,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Card => "card",
            Kind::Image => "image",
            Kind::Transfer => "transfer",
            Kind::Recall => "recall",
        }
    }
}

/// One row of a chat log. `account`: who is addressed, who writes, or who receives the buyer.
#[derive(Debug, Clone, Copy)]
pub struct Message {
    pub at: Wall,
    pub buyer: u64,
    pub text: &'static str,
    /// Stands in the text's `{}`; 0: there is none.
    pub number: u64,
    /// Where the truth wants to know this row's place; 0: nowhere.
    pub mark: u32,
    pub shop: u8,
    pub account: u8,
    pub role: Role,
    pub kind: Kind,
    /// Closing words and nothing else.
    pub closing: bool,
}

/// A conversation, or a part of one behind which nothing is left open. Written in the order of time.
#[derive(Debug)]
pub struct Chat {
    pub shop: usize,
    pub buyer: u64,
    pub messages: Vec<Message>,
    pub care: Care,
    dice: Dice,
}

impl Chat {
    pub fn new(shop: usize, buyer: u64, dice: Dice) -> Chat {
        Chat { shop, buyer, messages: Vec::new(), care: Care::default(), dice }
    }

    /// The buyer asks something.
    pub fn asks(&mut self, at: Wall, account: usize) {
        let (kind, text) = match self.dice.below(100) {
            0..4 => (Kind::Image, texts::PICTURE),
            4..8 => (Kind::Card, texts::CARD),
            _ => (Kind::Text, self.one_of(&texts::QUESTIONS)),
        };
        self.push(at, account, Role::Buyer, kind, text);
    }

    /// The buyer says nothing but closing words.
    pub fn closes(&mut self, at: Wall, account: usize) {
        let text = self.one_of(&texts::CLOSINGS);
        self.push(at, account, Role::Buyer, Kind::Text, text);
        if let Some(message) = self.messages.last_mut() {
            message.closing = true;
        }
    }

    /// A person answers.
    pub fn answers(&mut self, at: Wall, account: usize) {
        let text = self.one_of(&texts::REPLIES);
        self.says(at, account, text);
    }

    /// A person writes this.
    pub fn says(&mut self, at: Wall, account: usize, text: &'static str) {
        self.push(at, account, Role::Agent, Kind::Text, text);
    }

    /// A person writes about an order.
    pub fn confirms(&mut self, at: Wall, account: usize, order: u64) {
        self.says(at, account, texts::ORDER_SEEN);
        if let Some(message) = self.messages.last_mut() {
            message.number = order;
        }
    }

    /// The account's auto reply.
    pub fn auto(&mut self, at: Wall, account: usize, text: &'static str) {
        self.push(at, account, Role::Auto, Kind::Text, text);
    }

    /// An auto reply that somebody changed: it says exactly this.
    pub fn auto_as_written(&mut self, at: Wall, account: usize, text: &'static str) {
        self.auto(at, account, text);
        if let Some(message) = self.messages.last_mut() {
            message.number = super::autos::Autos::AS_WRITTEN;
        }
    }

    /// The robot that sits before the account.
    pub fn bot(&mut self, at: Wall, account: usize) {
        self.push(at, account, Role::Bot, Kind::Text, texts::BOT);
    }

    /// The buyer is passed on to another account.
    pub fn transfer(&mut self, at: Wall, receiver: usize) {
        self.push(at, receiver, Role::System, Kind::Transfer, texts::TRANSFER);
    }

    pub fn recall(&mut self, at: Wall, account: usize) {
        self.push(at, account, Role::System, Kind::Recall, texts::RECALL);
    }

    /// Time of the last message; 0 where there is none.
    pub fn end(&self) -> Wall {
        self.messages.last().map_or(0, |m| m.at)
    }

    fn one_of(&mut self, texts: &[&'static str]) -> &'static str {
        self.dice.pick(texts).copied().unwrap_or("")
    }

    fn push(&mut self, at: Wall, account: usize, role: Role, kind: Kind, text: &'static str) {
        let (shop, buyer) = (self.shop as u8, self.buyer);
        let account = account as u8;
        self.messages.push(Message { at, buyer, text, number: 0, mark: 0, shop, account, role, kind, closing: false });
    }
}
