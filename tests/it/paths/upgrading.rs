//! An old school goes on with today's program; a school goes on from its backup in a fresh place.

use std::time::Duration;

use futures::StreamExt as _;
use preau::demo::day::Day;
use preau::demo::stage::Stage;
use preau::platform::store::Probe;
use preau::sandbox::Sandbox;
use tokio::process::Command;

use super::{bare, told};
use crate::laws::outcome::{self, Outcome, more};
use crate::place::{Engine, Place};
use crate::store::{Raw, migrator, rows_of};

/// The database as it was after this migration, with the rows that versions until then wrote.
async fn grown_to(engine: Engine, last: i64) -> Place {
    let place = Place::on(engine).await;
    let (migrator, mut raw) = (migrator().await, Raw::open(&place).await);
    for version in migrator.iter().map(|migration| migration.version).filter(|version| *version <= last) {
        raw.migrate_to(&migrator, version).await;
        raw.execute(&rows_of(version)).await;
    }
    if raw.tables().await.iter().any(|table| table == "caller_account") {
        // Their secrets were sealed by another machine's key: that this is told may come between what the day asks for.
        raw.execute("DELETE FROM caller_account").await;
    }
    place
}

/// What the day has in the end that a new school's has not, or the other way round; nothing is left undone.
async fn differences(day: &Day, calm: &Outcome) -> Vec<String> {
    let mut wrong = day.wrong.clone();
    let now = outcome::outcome(day).await.expect("the outcome");
    // What the old school's own people are sent is theirs: what the day's people get is judged.
    wrong.extend(more(&calm.sent, &now.sent).keys().map(|what| format!("not sent: {what}")));
    wrong.extend(more(&calm.shown, &now.shown).keys().map(|what| format!("not shown: {what}")));
    wrong.extend(more(&calm.sheets, &now.sheets).keys().map(|what| format!("not in a sheet: {what}")));
    // That the old version's own rows cannot be read, or may have left, is told, as it should be.
    let told = ["admin: Je n’ai pas réussi : ", "admin: Peut-être non envoyé : "];
    let old = |what: &str| told.iter().any(|words| what.starts_with(words));
    let of_cast = |what: &&String| !what.starts_with(|c: char| c.is_ascii_digit() || c == '-') && !old(what);
    wrong.extend(more(&now.sent, &calm.sent).keys().filter(of_cast).map(|what| format!("sent too: {what}")));
    if now.members != calm.members {
        wrong.push(format!("in the group: {:?}", now.members));
    }
    if now.waiting > 0 || now.unanswered > 0 {
        wrong.push(format!("{} rows wait, {} presses", now.waiting, now.unanswered));
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_runs_on_a_database_of_every_older_version() {
    for engine in Engine::all() {
        let calm = outcome::undisturbed(engine).await;
        // Each on SQLite; what is left to PostgreSQL is that it grows the same way.
        let step = if engine == Engine::Sqlite { 1 } else { 3 };
        let versions: Vec<i64> = migrator().await.iter().map(|migration| migration.version).step_by(step).collect();
        let days = versions.into_iter().map(async |version| {
            let mut place = grown_to(engine, version).await;
            // What an old version meant to send and nobody can any more is tried twelve times, and given up.
            let mut set = outcome::set(&place, Probe::default());
            set.keys.push(("outbox.retry_base_ms".to_owned(), "1".to_owned()));
            let mut day = outcome::day(Stage::raise(set).await.expect("the stage"));
            day.stage.set_patience(Duration::from_secs(30));
            let played = day.play().await;
            let mut wrong = differences(&day, &calm).await;
            wrong.extend(played.err().map(|error| error.to_string()));
            outcome::strike(day.stage).await;
            place.remove().await;
            (version, wrong)
        });
        let days: Vec<(i64, Vec<String>)> = futures::stream::iter(days).buffered(engine.beside()).collect().await;
        assert!(days.len() * step >= 24, "{engine:?}: {}", days.len());
        let wrong: Vec<_> = days.into_iter().filter(|(_, wrong)| !wrong.is_empty()).collect();
        assert!(wrong.is_empty(), "{engine:?}: {wrong:#?}");
    }
}

/// `preau ARGS` at the day's place and hour.
fn command(place: &Place, sandbox: &Sandbox, args: &[&str]) -> Command {
    let mut command = bare(&place.path(""), args);
    command
        .env("PREAU__TELEGRAM__API_URL", sandbox.bot_api_url())
        .env("PREAU__CLOCK__SOURCE", format!("{}/clock", sandbox.control_url()))
        .env("PREAU__DATABASE__URL", &place.url)
        .env("PREAU__FILES__FOLDER", place.path("files"))
        .env("PREAU__SECRETS__KEY_FILE", place.path("secrets.key"));
    command
}

/// Nothing is left at the address: as on a new machine.
async fn wipe(place: &Place) {
    if place.url.starts_with("postgres") {
        Raw::open(place).await.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        return;
    }
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(place.path(&format!("preau.db{ending}")));
    }
    assert!(!place.path("preau.db").exists());
}

/// Saved by `preau backup` while the program runs, on Monday evening; the machine is lost; `preau restore` on a new one, to
/// which the key of the secrets was brought; Tuesday goes as ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_goes_on_from_a_backup_in_a_fresh_place() {
    for engine in Engine::all() {
        let calm = outcome::undisturbed(engine).await;
        let mut place = Place::on(engine).await;
        let mut day = outcome::day(outcome::stage(&place, Probe::default()).await);
        day.evening().await.expect("the evening");
        let sandbox = day.stage.sandbox.clone();
        let said = async |args: &[&str]| told(command(&place, &sandbox, args).output().await.expect("the program"));
        let (code, _, err) = said(&["backup", "night.preau"]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        day.stage.stop().await;
        wipe(&place).await;
        let key = place.path("secrets.key");
        std::fs::rename(&key, place.path("kept.key")).expect("the key");
        let (code, _, err) = said(&["restore", "night.preau"]).await;
        assert_eq!(code, 1, "{engine:?}: without its key: {err}");
        assert!(err.contains("(SEC-05)"), "{engine:?}: {err}");
        std::fs::rename(place.path("kept.key"), &key).expect("the key");
        let (code, out, err) = said(&["restore", "night.preau"]).await;
        assert_eq!(code, 0, "{engine:?}: {out}{err}");
        day.stage.start().await.expect("it starts");
        day.day().await.expect("the day");
        let wrong = differences(&day, &calm).await;
        assert!(wrong.is_empty(), "{engine:?}: {wrong:#?}");
        outcome::strike(day.stage).await;
        place.remove().await;
    }
}
