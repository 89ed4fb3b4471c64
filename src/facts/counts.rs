//! What a bucket counts beside its figures, for the data-quality page, and how the buckets' sums are added up.

use super::context::Context;
use super::scan::Dropped;
use super::unit::{Facts, RoundRow, SessionRow};
use crate::lake::messages::Message;
use crate::lake::names::NONE;

impl Facts {
    /// Takes in another bucket's sums; in whatever order, they come out the same. Rows stay where they are.
    pub fn add(&mut self, other: Facts, context: &Context<'_>) {
        self.staff_day.add(other.staff_day);
        self.backlog.add(other.backlog);
        self.by_hour.add(other.by_hour);
        self.open_hours.add(other.open_hours);
        self.steps.add(other.steps);
        self.unshipped.add(other.unshipped);
        self.products.add(other.products);
        self.first_responses.add(other.first_responses);
        self.responses.add(other.responses);
        for (shop, [buyers, again]) in other.repeat {
            let sum = self.repeat.entry(shop).or_insert([0; 2]);
            sum[0] += buyers;
            sum[1] += again;
        }
        for (key, n) in other.quality {
            *self.quality.entry(key).or_insert(0) += n;
        }
        for ((shop, account), n) in other.unmatched {
            let key = ("unmatched_account", context.names.text(account).to_string().into(), shop);
            *self.quality.entry(key).or_insert(0) += n;
        }
    }

    /// What was passed over or filtered, for the data-quality page.
    pub(super) fn counts(&mut self, context: &Context<'_>, shop: u32, sessions: &[SessionRow], rounds: &[RoundRow]) {
        for s in sessions.iter().filter(|s| s.in_month) {
            match s.session.dropped {
                None if s.session.buyer_messages == 0 => {
                    *self.quality.entry(("agent_only", "".into(), shop)).or_insert(0) += 1;
                }
                Some(d) if d != Dropped::CLOSING => {
                    *self.quality.entry(("filtered", d.name().into(), shop)).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        let passed_over =
            rounds.iter().filter(|r| r.round.dropped == Some(Dropped::CLOSING) && context.in_month(r.day)).count();
        if passed_over > 0 {
            *self.quality.entry(("passed_over", "closing".into(), shop)).or_insert(0) += passed_over as i64;
        }
    }

    /// Messages of the month whose account belongs to nobody that day.
    pub(super) fn unmatched(&mut self, context: &Context<'_>, shop: u32, rows: &[Message]) {
        let mut last: Option<(u32, i32, bool)> = None;
        for m in rows.iter().filter(|m| context.window.own.contains(&m.ts) && m.account != NONE) {
            let day = context.zone.day(m.ts);
            let known = match last {
                Some((account, at, known)) if account == m.account && at == day => known,
                _ => context.people.owner(shop, m.account, day).is_some(),
            };
            last = Some((m.account, day, known));
            if !known {
                *self.unmatched.entry((shop, m.account)).or_insert(0) += 1;
            }
        }
    }
}
