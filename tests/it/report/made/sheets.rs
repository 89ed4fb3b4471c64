//! What the sheets are made of: hours, spreads, steps, products and the like, made up as the rest is.

use super::{Dice, SHOPS, id};
use kaohe::base::Zone;
use kaohe::base::time::{DAY, HOUR, MINUTE, SECOND};
use kaohe::report::data::*;
use std::collections::BTreeMap;

const ZONE: Zone = Zone::SHANGHAI;

/// Up to which response times are counted, ms; `None`: all above.
const UPTO: [Option<i64>; 15] = [
    Some(5 * SECOND),
    Some(10 * SECOND),
    Some(15 * SECOND),
    Some(20 * SECOND),
    Some(30 * SECOND),
    Some(45 * SECOND),
    Some(60 * SECOND),
    Some(90 * SECOND),
    Some(2 * MINUTE),
    Some(3 * MINUTE),
    Some(5 * MINUTE),
    Some(10 * MINUTE),
    Some(30 * MINUTE),
    Some(HOUR),
    None,
];

/// Fills a month that has its `staff_day`; `newest`: the one that is reported on.
pub fn fill(month: &mut MonthInputs, agents: usize, newest: bool) {
    if agents == 0 {
        return;
    }
    let mut dice = Dice(month.month.month() as u64 * 131 + month.month.year() as u64);
    let shops = &SHOPS[..agents.min(SHOPS.len())];
    hours(&mut dice, shops, month);
    spread(&mut dice, agents, month);
    open_hours(&mut dice, shops, month);
    steps(&mut dice, agents, month);
    unshipped(&mut dice, agents, newest, month);
    products(&mut dice, shops, newest, month);
    for shop in shops {
        let buyers = dice.roll(300, 500);
        month.repeat.push(Repeat { shop: (*shop).to_owned(), buyers, again: buyers * dice.roll(4, 12) / 100 });
        let sales_fen = dice.roll(4_000, 9_000) * 10_000;
        month.sales_targets.push(SalesTarget { shop: Some((*shop).to_owned()), staff_id: None, sales_fen });
    }
    let sales_fen = 30_000_000;
    month.sales_targets.push(SalesTarget { shop: None, staff_id: Some(id(0)), sales_fen });
    presets(month);
}

/// Business from nine to eleven at night, most of it in the evening; a little at night.
fn hours(dice: &mut Dice, shops: &[&str], month: &mut MonthInputs) {
    for shop in shops {
        for weekday in 1..=7 {
            for hour in 0..24 {
                let busy = match hour {
                    0..=1 | 7..=8 => 3,
                    2..=6 => 0,
                    9..=13 => 40,
                    14..=18 => 55,
                    _ => 80,
                };
                let rounds = if busy == 0 { 0 } else { dice.roll(busy / 2, busy) + i64::from(weekday > 5) * busy / 4 };
                if rounds == 0 {
                    continue;
                }
                let first_count = if (9..23).contains(&hour) { rounds / 3 } else { 0 };
                let slow = if hour >= 20 { 18 } else { 0 };
                month.hours.push(Hour {
                    shop: (*shop).to_owned(),
                    weekday,
                    hour,
                    rounds,
                    first_count,
                    first_sum_ms: first_count * (dice.roll(18, 34) + slow) * SECOND,
                    first_met: first_count * (dice.roll(86, 99) - slow / 2) / 100,
                });
            }
        }
    }
}

fn spread(dice: &mut Dice, agents: usize, month: &mut MonthInputs) {
    const FIRST: [i64; 15] = [20, 60, 110, 140, 210, 180, 70, 40, 24, 18, 12, 7, 5, 2, 2];
    let mut sums: BTreeMap<(&str, String, String, usize), i64> = BTreeMap::new();
    for n in 0..agents {
        for (of, times) in [("first", 1), ("round", 4)] {
            for (i, share) in FIRST.into_iter().enumerate() {
                let count = share * times * dice.roll(80, 120) / 100;
                let shop = SHOPS[n % SHOPS.len()].to_owned();
                for (shop, staff) in [
                    (String::new(), String::new()),
                    (shop.clone(), String::new()),
                    (String::new(), id(n)),
                    (shop, id(n)),
                ] {
                    *sums.entry((of, shop, staff, i)).or_insert(0) += count;
                }
            }
        }
    }
    month.spread = sums
        .into_iter()
        .map(|((of, shop, staff_id, i), count)| Spread { of: of.to_owned(), shop, staff_id, upto: UPTO[i], count })
        .collect();
}

/// Few at noon, many at night; hours at which nothing is open have no row.
fn open_hours(dice: &mut Dice, shops: &[&str], month: &mut MonthInputs) {
    for day in month.month.first_day().iter_days().take_while(|d| month.month.contains(*d)) {
        for hour in 0..24 {
            for shop in shops {
                let open = match hour {
                    0..=8 => dice.roll(4, 16),
                    9..=10 => dice.roll(0, 6),
                    11..=17 => dice.roll(-2, 3),
                    _ => dice.roll(0, 7),
                };
                if open > 0 {
                    let at = ZONE.at(day, hour * HOUR);
                    month.open_hours.push(OpenHour { at, shop: (*shop).to_owned(), open });
                }
            }
        }
    }
}

