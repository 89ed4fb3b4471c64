//! Which rules are assessed: those whose tables and columns were delivered for a shop and month. What was not delivered
//! was not left undone: 0 points, listed, the scores provisional.

use crate::base::Month;
use crate::lake::manifest::Manifest;
use crate::lake::names::{NONE, Names};
use crate::rules::Plan;
use crate::settings::rulebook::Payer;
use std::collections::{BTreeMap, BTreeSet};

/// Rules that are not assessed.
#[derive(Debug, Clone, Default)]
pub struct Assessed {
    /// (rule, shop) with the shop's name; [`NONE`] stands for what belongs to no shop.
    missing: BTreeMap<(usize, u32), String>,
    shops: Vec<u32>,
}

impl Assessed {
    pub fn new(plan: &Plan<'_>, manifest: &Manifest, month: Month, names: &Names) -> Assessed {
        let shops = manifest.shops(month);
        // A question of the evening before may belong to a shop without traffic in the month itself.
        let all = manifest.all_shops();
        let mut missing = BTreeMap::new();
        for rule in 0..plan.book.rules.len() {
            let Some(detector) = plan.detector(rule) else { continue };
            let needs = detector.needs();
            let per_shop = detector.per_shop();
            for shop in all.iter().map(String::as_str).chain([""]) {
                let there = |(table, columns): &(&'static str, Vec<&'static str>)| {
                    columns
                        .iter()
                        .all(|column| manifest.delivered(table, column, if per_shop { shop } else { "" }, month))
                };
                if !needs.iter().all(there) {
                    let id = if shop.is_empty() { NONE } else { names.id(shop) };
                    missing.insert((rule, id), shop.to_owned());
                }
            }
        }
        Assessed { missing, shops: shops.iter().map(|s| names.id(s)).collect() }
    }

    /// Whether a rule is assessed for a shop.
    pub fn holds(&self, rule: usize, shop: u32) -> bool {
        !self.missing.contains_key(&(rule, shop))
    }

    /// Shops with messages or orders in the month.
    pub fn shops(&self) -> &[u32] {
        &self.shops
    }

    /// (rule, shop) of what is not assessed; where no shop is, the shop is empty and stands for all.
    pub fn missing(&self) -> Vec<(usize, &str)> {
        let mut out: Vec<(usize, &str)> = Vec::new();
        for rule in self.missing.keys().map(|(rule, _)| *rule).collect::<BTreeSet<_>>() {
            let of_rule: Vec<&str> =
                self.shops.iter().filter_map(|shop| self.missing.get(&(rule, *shop))).map(String::as_str).collect();
            if of_rule.len() == self.shops.len() {
                out.push((rule, ""));
            } else {
                out.extend(of_rule.into_iter().map(|name| (rule, name)));
            }
        }
        out
    }

    /// The roles whose scores some rule that is not assessed could have changed; `None`: everyone's.
    pub fn roles(&self, plan: &Plan<'_>) -> Option<BTreeSet<String>> {
        let mut roles = BTreeSet::new();
        for rule in self.missing.keys().map(|(rule, _)| &plan.book.rules[*rule]).filter(|r| !r.monitored()) {
            if rule.charges_supervisors() {
                roles.extend(["supervisor".to_owned(), "head".to_owned()]);
            }
            let only_supervisors = rule.charge.iter().all(|c| c.to == Payer::Supervisor);
            if rule.applies_to.is_empty() && !only_supervisors {
                return None;
            }
            roles.extend(rule.applies_to.iter().cloned());
        }
        Some(roles)
    }
}
