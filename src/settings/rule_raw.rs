//! A rule as people write it: one `[[rule]]`.

use super::codes;
use super::date::Date;
use super::document::Document;
use super::example_raw::ExampleRaw;
use super::nearest::advice;
use super::points::{PointsRaw, points};
use super::rulebook::{Charge, Detect, Escalation, Payer, Rule};
use super::rulebook_raw::WordsRaw;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use toml::Spanned;

/// The detectors there are; a test of the room above holds the list equal to its files.
pub const DETECTORS: [&str; 7] = ["deadline", "late_reply", "coverage", "text", "count_mismatch", "register", "repeat"];

/// The roles of the roster.
pub const ROLES: [&str; 7] = ["customer_service", "supervisor", "editor", "copywriter", "artist", "head", "other"];

/// One rule of the regulations: its words, what breaks it and what that costs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleRaw {
    /// Stable name such as `cs.online.day_unfinished`; it is part of every deduction's id.
    #[schemars(with = "String")]
    id: Spanned<String>,
    title: WordsRaw,
    /// Where it stands in the regulations.
    #[schemars(with = "String")]
    clause: Spanned<String>,
    /// The clause's own words.
    #[schemars(with = "String")]
    quote: Spanned<String>,
    /// Roles of the roster; left out: everyone.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    applies_to: Vec<Spanned<String>>,
    /// `[rule.detect.NAME]`: what makes a violation, with the detector's own keys.
    #[schemars(with = "BTreeMap<String, serde_json::Map<String, Value>>")]
    detect: Spanned<BTreeMap<Spanned<String>, Spanned<toml::Table>>>,
    /// Who pays how much.
    #[schemars(with = "Vec<ChargeRaw>")]
    charge: Spanned<Vec<ChargeRaw>>,
    #[schemars(with = "Option<EscalationRaw>")]
    escalation: Option<Spanned<EscalationRaw>>,
    /// Whether a waiver can set a deduction to 0.
    #[serde(default = "yes")]
    waivable: bool,
    /// Version that deductions name; left out: the book's. For an old rule that stays with its dates.
    version: Option<String>,
    /// First day in force; left out: always was.
    #[schemars(with = "Option<NaiveDate>")]
    effective_from: Option<Spanned<Date>>,
    /// Last day in force; left out: still is.
    #[schemars(with = "Option<NaiveDate>")]
    effective_to: Option<Spanned<Date>>,
    /// How an unclear clause is read; shown on the page of definitions.
    interpretation: Option<WordsRaw>,
    /// Given rows and what they cost: run by `kaohe rulebook test`.
    #[serde(default)]
    #[schemars(with = "Vec<ExampleRaw>")]
    examples: Vec<Spanned<ExampleRaw>>,
}

/// One payer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ChargeRaw {
    to: PayerRaw,
    #[schemars(with = "PointsRaw")]
    points: Spanned<PointsRaw>,
}

/// self: who caused it; supervisor: that person's, on that day; on_shift: everyone of the shop whose shift covers the
/// event; all: everyone with one of the rule's roles.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PayerRaw {
    #[serde(rename = "self")]
    Caused,
    Supervisor,
    OnShift,
    All,
}

/// From the `from`-th occurrence in the period on, each counts `factor` times.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EscalationRaw {
    from: u32,
    factor: u32,
}

fn yes() -> bool {
    true
}

impl RuleRaw {
    /// The checked rule; `None` once what is wrong is reported.
    pub fn check(written: Spanned<RuleRaw>, file: &mut Document) -> Option<Rule> {
        let header = written.span();
        let raw = written.into_inner();
        raw.check_words(file);
        raw.check_roles(file);
        raw.check_dates(file);
        // From the id on, so that a label marks the rule's name and not the word [[rule]].
        let id = raw.id.span();
        let end = file.origin(header, "[[rule]]").span.end;
        let origin = file.origin_at(id.start..end.max(id.end));
        let detect = detect(raw.detect, file);
        let charge = charge(raw.charge, file);
        let escalation = raw.escalation.and_then(|e| escalation(e, file));
        let examples = raw.examples.into_iter().filter_map(|e| ExampleRaw::check(e, file)).collect();
        Some(Rule {
            id: raw.id.into_inner(),
            title: raw.title.into(),
            clause: raw.clause.into_inner(),
            quote: raw.quote.into_inner().trim().to_owned(),
            applies_to: raw.applies_to.into_iter().map(Spanned::into_inner).collect(),
            detect: detect?,
            charge: charge?,
            escalation,
            waivable: raw.waivable,
            version: raw.version,
            effective_from: raw.effective_from.map(|d| d.into_inner().0),
            effective_to: raw.effective_to.map(|d| d.into_inner().0),
            interpretation: raw.interpretation.map(Into::into).unwrap_or_default(),
            examples,
            origin,
        })
    }

