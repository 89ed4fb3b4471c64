//! Calls, reviews, ratings, attendance, targets.

use super::rows::{date, millis, seconds};
use super::{Book, STEADY};
use crate::base::time::{DAY, HOUR, MINUTE, SECOND, format_time_of_day};
use crate::sample::judge::{Finding, Rule};
use crate::sample::people::{NOBODYS_ACCOUNT, People, SHOPS};
use crate::sample::texts;
use crate::sample::wall::{self, Wall};

/// Buyers of reviews and ratings: beyond all who chat.
const BUYERS: u64 = 900_000_000;

pub fn add(book: &mut Book) {
    calls(book);
    reviews(book);
    ratings(book);
    attendance(book);
    targets(book);
}

fn shop_of(agent: usize) -> usize {
    agent / 4
}

fn call(
    book: &mut Book,
    account: usize,
    rang: Wall,
    after: Option<i64>,
    marks: [&str; 2],
    payer: Option<Option<usize>>,
) {
    let Some((shop, name)) = book.world.people.accounts.get(account).map(|a| (a.shop, a.name.clone())) else { return };
    let cells = vec![
        SHOPS[shop].to_owned(),
        name,
        millis(rang),
        after.map(|ms| millis(rang + ms)).unwrap_or_default(),
        marks[0].to_owned(),
        marks[1].to_owned(),
    ];
    let (rule, period, due) = (Rule::Phone, book.month, Some(rang + 10 * SECOND));
    let owed = payer.map(|payer| Finding { rule, payer, period, occurred: rang, due, asked: 0, stated: None });
    book.add("calls", rang, Some(shop), cells, owed.into_iter().collect());
}

fn calls(book: &mut Book) {
    // One month without a call: its file is a header alone.
    if book.month.month() == 2 {
        return;
    }
    for n in 0..12 {
        let agent = book.agent();
        let rang = wall::midnight(book.work_day(n)) + 10 * HOUR + book.dice.between(0, 6 * HOUR);
        let after = book.dice.between(2 * SECOND, 9 * SECOND);
        call(book, agent, rang, Some(after), ["", ""], None);
    }
    let rang = |book: &Book, day: usize, hour: i64| wall::midnight(book.work_day(day)) + hour * HOUR + 7;
    let agents: Vec<usize> = (0..6).map(|n| STEADY[(n + book.month.month() as usize) % STEADY.len()]).collect();
    let late = |agent: usize| Some(Some(agent));
    call(book, agents[0], rang(book, 2, 11), Some(10 * SECOND), ["", ""], None);
    call(book, agents[1], rang(book, 3, 11), Some(10 * SECOND + 1), ["", ""], late(agents[1]));
    call(book, agents[2], rang(book, 4, 11), None, ["false", ""], late(agents[2]));
    call(book, agents[3], rang(book, 5, 11), None, ["true", "true"], None);
    call(book, agents[4], rang(book, 6, 11), Some(30 * SECOND), ["true", "false"], late(agents[4]));
    call(book, agents[5], rang(book, 7, 11), None, ["true", ""], late(agents[5]));
    book.waive(Rule::Phone, agents[5], rang(book, 7, 11), "电话线路故障");
    call(book, NOBODYS_ACCOUNT, rang(book, 8, 11), None, ["", ""], Some(None));
    let midnight = wall::midnight(book.last() + 1) - 1;
    call(book, agents[0], midnight, Some(10 * SECOND + 1), ["", ""], late(agents[0]));
}

fn nick(number: u64) -> String {
    let mut out = Vec::new();
    texts::nick(BUYERS + number, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn reviews(book: &mut Book) {
    let month = u64::from(book.month.month());
    let mut number = month * 1000;
    let mut review = |book: &mut Book, agent: usize, at: Wall, words: [&str; 3], rule: Option<Rule>| {
        number += 1;
        let shop = shop_of(agent);
        let owed = rule.map_or_else(Vec::new, |rule| book.owes(rule, agent, at, None));
        let cells = [
            SHOPS[shop],
            &format!("9{number:017}"),
            &nick(number),
            People::id(Some(agent)),
            words[0],
            words[1],
            words[2],
            &seconds(Some(at)),
        ];
        book.add("reviews", at, Some(shop), cells.map(str::to_owned).to_vec(), owed);
    };
    for n in 0..15 {
        let (agent, at) = (book.agent(), wall::midnight(book.first() + n) + 20 * HOUR + i64::from(n) * MINUTE);
        let words = [["good", "", "true"], ["good", "", "false"], ["neutral", "attitude", "true"]][n as usize % 3];
        review(book, agent, at, words, None);
    }
    let cases = [
        (3, ["bad", "attitude", "false"], Some(Rule::BadReview)),
        (5, ["bad", "attitude", "true"], Some(Rule::BadReviewText)),
        (7, ["bad", "product", "true"], None),
        (9, ["bad", "logistics", "false"], None),
        (11, ["bad", "", "true"], None),
    ];
    for (day, words, rule) in cases {
        let (agent, at) = (book.agent(), wall::midnight(book.work_day(day)) + 21 * HOUR);
        review(book, agent, at, words, rule);
    }
    let at = wall::midnight(book.last() + 1) - SECOND;
    let agent = book.agent();
    review(book, agent, at, ["bad", "attitude", "true"], Some(Rule::BadReviewText));
    book.waive(Rule::BadReviewText, agent, at, "恶意差评,平台已删");
}

fn ratings(book: &mut Book) {
    for n in 0..20_u64 {
        let agent = book.agent();
        let Some(account) = book.world.people.accounts.get(agent).map(|a| a.name.clone()) else { continue };
        let at = wall::midnight(book.first() + n as i32) + 15 * HOUR + n as i64 * MINUTE;
        let score = 5 - book.dice.weighted(&[60, 25, 10, 3, 2]);
        let buyer = nick(u64::from(book.month.month()) * 1000 + 500 + n);
        let cells = vec![SHOPS[shop_of(agent)].to_owned(), buyer, account, score.to_string(), seconds(Some(at))];
        book.add("ratings", at, Some(shop_of(agent)), cells, Vec::new());
    }
}

fn attendance(book: &mut Book) {
    let shifts: Vec<_> = book.world.shifts.all().filter(|(day, ..)| wall::month(*day) == book.month).collect();
    for (day, agent, shift) in shifts {
        let early = book.dice.between(2 * MINUTE, 14 * MINUTE) / MINUTE * MINUTE;
        let clock = |ms: i64| format_time_of_day(ms.rem_euclid(DAY));
        let cells = vec![
            People::id(Some(agent)).to_owned(),
            date(day),
            clock(shift.start - early),
            clock(shift.end + early / 2 / MINUTE * MINUTE),
            "正常".to_owned(),
        ];
        book.add("attendance", wall::midnight(day), None, cells, Vec::new());
    }
}

fn targets(book: &mut Book) {
    let at = wall::midnight(book.first());
    for (n, shop) in SHOPS.into_iter().enumerate() {
        let cells = vec![String::new(), shop.to_owned(), book.month.to_string(), format!("{}.00", 30_000 + 5_000 * n)];
        book.add("targets", at, None, cells, Vec::new());
    }
    for agent in STEADY {
        let cells = vec![
            People::id(Some(agent)).to_owned(),
            String::new(),
            book.month.to_string(),
            format!("{}.00", 7_000 + 500 * (agent % 4)),
        ];
        book.add("targets", at, None, cells, Vec::new());
    }
}
