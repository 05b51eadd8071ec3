//! Who may import whom (DESIGN 2 and 3). Every path of the source is judged; what breaks a rule is told by its
//! sentence. The rules are functions over one file's name and text, and are themselves tested with offending snippets.

use crate::source::{self, Facts, Used};

const ROOMS: &[&str] =
    &["kernel", "platform", "telegram", "connectors", "school", "sandbox", "app", "demo", "cli", "main", "lib"];
const TOP: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "Dockerfile",
    "config",
    "locales",
    "migrations",
    "src",
    "tests",
    "target",
    "data",
];
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "services", "misc"];

/// Where a file stands.
struct Place<'a> {
    path: &'a str,
    room: String,
    /// `school/x/flow.rs`: feature `x`, role `flow`.
    feature: Option<(String, String)>,
    /// The features in the order of `school/mod.rs`.
    order: &'a [String],
}

impl<'a> Place<'a> {
    fn of(path: &'a str, order: &'a [String]) -> Self {
        let parts: Vec<&str> = path.trim_start_matches("src/").trim_end_matches(".rs").split('/').collect();
        let feature = match parts.as_slice() {
            ["school", feature, role, ..] => Some(((*feature).to_owned(), (*role).to_owned())),
            _ => None,
        };
        Self { path, room: parts[0].to_owned(), feature, order }
    }
    fn is(&self, paths: &[&str]) -> bool {
        paths.iter().any(|start| {
            self.path == *start
                || (start.ends_with('/') && self.path.starts_with(start))
                || self.path == format!("{start}.rs")
        })
    }
    fn is_store_file(&self) -> bool {
        self.path.ends_with("/store.rs") || self.path.contains("/store/")
    }
    /// Pure: words, decisions, sheets, and every file of a feature that has no other role.
    fn is_pure(&self) -> bool {
        self.feature.as_ref().is_some_and(|(_, role)| is_pure(role))
    }
    fn earlier(&self, feature: &str) -> bool {
        let place = |name: &str| self.order.iter().position(|listed| listed == name);
        let mine = self.feature.as_ref().and_then(|(mine, _)| place(mine));
        matches!((place(feature), mine), (Some(theirs), Some(mine)) if theirs < mine)
    }
}

fn is_pure(role: &str) -> bool {
    !matches!(role, "store" | "flow" | "jobs" | "chat" | "page" | "feature")
}

/// The first sentence that this path breaks.
fn judge(place: &Place, used: &Used) -> Option<&'static str> {
    let path: Vec<&str> = used.path.iter().map(String::as_str).collect();
    if !used.in_test
        && let Some(sentence) = judge_rank(place, &path)
    {
        return Some(sentence);
    }
    match path.as_slice() {
        ["crate", "*", ..] => Some("`use crate::*` names no room"),
        ["crate", room, rest @ ..] => judge_room(place, room, used.in_test).or_else(|| match *room {
            "school" if !used.in_test => judge_school(place, rest),
            "connectors" if !used.in_test => judge_connectors(place, rest),
            _ if !used.in_test => judge_lower(place, room, rest),
            _ => None,
        }),
        _ => judge_library(place, &path, used),
    }
}

/// What a role or a rank may do stands in one table. These only say in words what each of them is, or make people up.
const ROLES_SAID: &[&str] = &["src/school/state/screens", "src/cli/bench/seed"];
const RANKS_SAID: &[&str] = &["src/school/roster/chat/start", "src/school/welcome/chat"];

/// Where one role or one rank is named, somebody decides what it may do.
fn judge_rank(place: &Place, path: &[&str]) -> Option<&'static str> {
    const NAMES: [&str; 7] = ["Anyone", "Student", "Teacher", "Supervisor", "Manager", "Admin", "*"];
    let (named, fine, sentence) = match path {
        ["crate", "school", "roster", "Role", name, ..] => (
            name,
            place.is(&["src/school/rights", "src/school/roster/"]) || place.is(ROLES_SAID),
            "a role is named in school/rights.rs and the roster alone: elsewhere its Act says what it may",
        ),
        ["crate", "telegram", "command", "Audience", name, ..] => (
            name,
            place.room == "telegram" || place.is(&["src/school/rights"]) || place.is(RANKS_SAID),
            "a rank is named in telegram and school/rights.rs alone: elsewhere its Act says what it may",
        ),
        _ => return None,
    };
    (NAMES.contains(named) && !fine).then_some(sentence)
}

