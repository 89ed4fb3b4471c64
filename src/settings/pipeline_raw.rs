//! A pipeline as people write it. `paths.raw` has to be there; all else has a default.

use super::codes;
use super::date::Date;
use super::document::{Checked, Document};
use super::duration::Duration;
use super::files::Text;
use super::hours::HoursRaw;
use super::nearest::advice;
use super::pipeline::{CalendarSettings, Filters, Paths, Pipeline, StepLimits};
use super::preset::Preset;
use super::target::{Goal, Target};
use super::words::{Permille, TimeOfDay, Word, ZoneName};
use crate::base::Zone;
use crate::base::time::{DAY, HOUR};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;

/// One report: where the data is, and which calendar, preset and rulebook apply.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "kaohe pipeline")]
pub struct PipelineRaw {
    /// The report's name; left out: the file's.
    name: Option<Word>,
    /// Time zone of the shops.
    zone: ZoneName,
    /// Language of the pages.
    lang: Lang,
    /// A file in `pipelines/presets`, without `.toml`.
    #[schemars(with = "String")]
    preset: Spanned<String>,
    /// Folder of the rulebook.
    rulebook: Word,
    paths: PathsRaw,
    calendar: CalendarRaw,
    /// Opening hours by name. `online` and `office` have defaults.
    #[schemars(with = "BTreeMap<String, HoursRaw>")]
    hours: BTreeMap<String, Spanned<HoursRaw>>,
    filters: FiltersRaw,
    /// Regular expression that finds order numbers quoted in a chat.
    #[schemars(with = "String")]
    order_number: Spanned<String>,
    /// Share of rejected rows of a table beyond which nothing of it is published.
    rejects_max: Permille,
    /// Rows per bucket that are aimed at.
    #[schemars(with = "u64", range(min = 1))]
    bucket_rows: Spanned<u64>,
    /// How many days a month looks into its neighbours, on both sides.
    #[schemars(with = "u32", range(max = 366))]
    margin_days: Spanned<u32>,
    /// Times of day at which the backlog is counted.
    backlog_at: Vec<TimeOfDay>,
    /// The same, on working days alone.
    backlog_at_workdays: Vec<TimeOfDay>,
    /// Ratings below this number are shown as a count.
    min_ratings: u32,
    /// Measures each month in every preset, for the page that shows them side by side.
    compare_presets: bool,
    steps: StepsRaw,
    /// What key figures should reach, by their ids: first_in_45s = "95%", sales = "120000元".
    #[schemars(with = "BTreeMap<String, Target>")]
    targets: BTreeMap<Spanned<String>, Spanned<Target>>,
}

/// How long the steps of an order may take.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct StepsRaw {
    /// From created to paid.
    paid: Duration,
    /// From paid to shipped.
    shipped: Duration,
    /// From shipped to signed.
    signed: Duration,
}

/// Where things are; relative to the folder that holds `pipelines/`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PathsRaw {
    /// The exports as they came. Has to be there.
    raw: Option<PathBuf>,
    /// Holds `lake`, `mart` and `quarantine`.
    data: PathBuf,
    reports: PathBuf,
    /// The key that turns buyers into pseudonyms; made on the first run.
    key: PathBuf,
}

/// Which days are working days.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct CalendarRaw {
    /// "cn": China's public holidays and make-up days; "none": Monday to Friday.
    holidays: Holidays,
    /// The company's own days: date = "work" or "off".
    #[schemars(with = "BTreeMap<String, DayKind>")]
    dates: BTreeMap<Date, DayKind>,
}

