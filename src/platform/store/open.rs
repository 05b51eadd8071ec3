//! Opening a database by its address, with the settings that make it safe, and bringing its tables up to date.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::IN_USE;
use super::log::Log;
use super::sql::store_error;
use super::transaction::{Db, Pools, Probe};
use crate::kernel::id::Ids;
use crate::kernel::{Clock, Error, Result};
use crate::platform::config::Config;

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How a database is opened.
#[derive(Debug)]
pub struct Database {
    pub db: Db,
    /// Held by `run`, `migrate`, `restore` and `store move` on SQLite: two of them at once would fight.
    lock: Option<File>,
}

impl Database {
    /// Opens the database of `config.database.url` as it is, beside others: it is neither made nor brought up to date.
    /// Whether its tables are ours to read [`super::look`] tells.
    pub async fn beside(config: Arc<Config>, clock: Clock, ids: Ids) -> Result<Self> {
        let pools = pools(&config.database.url, config.database.readers, false).await?;
        Ok(Self { db: Db::new(pools, clock, ids, config, Probe::default()), lock: None })
    }

    /// Opens the database of `config.database.url`, beside others. It is made when it is not there, and its tables are
    /// brought up to date.
    pub async fn open(config: Arc<Config>, clock: Clock, ids: Ids, probe: Probe) -> Result<Self> {
        let pools = pools(&config.database.url, config.database.readers, true).await?;
        probe.reach("before commit").await;
        migrate(&pools).await?;
        probe.reach("after commit").await;
        Ok(Self { db: Db::new(pools, clock, ids, config, probe), lock: None })
    }

    /// As [`Database::open`], and alone: refused while another `run`, `migrate`, `restore` or `store move` holds a
    /// SQLite file. On PostgreSQL several may run; leases keep them apart.
    pub async fn open_alone(config: Arc<Config>, clock: Clock, ids: Ids, probe: Probe) -> Result<Self> {
        let lock = match sqlite_path(&config.database.url) {
            Some(path) => Some(lock_patiently(&path, &clock).await?),
            None => None,
        };
        let mut database = Self::open(config, clock, ids, probe).await?;
        database.lock = lock;
        Ok(database)
    }

    /// Opens a SQLite file beside the configured database (a backup, a scratch copy): same clock, ids and settings.
    pub(super) async fn open_file(path: &Path, like: &Db) -> Result<Self> {
        let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
        let pools = sqlite_pools(options, 1, Log::of(Some(path.to_owned()))).await?;
        migrate(&pools).await?;
        let db = Db::new(pools, like.clock().clone(), like.ids().clone(), Arc::clone(like.config()), Probe::default());
        Ok(Self { db, lock: None })
    }

    pub async fn close(self) {
        self.db.close().await;
        drop(self.lock);
    }
}

pub(super) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"))?;
    let path = path.split('?').next().unwrap_or(path);
    (!path.contains(":memory:")).then(|| PathBuf::from(path))
}

/// One that is just ending has let go in a moment; a program that it was starting holds the lock as long as it takes to
/// become another program.
async fn lock_patiently(database: &Path, clock: &Clock) -> Result<File> {
    for _ in 0..10 {
        if let Ok(lock) = lock(database) {
            return Ok(lock);
        }
        clock.rest(Duration::from_millis(50)).await;
    }
    lock(database)
}

fn lock(database: &Path) -> Result<File> {
    make_folder(database)?;
    let path = database.with_extension("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| Error::outage("database", &format!("cannot open {}: {error}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::outage("database", &format!("{}{IN_USE}", database.display()))),
        Err(TryLockError::Error(error)) => Err(Error::outage("database", &error)),
    }
}

/// Is the lock file of a SQLite database held? Looking changes nothing.
pub(super) fn is_locked(url: &str) -> bool {
    let path = sqlite_path(url).map(|path| path.with_extension("lock"));
    let file = path.and_then(|path| OpenOptions::new().write(true).open(path).ok());
    file.is_some_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn make_folder(database: &Path) -> Result<()> {
    match database.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| Error::outage("database", &format!("cannot make {}: {error}", folder.display()))),
        _ => Ok(()),
    }
}