fn judge_room(place: &Place, room: &str, in_test: bool) -> Option<&'static str> {
    // What is not a room is a macro of ours (`crate::text!`).
    if !ROOMS.contains(&room) || room == place.room || matches!(place.room.as_str(), "lib" | "main" | "cli" | "demo") {
        return None;
    }
    let (allowed, sentence): (&[&str], _) = match place.room.as_str() {
        "kernel" => (&[], "kernel imports nothing of ours"),
        "platform" => (&["kernel"], "platform imports only kernel"),
        "telegram" => (&["kernel", "platform"], "telegram imports only kernel and platform"),
        "connectors" => (&["kernel", "platform"], "connectors import only kernel and platform"),
        "school" => (&["kernel", "platform", "telegram", "connectors"], "school imports only lower rooms"),
        "sandbox" => (&["kernel"], "sandbox imports only kernel, never the code it stands in for"),
        "app" => {
            (&["kernel", "platform", "telegram", "connectors", "school", "sandbox"], "app imports neither demo nor cli")
        }
        _ => (&[], "src holds the rooms of DESIGN 2 and nothing else"),
    };
    let tested = in_test && room == "sandbox" && place.room != "kernel";
    (!allowed.contains(&room) && !tested).then_some(sentence)
}

fn judge_school(place: &Place, rest: &[&str]) -> Option<&'static str> {
    if place.room == "app" {
        let named = matches!(rest, [feature, ..] if place.order.iter().any(|listed| listed == feature));
        return named.then_some("app iterates over features and names none");
    }
    let (mine, role) = place.feature.as_ref()?;
    let (feature, inner) = rest.split_first()?;
    if *feature == "*" || inner.first() == Some(&"*") {
        return Some("`*` hides what a feature's file uses: name it");
    }
    // A module begins with a small letter; types and constants stand in their feature's mod.rs.
    let module = inner.first().copied().filter(|name| inner.len() > 1 && name.starts_with(|c: char| c.is_lowercase()));
    if *feature == "feature" {
        return (role != "feature").then_some("feature.rs alone knows what a Feature is made of");
    }
    if feature == mine {
        let sibling = module.or_else(|| inner.first().copied().filter(|name| !is_pure(name)));
        return sibling.and_then(|sibling| judge_sibling(role, sibling));
    }
    match module.or_else(|| inner.first().copied().filter(|name| !is_pure(name))) {
        None => None,
        Some("flow" | "reads") if matches!(role.as_str(), "flow" | "jobs" | "chat" | "page") => (!place
            .earlier(feature))
        .then_some("a flow may use flow functions and reads only of features listed earlier in school/mod.rs"),
        Some(_) => Some("of another feature only mod.rs may be imported, and by flow, jobs, chat and page its flow"),
    }
}

/// May `role` import `sibling` of its own feature?
fn judge_sibling(role: &str, sibling: &str) -> Option<&'static str> {
    let (allowed, sentence): (&[&str], _) = match role {
        "feature" => return None,
        "store" => (&[], "store.rs imports of its own feature only what is pure"),
        "flow" => (&["store"], "flow.rs imports of its own feature only mod, rules and store"),
        "jobs" => (&["store", "flow"], "jobs.rs imports of its own feature only mod, rules, store and flow"),
        "chat" => (&["store", "flow"], "chat.rs imports of its own feature only mod, rules, store and flow"),
        "page" => (&["store", "flow"], "page.rs imports of its own feature only mod, rules, store and flow"),
        _ => (&[], "mod.rs, rules and sheet.rs are pure: feature.rs alone imports its siblings"),
    };
    (role != sibling && !is_pure(sibling) && !allowed.contains(&sibling)).then_some(sentence)
}

fn judge_connectors(place: &Place, rest: &[&str]) -> Option<&'static str> {
    let target = rest.first().copied().unwrap_or_default();
    let mut parts = place.path.trim_start_matches("src/connectors/").split('/');
    match place.room.as_str() {
        "connectors" => {
            let mine = parts.next().unwrap_or_default().trim_end_matches(".rs");
            let open =
                mine == "mod" || target == mine || target == "ability" || !target.starts_with(char::is_lowercase);
            (!open).then_some("a connector never imports another connector")
        }
        "school" => match place.feature.as_ref().map(|(_, role)| role.as_str()) {
            Some("jobs" | "feature") | None => {
                (target != "ability").then_some("school knows connectors by their abilities only")
            }
            Some(_) => {
                Some("jobs.rs alone asks connectors (by connectors::ability): no I/O anywhere else in a feature")
            }
        },
        "app" => {
            let open = target.is_empty() || target == "ability" || !target.starts_with(char::is_lowercase);
            (!open).then_some("app iterates over connectors and names none")
        }
        _ => None,
    }
}