/// What is passed over or set aside; each is counted and shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct FiltersRaw {
    /// A message made only of these, blanks, punctuation and emoji is closing words.
    closing_words: Vec<Word>,
    /// Chats whose buyer is an account of the company.
    own_staff: bool,
    /// Buyers (names as in the export) whose chats are set aside.
    blacklist: Vec<Word>,
    /// Phrases of advertising.
    advertising: Vec<Word>,
    /// Texts of auto replies, where an export does not mark them.
    auto_texts: Vec<Word>,
    /// Beginnings of auto replies.
    auto_prefixes: Vec<Word>,
    /// An advertising chat holds at most so many messages.
    advertising_max: u32,
    /// Mass messages: an agent's text that begins with @.
    mass: bool,
    /// Chats in which only the agent spoke.
    agent_only: bool,
    /// Chats without a word of buyer or agent.
    empty: bool,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Lang {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Holidays {
    #[default]
    Cn,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum DayKind {
    Work,
    Off,
}

/// A run of digits as long as the platforms' order numbers, none beside it. The boundaries are ASCII's, for there is
/// no blank between 订单 and a number.
const ORDER_NUMBER: &str = r"(?-u:\b)[0-9]{15,20}(?-u:\b)";

const CLOSING_WORDS: [&str; 32] = [
    "谢谢",
    "谢谢你",
    "谢谢您",
    "谢谢啦",
    "谢谢了",
    "多谢",
    "感谢",
    "谢了",
    "辛苦了",
    "麻烦了",
    "好",
    "好的",
    "好哒",
    "好滴",
    "好嘞",
    "嗯",
    "嗯嗯",
    "哦",
    "哦哦",
    "行",
    "可以",
    "收到",
    "知道了",
    "明白了",
    "了解",
    "再见",
    "拜拜",
    "ok",
    "okay",
    "thanks",
    "thank you",
    "bye",
];

impl Default for PipelineRaw {
    /// A test holds it equal to `pipelines/monthly.toml`, names and paths apart.
    fn default() -> Self {
        let unwritten = 0..0;
        PipelineRaw {
            name: None,
            zone: ZoneName(Zone::SHANGHAI),
            lang: Lang::Zh,
            preset: Spanned::new(unwritten.clone(), "regulation".to_owned()),
            rulebook: Word("pipelines/rulebook".to_owned()),
            paths: PathsRaw::default(),
            calendar: CalendarRaw::default(),
            hours: BTreeMap::new(),
            filters: FiltersRaw::default(),
            order_number: Spanned::new(unwritten.clone(), ORDER_NUMBER.to_owned()),
            rejects_max: Permille(10),
            bucket_rows: Spanned::new(unwritten.clone(), 1_000_000),
            margin_days: Spanned::new(unwritten, 21),
            backlog_at: vec![TimeOfDay(18 * HOUR), TimeOfDay(23 * HOUR)],
            backlog_at_workdays: vec![TimeOfDay(12 * HOUR)],
            min_ratings: 20,
            compare_presets: true,
            steps: StepsRaw::default(),
            targets: BTreeMap::new(),
        }
    }
}

impl Default for StepsRaw {
    fn default() -> Self {
        StepsRaw { paid: Duration(24 * HOUR), shipped: Duration(48 * HOUR), signed: Duration(7 * DAY) }
    }
}

impl Default for PathsRaw {
    fn default() -> Self {
        PathsRaw { raw: None, data: "data".into(), reports: "reports".into(), key: "data/kaohe.key".into() }
    }
}

impl Default for FiltersRaw {
    fn default() -> Self {
        FiltersRaw {
            closing_words: CLOSING_WORDS.map(|w| Word(w.to_owned())).into(),
            own_staff: true,
            blacklist: Vec::new(),
            advertising: Vec::new(),
            auto_texts: Vec::new(),
            auto_prefixes: Vec::new(),
            advertising_max: 3,
            mass: false,
            agent_only: true,
            empty: true,
        }
    }
}

/// Reads a pipeline. `presets` are those there are, valid or not, by name.
pub fn parse(text: &Text, presets: &BTreeMap<String, Checked<Preset>>) -> Checked<Pipeline> {
    let mut file = Document::new(text);
    let raw = file.read::<PipelineRaw>();
    let checked = raw.and_then(|raw| raw.check(text.stem(), &mut file, presets));
    file.finish(checked)
}

impl PipelineRaw {
    fn check(self, stem: &str, file: &mut Document, presets: &BTreeMap<String, Checked<Preset>>) -> Option<Pipeline> {
        self.check_numbers(file);
        self.check_reach(file, presets);
        if let Err(error) = regex::Regex::new(self.order_number.get_ref()) {
            let text = error.to_string();
            let why = text.lines().last().unwrap_or("").trim_start_matches("error: ");
            let help = "write a regular expression such as '[0-9]{15,20}'";
            file.wrong(codes::PATTERN, self.order_number.span(), format!("`order_number` is no pattern: {why}"), help);
        }
        let hours = hours(self.hours, file);
        let goal = |(id, target): (Spanned<String>, Spanned<Target>)| {
            let origin = file.origin_at(id.span().start..target.span().end);
            (id.into_inner(), Goal { target: target.into_inner(), origin })
        };
        let targets = self.targets.into_iter().map(goal).collect();
        let Some(raw) = self.paths.raw else {
            if !file.has_taken("paths.raw") {
                let help = "add to [paths]: raw = \"folder of the exports\"";
                file.wrong(codes::MISSING, 0..0, "`paths.raw` is missing: where are the exports?", help);
            }
            return None;
        };
        let texts = |words: Vec<Word>| words.into_iter().map(|w| w.0).collect();
        Some(Pipeline {
            name: self.name.map_or_else(|| stem.to_owned(), |n| n.0),
            zone: self.zone.0,
            lang: match self.lang {
                Lang::Zh => "zh".to_owned(),
                Lang::En => "en".to_owned(),
            },
            preset: self.preset.into_inner(),
            rulebook: self.rulebook.0.trim_end_matches('/').to_owned(),
            paths: Paths { raw, data: self.paths.data, reports: self.paths.reports, key: self.paths.key },
            calendar: CalendarSettings {
                statutory: self.calendar.holidays == Holidays::Cn,
                dates: self.calendar.dates.into_iter().map(|(d, kind)| (d.0, kind == DayKind::Work)).collect(),
            },
            hours,
            filters: Filters {
                closing_words: texts(self.filters.closing_words),
                own_staff: self.filters.own_staff,
                blacklist: texts(self.filters.blacklist),
                advertising: texts(self.filters.advertising),
                auto_texts: texts(self.filters.auto_texts),
                auto_prefixes: texts(self.filters.auto_prefixes),
                advertising_max: self.filters.advertising_max,
                mass: self.filters.mass,
                agent_only: self.filters.agent_only,
                empty: self.filters.empty,
            },
            order_number: self.order_number.into_inner(),
            rejects_max_permille: self.rejects_max.0,
            bucket_rows: self.bucket_rows.into_inner(),
            margin_days: self.margin_days.into_inner(),
            backlog_at: in_order(self.backlog_at),
            backlog_at_workdays: in_order(self.backlog_at_workdays),
            min_ratings: self.min_ratings,
            compare_presets: self.compare_presets,
            steps: StepLimits {
                paid_ms: self.steps.paid.ms(),
                shipped_ms: self.steps.shipped.ms(),
                signed_ms: self.steps.signed.ms(),
            },
            targets,
        })
    }

    fn check_numbers(&self, file: &mut Document) {
        if *self.bucket_rows.get_ref() == 0 {
            file.wrong(codes::LIMITS, self.bucket_rows.span(), "a bucket holds at least 1 row", "try 1_000_000");
        }
        if *self.margin_days.get_ref() > 366 {
            let message = "a month looks at most 366 days into its neighbours";
            file.wrong(codes::LIMITS, self.margin_days.span(), message, "21 is enough for the definitions as shipped");
        }
    }

    /// The preset is there, and no definition of any preset reaches beyond the margin: figures would depend on which
    /// months were computed together.
    fn check_reach(&self, file: &mut Document, presets: &BTreeMap<String, Checked<Preset>>) {
        let name = self.preset.get_ref();
        if !presets.contains_key(name) {
            let known: Vec<&str> = presets.keys().map(String::as_str).collect();
            let message = format!("there is no preset `{name}` in pipelines/presets");
            file.wrong(codes::NOT_FOUND, self.preset.span(), message, &advice(name, &known));
        }
        // The preset in use first, so that it is the one named where several reach as far.
        let chosen = presets.get(name).into_iter().chain(presets.values()).flatten();
        let furthest = chosen.map(|preset| (preset.reach(), preset)).reduce(|a, b| if b.0.1 > a.0.1 { b } else { a });
        let margin = u64::from(*self.margin_days.get_ref());
        if let Some(((key, days), preset)) = furthest
            && days > margin
        {
            let message = format!("`{key}` of preset `{}` reaches {days} days, `margin_days` {margin}", preset.name);
            file.wrong(codes::LIMITS, self.margin_days.span(), message, &format!("write margin_days = {days}"));
        }
    }
}

/// Hours checked, with the defaults of those that were left out.
fn hours(written: BTreeMap<String, Spanned<HoursRaw>>, file: &mut Document) -> BTreeMap<String, HoursRaw> {
    let mut hours = default_hours();
    for (name, raw) in written {
        let origin = file.origin(raw.span(), "[");
        let raw = raw.into_inner();
        raw.check(&origin).into_iter().for_each(|found| file.add(found));
        hours.insert(name, raw);
    }
    hours
}

/// 9:00-23:00 every day, and the office's eight hours; the regulations' own (细则 第三部分, 管理制度).
fn default_hours() -> BTreeMap<String, HoursRaw> {
    const TEXT: &str = "online.every_day = [[\"09:00\", \"23:00\"]]
        office.working_days = [[\"09:00\", \"12:00\"], [\"13:00\", \"18:00\"]]";
    toml::from_str(TEXT).unwrap_or_default()
}

fn in_order(times: Vec<TimeOfDay>) -> Vec<i64> {
    let mut times: Vec<i64> = times.into_iter().map(|t| t.0).collect();
    times.sort_unstable();
    times.dedup();
    times
}
