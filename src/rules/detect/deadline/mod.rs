//! `deadline`: something was due and was done late, or never. What is due stands in a register, in the chats, in the
//! orders, or is expected of people although no row says so.

mod due;
mod expected;
mod inquiries;
mod offline;
mod orders;
mod register;
mod rounds;

use super::rows::{Rows, Written};
use super::words::Lines;
use super::{Detector, Event, Need, params};
use crate::base::time::{date_of, format_time_of_day};
use crate::base::{Diagnostic, Ms};
use crate::calendar::CalendarError;
use crate::calendar::deadline::Trace;
use crate::facts::{Context, Facts, MonthFacts};
use crate::rules::violation::Violation;
use crate::settings::rulebook::{Detect, Rule};
pub use due::Dues;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Asked {
    BeforeCutoff,
    AfterCutoff,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OncePer {
    Event,
    ConversationAndDue,
}

/// One column or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Columns {
    One(String),
    Several(Vec<String>),
}

impl Columns {
    fn list(&self) -> Vec<&str> {
        match self {
            Columns::One(name) => vec![name],
            Columns::Several(names) => names.iter().map(String::as_str).collect(),
        }
    }
}

/// All keys; which of them go together is each part's own affair.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    of: String,
    starts: String,
    done: Columns,
    due: toml::Value,
    asked: Option<Asked>,
    once_per: Option<OncePer>,
    #[serde(rename = "where")]
    filter: Option<toml::Value>,
    unless: Option<toml::Value>,
    who: Option<String>,
    points: Option<String>,
    count: Option<expected::Count>,
    expect: Option<expected::Expect>,
    followed_by: Option<String>,
    min_chars: Option<i64>,
    unless_ordered: Option<bool>,
    presales: Option<bool>,
}

impl Params {
    /// Names of the keys that were written, beside those that all parts have.
    fn written(&self) -> Vec<&'static str> {
        let all = [
            ("asked", self.asked.is_some()),
            ("once_per", self.once_per.is_some()),
            ("where", self.filter.is_some()),
            ("unless", self.unless.is_some()),
            ("who", self.who.is_some()),
            ("points", self.points.is_some()),
            ("count", self.count.is_some()),
            ("expect", self.expect.is_some()),
            ("followed_by", self.followed_by.is_some()),
            ("min_chars", self.min_chars.is_some()),
            ("unless_ordered", self.unless_ordered.is_some()),
            ("presales", self.presales.is_some()),
        ];
        all.into_iter().filter(|(_, there)| *there).map(|(name, _)| name).collect()
    }

    /// Refuses keys that do not go with `of`, and columns other than those that it has.
    fn only(&self, keys: &[&str], starts: &[&str], done: &str, detect: &Detect) -> Vec<Diagnostic> {
        let mut wrong = Vec::new();
        for key in self.written().into_iter().filter(|k| !keys.contains(k)) {
            let message = format!("`{key}` does not go with `of = \"{}\"`", self.of);
            wrong.push(detect.origin.about(key, "K0306", message));
        }
        let given = self.done.list().join(", ");
        for (key, given, expected) in [("starts", self.starts.as_str(), starts), ("done", &given, &[done])] {
            if !expected.contains(&given) {
                let expected = expected.join("\" or \"");
                let message = format!("`{key} = \"{given}\"` does not go with `of`; expected \"{expected}\"");
                wrong.push(detect.origin.about(key, "K0305", message));
            }
        }
        wrong
    }
}

/// What the deadline is about.
#[derive(Debug)]
enum Of {
    Rounds(rounds::Rounds),
    Orders(orders::Orders),
    Inquiries(inquiries::Inquiries),
    Offline(offline::Offline),
    Register(register::Due),
    Expected(expected::Expected),
}

/// The detector with its checked parameters.
#[derive(Debug)]
pub struct Deadline {
    of: Of,
    dues: Dues,
}

impl Deadline {
    /// # Errors
    /// Wrong parameters, at their place.
    pub fn new(detect: &Detect) -> Result<Deadline, Vec<Diagnostic>> {
        let p: Params = params(detect)?;
        let known = ["rounds", "orders", "inquiries", "offline_messages"];
        let rows = match known.contains(&p.of.as_str()) {
            true => None,
            false => {
                let written = Written {
                    table: &p.of,
                    filter: p.filter.as_ref(),
                    unless: p.unless.as_ref(),
                    who: p.who.as_deref(),
                    points: p.points.as_deref(),
                };
                Some(Rows::new(&written, detect, "of")?)
            }
        };
        let dues = Dues::parse(&p.due, rows.as_ref().map(|r| r.table), detect)?;
        let of = match (p.of.as_str(), rows) {
            ("rounds", _) => Of::Rounds(rounds::Rounds::new(&p, detect)?),
            ("orders", _) => Of::Orders(orders::Orders::new(&p, detect)?),
            ("inquiries", _) => Of::Inquiries(inquiries::Inquiries::new(&p, detect)?),
            (_, None) => Of::Offline(offline::Offline::new(&p, detect)?),
            (_, Some(rows)) if p.expect.is_some() || p.count.is_some() => {
                Of::Expected(expected::Expected::new(&p, rows, detect)?)
            }
            (_, Some(rows)) => Of::Register(register::Due::new(&p, rows, detect)?),
        };
        Ok(Deadline { of, dues })
    }

