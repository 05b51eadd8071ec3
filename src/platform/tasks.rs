//! Tracked tasks: stopping asks them to end and waits for it. The one place that spawns.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::kernel::Clock;

/// The tasks of one running program. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    kill: CancellationToken,
}

impl Tasks {
    /// Spawns a task that ends by itself when [`Tasks::stopping`] is told, and is dropped at the latest when the
    /// program gives up waiting.
    pub fn spawn<F>(&self, work: F) -> JoinHandle<Option<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let kill = self.kill.clone();
        #[expect(clippy::disallowed_methods, reason = "this is the tracked spawn")]
        tokio::spawn(self.tracker.track_future(async move { kill.run_until_cancelled_owned(work).await }))
    }

    /// Told when the program should end: finish what is in hand, begin nothing new.
    pub fn stopping(&self) -> &CancellationToken {
        &self.stop
    }

    /// Asks all tasks to end, waits at most `patience` of machine time, then drops what is left.
    pub async fn stop(&self, clock: &Clock, patience: Duration) {
        self.stop.cancel();
        self.tracker.close();
        if clock.within(patience, self.tracker.wait()).await.is_none() {
            tracing::warn!(
                left = self.tracker.len(),
                "tasks.dropped: what did not end in time is dropped, as by a crash"
            );
            self.abandon().await;
        }
    }

    /// Drops every task at its next await point, as a crash would.
    pub async fn abandon(&self) {
        self.cut();
        self.tracker.wait().await;
    }

    fn cut(&self) {
        self.stop.cancel();
        self.kill.cancel();
        self.tracker.close();
    }
}

/// Whoever holds it holds the tasks: dropped, it drops them all. A start that is given up half-way leaves nobody running.
#[derive(Debug)]
pub struct Leash(Tasks);

impl Leash {
    pub fn on(tasks: &Tasks) -> Self {
        Self(tasks.clone())
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.0.cut();
    }
}
