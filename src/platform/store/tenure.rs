//! Does this process serve Telegram? On SQLite it does as long as it runs; on `PostgreSQL` while it holds the `telegram`
//! lease and renewed it within half its term. The answer is judged at the moment of asking, by both clocks: a process
//! that was paused (or whose machine slept) knows on waking that it does not, before anything else is done.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use super::lease::{Held, Lease};
use super::transaction::Db;
use crate::kernel::{At, Clock, Error};
use crate::platform::tasks::Tasks;

/// What a new holder leaves the one before after its term: that one may have bytes on their way.
const GRACE: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub struct Tenure(Arc<Inner>);

struct Inner {
    clock: Clock,
    /// `None`: nobody shares the store.
    half: Option<Duration>,
    /// When the lease was last asked for and got.
    renewed: Mutex<Option<(Duration, At)>>,
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
        Self(Arc::new(Inner { clock: clock.clone(), half, renewed: Mutex::default() }))
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
    }

    /// Holds the lease while it can, until the tasks stop.
    pub async fn keep(self, lease: Lease, db: Db, tasks: Tasks) {
        let clock = self.0.clock.clone();
        while !tasks.stopping().is_cancelled() {
            // Counted from before the question: the answer may be late.
            let asked = self.now();
            let answer = clock.within(lease.term / 5, lease.hold(&db)).await;
            let mut pause = lease.term / 5;
            match answer.unwrap_or_else(|| Err(Error::outage("database", "no answer about the lease in time"))) {
                Ok(Some(_)) if self.holds() => self.set(Some(asked)),
                Ok(Some(held)) => {
                    if let Some(begin) = begins(held).filter(|begin| clock.wall() < *begin) {
                        // Renewed meanwhile, but not served.
                        pause = pause.min(clock.wall().until(begin));
                    } else {
                        tracing::info!("telegram.lease_taken");
                        self.set(Some(asked));
                    }
                }
                Ok(None) => self.set(None),
                // What was renewed last counts until it is too old.
                Err(error) => tracing::warn!(error = %error, "telegram.lease_unknown"),
            }
            tokio::select! {
                () = tasks.stopping().cancelled() => {}
                () = clock.rest(pause.max(Duration::from_millis(20))) => {}
            }
        }
    }

    /// Does this for as long as it is held; `None` once it is not: what was begun is dropped. It is asked before every
    /// step, so that who was paused does nothing more on waking.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> Option<T> {
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
}

/// When a lease that is held may be made use of. One that was given back, at once; one whose term had run out (or whose
/// taking we only learn of now, since its answer was lost), a little later.
fn begins(held: Held) -> Option<At> {
    (held.after_expiry || !held.fresh).then(|| held.since.plus(GRACE))
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
        let held = |fresh, after_expiry| Held { since: At(1_000), fresh, after_expiry };
        assert_eq!(begins(held(true, false)), None);
        assert_eq!(begins(held(true, true)), Some(At(6_000)));
        assert_eq!(begins(held(false, false)), Some(At(6_000)));
    }
}
