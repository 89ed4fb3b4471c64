//! Reports from made-up inputs: every page in both languages, sizes from nobody to 200 agents, hostile text, figures
//! worked out by hand, the same bytes twice.

mod charts;
mod forms;
mod made;
mod palette;
pub mod walk;

use base64::Engine;
use kaohe::base::Error;
use kaohe::base::time::{HOUR, SECOND};
use kaohe::report::data::*;
use kaohe::report::engine::Source;
use kaohe::report::render::catalogue;
use kaohe::report::{render, views};
use kaohe::settings::files::Text;
use sha2::Digest;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn template(name: &str) -> kaohe::base::Result<Option<Text>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(name);
    let text = std::fs::read_to_string(path).ok();
    Ok(text.map(|text| Text { name: name.to_owned(), text: text.into() }))
}

/// Every file of a report that is a text.
fn files(inputs: &Inputs) -> BTreeMap<String, String> {
    let files = render(inputs, &template).unwrap().into_iter().filter(|(name, _)| !name.ends_with(".xlsx"));
    files.map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap())).collect()
}

/// One shop, two agents, three days in May and one in April: every figure below can be reckoned on paper.
fn small() -> Inputs {
    let mut inputs = made::bare("zh");
    let day = |month: u32, day: u32, staff: &str, measures: &[(&'static str, i64)]| StaffDay {
        date: chrono::NaiveDate::from_ymd_opt(2026, month, day).unwrap(),
        shop: "甲店".to_owned(),
        staff_id: staff.to_owned(),
        measures: measures.iter().copied().collect(),
    };
    let measures = |received, first, sum, in_45s, presales, converted, hours: i64| {
        [
            ("inquiries_count", received),
            ("received_count", received),
            ("unanswered_count", 1),
            ("missed_count", 0),
            ("first_response_count", first),
            ("first_response_sum_ms", sum),
            ("first_response_in_45s_count", in_45s),
            ("response_count", 2 * first),
            ("response_sum_ms", 3 * sum),
            ("presales_count", presales),
            ("converted_final_count", converted),
            ("orders_count", converted),
            ("sales_sum_fen", converted * 12_345),
            ("refunds_sum_fen", 45),
            ("online_sum_ms", hours * HOUR),
        ]
    };
    let person = |id: &str, name: &str| Person {
        staff_id: id.to_owned(),
        name: name.to_owned(),
        role: "customer_service".to_owned(),
        team: None,
        supervisor_id: None,
    };
    let zone = inputs.zone;
    let mut april = made::empty_month("2026-04".parse().unwrap());
    april.people = vec![person("A1", "张三")];
    april.staff_day = vec![day(4, 30, "A1", &measures(10, 10, 300_000, 9, 8, 2, 5))];
    let mut may = made::empty_month("2026-05".parse().unwrap());
    may.people = vec![person("A1", "张三"), person("A2", "李四")];
    may.staff_day = vec![
        day(5, 15, "A1", &measures(20, 19, 475_000, 18, 12, 4, 8)),
        day(5, 15, "A2", &measures(11, 9, 900_000, 3, 6, 1, 4)),
        day(5, 18, "A1", &measures(3, 2, 24_001, 2, 0, 0, 2)),
    ];
    let p = |staff: &str, p50, p90| Percentiles {
        of: "first".to_owned(),
        staff_id: staff.to_owned(),
        count: 30,
        p50,
        p90,
        p99: p90,
        ..Percentiles::default()
    };
    may.percentiles = vec![p("", 19_950, 83_499), p("A1", 12_340, 45_000), p("A2", 99, 3_600_000)];
    may.daily = vec![(may.staff_day[0].date, p("", 19_950, 45_001))];
    let at = |day: u32, hour: i64| zone.at(chrono::NaiveDate::from_ymd_opt(2026, 5, day).unwrap(), hour * HOUR);
    let backlog = |at, open| Backlog {
        at,
        shop: "甲店".to_owned(),
        staff_id: "A1".to_owned(),
        kind: "rounds".to_owned(),
        open,
        lt_1h: open,
        lt_4h: 0,
        lt_24h: 0,
        older: 0,
    };
    may.backlog = vec![backlog(at(15, 18), 1), backlog(at(15, 23), 3), backlog(at(31, 23), 2)];
    let deduction = |id: &str, rule: &str, points, done: Option<i64>| Deduction {
        deduction_id: id.to_owned(),
        rule_id: rule.to_owned(),
        rulebook_version: "2026-01".to_owned(),
        shop: "甲店".to_owned(),
        staff_id: "A2".to_owned(),
        caused_by: "A2".to_owned(),
        occurred_at: at(15, 17),
        due_at: Some(at(15, 23)),
        done_at: done,
        occurrence_no: 1,
        factor: 1,
        points,
        waived_by: None,
        waived_at: None,
        evidence: vec![("messages".to_owned(), "chat/5.csv".to_owned(), 1_234)],
    };
    may.deductions = vec![
        deduction("00000000000000a1", "cs.online.day_unfinished", 150, Some(at(15, 23) + 83 * SECOND)),
        deduction("00000000000000a2", "cs.aftersales.shipment", 300, None),
        Deduction {
            waived_by: Some("主管".to_owned()),
            waived_at: None,
            ..deduction("00000000000000a3", "cs.aftersales.shipment", 0, None)
        },
        deduction("00000000000000a4", "cs.reply.first_response", 0, Some(at(15, 23) + 1)),
    ];
    may.scores = vec![Score {
        staff_id: "A2".to_owned(),
        base: 10_000,
        deducted: 450,
        awarded: 0,
        score: 9_550,
        grade: "excellent".to_owned(),
        provisional: true,
    }];
    let quality = |kind: &str, subject: &str, count| Quality {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        shop: "甲店".to_owned(),
        count,
    };
    may.quality = vec![
        quality("kept", "chat/5.csv", 998),
        quality("quarantined", "chat/5.csv", 2),
        quality("linked", "buyer", 2),
        quality("linked", "none", 1),
        quality("passed_over", "", 1),
    ];
    may.final_until.insert("conversion".to_owned(), at_date(29));
    may.provisional = true;
    inputs.months = vec![april, may];
    inputs
}

fn at_date(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 5, day).unwrap()
}

