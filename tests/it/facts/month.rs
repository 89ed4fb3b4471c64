//! The month's own tables against the slow reference: hours, spreads, what was open; and orders counted one by one.

use super::*;
use kaohe::facts::days::Window;
use kaohe::facts::frames::response_rows;
use kaohe::facts::steps::Step;
use kaohe::settings::pipeline::StepLimits;
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::sample::select;

/// (shop, person, ms) of the response times that count, of inquiry dates in the month.
fn responses(
    month: Month,
    sessions: &[slow::Session],
    rounds: &[slow::Round],
    first: bool,
) -> Vec<(String, String, i64)> {
    let counts = |r: &&slow::Round| {
        let s = &sessions[r.session];
        let of_month = s.inquiry_date.is_some_and(|d| month.contains(d));
        of_month && r.dropped.is_none() && r.in_window && (!first || (r.round_no == 1 && s.opened_by_buyer))
    };
    let value = |r: &slow::Round| Some((r.shop.clone(), r.answered_by.clone().unwrap_or_default(), r.response_ms()?));
    rounds.iter().filter(counts).filter_map(value).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(2027), ..ProptestConfig::default() })]

    #[test]
    fn hours_are_the_reference_s(messages in arbitrary::conversations(Zone::SHANGHAI), choice in choice()) {
        let world = World::new(choice.preset());
        let (sessions, rounds) = slow::sessions(&messages, &choice.rules());
        for month in months(&messages) {
            let context = world.context(month);
            let part = part(&messages, &world.names, &span(&context, &choice));
            let facts = unit::compute(&context, &[part], Vec::new()).expect("no data needed");
            let name = |shop| world.names.text(shop).to_string();
            let found: BTreeMap<(String, i64, i64), [i64; 4]> = facts
                .by_hour
                .rows()
                .map(|(s, d, h, l)| ((name(s), d, h), [l.rounds, l.first_count, l.first_sum_ms, l.first_met]))
                .collect();
            prop_assert_eq!(found, slow::hours(&sessions, &rounds, 45_000, Zone::SHANGHAI, &|d| month.contains(d)));
        }
    }

    #[test]
    fn spreads_hold_every_response_once(messages in arbitrary::conversations(Zone::SHANGHAI), choice in choice()) {
        let world = World::new(choice.preset());
        let (sessions, rounds) = slow::sessions(&messages, &choice.rules());
        for month in months(&messages) {
            let context = world.context(month);
            let part = part(&messages, &world.names, &span(&context, &choice));
            let facts = unit::compute(&context, &[part], Vec::new()).expect("no data needed");
            let edges = kaohe::facts::spread::steps(45_000);
            let groups = response_rows(&facts, &context);
            for row in groups.iter().filter(|r| r.day.is_none()) {
                let mut expected = vec![0_i64; edges.len() + 1];
                for (shop, person, ms) in responses(month, &sessions, &rounds, row.of == "first") {
                    if (row.shop.is_empty() || row.shop == shop) && (row.staff.is_empty() || row.staff == person) {
                        let step = edges.iter().position(|edge| ms <= *edge).unwrap_or(edges.len());
                        expected[step] += 1;
                    }
                }
                prop_assert_eq!(&row.spread, &expected, "{} {} {}", row.of, &row.shop, &row.staff);
                prop_assert_eq!(row.percentiles.count, expected.iter().sum::<i64>());
            }
            // No group is missing: of each kind, those of the shops together are the whole.
            for of in ["first", "round"] {
                let all = responses(month, &sessions, &rounds, of == "first").len() as i64;
                let of_shops = groups.iter().filter(|r| r.of == of && r.day.is_none() && !r.shop.is_empty() && r.staff.is_empty());
                prop_assert_eq!(of_shops.map(|r| r.percentiles.count).sum::<i64>(), all);
            }
        }
    }

    #[test]
    fn each_hour_has_its_open_rounds(messages in arbitrary::conversations(Zone::SHANGHAI), choice in choice()) {
        let world = World::new(choice.preset());
        let rules = choice.rules();
        let (_, rounds) = slow::sessions(&messages, &rules);
        for month in months(&messages) {
            let context = world.context(month);
            let part = part(&messages, &world.names, &span(&context, &choice));
            let facts = unit::compute(&context, &[part], Vec::new()).expect("no data needed");
            let found: BTreeMap<(Ms, String), i64> = facts
                .open_hours
                .rows(&context)
                .into_iter()
                .map(|(at, shop, open)| ((at, world.names.text(shop).to_string()), open))
                .collect();
            let mut expected = BTreeMap::new();
            for day in 0..(context.window.own.end - context.window.own.start) / DAY {
                for (hour, shop) in (0..24).flat_map(|h| ["S", "T"].map(|s| (h, s))) {
                    let at = context.window.own.start + day * DAY + hour * HOUR;
                    let open: usize = slow::backlog(rounds.iter().filter(|r| r.shop == shop), at, &rules).iter().sum();
                    if open > 0 {
                        expected.insert((at, shop.to_owned()), open as i64);
                    }
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}

/// Times around a month's borders, in hours from its beginning.
fn order() -> impl Strategy<Value = Order> {
    let step =
        || weighted(0.7, select(vec![-HOUR, 0, 1, HOUR, 24 * HOUR, 24 * HOUR + 1, 48 * HOUR, 7 * DAY, 40 * DAY]));
    let start = select(vec![-30 * DAY, -1, 0, 1, 10 * DAY, 20 * DAY, 31 * DAY - 1, 31 * DAY, 33 * DAY]);
    let who = (0..2_u32, weighted(0.8, 0..3_u8), weighted(0.8, 0..2_u32));
    let untold = prop::bool::weighted(0.2);
    (who, start, [step(), step(), step()], weighted(0.2, 0..5 * DAY), untold).prop_map(
        |((shop, buyer, responsible), start, steps, closed, untold)| {
            let may: Month = "2026-05".parse().expect("a month");
            let created_at = may.bounds(Zone::SHANGHAI).0 + start;
            let mut last = created_at;
            let [paid_at, shipped_at, signed_at] = steps.map(|step| {
                last += step.unwrap_or(0);
                step.map(|_| last)
            });
            Order {
                // Numbers of the world's names: see `orders_are_counted_one_by_one`.
                shop,
                order_id: String::new(),
                buyer_key: buyer.map(|b| format!("B{b}")),
                created_at,
                paid_at,
                shipped_untold: untold && shipped_at.is_none(),
                shipped_at,
                signed_at,
                closed_at: closed.map(|ms| created_at + ms),
                paid_fen: Some(100),
                refund_fen: None,
                items: None,
                responsible: responsible.unwrap_or(NONE),
                file: 0,
                row: 2,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, rng_seed: RngSeed::Fixed(2028), ..ProptestConfig::default() })]

    #[test]
    fn orders_are_counted_one_by_one(mut orders in vec(order(), 0..12), cut in 0..12_usize) {
        let world = World::new(regulation());
        let shops = [world.names.id("S"), world.names.id("T")];
        let people = [world.names.id("A1"), world.names.id("A2")];
        for (i, o) in orders.iter_mut().enumerate() {
            o.order_id = i.to_string();
            o.shop = shops[o.shop as usize];
            o.responsible = people.get(o.responsible as usize).copied().unwrap_or(NONE);
        }
        let context = world.context("2026-05".parse().expect("a month"));
        // A buyer of a shop lies whole in one bucket; orders of nobody lie anywhere.
        let (mut buckets, whole) = ([Vec::new(), Vec::new()], orders.clone());
        for (i, o) in orders.into_iter().enumerate() {
            let bucket = o.buyer_key.as_ref().map_or(usize::from(i < cut), |b| usize::from(b == "B0") ^ (o.shop as usize % 2));
            buckets[bucket].push(LinkedOrder { order: o, linked_by: LinkedBy::Nothing });
        }
        let mut facts = Facts::default();
        for bucket in buckets {
            facts.add(unit::compute(&context, &[], bucket).expect("no data needed"), &context);
        }
        let own = &context.window.own;

        let limits = StepLimits { paid_ms: 24 * HOUR, shipped_ms: 48 * HOUR, signed_ms: 7 * DAY };
        let found = facts.steps.by(&limits, |_, shop, person| [(None, None), (Some(shop), None), (Some(shop), Some(person))]);
        type Ends = fn(&Order) -> (Option<Ms>, Option<Ms>);
        let steps: [(Step, Ends, i64); 3] = [
            (Step::Paid, |o| (Some(o.created_at), o.paid_at), 24 * HOUR),
            (Step::Shipped, |o| (o.paid_at, o.shipped_at), 48 * HOUR),
            (Step::Signed, |o| (o.shipped_at, o.signed_at), 7 * DAY),
        ];
        let mut seen = 0;
        for (step, ends, limit) in steps {
            let all = [None, Some(shops[0]), Some(shops[1])];
            let persons = [None, Some(people[0]), Some(people[1]), Some(NONE)];
            for (shop, person) in all.iter().flat_map(|s| persons.map(|p| (*s, p))).filter(|(s, p)| s.is_some() || p.is_none()) {
                let mine: Vec<&Order> = whole
                    .iter()
                    .filter(|o| own.contains(&o.created_at))
                    .filter(|o| shop.is_none_or(|s| s == o.shop) && person.is_none_or(|p| p == o.responsible))
                    .collect();
                let mut times: Vec<i64> = mine.iter().filter_map(|o| Some((ends(o).1? - ends(o).0?).max(0))).collect();
                times.sort_unstable();
                let open = mine.iter().filter(|o| ends(o).0.is_some() && ends(o).1.is_none() && o.closed_at.is_none() && !o.shipped_untold).count();
                let rank = |p: usize| times.get((times.len() * p).div_ceil(100).max(1) - 1).copied().unwrap_or(0);
                match found.get(&(step, (shop, person))) {
                    None => prop_assert_eq!((times.len(), open), (0, 0)),
                    Some(t) => {
                        seen += 1;
                        let met = times.iter().filter(|ms| **ms <= limit).count();
                        let expected = [times.len() as i64, open as i64, times.iter().sum(), rank(50), rank(90), met as i64];
                        prop_assert_eq!([t.count, t.open, t.sum_ms, t.p50, t.p90, t.met], expected);
                    }
                }
            }
        }
        prop_assert_eq!(seen, found.len());

        let mut waiting: Vec<&str> = facts.unshipped.orders().iter().map(|o| o.order_id.as_str()).collect();
        waiting.sort_unstable();
        let waits = |o: &&Order| {
            let gone = |t: Option<Ms>| t.is_some_and(|t| t <= own.end);
            o.paid_at.is_some_and(|t| t <= own.end) && !gone(o.shipped_at) && !gone(o.closed_at) && !o.shipped_untold
        };
        let mut expected: Vec<&str> = whole.iter().filter(waits).map(|o| o.order_id.as_str()).collect();
        expected.sort_unstable();
        prop_assert_eq!(waiting, expected);

        for shop in shops {
            let paid = |buyer: &str| {
                let his = whole.iter().filter(|o| o.shop == shop && o.buyer_key.as_deref() == Some(buyer));
                his.filter(|o| o.paid_at.is_some_and(|t| own.contains(&t))).count()
            };
            let paid = ["B0", "B1", "B2"].map(paid);
            let expected = [paid.iter().filter(|n| **n > 0).count() as i64, paid.iter().filter(|n| **n > 1).count() as i64];
            prop_assert_eq!(facts.repeat.get(&shop).copied().unwrap_or([0; 2]), expected);
        }
    }
}

/// The list of the month's end is the backlog of that instant.
#[test]
fn the_list_is_the_backlog_at_its_instant() {
    let world = World::new(regulation());
    let mut context = world.context("2026-05".parse().expect("a month"));
    let at = *context.instants.last().expect("an instant");
    context.as_of = at;
    let shop = world.names.id("S");
    let order = |paid: Ms, shipped: Option<Ms>| Order {
        shop,
        order_id: paid.to_string(),
        buyer_key: None,
        created_at: paid,
        paid_at: Some(paid),
        shipped_at: shipped,
        shipped_untold: false,
        signed_at: None,
        closed_at: None,
        paid_fen: None,
        refund_fen: None,
        items: None,
        responsible: NONE,
        file: 0,
        row: 2,
    };
    let orders = [(0, None), (1, Some(0)), (HOUR, Some(1)), (60 * DAY, None), (2 * DAY, Some(-1)), (-1, None)]
        .map(|(before, shipped)| order(at - before, shipped.map(|after| at + after)));
    let linked = orders.into_iter().map(|order| LinkedOrder { order, linked_by: LinkedBy::Nothing }).collect();
    let facts = unit::compute(&context, &[], linked).expect("no data needed");
    let mut listed: Vec<Ms> = facts.unshipped.orders().iter().filter_map(|o| o.paid_at).collect();
    listed.sort_unstable();
    assert_eq!(listed, [at - 60 * DAY, at - HOUR, at]);
    let open: i64 = facts.backlog.rows().filter(|((t, ..), _)| *t == at).map(|(_, ages)| ages[0]).sum();
    assert_eq!(open, 3);
}

/// Where clocks are put forward a day has 23 full hours, where they are put back 24 (of 25): each once.
#[test]
fn full_hours_follow_the_wall_clock() {
    let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
    let hours = |month: &str| full_hours(berlin, month.parse().expect("a month"), Ms::MAX);
    assert_eq!(hours("2026-03").len(), 31 * 24 - 1);
    assert_eq!(hours("2026-10").len(), 31 * 24);
    assert!(hours("2026-03").windows(2).all(|w| w[0] < w[1]));
    let cut = full_hours(Zone::SHANGHAI, "2026-05".parse().expect("a month"), world_start() + 2 * HOUR);
    assert_eq!(cut, [0, 1, 2].map(|h| world_start() + h * HOUR));
}

fn world_start() -> Ms {
    let workdays = Workdays::plain();
    let month = "2026-05".parse().expect("a month");
    Window::of(month, 0, Zone::SHANGHAI, &workdays).expect("no data needed").own.start
}
