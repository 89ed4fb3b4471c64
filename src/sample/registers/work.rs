//! Tasks, listings, tickets, custody, meetings, incidents: each limit from both sides, waived ones, ranges, borders.

use super::rows::seconds;
use super::{Book, STEADY};
use crate::base::time::{HOUR, MINUTE, SECOND};
use crate::sample::judge::{Finding, Rule};
use crate::sample::people::People;
use crate::sample::wall::{self, Wall};

const EDITORS: [usize; 2] = [14, 15];
const COPYWRITER: usize = 16;
const ARTISTS: [usize; 2] = [17, 18];
const HEAD: usize = 19;

pub fn add(book: &mut Book) {
    tasks(book);
    slack_artist_and_copywriter(book);
    listings(book);
    tickets(book);
    custody(book);
    meetings(book);
    incidents(book);
}

fn id(person: usize) -> String {
    People::id(Some(person)).to_owned()
}

struct Task {
    who: usize,
    kind: &'static str,
    due: Wall,
    /// After the due time; none: never.
    done: Option<i64>,
    points: &'static str,
}

impl Book<'_> {
    fn task(&mut self, task: &Task, owed: Option<(Rule, Option<i64>)>) {
        let n = self.dice.below(900) + 100;
        let title = format!(
            "{}-{n}",
            match task.kind {
                "copy" => "活动文案",
                "design" => "主图设计",
                "support" => "软文配合",
                _ => "资料整理",
            }
        );
        let done = seconds(task.done.map(|d| task.due + d));
        let cells =
            vec![id(task.who), task.kind.to_owned(), title, seconds(Some(task.due)), done, task.points.to_owned()];
        let owed = owed.map_or_else(Vec::new, |(rule, stated)| {
            let mut owed = self.owes(rule, task.who, task.due, Some(task.due));
            owed.iter_mut().for_each(|f| f.stated = stated);
            owed
        });
        self.add("tasks", task.due, None, cells, owed);
    }
}

fn tasks(book: &mut Book) {
    let kinds = [
        (EDITORS[0], "support", Rule::Uncooperative),
        (EDITORS[1], "other", Rule::OtherLate),
        (COPYWRITER, "copy", Rule::CopyLate),
        (ARTISTS[0], "design", Rule::DesignLate),
    ];
    for (n, (who, kind, rule)) in kinds.into_iter().enumerate() {
        let due = |book: &Book, day: usize| wall::midnight(book.work_day(day + n)) + 18 * HOUR;
        for (day, done, late) in [
            (1, Some(0), false),
            (3, Some(-2 * HOUR), false),
            (5, Some(SECOND), true),
            (7, None, true),
            (9, Some(40 * HOUR), true),
        ] {
            let task = Task { who, kind, due: due(book, day), done, points: "" };
            book.task(&task, late.then_some((rule, None)));
        }
        // On the month's last day, done in the next month: its own month pays.
        let due = wall::midnight(book.last()) + 18 * HOUR;
        book.task(&Task { who, kind, due, done: Some(20 * HOUR), points: "" }, Some((rule, None)));
        let due = wall::midnight(book.work_day(11 + n)) + 17 * HOUR;
        book.task(&Task { who, kind, due, done: Some(3 * HOUR), points: "" }, Some((rule, None)));
        book.waive(rule, who, due, "供应商素材迟到,已核实");
    }
    // Ranges: stated inside, outside, and outside while in time.
    let range = |book: &mut Book, day: usize, points: &'static str, owed: Option<i64>| {
        let due = wall::midnight(book.work_day(day)) + 16 * HOUR;
        let task = Task { who: EDITORS[0], kind: "other", due, done: None, points };
        book.task(&task, owed.map(|n| (Rule::OtherLate, Some(n))));
    };
    range(book, 2, "3.5", Some(350));
    range(book, 4, "4", Some(400));
    range(book, 6, "4.01", None);
    range(book, 8, "1.99", None);
    // Another role's work is not this rule's.
    let due = wall::midnight(book.work_day(6)) + 15 * HOUR;
    book.task(&Task { who: ARTISTS[1], kind: "copy", due, done: None, points: "" }, None);
    book.task(&Task { who: COPYWRITER, kind: "design", due, done: None, points: "" }, None);
    book.task(&Task { who: STEADY[2], kind: "other", due, done: None, points: "" }, None);
}

/// In two months an artist, in three the copywriter, delivers nearly nothing in time: below 60.
fn slack_artist_and_copywriter(book: &mut Book) {
    let nth = book.month.month() - 1;
    if nth % 6 == 1 || nth % 6 == 3 {
        slack(book, ARTISTS[1], "design", Rule::DesignLate);
    }
    if nth.is_multiple_of(2) {
        slack(book, COPYWRITER, "copy", Rule::CopyLate);
    }
}

fn slack(book: &mut Book, who: usize, kind: &'static str, rule: Rule) {
    for n in 0..14 {
        let due = wall::midnight(book.first() + n) + 12 * HOUR + i64::from(n) * MINUTE;
        book.task(&Task { who, kind, due, done: Some(26 * HOUR), points: "" }, Some((rule, None)));
    }
}

