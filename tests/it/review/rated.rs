//! Scores, grades, awards and the ladder of the sample, held against the slow reference; each limit from both sides.

use super::reference::rated;
use super::{gather, half, made, sample};
use kaohe::report::data::MonthInputs;
use kaohe::review::results::PersonResult;
use kaohe::review::{ReviewInputs, rating};
use std::collections::BTreeMap;

fn person(id: &str) -> &'static PersonResult {
    half().1.results.people.iter().find(|p| p.staff_id == id).expect("a person of the sample")
}

fn kinds(p: &PersonResult) -> Vec<&str> {
    p.proposals.iter().map(|p| p.kind.as_str()).collect()
}

/// Whether an integer in hundredths is what the reference says, rounded.
fn is(hundredths: i64, exact: f64) -> bool {
    (hundredths as f64 - exact * 100.0).abs() < 0.500_001
}

#[test]
fn every_part_and_score_is_the_reference_s() {
    let expected = rated();
    let found = &half().1.results.people;
    assert_eq!(found.len(), expected.len());
    for p in found {
        let e = &expected[&p.staff_id];
        let made_of: Vec<(i64, i64)> = p.parts.iter().map(|part| (part.above, part.below)).collect();
        let cents = |(a, b): (f64, f64)| ((a * 100.0).round() as i64, (b * 100.0).round() as i64);
        let whole = |(a, b): (f64, f64)| (a.round() as i64, b.round() as i64);
        let discipline = ((e.discipline.0 * 100.0).round() as i64, e.discipline.1 as i64);
        let want = vec![cents(e.sales), whole(e.efficiency), whole(e.satisfaction), discipline];
        assert_eq!(made_of, want, "{}", p.staff_id);
        assert_eq!(p.lost, (e.lost * 100.0).round() as i64, "{}", p.staff_id);
        let (score, exact) = (p.score.expect("a score"), e.score.expect("a score"));
        assert!(is(score, exact), "{}: {score} and {exact}", p.staff_id);
        let grade = match exact {
            s if s >= 90.0 => "excellent",
            s if s >= 80.0 => "good",
            s if s >= 60.0 => "pass",
            _ => "fail",
        };
        assert_eq!(p.grade.as_deref(), Some(grade), "{}", p.staff_id);
        // The default ladder, from the points lost alone.
        let step = match e.lost {
            l if l >= 80.0 => Some("dismissal"),
            l if l >= 60.0 => Some("demotion"),
            l if l >= 40.0 => Some("demerit"),
            l if l >= 20.0 => Some("warning"),
            _ => None,
        };
        let found: Vec<&str> = kinds(p).into_iter().filter(|k| !["award", "dismissal_review"].contains(k)).collect();
        assert_eq!(found, Vec::from_iter(step), "{}", p.staff_id);
    }
}

#[test]
fn the_sample_has_every_grade_and_every_step() {
    let people = &half().1.results.people;
    for grade in ["excellent", "good", "pass", "fail"] {
        assert!(people.iter().any(|p| p.grade.as_deref() == Some(grade)), "nobody is {grade}");
    }
    for kind in ["award", "dismissal_review", "dismissal", "demotion", "demerit", "warning"] {
        assert!(people.iter().any(|p| kinds(p).contains(&kind)), "{kind} is proposed for nobody");
    }
}

