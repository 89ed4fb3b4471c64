//! What the explanations of all detectors share: sentences in two languages, lengths of time, the end of the reckoning.

use super::Event;
use crate::base::time::DAY;
use crate::facts::Context;

/// Sentences of one language.
#[derive(Debug)]
pub struct Lines {
    zh: bool,
    lines: Vec<String>,
}

impl Lines {
    pub fn new(lang: &str) -> Lines {
        Lines { zh: lang != "en", lines: Vec::new() }
    }

    pub fn add(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.lines.push(if self.zh { zh.into() } else { en.into() });
    }

    pub fn extend(&mut self, lines: Vec<String>) {
        self.lines.extend(lines);
    }

    /// When it was due and what came of it.
    pub fn outcome(&mut self, due: i64, event: &Event, context: &Context<'_>) {
        let at = |t: i64| context.zone.format(t);
        self.add(format!("最迟：{}（恰好此刻算按时）", at(due)), format!("due at {}", at(due)));
        match event.done_at {
            Some(t) => {
                let late = span(t - due, self.zh);
                self.add(format!("实际：{}，迟 {late}", at(t)), format!("done at {}: {late} too late", at(t)));
            }
            None => {
                let now = at(context.as_of);
                self.add(format!("截至 {now} 仍未完成"), format!("not done as of {now}"));
            }
        }
    }

    pub fn done(self) -> Vec<String> {
        self.lines
    }
}

/// A length of time: days, hours, minutes, seconds and ms, exact.
pub fn span(ms: i64, zh: bool) -> String {
    let (d, rest) = (ms / DAY, ms % DAY);
    let (h, m, s, ms) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    if zh { format!("{d} 天 {h:02}:{m:02}:{s:02}.{ms:03}") } else { format!("{d} d {h:02}:{m:02}:{s:02}.{ms:03}") }
}

/// `72.345` seconds.
pub fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}