fn steps(dice: &mut Dice, agents: usize, month: &mut MonthInputs) {
    let kinds = [("paid", 24 * HOUR, 30 * MINUTE), ("shipped", 48 * HOUR, 20 * HOUR), ("signed", 7 * DAY, 80 * HOUR)];
    for (step, limit_ms, usual) in kinds {
        let mut groups: BTreeMap<(String, String), Step> = BTreeMap::new();
        for n in 0..agents {
            let (count, open) = (dice.roll(60, 120), dice.roll(0, 6));
            let (mean, met) = (usual * dice.roll(70, 150) / 100, count * dice.roll(84, 100) / 100);
            let shop = SHOPS[n % SHOPS.len()].to_owned();
            for key in [
                (String::new(), String::new()),
                (shop.clone(), String::new()),
                (String::new(), id(n)),
                (shop.clone(), id(n)),
            ] {
                let one = groups.entry(key.clone()).or_insert_with(|| Step {
                    step: step.to_owned(),
                    shop: key.0,
                    staff_id: key.1,
                    count: 0,
                    open: 0,
                    sum_ms: 0,
                    p50: 0,
                    p90: 0,
                    met: 0,
                    limit_ms,
                });
                one.count += count;
                one.open += open;
                one.sum_ms += count * mean;
                one.met += met;
                one.p50 = one.sum_ms / one.count * 8 / 10;
                one.p90 = one.sum_ms / one.count * 2;
            }
        }
        month.steps.extend(groups.into_values());
    }
}

fn unshipped(dice: &mut Dice, agents: usize, newest: bool, month: &mut MonthInputs) {
    let at = ZONE.end_of(month.month.last_day());
    for n in 0..dice.roll(8, 24) {
        let whose = dice.roll(0, agents as i64 - 1) as usize;
        // One has waited since long before the month; one has no amount in its export.
        let waits = if n == 0 { 45 * DAY } else { dice.roll(HOUR, 4 * DAY) };
        month.unshipped.push(Unshipped {
            at,
            shop: SHOPS[whose % SHOPS.len()].to_owned(),
            order_id: format!("90000000000000{:04}", 1_000 + n),
            staff_id: if n == 3 { "unassigned".to_owned() } else { id(whose) },
            paid_at: at - waits,
            paid_fen: (!newest || n != 5).then(|| dice.roll(9_900, 99_900)),
            file: format!("orders/{}.csv", month.month),
            row: 100 + n,
        });
    }
    month.unshipped.sort_by(|a, b| (&a.shop, a.paid_at, &a.order_id).cmp(&(&b.shop, b.paid_at, &b.order_id)));
}

/// Of each shop's products the last two sell in the older months alone.
fn products(dice: &mut Dice, shops: &[&str], newest: bool, month: &mut MonthInputs) {
    const TITLES: [&str; 10] = [
        "三季帐篷 双人 铝杆",
        "轻量冲锋衣 男女同款",
        "登山杖 碳纤维 一对",
        "羽绒睡袋 零下五度",
        "徒步鞋 防水 中帮",
        "露营灯 可充电",
        "折叠桌椅五件套",
        "速干T恤 <夏季款>",
        "保温壶 1.2 L",
        "头灯 300 流明",
    ];
    for (s, shop) in shops.iter().enumerate() {
        let kept = if newest { TITLES.len() - 2 } else { TITLES.len() };
        for (i, title) in TITLES.into_iter().take(kept).enumerate() {
            let orders = dice.roll(1, 90) / (i as i64 + 1) + 1;
            let quantity = orders + dice.roll(0, orders);
            month.products.push(Product {
                shop: (*shop).to_owned(),
                sku: format!("SKU-{}{i:02}", s + 1),
                title: title.to_owned(),
                orders,
                quantity,
                sales_fen: quantity * dice.roll(39, 899) * 100,
            });
        }
    }
}

/// The company's own is the month's sums; the platforms see it in other lights.
fn presets(month: &mut MonthInputs) {
    let mut own: BTreeMap<&'static str, i64> = BTreeMap::new();
    for row in &month.staff_day {
        for (&name, &value) in &row.measures {
            let sum = own.entry(name).or_insert(0);
            *sum = if name.ends_with("_max") { value.max(*sum) } else { *sum + value };
        }
    }
    for (preset, target_ms, p50, permille) in [
        ("douyin", 180_000, 22_400, 1_020),
        ("jd", 30_000, 21_900, 990),
        ("pdd", 180_000, 24_000, 870),
        ("regulation", 45_000, 20_300, 1_000),
        ("taobao", 180_000, 23_100, 1_130),
    ] {
        let mut measures = own.clone();
        if permille != 1_000 {
            measures
                .iter_mut()
                .filter(|(name, _)| name.contains("response") || name.contains("rate"))
                .for_each(|(_, value)| *value = *value * permille / 1_000);
            if let Some(all) = measures.get("rate_count").copied() {
                measures.insert("rate_met_count", all * if target_ms > 60_000 { 991 } else { 803 } / 1_000);
            }
        }
        month.presets.push(PresetSums { preset: preset.to_owned(), target_ms, first_p50: Some(p50), measures });
    }
}