fn listings(book: &mut Book) {
    let mut number = 0;
    let mut list =
        |book: &mut Book, kind: &str, handed: Wall, due: Option<Wall>, online: Option<Wall>, owed: Vec<Finding>| {
            number += 1;
            let product = format!("{}-{number:02}", book.month);
            let who = owed.first().and_then(|f| f.payer).unwrap_or(EDITORS[number % 2]);
            let cells = vec![id(who), kind.to_owned(), product, seconds(Some(handed)), seconds(due), seconds(online)];
            book.add("listings", handed, None, cells, owed);
        };
    for (n, (kind, days)) in [("new", 1), ("special", 0)].into_iter().enumerate() {
        let who = EDITORS[n];
        let mut days_of = vec![book.work_day(1 + n), book.work_day(4 + n), book.work_day(8 + n)];
        days_of.extend(book.before_holiday());
        days_of.extend(book.makeup());
        days_of.push(book.last());
        for day in days_of {
            let handed = wall::midnight(day) + 14 * HOUR;
            let due = wall::midnight(day + 1 + days);
            list(book, kind, handed, None, Some(due), Vec::new());
            let owed = book.owes(Rule::ListingLate, who, handed + MINUTE, Some(due));
            list(book, kind, handed + MINUTE, None, Some(due + SECOND), owed);
        }
        let handed = wall::midnight(book.work_day(12)) + 11 * HOUR;
        let due = wall::midnight(book.work_day(12) + 1 + days);
        let owed = book.owes(Rule::ListingLate, who, handed, Some(due));
        list(book, kind, handed, None, None, owed);
        book.waive(Rule::ListingLate, who, handed, "产品资料未齐");
    }
    for (day, over) in [(2, 0), (5, 1), (9, 7200)] {
        let handed = wall::midnight(book.work_day(day)) + 9 * HOUR;
        let due = handed + 5 * HOUR;
        let owed = if over > 0 { book.owes(Rule::UpdateLate, EDITORS[0], handed, Some(due)) } else { Vec::new() };
        list(book, "update", handed, Some(due), Some(due + over * SECOND), owed);
    }
    // A notice without a time is not judged.
    let handed = wall::midnight(book.work_day(10)) + 9 * HOUR;
    list(book, "update", handed, None, None, Vec::new());
}

fn tickets(book: &mut Book) {
    let mut days = vec![book.work_day(1), book.work_day(4), book.work_day(7), book.last() - 1];
    days.extend(book.before_holiday());
    days.extend(book.makeup());
    let ticket =
        |book: &mut Book, kind: &str, who: usize, opened: Wall, solved: Option<Wall>, told: Option<Wall>, owed| {
            let cells = vec![kind.to_owned(), id(who), seconds(Some(opened)), seconds(solved), seconds(told)];
            book.add("tickets", opened, None, cells, owed);
        };
    for day in days {
        let opened = wall::midnight(day) + 10 * HOUR;
        let due = wall::midnight(book.world.days.next_work(day) + 1);
        let (a, b, c) = (book.agent(), book.agent(), book.agent());
        ticket(book, "feedback", a, opened, Some(due), None, Vec::new());
        let owed = book.owes(Rule::Feedback, b, opened + HOUR, Some(due));
        ticket(book, "feedback", b, opened + HOUR, Some(due + SECOND), None, owed);
        ticket(book, "feedback", c, opened + 2 * HOUR, Some(due + 30 * HOUR), Some(due - SECOND), Vec::new());
        let due = wall::midnight(day + 3);
        ticket(book, "help_request", HEAD, opened + 3 * HOUR, Some(due), None, Vec::new());
        let owed = book.owes(Rule::HelpUnresolved, HEAD, opened + 4 * HOUR, Some(due));
        ticket(book, "help_request", HEAD, opened + 4 * HOUR, Some(due + SECOND), None, owed);
        book.waive(Rule::HelpUnresolved, HEAD, opened + 4 * HOUR, "负责人出差,已委托他人");
    }
    let opened = wall::midnight(book.work_day(10)) + 15 * HOUR;
    let due = wall::midnight(opened.div_euclid(24 * HOUR) as i32 + 3);
    let owed = book.owes(Rule::HelpUnresolved, HEAD, opened, Some(due));
    ticket(book, "help_request", HEAD, opened, None, None, owed);
}

fn custody(book: &mut Book) {
    for (n, kind) in ["documents", "return_mail", "payment_slip"].into_iter().enumerate() {
        let rule = if kind == "payment_slip" { Rule::PaymentSlip } else { Rule::Overnight };
        let cases = [(2, Some(0), false), (4, Some(1), true), (6, None, true), (9, Some(-3600), false)];
        for (day, over, late) in cases {
            let day = book.work_day(day + n);
            keep(book, kind, rule, day, over, late);
        }
        let last = book.last();
        keep(book, kind, rule, last, Some(9 * 3600), true);
    }
    let (day, who) = (book.work_day(13), book.agent());
    let received = wall::midnight(day) + 16 * HOUR;
    let owed = book.owes(Rule::Overnight, who, received, Some(wall::midnight(day + 1)));
    let cells = vec![
        id(who),
        "documents".to_owned(),
        format!("{}-W", book.month),
        seconds(Some(received)),
        String::new(),
        String::new(),
    ];
    book.add("custody", received, None, cells, owed);
    book.waive(Rule::Overnight, who, received, "操作部门已下班");
}

