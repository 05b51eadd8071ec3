//! One decision at a time, on both engines: what one reads, no other changes before it has written.

use std::time::Duration;

use preau::kernel::{At, Clock};
use preau::platform::inbox::store::{set_setting, setting};
use preau::platform::store::{Db, Lease};

use crate::place::{Engine, Place};

/// The last voice of an agreement, the last seat: reads, thinks, writes.
async fn take_a_number(db: &Db) {
    db.transact(async |tx| {
        let last = setting(tx, "number").await?.map_or(0, |text| text.parse::<u32>().unwrap());
        db.clock().rest(Duration::from_millis(20)).await;
        set_setting(tx, "number", &(last + 1).to_string()).await
    })
    .await
    .expect("a decision");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_then_writes_loses_nothing() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let first = place.open(At(0)).await;
        let second = place.open(At(0)).await;
        // Two programs, and two tasks in each.
        let decide = [&first, &second, &first, &second].map(|database| take_a_number(&database.db));
        futures::future::join_all(decide).await;
        let number = first.db.read(async |tx| setting(tx, "number").await).await.unwrap();
        assert_eq!(number.as_deref(), Some("4"), "{engine:?}");
        first.close().await;
        second.close().await;
        place.remove().await;
    }
}

/// A program that is paused in the middle of a decision holds the others up for a bounded time only: the server's own
/// limit stands in every session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_does_not_wait_for_decisions_and_the_server_ends_stopped_ones() {
    for engine in Engine::all().into_iter().filter(|engine| *engine == Engine::Postgres) {
        let mut place = Place::on(engine).await;
        let database = place.open_with(Clock::standing(At(0)), &[]).await;
        let db = database.db.clone();
        let lease = Lease { name: "telegram", holder: "me".to_owned(), term: Duration::from_secs(10) };
        let deciding = db.transact(async |_| {
            let held = lease.hold(&db).await?;
            assert!(held.is_some(), "renewed while somebody decides");
            Ok(())
        });
        deciding.await.unwrap();
        let shown = db
            .transact(async |tx| {
                let preau::platform::store::Connection::Postgres(connection) = tx.connection() else { unreachable!() };
                let show = "SELECT CAST(setting AS BIGINT) FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'";
                Ok(sqlx::query_scalar::<_, i64>(show).fetch_one(connection).await.unwrap())
            })
            .await
            .unwrap();
        assert_eq!(shown, 5_000, "milliseconds: less than until another one serves");
        // Stopped for longer than the server waits: an outage, not a fault of ours. What caused it runs again.
        let stopped = db
            .transact(async |tx| {
                let preau::platform::store::Connection::Postgres(connection) = tx.connection() else { unreachable!() };
                sqlx::query("SET idle_in_transaction_session_timeout = 200").execute(connection).await.unwrap();
                db.clock().rest(Duration::from_millis(800)).await;
                setting(tx, "number").await
            })
            .await;
        assert!(stopped.as_ref().is_err_and(preau::kernel::Error::is_outage), "{stopped:?}");
        database.close().await;
        place.remove().await;
    }
}

/// Whatever piled up before it: a holder that is renewed late must stop serving.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_does_not_wait_for_a_connection_that_others_have() {
    for engine in Engine::all().into_iter().filter(|engine| *engine == Engine::Postgres) {
        let mut place = Place::on(engine).await;
        let database = place.open_with(Clock::standing(At(0)), &[("database.readers", "1")]).await;
        let (db, clock) = (&database.db, Clock::machine());
        let lease = Lease { name: "telegram", holder: "me".to_owned(), term: Duration::from_secs(10) };
        // As many as there are connections, and as many again that wait for one.
        let there = tokio::sync::Barrier::new(10);
        let reads = (0..18).map(|_| {
            db.read(async |_| {
                there.wait().await;
                clock.rest(Duration::from_secs(2)).await;
                Ok(())
            })
        });
        let renewed = async {
            there.wait().await;
            clock.within(Duration::from_secs(1), lease.hold(db)).await
        };
        let piled = clock.within(Duration::from_secs(3), futures::future::join_all(reads));
        let (held, _) = tokio::join!(renewed, piled);
        assert!(matches!(held, Some(Ok(Some(_)))), "it waited: {held:?}");
        database.close().await;
        place.remove().await;
    }
}
