//! `preau backup` and `preau restore`.

use std::os::unix::fs::PermissionsExt as _;

use preau::kernel::{At, Clock, Result};
use preau::platform::store::{Database, Tx, backup, open_backup, restore};

use super::{Raw, grow};
use crate::place::{Engine, Place};

/// Nothing is settled.
async fn as_it_is(_: &mut Tx) -> Result<()> {
    Ok(())
}

/// A place where the key of the secrets is another place's: it was laid there by hand.
async fn with_key_of(here: &Place, there: &Place) -> Database {
    let key = here.path("secrets.key").display().to_string();
    there.open_with(Clock::standing(At(0)), &[("secrets.key_file", &key)]).await
}

/// What a backup holds, laid beside it in the clear.
async fn in_the_clear(database: &Database, place: &Place, name: &str) -> Raw {
    backup(database, &place.path("sealed.db")).await.unwrap();
    open_backup(database, &place.path("sealed.db"), &place.path(name)).await.unwrap();
    Raw::at(&place.path(name)).await
}

#[tokio::test]
async fn a_backup_comes_back_whole_on_either_engine() {
    for (one, two) in Engine::pairs() {
        let mut here = Place::on(one).await;
        grow(&here).await;
        // Beside a live run: this connection stays open.
        let live = here.open(At(0)).await;
        let file = here.path("backup.db");
        let saved = backup(&live, &file).await.unwrap();
        assert!(saved.iter().all(|tally| tally.rows > 0), "{saved:#?}");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let left: Vec<String> = std::fs::read_dir(file.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("backup") && name != "backup.db")
            .collect();
        assert!(left.is_empty(), "nothing in the clear is left: {left:?}");
        assert!(backup(&live, &file).await.unwrap_err().to_string().contains("is there already"));

        let mut there = Place::on(two).await;
        let stranger = there.open(At(0)).await;
        let refused = restore(&stranger, &file, false, as_it_is).await.unwrap_err().to_string();
        assert_eq!(refused, "refused (SEC-05)", "the file alone shows nothing");
        stranger.close().await;
        let database = with_key_of(&here, &there).await;
        assert_eq!(restore(&database, &file, false, as_it_is).await.unwrap(), (saved.clone(), ()));
        let again = restore(&database, &file, false, as_it_is).await.unwrap_err().to_string();
        assert!(again.contains("must be empty"), "{again}");
        assert_eq!(restore(&database, &file, true, as_it_is).await.unwrap().0, saved, "--replace");
        // One of an older version, which is not sealed.
        let plain = here.path("older.db");
        open_backup(&live, &file, &plain).await.unwrap();
        assert_eq!(std::fs::metadata(&plain).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(restore(&database, &plain, true, as_it_is).await.unwrap().0, saved, "not sealed");
        database.close().await;
        there.remove().await;
        live.close().await;
        here.remove().await;
    }
}

#[tokio::test]
async fn a_backup_of_a_newer_version_or_of_something_else_is_refused() {
    for engine in Engine::all() {
        let mut here = Place::on(engine).await;
        let database = here.open(At(0)).await;
        let refused = async |name: &str| {
            let error = restore(&database, &here.path(name), true, as_it_is).await.unwrap_err().to_string();
            error.split(name).nth(1).unwrap_or(&error).trim().to_owned()
        };
        assert_eq!(refused("nowhere.db").await, "is not there");
        std::fs::write(here.path("letter.txt"), "Dear school, this is no database at all.".repeat(40)).unwrap();
        assert_eq!(refused("letter.txt").await, "is no backup of Préau");
        let mut raw = in_the_clear(&database, &here, "new.db").await;
        raw.execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            VALUES (9999, 'later', TRUE, x'00', 0)",
        )
        .await;
        drop(raw);
        assert_eq!(refused("new.db").await, "was written by a newer version of Préau: install that version first");
        database.close().await;
        here.remove().await;
    }
}

#[tokio::test]
async fn what_cannot_come_back_leaves_what_was_there() {
    let here = Place::on(Engine::Sqlite).await;
    grow(&here).await;
    let database = here.open(At(0)).await;
    let mut raw = in_the_clear(&database, &here, "torn.db").await;
    let before = Raw::open(&here).await.number("SELECT COUNT(*) FROM classroom").await;
    assert!(before > 0);
    raw.execute("PRAGMA foreign_keys = OFF; DELETE FROM classroom").await;
    drop(raw);
    assert!(restore(&database, &here.path("torn.db"), true, as_it_is).await.is_err(), "its references lead nowhere");
    assert_eq!(Raw::open(&here).await.number("SELECT COUNT(*) FROM classroom").await, before);
}
