//! The catalogue of what is said: `fr/*.txt` and `en/*.txt` beside this file, so that a change of words is read as such.
//!
//! `words-*.txt` hold every sentence alone, with sample values and in each of its forms (none, one, two, many);
//! the others are conversations, as phones show them. `alone.txt` lists what no conversation shows whole.
//! `PREAU_CATALOGUE=1 cargo test --test it catalogue` writes all of it anew; twice, since `alone.txt` is read from the rest.

mod calls;
mod groups;
mod lessons;
mod links;
mod pattern;
mod people;
mod tale;
mod timetable;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use preau::kernel::Lang;

use crate::source;
use pattern::Pattern;

const RENEW: &str = "PREAU_CATALOGUE";

/// Files of words that no person is sent, and why.
const ELSEWHERE: [(&str, &str); 4] = [
    ("check", "the terminal: preau check"),
    ("demo", "the demo's own page"),
    ("init", "the terminal: preau init"),
    ("kernel", "a sample for tests of plurals"),
];

/// Mails and webhooks to admins: their words are kept, and no conversation shows them.
const MAILED: &str = "alert";

/// Words within the other files that are met elsewhere, by their beginning.
const ASIDE: [(&str, &str); 15] = [
    ("attendance-sheet-", "inside the sheet's file (tests/it/sheets.rs)"),
    ("workbook-template-", "inside the template's file"),
    ("workbook-cli-", "the terminal: preau import"),
    ("approval-cli-", "the terminal: preau import --approve"),
    ("caller-not-configured", "the terminal: preau login"),
    ("caller-wrong-", "the terminal: preau login"),
    ("caller-wait", "the terminal: preau login"),
    ("caller-refused", "the terminal: preau login"),
    ("caller-ask-", "the terminal: preau login"),
    ("caller-signed-in", "the terminal: preau login"),
    ("caller-banned-number", "the terminal: preau login"),
    ("caller-none-ready", "the terminal: preau check --live"),
    ("vault-key-new", "the terminal: preau secrets rotate"),
    ("roster-csv-", "inside the file of links; its caption is in the words"),
    ("telegram-token-refused", "the terminal, at the start"),
];

fn folder() -> PathBuf {
    source::root().join("tests/it/talk/catalogue")
}

#[expect(clippy::disallowed_methods, reason = "whoever wants the catalogue anew says so by the environment")]
fn renews() -> bool {
    std::env::var(RENEW).is_ok()
}

/// Compares with the file, or writes it.
fn hold(name: &str, text: &str) {
    // Which engine this run is on is no change of the words.
    let text = text.replace("(PostgreSQL).", "(SQLite).");
    let path = folder().join(name);
    if renews() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, &text).expect("written");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = kept.lines().zip(text.lines()).enumerate();
    let different = lines.find(|(_, (kept, now))| kept != now).map(|(at, pair)| (at + 1, pair));
    assert!(
        kept == text,
        "tests/it/talk/catalogue/{name} is not what is said now (first difference: {different:?}). Read the change: is \
         it meant? Then renew with {RENEW}=1 cargo test --test it catalogue, and commit the file."
    );
}

/// Every key that is met in Telegram, with its file.
fn told() -> BTreeMap<String, String> {
    let mut keys = BTreeMap::new();
    for (file, entries) in words::files(Lang::Fr) {
        if file == MAILED || ELSEWHERE.iter().any(|(name, _)| *name == file) {
            continue;
        }
        let aside = |key: &str| ASIDE.iter().any(|(start, _)| key.starts_with(start));
        keys.extend(entries.into_iter().filter(|entry| !aside(&entry.key)).map(|entry| (entry.key, file.clone())));
    }
    keys
}

#[test]
fn every_sentence_is_as_it_is_kept() {
    for lang in Lang::ALL {
        for (file, text) in words::written(lang) {
            hold(&format!("{}/words-{file}.txt", lang.code()), &text);
        }
    }
}

/// The messages of the conversations that are kept, one string each.
fn shown(lang: Lang) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder().join(lang.code())).expect("a folder") {
        let path: PathBuf = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if !name.starts_with("words-") && Path::new(&name).extension().is_some_and(|kind| kind == "txt") {
            all.extend(tale::entries(&std::fs::read_to_string(&path).expect("read")));
        }
    }
    assert!(all.len() > 200, "the conversations were not found");
    all
}

/// What no conversation shows is listed by name: a screen that falls out of the conversations is seen in the review.
#[test]
fn what_no_conversation_shows_is_known() {
    let keys = told();
    let mut missing: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for lang in Lang::ALL {
        let shown = shown(lang);
        for key in keys.keys() {
            if !Pattern::of(lang, key).is_in(&shown) {
                missing.entry(key.clone()).or_default().insert(lang.code());
            }
        }
    }
    let mut lines: Vec<String> = missing
        .iter()
        .map(|(key, langs)| {
            let langs =
                if langs.len() == 2 { String::new() } else { format!(" ({langs:?})").replace(['{', '}', '"'], "") };
            format!("{key}{langs}\n")
        })
        .collect();
    lines.insert(
        0,
        format!("{} of {} sentences and keys are seen in a conversation.\n", keys.len() - missing.len(), keys.len()),
    );
    hold("alone.txt", &lines.concat());
}

/// `/presence` in English words would be a command that the reader's menu does not have.
#[test]
fn commands_are_named_in_the_reader_s_language() {
    let commands: Vec<_> = preau::school::FEATURES.iter().flat_map(|feature| feature.commands).collect();
    let mut found = Vec::new();
    for lang in Lang::ALL {
        let other = |word: &str| commands.iter().any(|command| [command.fr, command.en].contains(&word));
        for (file, text) in words::written_raw(lang) {
            for (at, line) in text.lines().enumerate() {
                let words = line.split('/').skip(1);
                let words =
                    words.map(|rest| rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or(""));
                for word in words.filter(|word| other(word)) {
                    if !commands.iter().any(|command| command.name(lang) == word) {
                        found.push(format!("locales/{}/{file}.ftl:{}: /{word}", lang.code(), at + 1));
                    }
                }
            }
        }
    }
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}
