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

/// About how wide a text is, in tenths of a pixel, rather too wide than too narrow: a Chinese character is as wide as it
/// is high, and so are the dashes, quotes and signs that Chinese fonts draw over a whole square.
pub fn text_width(text: &str, size: i64) -> i64 {
    let hundredths = |c: char| match c {
        ' ' | ',' | '.' | ':' | '/' | 'i' | 'l' => 40,
        'A'..='Z' | 'm' | 'w' | '%' | '@' => 95,
        c if (c as u32) < 0x2010 => 65,
        _ => 100,
    };
    text.chars().map(hundredths).sum::<i64>() * size / 10
}

/// Most lines of a wrapped text; the last then ends in `…`.
const WRAPPED: usize = 4;

/// A text in lines of at most `width` (tenths of a pixel): broken at spaces, in Chinese between any two characters.
pub fn wrap(text: &str, width: i64, size: i64) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for c in text.chars() {
        line.push(c);
        if text_width(&line, size) <= width || line.len() == c.len_utf8() {
            continue;
        }
        if lines.len() + 1 == WRAPPED {
            line.pop();
            line.pop();
            line.push('…');
            break;
        }
        let at = line.rfind(' ').filter(|at| *at > 0 && c.is_ascii()).unwrap_or(line.len() - c.len_utf8());
        let rest = line.split_off(at).trim_start().to_owned();
        lines.push(std::mem::replace(&mut line, rest));
    }
    lines.push(line);
    lines
}

/// Which of the labels to show below an axis: every n-th of those that have a text, with the smallest n at which none
/// touches the next. Each is centred at its place as far as the edges let it; (index, middle).
pub fn spread(labels: &[(&str, i64)], width: i64, size: i64) -> Vec<(usize, i64)> {
    let room = |i: &usize| {
        let (text, middle) = labels[*i];
        let half = text_width(text, size) / 2;
        (*i, half, middle.clamp(half, (width - half).max(half)))
    };
    let all: Vec<_> = (0..labels.len()).filter(|i| !labels[*i].0.is_empty()).map(|i| room(&i)).collect();
    for every in 1..=all.len() {
        let shown: Vec<_> = all.iter().step_by(every).collect();
        if shown.windows(2).all(|w| w[0].2 + w[0].1 + 60 <= w[1].2 - w[1].1) {
            return shown.into_iter().map(|(i, _, middle)| (*i, *middle)).collect();
        }
    }
    Vec::new()
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
        assert_eq!(text_width("积压5", 10), 265);
        assert_eq!(text_width("Mon 1.5%", 12), 12 * (95 + 65 + 65 + 40 + 65 + 40 + 65 + 95) / 10);
    }

    #[test]
    fn long_texts_take_further_lines() {
        assert_eq!(wrap("接待会话", 300, 10), ["接待会", "话"]);
        assert_eq!(wrap("open rounds", 400, 10), ["open", "rounds"]);
        assert_eq!(wrap("", 100, 10), [""]);
        assert_eq!(wrap("短", 5, 10), ["短"]);
        assert_eq!(wrap(&"长".repeat(50), 300, 10), ["长长长", "长长长", "长长长", "长长…"]);
    }

    #[test]
    fn labels_keep_apart_and_inside() {
        // 16.5 px wide each, 10 px apart; the edges push the first and the last inwards.
        let labels: Vec<(&str, i64)> = (0..5).map(|i| ("5月", i * 100)).collect();
        let shown = spread(&labels, 400, 10);
        assert_eq!(shown, [(0, 82), (4, 318)]);
        assert_eq!(spread(&[("周一", 0), ("", 200), ("周二", 600)], 700, 10), [(0, 100), (2, 600)]);
        assert_eq!(spread(&[], 700, 10), []);
    }
}
