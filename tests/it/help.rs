//! Help and README: every command has an example, and what the README shows is true.

use crate::support::{Project, stdout};
use std::process::Command;

fn walk(command: &clap::Command, path: &[String], f: &mut impl FnMut(&clap::Command, &[String])) {
    f(command, path);
    for sub in command.get_subcommands() {
        let path: Vec<String> = path.iter().cloned().chain([sub.get_name().to_owned()]).collect();
        walk(sub, &path, f);
    }
}

#[test]
fn every_help_has_an_example() {
    let mut without = Vec::new();
    walk(&kaohe::cli::command(), &[], &mut |command, path| {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        if !help.contains("Example") {
            without.push(path.join(" "));
        }
    });
    assert!(without.is_empty(), "no example: {without:?}");
}

#[test]
fn the_command_tree_is_sound() {
    kaohe::cli::command().debug_assert();
}

#[test]
fn shells_complete_every_command() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.kaohe(&["completions", shell]);
        assert!(script.status.success());
        let script = stdout(&script);
        assert!(kaohe::cli::command().get_subcommands().all(|c| script.contains(c.get_name())), "{shell}");
    }
    // The one that is on this machine for sure takes it.
    let script = stdout(&project.kaohe(&["completions", "bash"]));
    project.write(
        "kaohe.bash",
        script + "\nCOMP_WORDS=(kaohe ing) COMP_CWORD=1; _kaohe kaohe ing kaohe; echo \"${COMPREPLY[@]}\"\n",
    );
    let bash = Command::new("bash").arg("kaohe.bash").current_dir(project.path()).output().expect("bash");
    assert_eq!(stdout(&bash).trim(), "ingest", "{}", crate::support::stderr(&bash));
}

#[test]
fn examples_of_the_rulebook_hold() {
    let project = Project::new();
    let text = project.kaohe(&["rulebook", "test", "--json"]);
    assert!(text.status.success(), "{}", crate::support::stderr(&text));
    let summary: serde_json::Value = serde_json::from_str(stdout(&text).trim()).expect("a summary");
    assert_eq!(summary["failed"], 0);
    assert!(summary["examples"].as_u64().is_some_and(|n| n >= 10), "{summary}");
}

#[test]
fn a_wrong_example_is_found() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "."]).status.success());
    let file = "pipelines/rulebook/customer-service.toml";
    let text = project.read(file);
    let wrong = text.replacen("expect = [[\"A1\", 1.5]]", "expect = [[\"A1\", 3]]", 1);
    assert_ne!(text, wrong, "the rulebook has an example that costs 1.5");
    project.write(file, wrong);
    let output = project.kaohe(&["rulebook", "test"]);
    assert_eq!(output.status.code(), Some(5));
    assert!(crate::support::stderr(&output).contains("expected A1 −3.00"), "{}", crate::support::stderr(&output));
}

#[test]
fn an_installed_binary_works_in_an_empty_folder() {
    let project = Project::new();
    assert!(project.kaohe(&["init", "shop"]).status.success());
    for file in ["pipelines/monthly.toml", "pipelines/calendar/cn-2026.toml", "templates/index.html"] {
        assert!(project.path().join("shop").join(file).is_file(), "{file}");
    }
    assert!(project.read("shop/pipelines/monthly.toml").contains("raw = \"data/raw\""));
    assert!(project.path().join("shop/data/raw").is_dir());
}

#[test]
fn schemas_are_json() {
    let project = Project::new();
    for what in ["tables", "settings"] {
        let output = project.kaohe(&["schema", what]);
        assert!(output.status.success());
        let schema: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("JSON");
        assert!(schema.as_object().is_some_and(|o| o.len() >= 4), "{what}");
    }
}
