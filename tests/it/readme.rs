//! What is promised in writing: the commands of README.md exist, and the example configuration is accepted.

use std::collections::BTreeSet;
use std::path::Path;

use clap::Parser as _;
use preau::cli::Cli;
use preau::kernel::Lang;
use preau::platform::config::{Config, LogFormat};
use preau::platform::telemetry::MEASURES;
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

/// What is too long for every run is a command that somebody finds: each is named, and nothing is that is gone.
#[test]
fn every_campaign_and_measure_is_in_the_readme() {
    let (readme, mut open, mut found) = (read("README.md"), vec![source::root().join("tests/it")], BTreeSet::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(path).unwrap();
            let after = text.split("\n#[ignore").skip(1).filter_map(|after| after.split("fn ").nth(1));
            found.extend(after.filter_map(|name| Some(name.split_once('(')?.0.to_owned())));
        }
    }
    assert!(found.len() >= 8, "{found:?}");
    let table: Vec<&str> = readme.lines().skip_while(|line| !line.starts_with("| Campaign")).skip(2).collect();
    let table = table.into_iter().take_while(|line| line.starts_with('|'));
    let named: BTreeSet<String> = table
        .filter_map(|line| Some(line.split('`').nth(1)?.split(' ').next_back()?.rsplit("::").next()?.to_owned()))
        .collect();
    assert_eq!(named, found);
}

/// « Going live » says the same in both languages: as many steps, and the same things to type and to set.
#[test]
fn going_live_says_the_same_in_both_languages() {
    let readme = read("README.md");
    let section = |title: &str| {
        let rest = readme.split_once(&format!("\n## {title}\n")).expect("the section").1;
        rest.split("\n## ").next().expect("its text").to_owned()
    };
    let said = |text: &str| {
        let steps = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count();
        let points = text.lines().filter(|line| line.starts_with("- **")).count();
        let typed: BTreeSet<String> = text.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        (steps, points, typed)
    };
    let (english, french) =
        (said(&section("Going live in fifteen minutes")), said(&section("En service en 15 minutes")));
    assert_eq!(english, french);
    assert!(english.0 >= 6 && english.1 >= 3 && english.2.len() >= 15, "{english:?}");
}

/// What `preau init` writes is what is shown.
#[test]
fn the_unit_of_the_readme_is_the_one_that_is_written() {
    let unit = read("config/preau.service");
    assert!(read("README.md").contains(&unit), "config/preau.service does not stand in README.md as it is");
}