    /// The due time of chats and orders, which have no rows to choose by.
    fn due(&self, from: Ms, staff: u32, context: &Context<'_>, trace: &mut Trace) -> Result<Ms, CalendarError> {
        let due = self.dues.of(None).map(|d| d.at(from, staff, None, context, trace)).transpose()?.flatten();
        Ok(due.unwrap_or(Ms::MAX))
    }
}

impl Detector for Deadline {
    fn needs(&self) -> Vec<Need> {
        let more = |needs: Vec<Need>, table: &'static crate::lake::schema::Table| {
            let mut needs = needs;
            needs.push((table.name, self.dues.columns(table)));
            needs
        };
        match &self.of {
            Of::Rounds(_) => vec![("messages", vec!["role", "ts", "account"])],
            Of::Orders(_) => vec![("orders", vec!["paid_at", "shipped_at"])],
            Of::Inquiries(part) => part.needs(),
            Of::Offline(part) => part.needs(),
            Of::Register(part) => more(part.needs(), part.table()),
            Of::Expected(part) => part.needs(),
        }
    }

    fn per_shop(&self) -> bool {
        !matches!(self.of, Of::Register(_))
    }

    fn bucket(&self, _: &Rule, facts: &Facts, context: &Context<'_>) -> Result<Vec<Violation>, CalendarError> {
        match &self.of {
            Of::Rounds(part) => part.find(self, facts, context),
            Of::Orders(part) => part.find(self, facts, context),
            Of::Inquiries(part) => part.find(self, facts, context),
            Of::Offline(part) => part.find(self, facts, context),
            Of::Register(_) | Of::Expected(_) => Ok(Vec::new()),
        }
    }

    fn month(
        &self,
        rule: &Rule,
        month: &MonthFacts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<Violation>, CalendarError> {
        match &self.of {
            Of::Register(part) => part.find(&self.dues, rule, context),
            Of::Expected(part) => part.find(&self.dues, rule, month, context),
            _ => Ok(Vec::new()),
        }
    }

    fn last_due(&self, context: &Context<'_>) -> Result<Option<Ms>, CalendarError> {
        let last = context.window.own.end - 1;
        let mut latest = None;
        for due in self.dues.all() {
            latest = latest.max(due.at(last, crate::lake::names::NONE, None, context, &mut Trace::silent())?);
        }
        Ok(latest)
    }

    fn explain(&self, event: &Event, context: &Context<'_>, lang: &str) -> Result<Vec<String>, CalendarError> {
        let mut lines = Lines::new(lang);
        let at = context.zone.format(event.occurred_at);
        let (zh, en) = match &self.of {
            Of::Rounds(_) | Of::Offline(_) => ("买家提问", "asked at"),
            Of::Orders(part) if part.of_month_end() => ("月底统计时点", "as the month ended"),
            Of::Orders(_) => ("订单付款", "paid at"),
            Of::Inquiries(_) => ("买家咨询", "inquiry of"),
            Of::Register(_) => ("起算", "begins"),
            Of::Expected(_) => ("所属日期", "for the day"),
        };
        lines.add(format!("{zh}：{at}"), format!("{en} {at}"));
        if let Of::Rounds(part) = &self.of
            && let Some(asked) = part.asked
        {
            let cutoff = format_time_of_day(context.preset.cutoff_ms);
            match asked {
                Asked::BeforeCutoff => {
                    lines.add(
                        format!("早于 {cutoff}：按当天咨询处理"),
                        format!("before {cutoff}: belongs to its own day"),
                    );
                }
                Asked::AfterCutoff => lines.add(
                    format!("不早于 {cutoff}：归入下一个工作日"),
                    format!("at or after {cutoff}: belongs to the next working day"),
                ),
            }
        }
        let from = self.reckoned_from(event, context);
        let mut due_at = event.due_at;
        for due in self.dues.all() {
            let mut trace = Trace::on();
            let reckoned = due.at(from, event.caused_by, None, context, &mut trace)?;
            // Of several ways the one that the row took is shown.
            if reckoned.is_some() && (event.due_at.is_none() || reckoned == event.due_at) {
                lines.extend(trace.lines(context.zone, lang));
                due_at = reckoned;
                break;
            }
        }
        if let Some(due) = due_at {
            lines.outcome(due, event, context);
        }
        Ok(lines.done())
    }
}

impl Deadline {
    /// What the due time is reckoned from: mostly the event; for an inquiry its date.
    fn reckoned_from(&self, event: &Event, context: &Context<'_>) -> Ms {
        match self.of {
            Of::Inquiries(_) => context.zone.start_of(date_of(context.days.inquiry_day(event.occurred_at))),
            _ => event.occurred_at,
        }
    }
}
