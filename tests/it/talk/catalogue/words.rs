//! Every sentence alone, with sample values, in each of its forms.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use preau::kernel::text::{Arg, Lang, arguments_of};
use preau::kernel::time::Zone;
use preau::kernel::{At, Text};
use preau::text;

use super::{ASIDE, ELSEWHERE};
use crate::source;
use crate::world::at;

/// A key of a locale file and the arguments that choose among its forms.
pub struct Entry {
    pub key: String,
    pub choosing: Vec<String>,
}

/// The locale files of a language as they stand.
pub fn written_raw(lang: Lang) -> Vec<(String, String)> {
    let path = |name: &str| source::root().join("locales").join(lang.code()).join(format!("{name}.ftl"));
    let read = |name: &&str| ((*name).to_owned(), std::fs::read_to_string(path(name)).expect("a locale file"));
    preau::kernel::text::files().iter().map(read).collect()
}

/// The locale files of a language, with their keys in the order in which they stand.
pub fn files(lang: Lang) -> BTreeMap<String, Vec<Entry>> {
    written_raw(lang).into_iter().map(|(name, text)| (name, read(&text))).collect()
}

fn read(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let starts = line.chars().next().is_some_and(|letter| letter.is_ascii_lowercase());
        if let (true, Some((key, _))) = (starts, line.split_once(" =")) {
            entries.push(Entry { key: key.to_owned(), choosing: Vec::new() });
        }
        let Some(entry) = entries.last_mut() else { continue };
        for piece in line.split('$').skip(1) {
            let name: String =
                piece.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect();
            let chooses = piece.strip_prefix(name.as_str()).is_some_and(|rest| rest.trim_start().starts_with("->"));
            if chooses && !entry.choosing.contains(&name) {
                entry.choosing.push(name);
            }
        }
    }
    entries
}

/// Values for the arguments that choose among the forms of a sentence: each of `numbers` for each of them.
pub fn forms(lang: Lang, key: &str, numbers: &[i64]) -> Vec<BTreeMap<String, i64>> {
    static CHOOSING: std::sync::LazyLock<BTreeMap<(&'static str, String), Vec<String>>> =
        std::sync::LazyLock::new(|| {
            let all = Lang::ALL
                .into_iter()
                .flat_map(|lang| files(lang).into_values().flatten().map(move |entry| (lang, entry)));
            all.map(|(lang, entry)| ((lang.code(), entry.key), entry.choosing)).collect()
        });
    let choosing = CHOOSING.get(&(lang.code(), key.to_owned())).cloned().unwrap_or_default();
    let mut forms = vec![BTreeMap::new()];
    for name in choosing {
        forms = forms
            .iter()
            .flat_map(|form| {
                numbers.iter().map(|number| {
                    let mut form = form.clone();
                    form.insert(name.clone(), *number);
                    form
                })
            })
            .collect();
    }
    forms
}

/// The text of each file of words.
pub fn written(lang: Lang) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (file, entries) in files(lang) {
        if ELSEWHERE.iter().any(|(name, _)| *name == file) {
            continue;
        }
        let mut out = String::new();
        for entry in entries {
            if ASIDE.iter().any(|(start, _)| entry.key.starts_with(start)) {
                continue;
            }
            writeln!(out, "{}", entry.key).expect("written");
            let mut before: Vec<String> = Vec::new();
            for form in forms(lang, &entry.key, &[0, 1, 2, 28]) {
                let words = say(lang, &entry.key, &form);
                if !before.contains(&words) {
                    writeln!(out, "    {}", words.replace('\n', "\n    ")).expect("written");
                    before.push(words);
                }
            }
        }
        if !out.is_empty() {
            all.push((file, out));
        }
    }
    all
}

fn say(lang: Lang, key: &str, form: &BTreeMap<String, i64>) -> String {
    let names = arguments_of(lang, key).unwrap_or_default();
    let arg = |name: &String| form.get(name).map_or_else(|| sample(key, name), |number| Arg::Number(*number));
    let args = names.iter().map(|name| (name.as_str(), arg(name))).collect();
    Text::of(key, args).render(lang)
}

fn hour(hour: &str) -> At {
    at("24/11/2026", hour)
}

