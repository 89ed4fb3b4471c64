//! The settings of reviews as people write them. Everything has a default.

use super::codes;
use super::document::{Checked, Document};
use super::files::{Text, hash_of};
use super::half_year::{HalfYear, Ladder, PaySettings, Weights};
use super::nearest::advice;
use super::pipeline::Pipeline;
use super::points::{Number, hundredths};
use super::rulebook::{Rulebook, Scoring};
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// How half-years and years are rated.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "kaohe half-year")]
pub struct HalfYearRaw {
    #[schemars(with = "Option<WeightsRaw>")]
    weights: Option<Spanned<WeightsRaw>>,
    parts: PartsRaw,
    #[schemars(with = "Option<GradesRaw>")]
    grades: Option<Spanned<GradesRaw>>,
    #[schemars(with = "Option<LadderRaw>")]
    ladder: Option<Spanned<LadderRaw>>,
    awards: AwardsRaw,
    pay: PayRaw,
}

/// What the parts of a score weigh, percent; 100 together.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct WeightsRaw {
    sales: u32,
    efficiency: u32,
    satisfaction: u32,
    discipline: u32,
}

impl Default for WeightsRaw {
    fn default() -> Self {
        WeightsRaw { sales: 30, efficiency: 20, satisfaction: 20, discipline: 30 }
    }
}

/// What the parts count.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PartsRaw {
    /// The most that sales attainment counts for, percent.
    #[schemars(with = "u32", range(min = 1, max = 1000))]
    attainment_cap: Spanned<u32>,
    /// Which steps of orders make the efficiency.
    #[schemars(with = "Vec<StepRaw>")]
    steps: Spanned<Vec<StepRaw>>,
    /// Fewer steps are shown as a count.
    min_orders: u32,
    /// Fewer ratings are shown as a count; left out: the pipeline's.
    min_ratings: Option<u32>,
}

impl Default for PartsRaw {
    fn default() -> Self {
        let (cap, steps) = (Spanned::new(0..0, 120), Spanned::new(0..0, vec![StepRaw::Shipped]));
        PartsRaw { attainment_cap: cap, steps, min_orders: 5, min_ratings: None }
    }
}

/// A step of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum StepRaw {
    /// From created to paid.
    Paid,
    /// From paid to shipped.
    Shipped,
    /// From shipped to signed.
    Signed,
}

/// Lower limits of the grades, points; left out: the rulebook's.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct GradesRaw {
    #[schemars(with = "Option<f64>")]
    excellent: Option<Spanned<Number>>,
    #[schemars(with = "Option<f64>")]
    good: Option<Spanned<Number>>,
    #[schemars(with = "Option<f64>")]
    pass: Option<Spanned<Number>>,
}

/// Points lost in the half-year from which a step of the ladder is proposed: the company's choice.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct LadderRaw {
    #[schemars(with = "Option<f64>")]
    warning: Option<Spanned<Number>>,
    #[schemars(with = "Option<f64>")]
    demerit: Option<Spanned<Number>>,
    #[schemars(with = "Option<f64>")]
    demotion: Option<Spanned<Number>>,
    #[schemars(with = "Option<f64>")]
    dismissal: Option<Spanned<Number>>,
    /// Rules of which one violation is enough to talk about a dismissal.
    #[schemars(with = "Vec<String>")]
    serious_rules: Vec<Spanned<String>>,
}

/// Who is proposed for an award.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct AwardsRaw {
    /// The most people, ties apart.
    max: u32,
}

impl Default for AwardsRaw {
    fn default() -> Self {
        AwardsRaw { max: 3 }
    }
}

/// How the pay preview reckons: the company's choice.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PayRaw {
    /// A supervisor's fixed pay a month where the file says none, yuan.
    #[schemars(with = "Option<f64>")]
    supervisor_fixed: Option<Spanned<Number>>,
    bonus: BonusRaw,
}

/// How much of the bonus is paid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum BonusRaw {
    /// In proportion to the month's score.
    #[default]
    Score,
    /// All of it.
    Full,
}

/// Reads and checks the file. `shown` is left empty.
pub fn parse(text: &Text, pipeline: &Pipeline, rulebook: &Rulebook) -> Checked<HalfYear> {
    let mut file = Document::new(text);
    let checked = file.read::<HalfYearRaw>().and_then(|raw| raw.check(text, pipeline, rulebook, &mut file));
    file.finish(checked)
}

