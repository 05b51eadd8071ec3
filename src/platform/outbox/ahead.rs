//! Many rows that become due at about the same time are claimed before it, under lease, and wait in memory: claiming ten
//! thousand takes longer than any of them should be late.
//!
//! Only what touches nothing outside is taken so (any process may perform it, any number of times, and each job looks at
//! what stands when it begins). Withdrawn within the last moments it is as if it had begun.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, StreamExt as _};

use super::worker::{Worker, count, under};
use super::{Outcome, Row, store};
use crate::kernel::{At, Error, Result};
use crate::platform::store::Tx;
use crate::platform::tasks::Tasks;

/// How long before they are due.
const AHEAD: Duration = Duration::from_secs(2);
/// So many are a crowd: fewer are claimed as quickly when they are due.
const CROWD: i64 = 64;
/// So many are claimed, and settled, in one transaction.
const AT_ONCE: i64 = 1000;
/// So many of one batch work at the same time, as far as there is room.
const SIDE_BY_SIDE: usize = 16;

impl<C: Send + Sync + 'static> Worker<C> {
    /// `next`: when the next row is due.
    pub(super) async fn is_crowd_ahead(&self, tx: &mut Tx, next: Option<At>) -> Result<bool> {
        let until = tx.now().plus(AHEAD);
        match next {
            Some(next) if next <= until => store::is_crowd(tx, until, CROWD).await,
            _ => Ok(false),
        }
    }

    /// Claims a crowd, in short transactions.
    pub(super) async fn take_ahead(self: &Arc<Self>, tasks: &Tasks) -> Result<()> {
        let lease = Duration::from_secs(u64::from(self.db.config().outbox.lease_seconds));
        loop {
            let claim = async |tx: &mut Tx| {
                let (until, lease) = (tx.now().plus(AHEAD), tx.wall().plus(lease));
                let rows = store::claim_ahead(tx, &self.holder, lease, until, AT_ONCE).await?;
                for row in &rows {
                    (self.hooks.begun)(tx, row).await?;
                }
                Ok::<Vec<Row>, Error>(rows)
            };
            let rows = self.db.transact(claim).await?;
            let more = i64::try_from(rows.len()) == Ok(AT_ONCE);
            if !rows.is_empty() {
                let (worker, own) = (Arc::clone(self), tasks.clone());
                tasks.spawn(async move { worker.perform_ahead(rows, &own).await });
            }
            if !more || tasks.stopping().is_cancelled() {
                return Ok(());
            }
        }
    }

    /// Performs rows that were claimed ahead, each when it is due; what is not begun when the program stops is let go.
    async fn perform_ahead(&self, rows: Vec<Row>, tasks: &Tasks) {
        let clock = self.db.clock();
        let mut rows = rows.into_iter().peekable();
        while let Some(due) = rows.peek().map(|row| row.due_at) {
            if tasks.stopping().run_until_cancelled(clock.until(due)).await.is_none() {
                return self.release(rows.collect()).await;
            }
            let now = clock.now();
            let ready: Vec<Row> = std::iter::from_fn(|| rows.next_if(|row| row.due_at <= now)).collect();
            let begin = |row: Row| async move {
                let _room = self.room.acquire().await;
                let outcome = self.held(&row, under(&row, self.outcome(&row))).await;
                (row, outcome)
            };
            let ended: Vec<(Row, Outcome)> =
                stream::iter(ready).map(begin).buffer_unordered(SIDE_BY_SIDE).collect().await;
            self.settle_together(ended).await;
        }
        self.db.woken().notify_one();
    }

    /// What simply is done is settled in one transaction; all else, and where that fails, each by itself.
    async fn settle_together(&self, ended: Vec<(Row, Outcome)>) {
        let (done, others): (Vec<_>, Vec<_>) =
            ended.into_iter().partition(|(_, outcome)| matches!(outcome, Outcome::Done));
        let settle = async |tx: &mut Tx| {
            for (row, outcome) in &done {
                store::settle(tx, row, outcome, At(0)).await?;
            }
            Ok::<(), Error>(())
        };
        let together = self.db.transact(settle).await.is_ok();
        let now = self.db.clock().now();
        for (row, outcome) in done {
            if together {
                count(&row, "completed", now);
            } else {
                self.settle_one(&row, outcome).await;
            }
        }
        for (row, outcome) in others {
            self.settle_one(&row, outcome).await;
        }
    }

    async fn release(&self, rows: Vec<Row>) {
        let release = async |tx: &mut Tx| {
            for row in &rows {
                store::release(tx, row).await?;
            }
            Ok::<(), Error>(())
        };
        if let Err(error) = self.db.transact(release).await {
            // Their lease runs out.
            tracing::warn!(error = %error, "outbox.not_released");
        }
    }
}
