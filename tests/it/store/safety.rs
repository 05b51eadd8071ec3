//! What makes a committed row safe, read back from the database itself; and what a database error means.

use preau::kernel::{At, Result};
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
        // 2 is FULL: what was committed survives a power cut.
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
    assert_eq!(writer, ["wal", "2", "1", "0", "5000"]);
    let reader = database.db.read(async |tx| pragmas(tx).await).await.expect("read");
    assert_eq!(reader, ["wal", "2", "1", "1", "5000"]);
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
