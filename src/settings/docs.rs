//! The reference page of a rulebook.

use super::rulebook::{Charge, Payer, Points, Rule, Rulebook};
use std::fmt::Write;

/// The rulebook as Markdown: each rule with its clause, quote, charge, interpretation and examples.
pub fn rulebook(book: &Rulebook, lang: &str) -> String {
    let zh = lang != "en";
    let mut out = String::new();
    let word = |zh_word: &'static str, en_word: &'static str| if zh { zh_word } else { en_word };
    let heading = word("规则手册", "Rulebook");
    let _ = writeln!(out, "# {heading} {}\n\n{}\n", book.version, book.title.get(lang));
    let columns = ["id", word("名称", "title"), word("扣分", "points"), word("条款", "clause")];
    let _ = writeln!(out, "| {} |\n|---|---|---|---|", columns.join(" | "));
    for r in &book.rules {
        let id = format!("[{0}](#{1})", r.id, anchor(r, lang));
        let _ = writeln!(out, "| {id} | {} | {} | {} |", r.title.get(lang), charges(r, lang), r.clause);
    }
    out.push('\n');
    for r in &book.rules {
        rule(&mut out, r, lang);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The name under which Markdown viewers find a rule's heading.
fn anchor(r: &Rule, lang: &str) -> String {
    let heading = format!("{} {}", r.id, r.title.get(lang)).to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Who pays how much, in one line.
fn charges(r: &Rule, lang: &str) -> String {
    let zh = lang != "en";
    let word = |zh_word: &'static str, en_word: &'static str| if zh { zh_word } else { en_word };
    if r.monitored() {
        return word("只监测", "watched only").to_owned();
    }
    let one = |c: &Charge| {
        let who = match c.to {
            Payer::Caused => word("本人", "self"),
            Payer::Supervisor => word("上级", "supervisor"),
            Payer::OnShift => word("当班人员", "on shift"),
            Payer::All => word("全体", "all"),
        };
        let points = match c.points {
            Points::Fixed(n) => hundredths(n),
            Points::Range { min, max } => format!("{}–{}", hundredths(min), hundredths(max)),
        };
        format!("{who} {points}")
    };
    let all: Vec<String> = r.charge.iter().map(one).collect();
    all.join(word("，", ", "))
}

fn rule(out: &mut String, r: &Rule, lang: &str) {
    let zh = lang != "en";
    let word = |zh_word: &'static str, en_word: &'static str| if zh { zh_word } else { en_word };
    let _ = writeln!(out, "## `{}` {}\n", r.id, r.title.get(lang));
    let _ = writeln!(out, "> {}\n", r.quote.replace('\n', "\n> "));
    let _ = writeln!(out, "- {}: {}", word("条款", "clause"), r.clause);
    let _ = writeln!(out, "- {}: {}", word("扣分", "points"), charges(r, lang));
    if let Some(e) = r.escalation {
        let _ = writeln!(out, "- {}: {} ×{}", word("加倍（第几次起）", "escalation from"), e.from, e.factor);
    }
    if !r.applies_to.is_empty() {
        let _ = writeln!(out, "- {}: {}", word("适用角色", "roles"), r.applies_to.join(", "));
    }
    if !r.waivable {
        let _ = writeln!(out, "- {}", word("不可豁免", "cannot be waived"));
    }
    for (label, date) in [(word("生效", "from"), r.effective_from), (word("失效", "to"), r.effective_to)] {
        if let Some(date) = date {
            let _ = writeln!(out, "- {label}: {date}");
        }
    }
    let params = toml::to_string(&r.detect.params).unwrap_or_default();
    let _ = writeln!(out, "\n{}\n", r.interpretation.get(lang).trim());
    let _ = writeln!(out, "```toml\n[rule.detect.{}]\n{params}```\n", r.detect.detector);
    for e in &r.examples {
        let charges: Vec<String> = e.expect.iter().map(|(who, n)| format!("{who} −{}", hundredths(*n))).collect();
        let charges = if charges.is_empty() { word("不扣分", "nothing").to_owned() } else { charges.join("，") };
        let _ = writeln!(out, "- {}: {} → {charges}", word("例", "example"), e.name);
    }
    out.push('\n');
}

/// Points as they are written: `150` is `1.5`.
pub fn hundredths(n: i32) -> String {
    match n % 100 {
        0 => (n / 100).to_string(),
        rest => format!("{}.{rest:02}", n / 100).trim_end_matches('0').to_owned(),
    }
}
