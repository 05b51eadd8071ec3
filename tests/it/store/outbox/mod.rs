//! The outbox's promises, on both engines, through its worker and jobs of the test's own.

mod crowds;
mod orphans;
mod promises;
mod recurring;
mod rivals;

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use preau::kernel::{At, Clock, Error, Result};
use preau::platform::outbox::store::Shown;
use preau::platform::outbox::{self, Door, Hooks, Job, Outcome, Put, ReadBack, Row, Tenures, Worker};
use preau::platform::schedule::{self, Moment};
use preau::platform::store::{Database, Db, Probe, Tenure, Tx};
use preau::platform::tasks::Tasks;

use crate::place::{Engine, Place};

/// School time at which every test begins.
pub const NOW: At = At(1_795_500_000_000);

/// A row is held for seconds only: allowed on PostgreSQL when Telegram is on the machine itself.
pub const SHORT: &[(&str, &str)] = &[("outbox.lease_seconds", "5"), ("telegram.api_url", "http://127.0.0.1:9")];

/// What a job does instead of ending.
#[derive(Debug, Clone)]
pub enum Does {
    Ends(Outcome),
    /// A fault of ours.
    Panics,
    /// Ends well, after this long.
    Takes(Duration),
    /// Never ends, and never said that it was about to call.
    Hangs,
    /// Says that it is about to call, then fails.
    CallsAndFails,
    /// Says that it is about to call, then never ends.
    CallsAndHangs,
    /// The same, by a call that can be looked for outside.
    LeavesATraceAndHangs,
    /// … that fails.
    LeavesATraceAndFails,
}

#[derive(Clone)]
pub struct Context {
    db: Db,
    worker: usize,
    seen: Arc<Seen>,
}

#[derive(Default)]
pub struct Seen {
    /// Worker, key, time since the beginning.
    pub performed: Mutex<Vec<(usize, String, Duration)>>,
    /// Those that were not allowed to call, and why.
    pub refused: Mutex<Vec<(String, String)>>,
    pub told: Mutex<Vec<(String, String)>>,
    /// What the outside says of a row in doubt, time after time; then nobody can look.
    pub found: Mutex<HashMap<String, VecDeque<ReadBack>>>,
    /// Traces that were looked for.
    pub looked: Mutex<Vec<String>>,
    plans: Mutex<HashMap<String, VecDeque<Does>>>,
}

impl Seen {
    pub fn keys(&self) -> Vec<String> {
        self.performed.lock().unwrap().iter().map(|(_, key, _)| key.clone()).collect()
    }
    pub fn times(&self, key: &str) -> usize {
        self.keys().iter().filter(|seen| *seen == key).count()
    }
    pub fn told(&self) -> Vec<(String, String)> {
        self.told.lock().unwrap().clone()
    }
    /// What the job of `key` does, time after time; then it is done.
    pub fn plan(&self, key: &str, plan: impl IntoIterator<Item = Does>) {
        self.plans.lock().unwrap().insert(key.to_owned(), plan.into_iter().collect());
    }
}

fn act<'a>(context: &'a Context, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let elapsed = context.db.clock().elapsed();
        context.seen.performed.lock().unwrap().push((context.worker, row.key.clone(), elapsed));
        let does = context.seen.plans.lock().unwrap().get_mut(&row.key).and_then(VecDeque::pop_front);
        match does {
            Some(Does::Ends(outcome)) => return Ok(outcome),
            Some(Does::CallsAndFails) => {
                row.about_to_call(&context.db).await?;
                return Err(Error::outage("database", "gone for a moment"));
            }
            Some(Does::Panics) => panic!("the job's own fault"),
            Some(Does::Takes(long)) => context.db.clock().rest(long).await,
            Some(Does::Hangs) => std::future::pending::<()>().await,
            Some(Does::CallsAndHangs) => {
                row.about_to_call(&context.db).await?;
                std::future::pending::<()>().await;
            }
            Some(Does::LeavesATraceAndHangs) => {
                row.about_to_leave_a_trace(&context.db, &format!("trace of {}", row.key)).await?;
                std::future::pending::<()>().await;
            }
            Some(Does::LeavesATraceAndFails) => {
                row.about_to_leave_a_trace(&context.db, &format!("trace of {}", row.key)).await?;
                return Err(Error::outage("database", "gone for a moment"));
            }
            None => {
                if let Err(error) = row.about_to_call(&context.db).await {
                    // Nothing was done outside: the row may run again.
                    context.seen.refused.lock().unwrap().push((row.key.clone(), error.to_string()));
                    return Err(error);
                }
                context.db.clock().rest(Duration::from_millis(1)).await;
            }
        }
        Ok(Outcome::Done)
    })
}

fn told<'a>(
    context: &'a Context,
    tx: &'a mut Tx,
    _kind: &'a str,
    key: &'a str,
    state: &'a str,
) -> BoxFuture<'a, Result<()>> {
    context.seen.told.lock().unwrap().push((key.to_owned(), state.to_owned()));
    Box::pin(async move {
        let report = Put::new("test.report", format!("report:{key}"), &serde_json::json!({}))?;
        outbox::put(tx, report.due(NOW.plus_days(9))).await.map(|_| ())
    })
}

