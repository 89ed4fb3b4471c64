//! Made-up inputs for reports: a department of any size, the same for the same arguments.

use chrono::{Datelike, NaiveDate, Weekday};
use kaohe::base::time::{HOUR, MINUTE, SECOND};
use kaohe::base::{Month, Zone};
use kaohe::facts::rows::{ALL, Unit};
use kaohe::report::data::*;
use std::collections::BTreeMap;

mod sheets;

const NAMES: [&str; 12] = [
    "林晓雯",
    "周佳琪",
    "陈思远",
    "黄梓涵",
    "吴雨桐",
    "郑浩然",
    "王诗涵",
    "刘子墨",
    "赵一诺",
    "孙嘉怡",
    "徐若曦",
    "马天宇",
];
const SHOPS: [&str; 3] = ["云岭旗舰店", "云岭户外专营店", "yunling-outlet"];

/// A tiny generator, so that the inputs do not hang on a crate's version.
struct Dice(u64);

impl Dice {
    /// From `low` to `high`, both included.
    fn roll(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + ((self.0 >> 33) % (high - low + 1) as u64) as i64
    }
}

/// Inputs without any month's rows: settings, rules, one empty month.
pub fn bare(lang: &str) -> Inputs {
    let month: Month = "2026-05".parse().unwrap();
    Inputs {
        months: vec![empty_month(month)],
        as_of: Zone::SHANGHAI.end_of(month.last_day()) + 10 * HOUR,
        zone: Zone::SHANGHAI,
        lang: lang.to_owned(),
        pipeline: "monthly".to_owned(),
        preset: "regulation".to_owned(),
        clock: "wall".to_owned(),
        target_ms: 45_000,
        settings: [("session_gap", "30 min"), ("cutoff", "18:00"), ("online_hours", "09:00-23:00")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .to_vec(),
        targets: BTreeMap::new(),
        min_ratings: 20,
        rulebook_version: "2026-01".to_owned(),
        rules: rules(),
        program_version: "0.1.0".to_owned(),
    }
}

pub fn empty_month(month: Month) -> MonthInputs {
    MonthInputs::empty(month)
}

pub fn rules() -> Vec<RuleText> {
    let rule = |id: &str, title: &str, clause: &str, quote: &str, reading: &str, points: &str, monitored| RuleText {
        id: id.to_owned(),
        title: title.to_owned(),
        clause: clause.to_owned(),
        quote: quote.to_owned(),
        interpretation: reading.to_owned(),
        points: points.to_owned(),
        monitored,
    };
    vec![
        rule(
            "cs.online.day_unfinished",
            "当天咨询未处理完",
            "客服 一·4",
            "下班前必须处理完当天的咨询。",
            "18:00 前的咨询到本人下班时仍未回复;没有排班时以在线时段结束为准。",
            "每次扣 1.5 分",
            false,
        ),
        rule(
            "cs.online.night_unfinished",
            "夜间留言逾期未处理",
            "客服 一·4",
            "晚上的留言第二个工作日12点之前必须处理完毕。",
            "18:00 及以后的留言到下一个工作日 12:00 仍未回复。",
            "每次扣 1.5 分",
            false,
        ),
        rule(
            "cs.aftersales.shipment",
            "付款后未及时发货",
            "客服 六·1",
            "一个订单的流程结束后在一个工作日内处理发货,违反每次扣3分",
            "付款后一个工作日内未发货,由订单责任人承担;期限前关闭或全额退款的订单除外。",
            "每次扣 3 分",
            false,
        ),
        rule(
            "cs.reply.first_response",
            "首次响应超过 45 秒",
            "客服 二·3",
            "首句咨询必须在45秒内回复客人。",
            "条款没有写扣分,只做监测。",
            "不扣分",
            true,
        ),
    ]
}

/// `agents` agents (and a few others) in three shops, over `count` months up to 2026-05.
pub fn department(lang: &str, agents: usize, count: i32) -> Inputs {
    let last: Month = "2026-05".parse().unwrap();
    let mut inputs = bare(lang);
    inputs.months = (1 - count..=0).map(|n| month(last.offset(n), agents, n == 0)).collect();
    inputs.targets = [
        ("first_in_45s", 9_500),
        ("first_median", 20_000),
        ("reply_rate", 9_900),
        ("conversion", 3_000),
        ("satisfaction", 9_600),
        ("bad_reviews", 5),
        ("sales", 250_000_000),
    ]
    .map(|(id, value)| (id.to_owned(), value))
    .into();
    inputs
}

/// The same with a bad month: everyone fails every one of 32 rules, twice, one of them waived now and then; hundreds of
/// orders wait.
pub fn bad_month(mut inputs: Inputs) -> Inputs {
    let usual = inputs.rules[0].clone();
    let extra: Vec<RuleText> = (1..=30)
        .map(|n| RuleText {
            id: format!("cs.made.rule_{n}"),
            title: format!("当天第 {n} 项工作未处理完"),
            ..usual.clone()
        })
        .collect();
    let month = inputs.months.last_mut().unwrap();
    let like = month.deductions[0].clone();
    let people: Vec<String> = month.people.iter().map(|p| p.staff_id.clone()).collect();
    let mut serial = 0;
    for (n, (rule, staff_id)) in extra.iter().flat_map(|r| people.iter().map(move |p| (r, p))).enumerate() {
        for times in 1..=2 {
            serial += 1;
            let waived = n % 7 == 0 && times == 2;
            month.deductions.push(Deduction {
                deduction_id: format!("{:016x}", 0xabc0_0000_0000_0000_u64 + serial),
                rule_id: rule.id.clone(),
                staff_id: staff_id.clone(),
                caused_by: staff_id.clone(),
                occurrence_no: times,
                points: if waived { 0 } else { 150 },
                waived_by: waived.then(|| "何静 2026-05-20".to_owned()),
                ..like.clone()
            });
        }
    }
    let order = month.unshipped[0].clone();
    month.unshipped.extend((0..600).map(|n| Unshipped { order_id: format!("91000000000000{n:04}"), ..order.clone() }));
    inputs.rules.extend(extra);
    inputs
}

fn id(n: usize) -> String {
    format!("K{:03}", n + 1)
}

fn people(agents: usize) -> Vec<Person> {
    let person = |id: String, name: String, role: &str, team: &str, boss: Option<&str>| Person {
        staff_id: id,
        name,
        role: role.to_owned(),
        team: Some(team.to_owned()),
        supervisor_id: boss.map(str::to_owned),
    };
    let mut people: Vec<Person> = (0..agents)
        .map(|n| {
            let name = match n / NAMES.len() {
                0 => NAMES[n].to_owned(),
                round => format!("{}{}", NAMES[n % NAMES.len()], round + 1),
            };
            person(id(n), name, "customer_service", if n % 2 == 0 { "早班组" } else { "晚班组" }, Some("S001"))
        })
        .collect();
    people.push(person("S001".into(), "何静".into(), "supervisor", "客服部", Some("H001")));
    people.push(person("E001".into(), "罗文博".into(), "editor", "内容组", Some("H001")));
    people.push(person("H001".into(), "高建国".into(), "head", "电商部", None));
    people
}

fn month(month: Month, agents: usize, newest: bool) -> MonthInputs {
    let mut dice = Dice(month.month() as u64 * 77 + month.year() as u64);
    let mut out = empty_month(month);
    out.people = people(agents);
    for day in month.first_day().iter_days().take_while(|d| month.contains(*d)) {
        for n in 0..agents {
            if !(day.day() as usize + n).is_multiple_of(6) {
                out.staff_day.push(staff_day(&mut dice, day, n));
            }
        }
        // Two days without an export.
        if agents > 0 && !(newest && (day.day() == 13 || day.day() == 14)) {
            day_figures(&mut dice, day, &mut out);
        }
    }
    percentiles(&mut dice, agents, &mut out);
    if agents > 0 {
        deductions(&mut dice, agents, &mut out);
        quality(&mut dice, &mut out);
    }
    scores(&mut out, newest);
    sheets::fill(&mut out, agents, newest);
    if newest && agents > 0 {
        proofs(&mut dice, agents, &mut out);
    }
    if newest {
        out.provisional = true;
        out.final_until.insert("conversion".to_owned(), month.last_day().pred_opt().unwrap());
    }
    out
}

fn staff_day(dice: &mut Dice, date: NaiveDate, n: usize) -> StaffDay {
    let skill = (n % 12) as i64;
    let received = dice.roll(34, 60) - skill;
    let first = received - dice.roll(0, 3);
    let presales = received * 6 / 10;
    let converted = presales * dice.roll(22, 38) / 100;
    let in_45s = first * (97 - skill * 2 - dice.roll(0, 6)) / 100;
    let sales = converted * dice.roll(9_900, 32_900);
    let measures = BTreeMap::from([
        ("inquiries_count", received - dice.roll(0, 4)),
        ("received_count", received),
        ("unanswered_count", dice.roll(0, 1)),
        ("missed_count", dice.roll(0, 12) / 12),
        ("sessions_count", received + 3),
        ("rounds_count", received * 4),
        ("response_count", received * 4 - 2),
        ("response_sum_ms", (received * 4 - 2) * dice.roll(31 * SECOND, 52 * SECOND)),
        ("first_response_count", first),
        ("first_response_sum_ms", first * (dice.roll(17 * SECOND, 26 * SECOND) + skill * SECOND)),
        ("first_response_in_45s_count", in_45s),
        ("first_response_in_3min_count", first - dice.roll(0, 1)),
        ("rate_count", first + 1),
        ("rate_met_count", in_45s),
        ("slow_count", dice.roll(0, 8) / 7),
        ("long_count", dice.roll(0, 5)),
        ("buyer_messages_count", received * 9),
        ("agent_messages_count", received * 11),
        ("concurrent_max", dice.roll(3, 9)),
        ("presales_count", presales),
        ("converted_same_day_count", converted * 7 / 10),
        ("converted_next_day_count", converted * 9 / 10),
        ("converted_final_count", converted),
        ("paid_final_count", converted * 95 / 100),
        ("orders_count", converted),
        ("paid_count", converted * 95 / 100),
        ("sales_sum_fen", sales),
        ("refunds_sum_fen", sales * dice.roll(0, 12) / 100),
        ("items_count", converted * 2),
        ("online_sum_ms", dice.roll(7 * HOUR, 9 * HOUR)),
        ("rated_count", received / 8),
        ("satisfied_count", received / 8 - received % 3 / 2),
        ("reviews_count", received % 4),
        ("bad_reviews_count", i64::from(received % 20 == 3)),
    ]);
    StaffDay { date, shop: SHOPS[n % SHOPS.len()].to_owned(), staff_id: id(n), measures }
}

fn day_figures(dice: &mut Dice, day: NaiveDate, out: &mut MonthInputs) {
    let busy = i64::from(matches!(day.weekday(), Weekday::Sat | Weekday::Sun)) * 6;
    let p50 = (dice.roll(16, 24) + busy) * SECOND + dice.roll(0, 999);
    let p90 = p50 * 2 + dice.roll(0, 26) * SECOND;
    let p = Percentiles { of: "first".into(), count: 400, p50, p90, p99: p90 * 3, ..Percentiles::default() };
    out.daily.push((day, p));
    for (hour, low, high) in [(18, 2, 14), (23, 0, 6)] {
        for shop in SHOPS {
            let open = dice.roll(low, high);
            let at = Zone::SHANGHAI.at(day, hour * HOUR);
            out.backlog.push(Backlog {
                at,
                shop: shop.into(),
                staff_id: id(0),
                kind: "rounds".into(),
                open,
                lt_1h: open,
                lt_4h: 0,
                lt_24h: 0,
                older: 0,
            });
            out.backlog.push(Backlog {
                at,
                shop: shop.into(),
                staff_id: id(0),
                kind: "unshipped".into(),
                open: open * 5,
                lt_1h: 0,
                lt_4h: open,
                lt_24h: open * 4,
                older: 0,
            });
        }
    }
}

fn percentiles(dice: &mut Dice, agents: usize, out: &mut MonthInputs) {
    let whole = (agents > 0).then(|| (String::new(), String::new()));
    let shops = SHOPS.iter().take(agents).map(|s| (s.to_string(), String::new()));
    let staff = (0..agents).map(|n| (String::new(), id(n)));
    for (shop, staff_id) in whole.into_iter().chain(shops).chain(staff) {
        let p50 = dice.roll(15 * SECOND, 29 * SECOND);
        let p90 = p50 * 2 + dice.roll(0, 20 * SECOND);
        out.percentiles.push(Percentiles { of: "first".into(), shop, staff_id, count: 900, p50, p90, p99: p90 * 4 });
    }
}

fn deductions(dice: &mut Dice, agents: usize, out: &mut MonthInputs) {
    let rules = [
        ("cs.online.day_unfinished", 150, 5 * HOUR, 2),
        ("cs.online.night_unfinished", 150, 14 * HOUR, 3),
        ("cs.aftersales.shipment", 300, 26 * HOUR, 2),
        ("cs.reply.first_response", 0, 45 * SECOND, 40),
    ];
    let mut serial = 0;
    for (rule, points, allowed, often) in rules {
        for i in 0..dice.roll(often, often * 2) {
            let n = dice.roll(0, agents as i64 - 1) as usize;
            let day = out.month.first_day() + chrono::TimeDelta::days(dice.roll(0, 26));
            let at = Zone::SHANGHAI.at(day, dice.roll(10 * HOUR, 17 * HOUR));
            let waived = points > 0 && dice.roll(0, 4) == 0;
            serial += 1;
            out.deductions.push(Deduction {
                deduction_id: format!("{:08x}{serial:08x}", (out.month.month() * 0x0012_3457)),
                rule_id: rule.to_owned(),
                rulebook_version: "2026-01".to_owned(),
                shop: SHOPS[n % SHOPS.len()].to_owned(),
                staff_id: id(n),
                caused_by: if i == 0 { "S001".to_owned() } else { id(n) },
                occurred_at: at,
                due_at: Some(at + allowed),
                done_at: (dice.roll(0, 3) > 0).then(|| at + allowed + dice.roll(SECOND, 90 * MINUTE)),
                occurrence_no: i + 1,
                factor: 1,
                points: if waived { 0 } else { points },
                waived_by: waived.then(|| "何静 2026-05-20".to_owned()),
                waived_at: None,
                evidence: vec![(
                    "messages".to_owned(),
                    format!("chat/{}/{day}.csv", SHOPS[n % SHOPS.len()]),
                    dice.roll(2, 9_000),
                )],
            });
        }
    }
}

/// Rows for each list: 50 of all, 10 of each agent, as compute keeps them.
fn proofs(dice: &mut Dice, agents: usize, out: &mut MonthInputs) {
    for list in ALL {
        let everyone = std::iter::once((String::new(), 50)).chain((0..agents).map(|n| (id(n), 10)));
        for (of, most) in everyone {
            for _ in 0..most {
                let n = dice.roll(0, agents as i64 - 1) as usize;
                let day = out.month.first_day() + chrono::TimeDelta::days(dice.roll(0, 29));
                let (value, what) = match list.unit {
                    Unit::Ms => (Some(dice.roll(SECOND, 400 * SECOND)), format!("{:08x}", dice.roll(0, 0xffff_ffff))),
                    Unit::Fen => (Some(dice.roll(990, 99_900)), format!("26051{:012}", dice.roll(0, 999_999_999_999))),
                    Unit::Messages => (Some(dice.roll(2, 60)), format!("{:08x}", dice.roll(0, 0xffff_ffff))),
                    Unit::Nothing => (None, format!("{:08x}", dice.roll(0, 0xffff_ffff))),
                };
                out.proofs.push(Proof {
                    list: list.id.to_owned(),
                    of: of.clone(),
                    shop: SHOPS[n % SHOPS.len()].to_owned(),
                    staff_id: if of.is_empty() { id(n) } else { of.clone() },
                    at: Zone::SHANGHAI.at(day, dice.roll(9 * HOUR, 22 * HOUR)),
                    value,
                    what,
                    file: format!("chat/{}/{day}.csv", SHOPS[n % SHOPS.len()]),
                    row: dice.roll(2, 9_000),
                });
            }
            let rows = if of.is_empty() { 800 * agents as i64 } else { 800 };
            out.proven.push(Proven { list: list.id.to_owned(), staff_id: of, rows });
        }
    }
}

fn scores(out: &mut MonthInputs, newest: bool) {
    for person in &out.people {
        let mine = out.deductions.iter().filter(|d| d.staff_id == person.staff_id);
        let deducted: i64 = mine.map(|d| d.points).sum();
        let score = 10_000 - deducted;
        let grade = if score >= 9_000 {
            "excellent"
        } else if score >= 8_000 {
            "good"
        } else {
            "pass"
        };
        out.scores.push(Score {
            staff_id: person.staff_id.clone(),
            base: 10_000,
            deducted,
            awarded: 0,
            score,
            grade: grade.to_owned(),
            provisional: newest,
        });
    }
}

fn quality(dice: &mut Dice, out: &mut MonthInputs) {
    let mut add = |kind: &str, subject: &str, shop: &str, count: i64| {
        out.quality.push(Quality { kind: kind.into(), subject: subject.into(), shop: shop.into(), count });
    };
    for shop in SHOPS {
        add("kept", &format!("chat/{shop}/{}.csv", out.month), "", dice.roll(9_000, 40_000));
        add("quarantined", &format!("chat/{shop}/{}.csv", out.month), "", dice.roll(0, 9));
        add("filtered", "advertising", shop, dice.roll(3, 40));
        add("filtered", "own_staff", shop, dice.roll(0, 6));
        add("passed_over", "", shop, dice.roll(300, 900));
        add("agent_only", "", shop, dice.roll(10, 60));
        add("linked", "buyer", shop, dice.roll(900, 2_000));
        add("linked", "quoted", shop, dice.roll(40, 300));
        add("linked", "none", shop, dice.roll(60, 400));
    }
    add("unmatched_account", "云岭旗舰店:小夏", SHOPS[0], 41);
    let known = Account { shop: SHOPS[1].to_owned(), account: "远山:小夏".to_owned(), staff_id: "A001".to_owned() };
    out.accounts.push(known);
    for (figure, theirs, ours) in
        [("received", 120, Some(118)), ("first_response_ms", 28_500, Some(34_200)), ("sales_fen", 1_234_560, None)]
    {
        out.crosscheck.push(Crosscheck {
            tool: "chitu".to_owned(),
            preset: "taobao".to_owned(),
            shop: SHOPS[0].to_owned(),
            account: "云岭旗舰店:小夏".to_owned(),
            from: out.month.first_day(),
            to: out.month.last_day(),
            figure: figure.to_owned(),
            theirs,
            ours,
        });
    }
    add("not_assessed", "cs.aftersales.shipment", SHOPS[2], 1);
    for row in [17, 2_204, 2_205] {
        out.problems.push(Problem {
            table: "messages".into(),
            file: format!("chat/{}/{}.csv", SHOPS[0], out.month),
            row,
            column: Some("ts".into()),
            value_mask: Some("9999-99-99 99:99".into()),
            reason: "time".into(),
        });
    }
}
