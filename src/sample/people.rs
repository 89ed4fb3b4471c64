//! The made department: who works there, who uses which chat account from when to when. Every name is invented.

use super::wall::Days;
use crate::base::Month;
use crate::base::time::day_of;

/// The shops; a shop's number is its place here.
pub const SHOPS: [&str; 3] = ["云途旅行旗舰店", "山野行户外", "野途装备店"];

/// Customer service agents; their numbers are 0 to 11.
pub const AGENTS: usize = 12;

/// Numbers of the agents with whom something happens.
pub const TWO_SHOPS: usize = 3;
pub const CHANGES_TEAM: usize = 5;
pub const JOINS: usize = 7;
pub const LEAVES: usize = 10;
const HANDS_OVER: usize = 1;
const TAKES_OVER: usize = 2;

/// Numbers of the accounts that are not an agent's own: those have the agent's number.
pub const SHARED_ACCOUNT: usize = 13;
pub const NOBODYS_ACCOUNT: usize = 14;

const FAR_PAST: i32 = i32::MIN;
const FAR_FUTURE: i32 = i32::MAX;

/// (id, name, role, team, supervisor)
const PEOPLE: [(&str, &str, &str, &str, &str); 20] = [
    ("S01", "林小满", "customer_service", "一组", "P01"),
    ("S02", "岳听岚", "customer_service", "一组", "P01"),
    ("S03", "叶青禾", "customer_service", "一组", "P01"),
    ("S04", "沐云舒", "customer_service", "一组", "P01"),
    ("S05", "夏朵朵", "customer_service", "一组", "P01"),
    ("S06", "陆远山", "customer_service", "一组", "P01"),
    ("S07", "麦穗儿", "customer_service", "二组", "P02"),
    ("S08", "江北辰", "customer_service", "二组", "P02"),
    ("S09", "顾星野", "customer_service", "二组", "P02"),
    ("S10", "白可可", "customer_service", "二组", "P02"),
    ("S11", "温知澈", "customer_service", "二组", "P02"),
    ("S12", "南栀意", "customer_service", "二组", "P02"),
    ("P01", "周砚秋", "supervisor", "一组", "H01"),
    ("P02", "沈望舒", "supervisor", "二组", "H01"),
    ("E01", "唐墨白", "editor", "内容组", "H01"),
    ("E02", "许青简", "editor", "内容组", "H01"),
    ("W01", "纪行舟", "copywriter", "内容组", "H01"),
    ("D01", "程染染", "artist", "设计组", "H01"),
    ("D02", "方丹若", "artist", "设计组", "H01"),
    ("H01", "贺长川", "head", "电商部", ""),
];

const NICKS: [&str; AGENTS] =
    ["小满", "听岚", "青禾", "云舒", "朵朵", "远山", "麦穗", "北辰", "星野", "可可", "知澈", "南栀"];

/// One row of the roster; days count from 1970-01-01, both included.
#[derive(Debug, Clone, Copy)]
pub struct Spell {
    pub id: &'static str,
    pub name: &'static str,
    pub role: &'static str,
    pub team: &'static str,
    pub supervisor: &'static str,
    pub joined: i32,
    pub left: Option<i32>,
    pub from: i32,
    pub to: Option<i32>,
}

/// A chat account and its users: (agent, first day, last day). `FAR_PAST` and `FAR_FUTURE` stand for no bound.
#[derive(Debug)]
pub struct Account {
    pub shop: usize,
    pub name: String,
    pub users: Vec<(usize, i32, i32)>,
}

#[derive(Debug)]
pub struct People {
    pub roster: Vec<Spell>,
    pub accounts: Vec<Account>,
    /// First day of the agent who joins, last day of the one who leaves.
    pub joins_on: i32,
    pub leaves_on: i32,
    /// Last day of the shared account's first user.
    pub hands_over_on: i32,
}

