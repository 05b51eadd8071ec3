//! The loop that sleeps until the next row is due, claims it under a lease, performs it and settles it.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt as _};
use tokio::sync::Semaphore;

use super::back::{Reading, Readings};
use super::{Job, Outcome, ReadBack, Row, store};
use crate::kernel::{At, Error, Result};
use crate::platform::store::{Db, Tenure, Tx};
use crate::platform::tasks::Tasks;
use crate::platform::telemetry::names;

/// Which process may perform a row: any (`Inner`), the one that holds the `telegram` lease, or the one that holds the
/// `caller` lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Inner,
    Telegram,
    Caller,
}

impl Door {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inner => "inner",
            Self::Telegram => "telegram",
            Self::Caller => "caller",
        }
    }
}

/// Which outside this process serves.
#[derive(Debug, Clone)]
pub struct Tenures {
    pub telegram: Tenure,
    pub caller: Tenure,
}

impl Tenures {
    /// Which doors are open to this process now.
    fn doors(&self) -> Doors {
        Doors { inner: true, telegram: self.telegram.holds(), caller: self.caller.holds() }
    }
}

/// The doors through which rows may be performed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Doors {
    pub inner: bool,
    pub telegram: bool,
    pub caller: bool,
}

impl Doors {
    pub const ALL: Self = Self { inner: true, telegram: true, caller: true };
    const CALLER: Self = Self { inner: false, telegram: false, caller: true };
}

/// Told of each row that ends dead or in doubt (kind, key, state), in the transaction that settles it so.
pub type OnTrouble<C> = for<'a> fn(&'a C, &'a mut Tx, &'a str, &'a str, &'a str) -> BoxFuture<'a, Result<()>>;

/// Asks the outside about a row whose call was begun by a process that is gone, by the row's trace.
pub type OnDoubt<C> = for<'a> fn(&'a C, &'a Row) -> BoxFuture<'a, Result<ReadBack>>;

/// Told of each row that was just claimed, in the transaction that claims it.
pub type OnBegun = for<'a> fn(&'a mut Tx, &'a Row) -> BoxFuture<'a, Result<()>>;

/// What the program wants to know of rows, and says of their kinds.
pub struct Hooks<C: 'static> {
    pub trouble: OnTrouble<C>,
    pub begun: OnBegun,
    pub doubt: OnDoubt<C>,
    /// Kinds that are worth nothing later: missed ones are recorded, but no trouble to anybody.
    pub fading: Vec<&'static str>,
}

impl<C> Hooks<C> {
    /// Nobody wants to know.
    pub fn none() -> Self {
        Self {
            trouble: |_, _, _, _, _| Box::pin(async { Ok(()) }),
            begun: |_, _| Box::pin(async { Ok(()) }),
            doubt: |_, _| Box::pin(async { Ok(ReadBack::Unreadable("nobody looks".to_owned())) }),
            fading: Vec::new(),
        }
    }
}

/// After this many failed attempts a row is dead.
pub(super) const MOST_ATTEMPTS: i64 = 12;
/// Who could not be reached is tried again at least so often: asking costs little, and much may wait for it.
const MOST_UNREACHED: Duration = Duration::from_secs(30);

tokio::task_local! {
    static UNDER_WAY: String;
}

/// What is called outside by this is called for that row.
pub(super) fn under<T>(row: &Row, work: impl Future<Output = T>) -> impl Future<Output = T> {
    UNDER_WAY.scope(row.key.clone(), work)
}

/// The key of the row that is performed by whoever asks: what is called outside is called for it.
pub fn under_way() -> Option<String> {
    UNDER_WAY.try_with(Clone::clone).ok()
}

/// Performs outbox rows with the jobs it knows.
pub struct Worker<C: 'static> {
    pub(super) db: Db,
    jobs: HashMap<&'static str, &'static Job<C>>,
    context: C,
    pub(super) holder: String,
    tenures: Tenures,
    pub(super) hooks: Hooks<C>,
    pub(super) room: Arc<Semaphore>,
    /// The callers' share of it: an account whose data centre is silent holds a worker for as long as an answer is waited
    /// for, and nothing else may stop for that.
    calls: Arc<Semaphore>,
    readings: Readings,
}

impl<C> std::fmt::Debug for Worker<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Worker({})", self.holder)
    }
}

