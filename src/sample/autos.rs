//! Auto replies: the department's texts, its promotions, what is approved from when to when.

use super::texts;
use super::wall::{self, Wall};
use crate::base::Month;
use crate::base::time::day_of;

/// A promotion of a shop.
#[derive(Debug, Clone, Copy)]
pub struct Promotion {
    pub id: &'static str,
    pub shop: usize,
    pub keyword: &'static str,
    pub starts: Wall,
    pub ends: Wall,
    welcome: &'static str,
    away: &'static str,
}

impl Promotion {
    /// The reply out of hours while it is on.
    pub fn current_away(&self) -> &'static str {
        self.away
    }
}

#[derive(Debug)]
pub struct Autos {
    pub promotions: Vec<Promotion>,
    from: Month,
    to: Month,
}

/// A text approved in the first half of each month only.
const HALF_MONTH: i32 = 15;

impl Autos {
    /// A message's number where its text is to stay as it is.
    pub const AS_WRITTEN: u64 = 1;

    /// One promotion over a month's border, one that ends with a month: its last day but one lies in the next.
    pub fn new(from: Month, to: Month) -> Autos {
        let nth = |month: i32, day: i32| wall::midnight(day_of(from.offset(month).first_day()) + day - 1);
        let promotions = vec![
            Promotion {
                id: "P-满减",
                shop: 0,
                keyword: "满300减30",
                starts: nth(1, 20),
                ends: nth(2, 6),
                welcome: texts::WELCOME_SALE,
                away: texts::AWAY_SALE,
            },
            Promotion {
                id: "P-早鸟",
                shop: 2,
                keyword: "早鸟价",
                starts: nth(3, 10),
                ends: nth(4, 1),
                welcome: texts::WELCOME_EARLY,
                away: texts::AWAY_EARLY,
            },
        ];
        Autos { promotions, from, to }
    }

    /// What the department's auto reply says at that time.
    pub fn current(&self, shop: usize, text: &'static str, at: Wall) -> &'static str {
        let on = self.promotions.iter().find(|p| p.shop == shop && (p.starts..p.ends).contains(&at));
        match (on, text) {
            (Some(p), texts::WELCOME) => p.welcome,
            (Some(p), texts::AWAY) => p.away,
            _ => text,
        }
    }

    /// Whether a text is approved on a day; all shops approve the same ones.
    pub fn approved(&self, text: &str, day: i32) -> bool {
        let of_month = day - day_of(wall::month(day).first_day()) < HALF_MONTH;
        [texts::WELCOME, texts::AWAY].contains(&text)
            || (text == texts::HALF_MONTH && of_month)
            || self.promotions.iter().any(|p| (p.welcome == text || p.away == text) && day >= wall::day(p.starts))
    }

    /// (text_id, text, first day, last day) of all approvals.
    pub fn approvals(&self) -> Vec<(String, &'static str, Option<i32>, Option<i32>)> {
        let mut all = vec![("T1".to_owned(), texts::WELCOME, None, None), ("T2".to_owned(), texts::AWAY, None, None)];
        for p in &self.promotions {
            let from = Some(wall::day(p.starts));
            all.push((format!("{}-1", p.id), p.welcome, from, None));
            all.push((format!("{}-2", p.id), p.away, from, None));
        }
        let mut month = self.from;
        while month <= self.to {
            let first = day_of(month.first_day());
            all.push(("T3".to_owned(), texts::HALF_MONTH, Some(first), Some(first + HALF_MONTH - 1)));
            month = month.next();
        }
        all
    }
}
