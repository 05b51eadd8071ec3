//! A crash at a numbered point.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};

use crate::platform::store::Probe;

/// Stops the product for good at the n-th point that it reaches: before and after each commit and each outside call.
#[derive(Debug, Clone)]
pub struct Kill(Arc<KillState>);

#[derive(Debug)]
struct KillState {
    at: usize,
    /// Counting begins once the product runs.
    armed: AtomicBool,
    reached: AtomicUsize,
    /// 0 not yet, 1 stopped, 2 restarted.
    state: AtomicU8,
}

impl Kill {
    /// `at` counts from 1; `usize::MAX` only counts.
    pub fn at(at: usize) -> Self {
        Self(Arc::new(KillState {
            at,
            armed: AtomicBool::new(false),
            reached: AtomicUsize::new(0),
            state: AtomicU8::new(0),
        }))
    }
    /// The probe that stops whoever reaches the point, until the product is dropped.
    pub fn probe(&self) -> Probe {
        let state = Arc::clone(&self.0);
        Probe::new(move |_| {
            let state = Arc::clone(&state);
            Box::pin(async move {
                if !state.armed.load(Ordering::SeqCst) {
                    return;
                }
                let reached = state.reached.fetch_add(1, Ordering::SeqCst) + 1;
                if reached == state.at {
                    let _ = state.state.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
                }
                // Once stopped, nobody goes on: a crash takes all threads.
                while state.state.load(Ordering::SeqCst) == 1 {
                    std::future::pending::<()>().await;
                }
            })
        })
    }
    /// How many points were reached so far.
    pub fn reached(&self) -> usize {
        self.0.reached.load(Ordering::SeqCst)
    }
    pub(super) fn hit(&self) -> bool {
        self.0.state.load(Ordering::SeqCst) == 1
    }
    /// From here on nothing is stopped any more. `true`: somebody was already, and waits until the product is dropped.
    pub(super) fn over(&self) -> bool {
        self.0.state.swap(2, Ordering::SeqCst) == 1
    }
    /// Counting begins, or ends.
    pub(super) fn arm(&self, armed: bool) {
        self.0.armed.store(armed, Ordering::SeqCst);
    }
}