fn doubt<'a>(context: &'a Context, row: &'a Row) -> BoxFuture<'a, Result<ReadBack>> {
    Box::pin(async move {
        context.seen.looked.lock().unwrap().push(row.trace.clone().unwrap_or_default());
        let found = context.seen.found.lock().unwrap().get_mut(&row.key).and_then(VecDeque::pop_front);
        let found = found.unwrap_or_else(|| ReadBack::Unreadable("nobody looks".to_owned()));
        if found == ReadBack::Done {
            let settle = async |tx: &mut Tx| outbox::store::settle(tx, row, &Outcome::Done, NOW).await;
            context.db.transact(settle).await?;
        }
        Ok(found)
    })
}

static JOBS: [Job<Context>; 4] = [
    Job { name: "test.act", door: Door::Telegram, run: act },
    Job { name: "test.call", door: Door::Caller, run: act },
    Job { name: "test.fades", door: Door::Telegram, run: act },
    Job { name: "test.daily", door: Door::Inner, run: act },
];

/// What recurs in these tests: one whose occurrences are all worth performing, one of which only today's is.
pub static MOMENTS: [Moment; 2] = [
    Moment { name: "kept", cron: "0 8 * * *", kind: "test.daily", catch_up_hours: 24 * 30 },
    Moment { name: "brief", cron: "0 9 * * *", kind: "test.daily", catch_up_hours: 24 },
];

fn hooks() -> Hooks<Context> {
    let fading = vec!["test.fades"];
    Hooks { trouble: told, begun: |tx, row| Box::pin(schedule::follow(tx, &MOMENTS, row)), doubt, fading }
}

pub fn row(key: &str) -> Put {
    Put::new("test.act", key, &serde_json::json!({})).unwrap()
}

/// As [`row`], through a user account.
pub fn call(key: &str) -> Put {
    Put::new("test.call", key, &serde_json::json!({})).unwrap().caller()
}

/// One database, and workers on it, each like a process of its own.
pub struct Rig {
    pub place: Place,
    pub clock: Clock,
    pub seen: Arc<Seen>,
    pub database: Database,
    keys: Vec<(&'static str, &'static str)>,
    workers: Vec<(Database, Tasks)>,
}

impl Rig {
    pub async fn on(engine: Engine, keys: &[(&'static str, &'static str)]) -> Self {
        let place = Place::on(engine).await;
        let mut all = vec![("outbox.retry_base_ms", "1"), ("database.readers", "2")];
        all.extend_from_slice(keys);
        let clock = Clock::standing(NOW);
        let database = place.open_with(clock.clone(), &all).await;
        Self { place, clock, seen: Arc::default(), database, keys: all, workers: Vec::new() }
    }

    /// One more worker, which has looked once: on SQLite the first look takes over whatever another one left.
    pub async fn hire(&mut self) {
        let number = self.workers.len();
        let looked = Arc::new(AtomicBool::new(false));
        let look = Arc::clone(&looked);
        let probe = Probe::new(move |point| {
            look.fetch_or(point == "after commit", Ordering::Release);
            Box::pin(async {})
        });
        let database = self.place.open_probed(self.clock.clone(), &self.keys, probe).await;
        let db = database.db.clone();
        let context = Context { db: db.clone(), worker: number, seen: Arc::clone(&self.seen) };
        let tasks = Tasks::default();
        let alone = Tenure::alone(&self.clock);
        let tenures = Tenures { telegram: alone.clone(), caller: alone };
        let worker = Worker::new(db, &JOBS, context, format!("worker {number}"), tenures, hooks());
        tasks.spawn(worker.run(tasks.clone()));
        self.workers.push((database, tasks));
        self.until("it looked", async |_| looked.load(Ordering::Acquire)).await;
    }

    /// Drops every worker as a crash does.
    pub async fn kill(&mut self) {
        for (database, tasks) in self.workers.drain(..) {
            tasks.abandon().await;
            database.close().await;
        }
    }

    /// Writes rows in one transaction; says of each whether it is new.
    pub async fn put(&self, rows: impl IntoIterator<Item = Put>) -> Vec<bool> {
        self.database
            .db
            .transact(async |tx| {
                let mut new = Vec::new();
                for row in rows {
                    new.push(outbox::put(tx, row).await?);
                }
                Ok(new)
            })
            .await
            .unwrap()
    }

    pub async fn cancel(&self, key: &str) -> bool {
        self.database.db.transact(async |tx| outbox::cancel(tx, key, "test").await).await.unwrap()
    }

    pub async fn look(&self, key: &str) -> Option<Shown> {
        self.database.db.read(async |tx| outbox::store::look_up(tx, key).await).await.unwrap()
    }

    pub async fn state(&self, key: &str) -> String {
        self.look(key).await.map(|row| row.state).unwrap_or_default()
    }

    /// Waits until this is so.
    pub async fn until(&self, what: &str, mut so: impl AsyncFnMut(&Self) -> bool) {
        let began = self.clock.elapsed();
        while !so(self).await {
            let waited = self.clock.elapsed().saturating_sub(began);
            assert!(waited < Duration::from_secs(40), "never: {what}; performed {:?}", self.seen.keys());
            self.clock.rest(Duration::from_millis(3)).await;
        }
    }

    pub async fn until_state(&self, key: &str, state: &str) {
        self.until(&format!("{key} is {state}"), async |rig| rig.state(key).await == state).await;
    }

    /// Waits until nothing is due or in hand.
    pub async fn until_quiet(&self) {
        self.until("quiet", async |rig| {
            rig.database.db.read(async |tx| outbox::store::waiting(tx).await).await.unwrap() == 0
        })
        .await;
    }

    pub async fn end(mut self) {
        self.kill().await;
        self.database.close().await;
        self.place.remove().await;
    }
}