fn is_person(file: &str) -> bool {
    file.starts_with("people/") && file.ends_with(".html")
}

#[test]
fn catalogues_have_the_same_keys() {
    let keys =
        |lang: &str| -> BTreeSet<String> { catalogue(lang, &template).unwrap().keys().map(str::to_owned).collect() };
    assert_eq!(keys("zh").symmetric_difference(&keys("en")).collect::<Vec<_>>(), Vec::<&String>::new());
    let placeholders = |lang: &str| -> BTreeMap<String, BTreeSet<String>> {
        let words = catalogue(lang, &template).unwrap();
        let of = |text: &str| text.split('{').skip(1).filter_map(|t| Some(t.split_once('}')?.0.to_owned())).collect();
        words.keys().map(|k| (k.to_owned(), of(words.get(k).unwrap()))).collect()
    };
    for ((key, zh), (_, en)) in placeholders("zh").into_iter().zip(placeholders("en")) {
        assert_eq!(zh, en, "placeholders of {key}");
    }
}

#[test]
fn every_page_renders_in_both_languages_and_any_size() {
    for lang in ["zh", "en"] {
        for agents in [0, 1, 12] {
            let files = files(&made::department(lang, agents, 6));
            assert_eq!(files.keys().filter(|f| is_person(f)).count(), agents + 3);
            for name in ["index.html", "quality.html", "definitions.html", "report.md", "brief.md", "report.json"] {
                assert!(files.contains_key(name), "{name} of {agents} agents");
            }
            for (name, text) in &files {
                assert!(!text.contains("None") && !text.contains("True"), "{name}");
                let text = text.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
                assert!(!text.contains("[kpi.") && !text.contains("://"), "{name}");
            }
        }
        let bare = files(&made::bare(lang));
        assert!(bare["index.html"].contains("–"));
    }
}

#[test]
fn two_hundred_agents_stay_readable() {
    let files = files(&made::bad_month(made::department("zh", 200, 12)));
    assert_eq!(files.keys().filter(|f| is_person(f)).count(), 203);
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        assert!(text.len() < 500_000, "{name} has {} bytes", text.len());
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let inputs = made::department("zh", 12, 6);
    assert_eq!(render(&inputs, &template).unwrap(), render(&inputs, &template).unwrap());
}

#[test]
fn links_inside_the_report_lead_somewhere() {
    let files = files(&made::department("zh", 12, 2));
    for (name, text) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for href in text.split("href=\"").skip(1).filter_map(|t| t.split('"').next()) {
            let (path, anchor) = href.split_once('#').unwrap_or((href, ""));
            let target = match path.strip_prefix("../") {
                _ if path.is_empty() => name.clone(),
                Some(up) => up.to_owned(),
                None => match name.split_once('/') {
                    Some((folder, _)) => format!("{folder}/{path}"),
                    None => path.to_owned(),
                },
            };
            let page = files.get(&target).unwrap_or_else(|| panic!("{name} leads to {href}, which is not there"));
            assert!(
                anchor.is_empty() || page.contains(&format!("id=\"{anchor}\"")),
                "{name} leads to {href}, and there is no such place"
            );
        }
    }
}

