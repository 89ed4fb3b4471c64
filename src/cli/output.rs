//! stdout is the product, stderr is the talk. A reader that goes away (`| head`) is no failure.

use super::common::Talk;
use crate::base::{Diagnostic, Error, Severity};
use crate::pipeline::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a command gives back.
pub type Done = anyhow::Result<()>;

/// Where everything is printed.
#[derive(Debug)]
pub struct Output {
    talk: Talk,
    bar: Mutex<Option<ProgressBar>>,
}

impl Output {
    pub fn new(talk: Talk) -> Output {
        Output { talk, bar: Mutex::new(None) }
    }

    /// Whether `--json` was given.
    pub fn json(&self) -> bool {
        self.talk.json
    }

    /// A line of the product.
    pub fn line(&self, text: &str) {
        write_or_leave(&mut std::io::stdout().lock(), text);
    }

    /// A JSON object of the product, one a line.
    pub fn object(&self, value: &Value) {
        self.line(&value.to_string());
    }

    /// An answer: text for people, or the object where `--json` was given.
    pub fn answer(&self, text: &str, value: Value) {
        if self.talk.json { self.object(&value) } else { self.line(text) }
    }

    /// A summary: a sentence for people, or the object where `--json` was given.
    pub fn summary(&self, text: &str, value: Value) {
        if self.talk.json {
            self.object(&value);
        } else if !self.talk.quiet {
            self.talk_line(text);
        }
    }

    /// A word for people, on stderr.
    pub fn say(&self, text: &str) {
        if !self.talk.quiet && !self.talk.json {
            self.talk_line(text);
        }
    }

    fn talk_line(&self, text: &str) {
        let bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        match bar.as_ref() {
            Some(bar) => bar.suspend(|| write_or_leave(&mut std::io::stderr().lock(), text)),
            None => write_or_leave(&mut std::io::stderr().lock(), text),
        }
    }

    /// Findings: errors always, warnings unless `-q`, notes with `-v`.
    pub fn diagnostics(&self, all: &[Diagnostic]) {
        for d in all {
            let wanted = match d.severity {
                Severity::Error => true,
                Severity::Warning => !self.talk.quiet,
                Severity::Note => self.talk.verbose > 0,
            };
            if self.talk.json {
                self.object(&d.to_json());
            } else if wanted {
                self.talk_line(&d.render(std::io::stderr().is_terminal()));
            }
        }
    }

    /// Prints why the command stopped and gives its exit code.
    pub fn failed(&self, error: &anyhow::Error) -> u8 {
        self.end();
        let known = error.downcast_ref::<Error>();
        self.diagnostics(known.map_or(&[], Error::diagnostics));
        let code = known.map_or(1, Error::exit_code);
        if self.talk.json {
            self.object(&json!({"type": "error", "message": format!("{error:#}"), "exit_code": code}));
        } else if known.is_none_or(|e| e.diagnostics().is_empty()) {
            self.talk_line(&format!("error: {error:#}"));
        }
        code
    }
}

/// A closed pipe ends the program quietly, as success.
fn write_or_leave(to: &mut impl Write, text: &str) {
    if let Err(e) = writeln!(to, "{text}")
        && e.kind() == std::io::ErrorKind::BrokenPipe
    {
        std::process::exit(0);
    }
}

impl Progress for Output {
    fn begin(&self, stage: &str, steps: u64) {
        self.end();
        if self.talk.quiet || self.talk.json {
            return;
        }
        if !std::io::stderr().is_terminal() {
            self.talk_line(stage);
            return;
        }
        let bar = if steps == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(steps) };
        let style = if steps == 0 { "{spinner} {msg} {human_pos}" } else { "{bar:24} {msg} {pos}/{len}" };
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.set_message(stage.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
    }

    fn step(&self, n: u64) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            bar.inc(n);
        }
    }

    fn end(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}