#[test]
fn every_command_of_the_program_is_in_the_readme() {
    use clap::CommandFactory as _;
    let readme = read("README.md");
    // What is not shown is the program's own.
    let shown = |command: &&clap::Command| command.get_name() != "help" && !command.is_hide_set();
    for command in Cli::command().get_subcommands().filter(shown) {
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
        "backup",
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

/// The measures that the rules of README.md name, with what they ask of their labels: `name`, `label`, `value`.
fn ruled(readme: &str) -> (BTreeSet<String>, Vec<(String, String, String)>) {
    let mut blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let block = blocks.find(|block| block.contains("- alert: ")).expect("a block of rules");
    let (mut names, mut asked) = (BTreeSet::new(), Vec::new());
    for rest in block.split("preau_").skip(1) {
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
        let name = format!("preau_{}", &rest[..end]);
        let labels = rest[end..].strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        for (label, values) in labels.split(',').filter_map(|one| one.split_once('=')) {
            let values = values.trim_start_matches('~').trim_matches('"').split('|');
            asked.extend(values.map(|value| (name.clone(), label.to_owned(), value.to_owned())));
        }
        names.insert(name);
    }
    (names, asked)
}

#[test]
fn the_rules_of_the_readme_name_measures_that_exist() {
    let (names, asked) = ruled(&read("README.md"));
    assert_eq!(read("README.md").matches("- alert: ").count(), 4);
    let labels = |name: &str| {
        let measure = MEASURES.into_iter().find(|(known, ..)| *known == name);
        measure.unwrap_or_else(|| panic!("README.md: {name} is no measure")).2
    };
    for name in &names {
        labels(name);
    }
    let source: String = source::files().into_iter().map(|(_, text)| text).collect();
    assert!(names.len() >= 5 && asked.len() >= 5, "{names:?} {asked:?}");
    for (name, label, value) in asked {
        assert!(labels(&name).contains(&label.as_str()), "README.md: {name} has no label {label}");
        assert!(source.contains(&format!("\"{value}\"")), "README.md: {name}: {value}");
    }
}

#[test]
fn the_readme_names_the_forms_of_the_log() {
    let readme = read("README.md");
    for form in ["human", "json"] {
        assert!(readme.contains(&format!("`--log {form}`")), "README.md does not name --log {form}");
        assert!(Cli::try_parse_from(["preau", "--log", form, "run"]).is_ok(), "{form}");
    }
}

#[test]
fn every_measure_of_the_table_is_recorded() {
    let (mut names, mut rest) = (Vec::new(), String::new());
    for (path, text) in source::files() {
        if path.ends_with("platform/telemetry.rs") {
            let lines = text.lines().filter(|line| line.contains("\"preau_"));
            let lines = lines.filter_map(|line| line.trim().strip_prefix("pub const "));
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

/// The program's source without its unit tests, which name keys too.
fn read_by_the_program() -> String {
    let own = source::files().into_iter().filter(|(path, _)| !path.ends_with("/tests.rs"));
    own.map(|(path, text)| {
        let mut lines = text.lines();
        let mut kept = String::new();
        while let Some(line) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                kept.push_str(line);
                kept.push('\n');
                continue;
            }
            // One item follows: a line, or all up to the brace that stands as far in as it does.
            let item = lines.find(|line| !line.trim_start().starts_with("#[")).unwrap_or_default();
            if item.trim_end().ends_with('{') {
                let indent = &item[..item.len() - item.trim_start().len()];
                let end = format!("{indent}}}");
                assert!(lines.any(|line| line == end), "{path}: « {item} » has no end");
            }
        }
        kept
    })
    .collect()
}

#[test]
fn keys_that_only_unit_tests_name_are_not_read() {
    let text = read_by_the_program();
    // Its own test reads it, and so does the program.
    assert!(text.contains("\"telegram.token_file\"") && text.contains("fn hour(text: &str)"));
    assert!(!text.contains("mod tests {") && !text.contains("telegram.api_ulr"), "unit tests are in it");
}

#[test]
fn every_default_is_claimed_and_read() {
    let all = preau::app::sections();
    let source = read_by_the_program();
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

/// As README tells it: the example is copied, and the token is put where it says. Nothing else is there yet.
#[test]
fn the_example_configuration_is_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let secret = |name: &str, value: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, value).unwrap();
        path.display().to_string()
    };
    let load = |text: &str| {
        let path = folder.path().join("school.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(Path::new(&path)), std::iter::empty(), &preau::app::sections())
    };
    let copied = read("config/example.school.toml").replace("/etc/preau/telegram_token", &secret("token", "1:abc"));
    let config = load(&copied).unwrap();
    assert_eq!((config.school.name.as_str(), config.school.language), ("École du Préau", Lang::Fr));
    assert!(config.telegram.token.is_some());

    // What stands there as a comment is accepted too, with its files.
    let all = copied
        .replace("/etc/preau/telegram_api_hash", &secret("hash", "0123456789abcdef"))
        .replace("/etc/preau/smtp_password", &secret("password", "x"));
    let is_key = |line: &&str| line.strip_prefix("# ").is_some_and(|line| line.contains(" = "));
    assert_eq!(all.lines().filter(is_key).count(), 10);
    let all: Vec<&str> = all.lines().map(|line| if is_key(&line) { &line[2..] } else { line }).collect();
    let config = load(&all.join("\n")).unwrap();
    assert!(config.telegram.caller.api_id > 0 && config.telegram.caller.api_hash.is_some());
    assert!(config.alert.by_mail() && config.alert.smtp_password.is_some() && config.mail.is_connected());
}

/// A value for each key that the program tells people to set.
const SAMPLES: [(&str, &str); 5] = [
    ("alert.smtp_host", "smtp.school.example"),
    ("alert.mail_to", "admin@school.example"),
    ("alert.mail_from", "preau@school.example"),
    ("alert.webhook_url", "https://alerts.school.example/hook"),
    ("mail.from", "preau@school.example"),
];

/// Whoever sets exactly the keys that a sentence names has what it promises.
#[test]
fn the_keys_that_a_sentence_names_are_enough() {
    let mut sentences = Vec::new();
    for (file, name) in [("check", "check-alert-none"), ("check", "check-mail-none"), ("state", "state-no-alert")] {
        for lang in ["fr", "en"] {
            let texts = read(&format!("locales/{lang}/{file}.ftl"));
            let line = texts.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = ").map(str::to_owned));
            sentences.push((name.contains("mail"), line.unwrap_or_else(|| panic!("{lang}: no {name}"))));
        }
    }
    let readme = read("README.md").replace("\n  ", " ");
    let step = |beginning: &str| {
        let found = readme.lines().find_map(|line| line.split_once(beginning));
        found.unwrap_or_else(|| panic!("README.md does not say « {beginning} »")).1.to_owned()
    };
    sentences.push((true, step("asks for the day of birth or the card number first.")));
    sentences.push((false, step("- **The alert.**")));
    sentences.push((false, step("- **L'alerte.**")));
    for (links, sentence) in sentences {
        let mut ways = 0;
        for way in sentence.replace(['(', ')'], " ").split(" ou ").flat_map(|part| part.split(" or ")) {
            let words: Vec<&str> = way.split(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c))).collect();
            let named = |key: &str| words.iter().any(|word| word.trim_end_matches('.') == key);
            let keys: Vec<(&str, &str)> = SAMPLES.into_iter().filter(|(key, _)| named(key)).collect();
            if keys.is_empty() {
                continue;
            }
            ways += 1;
            let config = Config::with(&keys, &preau::app::sections()).unwrap_or_else(|e| panic!("{sentence}: {e}"));
            let has = if links { config.mail.is_connected() } else { config.alert.is_connected() };
            assert!(has, "{sentence}: {keys:?}");
        }
        assert_eq!(ways, if links { 1 } else { 2 }, "{sentence}");
    }
}

