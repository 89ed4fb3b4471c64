//! The score of a half-year or year: four parts with their weights (《电商部门规章制度》第四章). Whole numbers throughout,
//! rounded once.

use crate::settings::half_year::Ladder;

/// What a part counts, before it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Percent.
    pub weight: i64,
    pub above: i64,
    pub below: i64,
    /// Hundredths of a point that one above for one below is worth: 10000 for a share, 1 for a mean of scores.
    pub worth: i64,
    /// The most that it can be worth, hundredths of a point.
    pub most: i64,
    /// With less below it drops out.
    pub least: i64,
}

/// Why a part does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dropped {
    /// There is nothing to divide by.
    Nothing,
    /// Too little to be more than chance: the count is shown.
    Few,
}

impl Measure {
    /// `None` where it counts.
    pub fn dropped(&self) -> Option<Dropped> {
        match self.below {
            b if b <= 0 => Some(Dropped::Nothing),
            b if b < self.least => Some(Dropped::Few),
            _ => None,
        }
    }

    /// Hundredths of a point, half up; `None` where it dropped out.
    pub fn score(&self) -> Option<i64> {
        self.exact().and_then(|(above, below)| half_up(above, below))
    }

    /// The same as a fraction in lowest terms.
    fn exact(&self) -> Option<(i128, i128)> {
        if self.dropped().is_some() {
            return None;
        }
        let (above, below) = (i128::from(self.above.max(0)) * i128::from(self.worth), i128::from(self.below));
        let most = i128::from(self.most);
        Some(if above >= most * below { (most, 1) } else { lowest(above, below) })
    }
}

/// The weighted mean of the parts that count, hundredths of a point, half up: those that dropped out leave their weight
/// to the others in proportion. `None` where none counts.
pub fn score(parts: &[Measure]) -> Option<i64> {
    let counted = parts.iter().filter_map(|p| Some((i128::from(p.weight), p.exact()?)));
    let (mut weights, mut sum) = (0_i128, (0_i128, 1_i128));
    for (weight, (above, below)) in counted {
        weights += weight;
        let joined = sum.0.checked_mul(below)?.checked_add(above.checked_mul(sum.1)?.checked_mul(weight)?)?;
        sum = lowest(joined, sum.1.checked_mul(below)?);
    }
    half_up(sum.0, sum.1.checked_mul(weights)?)
}

/// A month's target for so many of its days, half up.
pub fn share_of(target: i64, days: i64, of: i64) -> i64 {
    half_up(i128::from(target) * i128::from(days), i128::from(of)).unwrap_or(0)
}

/// The step of the ladder that lost points (hundredths) come to, with its limit.
pub fn step(lost: i64, ladder: &Ladder) -> Option<(&'static str, i64)> {
    let steps = [
        ("dismissal", ladder.dismissal),
        ("demotion", ladder.demotion),
        ("demerit", ladder.demerit),
        ("warning", ladder.warning),
    ];
    steps.into_iter().find(|(_, limit)| lost >= *limit)
}

/// Half up; `None` where there is nothing to divide by.
fn half_up(above: i128, below: i128) -> Option<i64> {
    (below > 0).then(|| (2 * above + below).div_euclid(2 * below)).and_then(|n| i64::try_from(n).ok())
}

