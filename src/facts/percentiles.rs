//! Exact percentiles by nearest rank. They cannot be added up, so the values themselves are kept until the end.

use foldhash::HashMap;
use std::collections::BTreeMap;

/// Count and nearest-rank percentiles of a set of values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Percentiles {
    pub count: i64,
    pub p50: i64,
    pub p90: i64,
    pub p99: i64,
}

/// The value of rank ⌈p·n/100⌉; `None` of nothing. Reorders `values`.
pub fn nearest_rank<T: Ord + Copy>(values: &mut [T], p: usize) -> Option<T> {
    let rank = (p * values.len()).div_ceil(100).max(1);
    (!values.is_empty()).then(|| *values.select_nth_unstable(rank - 1).1)
}

/// Those for p = 50, 90, 99; all 0 (and count 0) of nothing. Reorders `values`.
pub fn percentiles(values: &mut [u32]) -> Percentiles {
    let count = values.len() as i64;
    let mut at = |p: usize| nearest_rank(values, p).map_or(0, i64::from);
    Percentiles { count, p50: at(50), p90: at(90), p99: at(99) }
}

/// Response times by (day, shop, person): ms, at most 21 days and so well inside `u32`.
#[derive(Debug, Default)]
pub struct Values {
    keys: HashMap<(i32, u32, u32), u32>,
    /// The key asked for last: mostly the next value is of the same.
    last: Option<((i32, u32, u32), u32)>,
    rows: Vec<(u32, u32)>,
}

impl Values {
    pub fn push(&mut self, day: i32, shop: u32, staff: u32, ms: i64) {
        let group = (day, shop, staff);
        let key = match self.last {
            Some((last, key)) if last == group => key,
            _ => {
                let next = self.keys.len() as u32;
                *self.keys.entry(group).or_insert(next)
            }
        };
        self.last = Some((group, key));
        self.rows.push((key, u32::try_from(ms).unwrap_or(u32::MAX)));
    }

    /// Takes in another bucket's values.
    pub fn add(&mut self, other: Values) {
        let mut to = vec![0; other.keys.len()];
        for (key, id) in other.keys {
            let next = self.keys.len() as u32;
            to[id as usize] = *self.keys.entry(key).or_insert(next);
        }
        self.rows.extend(other.rows.into_iter().map(|(k, v)| (to[k as usize], v)));
    }

    /// What `of` makes of the values of each group that `group` names (`None`: left out).
    pub fn by<G: Ord + Clone, T>(
        &self,
        group: impl Fn(i32, u32, u32) -> Option<G>,
        of: impl Fn(&mut [u32]) -> T,
    ) -> BTreeMap<G, T> {
        let mut lists: BTreeMap<G, Vec<u32>> = BTreeMap::new();
        let mut groups = vec![None; self.keys.len()];
        for (&(day, shop, staff), &id) in &self.keys {
            groups[id as usize] = group(day, shop, staff);
        }
        for g in groups.iter().flatten() {
            lists.entry(g.clone()).or_default();
        }
        let place: BTreeMap<G, usize> = lists.keys().cloned().enumerate().map(|(i, g)| (g, i)).collect();
        let slots: Vec<Option<usize>> = groups.iter().map(|g| g.as_ref().and_then(|g| place.get(g).copied())).collect();
        let mut sizes = vec![0; lists.len()];
        for at in self.rows.iter().filter_map(|&(key, _)| slots[key as usize]) {
            sizes[at] += 1;
        }
        let mut values: Vec<&mut Vec<u32>> = lists.values_mut().collect();
        values.iter_mut().zip(sizes).for_each(|(list, size)| list.reserve_exact(size));
        for &(key, value) in &self.rows {
            if let Some(at) = slots[key as usize] {
                values[at].push(value);
            }
        }
        lists.into_iter().map(|(g, mut v)| (g, of(&mut v))).collect()
    }
}