#[test]
fn every_number_of_the_overview_leads_to_rows() {
    let files = files(&made::department("zh", 12, 6));
    let walk = walk::Walk::new(&files);
    assert_eq!(walk.unproven(), Vec::<String>::new());
    for kpi in views::kpi::ALL.iter().filter(|k| kaohe::facts::rows::of_figure(k.id).next().is_some()) {
        assert!(walk.has_rows(&kpi.file()), "{} has no rows", kpi.file());
    }
    for agent in 1..=12 {
        assert!(walk.has_rows(&format!("people/K{agent:03}.html")), "K{agent:03}");
    }
}

#[test]
fn a_number_without_a_link_is_found() {
    let whole = files(&made::department("zh", 12, 2));
    let without = |from: &str, to: &str| {
        let mut files = whole.clone();
        let index = files["index.html"].replace(from, to);
        assert_ne!(index, files["index.html"], "{from} is there");
        files.insert("index.html".to_owned(), index);
        walk::Walk::new(&files).unproven()
    };
    let card = without("<p class=\"value\"><a href=\"figures/sales.html\">", "<p class=\"value\"><a>");
    assert!(card.iter().any(|n| n.ends_with("h-sales")), "{card:?}");
    let column = without("<th scope=\"col\" class=\"num\"><a href=\"figures/link_rate.html\">", "<th><a>");
    assert!(!column.is_empty(), "a column without a link");
    let cell = without("<td class=\"num\">", "<td class=\"num\"><a href=\"nowhere.html\">7</a>");
    assert!(cell.iter().any(|n| n.starts_with("7 in")), "{cell:?}");
    let text = without("<section id=\"people\">", "<section id=\"new\"><p>123</p></section><section id=\"people\">");
    assert!(text.iter().any(|n| n.starts_with("123")), "{text:?}");
}

#[test]
fn every_figure_says_what_it_is_made_of() {
    // What people register is in the lake, not in the mart: its rows stand in the registers themselves.
    let registered = ["satisfaction", "rated", "bad_reviews"];
    for kpi in views::kpi::ALL.iter().filter(|k| !registered.contains(&k.id)) {
        assert!(kaohe::facts::rows::of_figure(kpi.id).next().is_some(), "{} has no rows", kpi.id);
    }
    for list in kaohe::facts::rows::ALL {
        for figure in list.figures {
            assert!(views::kpi::ALL.iter().any(|k| k.id == *figure), "{} names the figure {figure}", list.id);
        }
    }
}