impl People {
    /// In the sample's 2nd month somebody changes team, in its 3rd somebody joins and an account changes hands, in its
    /// 4th somebody leaves.
    pub fn new(from: Month, days: &Days) -> People {
        let nth = |month: i32, day: i32| day_of(from.offset(month).first_day()) + day - 1;
        let (joins_on, leaves_on) = (nth(2, 9), nth(3, 17));
        let (changes_on, hands_over_on) = (nth(1, 16), nth(2, 15));
        let mut roster = Vec::new();
        for (i, (id, name, role, team, supervisor)) in PEOPLE.into_iter().enumerate() {
            let joined = if i == JOINS { joins_on } else { nth(-9 - 3 * i as i32 % 40, 1) };
            let left = (i == LEAVES).then_some(leaves_on);
            let row = Spell { id, name, role, team, supervisor, joined, left, from: joined, to: left };
            if i == CHANGES_TEAM {
                roster.push(Spell { to: Some(changes_on - 1), ..row });
                roster.push(Spell { team: "二组", supervisor: "P02", from: changes_on, ..row });
            } else {
                roster.push(row);
            }
        }
        let account = |shop: usize, nick: &str, users: Vec<(usize, i32, i32)>| Account {
            shop,
            name: format!("{}:{nick}", SHOPS[shop]),
            users,
        };
        let mut accounts: Vec<Account> = (0..AGENTS)
            .map(|i| {
                let from = if i == JOINS { joins_on } else { FAR_PAST };
                let to = if i == LEAVES { leaves_on } else { FAR_FUTURE };
                account(i / 4, NICKS[i], vec![(i, from, to)])
            })
            .collect();
        accounts.push(account(1, NICKS[TWO_SHOPS], vec![(TWO_SHOPS, FAR_PAST, FAR_FUTURE)]));
        let hands = vec![(HANDS_OVER, FAR_PAST, hands_over_on), (TAKES_OVER, hands_over_on + 1, FAR_FUTURE)];
        accounts.push(account(0, "夜航", hands));
        accounts.push(account(1, "旧号", vec![(6, FAR_PAST, days.first - 1)]));
        People { roster, accounts, joins_on, leaves_on, hands_over_on }
    }

    /// Who uses an account on a day.
    pub fn owner(&self, account: usize, day: i32) -> Option<usize> {
        let users = &self.accounts.get(account)?.users;
        users.iter().find(|(_, from, to)| (*from..=*to).contains(&day)).map(|(agent, ..)| *agent)
    }

    /// Whether an agent is with the department on a day.
    pub fn employed(&self, agent: usize, day: i32) -> bool {
        agent < AGENTS && self.owner(agent, day).is_some()
    }

    /// The agents of a shop on a day.
    pub fn team(&self, shop: usize, day: i32) -> Vec<usize> {
        (0..AGENTS).filter(|a| a / 4 == shop && self.employed(*a, day)).collect()
    }

    /// How many people there are; the agents' numbers come first.
    pub const COUNT: usize = PEOPLE.len();

    /// Number of a staff id.
    pub fn number(id: &str) -> Option<usize> {
        PEOPLE.iter().position(|p| p.0 == id)
    }

    /// Whether somebody was with the department on some day of a month.
    pub fn worked(&self, person: usize, month: Month) -> bool {
        let (first, last) = (day_of(month.first_day()), day_of(month.last_day()));
        let there =
            |s: &&Spell| Self::number(s.id) == Some(person) && s.joined <= last && s.left.is_none_or(|l| l >= first);
        self.roster.iter().any(|s| there(&s))
    }

    /// Somebody's superior on a day.
    pub fn superior(&self, person: usize, day: i32) -> Option<usize> {
        let mut own = self.roster.iter().filter(|s| Self::number(s.id) == Some(person));
        let of_day = own.clone().find(|s| s.from <= day && s.to.is_none_or(|t| day <= t));
        of_day.or(own.next_back()).and_then(|s| Self::number(s.supervisor))
    }

    /// Staff id; nobody's account is `unassigned`.
    pub fn id(agent: Option<usize>) -> &'static str {
        agent.and_then(|a| PEOPLE.get(a)).map_or("unassigned", |p| p.0)
    }

    /// What a bound of a user's time looks like in a file.
    pub fn bound(day: i32) -> Option<i32> {
        (day != FAR_PAST && day != FAR_FUTURE).then_some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_change_hands_and_end() {
        let (from, to) = (Month::new(2026, 1).unwrap(), Month::new(2026, 6).unwrap());
        let people = People::new(from, &Days::new(from, to, &|_| true));
        let handover = people.hands_over_on;
        assert_eq!(people.owner(SHARED_ACCOUNT, handover), Some(HANDS_OVER));
        assert_eq!(people.owner(SHARED_ACCOUNT, handover + 1), Some(TAKES_OVER));
        assert_eq!(people.owner(NOBODYS_ACCOUNT, handover), None);
        assert_eq!(people.owner(LEAVES, people.leaves_on), Some(LEAVES));
        assert_eq!(people.owner(LEAVES, people.leaves_on + 1), None);
        assert!(!people.employed(JOINS, people.joins_on - 1) && people.employed(JOINS, people.joins_on));
        assert_eq!(people.roster.len(), 21);
        assert_eq!((People::id(Some(0)), People::id(None)), ("S01", "unassigned"));
    }
}
