//! SQLite's log on disk: one flush for all who commit at about the same time.
//!
//! The writer's connection commits without flushing (`synchronous = NORMAL`: SQLite itself flushes before it takes the log
//! over into the database, and when it begins the log anew); whoever committed waits here until a flush that began after
//! their commit has ended. What stands later in the log is safe only together with what stands before it.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Mutex;

use crate::kernel::{Error, Result};

/// The log of one SQLite file; of a database in memory there is none.
#[derive(Debug, Clone, Default)]
pub(super) struct Log(Option<Arc<Inner>>);

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    /// Commits that wait for a flush, or had theirs.
    wanted: AtomicU64,
    /// How many of them are on disk. Its holder flushes for all who wait behind.
    flushed: Mutex<u64>,
    /// A flush failed: the machine may have forgotten what was to be written.
    broken: AtomicBool,
}

impl Log {
    /// The log beside this database.
    pub fn of(database: Option<PathBuf>) -> Self {
        Self(database.map(|database| {
            let mut path = database.into_os_string();
            path.push("-wal");
            let (wanted, flushed) = (AtomicU64::default(), Mutex::default());
            Arc::new(Inner { path: path.into(), wanted, flushed, broken: AtomicBool::new(false) })
        }))
    }

    /// After a flush that failed nothing more is written: what is on disk is not known. A new start reads it.
    pub fn is_whole(&self) -> Result<()> {
        match &self.0 {
            Some(log) if log.broken.load(Ordering::Acquire) => {
                Err(Error::outage("database", "its log could not be flushed; start again"))
            }
            _ => Ok(()),
        }
    }

    /// Waits until everything that was committed before this call is on disk.
    pub async fn flush(&self) -> Result<()> {
        let Some(log) = &self.0 else { return Ok(()) };
        let mine = log.wanted.fetch_add(1, Ordering::AcqRel) + 1;
        let mut flushed = log.flushed.lock().await;
        self.is_whole()?;
        if *flushed >= mine {
            return Ok(());
        }
        let upto = log.wanted.load(Ordering::Acquire);
        let path = log.path.clone();
        // Opened anew each time: SQLite may have removed the log meanwhile (with everything of it in the database, on
        // disk) and made another.
        let done = tokio::task::spawn_blocking(move || match File::open(&path) {
            Ok(file) => file.sync_data(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        });
        match done.await {
            Ok(Ok(())) => {
                *flushed = upto;
                Ok(())
            }
            Ok(Err(error)) => {
                log.broken.store(true, Ordering::Release);
                Err(Error::outage("database", &format!("its log could not be flushed: {error}")))
            }
            Err(_) => Err(Error::outage("database", "its log was not flushed")),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::future::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn a_flush_is_shared_and_covers_only_what_came_before() {
        let folder = std::env::temp_dir().join(format!("preau-log-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.db-wal"), "log").unwrap();
        let log = Log::of(Some(folder.join("a.db")));
        let inner = log.0.clone().unwrap();
        log.flush().await.unwrap();
        assert_eq!(*inner.flushed.lock().await, 1);
        // Ten who come while one flush goes on share the next one.
        let held = inner.flushed.lock().await;
        let ten: Vec<_> = (0..10).map(|_| log.flush()).collect();
        let mut all = Box::pin(futures::future::join_all(ten));
        assert!((&mut all).now_or_never().is_none());
        drop(held);
        assert!(all.await.into_iter().all(|flushed| flushed.is_ok()));
        assert_eq!(*inner.flushed.lock().await, 11);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn after_a_flush_that_failed_nothing_more_is_written() {
        // It can be opened, and not flushed.
        let log = Log(Some(Arc::new(Inner {
            path: "/proc/self/stat".into(),
            wanted: AtomicU64::default(),
            flushed: Mutex::default(),
            broken: AtomicBool::new(false),
        })));
        assert!(log.is_whole().is_ok());
        assert!(log.flush().await.is_err_and(|error| error.is_outage()));
        assert!(log.is_whole().is_err() && log.flush().await.is_err());
        assert!(Log::default().flush().await.is_ok());
    }
}