/// Sentences that tell people to set a key name one that a file may give: not a secret, which is refused there.
#[test]
fn the_keys_that_people_are_told_to_set_may_stand_in_the_file() {
    let all = preau::app::sections();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("school.toml");
    let mut seen = BTreeSet::new();
    for (lang, file) in ["fr", "en"].into_iter().flat_map(|lang| ["alert", "check", "state"].map(|file| (lang, file))) {
        for line in read(&format!("locales/{lang}/{file}.ftl")).lines() {
            let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || "._".contains(c)));
            for word in words.map(|word| word.trim_end_matches('.')).filter(|word| is_key(word)) {
                std::fs::write(&path, format!("{word} = \"~\"\n")).unwrap();
                let refused = Config::load(Some(&path), std::iter::empty(), &all).err().map(|error| error.to_string());
                let refused = refused.unwrap_or_default();
                for why in ["may not stand in a file", "is not a known key", "not valid TOML"] {
                    assert!(!refused.contains(why), "{lang}/{file}.ftl: {word}: {refused}");
                }
                seen.insert(word.to_owned());
            }
        }
    }
    assert!(seen.contains("telegram.token_file") && seen.contains("alert.smtp_host") && seen.len() > 15, "{seen:?}");
}

/// `alert.smtp_host`, but not `my.telegram.org`.
fn is_key(word: &str) -> bool {
    const SECTIONS: [&str; 8] = ["telegram", "alert", "mail", "backup", "web", "database", "school", "attendance"];
    word.split_once('.').is_some_and(|(section, key)| SECTIONS.contains(&section) && !key.is_empty())
}