fn keep(book: &mut Book, kind: &str, rule: Rule, day: i32, over: Option<i64>, late: bool) {
    let who = book.agent();
    let number = book.dice.below(9000) + 1000;
    let received = wall::midnight(day) + 15 * HOUR + number as i64 % 60 * MINUTE;
    let due = wall::midnight(day + 1);
    let owed = if late { book.owes(rule, who, received, Some(due)) } else { Vec::new() };
    let handed = seconds(over.map(|s| due + s * SECOND));
    let harm = if late { "true" } else { "" };
    let cells =
        vec![id(who), kind.to_owned(), format!("{kind}-{number}"), seconds(Some(received)), handed, harm.to_owned()];
    book.add("custody", received, None, cells, owed);
}

fn meetings(book: &mut Book) {
    let mut days: Vec<(i32, &str)> = (book.first()..=book.last())
        .filter(|d| wall::weekday(*d) == 0 && book.world.days.is_work(*d))
        .map(|d| (d, "weekly"))
        .collect();
    days.push((book.work_day(14), "training"));
    days.push((book.work_day(16), "monthly"));
    for (day, kind) in days {
        let at = wall::midnight(day) + 9 * HOUR + 30 * MINUTE;
        let (absent, late) = (book.agent(), book.agent());
        for agent in (0..12).filter(|a| book.world.people.employed(*a, day)).collect::<Vec<_>>() {
            let (present, minutes) = match agent {
                a if a == absent => ("false", ""),
                a if a == late => ("true", "1"),
                _ => ("true", "0"),
            };
            let rule = if kind == "training" { Rule::TrainingAbsent } else { Rule::MeetingAbsent };
            let owed = if agent == absent || agent == late { book.owes(rule, agent, at, None) } else { Vec::new() };
            let cells = [&id(agent), kind, &seconds(Some(at)), present, minutes].map(str::to_owned).to_vec();
            book.add("meetings", at, None, cells, owed);
        }
        if kind == "monthly" {
            book.waive(Rule::MeetingAbsent, absent, at, "因公外出");
        }
    }
}

fn incidents(book: &mut Book) {
    let agent = book.agent();
    let cases: [(Rule, usize, &str, Option<i64>, &str); 14] = [
        (Rule::Misquote, agent, "", Some(500), ""),
        (Rule::Leak, STEADY[7], "", Some(1000), ""),
        (Rule::SlipMisplaced, agent, "", Some(0), ""),
        (Rule::CheckError, EDITORS[0], "", Some(100), ""),
        (Rule::CheckError, EDITORS[0], "8", Some(800), ""),
        (Rule::CheckError, EDITORS[1], "0.99", None, ""),
        (Rule::CheckError, EDITORS[1], "", None, "true"),
        (Rule::CopyMaterial, COPYWRITER, "", Some(100), ""),
        (Rule::CopyMaterial, COPYWRITER, "3", Some(300), ""),
        (Rule::CopyMaterial, COPYWRITER, "3.01", None, ""),
        (Rule::DesignMaterial, ARTISTS[0], "2.5", Some(250), ""),
        (Rule::DesignMaterial, ARTISTS[0], "0.5", None, ""),
        (Rule::DutyUnfinished, HEAD, "", Some(500), ""),
        // An editor is no copywriter.
        (Rule::CopyMaterial, EDITORS[1], "", None, ""),
    ];
    for (n, (rule, who, points, stated, confirmed)) in cases.into_iter().enumerate() {
        let at = wall::midnight(book.work_day(n + 1)) + 11 * HOUR + n as i64 * MINUTE;
        let owed = stated.map_or_else(Vec::new, |points| {
            let mut owed = book.owes(rule, who, at, None);
            owed.iter_mut().for_each(|f| f.stated = Some(points));
            owed
        });
        let serious = if rule == Rule::Leak { "false" } else { "" };
        let cells = [&id(who), rule.id(), &seconds(Some(at)), points, serious, confirmed, "月度抽查"];
        book.add("incidents", at, None, cells.map(str::to_owned).to_vec(), owed);
    }
    let at = wall::midnight(book.last()) + 23 * HOUR + 59 * MINUTE;
    let owed = book.owes(Rule::Misquote, STEADY[4], at, None);
    let cells = [&id(STEADY[4]), Rule::Misquote.id(), &seconds(Some(at)), "", "", "", "客人投诉"];
    book.add("incidents", at, None, cells.map(str::to_owned).to_vec(), owed);
    book.waive(Rule::Misquote, STEADY[4], at, "价格系统故障");
}
