//! `--templates DIR` through the binary: a folder's files win one by one, and a mistake in them names file and line.

use crate::support::{Project, stderr, stdout};

const MESSAGES: &str = "shop,buyer,account,role,ts,kind,text
S,买家甲,A1,buyer,2026-05-15 10:00:00,text,在吗
S,买家甲,A1,agent,2026-05-15 10:00:20,text,在的
";

fn computed() -> Project {
    let project = Project::staffed();
    project.raw("messages-2026-05.csv", MESSAGES);
    project.ok(&["run", "--month", "2026-05"]);
    project
}

fn shipped(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates").join(name);
    std::fs::read_to_string(path).expect("a template")
}

const REPORT: [&str; 5] = ["report", "--month", "2026-05", "--templates", "ours"];

/// Exit 2 with these parts, and the report of before still there.
fn refused(project: &Project, parts: &[&str]) {
    let before = project.read("reports/2026-05/index.html");
    let output = project.on_data(&REPORT);
    let said = stderr(&output) + &stdout(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for part in parts {
        assert!(said.contains(part), "`{part}` is missing in:\n{said}");
    }
    assert!(project.read("reports/2026-05/index.html") == before, "a broken template has changed the report");
}

#[test]
fn files_of_the_folder_win_one_by_one() {
    let project = computed();
    let brief = project.read("reports/2026-05/brief.md");
    project.write("ours/quality.html", "our own page: {{ view.sum }}");
    project.write("ours/words/zh.toml", shipped("words/zh.toml").replace("咨询人数", "来客数"));
    project.ok(&REPORT);
    assert!(project.read("reports/2026-05/quality.html").starts_with("our own page: 共读入"));
    assert!(project.read("reports/2026-05/index.html").contains("来客数"));
    assert_eq!(project.read("reports/2026-05/brief.md"), brief.replace("咨询人数", "来客数"));
    // Without the folder everything is as before; `run` knows it as well, though there is nothing new to compute.
    project.ok(&["report", "--month", "2026-05"]);
    assert_eq!(project.read("reports/2026-05/brief.md"), brief);
    project.ok(&["run", "--month", "2026-05", "--templates", "ours"]);
    assert!(project.read("reports/2026-05/quality.html").starts_with("our own page"));
}

#[test]
fn the_projects_own_templates_may_lack_files() {
    let project = computed();
    project.write("templates/brief.md", "项目的模板\n");
    project.ok(&["report", "--month", "2026-05"]);
    assert_eq!(project.read("reports/2026-05/brief.md"), "项目的模板\n");
    project.write("ours/brief.md", "我们的模板\n");
    project.ok(&REPORT);
    assert_eq!(project.read("reports/2026-05/brief.md"), "我们的模板\n");
}

#[test]
fn a_mistake_names_file_and_line() {
    let project = computed();
    project.write("ours/rule.html", "one\ntwo {% if %}\n");
    refused(&project, &["K0905", "ours/rule.html:2"]);
    project.write("ours/rule.html", "one\n\n{{ view.titel }}\n");
    refused(&project, &["K0905", "ours/rule.html:3", "undefined", "kaohe schema context"]);
    project.write("ours/rule.html", "{{ t(\"rule.intrepretation\") }}\n");
    refused(&project, &["K0905", "ours/rule.html:1", "rule.intrepretation"]);
    project.write("ours/rule.html", "{% include \"partials/nothing.html\" %}\n");
    refused(&project, &["K0904", "partials/nothing.html"]);
    project.write("ours/rule.html", b"\xd6\xd0\n");
    refused(&project, &["ours/rule.html", "UTF-8"]);
    project.write("ours/rule.html", shipped("rule.html"));
    // A piece that pages share is named itself, not the page that uses it.
    project.write("ours/partials/parts.html", shipped("partials/parts.html").replace("c.mark", "c.marc"));
    refused(&project, &["K0905", "ours/partials/parts.html:"]);
}

#[test]
fn a_mistake_in_a_catalogue_names_it() {
    let project = computed();
    project.write("ours/words/zh.toml", shipped("words/zh.toml").replace("final_until = ", "finally = "));
    refused(&project, &["K0902", "ours/words/zh.toml", "column.final_until"]);
    project.write("ours/words/zh.toml", "lang = zh\n");
    refused(&project, &["K0901", "ours/words/zh.toml:1"]);
}

#[test]
fn a_folder_that_is_not_there_is_a_usage_error() {
    let project = computed();
    refused(&project, &["--templates", "ours"]);
}