/// What a feature's files may use of platform and telegram.
fn judge_lower(place: &Place, room: &str, rest: &[&str]) -> Option<&'static str> {
    let (_, role) = place.feature.as_ref()?;
    let part = rest.first().copied().unwrap_or_default();
    let (platform, telegram, sentence): (&[&str], &[&str], _) = match role.as_str() {
        "feature" => return None,
        "store" => (&["store"], &[], "store.rs imports of the lower rooms only kernel and platform::store"),
        "flow" => (
            &["store", "outbox", "inbox"],
            &[],
            "flow.rs imports of the lower rooms only kernel and platform::{store, outbox, inbox}",
        ),
        "jobs" => (
            &["store", "outbox", "apart"],
            &["port", "screen", "callback"],
            "jobs.rs imports of the lower rooms only what flow does, platform::apart and telegram::{port, screen, callback}",
        ),
        "chat" => (
            &["store", "outbox"],
            &["command", "screen", "callback"],
            "chat.rs imports of the lower rooms only what flow does, and telegram::{command, screen, callback}",
        ),
        "page" => (
            &["store", "outbox", "web"],
            &[],
            "page.rs imports of the lower rooms only what flow does, and platform::web",
        ),
        "screens" => (&[], &["screen"], "screens.rs is pure: kernel, features' mod.rs and telegram::screen only"),
        _ => (
            &[],
            &[],
            "mod.rs, rules, sheet.rs and other files of a feature are pure: kernel and features' mod.rs only",
        ),
    };
    let broken = match room {
        "platform" => !platform.contains(&part),
        "telegram" => !telegram.contains(&part),
        _ => false,
    };
    broken.then_some(sentence)
}

/// Libraries and what of the machine is kept in one place. `None` when the path is nobody's business.
fn judge_library(place: &Place, path: &[&str], used: &Used) -> Option<&'static str> {
    let adapter = place.room == "telegram"
        && !place.is(&["src/telegram/port", "src/telegram/screen", "src/telegram/command", "src/telegram/callback"]);
    let role_file = place.path.rsplit('/').next().unwrap_or_default();
    let (fine, sentence) = match path {
        ["sqlx", what, ..] => {
            let derived = used.in_derive && matches!(*what, "Type" | "FromRow");
            let words = place.room == "kernel" || role_file == "mod.rs";
            let fine = place.is(&["src/platform/store/"]) || place.is_store_file() || (derived && words);
            (fine, "sqlx only in platform/store and files named store.rs (its derives also in kernel and mod.rs)")
        }
        ["teloxide" | "teloxide_core" | "dptree", ..] => {
            (adapter, "teloxide only in telegram, and not in port, screen, command, callback")
        }
        ["grammers_client" | "grammers_session" | "grammers_mtsender", ..] => {
            (adapter || used.in_test, "grammers only in telegram, as a client: its crates client, session and mtsender")
        }
        [name, ..] if name.starts_with("grammers_") => (
            place.room == "sandbox",
            "grammers only in the sandbox, as a wire: its crates mtproto, crypto and tl-types",
        ),
        ["reqwest", ..] => {
            let client = place.room == "connectors" && role_file == "client.rs";
            let fine = client || place.is(&["src/platform/http", "src/telegram/bot/", "src/telegram/bot"]);
            (
                fine || place.room == "sandbox",
                "reqwest only in platform/http, where teloxide's client is built, and connectors' client.rs",
            )
        }
        ["calamine", ..] => (place.is(&["src/school/workbook/"]), "calamine only in school/workbook"),
        ["anyhow", ..] => (place.is(&["src/main", "src/cli", "src/cli/"]), "anyhow only in main and cli"),
        ["rand", ..] => (place.is(&["src/kernel/id"]) || used.in_test, "randomness comes from kernel::id"),
        ["std", "env", what, ..] => {
            let reads = what.contains("var") || *what == "*";
            (!reads || place.is(&["src/platform/config/"]), "the environment is read in platform/config only")
        }
        ["tokio", "spawn", ..] | ["tokio", "task", "spawn" | "spawn_local", ..] => {
            let fine = place.is(&["src/platform/tasks", "src/sandbox/"]) || used.in_test;
            (fine, "tokio::spawn only in platform/tasks (and the sandbox): tasks are tracked")
        }
        ["tokio", "time", ..]
        | ["chrono", "Utc" | "Local", "now", ..]
        | ["std", "time", "Instant" | "SystemTime", "now", ..] => {
            (place.is(&["src/kernel/clock"]), "time comes from kernel::clock")
        }
        ["std" | "tokio", "fs" | "net" | "process", ..] if place.room == "school" && !place.is_pure() => {
            let jobs = place.feature.as_ref().is_some_and(|(_, role)| role == "jobs");
            (
                jobs || used.in_test,
                "in school only jobs.rs touches files, sockets and programs: no I/O in a transaction",
            )
        }
        ["std", "fs" | "net" | "process" | "thread", ..] | ["tokio", ..] => {
            (!place.is_pure() || used.in_test, "mod.rs, rules, sheet.rs and other files of a feature are pure: no I/O")
        }
        _ => return None,
    };
    (!fine).then_some(sentence)
}

