//! Does this process serve Telegram? On SQLite it does as long as it runs; on `PostgreSQL` while it holds the `telegram`
//! lease and renewed it within half its term. The answer is judged at the moment of asking, by both clocks: a process
//! that was paused (or whose machine slept) knows on waking that it does not, before anything else is done.
//!
//! The `caller` lease follows the `telegram` lease: who sends is who reads back. Only the process that serves Telegram
//! takes it; one that has it while another serves gives it up, once all that it did under it has ended. While nobody
//! serves, who has it keeps it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::sync::Notify;

use super::lease::{Held, Lease};
use super::transaction::Db;
use super::wall::correct_wall;
use crate::kernel::{At, Clock, Error, Result};
use crate::platform::tasks::Tasks;

/// What a new holder leaves the one before after its term: that one may have bytes on their way.
const GRACE: Duration = Duration::from_secs(5);
/// A lease that another one has is asked for so often at least.
const ASK: Duration = Duration::from_secs(2);
/// A new holder renews the lease so long before it may serve under it, and then serves on the instant: no answer of the
/// store's is waited for at that moment.
const EARLY: Duration = Duration::from_millis(500);
/// Machine time that is further than this from where it should be made a step.
const STEP: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Tenure(Arc<Inner>);

/// The lease that another one follows, and whether this process serves under it.
#[derive(Debug, Clone)]
pub struct Leader {
    pub tenure: Tenure,
    pub lease: Lease,
}

/// What is to be done about a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    Hold,
    /// It is not ours to take: until we serve under the leading one.
    Wait,
    /// Another one serves under the leading lease, and takes this one as soon as it is free.
    GiveUp,
}

struct Inner {
    clock: Clock,
    /// `None`: nobody shares the store.
    half: Option<Duration>,
    /// When the lease was last asked for and got.
    renewed: Mutex<Option<(Duration, At)>>,
    /// Since when the lease was last ours, and from when on it may be made use of.
    begins: Mutex<Option<(At, At)>>,
    /// The time when the lease was last asked for, got or not.
    read: Mutex<Option<(Duration, At)>>,
    set: Notify,
    /// How much is under way in [`Tenure::during`].
    under: AtomicUsize,
}

impl std::fmt::Debug for Tenure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tenure({})", self.holds())
    }
}

impl Tenure {
    /// Nobody else can hold it.
    pub fn alone(clock: &Clock) -> Self {
        Self::new(clock, None)
    }
    /// Shared under a lease of this term; not held yet.
    pub fn shared(clock: &Clock, term: Duration) -> Self {
        Self::new(clock, Some(term / 2))
    }
    fn new(clock: &Clock, half: Option<Duration>) -> Self {
        let (renewed, begins, read) = (Mutex::default(), Mutex::default(), Mutex::default());
        let (set, under) = (Notify::new(), AtomicUsize::new(0));
        Self(Arc::new(Inner { clock: clock.clone(), half, renewed, begins, read, set, under }))
    }

    pub fn is_shared(&self) -> bool {
        self.0.half.is_some()
    }

    /// May this process poll and send now?
    pub fn holds(&self) -> bool {
        let Some(half) = self.0.half else { return true };
        let renewed = *self.0.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        renewed.is_some_and(|(elapsed, wall)| {
            let (now, today) = self.now();
            // Monotonic time stands still while a machine sleeps, wall time does not.
            now.saturating_sub(elapsed) <= half && wall.until(today) <= half
        })
    }

    fn now(&self) -> (Duration, At) {
        (self.0.clock.elapsed(), self.0.clock.wall())
    }

    fn set(&self, renewed: Option<(Duration, At)>) {
        *self.0.renewed.lock().unwrap_or_else(PoisonError::into_inner) = renewed;
        self.0.set.notify_waiters();
    }

    /// Holds the lease while it can, until the tasks stop. With a leader, only where that one is held too.
    pub async fn keep(self, lease: Lease, leader: Option<Leader>, db: Db, tasks: Tasks) {
        let (clock, stopping) = (self.0.clock.clone(), tasks.stopping().clone());
        let mut ours = false;
        while !stopping.is_cancelled() {
            let course = self.course(&lease, leader.as_ref(), ours, &db).await;
            let pause = match course {
                Course::Hold => {
                    let (taken, pause) = self.renew(&lease, &db).await;
                    ours = taken.unwrap_or(ours);
                    pause
                }
                Course::Wait => {
                    self.set(None);
                    lease.term
                }
                Course::GiveUp => {
                    let given = stopping.run_until_cancelled(Box::pin(self.give_up(&lease, &db))).await;
                    ours = given != Some(true);
                    ASK
                }
            };
            tokio::select! {
                () = stopping.cancelled() => {}
                () = clock.rest(pause.max(Duration::from_millis(20))) => {}
                () = turn(course, leader.as_ref()) => {}
            }
        }
    }

