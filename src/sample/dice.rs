//! Chance that can be repeated: a generator for each (seed, purpose, place, day), so that nothing hangs on an order.

use rand::Rng;
use rand_pcg::Pcg64Mcg;
use xxhash_rust::xxh3::xxh3_128;

/// A seeded generator with the few draws that the sample needs, all of them in integers.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Independent of every other list of labels.
    pub fn new(seed: u64, labels: &[u64]) -> Dice {
        let mut bytes = seed.to_le_bytes().to_vec();
        bytes.extend(labels.iter().flat_map(|l| l.to_le_bytes()));
        Dice(Pcg64Mcg::new(xxh3_128(&bytes)))
    }

    /// A generator of its own for a part of the work, so that its draws do not shift those behind it.
    pub fn fork(&mut self) -> Dice {
        let (high, low) = (self.0.next_u64(), self.0.next_u64());
        Dice(Pcg64Mcg::new(u128::from(high) << 64 | u128::from(low)))
    }

    /// 0 ≤ result < `n`; 0 where `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// `low` ≤ result < `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below(high.saturating_sub(low).max(0) as u64) as i64
    }

    /// True `permille` times in a thousand.
    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// An index into `n` things.
    pub fn index(&mut self, n: usize) -> usize {
        self.below(n as u64) as usize
    }

    /// One of the things; `None` where there are none.
    pub fn pick<'a, T>(&mut self, things: &'a [T]) -> Option<&'a T> {
        let at = self.index(things.len());
        things.get(at)
    }

    /// An index, as often as its weight says.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (i, weight) in weights.iter().enumerate() {
            if left < *weight {
                return i;
            }
            left -= weight;
        }
        0
    }

    /// A value of a distribution that is given by its quantiles: (permille, value), from 0 to 1000.
    pub fn curve(&mut self, quantiles: &[(i64, i64)]) -> i64 {
        let at = self.below(1000) as i64;
        for pair in quantiles.windows(2) {
            if let [(from, low), (to, high)] = pair
                && (*from..*to).contains(&at)
            {
                return low + (high - low) * (at - from) / (to - from);
            }
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_decide_and_ranges_hold() {
        let draw = |labels: &[u64]| Dice::new(7, labels).below(1 << 60);
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert_ne!(draw(&[1, 2]), draw(&[2, 1]));
        let mut dice = Dice::new(1, &[]);
        for _ in 0..10_000 {
            assert!((-3..5).contains(&dice.between(-3, 5)));
            assert_ne!(dice.weighted(&[5, 0, 1]), 1);
            assert!((100..=900).contains(&dice.curve(&[(0, 100), (500, 300), (1000, 900)])));
        }
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.pick::<u8>(&[]), None);
        assert!(!dice.chance(0) && dice.chance(1000));
    }
}
