//! What makes a committed row safe, read back from the database itself; and what a database error means.

use preau::kernel::{At, Result};
use preau::platform::inbox;
use preau::platform::store::{Connection, Db, Tx, store_error};

use crate::place::{Engine, Place};

/// What a pragma says on this transaction's connection.
async fn pragma(tx: &mut Tx, name: &'static str) -> Result<String> {
    let Connection::Sqlite(connection) = tx.connection() else { panic!("SQLite alone has pragmas") };
    let column = if name == "busy_timeout" { "timeout" } else { name };
    let text = format!("SELECT CAST({column} AS TEXT) FROM pragma_{name}");
    sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(connection).await.map_err(store_error)
}

async fn pragmas(tx: &mut Tx) -> Result<[String; 5]> {
    Ok([
        pragma(tx, "journal_mode").await?,
        // 1 is NORMAL: the store flushes the log itself, once for all who commit together (its own tests say so).
        pragma(tx, "synchronous").await?,
        pragma(tx, "foreign_keys").await?,
        pragma(tx, "query_only").await?,
        pragma(tx, "busy_timeout").await?,
    ])
}

#[tokio::test]
async fn sqlite_keeps_what_is_committed() {
    if !Engine::all().contains(&Engine::Sqlite) {
        return;
    }
    let place = Place::on(Engine::Sqlite).await;
    let database = place.open(At(0)).await;
    let writer = database.db.transact(async |tx| pragmas(tx).await).await.expect("read");
    assert_eq!(writer, ["wal", "1", "1", "0", "5000"]);
    let reader = database.db.read(async |tx| pragmas(tx).await).await.expect("read");
    assert_eq!(reader, ["wal", "1", "1", "1", "5000"]);
    database.close().await;
}

async fn run(db: &Db, sql: &'static str) -> Result<()> {
    db.transact(async |tx| {
        match tx.connection() {
            Connection::Sqlite(connection) => sqlx::query(sql).execute(connection).await.map(|_| ()),
            Connection::Postgres(connection) => sqlx::query(sql).execute(connection).await.map(|_| ()),
        }
        .map_err(store_error)
    })
    .await
}

/// A row that points at nothing is our bug, and stays out.
#[tokio::test]
async fn what_points_at_nothing_is_refused() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let database = place.open(At(0)).await;
        let orphan = "INSERT INTO enrolment (person_id, classroom_id, since) VALUES ('nobody', 'nowhere', 1)";
        let error = run(&database.db, orphan).await.expect_err("it points at nothing");
        assert!(!error.is_outage() && error.to_string().contains("ForeignKeyViolation"), "{engine:?}: {error}");
        database.close().await;
        place.remove().await;
    }
}

/// What PostgreSQL undid so that another could go on runs again; what is wrong with our statement does not.
#[tokio::test]
async fn what_postgresql_undid_is_an_outage() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut place = Place::on(Engine::Postgres).await;
    let database = place.open(At(0)).await;
    for (sql, again) in [
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$", true),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$", true),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '55P03'; END $$", true),
        ("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '22012'; END $$", false),
        ("SELECT nothing FROM nowhere", false),
    ] {
        let error = run(&database.db, sql).await.expect_err(sql);
        assert_eq!(error.is_outage(), again, "{sql}: {error}");
    }
    database.close().await;
    place.remove().await;
}

/// On a full or failing disk SQLite takes a transaction back by itself, and sqlx does not hear of it.
#[tokio::test]
async fn a_transaction_that_sqlite_took_back_itself_holds_up_no_other() {
    if !Engine::all().contains(&Engine::Sqlite) {
        return;
    }
    let place = Place::on(Engine::Sqlite).await;
    let database = place.open(At(0)).await;
    let taken_back = async |tx: &mut Tx| -> Result<()> {
        let Connection::Sqlite(connection) = tx.connection() else { panic!("SQLite") };
        sqlx::query("ROLLBACK").execute(connection).await.map_err(store_error)?;
        Err(preau::kernel::Error::outage("database", "the disk is full"))
    };
    for _ in 0..6 {
        assert!(database.db.transact(taken_back).await.is_err());
        assert!(database.db.read(taken_back).await.is_err());
        let one = async |tx: &mut Tx| inbox::store::set_setting(tx, "one", "1").await;
        database.db.transact(one).await.expect("written");
        let read = database.db.read(async |tx| inbox::store::setting(tx, "one").await).await.expect("read");
        assert_eq!(read.as_deref(), Some("1"));
    }
    database.close().await;
}

/// Whoever looks after the machine hears of it, also when it was somebody else's writing that found no room.
#[tokio::test]
async fn that_there_was_no_room_is_known_once() {
    if !Engine::all().contains(&Engine::Sqlite) {
        return;
    }
    let place = Place::on(Engine::Sqlite).await;
    let database = place.open(At(7)).await;
    let db = &database.db;
    let filling = async |tx: &mut Tx| inbox::store::set_setting(tx, "big", &"x".repeat(1_000_000)).await;
    assert_eq!(db.lacked_room(), None);
    for _ in 0..2 {
        run(db, "PRAGMA max_page_count = 1").await.expect("as many as there are");
        let error = db.transact(filling).await.expect_err("no room");
        assert!(error.is_outage(), "{error}");
    }
    let lacked = db.lacked_room().map(|(now, _)| now);
    assert_eq!((lacked, db.lacked_room()), (Some(At(7)), None));
    run(db, "PRAGMA max_page_count = 1000000").await.expect("room");
    db.transact(filling).await.expect("written");
    let wrong = run(db, "SELECT nothing FROM nowhere").await;
    assert!(wrong.is_err() && db.lacked_room().is_none());
    database.close().await;
}