impl HalfYearRaw {
    fn check(self, text: &Text, pipeline: &Pipeline, book: &Rulebook, file: &mut Document) -> Option<HalfYear> {
        let weights = weights(self.weights, file);
        let cap = *self.parts.attainment_cap.get_ref();
        if !(1..=1000).contains(&cap) {
            let message = format!("attainment counts for at most {cap} percent");
            file.wrong(codes::LIMITS, self.parts.attainment_cap.span(), message, "write 1 to 1000, such as 120");
        }
        let span = self.parts.steps.span();
        let steps = self.parts.steps.into_inner();
        if steps.is_empty() || (1..steps.len()).any(|i| steps[i..].contains(&steps[i - 1])) {
            file.wrong(codes::LIMITS, span, "each step once, and one at least", "such as steps = [\"shipped\"]");
        }
        let grades = grades(self.grades, &book.scoring, file);
        let ladder = ladder(self.ladder, book, file);
        let fixed = self.pay.supervisor_fixed.as_ref().map_or(Some(350_000), |n| hundredths(n, file));
        Some(HalfYear {
            weights,
            attainment_cap: i64::from(cap),
            steps: steps.into_iter().map(|s| step_name(s).to_owned()).collect(),
            min_orders: i64::from(self.parts.min_orders),
            min_ratings: i64::from(self.parts.min_ratings.unwrap_or(pipeline.min_ratings)),
            grades: grades?,
            ladder: ladder?,
            awards_max: self.awards.max as usize,
            pay: PaySettings { supervisor_fixed: i64::from(fixed?), bonus_by_score: self.pay.bonus == BonusRaw::Score },
            shown: Vec::new(),
            hash: hash_of([text]),
        })
    }
}

fn step_name(step: StepRaw) -> &'static str {
    match step {
        StepRaw::Paid => "paid",
        StepRaw::Shipped => "shipped",
        StepRaw::Signed => "signed",
    }
}

fn weights(raw: Option<Spanned<WeightsRaw>>, file: &mut Document) -> Weights {
    let (span, raw) = raw.map_or_else(|| (0..0, WeightsRaw::default()), |r| (r.span(), r.into_inner()));
    let [sales, efficiency, satisfaction, discipline] =
        [raw.sales, raw.efficiency, raw.satisfaction, raw.discipline].map(i64::from);
    let sum = sales + efficiency + satisfaction + discipline;
    if sum != 100 {
        let help = "such as sales = 30, efficiency = 20, satisfaction = 20, discipline = 30";
        file.wrong(codes::LIMITS, span, format!("the weights come to {sum} percent, and have to come to 100"), help);
    }
    Weights { sales, efficiency, satisfaction, discipline }
}

/// Limits that are left out are the rulebook's.
fn grades(raw: Option<Spanned<GradesRaw>>, book: &Scoring, file: &mut Document) -> Option<Scoring> {
    let (span, raw) = raw.map_or_else(|| (0..0, GradesRaw::default()), |r| (r.span(), r.into_inner()));
    let mut of = |number: &Option<Spanned<Number>>, other: i32| match number {
        Some(number) => hundredths(number, file),
        None => Some(other),
    };
    let (excellent, good, pass) =
        (of(&raw.excellent, book.excellent), of(&raw.good, book.good), of(&raw.pass, book.pass));
    let scoring = Scoring { excellent: excellent?, good: good?, pass: pass?, ..book.clone() };
    if !(scoring.pass <= scoring.good && scoring.good <= scoring.excellent) {
        let message = "the grades are out of order: pass ≤ good ≤ excellent has to hold";
        file.wrong(codes::LIMITS, span, message, "such as pass 60, good 80, excellent 90");
    }
    Some(scoring)
}

fn ladder(raw: Option<Spanned<LadderRaw>>, book: &Rulebook, file: &mut Document) -> Option<Ladder> {
    let (span, raw) = raw.map_or_else(|| (0..0, LadderRaw::default()), |r| (r.span(), r.into_inner()));
    let mut of = |number: &Option<Spanned<Number>>, other: i64| match number {
        Some(number) => hundredths(number, file).map(i64::from),
        None => Some(other),
    };
    let (warning, demerit) = (of(&raw.warning, 6_000), of(&raw.demerit, 12_000));
    let (demotion, dismissal) = (of(&raw.demotion, 18_000), of(&raw.dismissal, 24_000));
    let (warning, demerit, demotion, dismissal) = (warning?, demerit?, demotion?, dismissal?);
    if ![warning, demerit, demotion, dismissal].is_sorted() || warning == 0 {
        let message = "the ladder is out of order: 0 < warning ≤ demerit ≤ demotion ≤ dismissal has to hold";
        file.wrong(codes::LIMITS, span, message, "such as warning 60, demerit 120, demotion 180, dismissal 240");
    }
    let mut known: Vec<&str> = book.rules.iter().map(|r| r.id.as_str()).collect();
    known.dedup();
    for rule in raw.serious_rules.iter().filter(|r| !known.contains(&r.get_ref().as_str())) {
        let message = format!("the rulebook has no rule `{}`", rule.get_ref());
        file.wrong(codes::NOT_FOUND, rule.span(), message, &advice(rule.get_ref(), &known));
    }
    let serious_rules = raw.serious_rules.into_iter().map(Spanned::into_inner).collect();
    Some(Ladder { warning, demerit, demotion, dismissal, serious_rules })
}
