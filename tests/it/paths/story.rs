//! `preau demo --story`: what it tells, and that it says by its end whether the day came out as it should.

use std::time::Duration;

use preau::demo::day::Day;
use preau::demo::stage::Stage;
use preau::demo::story;
use preau::demo::transcript::Transcript;
use preau::kernel::Clock;
use preau::sandbox::Fault;

use super::{bare, told};

/// The product promises a day in a minute; a debug build on a machine that has other things to do takes longer.
const LONGEST: Duration = Duration::from_mins(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_story_is_told_and_ends_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = bare(folder.path(), &["demo", "--story"]);
    let output = Clock::machine().within(LONGEST, command.kill_on_drop(true).output()).await;
    let (code, out, err) = told(output.expect("it ends in time").expect("it ran"));
    assert_eq!(code, 0, "{err}\n{out}");
    let stations = [
        ("the import", "Fait : 3 séances ajoutées, 5 personnes ajoutées, 1 classe créée."),
        ("a stranger is declined", "Ce groupe est réservé aux personnes de la classe"),
        ("the roll", "Présents 3 · Absents 2."),
        ("a correction", "Paul S. : absent → présent. Motif ?"),
        ("the validation", "Feuille validée.\n        4 présents (dont 1 retard), 1 absent."),
        ("the sheet", "[fichier 2026-11-24_14h00_BTS-SIO-1A_Reseaux.xlsx"),
        ("an account signs in", "preau login --phone"),
        ("a group makes itself", "Bienvenue dans le groupe de la classe BTS SIO 2A."),
        ("a call opens by itself", "L’appel « Systèmes · 25/11 » est ouvert."),
        ("who joins is seen", "Présents 3 · Pas encore là 1 (Tom L.)"),
        ("a reconnect", "(Hugo change de réseau : une minute sans lui)"),
        ("who leaves", "Lina : (quitte l’appel)"),
        ("a blind minute", "(Telegram ne montre plus l’appel pendant une minute)"),
        ("which is said", "Je ne vois plus qui est dans l’appel vidéo de Systèmes"),
        ("and stands in the sheet", "je n’ai pas vu qui était dans l’appel : ce temps ne compte pour personne."),
        ("when keys go, at its hour", "15:00 (groupe 2A) Préau (même message) : Séance terminée : Systèmes"),
        ("the report", "séance terminée, 3 présents sur 4 (dont 1 retard)."),
    ];
    let mut rest = out.as_str();
    for (what, words) in stations {
        let at = rest.find(words).unwrap_or_else(|| panic!("{what} is not told in its turn (« {words} »):\n{out}"));
        rest = &rest[at + words.len()..];
    }
    assert!(!out.contains("!!"), "{out}");
    in_order(&out);
    keys_are_there(&out);
}

/// « 09:05 (privé) M. Diallo : … »: the hour and the rest.
fn timed(line: &str) -> Option<(&str, &str)> {
    let (hour, rest) = line.split_at_checked(5)?;
    (hour.as_bytes()[2] == b':' && rest.starts_with(" (")).then_some((hour, rest))
}

/// What is told goes with the clock; a day that begins is named.
fn in_order(out: &str) {
    let days = ["lundi 23 novembre", "mardi 24 novembre", "mercredi 25 novembre"];
    let (mut named, mut last) = (Vec::new(), "");
    for line in out.lines() {
        if let Some(day) = days.iter().find(|day| line.trim() == **day) {
            named.push(*day);
            last = "";
        }
        let Some((hour, _)) = timed(line) else { continue };
        assert!(hour >= last, "{line} after {last}");
        last = hour;
    }
    assert_eq!(named, days, "{out}");
}

/// Whoever presses a key presses one that stood there, by its whole name.
fn keys_are_there(out: &str) {
    let mut told = String::new();
    let mut pressed = 0;
    for line in out.lines() {
        let key = timed(line).and_then(|(_, rest)| rest.split_once(" : [")).map(|(_, key)| key);
        let is_key = |key: &&str| key.ends_with(']') && !key.contains("fichier ") && !line.contains(") Préau");
        if let Some(key) = key.filter(is_key) {
            assert!(told.contains(&format!("[{key}")), "nobody showed [{key}: {line}");
            pressed += 1;
        }
        told.push_str(line);
        told.push('\n');
    }
    assert!(pressed > 20, "{pressed} keys pressed");
}

/// A reminder that does not come leaves no button to press: the day is another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_comes_out_otherwise_is_an_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut set = story::set(folder.path());
    set.keys.push(("files.reader".to_owned(), env!("CARGO_BIN_EXE_preau").to_owned()));
    let stage = Stage::raise(set).await.expect("the stage");
    let mut day = Day::new(stage, Transcript::new(Box::new(std::io::sink())));
    day.trouble = Some(("13:45", Fault::Reset { method: Some("sendMessage".to_owned()), times: 1 }));
    let error = story::tell(day).await.expect_err("it came out otherwise").to_string();
    assert!(error.contains("the story came out otherwise"), "{error}");
}