/// What an argument of this name stands for.
fn sample(key: &str, name: &str) -> Arg {
    let zone = Zone::default();
    let lesson = || Arg::Hours(hour("14:00"), hour("16:00"), zone);
    let day = || Arg::Day(zone.day(hour("14:00")));
    let moment = || Arg::Moment(hour("18:00"), zone);
    let role = || text!("workbook-role-teacher").into();
    match (key, name) {
        (_, "hour") if key.starts_with("attendance-") => "14:00".into(),
        (_, "hours") => lesson(),
        (_, "day") if key.starts_with("session-long") => Arg::LongDay(zone.day(hour("14:00"))),
        (_, "day" | "real" | "said") if key == "workbook-warning-weekday" => match name {
            "real" => text!("workbook-tuesday").into(),
            "said" => text!("workbook-monday").into(),
            _ => day(),
        },
        (_, "day" | "start") => day(),
        (_, "hour") if key != "session-call-foreseen" => Arg::Hour(hour("16:15"), zone),
        ("state-overdue-again" | "state-from-hour", "at") => Arg::Hour(hour("16:15"), zone),
        (_, "until" | "moment" | "since" | "at" | "now" | "due")
        | ("session-notice-moved" | "session-notice-from-to" | "workbook-change-hours", "old") => moment(),
        ("session-notice-moved" | "session-notice-from-to" | "workbook-change-hours", "new") => {
            Arg::Moment(at("25/11/2026", "10:00"), zone)
        }
        (_, "session" | "lesson" | "what") if key.starts_with("attendance-sheet") => "Réseaux".into(),
        (_, "session") => text!("session-title", subject = "Réseaux", when = when()).into(),
        (_, "when") => when().into(),
        (_, "state" | "old") if key.starts_with("attendance") => text!("attendance-absent").into(),
        (_, "new") if key.starts_with("attendance") => text!("attendance-present").into(),
        ("attendance-count-late", "present") => text!("attendance-count-present", count = 25).into(),
        (_, "counts") => text!("attendance-count-absent", count = 3).into(),
        (_, "source") => text!("attendance-source-call").into(),
        (_, "role" | "to") => role(),
        (_, "from") if key.starts_with("approval") => moment(),
        (_, "from") => text!("workbook-role-manager").into(),
        ("state-calls" | "state-calls-next", "next") => text!("state-from-moment", at = moment()).into(),
        (_, "next") => moment(),
        // The hour of the line above it, which says the zone.
        ("session-call-foreseen", "hour") => "13:55".into(),
        (_, "trouble") => {
            let (why, remedy) = (text!("caller-lost-signed-out"), text!("caller-again-any"));
            text!("caller-is-lost", since = moment(), why = why, remedy = remedy).into()
        }
        (_, "remedy") => text!("caller-again-any").into(),
        ("caller-is-lost" | "call-account-lost", "why") => text!("caller-lost-signed-out").into(),
        ("caller-is-shut" | "call-account-shut", "why") => text!("vault-key-other").into(),
        ("vault-exposed", "file") => "/etc/preau/secrets.key".into(),
        (_, "other" | "line") if key.starts_with("workbook-warning") || key.starts_with("workbook-fault") => {
            text!("workbook-line", row = 12).into()
        }
        (_, "place") => text!("session-place-room", room = "B204").into(),
        (_, "language") => text!("welcome-english").into(),
        _ => plain(key, name),
    }
}

fn when() -> Text {
    let zone = Zone::default();
    let args =
        vec![("day", Arg::Day(zone.day(hour("14:00")))), ("hours", Arg::Hours(hour("14:00"), hour("16:00"), zone))];
    Text::of("session-when", args)
}

fn plain(key: &str, name: &str) -> Arg {
    let words = match name {
        "class" => "BTS SIO 1A",
        "classes" => "BTS SIO 1A, BTS SIO 1B",
        "name" | "other" | "keeper" => "Inès Moreau",
        "names" => "Inès M., Karim T.",
        "school" => "École Horizon",
        "teacher" | "who" => "M. Diallo",
        "asker" => "Claire D.",
        "title" | "group" if key.starts_with("call") => "Réseaux · 24/11",
        "title" | "group" => "SIO 1A",
        "subject" => "Réseaux",
        "room" | "old" => "B204",
        "near" => "/aujourdhui",
        "command" | "typed" => "/presence",
        "file" => "EDT_S48.xlsx",
        "sheet" => "EDT",
        "column" => "Fin",
        "value" => "31/11/2026",
        "reference" => "K7QX2M",
        "code" => "TEL-09",
        "link" => "https://t.me/+…",
        "bot" => "PreauBot",
        "reason" | "words" => "Le bus avait 20 minutes de retard.",
        "contact" => "donnees@horizon.example",
        "first" => "Réseaux (BTS SIO 1A, L.3)",
        "second" => "Anglais (BTS SIO 1A, L.7)",
        "new" => "C3",
        "kind" | "what" | "change" | "sentence" | "details" | "known" | "why" | "instead" => "…",
        "host" => "bot.autre.example",
        "folder" => "/var/lib/preau/backup",
        "word" => "CREATE_CALL_FAILED",
        "year" => "2027",
        "option" => "--remove",
        _ => return Arg::Number(12),
    };
    words.into()
}

#[test]
fn an_abbreviation_at_the_end_of_a_sentence_has_one_dot() {
    let removed = |names: &str| text!("group-removed", count = 1_i64, names = names).render(Lang::Fr);
    assert_eq!(removed("Noé B., Karim T."), "Sortie du groupe : Noé B., Karim T.");
    assert_eq!(removed("Zoé"), "Sortie du groupe : Zoé.");
    let day = Arg::Day(Zone::default().day(hour("14:00")));
    let about = Text::of("welcome-about", vec![("known", day)]);
    assert_eq!(about.render(Lang::Fr), "Sur vous, je connais : mar. 24 nov.");
    let quoted = text!("attendance-decided-refused", session = "x", reason = "Bof..").render(Lang::Fr);
    assert!(quoted.ends_with("« Bof.. »"), "what people write stays: {quoted}");
}
