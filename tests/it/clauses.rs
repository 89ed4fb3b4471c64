//! A test per row of the regulations' table of clauses, by id: the rule is there, costs what the clause says, and its
//! examples (one that costs, one just inside) hold when they are run.

use kaohe::pipeline::{Options, Project, examples};
use kaohe::settings::rulebook::{Charge, Payer, Points, Rule};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    // The folder of the pipeline alone: everything comes from the defaults that the binary holds.
    PROJECT.get_or_init(|| {
        Project::open(Path::new("pipelines/monthly.toml"), Options::default()).expect("the shipped settings")
    })
}

fn fixed(to: Payer, points: i32) -> Charge {
    Charge { to, points: Points::Fixed(points) }
}

fn range(to: Payer, min: i32, max: i32) -> Charge {
    Charge { to, points: Points::Range { min, max } }
}

/// The rule of a row: its charges in hundredths, its role, its examples.
fn row(id: &str, role: &str, charges: &[Charge]) -> &'static Rule {
    let rules: Vec<&Rule> = project().settings.rulebook.rules.iter().filter(|r| r.id == id).collect();
    let [rule] = rules.as_slice() else { panic!("{id}: {} rules", rules.len()) };
    assert_eq!(rule.charge, charges, "{id}");
    let roles: Vec<&str> = rule.applies_to.iter().map(String::as_str).collect();
    assert_eq!(roles, if role.is_empty() { vec![] } else { vec![role] }, "{id}");
    for (what, text) in [("quote", &rule.quote), ("zh", &rule.interpretation.zh), ("en", &rule.interpretation.en)] {
        assert!(!text.trim().is_empty(), "{id} has no {what}");
    }
    assert!(rule.examples.iter().any(|e| !e.expect.is_empty()), "{id}: no example costs anything");
    assert!(rule.examples.iter().any(|e| e.expect.is_empty()), "{id}: no example is just inside");
    let tested = examples::test(project(), Some(id)).expect("examples that can be read");
    assert_eq!(tested.len(), rule.examples.len());
    let wrong: Vec<_> = tested.iter().filter(|t| t.expected != t.found).collect();
    assert!(wrong.is_empty(), "{id}: {wrong:#?}");
    rule
}

macro_rules! rows {
    ($($name:ident: $id:literal, $role:literal, [$($charge:expr),+] $(, $more:expr)?;)+) => {
        /// Every id of the table.
        const ROWS: &[&str] = &[$($id),+];
        $(#[test]
        fn $name() {
            let rule = row($id, $role, &[$($charge),+]);
            $(let more: fn(&Rule) = $more; more(rule);)?
            let _ = rule;
        })+
    };
}

const OWN: Payer = Payer::Caused;
const CS: &str = "customer_service";

