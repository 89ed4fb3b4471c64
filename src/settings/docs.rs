//! The reference page of a rulebook.

use super::rulebook::{Payer, Points, Rule, Rulebook};
use std::fmt::Write;

/// The rulebook as Markdown: each rule with its clause, quote, charge, interpretation and examples.
pub fn rulebook(book: &Rulebook, lang: &str) -> String {
    let zh = lang != "en";
    let mut out = String::new();
    let heading = if zh { "规则手册" } else { "Rulebook" };
    let _ = writeln!(out, "# {heading} {}\n\n{}\n", book.version, book.title.get(lang));
    for r in &book.rules {
        rule(&mut out, r, lang);
    }
    out
}

fn rule(out: &mut String, r: &Rule, lang: &str) {
    let zh = lang != "en";
    let word = |zh_word: &'static str, en_word: &'static str| if zh { zh_word } else { en_word };
    let _ = writeln!(out, "## `{}` {}\n", r.id, r.title.get(lang));
    let _ = writeln!(out, "> {}\n", r.quote.replace('\n', "\n> "));
    let _ = writeln!(out, "- {}: {}", word("条款", "clause"), r.clause);
    for c in &r.charge {
        let who = match c.to {
            Payer::Caused => word("本人", "self"),
            Payer::Supervisor => word("主管", "supervisor"),
            Payer::OnShift => word("当班人员", "on shift"),
            Payer::All => word("全体", "all"),
        };
        let points = match c.points {
            Points::Fixed(n) => hundredths(n),
            Points::Range { min, max } => format!("{}–{}", hundredths(min), hundredths(max)),
        };
        let _ = writeln!(out, "- {}: {who} {points}", word("扣分", "points"));
    }
    if let Some(e) = r.escalation {
        let _ = writeln!(out, "- {}: {} ×{}", word("加倍（第几次起）", "escalation from"), e.from, e.factor);
    }
    let _ = writeln!(out, "- {}: `{}`", word("判定", "detector"), r.detect.detector);
    let _ = writeln!(out, "\n{}\n", r.interpretation.get(lang).trim());
    for e in &r.examples {
        let charges: Vec<String> = e.expect.iter().map(|(who, n)| format!("{who} −{}", hundredths(*n))).collect();
        let charges = if charges.is_empty() { word("不扣分", "nothing").to_owned() } else { charges.join("，") };
        let _ = writeln!(out, "- {}: {} → {charges}", word("例", "example"), e.name);
    }
    out.push('\n');
}

fn hundredths(n: i32) -> String {
    match n % 100 {
        0 => (n / 100).to_string(),
        rest => format!("{}.{rest:02}", n / 100).trim_end_matches('0').to_owned(),
    }
}
