//! Which of our calls are muted for whoever joins, where the school wishes that. It is done once: what is changed
//! afterwards is somebody's wish. Nobody but this process knows; a call that stood open when it began is muted once more,
//! when it is taken for a lesson.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Calls by their number, whichever account asks; over, they are forgotten.
#[derive(Debug, Default)]
pub(super) struct Muting(Mutex<BTreeMap<i64, bool>>);

impl Muting {
    fn calls(&self) -> MutexGuard<'_, BTreeMap<i64, bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It was muted once.
    pub fn is_done(&self, call: i64) -> bool {
        self.calls().get(&call) == Some(&true)
    }

    /// It was to be muted, and is not yet.
    pub fn is_owed(&self, call: i64) -> bool {
        self.calls().get(&call) == Some(&false)
    }

    pub fn note(&self, call: i64, done: bool) {
        self.calls().insert(call, done);
    }

    pub fn forget(&self, call: i64) {
        self.calls().remove(&call);
    }
}
