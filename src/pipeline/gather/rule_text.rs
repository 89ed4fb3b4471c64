//! Rules as the pages name them.

use crate::report::data::RuleText;
use crate::settings::rulebook::{Charge, Payer, Points, Rule};

/// Title, clause, quote and reading of a rule, in a language of the pages.
pub fn rule_text(rule: &Rule, lang: &str) -> RuleText {
    RuleText {
        id: rule.id.clone(),
        title: rule.title.get(lang).to_owned(),
        clause: rule.clause.clone(),
        quote: rule.quote.clone(),
        interpretation: rule.interpretation.get(lang).to_owned(),
        points: points_text(rule, lang),
        monitored: rule.monitored(),
    }
}

fn points_text(rule: &Rule, lang: &str) -> String {
    let zh = lang != "en";
    let number = |n: i32| match (n / 100, n % 100) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}.{rest:02}").trim_end_matches('0').to_owned(),
    };
    let who = |c: &Charge| match (c.to, zh) {
        (Payer::Caused, true) => "本人",
        (Payer::Caused, false) => "self",
        (Payer::Supervisor, true) => "主管",
        (Payer::Supervisor, false) => "supervisor",
        (Payer::OnShift, true) => "当班客服每人",
        (Payer::OnShift, false) => "everyone on shift",
        (Payer::All, true) => "全体每人",
        (Payer::All, false) => "everyone",
    };
    let one = |c: &Charge| match (c.points, zh) {
        (Points::Fixed(n), true) => format!("{}每次扣 {} 分", who(c), number(n)),
        (Points::Fixed(n), false) => format!("{}: {} point(s) each time", who(c), number(n)),
        (Points::Range { min, max }, true) => format!("{}每次扣 {}–{} 分", who(c), number(min), number(max)),
        (Points::Range { min, max }, false) => format!("{}: {}–{} points each time", who(c), number(min), number(max)),
    };
    if rule.monitored() {
        return if zh { "仅监测，不扣分".to_owned() } else { "monitored, costs nothing".to_owned() };
    }
    let parts: Vec<String> = rule.charge.iter().map(one).collect();
    let mut text = parts.join(if zh { "，" } else { ", " });
    if let Some(e) = rule.escalation {
        text.push_str(&if zh {
            format!("；当月第 {} 次起 ×{}", e.from, e.factor)
        } else {
            format!("; from the {}. in the month ×{}", e.from, e.factor)
        });
    }
    text
}