    /// `ours`: the lease is ours as far as we know, and may be served under or not.
    async fn course(&self, lease: &Lease, leader: Option<&Leader>, ours: bool, db: &Db) -> Course {
        let Some(leader) = leader.filter(|leader| !leader.tenure.holds()) else { return Course::Hold };
        if !ours {
            return Course::Wait;
        }
        match self.0.clock.within(lease.term / 5, leader.lease.holder(db)).await {
            Some(Ok(Some(serves))) if serves != lease.holder => Course::GiveUp,
            _ => Course::Hold,
        }
    }

    /// Asks for the lease once. Gives whether it is ours, where that is known, and when to ask again.
    async fn renew(&self, lease: &Lease, db: &Db) -> (Option<bool>, Duration) {
        let clock = &self.0.clock;
        let mut pause = lease.term / 5;
        // Counted from before the question: the answer may be late.
        let asked = match self.right_now(lease, db).await {
            Ok(asked) => asked,
            Err(error) => {
                tracing::warn!(lease = lease.name, error = %error, "lease.time_unknown");
                return (None, pause);
            }
        };
        let answer = clock.within(lease.term / 5, lease.hold(db)).await;
        match answer.unwrap_or_else(|| Err(Error::outage("database", "no answer about the lease in time"))) {
            Ok(Some(held)) => {
                if !self.holds() {
                    let wall = clock.wall();
                    let begins = self.begins(held, wall.plus(lease.term + GRACE));
                    let left = begins.map_or(Duration::ZERO, |begin| wall.until(begin));
                    if left > EARLY {
                        // Renewed meanwhile, but not served.
                        return (Some(true), pause.min(left.saturating_sub(EARLY)));
                    }
                    if !left.is_zero() {
                        clock.rest(left).await;
                        // Renewed anew at once: half a term is ahead, not what is left of it.
                        pause = Duration::ZERO;
                    }
                    tracing::info!(lease = lease.name, "lease.taken");
                }
                self.set(Some(asked));
                (Some(true), pause)
            }
            Ok(None) => {
                self.set(None);
                (Some(false), pause.min(ASK))
            }
            // What was renewed last counts until it is too old.
            Err(error) => {
                tracing::warn!(lease = lease.name, error = %error, "lease.unknown");
                (None, pause)
            }
        }
    }

    /// The time that is now. Machine time that made a step is held against the server's first: a lease written an hour late
    /// would be anybody's at once.
    async fn right_now(&self, lease: &Lease, db: &Db) -> Result<(Duration, At)> {
        let mut now = self.now();
        let last = *self.0.read.lock().unwrap_or_else(PoisonError::into_inner);
        let stepped = last.is_some_and(|(elapsed, wall)| {
            let expected = wall.plus(now.0.saturating_sub(elapsed));
            expected.until(now.1).max(now.1.until(expected)) > STEP
        });
        if stepped {
            let corrected = self.0.clock.within(lease.term / 5, correct_wall(db)).await;
            corrected.unwrap_or_else(|| Err(Error::outage("database", "no answer about the time")))?;
            now = self.now();
        }
        *self.0.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(now)
    }

    /// When a lease that is held may be made use of. One that was given back, at once; one whose term had run out, so long
    /// after that term (whenever it was then taken: nobody serves meanwhile); one whose taking we only learn of now, since
    /// its answer was lost, so long after it was taken. Whatever the clock said before it was put back, by `latest`.
    fn begins(&self, held: Held, latest: At) -> Option<At> {
        let mut known = self.0.begins.lock().unwrap_or_else(PoisonError::into_inner);
        if held.fresh {
            *known = held.expired.map(|ended| (held.since, ended.plus(GRACE)));
            return known.map(|(_, begin)| begin);
        }
        let begin = known.filter(|(since, _)| *since == held.since).map(|(_, begin)| begin);
        let begin = begin.unwrap_or_else(|| held.since.plus(GRACE)).min(latest);
        *known = Some((held.since, begin));
        Some(begin)
    }

    /// Lets the lease go once all that was under way has ended; `false`: it is still ours, and runs out by itself.
    async fn give_up(&self, lease: &Lease, db: &Db) -> bool {
        self.set(None);
        let ended = async {
            while self.0.under.load(Ordering::Acquire) > 0 {
                self.0.clock.rest(Duration::from_millis(20)).await;
            }
        };
        if self.0.clock.within(GRACE, ended).await.is_none() {
            return false;
        }
        let released = self.0.clock.within(lease.term / 5, lease.release(db)).await;
        let given = matches!(released, Some(Ok(())));
        tracing::info!(lease = lease.name, given, "lease.given_up");
        given
    }