/// Root writes these files, and the service that cannot read them starts no more: each is told how to let it.
#[test]
fn whoever_makes_a_file_of_a_secret_is_told_whose_it_is() {
    let readme = read("README.md");
    let french = readme.split_once("## En service en 15 minutes").expect("the French part").1;
    let french = french.split_once("## Operating").expect("its end").0;
    let english = readme.replacen(french, "", 1);
    let mut told = vec![
        (english.as_str(), "`web.admin_token_file`"),
        (english.as_str(), "`alert.smtp_password_file`"),
        (english.as_str(), "`telegram.caller.api_hash_file`"),
        (french, "`alert.smtp_password_file`"),
        (french, "`telegram.caller.api_hash_file`"),
    ];
    let texts: Vec<String> = ["fr", "en"]
        .into_iter()
        .flat_map(|lang| [("check", "check-admin-page-off"), ("state", "state-page-off")].map(|text| (lang, text)))
        .map(|(lang, (file, name))| {
            let texts = read(&format!("locales/{lang}/{file}.ftl"));
            texts.lines().find(|line| line.starts_with(&format!("{name} ="))).expect(name).to_owned()
        })
        .collect();
    told.extend(texts.iter().map(|text| (text.as_str(), "fichier")).filter(|(text, word)| text.contains(word)));
    told.extend(texts.iter().map(|text| (text.as_str(), "file")).filter(|(text, _)| !text.contains("fichier")));
    assert_eq!(told.len(), 9);
    for (text, word) in told {
        let after = text.split_once(word).unwrap_or_else(|| panic!("nobody is told of {word}")).1;
        let near: String = after.chars().take(500).collect();
        assert!(near.contains("chown root:preau") && near.contains("chmod 640"), "{word}: {near}");
    }
}

/// `PREAU__…` lines of a text, with their values.
fn variables(text: &str, between: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("ENV ").trim_end_matches(" \\"));
    let given = lines.filter(|line| line.starts_with("PREAU__")).filter_map(|line| line.split_once(between));
    given.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// What the image and the compose file set is known and accepted, and a slip in it would be refused.
#[test]
fn the_image_and_the_compose_file_set_keys_that_exist() {
    let readme = read("README.md");
    let mut blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let compose = blocks.find(|block| block.contains("services:")).expect("a compose file");
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("telegram_token");
    std::fs::write(&token, "1:abc").unwrap();
    let own = |value: String| value.replace("/run/secrets/telegram_token", &token.display().to_string());
    let image = variables(&read("Dockerfile"), "=");
    let compose: Vec<_> = variables(compose, ": ").into_iter().map(|(name, value)| (name, own(value))).collect();
    assert_eq!((image.len(), compose.len()), (4, 5), "{image:?} {compose:?}");
    let all: Vec<_> = image.into_iter().chain(compose).collect();
    let load = |given: &[(String, String)]| Config::load(None, given.iter().cloned(), &preau::app::sections());
    let config = load(&all).unwrap_or_else(|error| panic!("{error}"));
    assert!(config.telegram.token.is_some() && config.log.format == LogFormat::Json, "{config:?}");
    assert_eq!(config.school.name, "École Horizon");
    // Whatever the container keeps lies in its volume.
    let folders = [Some(&config.files.folder), config.backup.folder.as_ref()].map(|folder| folder.expect("a folder"));
    assert!(folders.iter().all(|folder| folder.starts_with("/data")), "{folders:?}");
    assert!(config.database.url.starts_with("sqlite:///data/"));
    for (name, value) in all {
        let slip = load(&[(format!("{name}X"), value)]).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(slip.contains("is not a known key") && slip.contains(&name), "{name}X: {slip}");
    }
}

/// The image is built without the tests: each binary that Cargo.toml names there has an empty file.
#[test]
fn the_image_makes_an_empty_file_of_each_binary_of_the_tests() {
    let (manifest, image) = (read("Cargo.toml"), read("Dockerfile"));
    let paths = manifest.lines().filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'));
    let paths: Vec<&str> = paths.filter(|path| path.starts_with("tests/")).collect();
    assert!(paths.len() >= 3, "{paths:?}");
    let made = |path: &str| ["touch ", ">"].iter().any(|how| image.contains(&format!("{how}{path} ")));
    let missing: Vec<&&str> = paths.iter().filter(|path| !made(path)).collect();
    assert!(missing.is_empty(), "the Dockerfile makes no {missing:?}");
}
