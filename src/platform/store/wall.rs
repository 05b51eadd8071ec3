//! On `PostgreSQL` the server's clock is machine time: processes on several machines compare leases by it.

use std::time::Duration;

use super::sql::store_error;
use super::transaction::{Connection, Db};
use crate::kernel::{At, Result};
use crate::platform::tasks::Tasks;

/// How often the machine's clock is held against the server's.
const EVERY: Duration = Duration::from_secs(10);

/// The one statement with a text per engine. On SQLite the machine's clock is the store's clock.
const SERVER_TIME: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// Corrects [`crate::kernel::Clock::wall`] by the database server's clock, once. Does nothing on SQLite.
pub async fn correct_wall(db: &Db) -> Result<()> {
    let clock = db.clock();
    let asked = db
        .read(async |tx| match tx.connection() {
            Connection::Sqlite(_) => Ok(None),
            Connection::Postgres(connection) => {
                let began = clock.elapsed();
                let server: i64 = sqlx::query_scalar(SERVER_TIME).fetch_one(connection).await.map_err(store_error)?;
                // Half of the way there and back: the answer is that old.
                Ok(Some(At(server).plus(clock.elapsed().saturating_sub(began) / 2)))
            }
        })
        .await?;
    if let Some(server) = asked {
        clock.correct_wall(server);
    }
    Ok(())
}

/// Corrects it every ten seconds until the tasks stop.
pub async fn keep_wall(db: Db, tasks: Tasks) {
    let clock = db.clock().clone();
    while tasks.stopping().run_until_cancelled(clock.rest(EVERY)).await.is_some() {
        if let Err(error) = correct_wall(&db).await {
            tracing::warn!(error = %error, "store.wall_unknown");
        }
    }
}