/// A new database is readable by its owner alone; SQLite gives its log the same mode. One that is there keeps its own.
fn make_private(database: &Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    match OpenOptions::new().create_new(true).write(true).mode(0o600).open(database) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::outage("database", &format!("cannot make {}: {error}", database.display()))),
    }
}

async fn pools(url: &str, readers: u32, make: bool) -> Result<Pools> {
    if let Some(path) = sqlite_path(url) {
        if make {
            make_folder(&path)?;
            make_private(&path)?;
        }
        let options = SqliteConnectOptions::from_str(url).map_err(store_error)?.create_if_missing(make);
        let options = if make { options } else { for_one_command(options) };
        return sqlite_pools(options, readers, Log::of(Some(path))).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| Error::fault("the PostgreSQL address does not parse"))?
            .application_name("preau")
            // A program that was stopped (or whose machine vanished) in the middle of a transaction holds up nobody: it is
            // cut off before another one may serve in its place.
            .options([("idle_in_transaction_session_timeout", "10s"), ("lock_timeout", "15s")]);
        check_reachable(url).await?;
        let pool = PgPoolOptions::new()
            .max_connections(readers.max(1) + 8)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await
            .map_err(store_error)?;
        // Two leases are held; who holds none asks for no connection.
        let own =
            PgPoolOptions::new().max_connections(2).acquire_timeout(Duration::from_secs(5)).connect_lazy_with(options);
        return Ok(Pools::Postgres { pool, own, turns: Arc::default() });
    }
    Err(Error::fault("database.url must begin with sqlite:// or postgres://"))
}

/// A command that writes much ends soon: it may hold the pages that a large file touches again and again, and hand the log
/// over less often. What a statement would take back (SQLite copies it before each one that writes many rows) stays in
/// memory: in a file it is more than all the rest that is written.
fn for_one_command(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.pragma("cache_size", "-6000").pragma("wal_autocheckpoint", "4000").pragma("temp_store", "MEMORY")
}

async fn sqlite_pools(options: SqliteConnectOptions, readers: u32, log: Log) -> Result<Pools> {
    let options = options
        .journal_mode(SqliteJournalMode::Wal)
        // Telegram is told that an update was received only after it is safe on disk: who commits waits for `log`.
        .synchronous(SqliteSynchronous::Normal)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5));
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        // It lies in this process: asking whether it is still there only costs time.
        .test_before_acquire(false)
        .before_acquire(is_free)
        .acquire_timeout(Duration::from_secs(30))
        .connect_with(options.clone())
        .await
        .map_err(store_error)?;
    let readers = SqlitePoolOptions::new().max_connections(readers.max(1)).test_before_acquire(false);
    let readers = readers.before_acquire(is_free);
    // A whole timetable is handed over in fewer turns.
    let readers = readers.connect_lazy_with(options.row_buffer_size(256).pragma("query_only", "ON"));
    Ok(Pools::Sqlite { writer, readers, log })
}

/// A connection that holds a transaction of before is closed, and another one opened. When the disk is full or fails, SQLite
/// itself takes a transaction back; sqlx knows nothing of it, its own taking back fails, and each further BEGIN would be
/// refused until the program ends.
fn is_free(
    connection: &mut sqlx::SqliteConnection,
    _: sqlx::pool::PoolConnectionMetadata,
) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    Box::pin(std::future::ready(Ok(!connection.is_in_transaction())))
}

/// Connects once, to show the true reason when PostgreSQL refuses (its pool only says « timed out »).
pub async fn check_reachable(url: &str) -> Result<()> {
    if url.starts_with("postgres") {
        let connection = PgConnection::connect(url).await.map_err(store_error)?;
        let _ = connection.close().await;
    }
    Ok(())
}

async fn migrate(pools: &Pools) -> Result<()> {
    let outcome = match pools {
        Pools::Sqlite { writer, .. } => MIGRATIONS.run(writer).await,
        Pools::Postgres { pool, .. } => MIGRATIONS.run(pool).await,
    };
    outcome.map_err(|error| match error {
        sqlx::migrate::MigrateError::Execute(error) | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => {
            store_error(error)
        }
        other => Error::fault(&format!("migrations: {other}")),
    })
}
