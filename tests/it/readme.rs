//! What is promised in writing: the commands of README.md exist, and the example configuration is accepted.

#[cfg(feature = "sandbox")]
use std::collections::BTreeSet;
use std::path::Path;

#[cfg(feature = "sandbox")]
use clap::Parser as _;
use preau::cli::Cli;
use preau::kernel::Lang;
use preau::platform::config::Config;
use preau::school::attendance::rules::Settings;

use crate::source;

fn read(path: &str) -> String {
    std::fs::read_to_string(source::root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every `preau …` that the README tells to type: lines of blocks, and words between back-ticks.
#[cfg(feature = "sandbox")]
fn commands(readme: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut in_block = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            // What follows two spaces explains.
            found.insert(line.trim_start_matches("ExecStart=/usr/local/bin/").split("  ").next().unwrap().to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
        .into_iter()
        .map(|line| line.replace("cargo run --release -- ", "preau "))
        .filter(|line| line.starts_with("preau "))
        .collect()
}

#[cfg(feature = "sandbox")]
#[test]
fn every_command_of_the_readme_exists() {
    let commands = commands(&read("README.md"));
    assert!(commands.len() >= 12, "{commands:?}");
    for command in commands {
        let parsed = Cli::try_parse_from(command.split_whitespace());
        assert!(
            parsed.is_ok(),
            "README.md: « {command} » : {}",
            parsed.err().map(|e| e.to_string()).unwrap_or_default()
        );
    }
}

#[test]
fn every_command_of_the_program_is_in_the_readme() {
    use clap::CommandFactory as _;
    let readme = read("README.md");
    for command in Cli::command().get_subcommands().filter(|command| command.get_name() != "help") {
        let line = format!("preau {}", command.get_name());
        assert!(readme.contains(&line), "README.md does not name « {line} »");
    }
}

#[test]
fn every_key_and_file_that_the_readme_names_exists() {
    let readme = read("README.md");
    let sections = [
        "school",
        "telegram",
        "telegram.caller",
        "call",
        "secrets",
        "database",
        "web",
        "alert",
        "mail",
        "log",
        "outbox",
        "attendance",
        "files",
    ];
    for word in readme.split('`').skip(1).step_by(2) {
        let is_key =
            word.split_once('.').is_some_and(|(section, key)| sections.contains(&section) && !key.contains(' '));
        if is_key && let Err(error) = Config::with(&[(word, "~")], &preau::app::sections()) {
            assert!(!error.to_string().contains("is not a known key"), "README.md: {error}");
        }
    }
    for target in readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
        assert!(source::root().join(target).exists(), "README.md links to {target}");
    }
    for section in sections {
        assert!(readme.contains(&format!("`[{section}]`")), "README.md does not name [{section}]");
    }
}

#[test]
fn every_measure_of_the_table_is_recorded() {
    let (mut names, mut rest) = (Vec::new(), String::new());
    for (path, text) in source::files() {
        if path.ends_with("platform/telemetry.rs") {
            let lines = text.lines().filter_map(|line| line.trim().strip_prefix("pub const "));
            names.extend(lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_owned()));
        } else {
            rest.push_str(&text);
        }
    }
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        assert!(rest.contains(&format!("names::{name}")), "{name} is never recorded");
    }
}

#[test]
fn every_default_is_claimed_and_read() {
    let all = preau::app::sections();
    let source: String = source::files().into_iter().map(|(_, text)| text).collect();
    let mut section = String::new();
    for line in read("config/default.toml").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
        }
        let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else { continue };
        let key = format!("{section}.{key}");
        let refused = Config::with(&[(&key, "~")], &all).err().map_or_else(String::new, |error| error.to_string());
        assert!(!refused.contains("is not a known key"), "nobody claims {key}");
        assert!(source.contains(&format!("\"{key}\"")), "nobody reads {key}");
    }
    let beyond = Config::with(&[("attendance.partial_percent", "90")], &all).unwrap_err().to_string();
    assert!(beyond.contains("partial_percent may not exceed present_percent"), "{beyond}");
}

#[test]
fn a_class_may_have_a_rule_of_its_own() {
    let all = preau::app::sections();
    let given = |lines: &str| {
        let text = format!("[attendance]\npresent_percent = 90\nclasses = [{lines}]");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("school.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path), std::iter::empty(), &all)
    };
    let config = given("\"1A: late_minutes=15\", 'Réseaux (soir): present_percent=75'").unwrap();
    let settings = config.section::<Settings>().unwrap();
    let own = |class: &str| {
        let rule = settings.rule_of(class);
        (rule.present_percent, rule.partial_percent, rule.late_minutes)
    };
    assert_eq!(own("1a"), (90, 50, 15), "what it does not say is the school's");
    assert_eq!(own("RESEAUX SOIR"), (75, 50, 10));
    assert_eq!(own("1B"), (90, 50, 10));
    for (lines, said) in [
        ("'1A: late_minute=15'", "attendance.classes"),
        ("'1A: late_minute=15'", "did you mean late_minutes?"),
        ("'1A: late_minutes=15', '1a: late_minutes=20'", "« 1a » stands there twice"),
    ] {
        let wrong = given(lines).unwrap_err().to_string();
        assert!(wrong.contains(said), "{wrong}");
    }
}

#[test]
fn the_example_configuration_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let secret = |name: &str, value: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, value).unwrap();
        path.display().to_string()
    };
    let text = read("config/example.school.toml")
        .replace("/etc/preau/telegram_token", &secret("token", "1:abc"))
        .replace("/etc/preau/telegram_api_hash", &secret("hash", "0123456789abcdef"))
        .replace("/etc/preau/smtp_password", &secret("password", "x"));
    let path = folder.path().join("school.toml");
    std::fs::write(&path, text).unwrap();
    let config = Config::load(Some(Path::new(&path)), std::iter::empty(), &preau::app::sections()).unwrap();
    assert_eq!((config.school.name.as_str(), config.school.language), ("École du Préau", Lang::Fr));
    assert!(config.telegram.caller.api_id > 0 && config.telegram.caller.api_hash.is_some());
    assert!(config.telegram.token.is_some() && config.alert.smtp_password.is_some());
}
