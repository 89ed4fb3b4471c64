//! From values to places: round axis steps, text widths, tenths of a pixel.

use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

/// Which distances between axis lines are round for a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Steps {
    /// 1, 2, 5, 10, …, times a unit (100 for hundredths).
    Decimal(i64),
    /// 5 s, 15 s, 30 s, 1 min, … in ms.
    Time,
}

/// The value axis: 0 to `top`, with a line each `step`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    pub step: i64,
    pub top: i64,
}

/// Most lines above 0.
const LINES: i64 = 5;

impl Axis {
    /// The smallest round axis that holds `largest`.
    pub fn new(largest: i64, steps: Steps) -> Axis {
        let largest = largest.max(1);
        let step = match steps {
            Steps::Decimal(unit) => decimal(largest, unit.max(1)),
            Steps::Time => {
                const ROUND: [i64; 15] = [
                    SECOND,
                    2 * SECOND,
                    5 * SECOND,
                    10 * SECOND,
                    15 * SECOND,
                    30 * SECOND,
                    MINUTE,
                    2 * MINUTE,
                    5 * MINUTE,
                    10 * MINUTE,
                    30 * MINUTE,
                    HOUR,
                    2 * HOUR,
                    6 * HOUR,
                    12 * HOUR,
                ];
                ROUND.into_iter().find(|s| s * LINES >= largest).unwrap_or_else(|| decimal(largest, DAY))
            }
        };
        let lines = (largest - 1) / step + 1;
        Axis { step, top: step.saturating_mul(lines) }
    }

    /// The values that get a line.
    pub fn lines(self) -> impl Iterator<Item = i64> {
        (0..=self.top / self.step.max(1)).map(move |n| n * self.step)
    }
}

fn decimal(largest: i64, unit: i64) -> i64 {
    let mut power = unit;
    loop {
        for factor in [1, 2, 5] {
            let step = power.saturating_mul(factor);
            if step.saturating_mul(LINES) >= largest {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// `n`/`of` of `length`, for places in tenths of a pixel.
pub fn part(n: i64, of: i64, length: i64) -> i64 {
    let exact = i128::from(n) * i128::from(length) / i128::from(of.max(1));
    i64::try_from(exact).unwrap_or(length)
}

/// About how wide a text is, in tenths of a pixel: a Chinese character is as wide as it is high.
pub fn text_width(text: &str, size: i64) -> i64 {
    text.chars().map(|c| if (c as u32) < 0x2e80 { size * 6 } else { size * 10 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_round_and_hold_the_largest() {
        assert_eq!(Axis::new(0, Steps::Decimal(1)), Axis { step: 1, top: 1 });
        assert_eq!(Axis::new(7, Steps::Decimal(1)), Axis { step: 2, top: 8 });
        assert_eq!(Axis::new(10_000, Steps::Decimal(100)), Axis { step: 2_000, top: 10_000 });
        assert_eq!(Axis::new(83_000, Steps::Time), Axis { step: 30_000, top: 90_000 });
        assert_eq!(Axis::new(20 * DAY, Steps::Time), Axis { step: 5 * DAY, top: 20 * DAY });
        assert_eq!(Axis::new(i64::MAX, Steps::Time).top, i64::MAX);
        assert_eq!(text_width("积压5", 10), 260);
    }
}
