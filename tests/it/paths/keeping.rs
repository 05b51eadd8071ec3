//! What nobody asks for and the running program does all the same: house-keeping each minute, and on PostgreSQL the
//! server's clock.

use std::time::Duration;

use preau::kernel::Clock;

use super::{Machine, eventually, within};
use crate::place::Engine;
use crate::store::Raw;

/// The one test that waits a machine minute: both engines at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_house_is_kept_once_a_minute() {
    let engines = Engine::all().into_iter().map(|engine| async move {
        let machine = Machine::of(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let mut raw = Raw::url(&machine.database_url()).await;
        // Done eight days ago: whoever keeps the house throws it away.
        let old = Clock::machine().wall().plus_days(-8).millis();
        raw.execute(&format!(
            "INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, \
             attempts, created_at, settled_at) VALUES ('old', 'telegram.answer', 'old', 'old', 'telegram', 0, \
             'at_most_once', '{{}}', 'completed', {old}, {old}, 1, {old}, {old})"
        ))
        .await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let kept = async || machine.ask("/metrics").await.1.contains("preau_outbox_rows{state=\"scheduled\"}");
        within(Duration::from_secs(65), &format!("{engine:?}: the house is kept"), kept).await;
        eventually("purged", async || raw.number("SELECT COUNT(*) FROM outbox WHERE key = 'old'").await == 0).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        drop(raw);
        machine.remove().await;
    });
    futures::future::join_all(engines).await;
}

/// The server's clock, which a test may move.
const SERVER_CLOCK: &str = "CREATE SCHEMA moved; \
    CREATE TABLE moved.ahead (by INTERVAL NOT NULL); INSERT INTO moved.ahead VALUES ('0 s'); \
    CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql \
    AS 'SELECT pg_catalog.clock_timestamp() + by FROM moved.ahead'";

/// A machine whose clock runs away from the server's: what processes agree about is said by the server's, before ten
/// seconds have passed twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_a_running_program_follows_the_servers_clock() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let machine = Machine::of(Engine::Postgres).await;
    assert_eq!(machine.said(&["migrate"]).await.0, 0);
    let url = machine.database_url();
    let mut raw = Raw::url(&url).await;
    raw.execute(SERVER_CLOCK).await;
    let name = url.rsplit_once('/').expect("a database").1;
    raw.execute(&format!("ALTER DATABASE {name} SET search_path = public, moved, pg_catalog")).await;
    let running = machine.run();
    machine.until("/readyz", 200).await;
    let soon = Clock::machine().wall().plus_minutes(30).millis();
    let far = format!("SELECT COUNT(*) FROM lease WHERE name LIKE 'run:%' AND until > {soon}");
    assert_eq!(raw.number(&far).await, 0, "no name is written down for half an hour");
    raw.execute("UPDATE moved.ahead SET by = '1 hour'").await;
    within(Duration::from_secs(20), "the name is held by the server's clock", async || raw.number(&far).await == 1)
        .await;
    running.signal("TERM").await;
    assert_eq!(running.ended().await.0, 0);
    drop(raw);
    machine.remove().await;
}