#[test]
fn hostile_text_stays_text() {
    const NAME: &str = "<script>alert(1)</script>\"'|`*_[x](javascript:1){{ 1234567*3 }}{n}";
    let mut inputs = small();
    let may = inputs.months.last_mut().unwrap();
    may.people[0].name = NAME.to_owned();
    may.people[0].team = Some(NAME.to_owned());
    may.deductions[0].staff_id = "../../x".to_owned();
    may.deductions[0].shop = NAME.to_owned();
    may.deductions[0].evidence = vec![(NAME.to_owned(), NAME.to_owned(), 1)];
    may.staff_day[0].shop = NAME.to_owned();
    may.problems.push(Problem {
        table: NAME.to_owned(),
        file: NAME.to_owned(),
        row: 1,
        column: Some(NAME.to_owned()),
        value_mask: Some(NAME.to_owned()),
        reason: NAME.to_owned(),
    });
    inputs.rules[0].title = NAME.to_owned();
    let files = files(&inputs);
    for (name, text) in &files {
        // No script but the page's own, which the policy names.
        let scripts = usize::from(name.ends_with(".html"));
        assert_eq!(text.matches("<script").count(), scripts, "{name}");
        assert_eq!(text.matches("<script>// What a reader can do").count(), scripts, "{name}");
        assert!(!name.contains("..") && !name.starts_with('/'), "{name}");
        assert!(!text.contains("3703701"), "{name}: a name was run as a template");
    }
    let markdown = &files["report.md"];
    let row = markdown.lines().find(|l| l.contains("](people/A1.md)")).unwrap();
    assert!(row.contains(r"&lt;script&gt;alert(1)&lt;/script&gt;"), "{row}");
    assert!(row.contains(r#""'\|\`\*\_\[x\]"#), "{row}");
    assert!(files["people/A1.html"].contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;|`*_"));
}

/// The policy of a page.
fn policy(page: &str) -> &str {
    let start = page.split_once("\"Content-Security-Policy\" content=\"").unwrap().1;
    start.split_once("\">").unwrap().0
}

/// `'sha256-…'` of what stands between a page's tags, as the page writes it.
fn hash(page: &str, tag: &str) -> String {
    let inside = page.split_once(&format!("<{tag}>")).unwrap().1.split_once(&format!("</{tag}>")).unwrap().0;
    let digest = sha2::Sha256::digest(inside);
    format!("&#39;sha256-{}&#39;", base64::engine::general_purpose::STANDARD.encode(digest))
}

#[test]
fn pages_run_their_own_script_and_nothing_else() {
    let expected = |page: &str| {
        format!(
            "default-src &#39;none&#39;; style-src {}; script-src {}; img-src data:; base-uri &#39;none&#39;; \
             form-action &#39;none&#39;",
            hash(page, "style"),
            hash(page, "script")
        )
    };
    let inputs = made::department("zh", 2, 2);
    let shipped = files(&inputs);
    for (name, page) in shipped.iter().filter(|(name, _)| name.ends_with(".html")) {
        assert_eq!(policy(page), expected(page), "{name}");
        assert!(page.find("Content-Security-Policy") < page.find("<style"), "{name}: the policy comes first");
        // What it forbids is not there either.
        assert!(!page.contains(" style=") && !page.contains(" onclick=") && !page.contains("javascript:"), "{name}");
    }
    // A user's own files get their own hashes, also with the line ends of another system.
    let own = |name: &str| {
        let text = match name {
            "partials/script.js" => "document.title = 'x';\r\n",
            "partials/style.css" => "body { color: red }\r\n",
            _ => return template(name),
        };
        Ok(Some(Text { name: name.to_owned(), text: text.into() }))
    };
    let files = render(&inputs, &own).unwrap();
    let (_, index) = files.iter().find(|(name, _)| name == "index.html").unwrap();
    let index = std::str::from_utf8(index).unwrap();
    assert!(index.contains("<script>document.title = 'x';\n</script>"));
    assert_eq!(policy(index), expected(index));
    assert_ne!(policy(index), policy(&shipped["index.html"]));
}

#[test]
fn figures_reckoned_by_hand() {
    let files = files(&small());
    let html = &files["index.html"];
    let card = |id: &str| -> String {
        let card = html.split(&format!("<li id=\"h-{id}\">")).nth(1).unwrap().split("</li>").next().unwrap();
        let mut text = String::new();
        for part in card.split('<').skip(1) {
            text.push_str(part.split_once('>').map_or("", |(_, t)| t).trim());
            text.push(' ');
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // 20 + 11 + 3 = 34 against 10: +240 %.
    assert_eq!(card("inquiries"), "咨询人数 34 ▲ +240.0% 上月 10");
    // p50 19.950 s is 20.0 s at tenths, so it is read in seconds; p90 83.499 s is 1 min 23 s.
    assert_eq!(card("first_median"), "首响中位数 20秒 上月 – 首响 P90 1分23秒");
    // (475000 + 900000 + 24001) / 30 = 46633.4 ms; April 300000 / 10 = 30 s.
    assert_eq!(card("first_mean"), "首响平均 47秒 ▲ +17秒 上月 30秒");
    // 23 / 30 = 76.67 %; April 9 / 10.
    assert_eq!(card("first_in_45s"), "45 秒内首响 76.67% ▼ −13.33 个百分点 上月 90.00% 3 分钟内首响 –");
    // 3 × 1399001 / 60 = 69950.05 ms.
    assert_eq!(card("response_mean"), "平均响应 1分10秒 ▲ +25秒 上月 45秒");
    // (34 − 3) / 34 = 91.18 %.
    assert_eq!(card("reply_rate"), "回复率 91.18% ▲ +1.18 个百分点 上月 90.00%");
    assert_eq!(card("missed"), "未回复会话 0 = 持平 上月 0");
    assert_eq!(card("backlog"), "月末积压 2 上月 – 2026-05-31 23:00:00 时");
    // 5 / 18 = 27.78 %, April 2 / 8; 2 of 3 orders linked.
    assert_eq!(
        card("conversion"),
        "最终转化率 未定 27.78% ▲ +2.78 个百分点 上月 25.00% 关联率 66.67% 2026-05-29 之后的窗口尚未结束"
    );
    // 5 × 123.45; refunds 3 × 0.45.
    assert_eq!(card("sales"), "销售额 ¥617.25 ▲ +150.0% 上月 ¥246.90 净销售额 ¥615.90");

    let ranking: Vec<&str> =
        files["report.md"].lines().filter(|l| l.starts_with("| 1 |") || l.starts_with("| 2 |")).collect();
    // A2: 11 in 4 h = 2.75; A1: 23 in 10 h = 2.3.
    assert_eq!(
        ranking[0],
        "| 1 | [李四](people/A2.md) | 11 | 4.0 | 2.8 | 99毫秒 | 1分40秒 | 33.33% | 90.91% | 16.67% | ¥30.86 | −4.5 |"
    );
    assert_eq!(
        ranking[1],
        "| 2 | [张三](people/A1.md) | 23 | 10.0 | 2.3 | 12.3秒 | 24秒 | 95.24% | 91.30% | 33.33% | ¥49.38 | 0 |"
    );
    let page = &files["people/A2.html"];
    for part in [
        "−4.5",
        "95.5",
        "优秀",
        "迟了 1分23秒",
        "尚未完成",
        "聊天记录 chat/5.csv 第 1234 行",
        "主管",
        "2026-05-15 23:00:00",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(page.contains("下班前必须处理完当天的咨询。"));
}

/// The templates with one file changed.
fn changed(
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> impl Fn(&str) -> kaohe::base::Result<Option<Text>> {
    move |name: &str| {
        let found = template(name)?;
        Ok(found.map(|t| if name == file { Text { text: t.text.replace(from, to).into(), ..t } } else { t }))
    }
}

#[test]
fn what_is_missing_is_said() {
    let fails = |inputs: &Inputs, source: &Source| match render(inputs, source) {
        Err(Error::Settings(found)) => {
            found.into_iter().map(|d| format!("{} {} {:?}", d.code, d.message, d.places)).collect::<Vec<_>>().join("\n")
        }
        other => panic!("{other:?}"),
    };
    let inputs = made::bare("zh");
    assert!(fails(&Inputs { lang: "fr".to_owned(), ..inputs.clone() }, &template).contains("words/fr.toml"));
    let without = |name: &str| if name == "partials/parts.html" { Ok(None) } else { template(name) };
    assert!(fails(&inputs, &without).contains("K0904 there is no template `partials/parts.html`"));
    let scriptless = |name: &str| if name == "partials/script.js" { Ok(None) } else { template(name) };
    assert!(fails(&inputs, &scriptless).contains("K0904 there is no template `partials/script.js`"));
    let ends = changed("partials/script.js", "// What a reader can do", "// </script> What a reader can do");
    assert!(fails(&inputs, &ends).contains("K0906"));
    let unknown = changed("partials/base.html", "inline(\"partials/style.css\")", "inline(frame.lang)");
    assert!(fails(&inputs, &unknown).contains("K0905"));
    let broken = changed("quality.html", "view.sum", "view.nothing");
    let said = fails(&inputs, &broken);
    assert!(said.contains("K0905") && said.contains("quality.html") && said.contains("row: 5"), "{said}");
    let keyless = changed("words/zh.toml", "final_until = ", "other = ");
    // A code of the data without a name is shown as it is.
    assert!(render(&inputs, &changed("words/zh.toml", "pdd = \"拼多多后台", "pdd_ = \"拼多多后台")).is_ok());
    assert!(fails(&inputs, &keyless).contains("K0902 the catalogue has no text `column.final_until`"));
    let none = Inputs { months: Vec::new(), ..inputs };
    assert!(matches!(render(&none, &template), Err(Error::Failed(_))));
}

#[test]
fn golden() {
    let inputs = small();
    let words = catalogue("zh", &template).unwrap();
    let mut pages = serde_json::to_value(views::pages(&inputs, &words).unwrap()).unwrap();
    // Two pages hold every kind of view that carries figures; the charts' values stand in the Markdown.
    let pages = pages.as_array_mut().unwrap();
    pages.retain(|p| ["index.html", "people/A2.html"].iter().any(|f| p["files"][0][0] == *f));
    for page in pages.iter_mut() {
        page["view"]["charts"] = "…".into();
        drop_nulls(page);
    }
    insta::with_settings!({ sort_maps => true }, { insta::assert_json_snapshot!("views", pages) });
    insta::assert_snapshot!("markdown", files(&inputs)["report.md"]);
    insta::assert_snapshot!("brief", files(&inputs)["brief.md"]);
}

/// Leaves out what is not there, so that the golden file stays short.
fn drop_nulls(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            map.retain(|_, v| !v.is_null());
            map.values_mut().for_each(drop_nulls);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