impl<C: Send + Sync + 'static> Worker<C> {
    /// `holder` names this process; `tenures` tell what it serves.
    pub fn new(
        db: Db,
        jobs: impl IntoIterator<Item = &'static Job<C>>,
        context: C,
        holder: String,
        tenures: Tenures,
        hooks: Hooks<C>,
    ) -> Arc<Self> {
        let workers = db.config().outbox.workers;
        let (room, calls) = (Arc::new(Semaphore::new(workers)), Arc::new(Semaphore::new((workers / 2).max(1))));
        let jobs = jobs.into_iter().map(|job| (job.name, job)).collect();
        Arc::new(Self { db, jobs, context, holder, tenures, hooks, room, calls, readings: Readings::default() })
    }

    /// Runs until the tasks are asked to stop.
    pub async fn run(self: Arc<Self>, tasks: Tasks) {
        let clock = self.db.clock().clone();
        let mut alone = self.db.is_sqlite();
        while !tasks.stopping().is_cancelled() {
            match self.look(&tasks, alone).await {
                Ok(pause) => {
                    alone = false;
                    let woken = self.db.woken();
                    tokio::select! {
                        () = tasks.stopping().cancelled() => break,
                        () = woken.notified() => {}
                        () = clock.rest(pause.machine) => {}
                        () = async { match pause.school { Some(at) => clock.until(at).await, None => std::future::pending().await } } => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %error, "outbox.look_failed");
                    clock.rest(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// One look: recovers orphans, claims what is due and starts it. Gives how long nothing can happen by itself.
    async fn look(self: &Arc<Self>, tasks: &Tasks, alone: bool) -> Result<Pause> {
        let doors = self.tenures.doors();
        let free = self.room.available_permits();
        if free == 0 {
            let _permit = self.room.acquire().await.map_err(|_| Error::fault("outbox: closed"))?;
            return Ok(Pause { machine: Duration::ZERO, school: None });
        }
        let reading = self.readings.anew(&self.db).await?;
        // Most looks find nothing: nobody else waits for the writer because of them.
        let look = async |tx: &mut Tx| {
            let found = store::look(tx, doors, &self.holder, alone).await?;
            Ok((found, self.is_crowd_ahead(tx, found.next).await?))
        };
        let (mut found, mut crowd) = self.db.read(look).await?;
        let mut rows = Vec::new();
        let orphans = alone || found.orphans || self.readings.are_passed(&reading);
        if found.due || orphans {
            let took = async |tx: &mut Tx| {
                let orphans = orphans.then_some(alone);
                let rows = self.take(tx, doors, free, reading, orphans).await?;
                let found = store::look(tx, doors, &self.holder, false).await?;
                Ok((rows, found, self.is_crowd_ahead(tx, found.next).await?))
            };
            (rows, found, crowd) = self.db.transact(took).await?;
        }
        self.readings.keep(reading);
        let more = rows.len() == free;
        for row in rows {
            let permit = Arc::clone(&self.room).acquire_owned().await.map_err(|_| Error::fault("outbox: closed"))?;
            let call = (row.door == Door::Caller.code()).then(|| Arc::clone(&self.calls).try_acquire_owned());
            let worker = Arc::clone(self);
            tasks.spawn(async move {
                worker.perform(row).await;
                drop((permit, call));
                worker.db.woken().notify_one();
            });
        }
        if crowd {
            self.take_ahead(tasks).await?;
        }
        let wall = self.db.clock().wall();
        // Rows of other processes become visible only by looking: once a second.
        let machine = found.hold.map_or(Duration::from_secs(1), |hold| wall.until(hold)).min(Duration::from_secs(1));
        let machine = if more { Duration::ZERO } else { machine.max(Duration::from_millis(1)) };
        Ok(Pause { machine, school: found.next })
    }

    /// Claims up to so many rows that are due; before that reckons anew what a clock that went back left behind, and takes
    /// up `orphans`, if there are any (in it: no other process can hold a row).
    async fn take(
        &self,
        tx: &mut Tx,
        doors: Doors,
        free: usize,
        reading: Reading,
        orphans: Option<bool>,
    ) -> Result<Vec<Row>> {
        let lease = Duration::from_secs(u64::from(self.db.config().outbox.lease_seconds));
        if let Some(alone) = orphans {
            self.readings.apply(tx, reading, lease).await?;
            for (_, kind, key) in store::recover(tx, &self.holder, alone).await? {
                (self.hooks.trouble)(&self.context, tx, &kind, &key, "unknown").await?;
            }
        }
        let until = tx.wall().plus(lease);
        let rows = self.claim(tx, until, doors, free).await?;
        for row in &rows {
            (self.hooks.begun)(tx, row).await?;
        }
        Ok(rows)
    }

    /// The callers' rows first, and never more than their share: what is begun at all times takes no turn from them, nor
    /// they from it.
    async fn claim(&self, tx: &mut Tx, until: At, doors: Doors, free: usize) -> Result<Vec<Row>> {
        let most = |count: usize| i64::try_from(count).unwrap_or(1);
        let calls = self.calls.available_permits().min(free);
        let mut rows = if doors.caller && calls > 0 {
            store::claim(tx, &self.holder, until, Doors::CALLER, most(calls)).await?
        } else {
            Vec::new()
        };
        let left = free - rows.len();
        if left > 0 {
            let others = Doors { caller: false, ..doors };
            rows.extend(store::claim(tx, &self.holder, until, others, most(left)).await?);
        }
        Ok(rows)
    }

    async fn perform(&self, row: Row) {
        let outcome = self.held(&row, under(&row, self.outcome(&row))).await;
        self.settle_one(&row, outcome).await;
    }

    pub(super) async fn settle_one(&self, row: &Row, outcome: Outcome) {
        if let Err(error) = self.settle(row, outcome).await {
            // The lease runs out and the row is taken up again by policy.
            tracing::warn!(outbox.kind = %row.kind, outbox.key = %row.key, error = %error, "outbox.settle_failed");
        }
    }

    /// Renews the row's lease while its job works: a job that takes long is not begun by another one beside it.
    pub(super) async fn held<T>(&self, row: &Row, job: impl Future<Output = T>) -> T {
        let lease = Duration::from_secs(u64::from(self.db.config().outbox.lease_seconds));
        let mut job = std::pin::pin!(job);
        loop {
            tokio::select! {
                done = &mut job => return done,
                () = self.db.clock().rest(lease / 3) => {}
            }
            let renewed = self
                .db
                .transact(async |tx| store::extend(tx, &row.id, &row.holder, tx.wall().plus(lease)).await)
                .map(|renewed| renewed.map_err(|error| tracing::warn!(error = %error, "outbox.lease_not_renewed")));
            tokio::select! {
                done = &mut job => return done,
                _ = renewed => {}
            }
        }
    }

    pub(super) async fn outcome(&self, row: &Row) -> Outcome {
        let Some(job) = self.jobs.get(row.kind.as_str()) else {
            return Outcome::Retry("no such kind of job in this version".to_owned());
        };
        if let Some(since) = row.doubt_at {
            match self.read_back(row, since).await {
                Ok(None) => {}
                Ok(Some(outcome)) => return outcome,
                Err(error) if row.attempts <= MOST_ATTEMPTS || !row.at_most_once() => {
                    return Outcome::Retry(error.to_string());
                }
                Err(error) => return Outcome::Unknown(error.to_string()),
            }
        }
        if row.is_too_late(self.db.clock().now()) {
            return Outcome::Missed;
        }
        if row.attempts > MOST_ATTEMPTS {
            return Outcome::Retry("the program stopped during each attempt".to_owned());
        }
        let job = AssertUnwindSafe((job.run)(&self.context, row)).catch_unwind();
        match job.await.unwrap_or_else(|_| Err(Error::fault("the job panicked"))) {
            Ok(outcome) => outcome,
            // It failed after the call was begun (the store was away when the answer was to be kept): not repeated …
            Err(error) if row.left_a_trace() => Outcome::InDoubt(format!("after the call: {error}")),
            Err(error) if row.at_most_once() && row.was_called() => {
                tracing::warn!(outbox.kind = %row.kind, outbox.key = %row.key, error = %error, "outbox.failed_after_call");
                Outcome::Unknown(format!("after the call: {error}"))
            }
            Err(Error::Outage { system, detail }) => Outcome::Retry(format!("{system}: {detail}")),
            Err(Error::Refusal(refusal)) => Outcome::Cancel(refusal.code.to_owned()),
            Err(Error::Fault { detail }) => {
                tracing::error!(outbox.kind = %row.kind, outbox.key = %row.key, detail, "outbox.fault");
                Outcome::Retry(format!("fault: {detail}"))
            }
        }
    }

    /// The process that began the call is gone: the outside is asked what came of it. `None`: it was not done, and may
    /// be done now. A request may still be on its way for a while: only then an absence proves something.
    async fn read_back(&self, row: &Row, since: At) -> Result<Option<Outcome>> {
        let proved = since.plus(self.db.config().orphan_wait());
        let asked = AssertUnwindSafe((self.hooks.doubt)(&self.context, row)).catch_unwind().await;
        Ok(match asked.unwrap_or_else(|_| Err(Error::fault("reading back panicked")))? {
            ReadBack::Done => Some(Outcome::Settled),
            ReadBack::Absent if self.db.clock().wall() < proved => Some(Outcome::Snooze(proved)),
            ReadBack::Absent => {
                self.db.transact(async |tx| store::clear_doubt(tx, row).await).await?;
                tracing::info!(outbox.kind = %row.kind, outbox.key = %row.key, "outbox.did_not_leave");
                None
            }
            ReadBack::Later(at) => Some(Outcome::Snooze(at)),
            ReadBack::Unreadable(why) if row.at_most_once() => {
                Some(Outcome::Unknown(format!("the program stopped during the call; {why}")))
            }
            // It may be repeated.
            ReadBack::Unreadable(_) => {
                self.db.transact(async |tx| store::clear_doubt(tx, row).await).await?;
                None
            }
        })
    }

    async fn settle(&self, row: &Row, outcome: Outcome) -> Result<()> {
        let now = self.db.clock().now();
        let too_late = row.is_too_late(now);
        let fades = self.hooks.fading.contains(&row.kind.as_str());
        let outcome = match outcome {
            Outcome::Retry(_) | Outcome::Unreached(_) | Outcome::Missed if too_late && fades => {
                Outcome::Cancel(store::MISSED.to_owned())
            }
            Outcome::Unreached(_) if too_late => Outcome::Missed,
            Outcome::Refused(why) if fades => Outcome::Cancel(why),
            outcome => outcome,
        };
        let state = match &outcome {
            Outcome::Missed | Outcome::Refused(_) => "discarded",
            Outcome::Retry(_) if too_late || row.attempts >= MOST_ATTEMPTS => "discarded",
            Outcome::Unknown(_) => "unknown",
            Outcome::Done | Outcome::Settled => "completed",
            Outcome::Again(_) => "scheduled",
            Outcome::Cancel(_) => "cancelled",
            Outcome::Retry(_) | Outcome::Unreached(_) | Outcome::Snooze(_) | Outcome::InDoubt(_) => "retryable",
        };
        count(row, state, now);
        if !matches!(state, "completed" | "scheduled") {
            tracing::info!(outbox.kind = %row.kind, outbox.key = %row.key, outbox.state = state, outbox.attempts = row.attempts, outcome = ?outcome, "outbox.settled");
        }
        let most = if matches!(outcome, Outcome::Unreached(_)) { MOST_UNREACHED } else { Duration::MAX };
        let hold = self.db.clock().wall().plus(self.back_off(row.attempts).min(most));
        self.keep(row, &outcome, state, hold).await
    }

    /// Writes how it ended. The effect has happened: a store that is busy for a moment is asked again, since a row that
    /// stays unsettled is in doubt once its lease runs out.
    async fn keep(&self, row: &Row, outcome: &Outcome, state: &str, hold: At) -> Result<()> {
        let mut tries = 0;
        loop {
            let kept = self.db.transact(async |tx| {
                match outcome {
                    Outcome::Retry(why) if state == "discarded" => store::discard(tx, row, why).await?,
                    outcome => store::settle(tx, row, outcome, hold).await?,
                }
                if matches!(state, "discarded" | "unknown") {
                    (self.hooks.trouble)(&self.context, tx, &row.kind, &row.key, state).await?;
                }
                Ok(())
            });
            match kept.await {
                Err(error) if error.is_outage() && tries < 6 => {
                    tries += 1;
                    self.db.clock().rest(Duration::from_millis(20 << tries)).await;
                }
                kept => return kept,
            }
        }
    }

    /// Exponential with jitter: base · 2ⁿ, at most ten minutes, half of it random.
    fn back_off(&self, attempts: i64) -> Duration {
        let base = self.db.config().outbox.retry_base_ms.max(1);
        let exponent = u32::try_from(attempts.clamp(1, 20)).unwrap_or(1) - 1;
        let full = base.saturating_mul(1 << exponent).min(600_000);
        Duration::from_millis(full / 2 + self.db.ids().below(full / 2 + 1))
    }
}

pub(super) fn count(row: &Row, state: &'static str, now: At) {
    metrics::counter!(names::OUTBOX_SETTLED, "job" => row.kind.clone(), "outcome" => state).increment(1);
    if state == "completed" {
        let late = row.due_at.until(now).as_secs_f64();
        metrics::histogram!(names::OUTBOX_LATE, "job" => row.kind.clone()).record(late);
    }
}

struct Pause {
    machine: Duration,
    school: Option<At>,
}
