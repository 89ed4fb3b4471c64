//! Stretches of time: sorted, without overlaps, from included to not included.

use crate::base::Ms;
use std::ops::Range;

/// Sorted and joined where they touch; empty ones are gone.
pub fn union(mut spans: Vec<Range<Ms>>) -> Vec<Range<Ms>> {
    spans.retain(|s| s.start < s.end);
    spans.sort_by_key(|s| (s.start, s.end));
    let mut joined: Vec<Range<Ms>> = Vec::with_capacity(spans.len());
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => joined.push(span),
        }
    }
    joined
}

/// What of `of` lies in none of `taken` (a union).
pub fn without(of: &Range<Ms>, taken: &[Range<Ms>]) -> Vec<Range<Ms>> {
    let (mut rest, mut from) = (Vec::new(), of.start);
    for span in taken.iter().filter(|s| s.end > of.start && s.start < of.end) {
        if span.start > from {
            rest.push(from..span.start);
        }
        from = from.max(span.end);
    }
    if from < of.end {
        rest.push(from..of.end);
    }
    rest
}

/// The part of a span that lies in another.
pub fn clip(span: &Range<Ms>, to: &Range<Ms>) -> Range<Ms> {
    span.start.max(to.start)..span.end.min(to.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spans() -> impl Strategy<Value = Vec<Range<Ms>>> {
        proptest::collection::vec((0_i64..60, 0_i64..12).prop_map(|(a, n)| a..a + n), 0..8)
    }

    proptest! {
        #[test]
        fn every_instant_is_where_it_belongs(all in spans(), from in 0_i64..40, length in 0_i64..40) {
            let of = from..from + length;
            let joined = union(all.clone());
            let rest = without(&of, &joined);
            for t in -1..80 {
                let inside = all.iter().any(|s| s.contains(&t));
                prop_assert_eq!(joined.iter().filter(|s| s.contains(&t)).count(), usize::from(inside));
                let wanted = of.contains(&t) && !inside;
                prop_assert_eq!(rest.iter().filter(|s| s.contains(&t)).count(), usize::from(wanted));
            }
            // Joined means that no two touch.
            prop_assert!(joined.windows(2).all(|w| w[0].end < w[1].start));
            prop_assert!(rest.iter().all(|s| s.start < s.end));
        }
    }
}
