//! One transaction: its connection, its moment, its ids. Commits on `Ok`, rolls back on `Err`.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};

use super::log::Log;
use super::sql::{lacks_room, store_error};
use crate::kernel::id::Ids;
use crate::kernel::time::Zone;
use crate::kernel::{At, Clock, Error, Result};
use crate::platform::config::Config;
use crate::platform::telemetry::names;

/// A place where a test may stop the program: before and after each commit and each outside call.
#[derive(Clone, Default)]
pub struct Probe(Option<Arc<dyn Fn(&'static str) -> BoxFuture<'static, ()> + Send + Sync>>);

impl std::fmt::Debug for Probe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Probe")
    }
}

impl Probe {
    pub fn new(at: impl Fn(&'static str) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(at)))
    }
    pub async fn reach(&self, point: &'static str) {
        if let Some(at) = &self.0 {
            at(point).await;
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Pools {
    /// One writer (SQLite has one), a few readers that never block it (WAL).
    Sqlite { writer: SqlitePool, readers: SqlitePool, log: Log },
    /// One decision at a time here too: whoever decides waits in this program without holding a connection, and for
    /// other programs by [`ONE_DECISION`]. Leases have connections of their `own`: who is renewed must not wait behind
    /// whatever piled up.
    Postgres { pool: PgPool, own: PgPool, turns: Arc<Mutex<()>> },
}

/// What READ COMMITTED alone would let through (two last voices that each count one) cannot happen on SQLite, which has
/// one writer. Held until the transaction ends; a program that is stopped in the middle of one, or while it waits for its
/// turn, is cut off by the server five seconds after it was given the turn: meanwhile no other program decides.
const ONE_DECISION: &str =
    "SELECT set_config('idle_in_transaction_session_timeout', '5s', true), pg_advisory_xact_lock(5264709)";

/// The database, with what every transaction needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pub(super) pools: Pools,
    clock: Clock,
    ids: Ids,
    config: Arc<Config>,
    probe: Probe,
    wake: Arc<Notify>,
    /// Since when, by school and machine time, something could not be written for want of room; until it is asked for.
    lacked: Arc<std::sync::Mutex<Option<(At, At)>>>,
}

enum Engine {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// What the macros match on.
pub enum Connection<'t> {
    Sqlite(&'t mut sqlx::SqliteConnection),
    Postgres(&'t mut sqlx::PgConnection),
}

/// One transaction. `now` is school time when it began and does not move within it.
pub struct Tx {
    engine: Engine,
    now: At,
    wall: At,
    ids: Ids,
    config: Arc<Config>,
    woken: bool,
    /// The turn to decide, on `PostgreSQL`; given on when the transaction is gone.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx({:?})", self.now)
    }
}

impl Tx {
    /// The connection, for the macros of this room.
    pub fn connection(&mut self) -> Connection<'_> {
        match &mut self.engine {
            Engine::Sqlite(tx) => Connection::Sqlite(tx),
            Engine::Postgres(tx) => Connection::Postgres(tx),
        }
    }
    /// School time at the beginning of the transaction.
    pub fn now(&self) -> At {
        self.now
    }
    /// Machine time at the beginning of the transaction.
    pub fn wall(&self) -> At {
        self.wall
    }
    pub fn ids(&self) -> &Ids {
        &self.ids
    }
    pub fn new_id(&self) -> String {
        self.ids.next()
    }
    pub fn config(&self) -> &Config {
        &self.config
    }
    pub fn zone(&self) -> Zone {
        self.config.school.time_zone
    }
    /// Something became due: whoever performs outbox rows is woken after the commit.
    pub fn wake(&mut self) {
        self.woken = true;
    }

    async fn commit(self) -> Result<()> {
        match self.engine {
            Engine::Sqlite(tx) => tx.commit().await,
            Engine::Postgres(tx) => tx.commit().await,
        }
        .map_err(store_error)
    }
    async fn roll_back(self) {
        // A failed rollback closes the connection, which rolls back as well.
        let _ = match self.engine {
            Engine::Sqlite(tx) => tx.rollback().await,
            Engine::Postgres(tx) => tx.rollback().await,
        };
    }
}

impl Db {
    pub(super) fn new(pools: Pools, clock: Clock, ids: Ids, config: Arc<Config>, probe: Probe) -> Self {
        Self { pools, clock, ids, config, probe, wake: Arc::new(Notify::new()), lacked: Arc::default() }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }
    pub fn ids(&self) -> &Ids {
        &self.ids
    }
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }
    pub fn is_sqlite(&self) -> bool {
        matches!(self.pools, Pools::Sqlite { .. })
    }
    /// Told after each commit that made something due.
    pub fn woken(&self) -> &Arc<Notify> {
        &self.wake
    }
    pub fn probe(&self) -> &Probe {
        &self.probe
    }
    /// When (by school and machine time) something could not be written for want of room, for the first time since this
    /// was asked last. What is small may have found room all the same.
    pub fn lacked_room(&self) -> Option<(At, At)> {
        self.lacked.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn tx(&self, engine: Engine, turn: Option<OwnedMutexGuard<()>>) -> Tx {
        Tx {
            engine,
            now: self.clock.now(),
            wall: self.clock.wall(),
            ids: self.ids.clone(),
            config: Arc::clone(&self.config),
            woken: false,
            _turn: turn,
        }
    }

    async fn begin(&self) -> Result<Tx> {
        match &self.pools {
            // IMMEDIATE: the write lock is taken now, so that nothing read here can be stale when it is written.
            Pools::Sqlite { writer, log, .. } => {
                log.is_whole()?;
                let begun = self.patiently(|| writer.begin_with("BEGIN IMMEDIATE")).await?;
                Ok(self.tx(Engine::Sqlite(begun), None))
            }
            Pools::Postgres { pool, turns, .. } => {
                let turn = Arc::clone(turns).lock_owned().await;
                let mut begun = pool.begin().await.map_err(store_error)?;
                sqlx::query(ONE_DECISION).execute(&mut *begun).await.map_err(store_error)?;
                Ok(self.tx(Engine::Postgres(begun), Some(turn)))
            }
        }
    }

    /// Only BEGIN waits and retries when the database is busy: nothing has happened yet.
    async fn patiently<T, F>(&self, mut begin: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let mut tries = 0;
        loop {
            match begin().await.map_err(store_error) {
                Err(error) if error.is_outage() && tries < 5 => {
                    tries += 1;
                    self.clock.rest(Duration::from_millis(20 * (1 << tries))).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Runs `work` in one transaction: committed when it gives `Ok`, rolled back when it gives `Err`. No outside call
    /// belongs in here.
    pub async fn transact<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let tx = self.begin().await?;
        self.carry_out(tx, work).await
    }

    /// As [`Self::transact`], without waiting for decisions that are being made, nor for a connection that others want, too:
    /// for what must not be late and touches nothing that decisions touch (leases).
    pub(super) async fn transact_aside<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let tx = match &self.pools {
            Pools::Sqlite { .. } => self.begin().await?,
            Pools::Postgres { own, .. } => self.tx(Engine::Postgres(own.begin().await.map_err(store_error)?), None),
        };
        self.carry_out(tx, work).await
    }

    /// As [`Self::transact`], and `meanwhile` is told at once what was committed, before it is safe on disk: for what does
    /// no harm when the machine forgets the commit. Gives its answer once it is safe.
    pub async fn transact_early<T, U>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T>,
        meanwhile: impl FnOnce(T) -> U,
    ) -> Result<U> {
        let tx = self.begin().await?;
        let began = self.clock.elapsed();
        let outcome = self.commit_on(tx, work).await;
        let outcome = match outcome {
            Ok(value) => {
                let told = meanwhile(value);
                self.keep().await.map(|()| told)
            }
            Err(error) => Err(error),
        };
        self.written(outcome.as_ref().err(), began);
        outcome
    }

    async fn carry_out<T>(&self, tx: Tx, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let began = self.clock.elapsed();
        let outcome = self.decide(tx, work).await;
        self.written(outcome.as_ref().err(), began);
        outcome
    }

    fn written(&self, error: Option<&Error>, began: Duration) {
        self.measure("write", began);
        if error.is_some_and(lacks_room) {
            let now = (self.clock.now(), self.clock.wall());
            self.lacked.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(now);
        }
    }

    fn measure(&self, kind: &'static str, began: Duration) {
        let took = self.clock.elapsed().saturating_sub(began);
        metrics::histogram!(names::STORE_SECONDS, "kind" => kind).record(took.as_secs_f64());
    }

    async fn decide<T>(&self, tx: Tx, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let value = self.commit_on(tx, work).await?;
        self.keep().await?;
        Ok(value)
    }

    /// Waits until what was committed is safe on disk.
    async fn keep(&self) -> Result<()> {
        if let Pools::Sqlite { log, .. } = &self.pools {
            log.flush().await?;
        }
        self.probe.reach("after commit").await;
        Ok(())
    }

    async fn commit_on<T>(&self, mut tx: Tx, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        match work(&mut tx).await {
            Ok(value) => {
                let woken = tx.woken;
                self.probe.reach("before commit").await;
                tx.commit().await?;
                if woken {
                    self.wake.notify_one();
                }
                Ok(value)
            }
            Err(error) => {
                tx.roll_back().await;
                Err(error)
            }
        }
    }

    /// Runs `work` on a snapshot that cannot be written; never waits for the writer.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let engine = match &self.pools {
            Pools::Sqlite { readers, .. } => Engine::Sqlite(readers.begin().await.map_err(store_error)?),
            Pools::Postgres { pool, .. } => Engine::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(store_error)?,
            ),
        };
        let (mut tx, began) = (self.tx(engine, None), self.clock.elapsed());
        let outcome = work(&mut tx).await;
        tx.roll_back().await;
        self.measure("read", began);
        outcome
    }

    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres { pool, own, .. } => {
                own.close().await;
                pool.close().await;
            }
        }
    }
}
