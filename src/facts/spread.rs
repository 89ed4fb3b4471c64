//! How response times are spread: how many lie above one step and at or below the next.

use crate::base::time::{HOUR, MINUTE, SECOND};

/// Where the steps lie, ms.
const STEPS: [i64; 14] = [
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    20 * SECOND,
    30 * SECOND,
    45 * SECOND,
    60 * SECOND,
    90 * SECOND,
    2 * MINUTE,
    3 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
];

/// The steps, ascending, with the preset's target among them.
pub fn steps(target_ms: i64) -> Vec<i64> {
    let mut steps = STEPS.to_vec();
    if let Err(at) = steps.binary_search(&target_ms) {
        steps.insert(at, target_ms);
    }
    steps
}

/// How many values lie at or below each step and above the one before; last: above all steps.
pub fn spread(values: &[u32], steps: &[i64]) -> Vec<i64> {
    let mut counts = vec![0; steps.len() + 1];
    for &value in values {
        counts[steps.partition_point(|&step| step < i64::from(value))] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_holds_its_own_end() {
        let counts = spread(&[0, 5_000, 5_001, 45_000, 45_001, 3_600_000, 3_600_001, u32::MAX], &steps(45_000));
        assert_eq!(counts, [2, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(spread(&[], &[1, 2]), [0, 0, 0]);
    }

    #[test]
    fn the_target_is_a_step() {
        assert_eq!(steps(45_000).len(), 14);
        let with = steps(40_000);
        assert_eq!(with.len(), 15);
        assert!(with.windows(2).all(|w| w[0] < w[1]) && with.contains(&40_000));
    }
}
