//! The outbox: everything that must happen, as rows written in the same transaction as the state that caused it.
//!
//! States: scheduled, executing, retryable → completed, cancelled, discarded, unknown. A row is claimed under a lease
//! when its three times have passed: `due_at` (school time), `hold_until` and `lease_until` (machine time). A *lane*
//! keeps order: a row waits while an earlier due row of its lane is unsettled, at most until that row's catch-up window
//! (`expires_at`) ends. Rows of a higher rank (answers before reminders before bulk) do not wait for lower ones.
//!
//! Dead = discarded, stuck = overdue > `outbox.stuck_minutes`.

mod ahead;
mod back;
mod put;
pub mod store;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use put::{Put, cancel, cancel_like, hasten, put, put_many};
use worker::MOST_ATTEMPTS;
pub use worker::{Door, Hooks, OnBegun, OnDoubt, OnTrouble, Tenures, Worker, under_way};

use crate::kernel::{At, Error, Result};
use crate::platform::store::{Db, Tx};

/// Every state that a row may be in. DESIGN's « available » is a scheduled row whose three times have passed.
pub const STATES: [&str; 7] = ["scheduled", "executing", "retryable", "completed", "cancelled", "discarded", "unknown"];

/// Who waits for whom: answers to people before reminders before bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    Answer,
    Timed,
    Bulk,
}

impl Rank {
    pub const fn code(self) -> i64 {
        match self {
            Self::Answer => 0,
            Self::Timed => 1,
            Self::Bulk => 2,
        }
    }
}

/// What a crash or a lost answer means for an outside call that cannot be read back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Reminders, bulk, files: shown to admins as « peut-être non envoyé », never repeated.
    AtMostOnce,
    /// Answers to a person's own request, and calls that may be repeated without harm (edits, approvals).
    AtLeastOnce,
}

impl Policy {
    pub const fn code(self) -> &'static str {
        match self {
            Self::AtMostOnce => "at_most_once",
            Self::AtLeastOnce => "at_least_once",
        }
    }
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// The job settled its row itself, in the transaction that stored what it learnt.
    Settled,
    /// Done for now, and due again at this school time: the same row looks again and again (a live call). Two looks lie
    /// `outbox.again_ms` of machine time apart, however fast school time goes.
    Again(At),
    /// Try again, with back-off: counts as an attempt.
    Retry(String),
    /// Nobody could be reached, for this reason: nothing was tried out. Tried again with back-off for as long as it is
    /// wanted, and at once when the outside is back ([`store::reached`]).
    Unreached(String),
    /// Not before this machine time; not an attempt (rate limits).
    Snooze(At),
    /// The catch-up window was over before it could be performed; only the worker says so.
    Missed,
    /// The outside will never do it as it was asked: dead at once, and an admin is told.
    Refused(String),
    /// No longer wanted; says why.
    Cancel(String),
    /// The outside was asked and its answer is lost.
    Unknown(String),
    /// As [`Outcome::Unknown`], and it left a trace: it is looked for before anything is decided.
    InDoubt(String),
}

/// A claimed row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Row {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub door: String,
    pub payload: String,
    pub policy: String,
    pub due_at: At,
    pub expires_at: At,
    pub attempts: i64,
    pub rank: i64,
    /// By what the outside can be asked about a call whose end nobody knows: its process stopped.
    pub trace: Option<String>,
    /// Machine time at which that call began.
    pub doubt_at: Option<At>,
    #[sqlx(skip)]
    pub holder: String,
    /// Was the call begun? What fails afterwards is in doubt, not undone.
    #[sqlx(skip)]
    called: Arc<AtomicBool>,
    /// Can the outside be asked about it?
    #[sqlx(skip)]
    traced: Arc<AtomicBool>,
}

impl Row {
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(serde_json::from_str(&self.payload)?)
    }

    pub fn at_most_once(&self) -> bool {
        self.policy == Policy::AtMostOnce.code()
    }

    /// Is `now` (school time) beyond the row's catch-up window?
    pub fn is_too_late(&self, now: At) -> bool {
        now > self.expires_at
    }

    /// To be called immediately before bytes go to the socket, when nothing has to be waited for any more: checks that
    /// this process still holds the row, and notes for messages that may go once only that the call was begun.
    pub async fn about_to_call(&self, db: &Db) -> Result<()> {
        self.begin(db, None).await
    }

    /// As [`Row::about_to_call`], for what can be looked for outside by `trace` when this process stops meanwhile: that
    /// is noted of what may be repeated, too.
    pub async fn about_to_leave_a_trace(&self, db: &Db, trace: &impl Serialize) -> Result<()> {
        self.begin(db, Some(serde_json::to_string(trace)?)).await
    }

    async fn begin(&self, db: &Db, trace: Option<String>) -> Result<()> {
        let trace = trace.as_deref();
        if self.at_most_once() || trace.is_some() {
            let lease = Duration::from_secs(u64::from(db.config().outbox.lease_seconds));
            let begin =
                async |tx: &mut Tx| store::begin_call(tx, &self.id, &self.holder, tx.wall().plus(lease), trace).await;
            ours(db.transact(begin).await?)?;
        } else {
            self.still_ours(db).await?;
        }
        self.traced.store(trace.is_some(), Ordering::Release);
        self.called.store(true, Ordering::Release);
        Ok(())
    }

    /// As [`Row::about_to_call`], for what may be repeated without harm: a crash leaves no doubt.
    pub async fn still_ours(&self, db: &Db) -> Result<()> {
        ours(db.read(async |tx| store::still_held(tx, &self.id, &self.holder).await).await?)
    }

    /// May the outside have felt this row already?
    fn was_called(&self) -> bool {
        self.called.load(Ordering::Acquire)
    }
    fn left_a_trace(&self) -> bool {
        self.traced.load(Ordering::Acquire)
    }
}

fn ours(touched: u64) -> Result<()> {
    if touched == 1 { Ok(()) } else { Err(Error::outage("outbox", "the row is no longer held by this process")) }
}

/// What the outside says of a call whose end nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadBack {
    /// It was done; the row is settled, in the transaction that stored what was found.
    Done,
    /// It was looked for where it would be, and is not there.
    Absent,
    /// Nobody can look now; at this machine time perhaps.
    Later(At),
    /// Nobody can look. Says why.
    Unreadable(String),
}

/// A kind of work that the outbox performs; `C` is what its function may use (ports, database).
pub struct Job<C: 'static> {
    pub name: &'static str,
    /// Which process may perform it.
    pub door: Door,
    pub run: for<'a> fn(&'a C, &'a Row) -> BoxFuture<'a, Result<Outcome>>,
}

impl<C> std::fmt::Debug for Job<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Job({})", self.name)
    }
}
