//! `pipelines/half-year.toml`: defaults, what projects write, and what is wrong by file, line and column.

use crate::support::{Project, stdout};
use kaohe::settings::{Files, HalfYear, Settings};

const FILE: &str = "pipelines/half-year.toml";

fn load(text: Option<&str>) -> Result<HalfYear, Vec<String>> {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    match text {
        Some(text) => project.write(FILE, text),
        None => std::fs::remove_file(project.path().join(FILE)).expect("init wrote it"),
    }
    let files = Files::new(project.path());
    let settings = Settings::load(&files, "pipelines/monthly.toml").expect("the other settings");
    HalfYear::load(&files, &settings).map_err(|e| {
        let told = |d: &kaohe::base::Diagnostic| {
            let (line, column) = d.places[0].line_column();
            format!("{}:{}:{} {}", d.places[0].file, line.unwrap_or(0), column.unwrap_or(0), d.message)
        };
        e.diagnostics().iter().map(told).collect()
    })
}

#[test]
fn the_file_says_the_defaults() {
    let shipped = std::fs::read_to_string(FILE).expect("the shipped settings");
    let (written, empty, none) = (load(Some(&shipped)), load(Some("")), load(None));
    let bare = |h: Result<HalfYear, Vec<String>>| {
        let h = h.expect("settings");
        HalfYear { shown: Vec::new(), hash: String::new(), ..h }
    };
    let written = bare(written);
    assert_eq!(written, bare(empty), "what is left out is the default");
    assert_eq!(written, bare(none), "as is a missing file");
    let w = written.weights;
    assert_eq!([w.sales, w.efficiency, w.satisfaction, w.discipline], [30, 20, 20, 30]);
    assert_eq!((written.attainment_cap, written.min_orders, written.min_ratings), (120, 5, 20));
    let g = &written.grades;
    assert_eq!([g.excellent, g.good, g.pass], [9_000, 8_000, 6_000], "the rulebook's");
    let l = &written.ladder;
    assert_eq!([l.warning, l.demerit, l.demotion, l.dismissal], [6_000, 12_000, 18_000, 24_000]);
    assert_eq!((written.awards_max, written.pay.supervisor_fixed, written.pay.bonus_by_score), (3, 350_000, true));
}

#[test]
fn a_project_s_own_words_count() {
    let text = "[weights]\nsales = 0\nefficiency = 0\nsatisfaction = 0\ndiscipline = 100\n[parts]\nmin_ratings = 3\n\
        steps = [\"paid\", \"shipped\"]\n[grades]\nexcellent = 92.5\n[ladder]\nwarning = 1.5\nserious_rules = [\"cs.record.leak\"]\n\
        [pay]\nbonus = \"full\"\nsupervisor_fixed = 3600.50\n";
    let half = load(Some(text)).expect("settings");
    assert_eq!((half.weights.discipline, half.min_ratings, half.grades.excellent), (100, 3, 9_250));
    assert_eq!((half.steps, half.ladder.warning), (vec!["paid".to_owned(), "shipped".to_owned()], 150));
    assert_eq!(half.ladder.serious_rules, ["cs.record.leak"]);
    assert_eq!((half.pay.bonus_by_score, half.pay.supervisor_fixed), (false, 360_050));
    let shown = |name: &str| half.shown.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    assert_eq!(shown("half-year.grades.excellent"), Some("92.5"));
    assert_eq!(shown("half-year.ladder.demerit"), Some("120"), "defaults are shown, too");
}

#[test]
fn each_mistake_is_told_with_its_place() {
    let wrong = |text: &str| load(Some(text)).expect_err("it is wrong");
    assert_eq!(
        wrong("[weights]\nsales = 40\n"),
        ["pipelines/half-year.toml:1:1 the weights come to 110 percent, and have to come to 100"]
    );
    assert_eq!(wrong("[awards]\nmost = 3\n"), ["pipelines/half-year.toml:2:1 there is no key `most` here"]);
    let several = wrong(
        "[ladder]\nwarning = 150\nserious_rules = [\"cs.record.leek\"]\n[grades]\npass = 85\n[parts]\nattainment_cap = 0\nsteps = [\"packed\"]\n",
    );
    assert_eq!(
        several,
        [
            "pipelines/half-year.toml:1:1 the ladder is out of order: 0 < warning ≤ demerit ≤ demotion ≤ dismissal has to hold",
            "pipelines/half-year.toml:3:18 the rulebook has no rule `cs.record.leek`",
            "pipelines/half-year.toml:4:1 the grades are out of order: pass ≤ good ≤ excellent has to hold",
            "pipelines/half-year.toml:7:18 attainment counts for at most 0 percent",
            "pipelines/half-year.toml:8:10 `parts.steps` cannot be `packed`",
        ]
    );
}

#[test]
fn editors_are_told_of_it() {
    let output = Project::new().kaohe(&["schema", "settings"]);
    let schema: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert!(schema["half-year"]["properties"]["ladder"].is_object());
}
