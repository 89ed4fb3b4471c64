//! The pay preview: fixed + bonus + commissions, month by month (《…模板》四). A preview for the HR files alone; how the parts
//! are reckoned is the company's choice and stands in the settings.

use super::inputs::ReviewInputs;
use super::parts::sum;
use super::rating::Review;
use super::results::PayResult;
use crate::base::Month;
use crate::base::time::day_of;
use crate::report::data::MonthInputs;
use crate::scores::half::share_of;
use std::collections::BTreeMap;

/// Hundredths of a percent in a whole.
const WHOLE: i64 = 10_000;

/// What each month would pay each person, by staff_id and month; nothing without a pay file.
pub fn pay(inputs: &ReviewInputs, reviews: &BTreeMap<String, Review<'_>>) -> Vec<PayResult> {
    let months = |r| inputs.months.iter().filter_map(move |m| one(inputs, r, m));
    reviews.values().flat_map(months).collect()
}

/// `None` where the person was not there, or neither the file nor the default for supervisors says anything.
fn one(inputs: &ReviewInputs, review: &Review<'_>, m: &MonthInputs) -> Option<PayResult> {
    let (member, half) = (&review.member, &inputs.half);
    let file = inputs.pay.as_ref()?;
    let days = member.days_of(m.month);
    let row = file.of(&member.staff_id, m.month);
    let default = || (role_in(review, m.month) == Some("supervisor")).then_some(half.pay.supervisor_fixed);
    let fixed = row.and_then(|r| r.fixed).or_else(default);
    if days == 0 || (row.is_none() && fixed.is_none()) {
        return None;
    }
    let of_days = i64::from(day_of(m.month.last_day()) - day_of(m.month.first_day())) + 1;
    let score = m.scores.iter().find(|s| s.staff_id == member.staff_id).map(|s| s.score);
    let (sales, rated, satisfied) =
        (sum(member, m, "sales_sum_fen"), sum(member, m, "rated_count"), sum(member, m, "satisfied_count"));
    let bonus = share_of(row.and_then(|r| r.bonus).unwrap_or(0), days, of_days);
    let full = row.and_then(|r| r.satisfaction).unwrap_or(0);
    Some(PayResult {
        staff_id: member.staff_id.clone(),
        month: m.month.to_string(),
        days,
        of_days,
        fixed: share_of(fixed.unwrap_or(0), days, of_days),
        score,
        bonus: if half.pay.bonus_by_score { share_of(bonus, score.unwrap_or(0), WHOLE) } else { bonus },
        sales,
        sales_commission: share_of(sales.max(0), row.and_then(|r| r.sales_rate).unwrap_or(0), WHOLE),
        rated,
        satisfied,
        satisfaction_commission: share_of(full, satisfied, rated),
    })
}

/// As on the last own day of a month.
fn role_in<'r>(review: &'r Review<'_>, month: Month) -> Option<&'r str> {
    let (first, last) = (day_of(month.first_day()), day_of(month.last_day()));
    let mut within = review.member.stretches.iter().filter(|s| *s.days.start() <= last && *s.days.end() >= first);
    within.next_back().map(|s| s.role.as_str())
}