    /// Does this for as long as it is held; `None` once it is not: what was begun is dropped. It is asked before every
    /// step, so that who was paused does nothing more on waking.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        // Dropped after the work.
        let _under = Under::count(self);
        let mut work = std::pin::pin!(work);
        let step =
            std::future::poll_fn(
                |context| {
                    if self.holds() { work.as_mut().poll(context).map(Some) } else { Poll::Ready(None) }
                },
            );
        tokio::select! {
            biased;
            () = self.lost() => None,
            done = step => done,
        }
    }

    /// Returns when this process does not hold it any more.
    pub async fn lost(&self) {
        if !self.is_shared() {
            std::future::pending::<()>().await;
        }
        while self.holds() {
            self.0.clock.rest(Duration::from_millis(250)).await;
        }
    }

    /// Returns when this process holds it.
    pub async fn held(&self) {
        loop {
            let set = self.0.set.notified();
            if self.holds() {
                return;
            }
            set.await;
        }
    }
}

/// Something that is done under a tenure.
struct Under<'t>(&'t AtomicUsize);

impl<'t> Under<'t> {
    fn count(tenure: &'t Tenure) -> Self {
        tenure.0.under.fetch_add(1, Ordering::AcqRel);
        Self(&tenure.0.under)
    }
}

impl Drop for Under<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Returns when another course may be due before it is time to look again.
async fn turn(course: Course, leader: Option<&Leader>) {
    match (course, leader) {
        (Course::Wait | Course::GiveUp, Some(leader)) => leader.tenure.held().await,
        (Course::Hold, Some(leader)) if leader.tenure.holds() => leader.tenure.lost().await,
        _ => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERM: Duration = Duration::from_secs(10);

    #[test]
    fn alone_is_always_and_shared_only_when_renewed() {
        let clock = Clock::standing(At(0));
        assert!(Tenure::alone(&clock).holds());
        let tenure = Tenure::shared(&clock, TERM);
        assert!(!tenure.holds());
        tenure.set(Some(tenure.now()));
        assert!(tenure.holds());
    }

    /// A machine that slept: its monotonic clock stood still, the wall moved on.
    #[test]
    fn who_was_paused_knows_on_waking() {
        let clock = Clock::standing(At(0));
        let tenure = Tenure::shared(&clock, TERM);
        let wall = clock.wall();
        tenure.set(Some(tenure.now()));
        clock.correct_wall(wall.plus(Duration::from_secs(4)));
        assert!(tenure.holds());
        clock.correct_wall(wall.plus(Duration::from_secs(6)));
        assert!(!tenure.holds());
    }

    /// Several calls are under way when the process is stopped: none takes another step.
    #[tokio::test]
    async fn what_was_under_way_is_dropped_on_waking() {
        let clock = Clock::standing(At(0));
        let tenure = Tenure::shared(&clock, TERM);
        tenure.set(Some(tenure.now()));
        assert_eq!(tenure.during(async { 1 }).await, Some(1));
        let (steps, wake) = (std::cell::Cell::new(0), tokio::sync::Notify::new());
        let call = async {
            loop {
                steps.set(steps.get() + 1);
                wake.notified().await;
            }
        };
        let paused = async {
            tokio::task::yield_now().await;
            clock.correct_wall(clock.wall().plus(Duration::from_secs(6)));
            wake.notify_one();
        };
        let (ended, ()) = tokio::join!(tenure.during(call), paused);
        assert_eq!((ended, steps.get()), (None::<()>, 1));
        assert_eq!(tenure.during(async { 1 }).await, None, "nothing begins either");
    }

    #[test]
    fn a_taking_that_is_learnt_of_late_is_not_made_use_of_at_once() {
        let clock = Clock::standing(At(0));
        let never = At(i64::MAX);
        let begins =
            |fresh, expired| Tenure::shared(&clock, TERM).begins(Held { since: At(1_000), fresh, expired }, never);
        assert_eq!(begins(true, None), None);
        assert_eq!(begins(false, None), Some(At(6_000)));
    }

    /// Whoever takes a lease two seconds after its term serves five seconds after the term, not after the taking.
    #[test]
    fn a_new_holder_begins_so_long_after_the_term_of_the_one_before() {
        let clock = Clock::standing(At(0));
        let tenure = Tenure::shared(&clock, TERM);
        let since = At(12_000);
        let taken = Held { since, fresh: true, expired: Some(At(10_000)) };
        let renewed = Held { fresh: false, expired: None, ..taken };
        let never = At(i64::MAX);
        assert_eq!((tenure.begins(taken, never), tenure.begins(renewed, never)), (Some(At(15_000)), Some(At(15_000))));
        // Another taking, of which only the renewal is known.
        assert_eq!(tenure.begins(Held { since: At(40_000), ..renewed }, never), Some(At(45_000)));
        // Taken by a clock that was put back since: an hour is not waited for, and the wait begins once.
        for latest in [25_000, 26_000] {
            assert_eq!(tenure.begins(Held { since: At(3_640_000), ..renewed }, At(latest)), Some(At(25_000)));
        }
    }
}
