//! Every key figure, in one place: from what it is reckoned and which way is good. Headlines, rankings and tables take
//! their numbers from here.

use super::desk::From;
use super::sums::{Sums, Totals};
use crate::lake::schema::STAFF_DAY;
use crate::report::data::{Inputs, Percentiles};
use crate::report::format::Quantity::{self, Count, Duration, Fen, Share, Tenths};
use crate::report::format::Ratio;
use crate::report::words::Words;

/// Which way is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    More,
    Less,
    Neither,
}

/// One figure. The catalogue has its name (`kpi.ID.name`) and its definition (`kpi.ID.definition`).
#[derive(Debug)]
pub struct Kpi {
    pub id: &'static str,
    pub better: Better,
    pub of: fn(&Totals) -> Option<Quantity>,
}

impl Kpi {
    pub fn name(&self, words: &Words, inputs: &Inputs) -> String {
        self.fill(words, inputs, "name")
    }

    pub fn definition(&self, words: &Words, inputs: &Inputs) -> String {
        self.fill(words, inputs, "definition")
    }

    /// Its unit: what it says of a month in which everything happened once.
    pub fn unit(&self) -> Option<Quantity> {
        let sums = Sums::from(STAFF_DAY.columns.iter().map(|c| (c.name, 1)).collect());
        let once = Percentiles { count: 1, ..Percentiles::default() };
        let link = Ratio::new(Some(1), Some(1));
        (self.of)(&Totals { first: Some(&once), link, backlog: Some(1), unshipped: Some(1), ..Totals::bare(&sums) })
    }

    /// Its page, seen from another.
    pub fn href(&self, from: From) -> String {
        format!("{}{}", from.prefix(), self.file())
    }

    /// The file of its page.
    pub fn file(&self) -> String {
        format!("figures/{}.html", self.id)
    }

    fn fill(&self, words: &Words, inputs: &Inputs, what: &str) -> String {
        let target = Duration(inputs.target_ms).show(words);
        let clock = words.named("clock", &inputs.clock);
        words.fill(&format!("kpi.{}.{what}", self.id), &[("target", &target), ("clock", &clock)])
    }
}

fn share(ratio: Option<Ratio>) -> Option<Quantity> {
    ratio.map(|r| Share(r.scaled(10_000)))
}

fn mean(ratio: Option<Ratio>) -> Option<Quantity> {
    ratio.map(|r| Duration(r.duration()))
}

fn less(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    Some(a?.saturating_sub(b?))
}

/// Received per hour online, exact.
pub fn received_per_hour(t: &Totals) -> Option<Ratio> {
    per_hour(t, "received_count")
}

fn per_hour(t: &Totals, name: &str) -> Option<Ratio> {
    let hours = t.sums.get("online_sum_ms");
    Ratio::new(t.sums.get(name).map(|n| n.saturating_mul(crate::base::time::HOUR)), hours)
}

macro_rules! kpis {
    ($($name:ident $id:literal $better:ident = $of:expr;)*) => {
        $(pub static $name: Kpi = Kpi { id: $id, better: Better::$better, of: $of };)*
        /// All of them, in the order of the page of definitions.
        pub static ALL: &[&Kpi] = &[$(&$name),*];
    };
}

kpis! {
    INQUIRIES "inquiries" More = |t| t.sums.get("inquiries_count").map(Count);
    RECEIVED "received" More = |t| t.sums.get("received_count").map(Count);
    RECEIVED_PER_HOUR "received_per_hour" More = |t| received_per_hour(t).map(|r| Tenths(r.scaled(10)));
    FIRST_MEDIAN "first_median" Less = |t| t.first.map(|p| Duration(Ratio::whole(p.p50).duration()));
    FIRST_P90 "first_p90" Less = |t| t.first.map(|p| Duration(Ratio::whole(p.p90).duration()));
    FIRST_MEAN "first_mean" Less = |t| mean(t.sums.ratio("first_response_sum_ms", "first_response_count"));
    FIRST_IN_45S "first_in_45s" More = |t| share(t.sums.ratio("first_response_in_45s_count", "first_response_count"));
    FIRST_IN_3MIN "first_in_3min" More =
        |t| share(t.sums.ratio("first_response_in_3min_count", "first_response_count"));
    RATE_MET "rate_met" More = |t| share(t.sums.ratio("rate_met_count", "rate_count"));
    RESPONSE_MEAN "response_mean" Less = |t| mean(t.sums.ratio("response_sum_ms", "response_count"));
    REPLY_RATE "reply_rate" More = |t| {
        let received = t.sums.get("received_count");
        share(Ratio::new(less(received, t.sums.get("unanswered_count")), received))
    };
    MISSED "missed" Less = |t| t.sums.get("missed_count").map(Count);
    SLOW "slow" Less = |t| t.sums.get("slow_count").map(Count);
    LONG "long" Less = |t| t.sums.get("long_count").map(Count);
    ANSWER_RATIO "answer_ratio" Neither =
        |t| share(t.sums.ratio("agent_messages_count", "buyer_messages_count"));
    CONCURRENT "concurrent" Neither = |t| t.sums.get("concurrent_max").map(Count);
    SATISFACTION "satisfaction" More = |t| share(t.sums.ratio("satisfied_count", "rated_count"));
    RATED "rated" More = |t| t.sums.get("rated_count").map(Count);
    BAD_REVIEWS "bad_reviews" Less = |t| t.sums.get("bad_reviews_count").map(Count);
    BACKLOG "backlog" Less = |t| t.backlog.map(Count);
    UNSHIPPED "unshipped" Less = |t| t.unshipped.map(Count);
    CONVERSION "conversion" More = |t| share(t.sums.ratio("converted_final_count", "presales_count"));
    CONVERSION_SAME_DAY "conversion_same_day" More =
        |t| share(t.sums.ratio("converted_same_day_count", "presales_count"));
    CONVERSION_NEXT_DAY "conversion_next_day" More =
        |t| share(t.sums.ratio("converted_next_day_count", "presales_count"));
    CONVERSION_PAID "conversion_paid" More = |t| share(t.sums.ratio("paid_final_count", "presales_count"));
    LINK_RATE "link_rate" More = |t| share(t.link);
    ORDERS "orders" More = |t| t.sums.get("orders_count").map(Count);
    SALES "sales" More = |t| t.sums.get("sales_sum_fen").map(Fen);
    SALES_NET "sales_net" More = |t| less(t.sums.get("sales_sum_fen"), t.sums.get("refunds_sum_fen")).map(Fen);
    SALES_PER_HOUR "sales_per_hour" More = |t| per_hour(t, "sales_sum_fen").map(|r| Fen(r.scaled(1)));
    ORDER_VALUE "order_value" Neither = |t| t.sums.ratio("sales_sum_fen", "paid_count").map(|r| Fen(r.scaled(1)));
    REFUND_RATE "refund_rate" Less = |t| share(t.sums.ratio("refunds_sum_fen", "sales_sum_fen"));
}

/// The share in time that the preset asks for: within 45 s, or the preset's own where its target is another.
pub fn in_time(inputs: &Inputs) -> &'static Kpi {
    if inputs.target_ms == 45_000 { &FIRST_IN_45S } else { &RATE_MET }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_a_unit() {
        for kpi in ALL {
            assert!(kpi.unit().is_some(), "{}", kpi.id);
        }
        assert!(matches!(SALES.unit(), Some(Fen(_))) && matches!(FIRST_MEDIAN.unit(), Some(Duration(_))));
        assert!(matches!(LINK_RATE.unit(), Some(Share(_))) && matches!(BACKLOG.unit(), Some(Count(_))));
    }
}
