//! People who join, leave and change their supervisor inside the half: rated on own days, seen by whom they were under.

use super::half;
use kaohe::review::results::PersonResult;

fn person(id: &str) -> &'static PersonResult {
    half().1.results.people.iter().find(|p| p.staff_id == id).expect("a person of the sample")
}

fn months(p: &PersonResult, part: usize) -> Vec<&str> {
    p.parts[part].months.iter().map(|m| m.month.as_str()).collect()
}

#[test]
fn who_joined_counts_from_the_first_day() {
    // 23 days of March, 30 + 31 + 30 after it.
    let p = person("S08");
    assert_eq!(p.days, 114);
    assert_eq!((p.stretches[0].from.as_str(), p.stretches[0].to.as_str()), ("2026-03-09", "2026-06-30"));
    assert_eq!(months(p, 3), ["2026-03", "2026-04", "2026-05", "2026-06"], "no score for January and February");
    // 3000 yuan × 23/31 = 2225.806…, then three whole months.
    assert_eq!(p.parts[0].below, 222_581 + 3 * 300_000);
}

#[test]
fn who_left_counts_to_the_last_day() {
    // 31 + 28 + 31 and 17 days of April, whose target is 17/30.
    let p = person("S11");
    assert_eq!(p.days, 107);
    assert_eq!(months(p, 3), ["2026-01", "2026-02", "2026-03", "2026-04"]);
    assert_eq!(p.parts[0].below, 3 * 300_000 + 170_000);
}

#[test]
fn who_changed_teams_has_two_stretches_and_one_score() {
    let p = person("S06");
    let of = |i: usize| {
        let s = &p.stretches[i];
        (s.from.as_str(), s.to.as_str(), s.team.as_deref(), s.supervisor_id.as_deref())
    };
    assert_eq!(p.stretches.len(), 2);
    assert_eq!(of(0), ("2026-01-01", "2026-02-15", Some("一组"), Some("P01")));
    assert_eq!(of(1), ("2026-02-16", "2026-06-30", Some("二组"), Some("P02")));
    assert_eq!((p.days, p.team.as_deref()), (181, Some("二组")));
}

#[test]
fn a_part_without_data_leaves_its_weight() {
    // A supervisor has no orders, targets or ratings: the discipline is all.
    let p = person("P01");
    let dropped: Vec<Option<&str>> = p.parts.iter().map(|part| part.dropped.as_deref()).collect();
    assert_eq!(dropped, [Some("none"), Some("none"), Some("none"), None]);
    assert_eq!(p.score, p.parts[3].score);
    // The page says which and why.
    let page = String::from_utf8(half().1.hr["people/P01.html"].clone()).unwrap();
    for said in ["没有个人销售目标，销售达成不计", "名下没有订单步骤，订单处理不计", "没有评价，客户满意度不计"]
    {
        assert!(page.contains(said), "{said}");
    }
    // Few ratings are shown as a count.
    let few = person("S12");
    assert_eq!(few.parts[2].dropped.as_deref(), Some("few"));
    let page = String::from_utf8(half().1.hr["people/S12.html"].clone()).unwrap();
    assert!(
        page.contains(&format!("客户满意度只有 {} 个，不足 20 个，只列数量、不计分。", few.parts[2].below)),
        "{page}"
    );
}