rows! {
    lunch_uncovered: "cs.online.lunch_uncovered", "customer_service", [fixed(Payer::OnShift, 100)];
    unmarked_away: "cs.online.unmarked_away", "customer_service", [fixed(OWN, 100), fixed(Payer::Supervisor, 200)];
    weekend_uncovered: "cs.online.weekend_uncovered", "customer_service", [fixed(OWN, 100)];
    day_unfinished: "cs.online.day_unfinished", "customer_service", [fixed(OWN, 150)];
    night_unfinished: "cs.online.night_unfinished", "customer_service", [fixed(OWN, 150)];
    missing_annotation: "cs.online.missing_annotation", "customer_service", [fixed(OWN, 150)];
    auto_reply_content: "cs.reply.auto_reply_content", "customer_service", [fixed(OWN, 50)];
    promotion_missing: "cs.reply.promotion_missing", "customer_service", [fixed(OWN, 50)];
    promotion_stale: "cs.reply.promotion_stale", "customer_service", [fixed(OWN, 50)];
    first_response: "cs.reply.first_response", "customer_service", [fixed(OWN, 0)];
    missed: "cs.reply.missed", "customer_service", [fixed(OWN, 0)];
    phone: "cs.reply.phone", "customer_service", [fixed(OWN, 100)];
    bad_review: "cs.reply.bad_review", "customer_service", [fixed(OWN, 300)];
    bad_review_text: "cs.reply.bad_review_text", "customer_service", [fixed(OWN, 500)];
    misquote: "cs.reply.misquote", "customer_service", [fixed(OWN, 500)];
    record_late: "cs.record.late", "customer_service", [fixed(OWN, 150)];
    record_missing: "cs.record.missing", "customer_service", [fixed(OWN, 150)];
    record_wrong: "cs.record.wrong", "customer_service", [fixed(OWN, 150)];
    weekly_summary: "cs.record.weekly_summary", "customer_service", [fixed(OWN, 50)];
    leak: "cs.record.leak", "customer_service", [fixed(OWN, 1000)];
    followup_late: "cs.followup.late", "customer_service", [fixed(OWN, 50)], |rule| {
        let e = rule.escalation.expect("3次以上加倍");
        assert_eq!((e.from, e.factor), (3, 2));
    };
    followup_form: "cs.followup.form", "customer_service", [fixed(OWN, 100)];
    documents_overnight: "cs.documents.overnight", "customer_service", [fixed(OWN, 300)];
    payment_slip: "cs.documents.payment_slip", "customer_service", [fixed(OWN, 300)];
    shipment: "cs.aftersales.shipment", "customer_service", [fixed(OWN, 300)];
    feedback: "cs.aftersales.feedback", "customer_service", [fixed(OWN, 300)];
    month_end: "cs.aftersales.month_end", "customer_service", [fixed(OWN, 300)];
    month_end_unhandled: "cs.aftersales.month_end_unhandled", "customer_service", [fixed(OWN, 300)];
    meeting_absent: "cs.meeting.absent", "customer_service", [fixed(OWN, 50)];
    hours_uncovered: "cs.online.hours_uncovered", "customer_service", [fixed(Payer::OnShift, 0)];
    slip_misplaced: "cs.documents.slip_misplaced", "customer_service", [fixed(OWN, 0)];
    listing_late: "ed.listing.late", "editor", [fixed(OWN, 500)];
    update_late: "ed.update.late", "editor", [fixed(OWN, 300)];
    check_error: "ed.check.error", "editor", [range(OWN, 100, 10_000)];
    support_uncooperative: "ed.support.uncooperative", "editor", [fixed(OWN, 300)];
    other_late: "ed.other.late", "editor", [range(OWN, 200, 400)];
    log_missing: "ed.log.missing", "editor", [fixed(OWN, 0)];
    copy_late: "cw.copy.late", "copywriter", [fixed(OWN, 300)];
    copy_material: "cw.material.slack", "copywriter", [range(OWN, 100, 300)];
    design_late: "ar.design.late", "artist", [fixed(OWN, 300)];
    design_material: "ar.material.slack", "artist", [range(OWN, 100, 300)];
    duty_unfinished: "hd.duty.unfinished", "head", [fixed(OWN, 500)];
    help_unresolved: "hd.help.unresolved", "head", [fixed(OWN, 500)];
    failed_staff: "hd.training.failed_staff", "", [range(Payer::Supervisor, 300, 500)];
}

#[test]
fn the_table_has_forty_four_rows() {
    let rows: BTreeSet<&str> = ROWS.iter().copied().collect();
    assert_eq!(rows.len(), 44);
}

#[test]
fn every_rule_is_of_the_table_or_says_why_not() {
    // The clause fines meetings alone; training is watched by a rule of its own.
    let beside = ["cs.meeting.training_absent"];
    let rules: BTreeSet<&str> = project().settings.rulebook.rules.iter().map(|r| r.id.as_str()).collect();
    let known: BTreeSet<&str> = ROWS.iter().copied().chain(beside).collect();
    assert_eq!(rules, known);
    row("cs.meeting.training_absent", CS, &[fixed(OWN, 0)]);
}

#[test]
fn only_follow_ups_escalate() {
    let escalating: Vec<&str> =
        project().settings.rulebook.rules.iter().filter(|r| r.escalation.is_some()).map(|r| r.id.as_str()).collect();
    assert_eq!(escalating, ["cs.followup.late"]);
}