fn lowest(above: i128, below: i128) -> (i128, i128) {
    let (mut a, mut b) = (above.abs(), below);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a == 0 { (above, below) } else { (above / a, below / a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(weight: i64, above: i64, below: i64) -> Measure {
        Measure { weight, above, below, worth: 10_000, most: 10_000, least: 0 }
    }

    fn mean(weight: i64, sum: i64, months: i64) -> Measure {
        Measure { weight, above: sum, below: months, worth: 1, most: 10_000, least: 0 }
    }

    #[test]
    fn four_parts_by_hand() {
        // 90 % of sales, 45 of 50 steps, 38 of 40 ratings, 95 and 92.5 points: 27 + 18 + 19 + 28.125.
        let parts = [share(30, 900_000, 1_000_000), share(20, 45, 50), share(20, 38, 40), mean(30, 18_750, 2)];
        assert_eq!(parts.map(|p| p.score()), [Some(9_000), Some(9_000), Some(9_500), Some(9_375)]);
        assert_eq!(score(&parts), Some(9_213), "92.125 rounded half up");
    }

    #[test]
    fn what_drops_out_leaves_its_weight_to_the_others() {
        // Without sales: (20 × 90 + 20 × 95 + 30 × 93.75) / 70 = 93.035…
        let parts = [share(30, 5, 0), share(20, 45, 50), share(20, 38, 40), mean(30, 18_750, 2)];
        assert_eq!(parts[0].dropped(), Some(Dropped::Nothing));
        assert_eq!(score(&parts), Some(9_304));
        // Discipline alone is the whole score, whatever its weight.
        assert_eq!(score(&[share(30, 0, 0), mean(30, 18_750, 2)]), Some(9_375));
        assert_eq!(score(&[share(30, 0, 0)]), None);
        assert_eq!(score(&[share(0, 1, 2)]), None, "a part without weight makes no score");
    }

    #[test]
    fn too_few_are_a_count() {
        let few = Measure { least: 20, ..share(20, 19, 19) };
        assert_eq!((few.dropped(), few.score()), (Some(Dropped::Few), None));
        assert_eq!(Measure { below: 20, ..few }.score(), Some(9_500));
    }

    #[test]
    fn attainment_counts_up_to_its_cap() {
        let sales = |above| Measure { most: 12_000, ..share(30, above, 1_000) };
        assert_eq!([1_000, 1_199, 1_200, 5_000].map(|n| sales(n).score()), [10_000, 11_990, 12_000, 12_000].map(Some));
        assert_eq!(sales(-5).score(), Some(0), "less than nothing is nothing");
    }

    #[test]
    fn rounded_once_at_the_end() {
        // Thirds: 33.33… + 66.66… at equal weights is 50 exactly; rounded one by one it would be 49.995 or 50.005.
        assert_eq!(score(&[share(50, 1, 3), share(50, 2, 3)]), Some(5_000));
        // 1/8 of a point of a hundredth: half up.
        assert_eq!(score(&[mean(50, 1, 2), mean(50, 0, 1)]), Some(0));
        assert_eq!(score(&[mean(50, 1, 1), mean(50, 0, 1)]), Some(1));
    }

    #[test]
    fn sums_of_money_do_not_overflow() {
        let huge = [share(30, i64::MAX / 7, i64::MAX / 3), share(20, 999_999_937, 999_999_991), mean(50, 59_999, 6)];
        assert!(score(&huge).is_some());
    }

    #[test]
    fn targets_of_a_part_of_a_month() {
        // Joined on 9 March: 23 of 31 days of 7000.00 is 5193.548….
        assert_eq!(share_of(700_000, 23, 31), 519_355);
        assert_eq!(share_of(700_000, 31, 31), 700_000);
        assert_eq!(share_of(1, 1, 2), 1);
    }

    #[test]
    fn each_limit_of_the_ladder_has_two_sides() {
        let ladder =
            Ladder { warning: 2_000, demerit: 4_000, demotion: 6_000, dismissal: 8_000, serious_rules: Vec::new() };
        for (lost, want) in [
            (1_999, None),
            (2_000, Some(("warning", 2_000))),
            (3_999, Some(("warning", 2_000))),
            (4_000, Some(("demerit", 4_000))),
            (5_999, Some(("demerit", 4_000))),
            (6_000, Some(("demotion", 6_000))),
            (7_999, Some(("demotion", 6_000))),
            (8_000, Some(("dismissal", 8_000))),
        ] {
            assert_eq!(step(lost, &ladder), want, "{lost}");
        }
    }
}