    fn check_words(&self, file: &mut Document) {
        let id = self.id.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        if id.is_empty() || !id.chars().all(plain) || id.starts_with('.') || id.ends_with('.') || id.contains("..") {
            let message = format!("`{id}` is not a rule id");
            let help = "write small letters, digits and _, parted by dots, such as cs.online.day_unfinished";
            file.wrong(codes::WRONG_VALUE, self.id.span(), message, help);
        }
        for (key, text) in [("clause", &self.clause), ("quote", &self.quote)] {
            if text.get_ref().trim().is_empty() {
                let message = format!("`{key}` of `{id}` is empty: a deduction has to show the words that it rests on");
                file.wrong(codes::MISSING, text.span(), message, "copy them from the regulations");
            }
        }
    }

    fn check_roles(&self, file: &mut Document) {
        for role in &self.applies_to {
            if !ROLES.contains(&role.get_ref().as_str()) {
                let message = format!("the roster has no role `{}`", role.get_ref());
                file.wrong(codes::UNKNOWN_WORD, role.span(), message, &advice(role.get_ref(), &ROLES));
            }
        }
    }

    fn check_dates(&self, file: &mut Document) {
        if let (Some(from), Some(to)) = (&self.effective_from, &self.effective_to)
            && from.get_ref() > to.get_ref()
        {
            let (first, last) = (from.get_ref().0, to.get_ref().0);
            let message = format!("the rule ends on {last}, before it begins on {first}");
            file.wrong(codes::EFFECTIVE, to.span(), message, "exchange effective_from and effective_to");
        }
    }
}

fn detect(written: Spanned<BTreeMap<Spanned<String>, Spanned<toml::Table>>>, file: &mut Document) -> Option<Detect> {
    let span = written.span();
    let mut detectors = written.into_inner().into_iter();
    let (Some((name, params)), None) = (detectors.next(), detectors.next()) else {
        let help = "write one table such as [rule.detect.deadline]";
        file.wrong(codes::DETECTOR, span, "a rule has exactly one detector", help);
        return None;
    };
    if !DETECTORS.contains(&name.get_ref().as_str()) {
        let message = format!("there is no detector `{}`", name.get_ref());
        file.wrong(codes::DETECTOR, name.span(), message, &advice(name.get_ref(), &DETECTORS));
    }
    let origin = file.origin(params.span(), "[");
    Some(Detect { detector: name.into_inner(), params: params.into_inner(), origin })
}

fn charge(written: Spanned<Vec<ChargeRaw>>, file: &mut Document) -> Option<Vec<Charge>> {
    if written.get_ref().is_empty() {
        let help = "write charge = [{ to = \"self\", points = 1.5 }]; points = 0 only watches";
        file.wrong(codes::MISSING, written.span(), "`charge` names nobody", help);
    }
    // All of them first, so that each wrong one is reported.
    let charges: Vec<Option<Charge>> = written
        .into_inner()
        .into_iter()
        .map(|raw| {
            let to = match raw.to {
                PayerRaw::Caused => Payer::Caused,
                PayerRaw::Supervisor => Payer::Supervisor,
                PayerRaw::OnShift => Payer::OnShift,
                PayerRaw::All => Payer::All,
            };
            points(raw.points, file).map(|points| Charge { to, points })
        })
        .collect();
    charges.into_iter().collect()
}

fn escalation(written: Spanned<EscalationRaw>, file: &mut Document) -> Option<Escalation> {
    let EscalationRaw { from, factor } = *written.get_ref();
    if from < 2 || !(2..=100).contains(&factor) {
        let message = format!("from the occurrence {from} on, {factor} times, is no escalation");
        file.wrong(codes::LIMITS, written.span(), message, "such as { from = 3, factor = 2 }: from the 3rd on, double");
        return None;
    }
    Some(Escalation { from, factor })
}