/// Every broken rule in one file, as `file:line: sentence (path)`.
fn broken(path: &str, text: &str, order: &[String]) -> Vec<String> {
    let place = Place::of(path, order);
    let Facts { used, waits, modules } = source::facts(path, text);
    let told = |line: usize, sentence: &str, what: &str| format!("{path}:{line}: {sentence} ({what})");
    let mut found: Vec<String> = Vec::new();
    if !ROOMS.contains(&place.room.as_str()) {
        found.push(told(1, "src holds the rooms of DESIGN 2 and nothing else", &place.room));
    }
    found.extend(used.iter().filter_map(|used| Some(told(used.line, judge(&place, used)?, &used.path.join("::")))));
    if place.is_pure() {
        let sentence = "mod.rs, rules, sheet.rs and other files of a feature are pure: nothing waits";
        found.extend(waits.iter().map(|line| told(*line, sentence, "async")));
    }
    let names = path.trim_end_matches(".rs").split('/').map(|name| (name, 1));
    for (name, line) in names.chain(modules.iter().map(|(name, line)| (name.as_str(), *line))) {
        if EMPTY_NAMES.contains(&name) {
            found.push(told(
                line,
                "a module is named by what it is about: no utils, helpers, common, manager, service",
                name,
            ));
        }
    }
    found.extend(sql::misplaced(path, text).iter().map(|(line, sentence, what)| told(*line, sentence, what)));
    if path == "src/main.rs" && text.lines().count() > 40 {
        found.push(told(41, "main.rs has at most 40 lines", "parse, run, exit code"));
    }
    found.sort();
    found.dedup();
    found
}

/// The features in the order in which school/mod.rs lists their `FEATURE`.
fn order(school: &str) -> Vec<String> {
    let facts = source::facts("src/school/mod.rs", school);
    let mut listed: Vec<String> = Vec::new();
    for used in facts.used {
        if let ["crate", "school", feature, .., "FEATURE"] =
            used.path.iter().map(String::as_str).collect::<Vec<_>>()[..]
            && !listed.iter().any(|known| known == feature)
        {
            listed.push(feature.to_owned());
        }
    }
    listed
}

#[test]
fn the_source_keeps_its_rules() {
    let files = source::files();
    let school = files.iter().find(|(path, _)| path == "src/school/mod.rs").map_or("", |(_, text)| text);
    let order = order(school);
    let found: Vec<String> = files.iter().flat_map(|(path, text)| broken(path, text, &order)).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    assert!(files.len() > 20, "the source was not found");
    // Who may name roles does.
    let named = |start: &str, what: &str| {
        let file = files.iter().find(|(path, _)| path.trim_end_matches(".rs") == start).map_or("", |(_, text)| text);
        file.contains(what)
    };
    assert!(ROLES_SAID.iter().all(|file| named(file, "Role::")), "{ROLES_SAID:?}");
    assert!(RANKS_SAID.iter().all(|file| named(file, "Audience::")), "{RANKS_SAID:?}");
}

/// The first build takes minutes, most of them for the crates of others: one more is a decision.
#[test]
fn the_first_build_does_not_grow_unseen() {
    const CRATES: usize = 488;
    let lock = std::fs::read_to_string(source::root().join("Cargo.lock")).unwrap();
    let crates = lock.lines().filter(|line| *line == "[[package]]").count();
    assert!(crates <= CRATES, "{crates} crates: raise the bound when each new one has earned its line in Cargo.toml");
}

#[test]
fn nothing_else_is_visible_at_the_top() {
    for entry in std::fs::read_dir(source::root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name.starts_with('.') || TOP.contains(&name.as_str()), "{name}: DESIGN 2 lists what stands at the top");
    }
}

#[cfg(test)]
#[path = "architecture_snippets.rs"]
mod snippets;
#[cfg(test)]
#[path = "architecture_sql.rs"]
mod sql;