#[test]
fn the_excellent_are_proposed_best_first_with_ties() {
    let expected = rated();
    let mut excellent: Vec<(f64, &String)> =
        expected.iter().filter_map(|(id, r)| Some((r.score.filter(|s| *s >= 90.0)?, id))).collect();
    excellent.sort_by(|a, b| b.0.total_cmp(&a.0));
    assert!(excellent.len() >= 2, "the sample needs two for this: {excellent:?}");
    let awarded = |edit: &dyn Fn(&mut ReviewInputs)| -> Vec<String> {
        let mut inputs = half().0.clone();
        edit(&mut inputs);
        let all = rating::reviews(&inputs);
        let named = all.iter().filter(|(_, r)| r.proposals.iter().any(|p| p.kind == "award"));
        named.map(|(id, _)| id.clone()).collect()
    };
    let names = |n: usize| {
        let mut ids: Vec<String> = excellent.iter().take(n).map(|(_, id)| (*id).clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(awarded(&|i| i.half.awards_max = 1), names(1));
    assert_eq!(awarded(&|i| i.half.awards_max = 2), names(2));
    assert_eq!(awarded(&|i| i.half.awards_max = 99), names(99));
    assert_eq!(awarded(&|i| i.half.awards_max = 0), names(0));
    // With the discipline alone, everybody with the same months ties: the last place is for all who have its score.
    let ties = awarded(&|i| {
        i.half.awards_max = 1;
        i.months.iter_mut().flat_map(|m| &mut m.scores).for_each(|s| s.score = 9_500);
        i.half.weights =
            kaohe::settings::half_year::Weights { sales: 0, efficiency: 0, satisfaction: 0, discipline: 100 };
    });
    assert_eq!(ties.len(), 20, "{ties:?}");
}

#[test]
fn the_ladder_of_a_year_is_of_its_worse_half() {
    // P01 lost 22 points from January to June; as many again from July on are 44 in the year, and no demerit.
    let mut inputs = half().0.clone();
    inputs.period = "2026".parse().expect("a period");
    let later = inputs.months.clone().into_iter().map(|m| MonthInputs { month: m.month.offset(6), ..m });
    inputs.months.extend(later);
    let all = rating::reviews(&inputs);
    let p01 = &all["P01"];
    assert_eq!(p01.lost, 4_400);
    let found: Vec<_> = p01.proposals.iter().filter(|p| p.limit.is_some()).map(|p| (p.kind, p.value)).collect();
    assert_eq!(found, [("warning", 2_200)]);
    let page = made(&inputs).hr["people/P01.html"].clone();
    let page = String::from_utf8(page).expect("UTF-8");
    assert!(page.contains("其中一个半年扣 22 分，达到公司设定的 20 分。") && page.contains("2026年度考核表"));
}

#[test]
fn english_has_all_words() {
    let mut inputs = half().0.clone();
    inputs.lang = "en".to_owned();
    let content = made(&inputs);
    let page = String::from_utf8(content.staff["S08"]["form.html"].clone()).expect("UTF-8");
    for said in ["Review form, first half of 2026", "114 of the period's 181 days", "Employee's statement"] {
        assert!(page.contains(&kaohe::report::escape::html(said)), "{said}");
    }
    assert_eq!(content.results, half().1.results, "the numbers know no language");
}

#[test]
fn a_single_serious_incident_is_put_up_for_discussion() {
    // Marked as serious in the register of March, see `fresh`.
    let p = person("S09").proposals.iter().find(|p| p.kind == "dismissal_review").expect("a proposal");
    assert_eq!((p.value, p.limit, p.deductions.len()), (1_000, None, 1));
    let event = person("S09").deductions.iter().find(|d| d.deduction_id == p.deductions[0]).expect("the event");
    assert_eq!((event.rule_id.as_str(), event.month.as_str()), ("cs.record.leak", "2026-03"));
    // Named by the settings, each violation of the rule is.
    let mut inputs = half().0.clone();
    inputs.half.ladder.serious_rules = vec!["cs.record.leak".to_owned()];
    let all = rating::reviews(&inputs);
    let serious: BTreeMap<&str, usize> = all
        .iter()
        .filter_map(|(id, r)| {
            let p = r.proposals.iter().find(|p| p.kind == "dismissal_review")?;
            Some((id.as_str(), p.deductions.len()))
        })
        .collect();
    assert_eq!(serious, BTreeMap::from([("S09", 6)]));
}

#[test]
fn the_period_before_is_compared_where_it_is_computed() {
    assert!(half().0.before.is_empty() && half().1.results.people.iter().all(|p| p.before.is_none()));
    // The months of the first half stand for the one before the second; July on stands for nothing.
    let mut inputs = half().0.clone();
    inputs.before = inputs.months.clone();
    let content = made(&inputs);
    for (p, same) in content.results.people.iter().zip(&half().1.results.people) {
        let before = same.score.zip(same.grade.clone());
        assert_eq!(p.before, before, "{}", p.staff_id);
    }
}

#[test]
fn a_period_without_months_is_refused() {
    let refused = gather(sample(), "2027H1", None).expect_err("there is no such data");
    assert_eq!(refused.exit_code(), 3);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let (inputs, first) = half();
    let threads = |n| rayon_pool(n).install(|| made(inputs));
    assert_eq!(&threads(1), first);
    assert_eq!(&threads(8), first);
}

fn rayon_pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool")
}
